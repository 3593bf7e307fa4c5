"""Whether a campaign lasts long enough to learn from its own replies, and how long it had better last."""

from dataclasses import dataclass

from engine.catalogue import DELAYS
from engine.delay import WaitingParameters
from engine.scenario import Scenario

ENOUGH = 0.8
"""Share of the replies that should be in."""

THIRDS = 3
"""A campaign of three times that wait has the replies to two thirds of its sends before the last one leaves."""

FRIENDLY_HOURS = (1, 2, 3, 4, 6, 8, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 672)
"""Durations that people would name: hours, days, weeks."""

_LEARNS_NOTHING = ("ab_split", "oracle")
_HALVINGS = 60


@dataclass(frozen=True)
class TooFast:
    """A campaign that is over before its replies are in; everything in hours."""

    lasts: float
    replies: float  # until ENOUGH of the replies that count are in
    better: int  # how long it had better last
    sends_per_hour: int  # the pace that makes it last about so long


def too_fast(scenario: Scenario) -> TooFast | None:
    """Return what is wrong with the pace; None where replies come in time, or nobody learns from them.

    >>> from engine.presets import PRESETS
    >>> scenario = PRESETS["late_conversions"].scenario
    >>> found = too_fast(scenario.with_changes(sends_per_hour=20_000))
    >>> too_fast(scenario), found.lasts, round(found.replies, 1), found.better, found.sends_per_hour
    (None, 1.0, 14.6, 48, 416)
    """
    if scenario.sends_per_hour is None or all(policy.name in _LEARNS_NOTHING for policy in scenario.policies):
        return None
    replies = replies_in(scenario, ENOUGH)
    lasts = scenario.sends / scenario.sends_per_hour
    if lasts >= replies:
        return None
    better = next((hours for hours in FRIENDLY_HOURS if hours >= THIRDS * replies), FRIENDLY_HOURS[-1])
    pace = scenario.sends // better
    return TooFast(lasts, replies, better, pace) if pace >= 1 else None


def replies_in(scenario: Scenario, share: float) -> float:
    """Return the hours until a share of the conversions that come inside their window are in; 0 without delay."""
    delay, spec = scenario.delay, DELAYS[scenario.delay.name]
    if not isinstance(delay, WaitingParameters) or spec.share_within is None:
        return 0.0
    low, high = 0.0, delay.window_hours
    wanted = share * spec.share_within(delay, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if spec.share_within(delay, middle) < wanted:
            low = middle
        else:
            high = middle
    return high
