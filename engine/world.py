"""The contract of a world: where the true rates come from, and how they run along the campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fields import Setting

Rates = NDArray[np.float64]


class Posterior(NamedTuple):
    """What is believed of a rate that was seen: Beta(alpha, beta)."""

    alpha: float
    beta: float


Given = float | Posterior | None
"""What is given of a line's rate: the rate, what is believed of it, or nothing."""


class WorldParameters(Setting):
    """What the settings of every world share."""

    name: str


@dataclass(frozen=True)
class Campaign:
    """What a world may know of the campaign."""

    lines: tuple[str, ...]  # their names
    sends: int
    sends_per_hour: int | None
    update_every: int  # sends between decisions


@dataclass(frozen=True, eq=False)
class Course:
    """How the true rates of some replications run along the campaign: spells in which nothing changes by itself.

    B replications, or 1 when all have the same course; S spells; T rows, which spells may share; K arms.
    """

    ends: NDArray[np.int64]  # (S,) cumulative sends at which each spell ends, increasing, the last is all sends
    rows: NDArray[np.int64]  # (S,) the row that holds in each spell
    rates: Rates  # (B or 1, T, K) true rates of conversion
    seen: Rates | None = None
    """(B or 1, T, K) chance that the policy is told of a success, never below the rate; left out: of the conversion.

    Who converts is always among those of whom the policy is told.
    """
    present: NDArray[np.uint64] | None = None
    """(T,) masks of the lines that exist, bit `a` for arm `a`, never 0; all of them if left out."""
    kept: float = 1.0
    """Share of a line's freshness that each of its own sends leaves; 1: lines do not wear out."""
    lowest: float = 1.0
    """What a worn-out line still has of its rate: rate * (lowest + (1 - lowest) * kept ** own sends)."""


@dataclass(frozen=True)
class WorldSpec:
    """A world as the registry sees it.

    `rates(parameters, given, first, count)` returns the true rates at the first send, float (count, K) in [0, 1], of
    the replications `first` to `first + count - 1`; `given` holds each arm's own rate, what is believed of it, or None
    where the world draws it. A replication's rates never depend on which others are asked for.
    `course(parameters, given, campaign, first, count)` returns how they go on; a world without one keeps its rates.
    `problem(parameters, campaign)` names two settings that do not go together and how to mend it, or returns None.
    """

    name: str
    title: str
    plain: str
    parameters: type[WorldParameters]
    rates: Callable[[Any, Sequence[Given], int, int], Rates]
    course: Callable[[Any, Sequence[Given], Campaign, int, int], Course] | None = None
    problem: Callable[[Any, Campaign], str | None] | None = None
