"""Pause rule: a line about which too many recipients complain is taken out for the rest of the campaign."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

LIMIT, FEWEST_SENDS = 1, 2  # slots


class Parameters(GuardrailParameters):
    """When a line is taken out."""

    name: Literal["pause_rule"]
    limit: float = Field(
        0.001,
        gt=0,
        lt=1,
        title="Most complaints",
        description="A line whose share of complaints is above this is paused; mailbox providers ask for under 0.1%.",
        json_schema_extra={"step": 0.001},
    )
    after_sends: int = Field(
        500,
        ge=1,
        le=1_000_000,
        title="Looked at from",
        description="Sends of a line before its complaints are judged.",
        json_schema_extra={"unit": "sends a line", "step": 100},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the limit and the sends before it is looked at."""
    return parameters.limit, float(parameters.after_sends)


@native
def pauses(rails: Block, start: int, K: int, arm: int, sent: np.ndarray, complaints: np.ndarray) -> bool:
    """Tell whether the line's complaints are above the limit."""
    if sent[arm] < rails[start + FEWEST_SENDS]:
        return False
    return bool(complaints[arm] > rails[start + LIMIT] * sent[arm])


SPEC = GuardrailSpec(
    name="pause_rule",
    title="Pause rule",
    plain="A line that draws too many complaints is stopped for good; the last line left is never stopped.",
    parameters=Parameters,
    prepare=prepare,
    pauses=pauses,
)
