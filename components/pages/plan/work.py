"""The jobs behind a plan: all its simulations, and those of a grid; the aims in the address and on the page."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from components.following import scenario_of
from components.running import source_version
from engine import Scenario
from engine.errors import PlanError
from engine.jobs import Status
from engine.planning.aims import Aims
from engine.planning.grid import NAMES, Grid, Name, grid_of, grids_of
from engine.planning.measured import AtSize, measure
from engine.planning.outlook import Found
from engine.planning.proof import measure_proof
from engine.planning.question import Question
from engine.planning.spreads import measure_spread
from engine.result import Result
from engine.work import Work

PLAN: Final = "plan"
GRID: Final = "plan-grid"
"""The kinds of these jobs."""

USUAL: Final = Aims(worth=30.0)
"""What a page without an address aims at."""
IN_PER_CENT: Final = ("right", "favourite")
_LONGEST: Final = 12
_MEASURES: Final = {"size": measure, "spread": measure_spread, "proof": measure_proof}
GRID_SHARE: Final = 3
"""A grid has so much less than the campaigns of the sizes in each cell, and at most MOST_IN_A_CELL."""
MOST_IN_A_CELL: Final = 400
FEWEST_IN_A_CELL: Final = 50


class Asked(NamedTuple):
    """The aims of an address, and what was wrong when it asks for others."""

    aims: Aims
    problem: str | None


def aims_from_address(query: Mapping[str, Any]) -> Asked:
    """The aims that an address names, in per cent as people read them; the usual ones where it names none.

    >>> aims_from_address({"right": "95", "worth": "12.5"}).aims
    Aims(right=0.95, favourite=0.5, worth=12.5)
    >>> aims_from_address({"right": "110"}).problem
    'right: got 1.1; must be a number from 0.5 to 0.999. Enter at most 0.999.'
    """
    named = {name: query[name] for name in Aims.model_fields if name in query}
    if not query:
        return Asked(USUAL, None)
    try:
        return Asked(Aims.from_dict({name: _read(name, text) for name, text in named.items()}), None)
    except PlanError as error:
        return Asked(Aims(), str(error))


def _read(name: str, text: Any) -> Any:
    try:
        value = float(text) if isinstance(text, str) and len(text) <= _LONGEST else text
    except ValueError:
        return text
    return round(value / 100, 6) if name in IN_PER_CENT and isinstance(value, float) else value


def in_address(aims: Aims) -> dict[str, str]:
    """The same as an address names them.

    >>> in_address(Aims(right=0.95))
    {'right': '95', 'favourite': '50'}
    """
    shown = {name: 100 * getattr(aims, name) for name in IN_PER_CENT} | {"worth": aims.worth}
    return {name: f"{round(value, 4):g}" for name, value in shown.items() if value is not None}


def aims_of(chosen: Any) -> Aims:
    """The aims that a page keeps; the usual ones where it keeps none that are possible."""
    try:
        return Aims.from_dict(chosen)
    except PlanError:
        return Aims()


def question_of(record: Any, chosen: Any) -> Question:
    """What a record and the aims are about; a job's record holds its own aims."""
    aims = chosen.get("aims", chosen) if isinstance(chosen, dict) else None
    return _question(scenario_of(record), aims_of(aims))


@lru_cache(maxsize=32)
def _question(scenario: Scenario, aims: Aims) -> Question:
    """Kept, because the page looks again and again."""
    return Question.of(scenario, aims)


def stored(question: Question) -> dict[str, Any]:
    """The same as the page keeps it."""
    return {"scenario": question.asked.to_dict(), "aims": question.aims.model_dump()}


def plan_work(question: Question) -> Work:
    """The job: the list, the sizes, then what is beside them."""
    places = [place for place, _ in question.scenarios]

    def summarise(number: int, result: Result) -> bytes:
        return orjson.dumps(_MEASURES[places[number].part](result))

    scenarios = tuple(scenario for _, scenario in question.scenarios)
    ends_only = tuple(number for number, place in enumerate(places) if place.part != "spread")
    return Work(PLAN, source_version(), scenarios, summarise, ends_only)


def found_so_far(question: Question, status: Status) -> Found:
    """What is measured so far, by part and number."""
    said: list[Any] = orjson.loads(status.content)
    places = [place for place, _ in question.scenarios]
    return {(place.part, place.number): one for place, one in zip(places, said, strict=False) if one is not None}


# The grid


def grid_name(question: Question, wanted: Any) -> Name:
    """The grid that the visitor chose, if the scenario has it."""
    there = grids_of(question.scenario)
    return wanted if wanted in NAMES and wanted in there else there[0]


@lru_cache(maxsize=32)
def grid_for(scenario: Scenario, name: Name) -> Grid:
    """A grid in as many campaigns as are affordable beside the plan."""
    campaigns = max(FEWEST_IN_A_CELL, min(MOST_IN_A_CELL, scenario.replications // GRID_SHARE))
    return grid_of(scenario.with_changes(replications=min(campaigns, scenario.replications)), name)


def grid_work(grid: Grid) -> Work:
    """The job: one scenario after the other."""
    scenarios = tuple(cell.scenario for cell in grid.cells if cell.scenario is not None)

    def summarise(number: int, result: Result) -> bytes:
        is_whole = result.scenario.replications == scenarios[number].replications
        return orjson.dumps(measure(result)) if is_whole else b"null"

    return Work(GRID, source_version(), scenarios, summarise, range(len(scenarios)))


def looks_of(grid: Grid, status: Status) -> list[AtSize | None]:
    """What is said of each cell so far."""
    said = iter(orjson.loads(status.content))
    return [next(said, None) if cell.scenario is not None else None for cell in grid.cells]
