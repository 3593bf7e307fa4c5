"""Where the shown campaign falls among its repeats."""

import json

import numpy as np
import pytest
from scipy import stats

from engine import Result, simulate
from engine.inference import LEVEL
from engine.metrics import Repeats, extra_totals, mean_interval, repeats, repeats_beside, top_share
from engine.race import race
from tests.engine.scenarios import scenario

ASKED = scenario("epsilon_greedy", "ab_split", "oracle", "thompson", sends=2_000, rates=(0.2, 0.4))


@pytest.fixture(scope="module")
def told() -> Repeats:
    return repeats(ASKED)


@pytest.fixture(scope="module")
def result() -> Result:
    """Replication 0 is the one shown, the others are its repeats."""
    return simulate(ASKED.with_changes(replications=401))


def test_differences_are_paired_by_campaign(result: Result) -> None:
    totals = result.conversions[:, :, -1].sum(axis=-1)
    for place in range(4):
        expected = [int(totals[place, r]) - int(totals[1, r]) for r in range(401)]
        assert extra_totals(result, 1)[place].tolist() == expected


def test_repeats_leave_the_shown_campaign_out(told: Repeats, result: Result) -> None:
    for place, policy in enumerate(told["policies"]):
        extra = extra_totals(result, 1)[place]
        assert policy["shown_extra"] == extra[0]
        assert policy["extra_mean"] == pytest.approx(extra[1:].mean())
        assert policy["conversions_mean"] == pytest.approx(result.conversions[place, 1:, -1].sum(axis=-1).mean())
        assert policy["regret_mean"] == pytest.approx(result.regret[place, 1:, -1].mean())


def test_the_shown_campaign_is_the_one_that_is_replayed(told: Repeats) -> None:
    shown = race(ASKED)["policies"]
    totals = [sum(policy["conversions"][-2:]) for policy in shown]
    for policy, total in zip(told["policies"], totals, strict=True):
        assert policy["shown_extra"] == total - totals[1]


def test_intervals_of_campaigns_are_percentiles(told: Repeats, result: Result) -> None:
    for place, policy in enumerate(told["policies"]):
        extra = extra_totals(result, 1)[place, 1:]
        assert (policy["extra_low"], policy["extra_high"]) == pytest.approx(tuple(np.percentile(extra, [5, 95])))
        assert policy["extra_percentiles"] == np.percentile(extra, np.arange(0.5, 100)).round(1).tolist()


def test_the_interval_of_the_mean_is_far_narrower_than_that_of_campaigns(told: Repeats) -> None:
    policy = told["policies"][0]
    assert policy["extra_mean_low"] < policy["extra_mean"] < policy["extra_mean_high"]
    assert policy["extra_mean_high"] - policy["extra_mean_low"] < (policy["extra_high"] - policy["extra_low"]) / 10


def test_every_repeat_is_won_tied_or_lost(told: Repeats, result: Result) -> None:
    for place, policy in enumerate(told["policies"]):
        extra = extra_totals(result, 1)[place, 1:]
        assert policy["wins"] == (extra > 0).sum()
        assert policy["losses"] == (extra < 0).sum()
        assert policy["wins"] + policy["ties"] + policy["losses"] == told["replications"] == 400


def test_rank_is_the_share_of_repeats_beaten_with_ties_counted_half(told: Repeats, result: Result) -> None:
    for place, policy in enumerate(told["policies"]):
        extra = extra_totals(result, 1)[place]
        assert policy["shown_rank"] == pytest.approx(stats.percentileofscore(extra[1:], extra[0], "mean") / 100)


def test_baseline_differs_from_itself_by_nothing(told: Repeats) -> None:
    assert told["baseline"] == 1
    baseline = told["policies"][1]
    names = ("mean", "low", "high", "mean_low", "mean_high")
    assert {baseline[f"extra_{name}"] for name in names} == {0}  # type: ignore[literal-required]
    assert set(baseline["extra_percentiles"]) == {0}
    assert (baseline["shown_extra"], baseline["shown_rank"], baseline["ties"]) == (0, 0.5, 400)


def test_it_is_plain_json_with_its_level(told: Repeats, result: Result) -> None:
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["level"] == LEVEL
    assert told["digest"] == result.digest()
    assert [policy["label"] for policy in told["policies"]] == list(ASKED.labels)


def test_every_policy_sends_to_everybody(told: Repeats) -> None:
    assert {policy["sends_mean"] for policy in told["policies"]} == {2_000}


def test_oracle_sends_everything_to_the_best_line(result: Result) -> None:
    assert (top_share(result)[2] == 1.0).all()


def test_even_split_sends_its_share_to_the_best_line(told: Repeats) -> None:
    assert told["policies"][1]["top_share_mean"] == 0.5


def test_the_best_line_is_that_of_each_campaign() -> None:
    asked = scenario("oracle", sends=30, replications=50).with_changes(
        arms=[{"name": n} for n in "ABC"], world={"name": "stationary", "redraw": True}
    )
    assert (top_share(simulate(asked)) == 1.0).all()


@pytest.mark.parametrize(
    ("policies", "sends", "expected"),
    [(1, 100, 400), (4, 10_000, 400), (2, 100_000, 80), (3, 100_000, 53), (8, 100_000, 20), (4, 1_000_000, 20)],
)
def test_number_of_repeats_follows_the_work(policies: int, sends: int, expected: int) -> None:
    assert repeats_beside(scenario(*["ab_split"] * policies, sends=sends)) == expected


def test_interval_of_a_mean_covers_it_nine_times_in_ten() -> None:
    """4,000 samples of 100: coverage 90%; a correct interval misses these bounds once in 10,000 seeds."""
    samples = np.random.default_rng(5).normal(3, 2, (4_000, 100))
    covered = [low <= 3 <= high for _, low, high in map(mean_interval, samples)]
    assert abs(np.mean(covered) - 0.9) < 0.02


def test_a_shown_campaign_is_as_lucky_as_any() -> None:
    """Over 60 seeds its rank is uniform: mean of 60 ranks within 4.4 standard errors, fails once in 100,000."""
    ranks = [
        repeats(scenario("ab_split", "epsilon_greedy", rates=(0.3, 0.4), sends=150, seed=seed))["policies"][1]
        for seed in range(60)
    ]
    mean = np.mean([policy["shown_rank"] for policy in ranks])
    assert abs(mean - 0.5) < 4.42 * np.sqrt(1 / 12 / 60)
