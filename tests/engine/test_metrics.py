"""Where the shown campaign falls among its repeats."""

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.inference import wilson_interval
from engine.metrics import extra_conversions, mean_interval, repeats, repeats_beside, top_share
from tests.engine.scenarios import scenario

ASKED = scenario("ab_split", "epsilon_greedy", "oracle", sends=2_000, rates=(0.2, 0.4))


def test_repeats_are_paired_and_leave_the_shown_campaign_out() -> None:
    told = repeats(ASKED)
    result = simulate(ASKED.with_changes(replications=told["replications"] + 1))
    extra = extra_conversions(result, 0)
    policy = told["policies"][1]
    assert policy["shown_extra"] == extra[1, 0]
    assert policy["extra_mean"] == pytest.approx(extra[1, 1:].mean())
    assert policy["extra_low"] == pytest.approx(np.percentile(extra[1, 1:], 5))
    assert policy["wins"] + policy["ties"] + policy["losses"] == told["replications"]
    assert policy["shown_rank"] == pytest.approx(stats.percentileofscore(extra[1, 1:], extra[1, 0], "mean") / 100)
    assert told["digest"] == result.digest()


def test_baseline_differs_from_itself_by_nothing() -> None:
    baseline = repeats(ASKED)["policies"][0]
    assert {baseline["extra_mean"], baseline["extra_low"], baseline["extra_high"], baseline["shown_extra"]} == {0}


def test_oracle_sends_everything_to_the_best_line() -> None:
    result = simulate(ASKED)
    assert (top_share(result)[2] == 1.0).all()
    np.testing.assert_allclose(top_share(result)[0], 0.5)


@pytest.mark.parametrize(
    ("policies", "sends", "expected"), [(1, 100, 400), (4, 10_000, 400), (2, 100_000, 80), (4, 1_000_000, 20)]
)
def test_number_of_repeats_follows_the_work(policies: int, sends: int, expected: int) -> None:
    assert repeats_beside(scenario(*["ab_split"] * policies, sends=sends)) == expected


def test_interval_of_a_mean_covers_it_nine_times_in_ten() -> None:
    """4,000 samples of 100: coverage 90%; a correct interval misses these bounds once in 10,000 seeds."""
    samples = np.random.default_rng(5).normal(3, 2, (4_000, 100))
    covered = [low <= 3 <= high for _, low, high in map(mean_interval, samples)]
    assert abs(np.mean(covered) - 0.9) < 0.02


def test_wilson_agrees_with_scipy() -> None:
    won, sent = np.array([0, 1, 37, 50]), np.array([5, 40, 90, 50])
    low, high = wilson_interval(won, sent)
    for place in range(4):
        theirs = stats.binomtest(int(won[place]), int(sent[place])).proportion_ci(0.9, "wilson")
        assert (low[place], high[place]) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
