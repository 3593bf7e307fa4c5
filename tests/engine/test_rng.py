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

GRID = (0.01, 0.1, 0.5, 1.0, 1.5, 2.0, 10.0, 1_000.0, 1e6)
PAIRS = [(alpha, beta) for alpha in GRID for beta in GRID]
SMOOTH = [pair for pair in PAIRS if min(pair) >= 0.5]
"""Draws of smaller shapes round to exactly 0 or 1 so often that only counts in bins can be compared."""

SHAPES = [(1, 1), (1, 50), (1.5, 1), (2, 3), (10, 10), (5, 4000), (1000, 1000), (1e6, 2e6), (0.5, 0.5), (30, 0.7)]


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


def betas(alpha: float, misses: float, draws: int = DRAWS) -> np.ndarray:
    out = np.empty(draws)
    fill_betas(out, alpha, misses)
    return out


def bins_pvalue(draws: np.ndarray, alpha: float, misses: float) -> float:
    """Chi-square against the true chances of up to 30 bins between quantiles that are neither 0 nor too near to 1."""
    law = stats.beta(alpha, misses)
    quantiles = law.ppf(np.arange(1, 30) / 30)
    edges = np.unique(quantiles[(quantiles > 1e-300) & (quantiles < 1 - 1e-10)])
    edges = np.append(edges, 1e-250) if not len(edges) else edges
    chances = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    counts = np.diff(np.concatenate([[0], np.searchsorted(np.sort(draws), edges, "right"), [len(draws)]]))
    return float(stats.chisquare(counts, chances * len(draws)).pvalue)


@pytest.mark.parametrize(("alpha", "misses"), SMOOTH, ids=str)
def test_beta_draws_are_exact(alpha: float, misses: float) -> None:
    assert stats.kstest(betas(alpha, misses, 30_000), stats.beta(alpha, misses).cdf).pvalue > RARE


@pytest.mark.parametrize(("alpha", "misses"), PAIRS, ids=str)
def test_beta_draws_fall_into_bins_as_often_as_they_should(alpha: float, misses: float) -> None:
    draws = betas(alpha, misses)
    assert ((draws >= 0) & (draws <= 1)).all()
    assert bins_pvalue(draws, alpha, misses) > RARE


@pytest.mark.parametrize(("alpha", "misses"), [(0.01, 0.02), (0.05, 1.0), (0.01, 1e6)])
def test_tiny_draws_are_exact_over_hundreds_of_orders_of_magnitude(alpha: float, misses: float) -> None:
    """Near 0, Beta(a, b) has P(X < x) proportional to x^a: chi-square in bins of 10^-300, 10^-250 .. 10^-50."""
    edges = 10.0 ** np.arange(-300, 0, 50)
    chances = np.diff(np.concatenate([[0.0], stats.beta(alpha, misses).cdf(edges), [1.0]]))
    counts = np.diff(np.concatenate([[0], (betas(alpha, misses)[:, np.newaxis] <= edges).sum(axis=0), [DRAWS]]))
    assert stats.chisquare(counts[chances > 1e-3], chances[chances > 1e-3] / chances[chances > 1e-3].sum()
                           * counts[chances > 1e-3].sum()).pvalue > RARE  # fmt: skip


@pytest.mark.parametrize(("alpha", "misses"), [(0.01, 0.5), (0.1, 0.1), (0.5, 0.01), (1.0, 0.01)])
def test_draws_round_to_one_as_often_as_they_should(alpha: float, misses: float) -> None:
    """P(X > 1 - 10^-12), from the mirror image's small tail."""
    chance = stats.beta(misses, alpha).cdf(1e-12)
    assert stats.binomtest(int((betas(alpha, misses) > 1 - 1e-12).sum()), DRAWS, chance).pvalue > RARE


def test_swapping_the_shapes_mirrors_the_distribution() -> None:
    """Two-sample KS, three tests."""
    for alpha, misses in ((2.0, 5.0), (0.7, 3.0), (300.0, 20.0)):
        assert stats.ks_2samp(betas(alpha, misses, 40_000), 1 - betas(misses, alpha, 40_000)).pvalue > RARE


def posterior_draws(shapes: list[tuple[float, float]], draws: int = DRAWS) -> np.ndarray:
    """The draws that choosing makes, (draws, K)."""
    K = len(shapes)
    state = np.zeros(ROWS * K)
    for arm, (alpha, misses) in enumerate(shapes):
        set_posterior(state, 0, K, arm, float(alpha), float(misses))
    out = np.empty((draws, K))
    fill_posterior_draws(out, state, K)
    return out


def test_draws_for_choosing_are_exact_for_every_line() -> None:
    """KS for ten lines of very different shapes side by side."""
    out = posterior_draws([*SHAPES], 50_000)
    for arm, (alpha, misses) in enumerate(SHAPES):
        assert stats.kstest(out[:, arm], stats.beta(alpha, misses).cdf).pvalue > RARE


def test_draws_for_choosing_fall_into_bins_for_all_shapes_at_once() -> None:
    """Every pair of the grid, in two campaigns of 41 and 40 lines; chi-square for each."""
    for pairs in (PAIRS[:41], PAIRS[41:]):
        out = posterior_draws(pairs)
        for arm, (alpha, misses) in enumerate(pairs):
            assert bins_pvalue(out[:, arm], alpha, misses) > RARE, (alpha, misses)


def test_lines_draw_independently() -> None:
    """Rank correlation of 45 pairs: six standard deviations, fails once in ten million seeds."""
    out = posterior_draws([*SHAPES])
    correlation = np.corrcoef(stats.rankdata(out, axis=0), rowvar=False) - np.eye(len(SHAPES))
    assert np.abs(correlation).max() < 6 / np.sqrt(DRAWS)


def test_the_quick_and_the_careful_way_agree_to_the_last_bit() -> None:
    """A line's draw does not depend on whether another line needed the careful way."""
    calm = posterior_draws([(5.0, 9.0), (40.0, 60.0)], 20_000)
    beside_a_rare_one = posterior_draws([(5.0, 9.0), (40.0, 60.0), (0.3, 0.4)], 20_000)
    np.testing.assert_array_equal(beside_a_rare_one[:, :2], calm)


def test_normal_draws_are_exact() -> None:
    out = np.empty(10 * DRAWS)
    fill_normals(out)
    assert stats.kstest(out, stats.norm.cdf).pvalue > RARE


EDGE = 3.6541528853610088
"""Where the ziggurat's last layer ends and its tail begins."""


@pytest.mark.parametrize("edge", [2.0, 3.0, EDGE, 4.2])
def test_normal_tails_are_as_heavy_as_they_should(edge: float) -> None:
    out = np.empty(20 * DRAWS)
    fill_normals(out)
    for tail in ((out > edge).sum(), (out < -edge).sum()):
        assert stats.binomtest(int(tail), len(out), stats.norm.sf(edge)).pvalue > RARE


def test_the_shape_of_the_tail_is_normal() -> None:
    """KS of |x| given |x| > 3.654, some 5,000 draws of 20 million."""
    out = np.empty(200 * DRAWS)
    fill_normals(out)
    beyond = np.abs(out[np.abs(out) > EDGE])
    assert stats.kstest(beyond, lambda x: 1 - stats.norm.sf(x) / stats.norm.sf(EDGE)).pvalue > RARE


def test_every_layer_of_the_ziggurat_is_hit_as_often_as_it_should() -> None:
    """Chi-square over the 255 stretches between layer edges."""
    out = np.empty(20 * DRAWS)
    fill_normals(out)
    edges = np.unique(np.concatenate([rng._EDGES[1:], [0.0]]))
    counts = np.histogram(np.abs(out), np.append(edges, np.inf))[0]
    chances = 2 * np.diff(np.append(stats.norm.cdf(edges), 1.0))
    assert stats.chisquare(counts, chances * len(out)).pvalue > RARE


def test_layers_have_equal_areas() -> None:
    """The table's own consistency: every layer has the area 0.00492867323399 to eleven digits."""
    x = rng._EDGES
    heights = np.exp(-0.5 * x[1:] ** 2)
    np.testing.assert_allclose(x[1:-1] * np.diff(heights), 0.00492867323399, rtol=2e-9)


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


def test_each_bit_of_the_hash_changes_half_of_all_bits() -> None:
    """Flipping any input bit flips 32 output bits on average: 64 z-tests over 4,000 inputs; fails once in 10,000 seeds."""
    inputs = np.random.default_rng(9).integers(0, 2**64, 4_000, np.uint64)
    mixed = mix_all(inputs)
    for bit in range(64):
        changed = np.bitwise_count(mixed ^ mix_all(inputs ^ np.uint64(1 << bit))).mean()
        assert abs(changed - 32) < 4.9 * 4 / np.sqrt(4_000)


def test_the_hash_is_the_published_one() -> None:
    """First outputs of SplitMix64 from seed 1234567 (Vigna's reference program)."""
    state, found = np.uint64(1234567), []
    for _ in range(3):
        state = np.uint64((int(state) + int(rng.GAMMA)) % 2**64)
        found.append(int(mix_all(np.array([state]))[0]))
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def mix_all(inputs: np.ndarray) -> np.ndarray:
    out = inputs.copy()
    fill_mixed(out)
    return out


@native
def fill_mixed(out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        out[i] = rng.mix(out[i])


def test_responses_fill_the_unit_square_evenly() -> None:
    """Pairs of neighbours (sends, arms, replications, seeds) in 20 x 20 cells: chi-square, four tests."""
    one = responses()
    for other in (np.roll(one, 1), responses(arm=1), responses(replication=1), responses(seed=2)):
        cells = np.histogram2d(one, other, bins=20, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(cells.ravel()).pvalue > RARE


def test_a_recipients_responses_to_all_lines_are_independent() -> None:
    """64 lines of 2,000 recipients: largest of 2,016 correlations; fails once in 100,000 seeds."""
    answers = np.stack([responses(arm=arm, sends=2_000) for arm in range(64)])
    correlation = np.corrcoef(answers) - np.eye(64)
    assert np.abs(correlation).max() < stats.norm.isf(0.5e-5 / 2_016) / np.sqrt(2_000)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 64])
def test_one_of_n_is_always_one_of_n(n: int) -> None:
    ends = [0, 1, 2**11 - 1, 2**11, 2**63, 2**64 - 2**11, 2**64 - 1]
    found = [below_of(np.uint64(bits), n) for bits in ends]
    assert found[0] == 0
    assert found[-1] == n - 1
    assert all(0 <= arm < n for arm in found)


@pytest.mark.parametrize("bits", [0, 1, 2**11, 2**63, 2**64 - 2**11, 2**64 - 1])
def test_open_numbers_have_a_finite_logarithm(bits: int) -> None:
    u = open_unit_of(np.uint64(bits))
    assert 0 < u <= 1
    assert np.isfinite(np.log(u))


@native
def below_of(bits: np.uint64, n: int) -> int:
    return rng.below(bits, n)


@native
def open_unit_of(bits: np.uint64) -> float:
    return rng.open_unit(bits)
