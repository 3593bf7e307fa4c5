"""Frequency cap: nobody gets more than so many e-mails in so many hours.

It looks at nothing but when a recipient was contacted before, so the same contacts are left out whatever the policy: a
contact that is left out uses up the number of its send, and nobody learns anything from it.
"""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from engine.guardrail import Block, GuardrailParameters, GuardrailSpec
from engine.native import native
from engine.recurring import sends_within

if TYPE_CHECKING:
    from engine.scenario import Scenario

MOST, SPAN = 1, 2  # slots: e-mails, and in how many sends


class Parameters(GuardrailParameters):
    """How many e-mails a recipient may get, and in which time."""

    name: Literal["frequency_cap"]
    most: int = Field(
        3,
        ge=1,
        le=1_000,
        title="Most e-mails",
        description="A recipient who has had so many in the time below is left out until the oldest is past it.",
        json_schema_extra={"unit": "e-mails", "step": 1},
    )
    hours: float = Field(
        168.0,
        gt=0,
        le=8_760,
        title="In a time of",
        description="The time in which e-mails are counted; 168 hours are a week.",
        json_schema_extra={"unit": "hours", "step": 24},
    )


def prepare(parameters: Parameters, scenario: "Scenario") -> tuple[float, ...]:
    """Return how many e-mails, and the sends that leave in the hours."""
    return float(parameters.most), float(sends_within(scenario, parameters.hours))


def problem(_parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse a cap where everybody gets one e-mail anyway."""
    if scenario.recurring is not None:
        return None
    return "name: got frequency_cap, and everybody gets one e-mail. Make the campaign recurring, or remove the cap."


@native
def skips(rails: Block, start: int, t: int, latest: int, earlier: Any, ring: int) -> bool:
    """Tell whether the recipient has had as many e-mails as allowed within the time before send t."""
    oldest, left = t - int(rails[start + SPAN]), int(rails[start + MOST])
    while latest >= 0 and latest > oldest:
        left -= 1
        if left == 0:
            return True
        latest = int(earlier[latest & ring])
    return False


SPEC = GuardrailSpec(
    name="frequency_cap",
    title="Frequency cap",
    plain="Nobody gets more than so many e-mails in so many hours; contacts beyond that are left out.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    skips=skips,
    needs="recurring",
)
