"""Wrap-up A/B: the last part of the campaign is an even split, analysed alone, to check what the policy found."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from engine.guardrail import Block, GuardrailParameters, GuardrailSpec, sends_before_wrap_up
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


def prepare(_parameters: Parameters, scenario: "Scenario") -> tuple[float, ...]:
    """Return the first send.

    >>> from engine import Scenario
    >>> lines, policies = [{"name": "A"}, {"name": "B"}], [{"name": "ab_split"}]
    >>> rails = [{"name": "wrap_up_ab", "share": 0.1}]
    >>> scenario = Scenario.from_dict({"arms": lines, "policies": policies, "sends": 10_000, "guardrails": rails})
    >>> prepare(scenario.guardrails[0], scenario)
    (9000.0,)
    """
    return (float(sends_before_wrap_up(scenario)),)


@native
def takes(
    rails: Block, start: int, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64
) -> tuple[float, np.uint64]:
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
