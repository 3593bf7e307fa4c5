"""Chances under guardrails: exact by hand, together 1, within every promise, and as often as lines are really sent."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine import POLICIES, Scenario
from engine.guarded import chances
from tests.engine.scenarios import scenario, scenario_dicts
from tests.engine.witness import witness

RARE = float(stats.norm.isf(0.5e-5))
"""Standard errors beyond which a correct engine's sum lies once in 100,000 seeds, either way."""

MINIMUM = {"name": "minimum_share", "share": 0.05}
MAXIMUM = {"name": "maximum_share", "share": 0.5}
HOLDOUT = {"name": "holdout", "share": 0.1}
BURN_IN = {"name": "burn_in", "sends": 30}
WRAP_UP = {"name": "wrap_up_ab", "share": 0.2}
PAUSE = {"name": "pause_rule", "limit": 0.05, "after_sends": 40}
STOP = {"name": "stop_rule", "after_sends": 200}


# By hand


def test_without_guardrails_it_is_the_policys_own() -> None:
    asked = scenario("ab_split", {"name": "epsilon_greedy", "epsilon": 0.2}, rates=(0.0, 1.0), sends=500)
    assert chances(asked, 0).tolist() == [[0.5, 0.5]] * 500
    np.testing.assert_allclose(chances(asked, 1, at=[499]), [[0.1, 0.9]], rtol=1e-15)


def test_each_guardrail_takes_its_part_of_what_the_earlier_ones_left() -> None:
    """Holdout 10%, even; of the rest, 5% for each of two lines; of the rest, epsilon-greedy's 10% and 90%."""
    policy = {"name": "epsilon_greedy", "epsilon": 0.2}
    asked = scenario(policy, rates=(0.0, 1.0), sends=1_000, guardrails=[HOLDOUT, MINIMUM])
    loser = 0.05 + 0.9 * (0.05 + 0.9 * 0.1)
    np.testing.assert_allclose(chances(asked, at=[999]), [[loser, 1 - loser]], rtol=1e-14)


def test_a_line_at_its_cap_gets_only_what_guardrails_send() -> None:
    """The oracle sends the best line whenever it may: half of the time, as it and the holdout fill the cap."""
    asked = scenario("oracle", rates=(0.1, 0.9), sends=1_000, guardrails=[HOLDOUT, MAXIMUM])
    sent, found = witness(asked).sent, chances(asked)
    for t, row in enumerate(found):
        at_cap = sent[t, 1] >= math.ceil(0.5 * (t + 1))
        np.testing.assert_allclose(row, [0.95, 0.05] if at_cap else [0.05, 0.95], rtol=1e-14)
    assert {*found[:, 1].round(2).tolist()} == {0.05, 0.95}


def test_burn_in_and_wrap_up_leave_the_policy_nothing() -> None:
    asked = scenario("oracle", rates=(0.1, 0.9, 0.2), sends=1_000, guardrails=[BURN_IN, WRAP_UP])
    sent, found = witness(asked).sent, chances(asked)
    for t, row in enumerate(found):
        short = sent[t] < 30
        if short.any():
            np.testing.assert_allclose(row, short / short.sum(), rtol=1e-14)
        else:
            expected = [1 / 3, 1 / 3, 1 / 3] if t >= 800 else [0.0, 1.0, 0.0]
            np.testing.assert_allclose(row, expected, rtol=1e-14)


def test_a_line_that_is_paused_or_not_there_has_no_chance() -> None:
    arms = [{"name": name, "rate": 0.2, "complaint_rate": float(name == "B")} for name in "ABC"]
    world = {"name": "rotating", "schedule": [{"arm": "C", "joins": 500}]}
    asked = scenario("ab_split", arms=arms, world=world, sends=1_000, guardrails=[HOLDOUT, MINIMUM, PAUSE])
    first, then, last = chances(asked, at=[0, 499, 500])
    np.testing.assert_allclose(first, [0.5, 0.5, 0], rtol=1e-14)
    np.testing.assert_allclose(then, [1, 0, 0], rtol=1e-14)
    np.testing.assert_allclose(last, [0.5, 0, 0.5], rtol=1e-14)


def test_a_winner_has_what_is_not_taken() -> None:
    asked = scenario("ab_split", rates=(0.1, 0.6), sends=2_000, guardrails=[STOP, MINIMUM])
    np.testing.assert_allclose(chances(asked, at=[100, 1_999]), [[0.5, 0.5], [0.05, 0.95]], rtol=1e-14)


# What is asked for


def test_recipients_in_any_order() -> None:
    asked = scenario("thompson", sends=400, replications=3, guardrails=[MINIMUM])
    every, some = chances(asked, replication=2), chances(asked, replication=2, at=[300, 7, 300])
    assert every.shape == (400, 5)
    assert (some == every[[300, 7, 300]]).all()
    assert chances(asked, at=[]).shape == (0, 5)
    assert (every != chances(asked, replication=1)).any()


def test_a_large_memory_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = scenario("sliding_window_ucb", sends=300, guardrails=[MINIMUM])
    at_once = chances(asked)
    monkeypatch.setattr("engine.guarded.MOST_NUMBERS", 10_000)
    assert (chances(asked) == at_once).all()


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"policy": 1}, "policy: got 1; must be from 0 to 0."),
        ({"replication": -1}, "replication: got -1; must be from 0 to 2."),
        ({"at": [3, 100]}, "at: got 100; must be from 0 to 99."),
    ],
)
def test_what_the_scenario_does_not_have_is_refused(asked: dict[str, Any], text: str) -> None:
    with pytest.raises(IndexError) as error:
        chances(scenario("ab_split", sends=100, replications=3), **asked)
    assert str(error.value) == text


# Whatever the policy and the guardrails


@settings(max_examples=40)
@given(scenario_dicts(), st.data())
def test_chances_add_up_and_are_never_below_what_guardrails_promise(raw: dict[str, Any], data: st.DataObject) -> None:
    asked = Scenario.from_dict(raw)
    policy = data.draw(st.integers(0, len(asked.policies) - 1))
    seen, at = witness(asked, policy), np.unique(np.linspace(0, asked.sends - 1, 8).astype(int))
    found = chances(asked, policy, at=at)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    assert (found >= seen.certain[at] - 1e-12).all()
    assert (found[np.arange(len(at)), seen.arms[at]] > 0).all(), "what was sent had a chance"
    assert not found[~seen.present[at]].any()
    floor = asked.guardrail("minimum_share")
    if floor is not None:
        assert (found[seen.is_left[at]] >= floor.share - 1e-12).all()


SETS = {
    "a large floor and a large holdout": [MINIMUM | {"share": 0.2}, HOLDOUT | {"share": 0.3}],
    "a cap, a burn-in and a wrap-up": [MAXIMUM, BURN_IN, WRAP_UP],
    "all": [MINIMUM, MAXIMUM, HOLDOUT, BURN_IN, WRAP_UP, PAUSE, STOP],
}
CAMPAIGNS, SENDS = 40, 1_200


@pytest.mark.parametrize("guardrails", SETS)
@pytest.mark.parametrize("name", POLICIES)
def test_lines_are_sent_as_often_as_their_chances_say(name: str, guardrails: str) -> None:
    """Sends minus chances are a martingale given the past: four z-tests, a false alarm once in 25,000 seeds.

    Over 40 campaigns at 30 recipients each: one for each line, and one for whether likely lines are likely. Policies that
    deal lines vary less than that.
    """
    arms = [
        {"name": f"line {place}", "rate": rate, "complaint_rate": complaints}
        for place, (rate, complaints) in enumerate([(0.1, 0.0), (0.25, 0.0), (0.2, 0.15)])
    ]
    asked = scenario(
        name, arms=arms, sends=SENDS, replications=CAMPAIGNS, guardrails=SETS[guardrails], sends_per_hour=100
    )
    excess, variance = np.zeros(4), np.zeros(4)
    for replication in range(CAMPAIGNS):
        at = np.arange(replication, SENDS, CAMPAIGNS)
        p, sent = chances(asked, 0, replication, at), np.eye(3)[witness(asked, 0, replication).arms[at]]
        likely = (p * (sent - p)).sum(axis=1)
        excess += [*(sent - p).sum(axis=0), likely.sum()]
        variance += [*(p * (1 - p)).sum(axis=0), ((p**3).sum(axis=1) - (p**2).sum(axis=1) ** 2).sum()]
    assert (np.abs(excess) <= RARE * np.sqrt(np.maximum(variance, 0)) + 1e-6).all()
