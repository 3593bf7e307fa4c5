"""Chances of what a policy would send agree with closed forms and with other integrators, whatever the posteriors."""

import math
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, special, stats

from engine.propensities import (
    DRAWN_AS_0,
    DRAWN_AS_1,
    best_of,
    by_score,
    certain,
    even,
    largest_beta_draw,
    may_be_sent,
    two_largest_beta_draws,
)
from engine.rng import beta

EXACT = 1e-6
"""What is promised of the integration; measured over wild shapes it is 3e-9."""

Floats = NDArray[np.float64]
shapes = st.floats(-2, 6).map(lambda power: 10.0**power)


def all_of(K: int) -> int:
    return (1 << K) - 1


# Without integration


def test_a_mask_of_64_lines_is_read_to_its_last_bit() -> None:
    assert may_be_sent(64, 1 << 63).tolist() == [False] * 63 + [True]
    assert may_be_sent(3, 0b110).tolist() == [False, True, True]


def test_an_even_share_is_that_of_the_lines_allowed() -> None:
    assert even(5, 0b10110).tolist() == [0, 1 / 3, 1 / 3, 0, 1 / 3]


def test_one_line_may_have_it_all() -> None:
    assert certain(3, 1).tolist() == [0, 1, 0]


def test_equals_at_the_top_share() -> None:
    assert best_of([0.5, 0.7, 0.7, 0.9], 0b0111).tolist() == [0, 0.5, 0.5, 0]
    assert best_of([math.inf, 0.7, math.inf, 0.9], 0b1111).tolist() == [0.5, 0, 0.5, 0]
    assert best_of([0.1, np.nextafter(0.1, 1)], 0b11).tolist() == [0, 1]


def test_scores_weigh_exponentially_and_never_overflow() -> None:
    np.testing.assert_allclose(by_score([0, math.log(3), 99], 0b011), [0.25, 0.75, 0], rtol=1e-15)
    np.testing.assert_allclose(by_score([0, math.log(3) / 2], 0b11, sharpness=2.0), [0.25, 0.75], rtol=1e-15)
    assert by_score([-1e300, 1e300, 1e300], 0b111).tolist() == [0, 0.5, 0.5]


# The largest draw


@pytest.mark.parametrize("K", [2, 3, 64])
@pytest.mark.parametrize("shape", [(0.01, 0.01), (0.01, 1e6), (1e6, 0.01), (0.3, 1), (1, 1), (1e6, 1e6), (3, 900)])
def test_equal_lines_are_equally_likely(K: int, shape: tuple[float, float]) -> None:
    alpha, beta = np.full(K, shape[0]), np.full(K, shape[1])
    np.testing.assert_allclose(largest_beta_draw(alpha, beta, all_of(K)), 1 / K, rtol=0, atol=1e-8)
    pairs = (1 - np.eye(K)) / (K * (K - 1))
    np.testing.assert_allclose(two_largest_beta_draws(alpha, beta, all_of(K)), pairs, rtol=0, atol=1e-8)


@given(st.lists(st.floats(0.5, 1e6), min_size=2, max_size=64))
def test_powers_of_uniform_rates_race_like_exponential_clocks(given_alpha: list[float]) -> None:
    """-ln of Beta(a, 1) is exponential with rate a: closed forms for the largest draw and for the second."""
    alpha, K = np.array(given_alpha), len(given_alpha)
    first = alpha / alpha.sum()
    np.testing.assert_allclose(largest_beta_draw(alpha, np.ones(K), all_of(K)), first, rtol=0, atol=EXACT)
    if K > 2:
        second = alpha / np.array([np.delete(alpha, arm).sum() for arm in range(K)])[:, np.newaxis]
        pairs = first[:, np.newaxis] * second * (1 - np.eye(K))
        np.testing.assert_allclose(two_largest_beta_draws(alpha, np.ones(K), all_of(K)), pairs, rtol=0, atol=EXACT)


@given(st.lists(st.integers(1, 1_000_000), min_size=2, max_size=6))
def test_powers_of_what_a_rate_leaves_of_1_agree_with_inclusion_and_exclusion(betas: list[int]) -> None:
    """1 - x of Beta(1, b) has the distribution u^b: the smallest of them by an exact sum over sets of the others."""
    expected = []
    for arm, own in enumerate(betas):
        others = betas[:arm] + betas[arm + 1 :]
        sets = (some for size in range(len(betas)) for some in combinations(others, size))
        expected.append(float(sum(Fraction((-1) ** len(some) * own, own + sum(some)) for some in sets)))
    K = len(betas)
    found = largest_beta_draw(np.ones(K), np.array(betas, float), all_of(K))
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT)


def chance_that_second_beats_first(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Miller (2014), Formulas for Bayesian A/B testing: a closed sum for whole shapes."""
    i = np.arange(second[0])
    terms = (
        special.betaln(first[0] + i, second[1] + first[1])
        - np.log(second[1] + i)
        - special.betaln(1 + i, second[1])
        - special.betaln(*first)
    )
    return float(np.exp(terms).sum())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, 1), (500_000, 500_000)),
        ((1, 1), (1, 900_000)),
        ((2, 9), (300, 1000)),
        ((41, 961), (52, 950)),
        ((3, 1), (1, 3)),
        ((100_000, 900_000), (100_300, 899_700)),
        ((1, 2), (999_999, 1)),
    ],
)
def test_two_lines_agree_with_the_closed_sum(first: tuple[int, int], second: tuple[int, int]) -> None:
    wins = chance_that_second_beats_first(first, second)
    alpha, beta = np.array([first, second], float).T
    np.testing.assert_allclose(largest_beta_draw(alpha, beta, 0b11), [1 - wins, wins], rtol=0, atol=EXACT)
    pairs = [[0, 1 - wins], [wins, 0]]
    np.testing.assert_allclose(two_largest_beta_draws(alpha, beta, 0b11), pairs, rtol=0, atol=EXACT)


@pytest.mark.parametrize(
    "lines",
    [
        [(1e6, 1e6), (0.5, 0.5), (3, 9)],
        [(0.7, 0.9), (2.5, 40), (1e5, 3e6)],
        [(30, 970), (31, 969), (900, 30_000), (1.5, 0.7)],
        [(0.3, 50), (0.3, 900), (0.3, 900.5)],
    ],
    ids=str,
)
def test_some_lines_agree_with_adaptive_integration(lines: list[tuple[float, float]]) -> None:
    """Over one line's quantiles, with another integrator and scipy's own distributions: the largest and the second."""
    laws, K = [stats.beta(*line) for line in lines], len(lines)
    marks = [law.ppf(q) for law in laws for q in (1e-9, 1e-4, 0.02, 0.2, 0.5, 0.8, 0.98, 1 - 1e-4, 1 - 1e-9)]

    def chance(own: int, above: int | None) -> float:
        """Of this line between the others and the one above it, if any."""

        def at(u: float) -> float:
            x = laws[own].ppf(u)
            below = math.prod(law.cdf(x) for arm, law in enumerate(laws) if arm not in (own, above))
            return float(below * (1 if above is None else laws[above].sf(x)))

        edges = sorted({0.0, 1.0, *(round(float(laws[own].cdf(mark)), 13) for mark in marks)})
        return sum(integrate.quad(at, low, high, epsabs=1e-11, limit=200)[0] for low, high in pairwise(edges))

    alpha, beta = np.array(lines, float).T
    first = [chance(arm, None) for arm in range(K)]
    np.testing.assert_allclose(largest_beta_draw(alpha, beta, all_of(K)), first, rtol=0, atol=EXACT)
    pairs = [[0.0 if own == above else chance(own, above) for own in range(K)] for above in range(K)]
    np.testing.assert_allclose(two_largest_beta_draws(alpha, beta, all_of(K)), pairs, rtol=0, atol=EXACT)


@given(st.lists(st.tuples(shapes, shapes), min_size=2, max_size=8), st.integers(1))
def test_the_two_largest_draws_contain_the_largest(lines: list[tuple[float, float]], mask: int) -> None:
    """And only lines that are allowed have chances, whatever the others are."""
    eligible = mask % all_of(len(lines)) + 1
    alpha, beta = np.array(lines).T
    may = may_be_sent(len(lines), eligible)
    first = largest_beta_draw(alpha, beta, eligible)
    assert not first[~may].any()
    np.testing.assert_allclose(first[may], largest_beta_draw(alpha[may], beta[may], all_of(may.sum())), atol=1e-15)
    if may.sum() > 1:
        pairs = two_largest_beta_draws(alpha, beta, eligible)
        assert not pairs[~may].any()
        assert not pairs[:, ~may].any()
        np.testing.assert_allclose(pairs.sum(axis=1), first, rtol=0, atol=1e-7)


def test_one_line_allowed_is_certain() -> None:
    assert largest_beta_draw(np.array([2.0, 0.01]), np.array([1.0, 5.0]), 0b10).tolist() == [0, 1]


# Draws that round to 0 or to 1


@pytest.mark.parametrize(
    ("first", "second"),
    [((0.01, 0.01), (1.01, 0.01)), ((0.01, 0.01), (0.01, 1.01)), ((0.01, 0.3), (0.02, 0.01)), ((0.01, 5), (0.01, 9))],
)
def test_draws_that_round_to_the_same_share(first: tuple[float, float], second: tuple[float, float]) -> None:
    """Half of the chance that both are 0, of the chance that both are 1, and what lies between by adaptive integration."""

    def below(shape: tuple[float, float], z: float) -> float:
        if z < 0:
            return float(special.betainc(*shape, special.expit(z)))
        return 1.0 - float(special.betainc(*shape[::-1], special.expit(-z)))

    def between(z: float) -> float:
        log_density = second[0] * special.log_expit(z) + second[1] * special.log_expit(-z) - special.betaln(*second)
        return math.exp(log_density) * below(first, z)

    edges = [DRAWN_AS_0, *range(-700, -20, 40), *range(-20, 36, 4), DRAWN_AS_1]
    wins = sum(integrate.quad(between, low, high, epsabs=1e-12)[0] for low, high in pairwise(edges))
    wins += below(first, DRAWN_AS_0) * below(second, DRAWN_AS_0) / 2
    first_is_1, second_is_1 = 1 - below(first, DRAWN_AS_1), 1 - below(second, DRAWN_AS_1)
    wins += second_is_1 * (1 - first_is_1 / 2)
    alpha, beta = np.array([first, second]).T
    np.testing.assert_allclose(largest_beta_draw(alpha, beta, 0b11), [1 - wins, wins], rtol=0, atol=EXACT)
    np.testing.assert_allclose(two_largest_beta_draws(alpha, beta, 0b11)[1, 0], wins, rtol=0, atol=EXACT)


@pytest.mark.parametrize("shape", [(0.01, 0.01), (0.004, 2.0), (3.0, 0.01)])
def test_as_many_draws_are_exactly_0_and_1_as_assumed(shape: tuple[float, float]) -> None:
    """Two z-tests on the engine's own draws; each would fail a correct engine once in 100,000 seeds."""
    draws = np.array([beta(*shape, np.uint64(key << 40))[0] for key in range(1, 40_001)])
    zeros = float(special.betainc(*shape, special.expit(DRAWN_AS_0)))
    ones = float(special.betainc(*shape[::-1], special.expit(-DRAWN_AS_1)))
    for value, chance in ((0.0, zeros), (1.0, ones)):
        error = math.sqrt(chance * (1 - chance) / len(draws))
        assert abs((draws == value).mean() - chance) <= stats.norm.isf(0.5e-5) * error
