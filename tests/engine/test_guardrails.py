"""What each guardrail promises holds at every send, whatever the policy, the world, the delay and the other guardrails."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine import GUARDRAILS, POLICIES, Scenario, ScenarioError, simulate
from engine.guardrails.stop_rule import ENDS
from engine.policy import BEST_NOW
from engine.rails import BY_RANK, place_of, template
from engine.rng import POLICY as OWN_NUMBERS
from engine.rng import SEND_STRIDE, stream_key
from tests.engine.contract import Player
from tests.engine.scenarios import scenario, scenario_dicts
from tests.engine.witness import POLICY, Flags, Witness, before, witness

RARE = 1e-5
"""How often a statistical check would fail a correct engine, over random seeds."""
ROUNDING = 1e-12


# The promises


def keeps_minimum_share(seen: Witness, rail: Any) -> None:
    """By the guardrails alone: what the policy adds cannot take away from it."""
    assert (seen.certain[seen.is_left] >= rail.share - ROUNDING).all()


def keeps_maximum_share(seen: Witness, rail: Any) -> None:
    """No choice of the policy goes to a line with ceil(share (t + 1)) sends, unless all that may be sent have as many."""
    most = np.ceil(rail.share * np.arange(1, len(seen.arms) + 1))[:, np.newaxis]
    is_below = seen.sent[:-1] < most
    own = seen.by == POLICY
    chosen_below = np.take_along_axis(is_below, seen.arms[:, np.newaxis], axis=1)[:, 0]
    some_below: Flags = (is_below & seen.is_left).any(axis=1)
    assert (chosen_below | ~some_below)[own].all()
    if seen.present.all() and not seen.is_over.any():
        assert chosen_below[own].all(), "it gives way only where lines are missing"


def keeps_burn_in(seen: Witness, rail: Any) -> None:
    """The policy decides nothing while a line that may be sent is short."""
    is_short = (seen.sent[:-1] < rail.sends) & seen.is_left
    assert not is_short[seen.by == POLICY].any()
    made = seen.made_by("burn_in")
    assert (np.take_along_axis(seen.sent[:-1], seen.arms[:, np.newaxis], axis=1)[made] < rail.sends).all()


def keeps_holdout(seen: Witness, rail: Any) -> None:
    """Every recipient has the same chance to be held out, and is then split over all lines there are."""
    assert (seen.watch.shares[:, place_of("holdout")] == rail.share).all()
    splits_evenly(seen, "holdout", np.ones(len(seen.arms), np.bool_))


def keeps_wrap_up(seen: Witness, rail: Any) -> None:
    """The last share of the sends, rounded up, and no other; only who is held out does not take part."""
    n = len(seen.arms)
    is_last = np.arange(n) >= n - max(1, math.ceil(rail.share * n - 1e-9))
    assert np.isin(seen.by[is_last], [place_of("wrap_up_ab"), place_of("holdout")]).all()
    assert not seen.made_by("wrap_up_ab")[~is_last].any()
    splits_evenly(seen, "wrap_up_ab", is_last)


def splits_evenly(seen: Witness, guardrail: str, where: Any) -> None:
    among = seen.masks[:, place_of(guardrail)]
    some_left = seen.is_left.any(axis=1)
    assert (among == seen.is_left)[where & some_left].all()
    assert (among & seen.present)[where].any(axis=1).all()


def keeps_pause_rule(seen: Witness, _rail: Any) -> None:
    """No e-mail of a line, not even by a guardrail, once its complaints were too many; but the last one stays."""
    is_over = np.take_along_axis(seen.is_over, seen.arms[:, np.newaxis], axis=1)[:, 0]
    assert not (is_over & seen.is_left.any(axis=1)).any()


def keeps_stop_rule(seen: Witness, _rail: Any) -> None:
    """Once the test has ended for good, the policy's choices go to the winner wherever that may be sent."""
    result = simulate(seen.scenario.with_changes(replications=seen.replication + 1))
    ended, winner = int(result.stopped_at[seen.policy, -1]), int(result.winner[seen.policy, -1])
    assert (ended == -1) == (winner == -1)
    assert ended < template(seen.scenario).reshape(len(BY_RANK), -1)[place_of("stop_rule"), ENDS]
    if ended == -1:
        return
    assert ended >= seen.scenario.guardrail("stop_rule").after_sends
    assert ended % seen.scenario.sends_between_decisions == 0
    cap = seen.scenario.guardrail("maximum_share")
    later = np.arange(len(seen.arms)) >= ended
    may = seen.is_left[:, winner] & later & (seen.by == POLICY)
    if cap is not None:
        may &= seen.sent[:-1, winner] < np.ceil(cap.share * np.arange(1, len(seen.arms) + 1))
    assert (seen.arms[may] == winner).all()
    assert (seen.allowed[may].sum(axis=1) == 1).all()


def keeps_segment_fairness(seen: Witness, rail: Any) -> None:
    """Neither the policy nor a burn-in decides while a line is short in the recipient's segment."""
    segments, K = seen.watch.segments, len(seen.scenario.arms)
    cell = np.eye(len(seen.scenario.segmentation) * K, dtype=np.int64)[segments * K + seen.arms]
    within = before(cell)[:-1].reshape(len(seen.arms), -1, K)[np.arange(len(seen.arms)), segments]
    due = np.floor(rail.share * (within.sum(axis=1) + 1))[:, np.newaxis]
    is_short = (within < due) & seen.is_left
    first = [place_of(name) for name in ("holdout", "wrap_up_ab", "minimum_share", "segment_fairness")]
    assert not is_short[~np.isin(seen.by, first)].any()
    made = seen.made_by("segment_fairness")
    assert np.take_along_axis(is_short | ~seen.is_left, seen.arms[:, np.newaxis], axis=1)[made].all()


PROMISES: dict[str, Callable[[Witness, Any], None]] = {
    "minimum_share": keeps_minimum_share,
    "maximum_share": keeps_maximum_share,
    "burn_in": keeps_burn_in,
    "holdout": keeps_holdout,
    "wrap_up_ab": keeps_wrap_up,
    "pause_rule": keeps_pause_rule,
    "stop_rule": keeps_stop_rule,
    "segment_fairness": keeps_segment_fairness,
}
"""That of the frequency cap is with the recurring campaigns, in `test_recurring.py`."""


def obeys(seen: Witness) -> None:
    """Whoever decided was asked, and chose among the lines that it could."""
    sends = np.arange(len(seen.arms))
    assert seen.masks[sends, seen.by, seen.arms].all(), "the last mask is the policy's"
    assert (seen.present[sends, seen.arms]).all()
    own = seen.by == POLICY
    assert (seen.watch.shares[sends[~own], seen.by[~own]] > 0).all()
    assert (seen.watch.shares[own] < 1).all()
    assert np.allclose(seen.certain.sum(axis=1), 1 - np.prod(1 - np.minimum(seen.watch.shares, 1), axis=1))
    is_on = [spec.name in {rail.name for rail in seen.scenario.guardrails} for spec in BY_RANK]
    assert not seen.watch.shares[:, ~np.array(is_on)].any()


def keeps_its_promises(seen: Witness) -> None:
    obeys(seen)
    for rail in seen.scenario.guardrails:
        PROMISES[rail.name](seen, rail)


def test_every_guardrail_has_its_promise_here() -> None:
    assert {*PROMISES, "frequency_cap"} == set(GUARDRAILS)


@settings(max_examples=150)
@given(scenario_dicts())
def test_promises_hold_in_any_scenario(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    for policy in range(len(asked.policies)):
        keeps_its_promises(witness(asked, policy, asked.replications - 1))


ALL_AT_ONCE = [
    {"name": "minimum_share", "share": 0.02},
    {"name": "maximum_share", "share": 0.7},
    {"name": "burn_in", "sends": 40},
    {"name": "holdout", "share": 0.1},
    {"name": "wrap_up_ab", "share": 0.15},
    {"name": "pause_rule", "limit": 0.05, "after_sends": 30},
    {"name": "stop_rule", "after_sends": 300},
    {"name": "segment_fairness", "share": 0.08},
]
SEGMENTS = {
    "audience": [{"name": "New", "share": 0.3, "multipliers": [2, 1, 1, 1, 0.5]}, {"name": "Loyal", "share": 0.7}],
    "device": [{"name": "Mobile", "share": 0.6, "multiplier": 0.8}, {"name": "Desktop", "share": 0.4}],
}
IN_TURN = [
    {"arm": "line 0", "leaves": 2_000},
    {"arm": "line 3", "joins": 700},
    {"arm": "line 4", "joins": 1_500, "leaves": 3_600},
]
LATE = {"name": "exponential", "mean_hours": 0.5, "window_hours": 2.0}
CIRCUMSTANCES: dict[str, dict[str, Any]] = {
    "steady": {},
    "in batches": {"update_every": 250},
    "rotating": {"world": {"name": "rotating", "schedule": IN_TURN}},
    "rotating and late": {"world": {"name": "rotating", "schedule": IN_TURN}, "delay": LATE, "sends_per_hour": 200},
    "wearing out": {"world": {"name": "fatigue"}},
}
RATES = (0.1, 0.1, 0.3, 0.12, 0.5)
COMPLAINTS = (0.0, 0.0, 0.005, 0.2, 0.0)


def everything_on(*policies: str, **fields: Any) -> Scenario:
    arms = [
        {"name": f"line {place}", "rate": rate, "complaint_rate": complaints}
        for place, (rate, complaints) in enumerate(zip(RATES, COMPLAINTS, strict=True))
    ]
    usual: dict[str, Any] = {"sends": 4_000, "replications": 3, "guardrails": ALL_AT_ONCE, "segments": SEGMENTS}
    return scenario(*policies, arms=arms, **usual | fields)


@pytest.mark.parametrize("kind", CIRCUMSTANCES)
@pytest.mark.parametrize("name", POLICIES)
def test_promises_hold_with_all_guardrails_at_once(name: str, kind: str) -> None:
    for replication in range(2):
        keeps_its_promises(witness(everything_on(name, **CIRCUMSTANCES[kind]), 0, replication))


@pytest.mark.parametrize(
    "pair", [(one["name"], other["name"]) for one in ALL_AT_ONCE for other in ALL_AT_ONCE if one is not other]
)
def test_promises_hold_with_two_of_them(pair: tuple[str, str]) -> None:
    two = [rail for rail in ALL_AT_ONCE if rail["name"] in pair]
    keeps_its_promises(witness(everything_on("thompson", guardrails=two, **CIRCUMSTANCES["rotating"])))


def test_all_guardrails_act_in_these_campaigns() -> None:
    """Otherwise the promises above would be easy to keep."""
    asked = everything_on("thompson")
    assert {*(rail.name for rail in asked.guardrails), "frequency_cap"} == set(GUARDRAILS)
    seen, result = witness(asked), simulate(asked)
    for name in ("minimum_share", "burn_in", "holdout", "wrap_up_ab", "segment_fairness"):
        assert seen.made_by(name).any(), name
    assert result.paused[0, 0].tolist() == [False, False, False, True, False]
    assert (result.stopped_at[0] >= 0).any()
    assert (seen.by == POLICY).sum() > 1_000
    best = 4
    assert (seen.is_left[:, best] & ~seen.allowed[:, best]).any(), "the cap"


# The chances in which promises are made


def test_what_guardrails_take_is_what_they_say_they_take() -> None:
    """Of 40,000 recipients: each guardrail's count against its shares, and each split; once in 100,000 seeds each."""
    rails = [
        {"name": "holdout", "share": 0.2},
        {"name": "minimum_share", "share": 0.1},
        {"name": "wrap_up_ab", "share": 0.25},
    ]
    asked = scenario("ucb1", rates=(0.1, 0.2, 0.3), sends=40_000, guardrails=rails)
    seen, wrap_up = witness(asked), np.arange(40_000) >= 30_000
    for name, where, chance in (
        ("holdout", np.ones(40_000, np.bool_), 0.2),
        ("minimum_share", ~wrap_up, 0.8 * 0.3),
        ("wrap_up_ab", wrap_up, 0.8),
    ):
        made = seen.made_by(name)
        assert not made[~where].any()
        assert stats.binomtest(int(made.sum()), int(where.sum()), chance).pvalue > RARE, name
        assert stats.chisquare(np.bincount(seen.arms[made], minlength=3)).pvalue > RARE, name


# Holdout


def test_the_same_recipients_are_held_out_and_sent_the_same_for_every_policy() -> None:
    asked = scenario(*list(POLICIES)[:8], sends=2_000, guardrails=[{"name": "holdout", "share": 0.3}])
    first = witness(asked)
    held = first.made_by("holdout")
    assert 400 < held.sum() < 800
    for policy in range(1, 8):
        seen = witness(asked, policy)
        assert (seen.made_by("holdout") == held).all()
        assert (seen.arms[held] == first.arms[held]).all()
        assert (seen.answers[held] == first.answers[held]).all()


@pytest.mark.parametrize("name", POLICIES)
def test_policies_are_never_told_of_those_held_out(name: str) -> None:
    """A policy that is told of all others by hand chooses and remembers the very same."""
    sends = 1_500
    asked = scenario(name, rates=(0.2, 0.4, 0.3), sends=sends, guardrails=[{"name": "holdout", "share": 0.4}])
    seen, player = witness(asked), Player(name, 3, sends)
    player.state[BEST_NOW] = 1
    own = int(stream_key(np.uint64(asked.seed), np.uint64(0), OWN_NUMBERS))
    for t, (arm, answer, by) in enumerate(zip(seen.arms, seen.answers, seen.by, strict=True)):
        np.testing.assert_array_equal(player.state, seen.watch.states[t])
        if by == POLICY:
            assert player.choose(t, key=(own + t * int(SEND_STRIDE)) % 2**64) == arm, t
            player.learn(t, int(arm), 1, int(answer))
    assert (seen.by == POLICY).mean() < 0.7


def test_policies_are_told_of_what_other_guardrails_send() -> None:
    asked = scenario("epsilon_greedy", sends=500, guardrails=[{"name": "minimum_share", "share": 0.2}])
    seen = witness(asked)
    assert not (seen.by == POLICY).any()
    assert len(np.unique(seen.watch.states, axis=0)) == 500


# Pauses


def with_complaints(*rates: float, **fields: Any) -> Scenario:
    arms = [{"name": f"line {place}", "rate": 0.2, "complaint_rate": rate} for place, rate in enumerate(rates)]
    rule = {"name": "pause_rule", "limit": 0.1, "after_sends": 10}
    usual: dict[str, Any] = {"sends": 1_000, "replications": 5, "guardrails": [rule]}
    return scenario("ab_split", arms=arms, **usual | fields)


def test_the_last_line_is_never_paused() -> None:
    result = simulate(with_complaints(1.0, 1.0, 1.0))
    assert (result.sends[0, :, -1].max(axis=1) > 970).all()
    assert (result.paused[0].sum(axis=1) == 2).all()
    assert not np.take_along_axis(result.paused[0], result.sends[0, :, -1].argmax(axis=1)[:, np.newaxis], 1).any()


def test_a_last_line_goes_as_soon_as_another_joins() -> None:
    joins = {"name": "rotating", "schedule": [{"arm": "line 1", "joins": 500}]}
    asked = with_complaints(1.0, 0.0, world=joins)
    assert witness(asked).arms.tolist() == [0] * 500 + [1] * 500
    assert simulate(asked).paused[0].tolist() == [[True, False]] * 5


def test_a_paused_line_that_left_does_not_come_back() -> None:
    stays = [{"arm": "line 1", "leaves": 300}, {"arm": "line 1", "joins": 600}]
    seen = witness(with_complaints(0.0, 1.0, 0.0, world={"name": "rotating", "schedule": stays}))
    assert (seen.arms[:300] == 1).sum() == 10
    assert not (seen.arms[300:] == 1).any()


def test_complaints_up_to_the_limit_pause_nobody() -> None:
    assert not simulate(with_complaints(0.01, 0.0, 0.02)).paused.any()


# What is counted of them


@pytest.mark.parametrize("kind", CIRCUMSTANCES)
def test_what_is_told_apart_is_what_was_sent(kind: str) -> None:
    asked = everything_on("thompson", "ab_split", **CIRCUMSTANCES[kind])
    result = simulate(asked)
    for policy, replication in np.ndindex(2, 3):
        seen = witness(asked, policy, replication)
        assert (result.sends[policy, replication, -1] == seen.sent[-1]).all()
        assert (result.complaints[policy, replication] == seen.complaints[-1]).all()
        for name in ("holdout", "wrap_up_ab"):
            made, apart = seen.made_by(name), result.told_apart(name)
            assert (apart[0][policy, replication] == np.bincount(seen.arms[made], minlength=5)).all()
            assert (apart[1][policy, replication] == np.bincount(seen.arms[made], seen.answers[made], 5)).all()
        assert (result.paused[policy, replication] == (seen.is_over[-1] & ~seen.is_left[-1])).all()


# Impossible combinations


def refused(raw: dict[str, Any]) -> dict[str, str]:
    try:
        Scenario.from_dict(raw)
    except ScenarioError as error:
        return error.problems
    return {}


def as_advised(raw: dict[str, Any], path: str, advice: str) -> dict[str, Any]:
    """Do what the sentence says first: another number, or no guardrail."""
    family, place, setting = path.split(".")
    items = [dict(item) for item in raw[family]]
    number = re.search(r"Enter ([\d,.]+) or", advice)
    if number is None:
        assert re.search(r"Remove the (burn-in|stop rule)", advice)
        del items[int(place)]
    else:
        text = number[1].replace(",", "")
        items[int(place)][setting] = float(text) if "." in text else int(text)
    return raw | {family: items}


def check_advice(raw: dict[str, Any], path: str) -> bool:
    """Whether this was refused, and if so at this field, with advice that mends it."""
    problems = refused(raw)
    if problems:
        assert list(problems) == [path]
        assert refused(as_advised(raw, path, problems[path])) == {}
    return bool(problems)


def campaign(*guardrails: dict[str, Any], lines: int = 3, sends: int = 10_000, **fields: Any) -> dict[str, Any]:
    arms = [{"name": f"line {place}", "rate": 0.1} for place in range(lines)]
    return {"arms": arms, "policies": [{"name": "thompson"}], "sends": sends, "guardrails": list(guardrails), **fields}


IMPOSSIBLE = [
    (campaign({"name": "minimum_share", "share": 0.4}), "guardrails.0.share", "3 lines at 0.4 need 1.2", "Enter 0.3333 or less"),
    (campaign({"name": "maximum_share", "share": 0.3}), "guardrails.0.share", "take only 0.9", "Enter 0.3334 or more"),
    (campaign({"name": "burn_in", "sends": 4_000}), "guardrails.0.sends", "take 12,000", "Enter 3,333 or fewer, or send more"),
    (
        campaign({"name": "holdout", "share": 0.1}, {"name": "burn_in", "sends": 3_000}, {"name": "wrap_up_ab", "share": 0.2}),
        "guardrails.1.sends", "the wrap-up A/B starts after 8,000", "Enter 2,666 or fewer, or shorten the wrap-up",
    ),
    (
        campaign({"name": "burn_in", "sends": 40_000}, {"name": "wrap_up_ab", "share": 0.2}),
        "guardrails.0.sends", "the wrap-up A/B starts after 8,000", "Enter 2,666 or fewer, or shorten the wrap-up",
    ),
    (
        campaign({"name": "burn_in", "sends": 10}, {"name": "wrap_up_ab", "share": 0.9}, sends=20),
        "guardrails.0.sends", "the wrap-up A/B starts after 2", "Remove the burn-in, or shorten the wrap-up",
    ),
    (
        campaign({"name": "stop_rule", "after_sends": 10_000}),
        "guardrails.0.after_sends", "the campaign has 10,000", "Enter 9,999 or fewer, or send more",
    ),
    (
        campaign({"name": "stop_rule", "after_sends": 7_900}, {"name": "wrap_up_ab", "share": 0.2}, update_every=1_000),
        "guardrails.0.after_sends", "first after 8,000, and the wrap-up A/B starts after 8,000", "Enter 7,000 or fewer, or shorten",
    ),
    (
        campaign({"name": "stop_rule", "after_sends": 5}, update_every=10_000),
        "guardrails.0.after_sends", "every 10,000 sends (update_every)", "Remove the stop rule, or send more",
    ),
    (
        campaign(policies=[{"name": "sliding_window_ucb", "window": 500}], update_every=600),
        "policies.0.window", "every 600 sends (update_every)", "Enter 600 or more",
    ),
    (
        campaign(policies=[{"name": "sliding_window_ucb", "window": 500}], update_every="daily", sends_per_hour=1_000_000),
        "policies.0.window", "every 24,000,000 sends (update_every)", "Enter 10,000 or more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "path", "collision", "advice"), IMPOSSIBLE)
def test_what_cannot_go_together_is_refused_with_a_way_out(
    raw: dict[str, Any], path: str, collision: str, advice: str
) -> None:
    problems = refused(raw)
    assert list(problems) == [path]
    assert collision in problems[path]
    assert advice in problems[path]
    assert check_advice(raw, path)


@pytest.mark.parametrize(
    ("raw", "other"),
    [
        (IMPOSSIBLE[2][0], {"sends": 12_001}),
        (IMPOSSIBLE[3][0], {"guardrails": [{"name": "burn_in", "sends": 3_000}, {"name": "wrap_up_ab", "share": 0.1}]}),
        (IMPOSSIBLE[6][0], {"sends": 10_001}),
        (IMPOSSIBLE[7][0], {"guardrails": [{"name": "stop_rule", "after_sends": 7_900}, {"name": "wrap_up_ab", "share": 0.19}]}),
        (IMPOSSIBLE[8][0], {"sends": 10_001}),
        (IMPOSSIBLE[9][0], {"update_every": 500}),
    ],
)  # fmt: skip
def test_the_other_way_out_works_too(raw: dict[str, Any], other: dict[str, Any]) -> None:
    assert refused(raw | other) == {}


shares = st.floats(0.001, 0.999)


@given(st.integers(2, 64), st.floats(0.001, 0.5), st.floats(0.001, 1))
def test_shares_are_refused_exactly_when_they_do_not_add_up(lines: int, floor: float, cap: float) -> None:
    tight = campaign({"name": "minimum_share", "share": floor}, lines=lines)
    assert check_advice(tight, "guardrails.0.share") == (floor * lines > 1 + 1e-12)
    low = campaign({"name": "maximum_share", "share": cap}, lines=lines)
    assert check_advice(low, "guardrails.0.share") == (cap * lines < 1 - 1e-12)


@given(st.integers(2, 64), st.integers(1, 5_000), st.integers(1, 5_000), st.none() | shares)
def test_a_burn_in_ends_before_the_campaign_and_its_wrap_up_or_is_refused(
    lines: int, sends: int, each: int, wrap_up: float | None
) -> None:
    raw = campaign({"name": "burn_in", "sends": each}, lines=lines, sends=sends)
    if wrap_up is not None:
        raw["guardrails"].append({"name": "wrap_up_ab", "share": wrap_up})
    left = sends - 1 if wrap_up is None else sends - max(1, math.ceil(wrap_up * sends - 1e-9))
    assert check_advice(raw, "guardrails.0.sends") == (each * lines > left)


@given(st.integers(1, 5_000), st.integers(1, 6_000), st.integers(1, 3_000), st.none() | shares)
def test_a_stop_rule_can_look_or_is_refused(sends: int, after: int, every: int, wrap_up: float | None) -> None:
    raw = campaign({"name": "stop_rule", "after_sends": after}, sends=sends, update_every=every)
    if wrap_up is not None:
        raw["guardrails"].append({"name": "wrap_up_ab", "share": wrap_up})
    left = sends if wrap_up is None else sends - max(1, math.ceil(wrap_up * sends - 1e-9))
    can_look = any(t >= after for t in range(every, left, every))
    assert check_advice(raw, "guardrails.0.after_sends") == (not can_look)


@given(st.integers(1, 5_000), st.integers(1, 6_000), st.integers(1, 6_000))
def test_a_memory_spans_a_cadence_or_is_refused(sends: int, window: int, every: int) -> None:
    policies = [{"name": "sliding_window_thompson", "window": window}]
    raw = campaign(policies=policies, sends=sends, update_every=every)
    assert check_advice(raw, "policies.0.window") == (window < min(every, sends))
