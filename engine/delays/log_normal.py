"""Log-normal delay: hardly anybody answers in the first minutes, and a few take days.

>>> from engine.delays.log_normal import SPEC
>>> parameters = SPEC.parameters(name="log_normal", median_hours=4.0, spread=3.0)
>>> [round(SPEC.share_within(parameters, hours), 4) for hours in (4.0, 12.0)]  # the median, and one spread above it
[0.5, 0.8413]
"""

import math
from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import exp, log
from engine.delay import DelaySpec, WaitingParameters
from engine.native import native
from engine.rng import normal


class Parameters(WaitingParameters):
    """How long a conversion takes, and how much that varies."""

    name: Literal["log_normal"]
    median_hours: float = Field(
        4.0,
        gt=0,
        le=1_000,
        title="Median wait",
        description="Half of those who convert do so within this time.",
        json_schema_extra={"unit": "hours", "step": 1},
    )
    spread: float = Field(
        3.0,
        gt=1,
        le=100,
        title="Spread factor",
        description="Two in three conversions come between the median divided by this and the median times this.",
        json_schema_extra={"step": 0.5},
    )


def numbers(parameters: Parameters) -> tuple[float, float]:
    """Return the mean and the standard deviation of the hours' logarithm."""
    return log.function(parameters.median_hours), log.function(parameters.spread)


def share_within(parameters: Parameters, hours: float) -> float:
    """Return the chance that a conversion comes within so many hours."""
    z = math.log(hours / parameters.median_hours) / math.log(parameters.spread)
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


@native
def hours(mean: float, deviation: float, key: np.uint64) -> float:
    """Draw the hours until one conversion."""
    z, _ = normal(key)
    return exp(mean + deviation * z)


SPEC = DelaySpec(
    name="log_normal",
    title="Within hours, some days",
    plain="Hardly anybody answers in the first minutes, most within hours, and a few after days (log-normal).",
    parameters=Parameters,
    numbers=numbers,
    hours=hours,
    share_within=share_within,
)
