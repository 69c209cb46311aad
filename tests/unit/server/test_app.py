"""A page that fails is told in words; the code's own trouble stays in the log."""

import pytest
import solara

from aimarket.server import app
from aimarket.server.components import frame


@solara.component
def FailingAtOnce(controller):  # noqa: N802
    raise KeyError("secret of the code")


@solara.component
def FailingLater(controller):  # noqa: N802
    solara.use_effect(lambda: None, [])
    solara.use_memo(lambda: None, [])
    solara.use_effect(lambda: None, [])
    raise KeyError("secret of the code")


@pytest.mark.parametrize("failing", [FailingAtOnce, FailingLater])
def test_a_page_that_fails_says_so_and_shows_no_traceback(failing, monkeypatch, caplog):
    output = []
    monkeypatch.setattr(app.pages()["model"], "Page", failing)
    monkeypatch.setattr(app, "Frame", lambda **given: output.append(given["now"]) or frame.Frame(**given))
    _, context = solara.render(app.Shown("page=model&quarter=2026Q2"), handle_error=False)
    assert "The page Model cannot show this run" in output[-1]
    assert "secret" not in output[-1]
    assert "secret of the code" in caplog.text
    context.close()
