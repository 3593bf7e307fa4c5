"""Partial pooling: right by another implementation, and honest about what it does not know."""

import numpy as np
import pytest
from scipy import stats

from engine.fitting.pooling import SPREADS, USUAL_SPREAD, pooled_means, pooled_rates

FINE = np.geomspace(SPREADS[0], SPREADS[-1], 4_001)


def averaged(likelihoods: np.ndarray, factors: np.ndarray) -> tuple[float, np.ndarray]:
    """Evidence and factors (S, n) averaged over finely spaced spreads by the trapezoidal rule, with the spike at 1."""
    prior = stats.halfcauchy(scale=USUAL_SPREAD).pdf(FINE)
    weighted = prior * np.exp(likelihoods)
    evidence = np.trapezoid(weighted, FINE) / np.trapezoid(prior, FINE)
    slab = np.trapezoid(weighted[:, None] * factors, FINE, axis=0) / np.trapezoid(weighted, FINE)
    return float(np.log(evidence)), (1.0 + evidence * slab) / (1.0 + evidence)


def test_rates_are_those_of_beta_binomial_counts() -> None:
    won, sent, mean = np.array([4.0, 17.0, 9.0]), np.array([90.0, 200.0, 150.0]), np.array([0.05, 0.06, 0.07])
    behind = np.maximum((1 - mean) / (mean * FINE[:, None] ** 2) - 1, 0.5)
    law = stats.betabinom(sent, behind * mean, behind * (1 - mean))
    likelihoods = (law.logpmf(won) - stats.binom(sent, mean).logpmf(won)).sum(axis=1)
    evidence, factors = averaged(likelihoods, (behind * mean + won) / (behind + sent) / mean)
    found = pooled_rates(won, sent, mean)
    np.testing.assert_allclose(found.factors, factors, rtol=2e-3)
    assert found.evidence == pytest.approx(evidence, abs=0.01)


def test_means_are_those_of_normal_ones() -> None:
    ratios, errors = np.array([1.3, 0.9, 0.75]), np.array([0.1, 0.2, 0.15])
    whole = np.sqrt(errors**2 + FINE[:, None] ** 2)
    likelihoods = (stats.norm(1, whole).logpdf(ratios) - stats.norm(1, errors).logpdf(ratios)).sum(axis=1)
    evidence, factors = averaged(likelihoods, 1 + (ratios - 1) * FINE[:, None] ** 2 / whole**2)
    found = pooled_means(ratios, errors)
    np.testing.assert_allclose(found.factors, factors, rtol=2e-3)
    assert found.evidence == pytest.approx(evidence, abs=0.01)


@pytest.mark.parametrize("rate", [0.02, 0.3, 0.95])
def test_evidence_averages_to_even_odds_where_nothing_differs(rate: float) -> None:
    """Summed over all counts that could be, the ratio of two likelihoods comes to 1."""
    every = np.arange(41.0)
    ratios = [np.exp(pooled_rates(np.array([won]), np.array([40.0]), np.array([rate])).evidence) for won in every]
    assert stats.binom(40, rate).pmf(every) @ ratios == pytest.approx(1.0, abs=1e-9)


def test_numbers_that_were_fitted_leave_as_many_parts_free_to_differ_less() -> None:
    """Two parts around their common rate are one difference: its evidence, too, averages to even odds."""
    sent, both, every = np.array([400.0, 400.0]), 120, np.arange(121.0)
    chances = stats.hypergeom(800, both, 400).pmf(every)

    def average(fitted: int) -> float:
        expected = np.full(2, both / 800)
        found = [pooled_rates(np.array([won, both - won]), sent, expected, fitted).evidence for won in every]
        return float(chances @ np.exp(found))

    assert average(fitted=1) == pytest.approx(1.0, abs=0.2)
    assert average(fitted=0) < 0.5


def test_few_data_change_nothing_and_many_decide() -> None:
    few, many = (
        pooled_rates(np.array([2.0, 1.0]) * n, np.array([20.0, 20.0]) * n, np.full(2, 0.075)) for n in (1, 10_000)
    )
    assert np.abs(few.factors - 1).max() < 0.06
    np.testing.assert_allclose(many.factors, [4 / 3, 2 / 3], rtol=2e-3)


def test_impossible_and_certain_rates_are_no_trouble() -> None:
    found = pooled_rates(np.array([0.0, 50.0]), np.array([50.0, 50.0]), np.array([0.0, 1.0]))
    np.testing.assert_allclose(found.factors, 1.0, atol=1e-3)
