"""The job behind the table: the scenario under one stress after the other, as planned first."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import orjson

from components.running import jobs, source_version
from engine.jobs import Status
from engine.result import Result
from engine.scenario import Scenario
from engine.stress import Measured, columns_of, measure, put_together
from engine.stresses import STRESSES, Stressed
from engine.work import Work

STRESS: Final = "stress"
"""The kind of these jobs."""
EVERY: Final = tuple(STRESSES)


@lru_cache(maxsize=64)
def columns(scenario: Scenario, names: tuple[str, ...]) -> tuple[Stressed, ...]:
    """The scenario under these stresses; kept, because the page looks again and again."""
    return tuple(columns_of(scenario, names))


def work_of(scenario: Scenario, names: Sequence[str] = EVERY) -> Work:
    """The job for a question."""
    possible = tuple(one.scenario for one in columns(scenario, tuple(names)) if one.scenario is not None)

    def summarise(_place: int, result: Result) -> bytes:
        return orjson.dumps(measure(result))

    return Work(STRESS, source_version(), possible, summarise)


def names_to_run(scenario: Scenario, names: Sequence[str]) -> tuple[str, ...]:
    """The stresses to simulate: all where they are there or on their way, since fewer are then shown at once."""
    known = jobs().look(work_of(scenario))
    return EVERY if known is not None and known.is_alive else tuple(names)


def found_so_far(scenario: Scenario, names: Sequence[str], status: Status) -> dict[str, Measured]:
    """What is said of each stress so far, by name."""
    possible = [one.stress.name for one in columns(scenario, tuple(names)) if one.scenario is not None]
    said: list[Any] = orjson.loads(status.content)
    return {name: one for name, one in zip(possible, said, strict=False) if one is not None}


def table(scenario: Scenario, shown: Sequence[str], rows: Sequence[int] | None, found: dict[str, Measured]) -> Any:
    """The table of the stresses and policies that are shown."""
    return put_together(scenario, columns(scenario, tuple(shown)), found, rows)
