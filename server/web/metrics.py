"""What an operator watches, in Prometheus' text format: visitors and places, who was turned away, and the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import __version__
from ...experiments.optional_dependencies import extra

if TYPE_CHECKING:
    from starlette.types import ASGIApp

METRICS = "/metrics"
FULL = "all places are taken"
ELSEWHERE = "a page of another site asks"
NAMELESS = "no page says that it asks"
PAINTED, MARKET = "painted", "market"
"""Pages that need no session, and those that do."""


class Metrics:
    """Numbers of one server; none of them says who a visitor is or what they look at.

    Args:
        places: how many visitors there may be at once.
    """

    def __init__(self, places: int) -> None:
        with extra("page"):
            from prometheus_client import CollectorRegistry, Counter, Gauge, Info, ProcessCollector

        held = self.registry = CollectorRegistry()
        ProcessCollector(registry=held)
        Info("aimarket", "The version that is served.", registry=held).info({"version": __version__})
        Gauge("aimarket_places", "How many visitors there may be at once.", registry=held).set(places)
        visitors = Gauge("aimarket_visitors", "How many visitors have a session.", registry=held)
        visitors.set_function(sessions)
        work = Gauge("aimarket_work_running", "Computations behind pages that run now.", registry=held)
        work.set_function(_working)
        self.documents = Counter("aimarket_documents", "Pages sent.", ["kind"], registry=held)
        self.turned_away = Counter("aimarket_turned_away", "Requests refused.", ["reason"], registry=held)
        for reason in (FULL, ELSEWHERE, NAMELESS):
            self.turned_away.labels(reason)
        for kind in (PAINTED, MARKET):
            self.documents.labels(kind)

    def answer(self) -> ASGIApp:
        """Return all numbers as they are now, as an answer."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
        from starlette.responses import Response

        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})


def sessions() -> int:
    """Return how many visitors have a session."""
    from solara.server import kernel_context

    return len(kernel_context.contexts)


def _working() -> int:
    """Return how many computations run; asked for late, since the module that knows imports Solara."""
    from ..jobs.background import working

    return working()
