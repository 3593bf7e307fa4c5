"""Intervals cover what they claim to cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.inference import LEVEL, Z_90, wilson_interval

counts = st.integers(1, 1_000_000).flatmap(lambda sent: st.tuples(st.integers(0, sent), st.just(sent)))


def wilson(won: int, sent: int) -> tuple[float, float]:
    low, high = wilson_interval(np.array([won]), np.array([sent]))
    return float(low[0]), float(high[0])


def test_the_level_is_ninety_percent() -> None:
    assert pytest.approx(stats.norm.ppf((1 + LEVEL) / 2), abs=1e-15) == Z_90


@pytest.mark.parametrize("counted", [(0, 5), (1, 40), (37, 90), (50, 50), (0, 1), (1, 1), (12_345, 1_000_000)])
def test_wilson_agrees_with_scipy(counted: tuple[int, int]) -> None:
    theirs = stats.binomtest(*counted).proportion_ci(0.9, "wilson")
    assert wilson(*counted) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(counts)
def test_the_interval_holds_the_observed_rate(counted: tuple[int, int]) -> None:
    low, high = wilson(*counted)
    assert 0 <= low <= counted[0] / counted[1] + 1e-15
    assert counted[0] / counted[1] - 1e-15 <= high <= 1


@given(counts)
def test_conversions_and_misses_are_mirror_images(counted: tuple[int, int]) -> None:
    won, sent = counted
    low, high = wilson(won, sent)
    assert wilson(sent - won, sent) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_nothing_sent_is_nothing_known() -> None:
    assert np.isnan(wilson(0, 0)).all()


@pytest.mark.parametrize(("rate", "sent"), [(0.05, 400), (0.3, 50), (0.5, 200)])
def test_coverage_is_about_ninety_percent(rate: float, sent: int) -> None:
    """Exact, by summing binomial chances: score intervals are within two points of their level at such counts."""
    won = np.arange(sent + 1)
    low, high = wilson_interval(won, np.full(sent + 1, sent))
    covered = stats.binom.pmf(won, sent, rate)[(low <= rate) & (rate <= high)].sum()
    assert abs(covered - 0.9) < 0.02
