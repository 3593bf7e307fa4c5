"""The shown campaign is one replication, in steps, in plain JSON types."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Scenario, simulate
from engine.inference import wilson_interval
from engine.race import MOST_FRAMES, STRIP, race
from engine.simulation import potential_responses, trace
from engine.waiting import waiting_of
from tests.engine.scenarios import scenario, scenario_dicts


@given(scenario_dicts(), st.integers(0, 3))
def test_last_step_is_the_replication(raw: dict[str, Any], replication: int) -> None:
    asked = Scenario.from_dict(raw | {"replications": 4})
    shown, result = race(asked, replication), simulate(asked)
    K = len(asked.arms)
    for place, policy in enumerate(shown["policies"]):
        assert policy["sends"][-K:] == result.sends[place, replication, -1].tolist()
        assert policy["conversions"][-K:] == result.conversions[place, replication, -1].tolist()
        assert policy["regret"][-1] == pytest.approx(result.regret[place, replication, -1], abs=0.006)


@given(scenario_dicts())
def test_nothing_has_happened_in_the_first_step(raw: dict[str, Any]) -> None:
    shown = race(Scenario.from_dict(raw))
    K = len(shown["arms"])
    assert shown["at"][0] == 0
    for policy in shown["policies"]:
        assert policy["sends"][:K] == policy["conversions"][:K] == [0] * K
        assert (policy["regret"][0], policy["realised"][0], policy["strip"][0]) == (0, 0, "")
        assert policy["low"][:K] == policy["high"][:K] == [None] * K


@given(scenario_dicts())
def test_every_list_has_its_length(raw: dict[str, Any]) -> None:
    shown = race(Scenario.from_dict(raw))
    F, K = len(shown["at"]), len(shown["arms"])
    assert F <= MOST_FRAMES + 1
    for policy in shown["policies"]:
        for by_line in (policy["sends"], policy["conversions"], policy["low"], policy["high"]):
            assert len(by_line) == F * K
        for by_step in (policy["regret"], policy["realised"], policy["strip"]):
            assert len(by_step) == F


@given(scenario_dicts())
def test_it_is_plain_json(raw: dict[str, Any]) -> None:
    shown = race(Scenario.from_dict(raw))
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


@given(scenario_dicts())
def test_every_step_agrees_with_every_send(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    shown, K = race(asked), len(asked.arms)
    for place, policy in enumerate(shown["policies"]):
        every = trace(asked, place)
        for frame, end in enumerate(shown["at"]):
            arms, answers = every.arms[:end], every.answers[:end]
            row = slice(frame * K, (frame + 1) * K)
            assert policy["sends"][row] == np.bincount(arms, minlength=K).tolist()
            assert policy["conversions"][row] == np.bincount(arms, answers, K).astype(int).tolist()
            assert policy["strip"][frame] == "".join(map(str, answers[max(0, end - STRIP) :]))


@given(scenario_dicts())
def test_realised_regret_is_the_oracles_total_minus_ones_own(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw | {"policies": [*raw["policies"], {"name": "oracle"}], "guardrails": []})
    shown, K = race(asked), len(asked.arms)
    totals = [np.reshape(policy["conversions"], (-1, K)).sum(axis=1) for policy in shown["policies"]]
    for policy, total in zip(shown["policies"], totals, strict=True):
        assert policy["realised"] == (totals[-1] - total).tolist()


def test_realised_regret_is_what_the_best_line_got_on_the_same_recipients() -> None:
    asked = scenario("oracle", "epsilon_greedy", sends=2_000)
    oracle, other = race(asked)["policies"]
    assert oracle["realised"] == [0] * len(oracle["realised"])
    ceiling = potential_responses(asked, 4).sum()
    assert other["realised"][-1] == ceiling - sum(other["conversions"][-5:])


def test_intervals_are_those_of_the_counts() -> None:
    policy = race(scenario("thompson", sends=500))["policies"][0]
    bounds = wilson_interval(np.array(policy["conversions"]), np.array(policy["sends"]))
    for found, expected in zip((policy["low"], policy["high"]), bounds, strict=True):
        for told, bound in zip(found, expected.tolist(), strict=True):
            assert np.isnan(bound) if told is None else told == pytest.approx(bound, abs=5.1e-5)


def test_baseline_is_the_first_even_split() -> None:
    assert race(scenario("thompson", "ab_split", "ab_split", sends=50))["baseline"] == 1


@pytest.mark.parametrize(
    ("policies", "baseline"),
    [(("thompson", "oracle"), 0), (("oracle", "thompson"), 1), (("oracle", "epsilon_greedy", "ab_split"), 2)],
)
def test_without_an_even_split_the_first_usable_policy_is_the_baseline(
    policies: tuple[str, ...], baseline: int
) -> None:
    assert race(scenario(*policies, sends=50))["baseline"] == baseline


def test_with_references_alone_the_first_of_them_is_the_baseline() -> None:
    assert race(scenario("oracle", sends=50))["baseline"] == 0


def test_rates_shown_are_those_of_the_campaign_shown() -> None:
    asked = scenario("oracle", sends=50).with_changes(
        arms=[{"name": "A"}, {"name": "B"}], world={"name": "stationary", "redraw": True}
    )
    for replication in (0, 5):
        shown = race(asked, replication)
        rates = [arm["rate"] for arm in shown["arms"]]
        assert rates == asked.rates(replication)[0].tolist()
        assert shown["best"] == np.argmax(rates)


def test_another_campaign_has_another_key() -> None:
    asked = scenario("oracle", sends=50)
    keys = {race(asked)["key"], race(asked, 1)["key"], race(asked.with_changes(seed=8))["key"]}
    assert len(keys) == 3


@pytest.mark.parametrize("sends", [1, 2, 299, 300, 301, 1_000_000])
def test_steps_are_evenly_spread(sends: int) -> None:
    at = np.array(race(scenario("oracle", rates=(0.1, 0.2), sends=sends))["at"])
    assert (at[0], at[-1], len(at)) == (0, sends, min(300, sends) + 1)
    assert np.ptp(np.diff(at)) <= 1


MOVING = {"name": "change_point", "changes": [{"arm": "line 0", "at": 600, "rate": 0.9}]}


def test_rates_move_with_the_campaign_and_so_does_the_best_line() -> None:
    shown = race(scenario("ab_split", world=MOVING, sends=1_000))
    rates = np.reshape(np.array(shown["rates"], float), (-1, 5))
    at = np.array(shown["at"])
    assert (rates[at <= 600, 0] == 0.04).all()
    assert (rates[at > 600, 0] == 0.9).all()
    assert np.array(shown["best_now"])[at <= 600].tolist() == [4] * int((at <= 600).sum())
    assert set(np.array(shown["best_now"])[at > 600].tolist()) == {0}
    assert shown["mean_rates"] is not None
    assert shown["mean_rates"][:2] == pytest.approx([0.6 * 0.04 + 0.4 * 0.9, 0.05], abs=0.005)
    assert shown["best"] == 0


def test_sends_to_the_best_line_are_those_that_missed_nothing() -> None:
    asked = scenario("ab_split", "oracle", world=MOVING, sends=1_000)
    even, oracle = race(asked)["policies"]
    assert oracle["to_best"] == race(asked)["at"]
    assert even["to_best"] is not None
    arms = trace(asked, 0).arms
    assert even["to_best"][-1] == (arms[:600] == 4).sum() + (arms[600:] == 0).sum()


def test_lines_that_are_not_there_have_no_rate() -> None:
    stays = [{"arm": "line 4", "joins": 500}, {"arm": "line 0", "leaves": 500}]
    shown = race(scenario("ab_split", world={"name": "rotating", "schedule": stays}, sends=1_000))
    rates = np.reshape(np.array(shown["rates"], float), (-1, 5))
    late = np.array(shown["at"]) > 500
    assert np.isnan(rates[~late, 4]).all()
    assert np.isnan(rates[late, 0]).all()
    assert shown["mean_rates"] == pytest.approx([0.04, 0.05, 0.06, 0.07, 0.09])


def test_lines_that_wear_out_say_so() -> None:
    assert race(scenario("oracle", world={"name": "fatigue"}, sends=50))["wears_out"]
    assert not race(scenario("oracle", world=MOVING, sends=1_000))["wears_out"]
    assert not race(scenario("oracle", sends=50))["wears_out"]


@given(scenario_dicts())
def test_the_queue_is_right_at_every_step(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    window = waiting_of(asked).window_sends if asked.is_delayed else 0
    for place, policy in enumerate(race(asked)["policies"]):
        every = trace(asked, place)
        assert policy["lost"] == (every.arrives < 0).sum()
        for frame, end in enumerate(race(asked)["at"]):
            came = (every.answers[:end] == 1) & (every.arrives[:end] <= end)
            is_open = np.arange(end) >= end - window
            assert policy["known"][frame] == came.sum()
            assert policy["unanswered"][frame] == (is_open & ~came).sum()


@given(scenario_dicts(everything=True))
def test_what_was_gained_is_that_of_the_replication(raw: dict[str, Any]) -> None:
    """Whatever the goal, with segments, caps, complaints and late conversions."""
    asked = Scenario.from_dict(raw | {"replications": 2})
    shown, result = race(asked, 1), simulate(asked)
    for place, policy in enumerate(shown["policies"]):
        gained = policy["gained"] or [sum(policy["conversions"][-len(asked.arms) :])]
        assert gained[-1] == pytest.approx(result.totals[place, 1], abs=0.011)
        assert policy["regret"][-1] == pytest.approx(result.regret[place, 1, -1], rel=1e-3, abs=0.02)


@given(scenario_dicts(everything=True))
def test_segments_add_up_to_all_recipients(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    shown, K = race(asked), len(asked.arms)
    for policy in shown["policies"]:
        if shown["segments"] is None:
            assert policy["sends_within"] is policy["conversions_within"] is None
            continue
        for inside, along in (("sends_within", "sends"), ("conversions_within", "conversions")):
            by_segment = np.array(policy[inside]).reshape(-1, K)  # type: ignore[literal-required]
            assert by_segment.sum(axis=0).tolist() == policy[along][-K:]  # type: ignore[literal-required]


HALVES = {"audience": [{"name": "New", "share": 0.6, "multipliers": [2, 0.5]}, {"name": "Loyal", "share": 0.4}]}


def test_one_winner_for_everybody_gives_up_what_the_best_line_of_each_segment_would_bring() -> None:
    asked = scenario("oracle", "ab_split", rates=(0.04, 0.05), segments=HALVES)
    found = race(asked)["segments"]
    assert found is not None
    # New: 8% and 2.5%. Loyal: 4% and 5%. Everybody: A, 6.4%; apart: 0.6 x 8% + 0.4 x 5% = 6.8%.
    assert (found["names"], found["shares"], found["best"]) == (["New", "Loyal"], [0.6, 0.4], [0, 1])
    assert found["rates"] == pytest.approx([0.08, 0.025, 0.04, 0.05])
    assert found["whole"] == pytest.approx(0.068 * asked.sends)
    assert found["given_up"] == pytest.approx(0.004 * asked.sends)


def test_an_oracle_of_segments_gives_nothing_up() -> None:
    asked = scenario("oracle", rates=(0.04, 0.05), segments=HALVES, money={"order_value": 30.0}, goal="revenue")
    oracle = race(asked)["policies"][0]
    assert oracle["to_best"] is not None
    assert oracle["to_best"][-1] == asked.sends
    assert (oracle["regret"][-1], oracle["realised"][-1]) == (0.0, 0.0)


def test_contacts_that_were_left_out_are_no_misses() -> None:
    repeated: dict[str, Any] = {"recurring": {"recipients": 50}, "sends_per_hour": 100, "sends": 2_000}
    shown = race(
        scenario("thompson", "ab_split", guardrails=[{"name": "frequency_cap", "most": 2, "hours": 5}], **repeated)
    )
    for policy in shown["policies"]:
        strip = policy["strip"][-1]
        assert strip.count("-") > STRIP / 2
        assert sum(policy["sends"][-len(shown["arms"]) :]) < shown["sends"]
