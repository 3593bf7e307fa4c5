"""The contract of a policy: what it is told, what it keeps, what it answers.

A policy is one file in `engine/policies/`. Its whole memory is one array of numbers: eight header slots, then whatever
rows it wants. Before a replication, the array is copied from the template that `prepare` made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from engine.fields import Setting, readable
from engine.native import Native
from engine.segments import Segmentation

HEADER = 8
"""Slots at the front of a policy's state; 0 to 6 are the policy's own parameters."""

BEST_NOW = 7
"""Header slot that holds the truly best eligible arm of this send.

Written by the kernel; only the oracle may read it.
"""

State = NDArray[np.float64]
Chances = NDArray[np.float64]
"""Of each arm, (K,): between 0 and 1, together 1."""

HistoryWeight = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        title="Weight of history",
        description=(
            "How much each send of the earlier campaign counts: 0 starts from nothing, 1 believes that nothing has changed since."
        ),
        json_schema_extra={"step": 0.05, "symbol": "history", "needs": "history"},
    ),
]
"""The setting of policies that may start from the counts of an earlier campaign.

Their likelihood is raised to this power. Source: Ibrahim and Chen (2000), Power prior distributions for regression
models, Statistical Science 15.
"""


class PolicyParameters(Setting):
    """What the settings of every policy share; each policy adds its own."""

    name: str
    label: str | None = Field(
        default=None, min_length=1, max_length=60, title="Name in charts", description="Left empty: made up."
    )

    @field_validator("label")
    @classmethod
    def _readable(cls, label: str | None) -> str | None:
        return None if label is None else readable(label)


class Earlier(NamedTuple):
    """What a policy would have been told in an earlier campaign, by line (K,)."""

    sends: NDArray[np.float64]
    rewards: NDArray[np.float64]  # together, each between 0 and 1
    squares: NDArray[np.float64]  # of the rewards, together


@dataclass(frozen=True)
class Situation:
    """What a policy may know before the first send: K arms, the horizon in sends, sends between decisions."""

    arms: int
    sends: int
    update_every: int
    segmentation: Segmentation | None = None  # left out: all recipients are alike
    base: float = 0.0  # reward of a send that nothing comes of, above 0 where complaints cost money
    earlier: Earlier | None = None  # left out: nothing is known of any line

    @property
    def segments(self) -> Segmentation:
        """The segments of recipients that a policy may tell apart."""
        return self.segmentation or Segmentation({}, np.ones(1), np.ones((1, self.arms)))

    def remembered(self, weight: float) -> Earlier:
        """Return the earlier campaign with each of its sends counting as `weight` sends; zeros where there is none."""
        if self.earlier is None:
            return Earlier(*np.zeros((len(Earlier._fields), self.arms)))
        return Earlier(*(weight * counts for counts in self.earlier))


@dataclass(frozen=True)
class Cost:
    """Rough nanoseconds a send takes on one core: a part of its own and a part for each arm."""

    base: float
    per_arm: float

    def nanoseconds(self, arms: int) -> float:
        """Return the time for one send with this many arms."""
        return self.base + self.per_arm * arms


class Insight(NamedTuple):
    """K lines; NaN where a policy does not know or reckon a number."""

    by: Literal["draw", "bound", "rate", "score"]
    """The line with the largest number was sent: a believable rate that was drawn, the highest plausible rate, the seen
    rate, or a score of the policy's own. With "rate" and "score" others have a chance too."""
    middle: NDArray[np.float64]  # (K,) what a send of each line is believed to bring
    low: NDArray[np.float64]  # (K,) 5th percentile of that belief; NaN where it has none
    high: NDArray[np.float64]  # (K,) 95th percentile
    chosen_by: NDArray[np.float64]  # (K,) the number by which it chose


@dataclass(frozen=True)
class PolicySpec:
    """A policy as the registry sees it.

    `choose(state, K, t, segment, eligible, key) -> arm` answers for send `t` (from 0); bit `a` of `eligible` is set
    when arm `a` may be sent (never 0); `key` starts the policy's own randomness for this send.
    `update(state, K, t, sent, segment, arm, trials, reward)` adds `trials` and `reward` to what is known about the
    recipient of send `sent`: (1, x) when the answer is known at once, else (1, 0) and later (0, x).
    `prepare(parameters, situation)` makes the template of the state.
    `choice_probabilities(state, K, t, segment, eligible) -> chances (K,)` is plain Python, for the record of a campaign:
    the exact chances with which `choose` would answer for send `t` from this very state over all keys; they add up to 1
    and are exactly 0 for arms that are not eligible. It leaves the state as it is, also where `choose` does not. Of arms
    that are dealt without replacement it tells the chance before the deal, the same for each eligible arm.
    """

    name: str
    title: str
    plain: str
    source: str
    formula: str
    """Its rule in one line of plain letters: `_x` or `_{...}` lowers, `^` raises."""
    in_words: str
    """The formula in a sentence that says what its letters are."""
    when: str
    """When to use it, and what that costs."""
    shown_in: str
    """The name of a preset in which it can be seen at work."""
    parameters: type[PolicyParameters]
    prepare: Callable[[Any, Situation], State]
    choose: Native[..., int]
    update: Native[..., None]
    choice_probabilities: Callable[[State, int, int, int, int], Chances]
    cost: Cost
    is_reference: bool = False
    rests: bool = False
    """Whether between two decisions its chances depend on the segment and the eligible lines alone, not on the send."""
    front: Callable[[int], int] | None = None
    """How many numbers at the front of the state the chances of K lines depend on; all of them if left out."""
    insight: Callable[[State, State, int, int], Insight] | None = None
    """`insight(before, after, K, segment)`: what it believed of each line and by what it chose; None if by neither."""

    def __post_init__(self) -> None:
        """Refuse a policy that does not say what it does: the guide is written from these words."""
        for part in ("plain", "source", "in_words", "when"):
            if not getattr(self, part).endswith("."):
                raise TypeError(f"policy {self.name}: {part} must be a sentence; got {getattr(self, part)!r}.")
        for part in ("formula", "shown_in"):
            if not getattr(self, part).strip():
                raise TypeError(f"policy {self.name}: {part} must not be empty.")


@cache
def choose_signature() -> Any:
    """Return Numba's signature of `choose`."""
    from numba import types as nb

    return nb.int64(nb.CPointer(nb.float64), nb.int64, nb.int64, nb.int64, nb.uint64, nb.uint64)


@cache
def update_signature() -> Any:
    """Return Numba's signature of `update`."""
    from numba import types as nb

    state, whole, number = nb.CPointer(nb.float64), nb.int64, nb.float64
    return nb.void(state, whole, whole, whole, whole, whole, number, number)


def blank_state(*parameters: float, rows: int = 0, arms: int = 0, extra: int = 0) -> State:
    """Return a state of zeros with the parameters in its header.

    After it come `rows` rows of `arms` and `extra` slots of the policy's own.
    """
    state = np.zeros(HEADER + rows * arms + extra)
    state[: len(parameters)] = parameters
    return state
