"""Late conversions: when they are known, when policies are told of them, which are lost, and what waiting costs in memory."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

import engine
from engine import Scenario, blocks, simulate
from engine.blocks import Block, run_block
from engine.books import new_desk
from engine.plan import no_watch
from engine.policy import HEADER
from engine.rails import place_of
from engine.simulation import Trace, potential_responses, trace
from engine.waiting import waiting_of
from tests.engine.delays.draws import share_within
from tests.engine.rogues import choose_in_turn, put, write_down
from tests.engine.scenarios import delays, scenario, scenario_dicts, with_windows
from tests.engine.slow_loop import run_slowly

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""

SOON: dict[str, Any] = {"name": "exponential", "mean_hours": 2.0, "window_hours": 8.0}
SLOW: dict[str, Any] = {"name": "log_normal", "median_hours": 5.0, "spread": 4.0, "window_hours": 30.0}
BEYOND: dict[str, Any] = {"name": "exponential", "mean_hours": 60.0, "window_hours": 8_760.0}
"""Its window is still open when any campaign here is over."""
EACH = [SOON, SLOW, BEYOND]


@st.composite
def late_scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """Scenarios with a delay in any world, with a holdout or without guardrails."""
    raw = draw(scenario_dicts())
    always = ["stationary", "seasonal", "drifting", "fatigue", "inflated_opens"]
    worlds = always if raw["sends"] < 200 else list(engine.WORLDS)
    if any(policy.get("history") for policy in raw["policies"]):
        worlds = [name for name in worlds if name != "inflated_opens"]  # of opens an earlier campaign tells nothing
    every = draw(st.sampled_from([1, 2, 7, raw["sends"]])) if draw(st.booleans()) else raw["update_every"]
    return raw | {
        "world": raw["world"] | {"name": draw(st.sampled_from(worlds))},
        "delay": draw(delays.filter(lambda delay: delay["name"] != "none")),
        "guardrails": draw(st.sampled_from([[], [{"name": "holdout", "share": 0.3}]])),
        "update_every": every,
        "policies": with_windows(raw["policies"], every),
    }


# The whole loop


def check_against_the_slow_loop(asked: Scenario, replication: int) -> None:
    """Every send, and every count at every checkpoint, is what the slow loop says."""
    slow, every, result = run_slowly(asked, replication), trace(asked, 0, replication), simulate(asked)
    assert every.arms.tolist() == slow.arms()
    assert every.answers.tolist() == [send.converts for send in slow.sends]
    known_at = [send.known_at if send.converts or send.known_at < 0 else 0 for send in slow.sends]
    assert result.lost[0, replication] == slow.lost
    for place, until in enumerate(asked.checkpoints):
        counts = [array[0, replication, place] for array in (result.sends, result.conversions, result.known)]
        np.testing.assert_array_equal(counts, slow.counts(int(until), len(asked.arms)))
        assert result.regret[0, replication, place] == pytest.approx(slow.missed(int(until)), abs=1e-6 * asked.sends)
    if asked.is_delayed:
        assert [at for at in every.arrives.tolist() if at > 0] == [at for at in known_at if at > 0]
        assert (every.arrives < 0).sum() == slow.lost


@settings(max_examples=60)
@given(late_scenarios(), st.integers(0, 4))
def test_late_campaigns_are_those_of_the_slow_loop(raw: dict[str, Any], replication: int) -> None:
    check_against_the_slow_loop(Scenario.from_dict(raw | {"replications": 5}), replication)


@given(late_scenarios(), st.integers(0, 4))
def test_campaigns_without_delay_are_those_of_the_slow_loop(raw: dict[str, Any], replication: int) -> None:
    asked = raw | {"replications": 5, "delay": {"name": "none"}}
    check_against_the_slow_loop(Scenario.from_dict(asked), replication)


# What is known, and what is lost


@pytest.mark.parametrize("delay", EACH)
@pytest.mark.parametrize("every", [1, 70, "daily"])
def test_known_is_what_has_arrived_by_then(delay: dict[str, Any], every: int | str) -> None:
    asked = scenario("thompson", sends=3_000, replications=2, update_every=every, sends_per_hour=20, delay=delay)
    result, ran = simulate(asked), trace(asked, 0, 1)
    for place, until in enumerate(result.checkpoints):
        arrived = (ran.arrives > 0) & (ran.arrives <= until)
        np.testing.assert_array_equal(result.known[0, 1, place], np.bincount(ran.arms[arrived], minlength=5))


@given(late_scenarios())
def test_all_is_known_once_the_window_has_closed_and_nothing_before_it_happened(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result, window = simulate(asked), waiting_of(asked).window_sends
    assert (result.known <= result.conversions).all()
    assert (np.diff(result.known, axis=2) >= 0).all()
    closed = np.searchsorted(result.checkpoints, result.checkpoints - window, side="right") - 1
    for place in np.flatnonzero(closed >= 0):
        assert (result.known[:, :, place] >= result.conversions[:, :, closed[place]]).all()


def test_with_a_window_of_one_send_everything_is_known_at_once() -> None:
    delay = {"name": "exponential", "mean_hours": 1.0, "window_hours": 1.0}
    result = simulate(scenario("thompson", sends=500, replications=3, sends_per_hour=1, delay=delay))
    np.testing.assert_array_equal(result.known, result.conversions)
    assert result.conversions[0, :, -1].sum() > 0


@pytest.mark.parametrize("delay", EACH)
def test_the_known_share_of_an_even_split(delay: dict[str, Any]) -> None:
    """Closed form: of send t, known after c sends is what takes at most (c - t) / pace hours, inside the window."""
    sends, pace, campaigns, rates = 400, 10, 2_000, (0.5, 0.3)
    asked = scenario("ab_split", rates=rates, sends=sends, replications=campaigns, sends_per_hour=pace, delay=delay)
    result = simulate(asked)
    for until in (100, sends):
        hours = np.minimum(np.arange(1, until + 1) / pace, delay["window_hours"])
        expected = np.mean(rates) * sum(share_within(delay, hour) for hour in hours)
        found = result.known[0, :, result.checkpoints.tolist().index(until)].sum(axis=1)
        assert abs(found.mean() - expected) < stats.norm.isf(RARE / 2) * found.std(ddof=1) / np.sqrt(campaigns)


@pytest.mark.parametrize("delay", EACH)
def test_the_late_ones_are_lost_and_count_nowhere(delay: dict[str, Any]) -> None:
    """Binomial with the chance of being too late; with the others they make up all who would respond."""
    asked = scenario("ab_split", rates=(0.9, 0.4), sends=2_000, replications=100, sends_per_hour=20, delay=delay)
    result, ran = simulate(asked), trace(asked, 0)
    would = np.array([potential_responses(asked, arm) for arm in range(2)])[ran.arms, np.arange(2_000)].astype(bool)
    assert ran.answers.tolist() == (would & (ran.arrives > 0)).tolist()
    assert result.lost[0, 0] == (would & (ran.arrives < 0)).sum()
    assert result.conversions[0, 0, -1].sum() + result.lost[0, 0] == would.sum()
    lost, counted = int(result.lost.sum()), int(result.conversions[:, :, -1].sum())
    too_late = 1 - share_within(delay, delay["window_hours"])
    assert stats.binomtest(lost, lost + counted, too_late).pvalue > RARE


def test_a_recipients_wait_depends_neither_on_policy_nor_on_cadence() -> None:
    """Whoever is sent the same line answers after the same time."""
    runs = [
        trace(scenario(policy, sends=2_000, update_every=every, sends_per_hour=10, delay=SLOW), 0)
        for policy, every in (("thompson", 1), ("thompson", 60), ("ab_split", 1))
    ]
    for one in runs[1:]:
        same = one.arms == runs[0].arms
        np.testing.assert_array_equal(one.arrives[same], runs[0].arrives[same])
        assert (one.arrives[same] > 0).any()


# What policies are told


Told = NDArray[np.float64]


def what_is_told(monkeypatch: pytest.MonkeyPatch, asked: Scenario) -> Told:
    """For each send: trials, before which send they were told, successes, before which send, and the line; (5, sends)."""
    put(monkeypatch, choose_in_turn, write_down)
    template = np.zeros(HEADER + 5 * asked.sends)
    template[0] = asked.sends
    monkeypatch.setattr(blocks, "template_of", lambda *_: template)
    at_the_end = no_watch(len(template), 0)._replace(
        at=np.array([asked.sends - 1]), states=np.zeros((1, len(template))), **_room_for_looks()
    )
    run_block(asked, Block(0, 0, 1), watch=at_the_end)
    return at_the_end.states[0, HEADER:].reshape(5, asked.sends)


def _room_for_looks() -> dict[str, Any]:
    rails = len(engine.GUARDRAILS)
    return {"shares": np.zeros((1, rails)), "masks": np.zeros((1, rails + 1), np.uint64)}


def check_what_is_told(told: Told, asked: Scenario, ran: Trace) -> None:
    """Each once, before the first decision at which it is known, if the last send here is not before that."""
    waiting, sends, every = waiting_of(asked), np.arange(asked.sends), asked.sends_between_decisions
    known_at, success_at = sends + 1, ran.arrives.astype(np.int64)
    if waiting.only_closed:
        known_at = sends + waiting.window_sends
        success_at = np.where(success_at > 0, known_at, success_at)
    for known, times, before in ((known_at, told[0], told[1]), (success_at, told[2], told[3])):
        decision = -(-known // every) * every
        due = (known > 0) & (decision <= asked.sends - 1) & (ran.by != place_of("holdout"))
        np.testing.assert_array_equal(times, due)
        np.testing.assert_array_equal(before, np.where(due, decision, 0))
        assert due.any()
    heard = told[0] > 0
    np.testing.assert_array_equal(told[4, heard], ran.arms[heard])


@pytest.mark.parametrize("every", [1, 7, 500, "hourly", "daily"])
@pytest.mark.parametrize("learn_when", ["arrival", "window_closed"])
@pytest.mark.parametrize("delay", EACH[:2], ids=["exponential", "log_normal"])
def test_policies_are_told_at_the_first_decision_after_it_is_known(
    monkeypatch: pytest.MonkeyPatch, delay: dict[str, Any], learn_when: str, every: int | str
) -> None:
    asked = scenario(
        "thompson",
        rates=(0.5, 0.2, 0.7),
        sends=2_500,
        update_every=every,
        sends_per_hour=40,
        delay=delay | {"learn_when": learn_when},
    )
    check_what_is_told(what_is_told(monkeypatch, asked), asked, trace(asked, 0))


@pytest.mark.parametrize("learn_when", ["arrival", "window_closed"])
@pytest.mark.parametrize("every", [1, 30])
def test_who_is_held_out_is_never_told_of(monkeypatch: pytest.MonkeyPatch, every: int, learn_when: str) -> None:
    asked = scenario(
        "thompson",
        rates=(0.5, 0.2),
        sends=1_000,
        update_every=every,
        sends_per_hour=10,
        delay=SOON | {"learn_when": learn_when},
        guardrails=[{"name": "holdout", "share": 0.4}],
    )
    told = what_is_told(monkeypatch, asked)
    ran = trace(asked, 0)
    held_out = ran.by == place_of("holdout")
    assert ran.arrives[held_out].any()
    assert not told[:4, held_out].any()
    check_what_is_told(told, asked, ran)


def test_opens_by_machines_are_told_late_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told of far more often than people convert, each at most once, and no conversion is missing."""
    asked = scenario(
        "thompson", rates=(0.3, 0.2), sends=2_000, sends_per_hour=10, world={"name": "inflated_opens"}, delay=SOON
    )
    told, ran = what_is_told(monkeypatch, asked), trace(asked, 0)
    assert set(told[2]) == {0.0, 1.0}
    assert told[2].sum() > 3 * (ran.arrives > 0).sum()
    came = (ran.arrives > 0) & (ran.arrives < asked.sends)
    assert (told[3, came] == ran.arrives[came]).all()


# Memory


@pytest.mark.parametrize("window_hours", [0.5, 1, 13.9, 62, 63, 64, 65, 127, 2_049, 5_000, 8_760])
@pytest.mark.parametrize("every", [1, 3, 1_000])
@pytest.mark.parametrize("sends", [10, 5_000, 1_000_000])
def test_a_send_under_way_takes_at_most_25_bytes(window_hours: float, every: int, sends: int) -> None:
    """Sends are under way while their window is open, and until the next decision; a few sends more do not matter."""
    delay = {"name": "exponential", "window_hours": float(window_hours)}
    asked = scenario("thompson", sends=sends, update_every=every, sends_per_hour=1, delay=delay)
    desk = new_desk(next(blocks._plans(asked, Block(0, 0, 1)))[2])
    under_way = min(sends, waiting_of(asked).window_sends) + min(every, sends)
    assert sum(array.nbytes for array in (desk.arm, desk.flags, desk.first, desk.following)) <= 25 * (under_way + 2)


def test_without_delay_only_the_sends_since_the_last_decision_are_kept() -> None:
    desk = new_desk(next(blocks._plans(scenario("thompson", sends=1_000_000), Block(0, 0, 1)))[2])
    assert sum(array.nbytes for array in desk) < 1_000
