"""Recurring campaigns: the same recipients get several e-mails, and a credit rule says whose conversion it was.

Each send goes to a recipient drawn at random from the list, the same for every policy. A conversion is caused by one
e-mail; the credit rule, which knows only what was sent when, gives it to the e-mails that the recipient had got by the
time it came: to the last of them, to the first, or to all alike. With it the path is over: later conversions of the
recipient are credited to later e-mails, so that no e-mail is ever credited with more than one conversion.
"""

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import Field

from engine.fields import Setting

if TYPE_CHECKING:
    from engine.scenario import Scenario

Credit = Literal["last_touch", "first_touch", "linear"]
CREDIT_RULES: tuple[Credit, ...] = ("last_touch", "first_touch", "linear")
LAST_TOUCH, FIRST_TOUCH, LINEAR = range(3)


class Recurring(Setting):
    """Who gets several e-mails, and whose conversion it is."""

    recipients: int = Field(
        2_000,
        ge=1,
        le=1_000_000,
        title="Recipients",
        description="How many people are on the list; each send goes to one of them, drawn at random.",
        json_schema_extra={"step": 100},
    )
    credit: Credit = Field(
        "last_touch",
        title="Credit",
        description="Which e-mails of its path a conversion is credited to, and so what policies learn.",
    )
    lookback_hours: float = Field(
        168.0,
        gt=0,
        le=8_760,
        title="Lookback",
        description="E-mails older than this when the conversion comes have no part in it.",
        json_schema_extra={"unit": "hours", "step": 24},
    )


class Rounds(NamedTuple):
    """A question's recurring campaign, as the loop over sends needs it."""

    recipients: int  # 0: everybody gets one e-mail
    credit: int
    lookback: int  # sends
    remembered: int  # sends that a credit rule or a cap may look back over


NO_ROUNDS = Rounds(0, LAST_TOUCH, 0, 0)


def rounds_of(scenario: "Scenario") -> Rounds:
    """Return the recurring campaign of a question."""
    recurring = scenario.recurring
    if recurring is None:
        return NO_ROUNDS
    lookback = sends_within(scenario, recurring.lookback_hours)
    cap = scenario.guardrail("frequency_cap")
    return Rounds(
        recipients=recurring.recipients,
        credit=CREDIT_RULES.index(recurring.credit),
        lookback=lookback,
        remembered=max(lookback, sends_within(scenario, cap.hours) if cap is not None else 0),
    )


def sends_within(scenario: "Scenario", hours: float) -> int:
    """Return how many sends leave within so many hours, at most those of the campaign."""
    return min(scenario.sends, math.ceil(hours * (scenario.sends_per_hour or 1)))
