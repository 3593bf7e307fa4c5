"""Our own log and exp against extended precision, in units in the last place, from the smallest number to the largest."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.arithmetic import exp, log
from engine.native import native

ONE_UNIT = 1.0
"""FreeBSD's claim for these methods: below one unit in the last place."""


@native
def log_of(x: float) -> float:
    return log(x)


@native
def exp_of(x: float) -> float:
    return exp(x)


@native
def fill_logs(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.shape[0]):
        out[i] = log(x[i])


@native
def fill_exps(x: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(x.shape[0]):
        out[i] = exp(x[i])


def units_off(found: NDArray[np.float64], true: NDArray[np.longdouble]) -> float:
    """The largest distance from the true values, in units in the last place of a double."""
    spacing = np.spacing(np.abs(true).astype(np.float64)).astype(np.longdouble)
    return float(np.max(np.abs(found.astype(np.longdouble) - true) / spacing))


def spread_of_numbers() -> NDArray[np.float64]:
    """300,000 positive numbers: every size, near 1, near powers of 2 and of the square root of 2, and subnormal."""
    random = np.random.default_rng(1)
    return np.concatenate(
        [
            np.exp2(random.uniform(-1022, 1023, 100_000)),
            random.uniform(0.5, 2.0, 100_000),
            1.0 + np.exp2(random.uniform(-52, -1, 40_000)),
            1.0 - np.exp2(random.uniform(-53, -1, 40_000)),
            math.sqrt(2) * (1.0 + random.uniform(-1e-12, 1e-12, 10_000)),
            np.exp2(random.uniform(-1073, -1022, 10_000)),
        ]
    )


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="needs an extended type to compare with")
def test_log_is_right_everywhere() -> None:
    x = spread_of_numbers()
    out = np.empty_like(x)
    fill_logs(x, out)
    assert units_off(out, np.log(x.astype(np.longdouble))) < ONE_UNIT


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="needs an extended type to compare with")
def test_exp_is_right_everywhere() -> None:
    random = np.random.default_rng(2)
    tiny = np.exp2(random.uniform(-1074, 0, 50_000))
    x = np.concatenate([random.uniform(-708, 709, 150_000), random.uniform(-2, 2, 50_000), tiny, -tiny])
    out = np.empty_like(x)
    fill_exps(x, out)
    assert units_off(out, np.exp(x.astype(np.longdouble))) < ONE_UNIT


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
@example(5e-324)
@example(2.2250738585072014e-308)
@example(1.7976931348623157e308)
@example(math.nextafter(1.0, 0.0))
def test_log_is_within_a_unit_of_the_c_library(x: float) -> None:
    assert abs(log_of(x) - math.log(x)) <= math.ulp(math.log(x))


@given(st.floats(-708, 709))
@example(0.0)
@example(-5e-324)
def test_exp_is_within_a_unit_of_the_c_library(x: float) -> None:
    assert abs(exp_of(x) - math.exp(x)) <= math.ulp(math.exp(x))


def test_log_of_one_is_exactly_nothing() -> None:
    assert log_of(1.0) == 0.0


def test_exp_of_nothing_is_exactly_one() -> None:
    assert (exp_of(0.0), exp_of(-0.0)) == (1.0, 1.0)


def test_log_at_the_ends_of_its_range() -> None:
    assert (log_of(0.0), log_of(-0.0)) == (-math.inf, -math.inf)
    assert math.isnan(log_of(-1.0))
    assert math.isnan(log_of(-math.inf))


def test_exp_at_the_ends_of_its_range() -> None:
    assert (exp_of(-1e9), exp_of(-math.inf)) == (0.0, 0.0)
    assert (exp_of(1e9), exp_of(math.inf)) == (math.inf, math.inf)
    assert exp_of(709.0) == pytest.approx(math.exp(709.0), rel=1e-15)
    assert exp_of(-708.0) == pytest.approx(math.exp(-708.0), rel=1e-15)


def test_both_are_the_same_in_python_and_in_machine_code() -> None:
    """The tables of the normal draw are made by the one and used by the other."""
    for x in np.random.default_rng(3).uniform(0.001, 30, 300):
        assert exp.function(-x) == exp_of(-x)
        assert log.function(x) == log_of(x)


def test_no_number_has_no_logarithm() -> None:
    assert math.isnan(log_of(math.nan))
    assert math.isnan(log_of(-1.0))
