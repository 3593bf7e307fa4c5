"""Fatigue: a line wears out as it is sent, and only by its own sends.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["fatigue"]
>>> settings = world.parameters(name="fatigue", half_life=500, lowest=0.2)
>>> course = world.course(settings, [0.10, 0.08], Campaign(("A", "B"), 10_000, None, 1), 0, 1)
>>> freshness = course.kept ** np.array([0, 500, 1000, 10_000])
>>> (course.rates[0, 0, 0] * (course.lowest + (1 - course.lowest) * freshness)).round(4).tolist()  # of line A
[0.1, 0.06, 0.04, 0.02]
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import LN2_HIGH, LN2_LOW, exp
from engine.courses import first_rates
from engine.drawn_rates import DrawnRates, drawn_rates
from engine.world import Campaign, Course, Given, WorldSpec


class Parameters(DrawnRates):
    """How fast a line wears out, and how far."""

    name: Literal["fatigue"]
    half_life: int = Field(
        5_000,
        ge=1,
        le=100_000_000,
        title="Half-life",
        description="After this many of its own sends, a line has lost half of what it can lose.",
        json_schema_extra={"unit": "sends", "step": 100},
    )
    lowest: float = Field(
        0.3,
        ge=0,
        le=1,
        title="What stays",
        description="Share of its rate that a line keeps however often it is sent.",
        json_schema_extra={"step": 0.05},
    )


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return one spell of steady base rates, and what each own send leaves of a line's freshness."""
    return Course(
        ends=np.array([campaign.sends], np.int64),
        rows=np.zeros(1, np.int64),
        rates=first_rates(parameters, given, first, count)[:, np.newaxis],
        kept=exp.function(-(LN2_HIGH + LN2_LOW) / parameters.half_life),
        lowest=parameters.lowest,
    )


SPEC = WorldSpec(
    name="fatigue",
    title="Lines wear out",
    plain="The more often a line is sent, the less it converts; the others stay fresh meanwhile.",
    parameters=Parameters,
    rates=drawn_rates,
    course=course,
)
