"""What counts say, against scipy and against how often it would be wrong."""

import json

import numpy as np
import pytest
from scipy import stats

from engine.beliefs import chance_to_be_best
from engine.errors import CountsError, EngineError
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
