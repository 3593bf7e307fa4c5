"""Holdout: some recipients always get the even split and never feed learning, to measure all lines cleanly."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native

if TYPE_CHECKING:
    from engine.scenario import Scenario

SHARE = 1  # slot


class Parameters(GuardrailParameters):
    """How many are held out."""

    name: Literal["holdout"]
    share: float = Field(
        0.1,
        gt=0,
        lt=1,
        title="Holdout",
        description="This share of recipients, drawn at random, gets an even split and is kept from the policy.",
        json_schema_extra={"step": 0.01},
    )


def prepare(parameters: Parameters, _scenario: "Scenario") -> tuple[float, ...]:
    """Return the share."""
    return (parameters.share,)


@native
def takes(
    rails: Block, start: int, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64
) -> tuple[float, np.uint64]:
    """Split the share evenly; the same recipients for every policy, as the draw depends on nothing else."""
    return rails[start + SHARE], active


SPEC = GuardrailSpec(
    name="holdout",
    title="Holdout",
    plain="A share of recipients always gets the even split and teaches the policy nothing: a clean measurement.",
    parameters=Parameters,
    prepare=prepare,
    takes=takes,
    rank=1,
    is_learnt=False,
    is_told_apart=True,
)
