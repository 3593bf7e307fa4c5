"""What is said of policies over many campaigns is what a plain count of the result says."""

import json
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from scipy import stats

from engine import Result, Scenario, compare, simulate, summarise
from engine.blocks import Block, run_block
from engine.collector import Collector
from engine.comparison import Comparison, lai_robbins
from engine.inference import t_quantile
from engine.metrics import mean_interval
from tests.engine.scenarios import scenario, scenario_dicts

RATES = (0.04, 0.05, 0.06, 0.07, 0.09)
R = 200
ASKED = scenario("epsilon_greedy", "ab_split", "oracle", "thompson", sends=3_000, rates=RATES, replications=R)
BASELINE, ORACLE = 1, 2


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(ASKED)


@pytest.fixture(scope="module")
def told(result: Result) -> Comparison:
    return compare(result)


def totals(result: Result) -> np.ndarray:
    return np.array([[int(counts[-1].sum()) for counts in policy] for policy in result.conversions])


def test_it_is_plain_json(told: Comparison) -> None:
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert orjson.loads(orjson.dumps(told)) == told


def test_extra_is_paired_with_the_baseline_by_campaign(told: Comparison, result: Result) -> None:
    assert told["baseline"] == BASELINE
    won = totals(result)
    for place, policy in enumerate(told["policies"]):
        extra = won[place] - won[BASELINE]
        assert policy["conversions_mean"] == pytest.approx(won[place].mean())
        assert policy["extra"]["mean"] == pytest.approx(extra.mean())
        assert policy["extra_spread"] == pytest.approx(np.percentile(extra, [5, 95]).tolist())
        assert policy["extra_percentiles"] == np.percentile(extra, np.arange(0.5, 100)).round(1).tolist()
        counted = [(extra > 0).sum(), (extra == 0).sum(), (extra < 0).sum()]
        assert [policy["wins"], policy["ties"], policy["losses"]] == counted
        assert policy["win_chance"]["mean"] == pytest.approx((counted[0] + counted[1] / 2) / R)


def test_intervals_of_means_are_student_s(told: Comparison, result: Result) -> None:
    won = totals(result)
    for place in (0, 2, 3):
        theirs = stats.ttest_rel(won[place], won[BASELINE]).confidence_interval(0.9)
        ours = told["policies"][place]["extra"]
        assert (ours["low"], ours["high"]) == pytest.approx(tuple(theirs))


def test_intervals_of_chances_are_wilson_s(told: Comparison) -> None:
    for policy in told["policies"]:
        if policy["ties"] == 0:
            theirs = stats.binomtest(policy["wins"], R).proportion_ci(0.9, "wilson")
            assert (policy["win_chance"]["low"], policy["win_chance"]["high"]) == pytest.approx(tuple(theirs))


def test_every_pair_is_compared_on_the_same_recipients(told: Comparison, result: Result) -> None:
    won = totals(result)
    assert [(pair["first"], pair["second"]) for pair in told["pairs"]] == [
        (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)
    ]  # fmt: skip
    for pair in told["pairs"]:
        difference = won[pair["first"]] - won[pair["second"]]
        low, high = stats.ttest_1samp(difference, 0).confidence_interval(0.9)
        assert (pair["mean"], pair["low"], pair["high"]) == pytest.approx((difference.mean(), low, high))
        # three policies can be recommended, so each is in two comparisons: 95% each
        together = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
        assert (pair["low_together"], pair["high_together"]) == pytest.approx(tuple(together))
        assert pair["wins"] == (difference > 0).sum()
        assert pair["ties"] == (difference == 0).sum()
        assert pair["losses"] == (difference < 0).sum()


def test_being_wrong_costs_what_campaigns_below_the_baseline_miss(told: Comparison, result: Result) -> None:
    won = totals(result)
    for place, policy in enumerate(told["policies"]):
        extra = won[place] - won[BASELINE]
        below = sorted(int(difference) for difference in extra if difference < 0)
        assert policy["shortfall"]["share"] == len(below) / R
        assert policy["shortfall"]["worst"] == pytest.approx(np.mean(sorted(extra)[: R // 20]))
        if below:
            assert policy["shortfall"]["mean"] == pytest.approx(-np.mean(below))
        else:
            assert policy["shortfall"]["mean"] is None


def test_regret_is_expected_and_realised(told: Comparison, result: Result) -> None:
    won = totals(result)
    for place, policy in enumerate(told["policies"]):
        regret = result.regret[place, :, -1]
        assert policy["regret"]["mean"] == pytest.approx(regret.mean())
        assert policy["regret_spread"] == pytest.approx(np.percentile(regret, [5, 95]).tolist())
        assert policy["realised_regret"] is not None
        assert policy["realised_regret"]["mean"] == pytest.approx((won[ORACLE] - won[place]).mean())


def test_without_an_oracle_realised_regret_is_unknown() -> None:
    policies = compare(simulate(scenario("ab_split", "thompson", sends=50, replications=20)))["policies"]
    assert [policy["realised_regret"] for policy in policies] == [None, None]


def test_the_pick_is_the_highest_posterior_mean_among_lines_that_were_sent(told: Comparison, result: Result) -> None:
    for place, policy in enumerate(told["policies"]):
        right = 0.0
        for sends, won in zip(result.sends[place, :, -1], result.conversions[place, :, -1], strict=True):
            means = {k: (int(won[k]) + 1) / (int(sends[k]) + 2) for k in range(5) if sends[k]}
            picked = [k for k, mean in means.items() if mean == max(means.values())]
            right += (4 in picked) / len(picked)
        assert policy["picks_best"]["mean"] == pytest.approx(right / R)
    assert told["policies"][ORACLE]["picks_best"]["mean"] == 1


def test_crowns_are_those_of_the_first_campaigns(result: Result) -> None:
    assert compare(result, crowned_in=50)["crowned_in"] == 50
    assert compare(result)["crowned_in"] == R
    none = compare(result, crowned_in=0)
    assert {(policy["crowns"], policy["false_winners"]) for policy in none["policies"]} == {(None, None)}


def test_more_sends_crown_more_often_and_rarely_falsely() -> None:
    few, many = (
        compare(simulate(scenario("ab_split", rates=(0.1, 0.3), sends=sends, replications=200)))["policies"][0]
        for sends in (20, 2_000)
    )
    assert few["crowns"] is not None
    assert many["crowns"] is not None
    assert few["crowns"] < 0.6
    assert many["crowns"] > 0.99
    assert many["false_winners"] == 0


def test_bands_are_percentiles_of_campaigns(told: Comparison, result: Result) -> None:
    curves = told["curves"]
    assert len(curves["band_at"]) == 50
    assert curves["band_at"][-1] == 3_000
    kept = np.isin(result.checkpoints, curves["band_at"])
    for place in range(4):
        low, high = np.percentile(result.regret[place][:, kept], [5, 95], axis=0)
        np.testing.assert_allclose(curves["regret_low"][place], low, atol=6e-4)
        np.testing.assert_allclose(curves["regret_high"][place], high, atol=6e-4)


def test_curves_are_means_over_campaigns(told: Comparison, result: Result) -> None:
    curves = told["curves"]
    assert curves["at"] == result.curves.checkpoints.tolist()
    np.testing.assert_allclose(curves["regret"], result.curves.regret, atol=6e-4)


def test_traffic_is_each_line_s_share_of_the_sends_in_a_window(told: Comparison, result: Result) -> None:
    windows, traffic = told["curves"]["windows"], np.array(told["curves"]["traffic"])
    assert traffic.shape == (4, len(windows), 5)
    np.testing.assert_allclose(traffic.sum(axis=-1), 1, atol=3e-4)
    by_send = {int(at): result.curves.sends[:, place] for place, at in enumerate(result.curves.checkpoints)}
    start, end = windows[9], windows[10]
    np.testing.assert_allclose(traffic[:, 10], (by_send[end] - by_send[start]) / (end - start), atol=6e-5)
    np.testing.assert_allclose(traffic[ORACLE][:, 4], 1)


def test_traffic_settles_when_four_sends_in_five_go_to_the_best_line_for_good() -> None:
    asked = scenario("ab_split", "oracle", "epsilon_greedy", rates=(0.1, 0.9), sends=1_000, replications=50)
    settled = [policy["settled_after"] for policy in compare(simulate(asked))["policies"]]
    assert settled[:2] == [None, 0]
    assert settled[2] is not None
    assert 0 < settled[2] < 100


def test_traffic_settles_on_the_best_line_of_each_campaign() -> None:
    policies = compare(simulate(_redrawn("ab_split", "oracle")))["policies"]
    assert [policy["settled_after"] for policy in policies] == [None, 0]
    assert policies[1]["top_share_mean"] == 1


def test_the_best_line_is_named_unless_it_varies(told: Comparison) -> None:
    assert (told["best"], told["best_lines"]) == (4, [4])
    assert [line["rate"] for line in told["lines"]] == list(RATES)
    varying = compare(simulate(_redrawn("ab_split")))
    assert (varying["best"], varying["best_lines"], varying["curves"]["lai_robbins"]) == (None, [], None)


def test_equal_best_lines_all_are_best() -> None:
    asked = scenario("ab_split", rates=(0.5, 0.2, 0.5, 0.2), sends=40, replications=30)
    told = compare(simulate(asked))
    assert (told["best"], told["best_lines"]) == (0, [0, 2])
    assert told["policies"][0]["top_share_mean"] == 0.5


@pytest.mark.parametrize(
    ("rates", "constant"),
    [
        ((0.5, 0.4), 0.1 / (0.4 * np.log(0.8) + 0.6 * np.log(1.2))),
        ((0.2, 0.0), 0.2 / -np.log(0.8)),
        ((0.5, 0.5), 0.0),
        ((0.5, 0.5 - 1e-9), 0.5e9),  # 2 p (1 - p) / gap, as gaps vanish
        ((0.5, 0.5 - 4e-6), 0.5 / 4e-6),
        ((1.0, 0.5), None),
        ((0.0, 0.0), None),
    ],
)
def test_lai_robbins_constant_by_hand(rates: tuple[float, float], constant: float | None) -> None:
    told = lai_robbins(np.array([rates]))
    assert told == (None if constant is None else pytest.approx(constant, rel=1e-4))


def test_the_order_is_stable_since_the_last_change(result: Result, told: Comparison) -> None:
    won = totals(result)[[0, 1, 3]]  # the oracle is no rival
    orders = [tuple(np.argsort(-won[:, : n + 1].sum(axis=1), kind="stable")) for n in range(R)]
    since = next(n for n in range(R) if all(order == orders[-1] for order in orders[n:]))
    assert told["stable_since"] == since + 1


def test_a_partial_result_is_told_as_the_first_campaigns() -> None:
    collector = Collector(ASKED)
    for policy in range(4):
        collector.add(run_block(ASKED, Block(policy, 0, 60)))
    assert compare(collector.so_far()) == compare(simulate(ASKED.with_changes(replications=60)))


@given(scenario_dicts())
def test_every_scenario_can_be_compared(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    told = compare(simulate(asked))
    json.dumps(told, allow_nan=False)
    assert len(told["policies"]) == len(asked.policies)
    assert 1 <= told["stable_since"] <= asked.replications
    assert not (asked.replications == 1 and told["policies"][0]["extra"]["low"])


@pytest.mark.parametrize("rates", [(0.0, 0.0, 0.0), (1.0, 1.0), (0.3, 0.3), (0.0, 1.0)])
@pytest.mark.parametrize("sends", [1, 2, 40])
@pytest.mark.parametrize("replications", [1, 2, 25])
def test_extremes_can_be_compared(rates: tuple[float, ...], sends: int, replications: int) -> None:
    asked = scenario("thompson", "ab_split", "oracle", rates=rates, sends=sends, replications=replications)
    json.dumps(compare(simulate(asked)), allow_nan=False)


def test_few_campaigns_have_honest_intervals() -> None:
    """2,000 times 5 campaigns: 90% of the intervals hold the mean of all; fails once in 100,000 seeds."""
    asked = scenario("ab_split", "epsilon_greedy", rates=(0.3, 0.4), sends=200, replications=10_000)
    extra = np.diff(totals(simulate(asked)), axis=0)[0]
    bounds = [mean_interval(five, t_quantile(5)) for five in extra.reshape(-1, 5)]
    covered = [low <= extra.mean() <= high for _, low, high in bounds]
    assert abs(np.mean(covered) - 0.9) < 4.42 * np.sqrt(0.9 * 0.1 / 2_000) + 0.01  # counts are a little skewed
    told = compare(simulate(asked.with_changes(replications=5)))["policies"][1]["extra"]
    assert tuple(told.values()) == pytest.approx(bounds[0])


def test_the_summary_has_a_row_a_policy(told: Comparison, result: Result) -> None:
    table = summarise(result)
    assert table.index.tolist() == list(ASKED.labels)
    assert table.columns.tolist() == [
        "conversions", "extra", "extra_low", "extra_high", "win_chance", "regret", "top_share", "picks_best",
    ]  # fmt: skip
    assert set(table.dtypes) == {np.dtype(float)}
    thompson = told["policies"][3]
    assert table.loc["Thompson sampling", "extra_low"] == thompson["extra"]["low"]
    assert table.loc["Thompson sampling", "regret"] == thompson["regret"]["mean"]


def test_the_summary_of_one_campaign_has_no_intervals() -> None:
    table = summarise(simulate(scenario("ab_split", "oracle", sends=10, replications=1)))
    assert table[["extra_low", "extra_high"]].isna().all(axis=None)


def _redrawn(*policies: str) -> Scenario:
    return scenario(*policies, sends=30, replications=50).with_changes(
        arms=[{"name": name} for name in "ABC"], world={"name": "stationary", "redraw": True}
    )


def test_where_the_best_line_varies_it_takes_50_looks_to_say_when_traffic_settles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = scenario("ab_split", "oracle", sends=60, replications=20).with_changes(
        arms=[{"name": "A"}, {"name": "B"}], world={"name": "stationary", "redraw": True}
    )
    settled: dict[int, list[int | None]] = {}
    for looks in (60, 50, 49):
        monkeypatch.setattr("engine.scenario.MOST_CHECKPOINTS", looks)
        monkeypatch.setattr("engine.blocks.MOST_CHECKPOINTS", looks)
        told = compare(simulate(asked))
        assert told["settling_known"] == (looks >= 50)
        settled[looks] = [policy["settled_after"] for policy in told["policies"]]
    assert settled == {60: [None, 0], 50: [None, 0], 49: [None, None]}


def test_few_sends_are_all_looked_at() -> None:
    asked = scenario("oracle", sends=4, replications=20).with_changes(
        arms=[{"name": "A"}, {"name": "B"}], world={"name": "stationary", "redraw": True}
    )
    told = compare(simulate(asked))
    assert told["settling_known"]
    assert told["policies"][0]["settled_after"] == 0


@pytest.mark.parametrize("goal", ["revenue", "net_value"])
def test_with_money_as_the_goal_everything_is_told_in_money(goal: str) -> None:
    """The dearer line converts less often: who counts conversions alone would crown the other one."""
    lines = [{"name": "A", "rate": 0.05, "order_value": 90.0, "complaint_rate": 0.001}, {"name": "B", "rate": 0.06}]
    result = simulate(
        Scenario.from_dict(
            {
                "arms": lines,
                "policies": [{"name": "ab_split"}, {"name": "thompson"}],
                "sends": 5_000,
                "replications": 60,
                "money": {"order_value": 40.0, "send_cost": 0.02, "unsubscribe_cost": 30.0},
                "goal": goal,
            }
        )
    )
    found, gained = compare(result), result.gains[:, :, -1]
    assert found["goal"] == goal
    assert found["policies"][1]["total_mean"] == pytest.approx(gained[1].mean(), abs=0.01)
    assert found["policies"][1]["extra"]["mean"] == pytest.approx((gained[1] - gained[0]).mean(), abs=0.01)
    assert found["policies"][1]["regret"]["mean"] == pytest.approx(result.regret[1, :, -1].mean())
    assert found["policies"][1]["picks_best"]["mean"] > 0.9
    assert found["best_lines"] == [0]
    assert (found["policies"][1]["crowns"], found["curves"]["lai_robbins"]) == (None, None)
    assert found["verdict"]["leader"] == 1
