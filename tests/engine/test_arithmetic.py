"""Our own log and exp against the C library's, in units in the last place."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from engine.arithmetic import exp, log
from engine.native import native


@native
def log_of(x: float) -> float:
    return log(x)


@native
def exp_of(x: float) -> float:
    return exp(x)


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
@example(5e-324)
@example(1.0)
@example(math.nextafter(1.0, 0.0))
def test_log_is_right_to_one_unit_in_the_last_place(x: float) -> None:
    assert abs(log_of(x) - math.log(x)) <= math.ulp(math.log(x))


@given(st.floats(-708, 709))
def test_exp_is_right_to_one_unit_in_the_last_place(x: float) -> None:
    assert abs(exp_of(x) - math.exp(x)) <= math.ulp(math.exp(x))


def test_ends_of_the_range() -> None:
    assert log_of(0.0) == -math.inf
    assert math.isnan(log_of(-1.0))
    assert (exp_of(-1e9), exp_of(1e9)) == (0.0, math.inf)
    assert np.isfinite(exp_of(709.0))
