"""The job behind the page: what is simulated for a question, and what is said of its campaigns so far."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from engine.comparison import compare
from engine.executor import available_cores
from engine.jobs import Jobs, Status, Work, shared_jobs
from engine.locations import source_digest
from engine.result import Result
from engine.scenario import Scenario

ASK_ABOVE_SECONDS: Final = 10.0
"""A comparison that is likely to take longer waits for the button."""

CROWNED_WHILE_RUNNING: Final = 0
"""Saying how often a line is crowned takes an integral a campaign: that waits for the end."""


COMPARISON: Final = "compare"
"""The kind of these jobs."""


def jobs() -> Jobs:
    """The jobs of this process."""
    return shared_jobs()


def work_of(scenario: Scenario) -> Work:
    """The job for a question."""
    wanted = scenario.replications

    def summarise(_place: int, result: Result) -> bytes:
        is_whole = result.scenario.replications == wanted
        found = compare(result) if is_whole else compare(result, crowned_in=CROWNED_WHILE_RUNNING)
        return orjson.dumps({"comparison": found, "digest": result.digest() if is_whole else ""})

    return Work(COMPARISON, source_version(), (scenario,), summarise)


def said(status: Status) -> dict[str, Any] | None:
    """What is said of the campaigns so far: {"comparison": ..., "digest": ...}; None before the first."""
    contents: list[Any] = orjson.loads(status.content)
    return contents[0] if contents else None


def seconds_needed(scenario: Scenario) -> float:
    """Rough seconds that the comparison takes on this machine."""
    return scenario.estimated_seconds / available_cores()


def waits_for_button(work: Work) -> bool:
    """Whether a comparison would take long, and is neither there nor on its way."""
    if seconds_needed(work.scenarios[0]) <= ASK_ABOVE_SECONDS:
        return False
    known = jobs().look(work)
    return known is None or not known.is_alive


@cache
def source_version() -> str:
    """What is said depends on this source."""
    return source_digest(Path(__file__).parents[2])[:8]
