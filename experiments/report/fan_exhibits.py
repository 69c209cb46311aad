"""Fans of a comparison: the world with the deal, and its twin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ...model.dates import LAST_TOLD, quarter_date
from ..claims.evidence import Run
from ..figures.fan import Fan, plot_fan
from ..formatting import dated
from .captions import of_fan
from .exhibits import Exhibit, slug

if TYPE_CHECKING:
    from ..comparison.comparison import Comparison

QUARTERS = 4
PERCENT = 100.0


def fans(comparison: Comparison) -> Iterator[Exhibit]:
    """Yield the figures of both worlds over time."""
    if comparison.subject is None:
        chosen = _market_fans(comparison)
    else:
        chosen = [*_recipient_fans(comparison), *_market_fans(comparison)]
    for fan in chosen:
        how = f"medians, solid with the {fan.event}, dashed without; bands: the middle 50 and 90 % of the runs"
        if fan.twin is None:
            how = "line: median of pairs; bands: the middle 50 and 90 % of them; dashed: no difference"
        quarter = _date(fan)
        yield Exhibit(slug("fan", fan.title), fan.title, how, of_fan(fan, quarter), partial(plot_fan, fan))


def _date(fan: Fan) -> str:
    """Return the last quarter of a fan in words."""
    return dated(quarter_date(round(float(fan.years[-1]) * QUARTERS)))


def _recipient_fans(comparison: Comparison) -> list[Fan]:
    """Return fans of the deal's recipient."""
    subject = comparison.subject
    assert subject is not None
    deal, twin = (Run(comparison.ensembles[name], subject, comparison.quarters) for name in ("treated", "control"))
    name = subject.recipient
    running = [run.recipient("powered_compute") for run in (deal, twin)]
    more = PERCENT * (running[0] / np.maximum(running[1], 1e-12) - 1.0)
    share = [PERCENT * run.recipient("revenue_share") for run in (deal, twin)]
    return [
        _fan(comparison, f"{name}’s share of AI revenue", "%", *share),
        _fan(comparison, f"Compute that runs for {name}, over its twin", "%", more),
        _fan(comparison, f"{name}’s gap to the best model", "OOM", deal.gap, twin.gap),
    ]


def _market_fans(comparison: Comparison) -> list[Fan]:
    """Return fans of the market as a whole."""
    deal, twin = (comparison.ensembles[name] for name in ("treated", "control"))
    added = np.cumsum(deal.values("funding"), 0) - np.cumsum(twin.values("funding"), 0)
    found = [_fan(comparison, "Funding of all firms, over the twin, added up", "USD bn", added)]
    if comparison.subject is None:
        units = deal.records["indicators"].units
        for name, title in (("ai_revenue", "Sales of AI services"), ("power_price", "Price of power")):
            found.append(_fan(comparison, title, units[name], deal.values(name), twin.values(name)))
    return found


def _fan(comparison: Comparison, title: str, unit: str, deal: np.ndarray, twin: np.ndarray | None = None) -> Fan:
    """Return a fan up to the last year that is shown."""
    years = comparison.ensembles["treated"].records["indicators"].quarters / QUARTERS
    shown = years <= LAST_TOLD / QUARTERS
    event = "deal" if comparison.subject is not None else "change"
    level = None if twin is None else twin[shown]
    return Fan(title, unit, years[shown], deal[shown], level, comparison.begin, event)
