"""The job behind a comparison: what is simulated for a question, and what is said of its campaigns so far."""

from typing import Any, Final

import orjson

from components.running import source_version
from engine.comparison import compare
from engine.jobs import Status
from engine.result import Result
from engine.scenario import Scenario
from engine.work import Work

CROWNED_WHILE_RUNNING: Final = 0
"""Saying how often a line is crowned takes an integral a campaign: that waits for the end."""


COMPARISON: Final = "compare"
"""The kind of these jobs."""


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
