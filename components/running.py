"""The jobs behind the pages: where they run, the first look at one, and a visitor who leaves.

A page starts or joins a job, looks again at every tick, and gives it back when it is left.
"""

import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from dash import Dash
from flask import Response, request

from components.budget import charge
from engine.errors import EngineError
from engine.executor import available_cores
from engine.jobs import AnyWork, Jobs, State, Status, shared_jobs
from engine.locations import source_digest

ASK_ABOVE_SECONDS: Final = 10.0
"""What is likely to take longer waits for the button."""
FIRST_LOOK_SECONDS: Final = 0.35
"""How long the answer to a question waits for the first figures, which mostly come sooner."""
LOOK_PAUSE_SECONDS: Final = 0.01
LEAVE_PATH: Final = "/jobs/leave"
LONGEST_VISITOR: Final = 64


def register(app: Dash, kinds: Iterable[str]) -> None:
    """Let a page that is closed give back what it holds of these kinds."""
    known = tuple(kinds)

    def leave() -> Response:
        told_by_browser = request.get_json(silent=True, force=True)
        visitor = told_by_browser.get("visitor") if isinstance(told_by_browser, dict) else None
        if isinstance(visitor, str) and visitor.isalnum() and len(visitor) <= LONGEST_VISITOR:
            for kind in known:
                jobs().leave(kind, visitor)
        return Response(status=204)

    app.server.add_url_rule(LEAVE_PATH, view_func=leave, methods=["POST"])


def jobs() -> Jobs:
    """The jobs of this process."""
    return shared_jobs()


@cache
def source_version() -> str:
    """What is said depends on this source."""
    return source_digest(Path(__file__).parent)[:8]


def start(work: AnyWork, visitor: str) -> Status:
    """Start or join a job; what is new is taken from the visitor's budget.

    Raises:
        WorkError: it is more than is done at once, or (BusyError) at the moment.
    """
    work.refuse_too_much()
    known = jobs().look(work)
    if known is None or not known.is_alive:
        charge(work.seconds)
    return jobs().start(work, visitor)


def seconds_needed(work: AnyWork) -> float:
    """Rough seconds that a job takes on this machine."""
    return work.seconds / available_cores()


def waits_for_button(work: AnyWork) -> bool:
    """Whether a job would take long, and is neither there nor on its way."""
    if seconds_needed(work) <= ASK_ABOVE_SECONDS:
        return False
    known = jobs().look(work)
    return known is None or not known.is_alive


def is_affordable(work: AnyWork) -> bool:
    """Whether the server would do so much at once."""
    try:
        work.refuse_too_much()
    except EngineError:
        return False
    return True


def first_look(work: AnyWork, begun: Status) -> Status:
    """Wait a moment for the first figures: they spare the page one round trip."""
    until, latest = time.monotonic() + FIRST_LOOK_SECONDS, begun
    while latest.state is State.RUNNING and not latest.counted and time.monotonic() < until:
        time.sleep(LOOK_PAUSE_SECONDS)
        seen = jobs().look(work)
        # Where another process has just taken the job up, what stands there may still be of an earlier run.
        latest = seen if seen is not None and seen.is_alive else latest
    return latest


def left(work: AnyWork, visitor: str) -> Status | None:
    """Leave a job, and return what one who left sees of it, though others may keep it running; None when it is gone."""
    jobs().leave(work.kind, visitor)
    last = jobs().look(work)
    if last is None or last.state is not State.RUNNING:
        return last
    return Status(**{**vars(last), "state": State.STOPPED})
