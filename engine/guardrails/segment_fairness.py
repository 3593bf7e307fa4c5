"""Segment fairness: in every segment, every line really gets a share of the e-mails, so that nobody is left out.

A minimum share is a chance, and holds in each segment on average. This one counts: whenever a line has had less than its
share of what a segment got, the next recipient there gets it.
"""

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from engine.choosing import may_send
from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SHARE = 1  # slot

_NONE, _ONE = np.uint64(0), np.uint64(1)


class Parameters(GuardrailParameters):
    """How much every line gets in every segment."""

    name: Literal["segment_fairness"]
    share: float = Field(
        0.05,
        gt=0,
        le=0.5,
        title="Segment fairness",
        description="Every line gets at least this share of the e-mails in every segment, as counted.",
        json_schema_extra={"step": 0.01},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the share."""
    return (parameters.share,)


def problem(parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse shares that add up to more than everything, and segments that are not there."""
    lines = len(scenario.arms)
    if lines * parameters.share > 1.0 + 1e-12:
        return (
            f"share: got {parameters.share:.4g}; {lines} lines at {parameters.share:.4g} need "
            f"{lines * parameters.share:.4g} of every segment. Enter {math.floor(10_000 / lines) / 10_000:g} or less, or "
            f"remove lines."
        )
    if not scenario.is_segmented:
        return "name: got segment_fairness, and all recipients are alike. Add segments, or take minimum_share."
    return None


@native
def takes(
    rails: Block, start: int, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64
) -> tuple[float, np.uint64]:
    """Take the recipient whenever a line is short of its share of the segment; split among the lines that are."""
    so_far = np.int64(0)
    for arm in range(K):
        so_far += within[here * K + arm]
    due, short = np.floor(rails[start + SHARE] * (so_far + 1)), _NONE
    for arm in range(K):
        if may_send(active, arm) and within[here * K + arm] < due:
            short |= _ONE << np.uint64(arm)
    return (1.0 if short != _NONE else 0.0), short if short != _NONE else active


SPEC = GuardrailSpec(
    name="segment_fairness",
    title="Segment fairness",
    plain="Every line gets at least its share of the e-mails in every segment, so that no audience sees only one.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    takes=takes,
    needs="segments",
    rank=4,
)
