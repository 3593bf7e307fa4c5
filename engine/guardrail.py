"""The contract of a guardrail: a promise that holds at every send, whatever the policy and whatever else is on.

A guardrail is one file in `engine/guardrails/`. Its whole memory is one block of `SLOTS` numbers, copied from the
template that `prepare` made before each replication; slot ON tells whether it is on. It promises by one or more of
five functions, which the loop over sends asks in this order:

0. `skips` leaves a recipient out altogether, by the schedule of contacts alone.
1. `pauses` takes lines out of the campaign for good; it outranks everything else.
2. `takes` takes a share of the recipients out of the policy's hands and splits them evenly among some lines. Those of
   lower `rank` come first; what they leave is for the next, and what all of them leave is for the policy.
3. `allows` narrows the lines among which the policy may choose.
4. `settles` looks at what is known before a decision, and may end the test.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.fields import Setting
from engine.native import Native, native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SLOTS = 12
ON = 0  # slot of a block: 1 when the guardrail is on
SETTLED, WINNER = 10, 11
"""Slots in which `settles` leaves when it ended the test: 1 + the number of the next send, and the line that won."""

Block = NDArray[np.float64]

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


class GuardrailParameters(Setting):
    """What the settings of every guardrail share."""

    name: str


@dataclass(frozen=True)
class GuardrailSpec:
    """A guardrail as the registry sees it.

    `prepare(parameters, scenario)` returns the numbers for the slots after ON, at most eleven.
    `problem(parameters, scenario)` names two settings that collide and how to mend it, or returns None.

    The compiled functions get all blocks (`rails`), where the own one starts, the number of lines K and the send t:

    - `skips(rails, start, t, latest, earlier, ring) -> bool`: whether recipient t gets nothing; `latest` is the last
      send to this recipient, or -1, and `earlier[send & ring]` the one before a send;
    - `takes(rails, start, K, t, sent, within, here, active) -> (share, among)`: the chance that it takes recipient t,
      of segment `here`, and the mask of lines among which it splits them; `within[here * K + arm]` counts the sends
      of a line in a segment;
    - `allows(rails, start, K, t, sent, active, allowed) -> mask`: which of the allowed lines stay so, never none;
    - `pauses(rails, start, K, arm, sent, complaints) -> bool`: whether the line just sent is taken out;
    - `settles(rails, start, K, t, trials, rewards, active, key)`: may write to its own block.
    """

    name: str
    title: str
    plain: str
    parameters: type[GuardrailParameters]
    prepare: Callable[[Any, "Scenario"], tuple[float, ...]]
    problem: Callable[[Any, "Scenario"], str | None] | None = None
    skips: Native[..., bool] | None = None
    takes: Native[..., tuple[float, np.uint64]] | None = None
    allows: Native[..., np.uint64] | None = None
    pauses: Native[..., bool] | None = None
    settles: Native[..., None] | None = None
    needs: str = ""
    """The part of a scenario without which it makes no sense: "recurring" or "segments", or nothing."""
    rank: int = 0
    is_learnt: bool = True
    """Whether policies are told about the recipients that it takes."""
    is_told_apart: bool = False
    """Whether what it sends is also counted on its own."""


def sends_before_wrap_up(scenario: "Scenario") -> int:
    """Return after how many sends the policy decides nothing any more: all sends when there is no wrap-up.

    The wrap-up has at least one send.
    """
    wrap_up = scenario.guardrail("wrap_up_ab")
    if wrap_up is None:
        return scenario.sends
    share: float = wrap_up.share
    return scenario.sends - max(1, math.ceil(share * scenario.sends - 1e-9))


@native
def keep_mask(rails: Block, place: int, mask: np.uint64) -> None:
    """Write a mask of lines to two slots of a block: a number of a block holds 53 bits."""
    rails[place] = np.float64(mask & _LOW_HALF)
    rails[place + 1] = np.float64(mask >> _HALF)


@native
def kept_mask(rails: Block, place: int) -> np.uint64:
    """Read a mask of lines from two slots of a block."""
    return np.uint64(np.uint64(rails[place]) | (np.uint64(rails[place + 1]) << _HALF))
