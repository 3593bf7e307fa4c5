"""Chances to be best, expected losses and value remaining agree with closed forms, other integrators and draws."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from engine import CountsError, EngineError, chance_to_be_best, expected_loss, value_remaining

RARE = stats.norm.isf(0.5e-5)
"""Standard errors that a correct estimate exceeds, on either side, once in 100,000 seeds."""

lines = st.integers(0, 1_000_000).flatmap(lambda sent: st.tuples(st.integers(0, sent), st.just(sent)))
tables = st.lists(lines, min_size=2, max_size=8)


def chance_that_b_beats_a(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Miller (2014), Formulas for Bayesian A/B testing: a sum over B's conversions, uniform priors."""
    i = np.arange(b[0] + 1)
    beta_b = b[1] - b[0] + 1
    alpha_a, beta_a = a[0] + 1, a[1] - a[0] + 1
    terms = (
        special.betaln(alpha_a + i, beta_b + beta_a)
        - np.log(beta_b + i)
        - special.betaln(1 + i, beta_b)
        - special.betaln(alpha_a, beta_a)
    )
    return float(np.exp(terms).sum())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0, 0), (0, 0)),
        ((40, 1000), (55, 1000)),
        ((0, 10), (300, 1000)),
        ((1, 1), (100, 300)),
        ((4, 90), (700, 20_000)),
    ],
)
def test_two_lines_agree_with_the_closed_sum(a: tuple[int, int], b: tuple[int, int]) -> None:
    chances = chance_to_be_best([a[0], b[0]], [a[1], b[1]])
    assert chances[1] == pytest.approx(chance_that_b_beats_a(a, b), abs=1e-9)
    assert chances[0] == pytest.approx(chance_that_b_beats_a(b, a), abs=1e-9)


@pytest.mark.parametrize("count", [2, 3, 64])
@pytest.mark.parametrize("line", [(0, 0), (0, 1_000_000), (500_000, 1_000_000), (7, 7)])
@pytest.mark.parametrize("prior", [(1, 1), (0.01, 0.01), (2, 20)])
def test_identical_lines_are_equally_likely(count: int, line: tuple[int, int], prior: tuple[float, float]) -> None:
    chances = chance_to_be_best([line[0]] * count, [line[1]] * count, prior)
    np.testing.assert_allclose(chances, 1 / count, rtol=0, atol=1e-8)


def test_lines_without_sends_are_believed_as_the_prior_says() -> None:
    """By hand: a uniform rate exceeds another rate with a mean of 0.2 in 80% of cases."""
    chances = chance_to_be_best([19, 0], [98, 0])  # Beta(20, 80)
    np.testing.assert_allclose(chances, [0.2, 0.8], atol=1e-10)


@given(tables)
def test_chances_add_up_to_one(table: list[tuple[int, int]]) -> None:
    chances = chance_to_be_best(*zip(*table, strict=True))
    assert chances.sum() == pytest.approx(1, abs=1e-8)
    assert ((chances >= 0) & (chances <= 1 + 1e-8)).all()


@given(tables)
def test_losses_are_the_mean_of_the_highest_rate_minus_the_line_s_own(table: list[tuple[int, int]]) -> None:
    """loss_k + E rate_k is E max for every k, so the differences of losses are known exactly."""
    losses = expected_loss(*zip(*table, strict=True))
    means = np.array([(won + 1) / (sent + 2) for won, sent in table])
    np.testing.assert_allclose(losses + means, (losses + means)[0], rtol=0, atol=1e-8)
    assert (losses >= 0).all()


@pytest.mark.parametrize(
    ("won", "sent", "prior"),
    [
        ([3, 5, 4], [40, 50, 30], (1, 1)),
        ([0, 0, 20], [5, 30, 100], (1, 1)),
        ([2.5, 0.5, 1], [4, 1, 10], (0.5, 0.5)),
        ([10, 1000, 4], [40, 5000, 30], (2, 8)),
    ],
)
def test_three_lines_agree_with_adaptive_integration(
    won: list[float], sent: list[float], prior: tuple[int, int]
) -> None:
    """Over rates themselves, with another integrator and scipy's own densities."""
    beliefs = [stats.beta(c + prior[0], n - c + prior[1]) for c, n in zip(won, sent, strict=True)]
    marks = sorted({float(belief.ppf(q)) for belief in beliefs for q in (0.001, 0.1, 0.5, 0.9, 0.999)})

    def integral(function: Any) -> float:
        return sum(
            integrate.quad(function, low, high, epsabs=1e-12, limit=200)[0]
            for low, high in zip([0.0, *marks], [*marks, 1.0], strict=True)
        )

    for k, own in enumerate(beliefs):
        others = [belief for belief in beliefs if belief is not own]
        chance = integral(lambda x, own=own, others=others: own.pdf(x) * math.prod(o.cdf(x) for o in others))
        loss = integral(lambda x, own=own, others=others: own.cdf(x) * (1 - math.prod(o.cdf(x) for o in others)))
        assert chance_to_be_best(won, sent, prior)[k] == pytest.approx(chance, abs=1e-8)
        assert expected_loss(won, sent, prior)[k] == pytest.approx(loss, abs=1e-8)


def test_a_tiny_loss_keeps_its_digits() -> None:
    """Two lines far apart; the double integral of (a - b) where a > b, by adaptive integration in logarithms."""
    a, b = stats.beta(101, 901), stats.beta(401, 601)

    def integrand(x: float) -> float:
        return math.exp(a.logsf(x) + b.logcdf(x))

    loss = sum(integrate.quad(integrand, low, low + 0.01, epsabs=0)[0] for low in np.arange(0.1, 0.5, 0.01))
    assert 0 < loss < 1e-40
    assert expected_loss([100, 400], [1000, 1000])[1] == pytest.approx(loss, rel=1e-7)


@pytest.mark.parametrize(
    ("won", "sent"), [([40, 55, 52], [1000, 1000, 900]), ([0, 3, 0], [0, 5, 80]), ([5, 900, 41, 0], [9, 2000, 90, 1])]
)
def test_draws_from_the_posteriors_agree(won: list[int], sent: list[int]) -> None:
    """A million draws; each of up to four chances, four losses and one quantile fails once in 100,000 seeds."""
    draws = 1_000_000
    counts = np.array(won), np.array(sent)
    rates = np.random.default_rng(3).beta(counts[0] + 1, counts[1] - counts[0] + 1, (draws, len(won)))
    highest = rates.max(axis=1, keepdims=True)
    best = (rates == highest).mean(axis=0)
    chances = chance_to_be_best(won, sent)
    assert (np.abs(best - chances) <= RARE * np.sqrt(chances * (1 - chances) / draws) + 1e-9).all()
    short = highest - rates
    assert (np.abs(short.mean(axis=0) - expected_loss(won, sent)) < RARE * short.std(axis=0) / math.sqrt(draws)).all()
    leader = chances.argmax()
    within = (highest[:, 0] / rates[:, leader] - 1 <= value_remaining(won, sent)).mean()
    assert abs(within - 0.95) < RARE * math.sqrt(0.95 * 0.05 / draws)


def test_value_remaining_of_two_lines_without_sends_is_known_by_hand() -> None:
    """Two uniform rates: the ratio of one to the other is above r with chance 1 / (2 r), which is 5% at 10."""
    assert value_remaining([0, 0], [0, 0]) == pytest.approx(9, rel=1e-8)
    assert value_remaining([0, 0], [0, 0], quantile=0.75) == pytest.approx(1, rel=1e-8)


def test_nothing_remains_once_the_leader_is_sure_enough() -> None:
    assert chance_to_be_best([40, 155], [1000, 1000])[1] > 0.95
    assert value_remaining([40, 155], [1000, 1000]) == 0


@pytest.mark.parametrize(("prior", "finite"), [((0.01, 1), True), ((0.001, 1), False)])
def test_what_cannot_be_written_as_a_number_is_infinite(prior: tuple[float, float], finite: bool) -> None:
    assert math.isfinite(value_remaining([0, 0], [0, 0], prior)) is finite


@settings(max_examples=30)
@given(tables, st.sampled_from([(1, 1), (0.01, 0.01), (1e6, 1e6), (0.01, 1e6)]))
def test_no_counts_make_nonsense(table: list[tuple[int, int]], prior: tuple[float, float]) -> None:
    won, sent = zip(*table, strict=True)
    assert np.isfinite(chance_to_be_best(won, sent, prior)).all()
    assert np.isfinite(expected_loss(won, sent, prior)).all()
    assert value_remaining(won, sent, prior) >= 0


WRONG: list[tuple[Any, Any, Any, str]] = [
    ([1], [2], (1, 1), "conversions: got 1; there must be at least two lines to compare. Add a line."),
    ([1, 2], [2], (1, 1), "sends: got 1; must be one number for each of the 2 lines. Give as many as conversions."),
    ([1, -2], [2, 2], (1, 1), "conversions.1: got -2; must be 0 or more. Enter at least 0."),
    ([1, 3], [2, 2], (1, 1), "conversions.1: got 3; must not be above the line's sends. "),
    ([1, math.nan], [2, 2], (1, 1), "conversions.1: got nan; must be a number up to 1,000,000,000,000. "),
    ([1, 1], [math.inf, 2], (1, 1), "sends.0: got inf; must be a number up to 1,000,000,000,000. "),
    ([1, 1], [2, 2], (1, 0), "prior.1: got 0; must be above 0. Enter 1 to believe every rate equally."),
    ([1, 1], [2, 2], (1,), "prior: got 1; must be two numbers, conversions and misses. Enter (1, 1), say."),
    (["x", 1], [2, 2], (1, 1), "conversions: got a list; must be a list of numbers. Give one for each line."),
    (None, [2, 2], (1, 1), "conversions: got 0 dimensions; must be a list of numbers. Give one for each line."),
    ([[1, 2], [1]], [2, 2], (1, 1), "conversions: got a list; must be a list of numbers. Give one for each line."),
    ([[1, 2]], [2, 2], (1, 1), "conversions: got 2 dimensions; must be a list of numbers. Give one for each line."),
]


@pytest.mark.parametrize(("won", "sent", "prior", "text"), WRONG)
@pytest.mark.parametrize("function", [chance_to_be_best, expected_loss, value_remaining])
def test_impossible_counts_are_refused_in_words(function: Any, won: Any, sent: Any, prior: Any, text: str) -> None:
    with pytest.raises(CountsError) as caught:
        function(won, sent, prior)
    assert str(caught.value).startswith(text)
    assert isinstance(caught.value, EngineError)


@pytest.mark.parametrize("quantile", [0, 1, -1, math.nan])
def test_a_quantile_lies_between_0_and_1(quantile: float) -> None:
    with pytest.raises(CountsError, match="quantile: got"):
        value_remaining([1, 1], [2, 2], quantile=quantile)
