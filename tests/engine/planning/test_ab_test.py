"""The classical A/B test against other implementations: sample sizes of statsmodels, powers by brute force over all outcomes."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binom

from engine.planning.ab_test import LEVEL, classical, power, sends_a_line

STATSMODELS = [
    ((0.10, 0.12, 0.80), 3840.847482436278),
    ((0.04, 0.05, 0.95), 11165.988322259092),
    ((0.04, 0.05, 0.80), 6744.933074884895),
    ((0.01, 0.012, 0.90), 57153.05062918038),
    ((0.50, 0.55, 0.80), 1564.6720527749508),
    ((0.30, 0.20, 0.90), 391.94706567159614),
    ((0.02, 0.03, 0.80), 3825.1497221026243),
    ((0.60, 0.90, 0.80), 31.498379326894906),
    ((0.001, 0.002, 0.80), 23510.140273019028),
    ((0.149, 0.183, 0.99), 4395.632713481817),
]
"""`samplesize_proportions_2indep_onetail(difference, second, power, alpha=0.05, alternative="two-sided")`, 0.15.0."""


@pytest.mark.parametrize(("asked", "exact"), STATSMODELS)
def test_sample_sizes_are_those_of_statsmodels(asked: tuple[float, float, float], exact: float) -> None:
    assert sends_a_line(*asked) == np.ceil(exact)


def brute_force(first: float, second: float, a_line: int) -> float:
    """Sum over every pair of outcomes, with the test's statistic as textbooks write it."""
    x, y = np.meshgrid(np.arange(a_line + 1.0), np.arange(a_line + 1.0), indexing="ij")
    pooled = (x + y) / (2 * a_line)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (x - y) / a_line / np.sqrt(pooled * (1 - pooled) * 2 / a_line)
    rejected = np.abs(np.nan_to_num(score)) >= ndtri(1 - LEVEL / 2)
    return float((binom.pmf(x, a_line, first) * binom.pmf(y, a_line, second) * rejected).sum())


@pytest.mark.parametrize(
    ("first", "second", "a_line"),
    [
        (0.1, 0.12, 400), (0.04, 0.05, 300), (0.0, 0.05, 200), (1.0, 0.9, 50), (0.5, 0.5, 7), (0.3, 0.9, 10),
        (0.0, 0.0, 10), (1.0, 1.0, 10), (0.0, 1.0, 3), (0.001, 0.002, 500), (0.2, 0.2, 1), (0.7, 0.6, 333),
    ],
)  # fmt: skip
def test_powers_are_exact(first: float, second: float, a_line: int) -> None:
    assert power(first, second, a_line) == pytest.approx(brute_force(first, second, a_line), abs=1e-12)


def test_the_power_at_the_sample_size_is_the_one_that_was_asked_for() -> None:
    for (first, second, wanted), exact in STATSMODELS:
        if min(first, second) * exact > 100:  # where the normal law is a good one
            assert power(first, second, int(np.ceil(exact))) == pytest.approx(wanted, abs=0.003)


def test_more_sends_never_prove_less() -> None:
    powers = [power(0.1, 0.13, sends) for sends in (200, 400, 800, 1600, 3200)]
    assert powers == sorted(powers)
    assert power(0.1, 0.13, 0) == 0.0


def test_days_follow_from_the_pace() -> None:
    found = classical(0.1, 0.12, lines=4, sends_per_hour=100)
    assert found is not None
    assert (found.in_all, found.days) == (4 * 3841, 4 * 3841 / 2400)
    assert classical(0.1, 0.1, lines=4) is None
