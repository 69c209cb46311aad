"""A page that fails is told in words; the code's own trouble stays in the log."""

import solara

from aimarket.server import app
from aimarket.server.components import frame


def test_a_page_that_fails_says_so_and_shows_no_traceback(monkeypatch, caplog):
    output = []

    @solara.component
    def Failing(controller):  # noqa: N802
        raise KeyError("secret of the code")

    monkeypatch.setattr(app.pages()["model"], "Page", Failing)
    monkeypatch.setattr(app, "Frame", lambda **given: output.append(given["now"]) or frame.Frame(**given))
    _, context = solara.render(app.Shown("page=model&quarter=2026Q2"), handle_error=False)
    assert "The page Model cannot show this run" in output[-1]
    assert "secret" not in output[-1]
    assert "secret of the code" in caplog.text
    context.close()
