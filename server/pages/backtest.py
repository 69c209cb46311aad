"""Back-test: how well the model would have forecast, beside naive forecasts, and a forecast that can be scored."""

from __future__ import annotations

import solara

from ..components.backtest_board import BacktestBoard
from ..presenters import backtest
from ..sessions.controller import Controller

TITLE = "Back-test"
NOTE = "800 runs from each quarter, with parameters as known then; sliders and scenario do not matter here."


@solara.component
def Page(controller: Controller) -> None:  # noqa: N802 - a component is named like a class
    """Show the origin that the link names."""
    origin = controller.view.value.extra.get("origin", "2024Q4")
    payload = solara.use_memo(lambda: backtest.payload(origin), [origin])
    BacktestBoard(payload=payload, event_act=controller.act)
