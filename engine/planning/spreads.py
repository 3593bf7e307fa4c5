"""A send spread over time in batches: what is left of the gain when replies are slow, and the schedule that comes of it.

In a mailing tool with fixed splits each batch goes out with the shares that the policy has learnt from the replies to the
batches before it that had come.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.planning.measured import Earned, earned_over
from engine.result import Result
from engine.scenario import Scenario

SLOW: Final = {"name": "log_normal", "median_hours": 6.0, "spread": 3.0, "window_hours": 168.0}
"""How replies come where the scenario has them all at once: half of them take more than six hours."""


@dataclass(frozen=True)
class Spread:
    """A way to send: over so many hours, in so many batches; no hours stand for replies that never wait."""

    hours: float | None
    batches: int


AT_ONCE: Final = Spread(1.0, 1)
USUAL: Final = Spread(72.0, 12)
NO_WAITING: Final = Spread(None, 0)
MOST_BATCHES: Final = 48
SPREADS: Final = (AT_ONCE, Spread(24.0, 8), USUAL, Spread(168.0, 28), NO_WAITING)


class Batch(TypedDict):
    """One batch of a schedule."""

    number: int  # from 1
    sends: int
    shares: list[float]  # mean share of the line with most of the batch, of the second, ...; they add up to 1


class AtSpread(TypedDict):
    """All policies with the send spread over time."""

    campaigns: int
    extra: list[Earned]  # a policy, in the unit of the goal
    schedules: list[list[Batch]]  # a policy; empty where nothing waits


@dataclass(frozen=True)
class Spaced:
    """A spread of a scenario, or the reason for which there is no room for it."""

    spread: Spread
    scenario: Scenario | None
    reason: str = ""


def spaced(scenario: Scenario, spreads: Sequence[Spread] = SPREADS) -> list[Spaced]:
    """Return the scenario in each spread, with its own late replies where it has them.

    >>> from engine.presets import PRESETS
    >>> late = spaced(PRESETS["late_conversions"].scenario)
    >>> [(one.scenario.update_every, one.scenario.sends_per_hour) for one in late if one.scenario][:3]
    [(20000, 20000), (2500, 834), (1667, 278)]
    """
    return [_spaced(scenario, spread) for spread in spreads]


def _spaced(scenario: Scenario, spread: Spread) -> Spaced:
    try:
        return Spaced(spread, scenario.with_changes(**_changes(scenario, spread)))
    except ScenarioError as error:
        return Spaced(spread, None, str(error))


def _changes(scenario: Scenario, spread: Spread) -> dict[str, Any]:
    if spread.hours is None:
        return {"delay": {"name": "none"}, "update_every": 1}
    changes: dict[str, Any] = {
        "sends_per_hour": math.ceil(scenario.sends / spread.hours),
        "update_every": math.ceil(scenario.sends / spread.batches),
    }
    return changes if scenario.is_delayed else changes | {"delay": SLOW}


def measure_spread(result: Result) -> AtSpread:
    """Return what is kept of a spread's campaigns, or of the first of them, in plain JSON types."""
    scenario = result.scenario
    places = range(len(scenario.policies))
    is_batched = scenario.sends_between_decisions > 1
    return {
        "campaigns": scenario.replications,
        "extra": [earned_over(result, place) for place in places],
        "schedules": [schedule_of(result, place) if is_batched else [] for place in places],
    }


def schedule_of(result: Result, place: int) -> list[Batch]:
    """Return the mean shares of a policy's batches: of the line with most of a batch, of the second, and so on.

    The leader is a place, not a line: which line leads differs from campaign to campaign. Shares are cut at the
    checkpoints next to the batches' ends; there are at most 200.

    >>> from engine import simulate
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.4}], "sends": 900, "replications": 20,
    ...     "policies": [{"name": "thompson"}], "update_every": 300})
    >>> [(batch["sends"], round(batch["shares"][0], 1)) for batch in schedule_of(simulate(scenario), 0)]
    [(300, 0.5), (300, 1.0), (300, 1.0)]
    """
    ends = _ends(result.scenario)
    rows = np.abs(result.checkpoints - ends[:, np.newaxis]).argmin(axis=1)
    sends = np.diff(result.sends[place][:, rows].astype(np.int64), axis=1, prepend=0)  # (R, B, K)
    whole = sends.sum(axis=-1, keepdims=True)
    shares = np.divide(sends, whole, out=np.zeros(sends.shape), where=whole > 0)
    means = -np.sort(-shares, axis=-1).mean(axis=0)
    means[0] = -np.sort(-shares[:, 0].mean(axis=0))  # nobody leads before the first reply
    return [
        {"number": number, "sends": size, "shares": mean}
        for number, (size, mean) in enumerate(zip(np.diff(ends, prepend=0).tolist(), means.tolist(), strict=True), 1)
    ]


def _ends(scenario: Scenario) -> NDArray[np.int64]:
    """Return the cumulative sends at which batches end; of many decisions, several make a batch."""
    every = scenario.sends_between_decisions * math.ceil(
        scenario.sends / scenario.sends_between_decisions / MOST_BATCHES
    )
    return np.append(np.arange(every, scenario.sends, every), scenario.sends)
