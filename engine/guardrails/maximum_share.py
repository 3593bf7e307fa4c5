"""Maximum share: no line gets more than a share of the traffic by the policy's own choice."""

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from engine.choosing import may_send
from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SHARE, FREE_UNTIL = 1, 2  # slots; before send FREE_UNTIL no line can have reached the cap

_NONE, _ONE = np.uint64(0), np.uint64(1)
_LEAST = 1e-9


class Parameters(GuardrailParameters):
    """How much a line may get."""

    name: Literal["maximum_share"]
    share: float = Field(
        0.6,
        gt=0,
        le=1,
        title="Maximum share",
        description="No line gets more than this share of the traffic so far, by the policy's choice.",
        json_schema_extra={"step": 0.05},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the share; nothing is known yet of when a line can reach it."""
    return parameters.share, 0.0


def problem(parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse a cap under which the lines together cannot take all sends."""
    lines = len(scenario.arms)
    if parameters.share * lines >= 1.0 - 1e-12:
        return None
    return (
        f"share: got {parameters.share:.4g}; {lines} lines with at most {parameters.share:.4g} each take only "
        f"{lines * parameters.share:.4g} of the traffic. Enter {math.ceil(10_000 / lines) / 10_000:g} or more."
    )


@native
def allows(
    rails: Block, start: int, K: int, t: int, sent: np.ndarray, active: np.uint64, allowed: np.uint64
) -> np.uint64:
    """Leave out the lines that have had ceil(share (t + 1)) sends or more.

    When pauses or leaving lines leave too few to take all sends, the cap gives way.
    """
    if t < rails[start + FREE_UNTIL]:
        return allowed
    share, largest, below = rails[start + SHARE], 0, _NONE
    most = np.int64(np.ceil(share * (t + 1)))
    for arm in range(K):
        largest = max(largest, sent[arm])
        if sent[arm] < most and may_send(allowed, arm):
            below |= _ONE << np.uint64(arm)
    # Were the line with most sends to get all of the next n, it would still be below: largest + n < share (t + 1 + n).
    # One send less, so that rounding can never let one through.
    rails[start + FREE_UNTIL] = t - 1.0 + (share * (t + 1) - largest) / max(1.0 - share, _LEAST)
    return below


SPEC = GuardrailSpec(
    name="maximum_share",
    title="Maximum share",
    plain="No line gets more than this share of the traffic, so that one mistake cannot take the whole campaign.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    allows=allows,
    rank=2,
)
