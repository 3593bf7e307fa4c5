"""The contract of a guardrail: a promise that holds at every send, whatever the policy and whatever else is on.

A guardrail is one file in `engine/guardrails/`. Its whole memory is one block of `SLOTS` numbers, copied from the
template that `prepare` made before each replication; slot ON tells whether it is on. It promises by one or more of
four functions, which the loop over sends asks in this order:

1. `pauses` takes lines out of the campaign for good; it outranks everything else.
2. `takes` takes a share of the recipients out of the policy's hands and splits them evenly among some lines. Those of
   lower `rank` come first; what they leave is for the next, and what all of them leave is for the policy.
3. `allows` narrows the lines among which the policy may choose.
4. `settles` looks at what is known before a decision, and may end the test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.fields import Setting
from engine.native import Native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SLOTS = 8
ON = 0  # slot of a block: 1 when the guardrail is on
SETTLED, WINNER = 6, 7
"""Slots in which `settles` leaves when it ended the test: 1 + the number of the next send, and the line that won."""

Block = NDArray[np.float64]


class GuardrailParameters(Setting):
    """What the settings of every guardrail share."""

    name: str


@dataclass(frozen=True)
class GuardrailSpec:
    """A guardrail as the registry sees it.

    `prepare(parameters, scenario)` returns the numbers for the slots after ON, at most seven.
    `problem(parameters, scenario)` names two settings that collide and how to mend it, or returns None.

    The compiled functions get all blocks (`rails`), where the own one starts, the number of lines K and the send t:

    - `takes(rails, start, K, t, sent, active) -> (share, among)`: the chance that it takes recipient t, and the mask
      of lines among which it splits them;
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
    takes: Native[..., tuple[float, np.uint64]] | None = None
    allows: Native[..., np.uint64] | None = None
    pauses: Native[..., bool] | None = None
    settles: Native[..., None] | None = None
    rank: int = 0
    is_learnt: bool = True
    """Whether policies are told about the recipients that it takes."""
    is_told_apart: bool = False
    """Whether what it sends is also counted on its own."""
