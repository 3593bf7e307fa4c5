"""Random numbers: exact distributions. Each check states how often a correct generator would fail it; seeds are fixed."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import rng
from engine.native import native
from engine.posterior import ROWS, draw_best, set_posterior

DRAWS = 100_000
RARE = 1e-5
"""How often each p-value test would fail a correct generator."""

SHAPES = [
    (1, 1),
    (1, 50),
    (1.5, 1),
    (2, 3),
    (10, 10),
    (5, 4000),
    (1000, 1000),
    (1e6, 2e6),
    (0.5, 0.5),
    (0.1, 3),
    (0.5, 1e6),
    (30, 0.7),
]


@native
def fill_betas(out: np.ndarray, alpha: float, misses: float) -> None:
    for i in range(out.shape[0]):
        out[i] = rng.beta(alpha, misses, rng.mix(np.uint64(i)))[0]


@native
def fill_normals(out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        out[i] = rng.normal(rng.mix(np.uint64(i) + np.uint64(1 << 40)))[0]


@native
def fill_posterior_draws(out: np.ndarray, state: np.ndarray, K: int) -> None:
    for i in range(out.shape[0]):
        draw_best(state, 0, K, np.uint64((1 << K) - 1), rng.mix(np.uint64(i) + np.uint64(1 << 41)))
        for arm in range(K):
            out[i, arm] = state[(ROWS - 1) * K + arm]


@native
def fill_responses(out: np.ndarray, seed: int, replication: int, arm: int) -> None:
    key = rng.stream_key(np.uint64(seed), np.uint64(replication), rng.RESPONSES)
    for t in range(out.shape[0]):
        out[t] = rng.response(key, t, arm)


def responses(seed: int = 1, replication: int = 0, arm: int = 0, sends: int = DRAWS) -> np.ndarray:
    out = np.empty(sends)
    fill_responses(out, seed, replication, arm)
    return out


@pytest.mark.parametrize(("alpha", "misses"), SHAPES)
def test_beta_draws_are_exact(alpha: float, misses: float) -> None:
    out = np.empty(DRAWS)
    fill_betas(out, alpha, misses)
    assert stats.kstest(out, stats.beta(alpha, misses).cdf).pvalue > RARE


def test_tiny_shapes_go_to_the_ends_as_often_as_they_should() -> None:
    """Beta(0.01, 0.02) rounds to 0 or 1 almost always; compared in five bins, chi-square."""
    out = np.empty(DRAWS)
    fill_betas(out, 0.01, 0.02)
    edges = np.array([0.0, 1e-30, 1e-3, 0.5, 1 - 1e-6, 1.0])
    chances = np.diff(stats.beta(0.01, 0.02).cdf(edges))
    counts = np.histogram(out, edges)[0]
    assert stats.chisquare(counts, chances / chances.sum() * DRAWS).pvalue > RARE
    assert np.isfinite(out).all()


def test_draws_for_choosing_are_exact_for_every_line() -> None:
    K = len(SHAPES)
    state = np.zeros(ROWS * K)
    for arm, (alpha, misses) in enumerate(SHAPES):
        set_posterior(state, 0, K, arm, float(alpha), float(misses))
    out = np.empty((DRAWS, K))
    fill_posterior_draws(out, state, K)
    for arm, (alpha, misses) in enumerate(SHAPES):
        assert stats.kstest(out[:, arm], stats.beta(alpha, misses).cdf).pvalue > RARE
    correlation = np.corrcoef(stats.rankdata(out, axis=0), rowvar=False) - np.eye(K)
    assert np.abs(correlation).max() < 6 / np.sqrt(DRAWS)  # 66 pairs: fails once in 7 million


def test_normal_draws_are_exact() -> None:
    out = np.empty(10 * DRAWS)
    fill_normals(out)
    assert stats.kstest(out, stats.norm.cdf).pvalue > RARE


@pytest.mark.parametrize("edge", [2.0, 3.0, 3.6541528853610088, 4.2])
def test_normal_tails_are_as_heavy_as_they_should(edge: float) -> None:
    out = np.empty(20 * DRAWS)
    fill_normals(out)
    for tail in ((out > edge).sum(), (out < -edge).sum()):
        assert stats.binomtest(int(tail), len(out), stats.norm.sf(edge)).pvalue > RARE


@pytest.mark.parametrize(
    "place", [{}, {"seed": 2}, {"replication": 1}, {"arm": 1}, {"seed": 2**53 - 1, "replication": 99_999, "arm": 63}]
)
def test_responses_are_uniform(place: dict[str, Any]) -> None:
    assert stats.kstest(responses(**place), stats.uniform.cdf).pvalue > RARE


@pytest.mark.parametrize("other", [{"seed": 2}, {"replication": 1}, {"arm": 1}, {"arm": 63}])
def test_neighbouring_streams_have_nothing_in_common(other: dict[str, Any]) -> None:
    one, two = responses(), responses(**other)
    for shift in (0, 1, 2):
        assert stats.pearsonr(one[shift:], two[: DRAWS - shift]).pvalue > RARE


def test_responses_do_not_follow_one_another() -> None:
    one = responses()
    for lag in (1, 2, 5, 64):
        assert stats.pearsonr(one[lag:], one[:-lag]).pvalue > RARE
