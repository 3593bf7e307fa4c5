"""Thompson sampling sends a line exactly as often as it is the best under its beliefs."""

import math

import numpy as np
import pytest
from numpy.polynomial import legendre
from scipy import stats

from engine import simulate
from tests.engine.contract import Player
from tests.engine.scenarios import scenario

RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each z-test would fail a correct engine, over random seeds."""

DRAWS = 200_000


def chances_to_be_best(shapes: list[tuple[float, float]]) -> np.ndarray:
    """P(arm has the largest draw), by Gauss-Legendre integration over 4,000 pieces: independent of any sampler."""
    nodes, weights = legendre.leggauss(8)
    edges = np.linspace(0, 1, 4_001)
    x = (edges[:-1, np.newaxis] + np.diff(edges)[:, np.newaxis] * (nodes + 1) / 2).ravel()
    w = (np.diff(edges)[:, np.newaxis] * weights / 2).ravel()
    below = np.array([stats.beta(*shape).cdf(x) for shape in shapes])
    return np.array(
        [
            (w * stats.beta(*shape).pdf(x) * np.delete(below, arm, axis=0).prod(axis=0)).sum()
            for arm, shape in enumerate(shapes)
        ]
    )


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 1), (1, 1)],
        [(1, 1), (1, 1), (1, 1)],
        [(3, 9), (5, 12), (2, 4)],
        [(41, 961), (52, 950), (61, 941), (9, 93)],
        [(1.5, 1), (1, 1.5)],
        [(900, 100), (880, 120)],
    ],
    ids=str,
)
def test_sends_each_line_as_often_as_it_is_the_best(shapes: list[tuple[float, float]]) -> None:
    prior = min(alpha for alpha, _ in shapes), min(beta for _, beta in shapes)
    player = Player("thompson", len(shapes), alpha=prior[0], beta=prior[1])
    for arm, (alpha, beta) in enumerate(shapes):
        player.learn(0, arm, alpha + beta - sum(prior), alpha - prior[0])
    found = np.bincount(player.choices_afresh(DRAWS), minlength=len(shapes)) / DRAWS
    expected = chances_to_be_best(shapes)
    np.testing.assert_allclose(player.chances(), expected, rtol=0, atol=1e-6)
    assert expected.sum() == pytest.approx(1, abs=1e-6)
    assert (np.abs(found - expected) < RARE * np.sqrt(expected * (1 - expected) / DRAWS)).all()


def test_one_conversion_makes_two_to_one() -> None:
    """Closed form: P(Beta(2, 1) > Beta(1, 1)) = 2/3."""
    player = Player("thompson", 2)
    player.learn(0, 0, 1, 1)
    wins = (player.choices_afresh(DRAWS) == 0).mean()
    assert abs(wins - 2 / 3) < RARE * math.sqrt(2 / 9 / DRAWS)


@pytest.mark.parametrize("answer", [0, 1])
def test_one_answer_under_a_half_prior(answer: int) -> None:
    """Closed form: P(Beta(3/2, 1/2) > Beta(1/2, 1/2)) = 1/2 + 2 / pi^2, and its mirror image after a miss."""
    exact = 0.5 + (2 * answer - 1) * 2 / math.pi**2
    player = Player("thompson", 2, alpha=0.5, beta=0.5)
    player.learn(0, 0, 1, answer)
    wins = (player.choices_afresh(DRAWS) == 0).mean()
    assert abs(wins - exact) < RARE * math.sqrt(exact * (1 - exact) / DRAWS)


def test_a_strong_prior_keeps_it_even() -> None:
    """A million believed sends each: 500 real ones change next to nothing."""
    asked = scenario({"name": "thompson", "alpha": 5e5, "beta": 5e5}, rates=(0.0, 1.0), sends=500, replications=2_000)
    share = simulate(asked).sends[0, :, -1, 1].mean() / 500
    assert 0.5 < share < 0.62


def test_learns_which_line_is_best() -> None:
    result = simulate(scenario("thompson", rates=(0.1, 0.5), sends=2_000, replications=200))
    assert (result.sends[0, :, -1, 1] > 1_800).all()
