"""Minimum share: whatever happens, every line keeps a share of the traffic.

Additive: with K lines active, each has the chance share + (1 - K share) w, where w is the policy's own. Clipping a
policy's chances and scaling them back would break the promise.
"""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from engine.choosing import how_many
from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SHARE = 1  # slot


class Parameters(GuardrailParameters):
    """How much every line keeps."""

    name: Literal["minimum_share"]
    share: float = Field(
        0.05,
        gt=0,
        le=0.5,
        title="Minimum share",
        description="Every line gets at least this share of the traffic, at every send.",
        json_schema_extra={"step": 0.01},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the share."""
    return (parameters.share,)


def problem(parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse shares that add up to more than everything."""
    lines = len(scenario.arms)
    if lines * parameters.share <= 1.0 + 1e-12:
        return None
    return (
        f"share: got {parameters.share:.4g}; {lines} lines at {parameters.share:.4g} need "
        f"{lines * parameters.share:.4g} of the traffic. Enter {_below(1 / lines)} or less, or remove lines."
    )


def _below(share: float) -> str:
    """Write a share rounded down to four digits, so that entering it does what was promised."""
    return f"{int(share * 10_000) / 10_000:g}"


@native
def takes(
    rails: Block, start: int, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64
) -> tuple[float, np.uint64]:
    """Split evenly what adds up to the share for each active line."""
    return rails[start + SHARE] * how_many(active, K), active


SPEC = GuardrailSpec(
    name="minimum_share",
    title="Minimum share",
    plain="Every line keeps at least this share of the traffic to the end, so that no slow starter is shut out.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    takes=takes,
    rank=3,
)
