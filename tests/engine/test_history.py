"""Counts of an earlier campaign: rates drawn from what they leave open, and nothing else changed."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import Scenario, ScenarioError, from_link, simulate, to_link
from tests.engine.scenarios import scenario

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""
SEEN = {"sends": 400, "conversions": 30}
ANEW = {"name": "stationary", "redraw": True}


def remembered(*histories: dict[str, int] | None, **fields: Any) -> Scenario:
    arms = [{"name": f"line {place}", "history": history} for place, history in enumerate(histories)]
    raw = {"arms": arms, "policies": [{"name": "ab_split"}, {"name": "thompson"}], "sends": 500, "world": ANEW}
    return Scenario.from_dict(raw | fields)


def test_rates_are_drawn_from_the_posterior_anew_in_each_campaign() -> None:
    rates = remembered(SEEN, {"sends": 0, "conversions": 0}, replications=4_000).rates(0, 4_000)
    assert stats.kstest(rates[:, 0], stats.beta(31, 371).cdf).pvalue > RARE
    assert stats.kstest(rates[:, 1], stats.uniform.cdf).pvalue > RARE
    assert stats.pearsonr(rates[:, 0], rates[:, 1]).pvalue > RARE


def test_without_new_rates_there_is_one_draw_for_all_campaigns() -> None:
    asked = remembered(SEEN, SEEN, world={"name": "stationary"}, replications=5)
    assert (asked.rates(0, 5) == asked.rates(3, 1)).all()
    assert asked.rates()[0, 0] != asked.rates()[0, 1]


def test_a_campaign_s_rates_do_not_depend_on_which_others_are_asked_for() -> None:
    asked = remembered(SEEN, SEEN, replications=9)
    np.testing.assert_array_equal(asked.rates(0, 9)[4:6], asked.rates(4, 2))


def test_a_given_rate_and_the_other_lines_stay_as_they_are() -> None:
    rated = remembered(SEEN, None, None, replications=3)
    arms = rated.to_dict()["arms"]
    fixed = rated.with_changes(arms=[arms[0] | {"rate": 0.2}, *arms[1:]])
    bare = rated.with_changes(arms=[arms[0] | {"history": None}, *arms[1:]])
    assert (fixed.rates(0, 3)[:, 0] == 0.2).all()
    np.testing.assert_array_equal(rated.rates(0, 3)[:, 1:], bare.rates(0, 3)[:, 1:])


@pytest.mark.parametrize("world", ["drifting", "seasonal", "fatigue", "change_point", "inflated_opens", "rotating"])
def test_every_world_starts_from_it(world: str) -> None:
    large = {"sends": 10**9, "conversions": 10**8}
    asked = remembered(large, large, world={"name": world, "redraw": True}, sends_per_hour=10)
    steady = asked.with_changes(arms=[{"name": "line 0", "rate": 0.1}, {"name": "line 1", "rate": 0.1}])
    np.testing.assert_allclose(asked.rates(2, 1), steady.rates(2, 1), atol=1e-3)


def test_it_fits_a_link_and_runs() -> None:
    asked = remembered(SEEN, {"sends": 900, "conversions": 80}, replications=20)
    assert from_link(to_link(asked)) == asked
    result = simulate(asked)
    assert result.best_at_end.sum(axis=-1).tolist() == [[1] * 20] * 2
    assert len({tuple(row) for row in result.best_at_end[0].tolist()}) == 2, "the better line is not known for sure"


def test_a_scenario_without_it_keeps_its_digest() -> None:
    raw = scenario("ab_split").to_dict()
    assert (
        Scenario.from_dict(raw | {"arms": [arm | {"history": None} for arm in raw["arms"]]}).digest()
        == scenario("ab_split").digest()
    )


@pytest.mark.parametrize(
    ("history", "text"),
    [
        ({"sends": 10, "conversions": 11}, "got 11, more than the 10 sends"),
        ({"sends": -1, "conversions": 0}, "sends"),
        ({"sends": 10}, "conversions"),
        ({"sends": 10, "conversions": 1.5}, "conversions"),
    ],
)
def test_counts_that_cannot_be_are_refused(history: dict[str, Any], text: str) -> None:
    with pytest.raises(ScenarioError, match=text):
        remembered(history, SEEN)
