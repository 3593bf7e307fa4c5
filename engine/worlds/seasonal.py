"""Seasons: rates follow the hour of the day and the day of the week.

A line's given or drawn rate is what it gets over a whole week with equally many sends in every hour, so a line with a
higher rate is the better one, whatever hour it is. All lines share a common day and week. With a contrast, some lines
do better in the morning or at the weekend and others in the evening or on workdays; a campaign that covers only part
of a week can then crown the wrong line.

Both profiles are invented, in the shape that people who send newsletters report: few respond at night, most in the
late morning and again in the evening, more on Tuesday to Thursday than at the weekend. Put no trust in their details.

Two lines, A better over the week, in a campaign that starts on Saturday: B, the line for evenings and weekends, leads.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["seasonal"]
>>> settings = world.parameters(name="seasonal", contrast=0.2, start_day="saturday", start_hour=0)
>>> course = world.course(settings, [0.10, 0.09], Campaign(("A", "B"), 16_800, 100, 1), 0, 1)
>>> course.rates[0].mean(axis=0).round(3).tolist()  # over the week
[0.1, 0.09]
>>> course.rates[0, :48].mean(axis=0).round(3).tolist()  # over the weekend
[0.062, 0.095]
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.arithmetic import exp
from engine.courses import by_turns, first_rates, line_keys, uniforms
from engine.drawn_rates import DrawnRates
from engine.native import native
from engine.world import Campaign, Course, Given, Rates, WorldSpec

Hours = NDArray[np.float64]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

# From -1, the hour or day at which people respond least, to 1, at which they respond most.
HOURS_OF_DAY = (
    -0.70, -0.85, -0.95, -1.00, -0.95, -0.75, -0.30, 0.20, 0.55, 0.85, 1.00, 0.90,
    0.55, 0.45, 0.50, 0.45, 0.40, 0.45, 0.55, 0.70, 0.80, 0.60, 0.10, -0.40,
)  # fmt: skip
DAYS_OF_WEEK = (0.30, 1.00, 0.85, 0.70, 0.00, -1.00, -0.75)
# From 1, what suits a morning or a workday line best, to -1, what suits an evening or a weekend line best.
MORNING = (
    -0.60, -0.40, -0.20, 0.00, 0.30, 0.60, 0.85, 1.00, 1.00, 0.90, 0.75, 0.55,
    0.30, 0.10, -0.10, -0.25, -0.40, -0.55, -0.75, -0.90, -1.00, -1.00, -0.90, -0.75,
)  # fmt: skip
WORKDAY = (1.0, 1.0, 1.0, 1.0, 0.5, -1.0, -1.0)

HOURS_A_DAY = len(HOURS_OF_DAY)
WEEK = HOURS_A_DAY * len(DAYS_OF_WEEK)
MOST_NEWTON_STEPS = 100


class Parameters(DrawnRates):
    """How strongly rates follow the clock, and how differently."""

    name: Literal["seasonal"]
    daily_swing: float = Field(
        0.4,
        ge=0,
        le=2,
        title="Swing over the day",
        description="How far the best and the worst hour are from the middle; 0.4 makes small rates 1.5 times as high.",
        json_schema_extra={"unit": "logit", "step": 0.1},
    )
    weekly_swing: float = Field(
        0.2,
        ge=0,
        le=2,
        title="Swing over the week",
        description="How far the best and the worst day are from the middle.",
        json_schema_extra={"unit": "logit", "step": 0.1},
    )
    contrast: float = Field(
        0.2,
        ge=0,
        le=2,
        title="Contrast between lines",
        description="How far hours, and again days, push lines apart; 0: all lines rise and fall together.",
        json_schema_extra={"unit": "logit", "step": 0.1},
    )
    tastes: Literal["by_place", "drawn"] = Field(
        "by_place",
        title="Which line suits when",
        description="By turns: first a line for workday mornings, then one for weekends and evenings; or by chance.",
    )
    start_day: Day = Field(
        "tuesday",
        title="First day",
        description="The day of the week on which the campaign starts.",
    )
    start_hour: int = Field(
        9,
        ge=0,
        le=23,
        title="First hour",
        description="The hour of the day at which the campaign starts.",
        json_schema_extra={"unit": "o'clock"},
    )


def problem(parameters: Parameters, campaign: Campaign) -> str | None:
    """Return that the pace of the campaign is missing, or None."""
    if campaign.sends_per_hour is not None:
        return None
    return (
        f"sends_per_hour: missing; world.name = {parameters.name!r} needs it to know the hour of each send. "
        "Enter how many e-mails leave in an hour."
    )


def rates(parameters: Parameters, given: Sequence[Given], first: int, count: int) -> Rates:
    """Return the rates in the first hour, float (count, K)."""
    now = _weeks(parameters, given, first, count, hours=1)[:, 0]
    return np.repeat(now, count // len(now), axis=0)


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return a spell for each hour of the campaign; from the second week on, they share the rows of the first."""
    pace = campaign.sends_per_hour or campaign.sends
    hours = -(-campaign.sends // pace)
    return Course(
        ends=np.minimum(np.arange(1, hours + 1, dtype=np.int64) * pace, campaign.sends),
        rows=np.arange(hours, dtype=np.int64) % WEEK,
        rates=_weeks(parameters, given, first, count, min(hours, WEEK)),
    )


def _weeks(parameters: Parameters, given: Sequence[Given], first: int, count: int, hours: int) -> Rates:
    """Return the rates of the first hours, at most a week, (B, hours, K)."""
    base = first_rates(parameters, given, first, count)
    out = np.empty((len(base), hours, len(given)))
    start = HOURS_A_DAY * get_args(Day).index(parameters.start_day) + parameters.start_hour
    common = _over_the_week(parameters.daily_swing, HOURS_OF_DAY, parameters.weekly_swing, DAYS_OF_WEEK)
    contrasts = parameters.contrast * _tastes(parameters, len(given), first, count)
    fill_weeks(out, base, common, np.tile(MORNING, len(WORKDAY)), np.repeat(WORKDAY, HOURS_A_DAY), contrasts, start)
    return out


def _over_the_week(daily: float, hours: Sequence[float], weekly: float, days: Sequence[float]) -> Hours:
    return np.tile(daily * np.array(hours), len(days)) + np.repeat(weekly * np.array(days), len(hours))


def _tastes(parameters: Parameters, K: int, first: int, count: int) -> NDArray[np.float64]:
    """Return how much each line suits mornings and workdays, from -1 to 1, (B, K, 2)."""
    if parameters.tastes == "drawn":
        return 2.0 * uniforms(line_keys(parameters, K, first, count), 2) - 1.0
    shape = (count if parameters.redraw else 1, K, 2)
    return np.broadcast_to(by_turns(K)[:, np.newaxis], shape).copy()


@native(on_disk=True)
def fill_weeks(
    out: Rates,
    base: Rates,
    common: Hours,
    morning: Hours,
    workday: Hours,
    contrasts: NDArray[np.float64],
    start: int,
) -> None:
    """Let odds follow the hour, common and contrasts on the logit, so that each line's week has its base rate."""
    factors = np.empty(common.shape[0])
    for row in range(out.shape[0]):
        for arm in range(out.shape[2]):
            for hour in range(common.shape[0]):
                own = contrasts[row, arm, 0] * morning[hour] + contrasts[row, arm, 1] * workday[hour]
                factors[hour] = exp(common[hour] + own)
            odds = odds_of_week(base[row, arm], factors)
            for hour in range(out.shape[1]):
                now = odds * factors[(start + hour) % common.shape[0]]
                out[row, hour, arm] = now / (1.0 + now) if now < np.inf else 1.0


@native
def odds_of_week(rate: float, factors: Hours) -> float:
    """Return the odds which, times the factor of each hour, have this mean rate over the week; infinite for 1.

    The mean rate rises with the odds ever more slowly, so Newton's steps from below never go too far.
    """
    if rate >= 1.0:
        return np.inf
    odds = rate / (1.0 - rate) / np.max(factors)
    for _ in range(MOST_NEWTON_STEPS):
        mean, slope = 0.0, 0.0
        for factor in factors:
            miss = 1.0 / (1.0 + odds * factor)
            mean += odds * factor * miss
            slope += factor * miss * miss
        nearer = odds + (rate * factors.shape[0] - mean) / slope
        if not nearer > odds:
            break
        odds = nearer
    return odds


SPEC = WorldSpec(
    name="seasonal",
    title="Days and weeks",
    plain="Rates follow the hour and the day of the week, and not every line has its best hour at the same time.",
    parameters=Parameters,
    rates=rates,
    course=course,
    problem=problem,
)
