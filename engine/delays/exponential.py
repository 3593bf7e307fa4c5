"""Exponential delay: at every moment the same chance that a conversion still to come comes now.

>>> from engine.delays.exponential import SPEC
>>> six_hours = SPEC.parameters(name="exponential", mean_hours=6.0)
>>> round(SPEC.share_within(six_hours, 6.0), 4)  # 1 - 1 / e
0.6321
"""

import math
from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import log
from engine.delay import DelaySpec, WaitingParameters
from engine.native import native
from engine.rng import mix, open_unit


class Parameters(WaitingParameters):
    """How long a conversion takes on average."""

    name: Literal["exponential"]
    mean_hours: float = Field(
        6.0,
        gt=0,
        le=1_000,
        title="Average wait",
        description="Hours between an e-mail and its conversion, on average over those who convert.",
        json_schema_extra={"unit": "hours", "step": 1},
    )


def numbers(parameters: Parameters) -> tuple[float, float]:
    """Return the mean; the second number is not used."""
    return parameters.mean_hours, 0.0


def share_within(parameters: Parameters, hours: float) -> float:
    """Return the chance that a conversion comes within so many hours."""
    return -math.expm1(-hours / parameters.mean_hours)


@native
def hours(mean: float, _unused: float, key: np.uint64) -> float:
    """Draw the hours until one conversion."""
    return -log(open_unit(mix(key))) * mean


SPEC = DelaySpec(
    name="exponential",
    title="Soon, ever fewer later",
    plain="Most conversions come soon, some much later: half of them within 0.7 times the average (exponential).",
    parameters=Parameters,
    numbers=numbers,
    hours=hours,
    share_within=share_within,
)
