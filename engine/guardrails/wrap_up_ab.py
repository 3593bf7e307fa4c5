"""Wrap-up A/B: the last part of the campaign is an even split, analysed alone, to check what the policy found."""

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

FIRST = 1  # slot: the first send of the wrap-up


class Parameters(GuardrailParameters):
    """How much of the campaign is the wrap-up."""

    name: Literal["wrap_up_ab"]
    share: float = Field(
        0.1,
        gt=0,
        lt=1,
        title="Wrap-up A/B",
        description="The last share of the sends is split evenly and analysed on its own.",
        json_schema_extra={"step": 0.01},
    )


def first_send(parameters: Parameters, sends: int) -> int:
    """Return the number of the wrap-up's first send; it has at least one.

    >>> first_send(Parameters(name="wrap_up_ab", share=0.1), 10_000)
    9000
    """
    return sends - min(sends, math.ceil(parameters.share * sends - 1e-9))


def prepare(parameters: Parameters, scenario: "Scenario") -> tuple[float, ...]:
    """Return the first send."""
    return (float(first_send(parameters, scenario.sends)),)


@native
def takes(rails: Block, start: int, K: int, t: int, sent: np.ndarray, active: np.uint64) -> tuple[float, np.uint64]:
    """Split everything evenly from the first send of the wrap-up on."""
    return (1.0 if t >= rails[start + FIRST] else 0.0), active


SPEC = GuardrailSpec(
    name="wrap_up_ab",
    title="Wrap-up A/B",
    plain="The end of the campaign is a plain even split, analysed alone: does the effect hold?",
    parameters=Parameters,
    prepare=prepare,
    takes=takes,
    rank=2,
    is_told_apart=True,
)
