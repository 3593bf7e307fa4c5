"""The contract of a delay: how long a conversion takes to arrive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from engine.fields import Setting
from engine.native import Native


class DelayParameters(Setting):
    """What the settings of every delay share."""

    name: str


class WaitingParameters(DelayParameters):
    """What the settings of every delay share that makes anybody wait."""

    window_hours: float = Field(
        72.0,
        gt=0,
        le=8_760,
        title="Attribution window",
        description="A conversion counts only if it comes within so many hours of its e-mail; later ones are lost.",
        json_schema_extra={"unit": "hours", "step": 1},
    )
    learn_when: Literal["arrival", "window_closed"] = Field(
        "arrival",
        title="Learn",
        description=(
            "On arrival: a send counts as a miss until its conversion comes. When the window has closed: neither counts "
            "before, which is slower and unbiased."
        ),
    )


@dataclass(frozen=True)
class DelaySpec:
    """A delay as the registry sees it; one without `hours` makes nobody wait.

    `numbers(parameters)` returns the two numbers that describe the law of the hours;
    `hours(a, b, key)` draws from it, at least 0;
    `share_within(parameters, hours)` returns the chance of at most so many hours.
    """

    name: str
    title: str
    plain: str
    parameters: type[DelayParameters]
    numbers: Callable[[Any], tuple[float, float]] | None = None
    hours: Native[..., float] | None = None
    share_within: Callable[[Any, float], float] | None = None
