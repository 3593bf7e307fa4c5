"""Segments: who belongs to which, what rates are in them, and who is best there."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine import POLICIES, Scenario, ScenarioError, simulate
from engine.segments import Segmentation, Segments, alias_table
from engine.simulation import potential_responses, trace
from tests.engine.scenarios import scenario

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""

TWO_BY_THREE: dict[str, Any] = {
    "audience": [
        {"name": "New", "share": 0.3, "multipliers": [2, 1]},
        {"name": "Loyal", "share": 0.7, "multiplier": 0.5},
    ],
    "device": [
        {"name": "Mobile", "share": 0.5},
        {"name": "Desktop", "share": 0.3, "multiplier": 1.5},
        {"name": "Tablet", "share": 0.2, "multipliers": [0, 3]},
    ],
}
LINES = (0.1, 0.2)
BY_HAND = [[0.2, 0.2], [0.3, 0.3], [0.0, 0.6], [0.05, 0.1], [0.075, 0.15], [0.0, 0.3]]


def segmented(*policies: str | dict[str, Any], **fields: Any) -> Scenario:
    return scenario(*policies, rates=LINES, segments=TWO_BY_THREE, **fields)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=64))
def test_the_alias_table_has_the_shares(weights: list[float]) -> None:
    shares = np.array(weights) / sum(weights)
    own, other = alias_table(shares)
    drawn = own / len(shares)
    np.add.at(drawn, other, (1 - own) / len(shares))
    np.testing.assert_allclose(drawn, shares, atol=1e-12)


def test_names_shares_and_rates_are_those_of_the_groups() -> None:
    found = segmented("ab_split").segmentation
    assert found.names[:2] == ("New · Mobile", "New · Desktop")
    np.testing.assert_allclose(found.shares, [0.15, 0.09, 0.06, 0.35, 0.21, 0.14])
    np.testing.assert_allclose(found.rates(np.array(LINES)), BY_HAND)
    np.testing.assert_allclose(segmented("ab_split").rates()[0], found.shares @ np.array(BY_HAND))


def test_rates_end_at_one() -> None:
    sure = {"audience": [{"name": "Fans", "share": 1.0, "multiplier": 20}]}
    result = simulate(scenario("ab_split", rates=(0.1, 0.01), segments=sure, sends=1_000, replications=1))
    assert result.conversions[0, 0, -1, 0] == result.sends[0, 0, -1, 0]


def test_features_are_a_constant_and_all_groups_but_the_first() -> None:
    names, features = segmented("ab_split").segmentation.indicators(("audience", "device", "time_of_day"))
    assert names == ("Everybody", "Loyal", "Desktop", "Tablet")
    assert features.tolist() == [[1, a, d, t] for a in (0, 1) for d, t in ((0, 0), (1, 0), (0, 1))]
    assert segmented("ab_split").segmentation.merged(("device",)).tolist() == [0, 1, 2, 0, 1, 2]


def test_recipients_fall_into_segments_by_their_shares_and_respond_by_their_rates() -> None:
    asked = segmented("ab_split", sends=200_000, replications=1)
    ran = trace(asked, 0)
    counts = np.bincount(ran.segments, minlength=6)
    assert stats.chisquare(counts, asked.segmentation.shares * asked.sends).pvalue > RARE
    for segment in range(6):
        for arm in range(2):
            mine = (ran.segments == segment) & (ran.arms == arm)
            wins = int(ran.answers[mine].sum())
            assert stats.binomtest(wins, int(mine.sum()), BY_HAND[segment][arm]).pvalue > RARE / 12


def test_segments_and_responses_do_not_depend_on_the_policy() -> None:
    asked = segmented("ab_split", "thompson", "lin_ucb", sends=3_000, replications=2)
    one, other, third = (trace(asked, place, 1) for place in range(3))
    np.testing.assert_array_equal(one.segments, other.segments)
    np.testing.assert_array_equal(one.segments, third.segments)
    same = one.arms == other.arms
    np.testing.assert_array_equal(one.answers[same], other.answers[same])


def test_the_oracle_sends_the_best_line_of_each_segment() -> None:
    ran = trace(segmented("oracle", sends=5_000, replications=1), 0)
    best = np.array([np.argmax(rates) for rates in BY_HAND])
    np.testing.assert_array_equal(ran.arms, best[ran.segments])
    assert not ran.missed.any()


def test_regret_is_against_the_best_of_the_segment() -> None:
    """Of an even split, exactly: half of the recipients get either line, and miss its distance to the best."""
    asked = segmented("ab_split", sends=20_000, replications=20)
    ran, result = trace(asked, 0, 3), simulate(asked)
    gaps = np.max(BY_HAND, axis=1, keepdims=True) - np.array(BY_HAND)
    assert result.regret[0, 3, -1] == pytest.approx(gaps[ran.segments, ran.arms].sum(), rel=1e-9)
    mean = asked.sends * float(asked.segmentation.shares @ gaps.mean(axis=1))
    spread = np.std(result.regret[0, :, -1], ddof=1) / np.sqrt(20)
    assert abs(result.regret[0, :, -1].mean() - mean) < stats.t.isf(RARE, 19) * spread


def test_counts_within_add_up() -> None:
    result = simulate(segmented("thompson", "segment_thompson", sends=2_000, replications=30))
    np.testing.assert_allclose(result.sends_within.sum(axis=1), result.sends[:, :, -1].mean(axis=1))
    np.testing.assert_allclose(result.conversions_within.sum(axis=1), result.conversions[:, :, -1].mean(axis=1))
    alike = simulate(scenario("thompson", sends=100, replications=3))
    assert alike.sends_within.shape == (1, 1, 5)


def test_the_best_for_everybody_is_that_of_the_mean_rates() -> None:
    result = simulate(segmented("thompson", sends=500, replications=2))
    assert result.best_at_end[0].tolist() == [[False, True]] * 2


def test_one_group_with_all_recipients_changes_rates_alone() -> None:
    """Half the multiplier and twice the rate: the very same campaigns."""
    half = {"device": [{"name": "Mobile", "share": 1.0, "multiplier": 0.5}]}
    plain = simulate(scenario("thompson", "ucb1", rates=(0.25, 0.125), sends=2_000, replications=5))
    other = simulate(scenario("thompson", "ucb1", rates=(0.5, 0.25), segments=half, sends=2_000, replications=5))
    np.testing.assert_array_equal(plain.sends, other.sends)
    np.testing.assert_array_equal(plain.conversions, other.conversions)


@pytest.mark.parametrize("world", ["seasonal", "drifting", "fatigue", "rotating", "inflated_opens", "change_point"])
def test_every_world_carries_them(world: str) -> None:
    """Two groups that do not differ: as if there were none."""
    same = {"audience": [{"name": "Odd", "share": 0.5}, {"name": "Even", "share": 0.5}]}
    for policy in ("thompson", "oracle"):
        plain = scenario(policy, world={"name": world}, sends=1_500, sends_per_hour=100, replications=2)
        one, other = simulate(plain), simulate(plain.with_changes(segments=same))
        np.testing.assert_array_equal(one.sends, other.sends)
        np.testing.assert_array_equal(one.regret_units, other.regret_units)
        np.testing.assert_array_equal(one.top_sends, other.top_sends)


@pytest.mark.parametrize(
    ("segments", "field"),
    [
        ({"audience": [{"name": "A", "share": 0.5}]}, "segments.audience"),
        ({"audience": [{"name": "A", "share": 0.5}, {"name": "A", "share": 0.5}]}, "segments.audience"),
        ({"device": [{"name": "A", "share": 0.0}, {"name": "B", "share": 1.0}]}, "segments.device.0.share"),
        ({"device": [{"name": "A", "share": 1.0, "multiplier": 21.0}]}, "segments.device.0.multiplier"),
        ({"device": [{"name": "A", "share": 1.0, "multipliers": [1.0]}]}, "segments.device.0.multipliers"),
        ({"device": [{"name": " ", "share": 1.0}]}, "segments.device.0.name"),
        ({"weekday": []}, "segments.weekday"),
        ({d: [{"name": str(n), "share": 0.1} for n in range(10)] for d in ("audience", "device")}, "segments.device"),
    ],
)
def test_what_cannot_be_is_refused_by_name(segments: dict[str, Any], field: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenario("ab_split", segments=segments)
    assert list(refused.value.problems) == [field]
    assert str(refused.value).endswith(".")


def test_fairness_needs_segments_and_room() -> None:
    two: dict[str, Any] = {"audience": [{"name": "Odd", "share": 0.5}, {"name": "Even", "share": 0.5}]}
    for share, segments in ((0.05, {}), (0.3, two)):
        with pytest.raises(ScenarioError, match=r"segment_fairness|of every segment"):
            scenario("ab_split", guardrails=[{"name": "segment_fairness", "share": share}], segments=segments)


# Policies that tell recipients apart

CONTEXTUAL = ("lin_ucb", "lin_thompson", "segment_thompson")
OPPOSITE: dict[str, Any] = {
    "audience": [
        {"name": "Bargain hunters", "share": 0.5, "multipliers": [1.6, 0.6, 1, 1]},
        {"name": "Loyal", "share": 0.5, "multipliers": [0.6, 1.6, 1, 1]},
    ]
}
FOUR = (0.08, 0.08, 0.06, 0.05)


@pytest.mark.parametrize("name", CONTEXTUAL)
def test_where_segments_differ_context_beats_the_best_single_line(name: str) -> None:
    """Mean conversions above those that the best line for everybody would have, far beyond the error of the mean."""
    asked = scenario(name, "thompson", rates=FOUR, segments=OPPOSITE, sends=20_000, replications=100)
    gained = simulate(asked).conversions[:, :, -1].sum(axis=-1)
    single = asked.sends * asked.rates()[0].max()
    error = gained.std(axis=1, ddof=1) / 10
    assert gained[0].mean() - 5 * error[0] > single
    assert gained[1].mean() + 5 * error[1] < gained[0].mean()


@pytest.mark.parametrize("name", ["lin_ucb", "lin_thompson"])
def test_where_they_do_not_it_loses_little(name: str) -> None:
    """Regret at most twice Thompson's, and under half of one per cent of all sends."""
    same = {"audience": [{"name": "Odd", "share": 0.5}, {"name": "Even", "share": 0.5}]}
    asked = scenario(name, "thompson", rates=FOUR, segments=same, sends=20_000, replications=100)
    regret = simulate(asked).regret[:, :, -1].mean(axis=1)
    assert regret[0] < 2.0 * regret[1]
    assert regret[0] < 0.005 * asked.sends


@pytest.mark.parametrize("name", CONTEXTUAL)
def test_a_dimension_that_is_not_told_is_not_used(name: str) -> None:
    blind = {"name": name, "audience": False}
    result = simulate(scenario(blind, rates=FOUR, segments=OPPOSITE, sends=5_000, replications=40))
    one, other = result.sends_within[0] / result.sends_within[0].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(one, other, atol=0.05)
    assert set(CONTEXTUAL) <= set(POLICIES)


def test_segmentation_without_groups_is_everybody() -> None:
    found = Segmentation.of(Segments.model_validate({}), arms=3)
    assert (len(found), found.names) == (1, ("Everybody",))


def test_potential_responses_are_those_of_the_line_alone() -> None:
    asked = scenario("ab_split", sends=200)
    assert potential_responses(asked, 4).mean() < 0.5


def test_sends_that_suit_the_recipient_are_counted_along_the_campaign() -> None:
    asked = segmented("ab_split", "segment_thompson", sends=2_000, replications=3)
    result = simulate(asked)
    assert result.suited is not None
    np.testing.assert_array_equal(result.suited[:, :, -1], result.top_sends)
    for policy in (0, 1):
        ran = trace(asked, policy, 2)
        along = (ran.missed == 0).cumsum()[result.checkpoints - 1]
        np.testing.assert_array_equal(result.suited[policy, 2], along)
    assert simulate(segmented("ab_split").with_changes(segments={})).suited is None
