"""Divergence and the bounds made of it, against SciPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from engine.divergence import TOLERANCE, divergence, highest_within

rates = st.one_of(st.sampled_from([0.0, 1.0, 1e-6, 0.5]), st.floats(0, 1))
inner_rates = st.floats(1e-6, 1 - 1e-6)
reaches = st.one_of(st.sampled_from([1e-6, 0.1, 5.0, 20.0]), st.floats(1e-7, 25))
guesses = st.one_of(st.sampled_from([-1.0, 0.0, 1.0, 2.0, math.inf, math.nan]), st.floats(0, 1))


@given(rates, st.floats(1e-300, 1 - 2**-53))
def test_divergence_is_that_of_scipy(p: float, q: float) -> None:
    expected = special.rel_entr(p, q) + special.rel_entr(1 - p, 1 - q)
    np.testing.assert_allclose(divergence(p, q), expected, rtol=1e-9, atol=1e-14)


@given(inner_rates, reaches, guesses)
def test_the_bound_is_the_root_whatever_the_guess(p: float, reach: float, guess: float) -> None:
    found = highest_within(p, reach, guess)
    expected, almost_1 = 1.0, 1 - 2**-53
    if divergence(p, almost_1) > reach:
        expected = optimize.brentq(lambda q: divergence(p, q) - reach, p, almost_1, xtol=1e-16, rtol=1e-15)
    assert abs(found - expected) < 2 * TOLERANCE


@given(reaches, guesses)
def test_without_a_conversion_there_is_a_closed_form(reach: float, guess: float) -> None:
    np.testing.assert_allclose(highest_within(0.0, reach, guess), -math.expm1(-reach), rtol=1e-9)


@pytest.mark.parametrize("guess", [0.0, 0.5, 1.0, math.nan])
def test_certainty_and_no_reach_leave_the_rate(guess: float) -> None:
    assert highest_within(1.0, 3.0, guess) == 1.0
    assert highest_within(0.3, 0.0, guess) == 0.3


@given(inner_rates, st.integers(1, 10**6), st.floats(0, 14))
def test_ends_at_a_possible_rate_for_any_campaign(p: float, n: int, level: float) -> None:
    assert p <= highest_within(p, level / n, p) <= 1.0
