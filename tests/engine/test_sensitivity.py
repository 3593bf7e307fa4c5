"""Each strip changes one number, stays within what is allowed and costs no more than the comparison."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from engine import Scenario, compare, simulate
from engine.presets import PRESETS
from engine.sensitivity import CAMPAIGNS, Strip, lead, level_together, over_even_split, strips
from engine.verdict import FEWEST_CAMPAIGNS
from engine.work import MOST_WORK
from tests.engine.scenarios import scenario, scenario_dicts

CLASSIC = PRESETS["classic"].scenario.with_changes(replications=1_000)


def strip(asked: Scenario, what: str) -> Strip:
    return next(one for one in strips(asked) if one.what == what)


def gaps(one: Strip) -> list[float]:
    return [float(np.diff(np.sort(place.rates()[0])[-2:])[0]) for place in one.scenarios]


@pytest.mark.parametrize(
    ("sends", "values", "present"),
    [
        (10_000, (1_000, 2_500, 5_000, 10_000, 25_000), 3),
        (22_330, (2_200, 5_600, 11_000, 22_330, 56_000), 3),
        (1_000_000, (50_000, 100_000, 250_000, 500_000, 1_000_000), 4),
        (1, (1, 2, 5, 10, 25), 0),
    ],
)
def test_sends_are_swept_within_their_bounds(sends: int, values: tuple[int, ...], present: int) -> None:
    found = strip(scenario("ab_split", "thompson", sends=sends), "sends")
    assert (found.values, found.present) == (values, present)
    assert [place.sends for place in found.scenarios] == list(values)


@pytest.mark.parametrize(
    ("rates", "values", "present"),
    [
        ((0.04, 0.05), (0.0015, 0.0025, 0.005, 0.01, 0.02), 3),
        ((0.2, 0.2, 0.1), (0, 0.01, 0.025, 0.05, 0.1), 0),
        ((0.0, 1.0), (0.06, 0.1, 0.25, 0.5, 1.0), 4),
        ((1.0, 1.0), (0, 0.06, 0.1, 0.25, 0.5), 0),
        ((0.0, 0.0), (0, 0.06, 0.1, 0.25, 0.5), 0),
    ],
)
def test_the_gap_is_swept_around_the_present_one(
    rates: tuple[float, ...], values: tuple[float, ...], present: int
) -> None:
    found = strip(scenario("ab_split", "thompson", rates=rates), "gap")
    assert found.values == pytest.approx(values, rel=0.05)
    assert found.present == present
    assert gaps(found) == pytest.approx(found.values, abs=1e-12)


def test_only_the_best_line_moves_unless_it_would_pass_100_percent() -> None:
    for place in strip(scenario("ab_split", "ucb1", rates=(0.1, 0.3, 0.2)), "gap").scenarios:
        assert place.rates()[0][[0, 2]].tolist() == [0.1, 0.2]
    widest = strip(scenario("ab_split", "ucb1", rates=(0.1, 0.95, 0.5)), "gap").scenarios[-1]
    assert widest.rates()[0].tolist() == pytest.approx([0.0, 1.0, 0.2])  # a gap of 0.8


def test_the_gap_of_rates_that_vary_is_not_swept() -> None:
    redrawn = CLASSIC.with_changes(world={"name": "stationary", "redraw": True})
    assert "gap" not in [one.what for one in strips(redrawn)]


@pytest.mark.parametrize(
    ("policy", "knob", "values", "present"),
    [
        ({"name": "epsilon_greedy", "epsilon": 0.1}, "epsilon", (0.025, 0.05, 0.1, 0.2, 0.4), 2),
        ({"name": "epsilon_greedy", "epsilon": 1.0}, "epsilon", (0.062, 0.12, 0.25, 0.5, 1.0), 4),
        ({"name": "epsilon_greedy", "epsilon": 0.0}, "epsilon", (0.0, 0.025, 0.05, 0.1, 0.2), 0),
        ({"name": "thompson", "alpha": 0.01}, "alpha", (0.01, 0.02, 0.04, 0.08, 0.16), 0),
        ({"name": "sliding_window_thompson", "window": 1}, "window", (1, 2, 4, 8, 16), 0),
    ],
)
def test_a_policy_s_main_setting_is_swept(
    policy: dict[str, Any], knob: str, values: tuple[float, ...], present: int
) -> None:
    found = strip(scenario("oracle", policy), "knob")
    assert (found.policy, found.knob, found.values, found.present) == (1, knob, values, present)
    for place, value in zip(found.scenarios, values, strict=True):
        assert [one.name for one in place.policies] == ["ab_split", policy["name"]]
        assert getattr(place.policies[1], knob) == value


def test_the_smallest_number_there_is_can_be_swept() -> None:
    found = strip(scenario("ab_split", {"name": "lin_ucb", "exploration": 5e-324}), "knob")
    assert found.values[found.present] == 5e-324
    assert list(found.values) == sorted(set(found.values))


def test_policies_without_numbers_and_references_have_no_strip() -> None:
    assert [one.what for one in strips(scenario("ab_split", "oracle", "ucb1_tuned"))] == ["sends", "gap"]


@pytest.mark.parametrize(
    ("policies", "swept"),
    [(("ab_split",), []), (("oracle", "ab_split"), []), (("thompson", "oracle"), ["knob"]), (("oracle",), [])],
)
def test_where_nobody_could_lead_only_settings_are_swept(policies: tuple[str, ...], swept: list[str]) -> None:
    assert [one.what for one in strips(scenario(*policies))] == swept


def test_a_setting_is_compared_with_the_scenario_s_own_even_split() -> None:
    asked = scenario({"name": "ab_split", "label": "Half and half"}, {"name": "thompson", "label": "A/B split"})
    assert strip(asked, "knob").scenarios[0].labels == ("Half and half", "A/B split")


@pytest.mark.parametrize("name", PRESETS)
def test_all_strips_together_take_as_long_as_the_comparison(name: str) -> None:
    asked = PRESETS[name].scenario.with_changes(replications=1_000)
    seconds = sum(place.estimated_seconds for one in strips(asked) for place in one.scenarios)
    assert 0.9 < seconds / asked.estimated_seconds <= 1


def test_no_value_takes_more_campaigns_than_are_enough() -> None:
    pair = ("ab_split", "thompson")
    assert strips(scenario(*pair, replications=100_000, sends=10))[0].scenarios[0].replications == CAMPAIGNS
    assert strips(scenario(*pair, replications=2))[0].scenarios[0].replications == FEWEST_CAMPAIGNS


def test_all_strips_together_are_never_more_than_is_done_at_once() -> None:
    asked = scenario(*["thompson"] * 8, rates=(0.04, 0.05), sends=1_000_000, replications=MOST_WORK // 8_000_000)
    places = [place for one in strips(asked) for place in one.scenarios]
    sends = sum(place.sends * place.replications * len(place.policies) for place in places)
    assert 0.9 < sends / MOST_WORK <= 1


def test_the_present_value_is_the_scenario_itself() -> None:
    sends, gap, _ = strips(CLASSIC)
    for one in (sends, gap):
        at_present = one.scenarios[one.present]
        assert at_present.rates()[0].tolist() == pytest.approx(CLASSIC.rates()[0].tolist(), abs=1e-15)
        assert (at_present.sends, at_present.policies) == (CLASSIC.sends, CLASSIC.policies)


@settings(max_examples=50)
@given(scenario_dicts())
def test_every_scenario_has_strips(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    for one in strips(asked):
        assert list(one.values) == sorted(set(one.values))
        assert len(one.values) == len(one.scenarios)
        assert 0 <= one.present < len(one.values)
        if one.what == "gap":
            assert gaps(one) == pytest.approx(one.values, abs=1e-12)


def test_the_leader_is_ahead_of_its_best_rival_on_the_same_recipients() -> None:
    told = compare(simulate(scenario("thompson", "ab_split", "oracle", rates=(0.1, 0.3), sends=500, replications=60)))
    ahead = lead(told)
    assert ahead is not None
    assert (ahead["leader"], ahead["rival"], ahead["tie"], ahead["level"]) == (0, 1, False, 0.9)
    assert (ahead["mean"], ahead["low"], ahead["high"]) == pytest.approx(tuple(told["policies"][0]["extra"].values()))
    json.dumps(ahead, allow_nan=False)


def test_a_lead_that_may_be_none_is_a_tie() -> None:
    ahead = lead(compare(simulate(scenario("thompson", "ab_split", rates=(0.3, 0.3), sends=500, replications=60))))
    assert ahead is not None
    assert ahead["tie"]
    assert ahead["low"] is not None
    assert ahead["low"] <= 0 <= ahead["mean"]


def test_one_campaign_is_always_a_tie() -> None:
    ahead = lead(compare(simulate(scenario("thompson", "ab_split", rates=(0.0, 1.0), replications=1))))
    assert ahead is not None
    assert (ahead["tie"], ahead["low"], ahead["high"]) == (True, None, None)


def test_the_interval_is_as_wide_as_its_level() -> None:
    result = simulate(scenario("ab_split", "thompson", rates=(0.1, 0.3), sends=500, replications=60))
    totals = result.conversions[:, :, -1].sum(axis=-1)
    difference = totals[1] - totals[0]
    for told in (lead(compare(result), 0.99), over_even_split(compare(result), 0.99)):
        assert told is not None
        low, high = stats.t.interval(0.99, 59, difference.mean(), stats.sem(difference))
        assert [told["low"], told["high"], told["level"]] == pytest.approx([low, high, 0.99])
        assert (told["leader"], told["rival"]) == (1, 0)


def test_what_a_setting_gains_may_be_negative_and_is_then_no_tie() -> None:
    told = over_even_split(compare(simulate(scenario("oracle", "ab_split", rates=(0.1, 0.9), replications=30))))
    assert told["mean"] < 0
    assert not told["tie"]


def test_the_level_counts_every_policy_in_every_scenario_and_the_present_one_once() -> None:
    asked = scenario("ab_split", "thompson", "ucb1_tuned", "oracle")
    swept = strips(asked)
    assert [one.what for one in swept] == ["sends", "gap", "knob"]
    assert level_together(asked, swept) == pytest.approx(1 - 0.1 / (9 * 3 + 5))
    assert level_together(asked, swept[:1]) == pytest.approx(1 - 0.1 / (5 * 3))
    assert level_together(asked, swept[2:]) == pytest.approx(1 - 0.1 / 5)
    assert level_together(asked, []) == pytest.approx(0.9)


def test_where_all_lines_are_alike_strips_rarely_name_a_leader() -> None:
    """Five scenarios, in each of which neither of two policies is better: 5 x 0.1 / 18, or 2.8% of strips, name one.

    Fails once in 100,000 seeds; at 90% for each scenario a third of the strips name one.
    """
    asked, tried = scenario("ab_split", "thompson", rates=(0.3, 0.3), sends=100), 80
    sends, gap, _ = strips(asked)
    level, named = level_together(asked, [sends, gap]), 0
    for seed in range(tried):
        ahead = [
            lead(compare(simulate(one.with_changes(seed=seed, replications=60)), crowned_in=0), level)
            for one in sends.scenarios
        ]
        named += any(found is not None and not found["tie"] for found in ahead)
    assert named <= stats.binom.isf(1e-5, tried, 5 * 0.1 / 18)


@pytest.mark.parametrize("policies", [("ab_split",), ("ab_split", "oracle"), ("oracle",)])
def test_nobody_leads_alone(policies: tuple[str, ...]) -> None:
    assert lead(compare(simulate(scenario(*policies, sends=20, replications=20)))) is None
