"""Burn-in: every line gets some sends before the policy may decide anything."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from engine.choosing import may_send
from engine.guardrail import (
    Block,
    GuardrailParameters,
    GuardrailSpec,
    keep_mask,
    kept_mask,
    sends_before_wrap_up,
)
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SENDS, DONE = 1, 2  # slots: sends a line, and (two of them) for which active lines it is over

_NONE, _ONE = np.uint64(0), np.uint64(1)


class Parameters(GuardrailParameters):
    """How long the burn-in is."""

    name: Literal["burn_in"]
    sends: int = Field(
        100,
        ge=1,
        le=1_000_000,
        title="Burn-in",
        description="Every line gets so many sends, evenly in random order, before the policy decides anything.",
        json_schema_extra={"unit": "sends a line", "step": 50},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the sends a line; the burn-in is over for no lines yet."""
    return float(parameters.sends), 0.0, 0.0


def problem(parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse a burn-in that takes the whole campaign, or lasts beyond the start of its wrap-up."""
    lines, needed = len(scenario.arms), parameters.sends * len(scenario.arms)
    left = sends_before_wrap_up(scenario)
    if needed <= min(left, scenario.sends - 1):
        return None
    if left < scenario.sends:
        return (
            f"sends: got {parameters.sends:,}; the burn-in of {lines} lines takes {needed:,} sends, and the wrap-up A/B "
            f"starts after {left:,}. {_at_most(left // lines)}, or shorten the wrap-up."
        )
    return (
        f"sends: got {parameters.sends:,}; {lines} lines with {parameters.sends:,} sends each take {needed:,}, and "
        f"the campaign has {scenario.sends:,}. {_at_most((scenario.sends - 1) // lines)}, or send more."
    )


def _at_most(sends: int) -> str:
    return f"Enter {sends:,} or fewer" if sends >= 1 else "Remove the burn-in"


@native
def takes(
    rails: Block, start: int, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64
) -> tuple[float, np.uint64]:
    """Split everything among the lines that are still short of sends, also those that join later."""
    if kept_mask(rails, start + DONE) == active:
        return 0.0, active
    short = _NONE
    for arm in range(K):
        if may_send(active, arm) and sent[arm] < rails[start + SENDS]:
            short |= _ONE << np.uint64(arm)
    if short == _NONE:
        keep_mask(rails, start + DONE, active)
        return 0.0, active
    return 1.0, short


SPEC = GuardrailSpec(
    name="burn_in",
    title="Burn-in",
    plain="Every line gets some sends before anything is decided, so that early luck decides nothing.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    takes=takes,
    rank=5,
)
