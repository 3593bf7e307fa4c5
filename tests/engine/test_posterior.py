"""Posteriors are kept in the form in which draws need them, and always agree with their shapes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.posterior import ROWS, add_to_posterior, set_posterior

K = 3
shapes = st.sampled_from([0.01, 0.3, 1.0, 1.5, 1e6])
answers = st.lists(st.tuples(st.integers(0, K - 1), st.sampled_from([0.0, 1.0])), max_size=40)


def fresh(alpha: float, misses: float) -> np.ndarray:
    state = np.zeros(ROWS * K)
    for arm in range(K):
        set_posterior(state, 0, K, arm, alpha, misses)
    return state


@given(shapes, shapes, answers)
def test_shapes_are_prior_and_counts(alpha: float, misses: float, history: list[tuple[int, float]]) -> None:
    state = fresh(alpha, misses)
    for arm, answer in history:
        add_to_posterior(state, 0, K, arm, 1.0, answer)
    for arm in range(K):
        mine = [answer for sent, answer in history if sent == arm]
        expected = alpha + sum(mine), misses + len(mine) - sum(mine)
        np.testing.assert_allclose((state[arm], state[K + arm]), expected, rtol=1e-12)


@given(shapes, shapes, answers)
def test_what_draws_need_agrees_with_the_shapes(alpha: float, misses: float, history: list[tuple[int, float]]) -> None:
    """Each has d = shape - 1/3 and c = 1 / sqrt(9 d), or NaN where no quick draw may be made."""
    state = fresh(alpha, misses)
    for arm, answer in history:
        add_to_posterior(state, 0, K, arm, 1.0, answer)
    rows = state.reshape(ROWS, K)
    for shape, d, c in ((rows[0], rows[2], rows[3]), (rows[1], rows[4], rows[5])):
        expected = np.where(shape >= 1, shape - 1 / 3, np.nan)
        np.testing.assert_array_equal(d, expected)
        np.testing.assert_array_equal(c, 1 / np.sqrt(9 * expected))


@given(shapes, shapes, answers)
def test_taking_away_what_was_added_leaves_the_prior(
    alpha: float, misses: float, history: list[tuple[int, float]]
) -> None:
    state = fresh(alpha, misses)
    for arm, answer in history:
        add_to_posterior(state, 0, K, arm, 1.0, answer)
    for arm, answer in reversed(history):
        add_to_posterior(state, 0, K, arm, -1.0, -answer)
    np.testing.assert_allclose(state[: 2 * K], fresh(alpha, misses)[: 2 * K], rtol=1e-9)
