"""What to use, over two things that may turn out otherwise: a grid of scenarios, one for each pair of values.

>>> from engine.presets import PRESETS
>>> grid = grid_of(PRESETS["small_differences"].scenario, "difference_sends")
>>> [axis.what for axis in (grid.rows, grid.columns)], grid.columns.values
(['difference', 'sends'], (1400, 2800, 5600, 11000, 22330, 33000, 56000))
>>> [round(value, 4) for value in grid.rows.values], grid.rows.present
([0.03, 0.02, 0.015, 0.01, 0.0075, 0.005, 0.0025], 3)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from engine.errors import ScenarioError
from engine.planning.differences import best_and_next, moved
from engine.planning.spreads import SLOW
from engine.scenario import MOST_SENDS, Scenario

What = Literal["difference", "sends", "epsilon", "delay", "batches"]
Name = Literal["difference_sends", "epsilon_sends", "delay_batches"]
NAMES: Final[tuple[Name, ...]] = ("difference_sends", "epsilon_sends", "delay_batches")

SEND_FACTORS: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 1.5, 2.5)
DIFFERENCE_FACTORS: Final = (3.0, 2.0, 1.5, 1.0, 0.75, 0.5, 0.25)
EPSILONS: Final = (0.4, 0.2, 0.1, 0.05, 0.02)
DELAY_HOURS: Final = (0.5, 2.0, 6.0, 12.0, 24.0, 48.0)
"""Within which half of the replies come."""
BATCHES: Final = (1, 3, 6, 12, 28, 56)
HOURS: Final = 72.0
"""For which a send without a pace is spread where batches are looked at."""


@dataclass(frozen=True)
class Axis:
    """One of the two things: its values in the order of the grid, and the place of the scenario's own, if it is there."""

    what: What
    values: tuple[float, ...]
    present: int | None


@dataclass(frozen=True)
class Cell:
    """A scenario of the grid, or the reason for which there is none."""

    row: int
    column: int
    scenario: Scenario | None
    reason: str = ""


@dataclass(frozen=True)
class Grid:
    """All cells, a row after the other."""

    name: Name
    rows: Axis
    columns: Axis
    cells: tuple[Cell, ...]


def grids_of(scenario: Scenario) -> tuple[Name, ...]:
    """Return which grids a scenario has: differences only where one best line leads by the same in all campaigns."""
    return NAMES if best_and_next(scenario) else NAMES[1:]


def grid_of(scenario: Scenario, name: Name) -> Grid:
    """Return a grid around a scenario."""
    rows, columns, change = _AXES[name](scenario)

    def cell(row: int, column: int) -> Cell:
        try:
            return Cell(row, column, change(rows.values[row], columns.values[column]))
        except ScenarioError as error:
            return Cell(row, column, None, str(error))

    places = [(row, column) for row in range(len(rows.values)) for column in range(len(columns.values))]
    return Grid(name, rows, columns, tuple(cell(*place) for place in places))


Change = Callable[[float, float], Scenario]


def _difference_sends(scenario: Scenario) -> tuple[Axis, Axis, Change]:
    found = best_and_next(scenario)
    gap = found.gap if found else 0.0
    fits = [factor for factor in DIFFERENCE_FACTORS if found and found.next + gap * factor <= 1.0]
    rows = Axis("difference", tuple(gap * factor for factor in fits), fits.index(1.0) if 1.0 in fits else None)
    return rows, _sends_axis(scenario), lambda gap, sends: moved(scenario, gap).with_changes(sends=int(sends))


def _epsilon_sends(scenario: Scenario) -> tuple[Axis, Axis, Change]:
    own = next((getattr(policy, "epsilon") for policy in scenario.policies if policy.name == "epsilon_greedy"), None)  # noqa: B009
    values = tuple(sorted({*EPSILONS, *([] if own is None else [own])}, reverse=True))
    rows = Axis("epsilon", values, None if own is None else values.index(own))

    def change(epsilon: float, sends: float) -> Scenario:
        policies = [{"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": epsilon}]
        return scenario.with_changes(policies=policies, sends=int(sends))

    return rows, _sends_axis(scenario), change


def _delay_batches(scenario: Scenario) -> tuple[Axis, Axis, Change]:
    own_delay: dict[str, Any] = scenario.to_dict()["delay"]
    delay: dict[str, Any] = own_delay if own_delay["name"] == SLOW["name"] else dict(SLOW)
    own: float | None = delay["median_hours"] if own_delay is delay else None
    hours = tuple(sorted({*DELAY_HOURS, *([] if own is None else [own])}))
    rows = Axis("delay", hours, None if own is None else hours.index(own))
    pace = scenario.sends_per_hour or math.ceil(scenario.sends / HOURS)

    def change(median: float, batches: float) -> Scenario:
        window = max(float(delay["window_hours"]), 7.0 * median)
        return scenario.with_changes(
            delay=delay | {"median_hours": median, "window_hours": window},
            sends_per_hour=pace,
            update_every=math.ceil(scenario.sends / batches),
        )

    return rows, Axis("batches", BATCHES, None), change


def _sends_axis(scenario: Scenario) -> Axis:
    wanted = scenario.sends
    values = [wanted if factor == 1.0 else _round(wanted * factor) for factor in SEND_FACTORS]
    kept = sorted({value for value in values if 1 <= value <= MOST_SENDS} | {wanted})
    return Axis("sends", tuple(kept), kept.index(wanted))


def _round(value: float) -> int:
    digits = max(0, math.floor(math.log10(value)) - 1) if value >= 1 else 0
    return int(round(value / 10**digits) * 10**digits)


_AXES: Final[dict[Name, Callable[[Scenario], tuple[Axis, Axis, Change]]]] = {
    "difference_sends": _difference_sends,
    "epsilon_sends": _epsilon_sends,
    "delay_batches": _delay_batches,
}
