"""What shows of changing rates: found where they are, seldom where there are none, and with the truth beside it."""

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Scenario
from engine.detectors import glr_changes
from engine.drift import FALSE_ALARMS, NEVER, Answers, drift, noticed_at, reaction
from engine.simulation import trace
from tests.engine.scenarios import scenario, scenario_dicts

RATES = (0.5, 0.3, 0.4)
PAIR = ("ab_split", "thompson")
CAMPAIGNS = 200
FEW_HOURS = {"name": "log_normal", "window_hours": 24}


def changing(line: int, at: int, rate: float, **fields: Any) -> Scenario:
    world = {"name": "change_point", "changes": [{"arm": f"line {line}", "at": at, "rate": rate}]}
    return scenario(*PAIR, rates=RATES, world=world, **fields)


@pytest.mark.parametrize(("line", "at", "rate"), [(0, 4_000, 0.2), (1, 6_000, 0.7), (2, 5_000, 0.7)])
def test_a_change_is_found_where_it_is(line: int, at: int, rate: float) -> None:
    first = next(found for found in drift(changing(line, at, rate))["findings"] if found["line"] == line)
    assert abs(first["around"] - at) < 100
    assert at < first["noticed"] < at + 1_000
    assert (first["true_before"], first["true_after"]) == pytest.approx((RATES[line], rate), abs=0.02)
    assert (first["before"], first["settled"]) == pytest.approx((RATES[line], rate), abs=0.06)
    assert first["is_real"]


def test_steady_campaigns_seldom_raise_an_alarm() -> None:
    asked = scenario("ab_split", "thompson", rates=(0.2, 0.3), sends=1_500)
    alarms = sum(bool(drift(asked, campaign)["findings"]) for campaign in range(CAMPAIGNS))
    assert alarms <= FALSE_ALARMS * CAMPAIGNS


def test_late_conversions_make_hasty_alarms_and_no_findings() -> None:
    told = drift(scenario(*PAIR, rates=RATES, delay={"name": "log_normal"}, sends_per_hour=100))
    assert told["hasty"] > 0
    assert told["findings"] == []
    assert told["waits"] == 7_200
    assert told["open_from"] == 10_000 - 7_200


def test_a_real_change_is_found_among_late_conversions_once_windows_have_closed() -> None:
    told = drift(changing(0, 4_000, 0.1, delay=FEW_HOURS, sends_per_hour=50))
    assert [(found["line"], found["is_real"]) for found in told["findings"]] == [(0, True)]
    assert abs(told["findings"][0]["around"] - 4_000) < 100
    assert told["findings"][0]["noticed"] > 4_000 + told["waits"]


def test_an_instant_world_has_no_hasty_alarms() -> None:
    told = drift(changing(0, 4_000, 0.2))
    assert (told["hasty"], told["waits"], told["open_from"]) == (0, 0, None)


def test_a_false_alarm_is_told_as_one() -> None:
    """A campaign that chance picked: of steady ones, a few raise an alarm."""
    asked = scenario("ab_split", "thompson", rates=(0.2, 0.3), sends=1_500)
    findings = [found for campaign in range(CAMPAIGNS) for found in drift(asked, campaign)["findings"]]
    assert findings
    assert not any(found["is_real"] for found in findings)
    assert all(found["true_before"] == found["true_after"] for found in findings)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=400), st.sampled_from([0.01, 1.0, 50.0]))
def test_without_delay_it_is_the_detector_of_the_policies(won: list[int], delta: float) -> None:
    sent = np.arange(len(won))
    answers = Answers(sent, np.where(won, sent + 1, NEVER), sent + 1, np.full(len(won), 0.5), np.full(len(won), 0.5))
    places = glr_changes([1] * len(won), won, delta=delta)
    # The question about the last answer would be put before the next one.
    expected = [place + 1 for place in places if place + 1 < len(won)]
    assert noticed_at(answers, len(won), delta) == expected


@pytest.mark.parametrize("steps", [1, 137, 800])
def test_the_time_that_traffic_takes_is_that_of_the_step(steps: int) -> None:
    got = np.zeros(10_000, bool)
    got[: 5_000 + steps] = True
    moved = reaction(got, 0, 5_000, 10_000)
    assert (moved["before"], moved["after"]) == (1, 0)
    assert moved["took"] == pytest.approx(steps, abs=1)


def test_traffic_that_hardly_moved_took_no_time() -> None:
    even = np.arange(10_000) % 5 == 0
    moved = reaction(even, 0, 5_000, 10_000)
    assert (moved["before"], moved["after"]) == pytest.approx((0.2, 0.2), abs=0.001)
    assert moved["took"] is None


def test_a_policy_that_forgets_follows_sooner_than_one_that_does_not() -> None:
    windowed = {"name": "sliding_window_thompson", "window": 1_000}
    asked = changing(0, 5_000, 0.2).with_changes(policies=[{"name": "ab_split"}, {"name": "thompson"}, windowed])
    even, thompson, window = drift(asked)["findings"][0]["reactions"]
    assert even["took"] is None
    assert thompson["took"] is not None
    assert window["took"] is not None
    assert window["took"] < thompson["took"]


@given(scenario_dicts())
def test_counts_are_those_of_the_campaign_and_all_is_plain_json(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    told, K = drift(asked), len(asked.arms)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    for place, policy in enumerate(told["policies"]):
        every = trace(asked, place)
        sends = np.reshape(policy["sends"], (-1, K))
        assert sends.sum(axis=0).tolist() == np.bincount(every.arms, minlength=K).tolist()
        assert sends.sum(axis=1).tolist() == np.diff(told["edges"]).tolist()
        arrived = (every.answers == 1) & (every.arrives <= asked.sends)
        assert sum(policy["conversions"]) == arrived.sum()


def test_when_a_policy_learns_whom_a_line_suits_its_recipients_change_and_not_its_rate() -> None:
    """Line B converts desktops far better than phones; from the half on the policy sends it to desktops alone."""
    asked = scenario(
        "segment_thompson",
        rates=(0.3, 0.1),
        sends=8_000,
        segments={
            "device": [{"name": "Mobile", "share": 0.5}, {"name": "Desktop", "share": 0.5, "multipliers": [1, 8]}]
        },
    )
    learned = trace(asked, 0)
    everybody = np.arange(8_000) < 4_000
    evenly = trace(asked.with_changes(policies=[{"name": "ab_split"}]), 0)
    arms = np.where(everybody, evenly.arms, learned.segments).astype(np.uint8)
    answers = np.where(everybody, evenly.answers, learned.answers)
    mixed = dataclasses.replace(evenly, arms=arms, answers=answers)
    told = [found for found in drift(asked, ran=[mixed])["findings"] if found["line"] == 1]
    assert [(found["is_mix"], found["is_real"]) for found in told] == [(True, False)]
    assert told[0]["true_after"] == pytest.approx(0.8, abs=0.01)
    assert told[0]["true_before"] == pytest.approx(0.45, abs=0.05)
