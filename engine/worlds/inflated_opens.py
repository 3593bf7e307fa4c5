"""Inflated opens: policies are told of opens, many of them by machines, while clicks are what counts.

A line's given or drawn rate is the share of people who open it. Of those who open, a share that belongs to the line
clicks: it is drawn between two bounds by the world seed, and either has nothing to do with the opens, or the lines that
are opened most are clicked least ("clickbait": a promise that the e-mail does not keep). The rate of conversion is
opens * clicks per open. Some recipients' mail programs open everything by themselves, whether or not a person does; the
policy is told of an open if either does, which is opens + (1 - opens) * machine share. One random number decides both,
so who clicks is always among those who are told to have opened.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["inflated_opens"]
>>> settings = world.parameters(name="inflated_opens", machine_share=0.5, how="clickbait", world_seed=2)
>>> course = world.course(settings, [0.30, 0.24], Campaign(("You won!", "News"), 10_000, None, 1), 0, 1)
>>> course.seen.round(3).tolist()  # opens as the policy sees them: "You won!" leads
[[[0.65, 0.62]]]
>>> course.rates.round(3).tolist()  # clicks: "News" is better
[[[0.035, 0.071]]]
"""

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engine.courses import first_rates, line_keys, uniforms
from engine.drawn_rates import DrawnRates
from engine.world import Campaign, Course, Given, Rates, WorldSpec


class Parameters(DrawnRates):
    """How many opens are made by machines, and how many of the people who open click."""

    name: Literal["inflated_opens"]
    machine_share: float = Field(
        0.4,
        ge=0,
        le=1,
        title="Opened by machines",
        description="Share of recipients whose mail program opens every e-mail by itself.",
        json_schema_extra={"step": 0.05},
    )
    how: Literal["independent", "clickbait"] = Field(
        "independent",
        title="Clicks and opens",
        description="Whether clicks have nothing to do with opens, or the lines opened most are clicked least.",
    )
    click_low: float = Field(
        0.05,
        ge=0,
        le=1,
        title="Fewest clicks per open",
        description="Lower bound of the share of people who click once they have opened.",
        json_schema_extra={"step": 0.01},
    )
    click_high: float = Field(
        0.3,
        ge=0,
        le=1,
        title="Most clicks per open",
        description="Upper bound of the share of people who click once they have opened.",
        json_schema_extra={"step": 0.01},
    )

    @model_validator(mode="after")
    def _clicks_in_order(self) -> Self:
        if self.click_low > self.click_high:
            message = "click_low: got {low}, above click_high = {high}; must not be above it. Swap them."
            raise PydanticCustomError("sentence", message, {"low": self.click_low, "high": self.click_high})
        return self


def rates(parameters: Parameters, given: Sequence[Given], first: int, count: int) -> Rates:
    """Return the shares of recipients who click, float (count, K)."""
    opens, clicks = _opens_and_clicks(parameters, given, first, count)
    return np.repeat(opens * clicks, count // len(opens), axis=0)


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return one spell: clicks as rates of conversion, opens by people or machines as what the policy is told."""
    opens, clicks = _opens_and_clicks(parameters, given, first, count)
    return Course(
        ends=np.array([campaign.sends], np.int64),
        rows=np.zeros(1, np.int64),
        rates=(opens * clicks)[:, np.newaxis],
        seen=(opens + (1 - opens) * parameters.machine_share)[:, np.newaxis],
    )


def _opens_and_clicks(parameters: Parameters, given: Sequence[Given], first: int, count: int) -> tuple[Rates, Rates]:
    """Return the share of people who open, and of those the share who click, each (B, K)."""
    opens = first_rates(parameters, given, first, count)
    luck = uniforms(line_keys(parameters, len(given), first, count), 1)[:, :, 0]
    clicks = parameters.click_low + (parameters.click_high - parameters.click_low) * luck
    return opens, _least_to_most_opened(clicks, opens) if parameters.how == "clickbait" else clicks


def _least_to_most_opened(clicks: Rates, opens: Rates) -> Rates:
    """Deal the same clicks per open out anew: the most opened line gets the fewest."""
    most_opened_first: NDArray[np.int64] = np.argsort(-opens, axis=1, kind="stable")
    out = np.empty_like(clicks)
    np.put_along_axis(out, most_opened_first, np.sort(clicks, axis=1), axis=1)
    return out


SPEC = WorldSpec(
    name="inflated_opens",
    title="Inflated opens",
    plain="Policies learn from opens, which mail programs inflate; the page judges them by clicks.",
    parameters=Parameters,
    rates=rates,
    course=course,
)
