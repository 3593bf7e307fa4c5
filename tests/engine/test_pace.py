"""Sends that are over before anybody can learn from them, and the pace that mends it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine import Scenario, compare, simulate
from engine.pace import hours_until_known, hurry
from engine.presets import PRESETS

LATE = PRESETS["late_conversions"].scenario


def late(**changes: Any) -> Scenario:
    return LATE.with_changes(**changes)


def test_most_replies_are_known_when_the_law_says_so() -> None:
    wide = late(delay={"name": "log_normal", "median_hours": 4.0, "spread": 3.0, "window_hours": 8_760.0})
    assert hours_until_known(wide) == pytest.approx(stats.lognorm.ppf(0.8, s=1.0986122886681098, scale=4.0), rel=1e-6)
    waits = late(delay={"name": "exponential", "mean_hours": 6.0, "window_hours": 6.0})
    inside = stats.expon.cdf(1.0) * 0.8
    assert hours_until_known(waits) == pytest.approx(6.0 * stats.expon.ppf(inside), rel=1e-6), (
        "of those inside the window"
    )


def test_replies_that_count_when_the_window_has_closed_are_known_then() -> None:
    assert hours_until_known(late(delay=LATE.to_dict()["delay"] | {"learn_when": "window_closed"})) == 72.0


def test_a_send_of_a_day_leaves_time_and_one_of_minutes_does_not() -> None:
    assert hurry(LATE) is None
    found = hurry(late(sends_per_hour=60_000))
    assert found is not None
    assert found.send_hours == pytest.approx(1 / 3)
    assert found.waits_for_replies
    assert found.paced_hours == 24


def test_what_is_known_at_once_needs_no_pace() -> None:
    assert hurry(late(delay={"name": "none"}, sends_per_hour=60_000)) is None
    assert hurry(late(delay={"name": "none"}, sends_per_hour=None)) is None


def test_a_first_decision_after_the_end_teaches_nothing_in_time() -> None:
    soon = {"name": "exponential", "mean_hours": 0.1}
    daily = late(delay=soon, update_every="daily", sends_per_hour=1_000)
    found = hurry(daily)
    assert found is not None
    assert not found.waits_for_replies
    assert found.paced_hours == 48
    once = hurry(late(delay=soon, update_every=20_000, sends_per_hour=1_000))
    assert once is not None
    assert once.paced_hours is None, "no pace brings a decision"


def test_too_few_sends_cannot_be_paced() -> None:
    found = hurry(late(sends=5, sends_per_hour=100))
    assert found is not None
    assert found.sends_per_hour is None


@given(
    sends=st.integers(1, 1_000_000),
    pace=st.integers(1, 1_000_000),
    median=st.floats(0.001, 1_000),
    spread=st.floats(1.01, 100),
    window=st.floats(0.01, 8_760),
    cadence=st.sampled_from([1, 500, "hourly", "daily"]),
    learn_when=st.sampled_from(["arrival", "window_closed"]),
)
def test_the_pace_that_is_advised_helps(
    sends: int, pace: int, median: float, spread: float, window: float, cadence: Any, learn_when: str
) -> None:
    delay = {"name": "log_normal", "median_hours": median, "spread": spread, "window_hours": window}
    scenario = late(sends=sends, sends_per_hour=pace, update_every=cadence, delay=delay | {"learn_when": learn_when})
    found = hurry(scenario)
    if found is not None and found.sends_per_hour is not None:
        assert found.sends_per_hour <= pace
        assert hurry(scenario.with_changes(sends_per_hour=found.sends_per_hour)) is None


def test_a_policy_earns_much_more_at_the_pace_that_is_advised() -> None:
    fast = late(sends_per_hour=20_000, replications=100)
    found = hurry(fast)
    assert found is not None

    def gain(scenario: Scenario) -> float:
        return float(compare(simulate(scenario))["policies"][1]["extra"]["mean"])

    assert gain(fast.with_changes(sends_per_hour=found.sends_per_hour)) > 3 * max(1.0, gain(fast))


def test_where_nobody_learns_nobody_is_hurried() -> None:
    policies = [{"name": "ab_split"}, {"name": "oracle"}]
    assert hurry(late(sends_per_hour=60_000, policies=policies)) is None
    assert hurry(late(sends_per_hour=60_000, policies=[*policies, {"name": "ucb1"}])) is not None
