"""Streaming: what has to travel to a page's component as a run goes on, which is as little as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import solara

if TYPE_CHECKING:
    from .controller import Controller
    from .twin_run import Presenter


class Payload(NamedTuple):
    """What a page's component is sent, as JSON: everything up to some quarter, and the newest quarter after it."""

    snapshot: str
    frame: str


class Sent(NamedTuple):
    """What a component has been sent: of which run, up to which quarter by the snapshot, and up to which in all."""

    key: tuple[int, int] = (-1, -1)
    length: int = 0
    last: int = 0
    snapshot: str = ""


def use_payload(controller: Controller, presenter: Presenter) -> Payload:
    """Return what a component has to be sent about the run, as little as it needs.

    A hook of Solara's: call it in a component, always. The snapshot stays the same string while quarters follow one
    another, so that only the frame travels.

    Args:
        controller: the visitor's.
        presenter: returns plain values about a quarter, as `presenters.watch.frame` does.
    """
    run, ran = controller.twin_run, controller.ran
    sent = solara.use_ref(Sent())
    key = controller.run_count.value, controller.asked.value
    followed = sent.current.key == key and sent.current.last <= ran <= sent.current.last + 1
    begun = sent.current if followed else Sent(key, run.length, 0, run.snapshot(presenter))
    sent.current = begun._replace(last=ran)
    return Payload(begun.snapshot, run.frame(presenter, ran) if ran > begun.length else "")
