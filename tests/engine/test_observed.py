"""What counts say, against scipy and against how often it would be wrong."""

import json

import numpy as np
import pytest
from scipy import stats

from engine import inference
from engine.beliefs import chance_to_be_best
from engine.errors import CountsError, EngineError
from engine.inference import difference_interval
from engine.observed import SUSPICIOUS, observed

NAMES = ["A", "B", "C"]
SENDS, CONVERSIONS = np.array([5_000, 5_100, 4_900]), np.array([200, 260, 215])


def test_tests_are_those_of_scipy() -> None:
    found = observed(NAMES, SENDS, CONVERSIONS)
    table = np.stack([CONVERSIONS, SENDS - CONVERSIONS])
    assert found["differ"] == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert found["split"] == pytest.approx(stats.chisquare(SENDS).pvalue)
    uneven = np.array([0.5, 0.3, 0.2])
    assert observed(NAMES, SENDS, CONVERSIONS, uneven)["split"] == pytest.approx(
        stats.chisquare(SENDS, SENDS.sum() * uneven).pvalue, abs=1e-300
    )


def test_two_lines_are_the_two_proportion_test() -> None:
    found = observed(["A", "B"], SENDS[:2], CONVERSIONS[:2])
    rates, pooled = CONVERSIONS[:2] / SENDS[:2], CONVERSIONS[:2].sum() / SENDS[:2].sum()
    z = (rates[1] - rates[0]) / np.sqrt(pooled * (1 - pooled) * (1 / SENDS[:2]).sum())
    assert found["differ"] == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_lines_carry_their_numbers() -> None:
    found = observed(NAMES, SENDS, CONVERSIONS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [line["best"] for line in found["lines"]] == pytest.approx(chance_to_be_best(CONVERSIONS, SENDS).tolist())
    assert found["leader"] == 1
    assert found["lines"][1]["low"] < found["lines"][1]["rate"] == 260 / 5_100 < found["lines"][1]["high"]
    assert found["lines"][1]["loss"] < found["lines"][0]["loss"]


def test_a_split_that_chance_would_hardly_make_is_suspicious() -> None:
    assert not observed(NAMES, SENDS, CONVERSIONS)["is_split_suspicious"]
    assert observed(NAMES, np.array([5_000, 5_100, 4_500]), CONVERSIONS)["is_split_suspicious"]


def test_fair_splits_are_seldom_suspected() -> None:
    """Fails a right check once in a million seeds."""
    splits = np.random.default_rng(3).multinomial(6_000, [1 / 3] * 3, size=2_000)
    suspected = sum(observed(NAMES, split, np.array([100, 100, 100]))["is_split_suspicious"] for split in splits[:400])
    assert suspected <= stats.binom(400, SUSPICIOUS).isf(1e-6)


def test_with_few_conversions_it_says_nothing_of_a_difference() -> None:
    assert observed(["A", "B"], np.array([100, 100]), np.array([1, 3]))["differ"] is None
    assert observed(["A", "B"], np.array([100, 100]), np.array([99, 98]))["differ"] is None


@pytest.mark.parametrize("conversions", [np.array([1, 2]), np.array([6_000, 1, 1]), np.array([-1, 1, 1])])
def test_counts_that_cannot_be_are_refused(conversions: np.ndarray) -> None:
    with pytest.raises(EngineError):
        observed(NAMES, SENDS, conversions)


def test_a_line_without_sends_is_named() -> None:
    with pytest.raises(CountsError, match="got 0 for line 'B'"):
        observed(NAMES, np.array([10, 0, 10]), np.array([1, 0, 1]))


def test_names_and_counts_must_match() -> None:
    with pytest.raises(CountsError, match="one for each"):
        observed(["A"], SENDS, CONVERSIONS)


def test_the_lead_is_that_of_the_highest_rate_over_the_next() -> None:
    lead = observed(NAMES, SENDS, CONVERSIONS)["lead"]
    assert (lead["first"], lead["second"]) == (1, 2)
    assert lead["mean"] == pytest.approx(260 / 5_100 - 215 / 4_900)
    assert lead["low"] < lead["mean"] < lead["high"]


def test_its_interval_covers_as_often_as_it_says() -> None:
    """Newcombe's is close to 90% also for few conversions; fails a right one once in a million seeds."""
    draw = np.random.default_rng(5)
    won = draw.binomial(800, [0.04, 0.03], size=(2_000, 2))
    bounds = [difference_interval((float(one), float(two)), (800.0, 800.0)) for one, two in won]
    covered = sum(low <= 0.01 <= high for low, high in bounds)
    assert stats.binom(2_000, 0.915).isf(1e-6) > covered > stats.binom(2_000, 0.885).ppf(1e-6)


def test_at_another_level_it_is_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Newcombe (1998), table II: 56 of 70 against 48 of 80, at 95%."""
    monkeypatch.setattr(inference, "Z_90", float(stats.norm.ppf(0.975)))
    assert difference_interval((56, 48), (70, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
