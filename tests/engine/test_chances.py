"""Weights and draws by weight."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from engine.chances import draw_by_weight, weigh
from engine.choosing import all_may

scores = st.lists(st.one_of(st.sampled_from([-1e6, 0.0, 1e6]), st.floats(-1e4, 1e4)), min_size=2, max_size=8)


@given(scores, st.integers(1), st.sampled_from([1e-3, 1.0, 1e9]))
def test_weights_are_those_of_a_softmax(values: list[float], mask: int, sharpness: float) -> None:
    K = len(values)
    eligible = mask % (2**K - 1) + 1
    may = np.array([bool(eligible >> arm & 1) for arm in range(K)])
    state = np.concatenate([values, np.full(K, np.nan)])
    total = weigh(state, 0, K, K, np.uint64(eligible), sharpness)
    expected = np.zeros(K)
    expected[may] = special.softmax(sharpness * np.array(values)[may])
    np.testing.assert_allclose(state[K:] / total, expected, rtol=1e-6, atol=1e-300)
    assert state[K:].max() == 1.0


def test_draws_follow_the_weights() -> None:
    """Chi-square over 100,000 draws; fails once in a million seeds."""
    weights = np.array([1.0, 0.0, 0.25, 0.5])
    bits = np.random.default_rng(1).integers(0, 2**64, 100_000, dtype=np.uint64)
    counts = np.bincount([draw_by_weight(weights, 0, 4, 1.75, one) for one in bits], minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[[0, 2, 3]], 100_000 * weights[[0, 2, 3]] / 1.75).pvalue > 1e-6


def test_the_last_of_all_random_numbers_draws_a_line_with_weight() -> None:
    """Rounding may leave something over: it goes to the last line that has a weight."""
    assert draw_by_weight(np.array([0.1, 0.2, 0.0]), 0, 3, 1.0, all_may(64)) == 1
    assert draw_by_weight(np.array([0.0, 0.2, 0.1]), 0, 3, 0.3, np.uint64(0)) == 1
