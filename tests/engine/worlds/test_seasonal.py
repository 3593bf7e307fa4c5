"""Rates that follow the clock. Statistical checks fail a correct world once in a million seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from engine.worlds.seasonal import DAYS_OF_WEEK, HOURS_OF_DAY, MORNING, WEEK, WORKDAY
from tests.engine.worlds.courses import case

RARE = 1e-6
BASE = (0.1, 0.09, 0.4)
STEADY = {"daily_swing": 0.0, "weekly_swing": 0.0, "contrast": 0.0}
AT_THE_START_OF_A_WEEK = {"start_day": "monday", "start_hour": 0}
strength = st.floats(0, 2)


def week(**settings: object) -> np.ndarray:
    """Rates of the lines in each hour of a week that starts on Monday, (168, K)."""
    rates: np.ndarray = case("seasonal", [*BASE], WEEK, pace=1, **AT_THE_START_OF_A_WEEK, **settings).course().rates[0]
    return rates


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), strength, strength, strength, st.integers(0, 23))
def test_a_whole_week_has_the_rates_that_were_given(
    base: list[float], daily: float, weekly: float, contrast: float, start: int
) -> None:
    swings = {"daily_swing": daily, "weekly_swing": weekly, "contrast": contrast, "start_hour": start}
    rates = case("seasonal", [*base], 3 * WEEK, pace=3, **swings).course().rates[0]
    np.testing.assert_allclose(rates.mean(axis=0), base, rtol=1e-6, atol=1e-300)


def test_without_swings_and_contrast_rates_are_steady() -> None:
    np.testing.assert_allclose(week(**STEADY), np.tile(BASE, (WEEK, 1)), rtol=1e-12)


@given(strength, strength)
def test_odds_follow_the_profiles(daily: float, weekly: float) -> None:
    logits = special.logit(week(daily_swing=daily, weekly_swing=weekly, contrast=0.0)).reshape(7, 24, 3)
    hours, days = logits - logits[:, :1], logits - logits[:1]
    expected_hours = daily * (np.array(HOURS_OF_DAY) - HOURS_OF_DAY[0])
    expected_days = weekly * (np.array(DAYS_OF_WEEK) - DAYS_OF_WEEK[0])
    np.testing.assert_allclose(hours, np.broadcast_to(expected_hours[:, np.newaxis], hours.shape), atol=1e-9)
    np.testing.assert_allclose(days, np.broadcast_to(expected_days[:, np.newaxis, np.newaxis], days.shape), atol=1e-9)


@given(strength)
def test_a_contrast_pushes_lines_apart_by_turns(contrast: float) -> None:
    logits = special.logit(week(**STEADY | {"contrast": contrast})).reshape(7, 24, 3)
    moves = logits - logits[:1, :1]
    pull = np.add.outer(np.array(WORKDAY) - WORKDAY[0], np.array(MORNING) - MORNING[0])
    for arm, sign in enumerate((1, -1, 1)):
        np.testing.assert_allclose(moves[:, :, arm], sign * contrast * pull, atol=1e-9)


def test_without_contrast_the_better_line_is_better_in_every_hour() -> None:
    rates = week(daily_swing=2.0, weekly_swing=2.0, contrast=0.0)
    assert (rates[:, 0] > rates[:, 1]).all()
    assert rates[:, 0].max() > 5 * rates[:, 0].min()


def test_a_weekend_crowns_the_wrong_line() -> None:
    """The second line is worse over the week, as asked for, and leads from Saturday to Sunday night."""
    course = case("seasonal", [0.10, 0.09], 4_800, pace=100, start_day="saturday", start_hour=0).course()
    assert course.rates.shape == (1, 48, 2)
    over_the_weekend = course.rates[0].mean(axis=0)
    assert over_the_weekend[1] > 1.2 * over_the_weekend[0]


def test_drawn_tastes_belong_to_lines_and_are_even() -> None:
    settings = STEADY | {"contrast": 1.0} | AT_THE_START_OF_A_WEEK
    world = case("seasonal", [0.2, 0.2], WEEK, pace=1, tastes="drawn", redraw=True, **settings)
    logits = special.logit(world.course(0, 3_000).rates).reshape(3_000, 7, 24, 2)
    mornings = (logits[:, 0, 7] - logits[:, 0, 20]) / (MORNING[7] - MORNING[20])
    workdays = (logits[:, 0, 7] - logits[:, 6, 7]) / (WORKDAY[0] - WORKDAY[6])
    for tastes in (mornings, workdays):
        for arm in range(2):
            assert stats.kstest(tastes[:, arm], stats.uniform(-1, 2).cdf).pvalue > RARE
    assert stats.spearmanr(mornings[:, 0], mornings[:, 1]).pvalue > RARE
    assert stats.spearmanr(mornings[:, 0], workdays[:, 0]).pvalue > RARE


@pytest.mark.parametrize(("day", "place"), [("monday", 0), ("tuesday", 1), ("sunday", 6)])
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_the_campaign_starts_when_asked_to(day: str, place: int, hour: int) -> None:
    course = case("seasonal", [*BASE], 200, pace=1, start_day=day, start_hour=hour).course()
    np.testing.assert_array_equal(course.rates[0], np.roll(week(), -(24 * place + hour), axis=0))


@given(st.integers(1, 3_000), st.integers(1, 400))
def test_a_spell_is_an_hour_and_weeks_repeat(sends: int, pace: int) -> None:
    course = case("seasonal", [*BASE], sends, pace=pace).course()
    hour_of_send = np.arange(sends) // pace
    assert course.ends.tolist() == [*range(pace, sends, pace), sends]
    assert np.repeat(course.rows, np.diff(course.ends, prepend=0)).tolist() == (hour_of_send % WEEK).tolist()
    assert course.rates.shape == (1, min(len(course.ends), WEEK), 3)


def test_profiles_are_between_their_bounds() -> None:
    for profile in (HOURS_OF_DAY, DAYS_OF_WEEK, MORNING, WORKDAY):
        assert (min(profile), max(profile)) == (-1, 1)
    assert (len(HOURS_OF_DAY), len(MORNING), len(DAYS_OF_WEEK), len(WORKDAY)) == (24, 24, 7, 7)


def test_the_pace_of_the_campaign_must_be_known() -> None:
    assert case("seasonal", [*BASE], 100).problem() == (
        "sends_per_hour: missing; world.name = 'seasonal' needs it to know the hour of each send. "
        "Enter how many e-mails leave in an hour."
    )
    assert case("seasonal", [*BASE], 100, pace=10).problem() is None
