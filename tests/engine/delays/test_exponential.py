"""Exponential delays against their closed form."""

import numpy as np
import pytest
from scipy import stats

from tests.engine.delays.draws import hours_drawn, share_within

RARE = 1e-6
"""How often each check would fail a correct engine, over random seeds."""


@pytest.mark.parametrize("mean_hours", [0.25, 6.0, 24.0])
def test_the_law_of_the_hours(mean_hours: float) -> None:
    """KS of the hours, which stay below the window of 1,000 here but for one in 10^18."""
    drawn = hours_drawn({"name": "exponential", "mean_hours": mean_hours, "window_hours": 1_000.0})
    assert np.isfinite(drawn).all()
    assert stats.kstest(drawn, stats.expon(scale=mean_hours).cdf).pvalue > RARE


@pytest.mark.parametrize(("mean_hours", "window_hours"), [(6.0, 6.0), (6.0, 0.5), (48.0, 72.0), (1_000.0, 1.0)])
def test_the_share_within_the_window(mean_hours: float, window_hours: float) -> None:
    delay = {"name": "exponential", "mean_hours": mean_hours, "window_hours": window_hours}
    law, drawn = stats.expon(scale=mean_hours), hours_drawn(delay)
    in_time = int(np.isfinite(drawn).sum())
    assert stats.binomtest(in_time, len(drawn), law.cdf(window_hours)).pvalue > RARE
    assert share_within(delay, window_hours) == pytest.approx(law.cdf(window_hours), rel=1e-12)
    assert drawn[np.isfinite(drawn)].max() <= window_hours + 1e-6


def test_who_has_waited_waits_as_long_again() -> None:
    """No memory: after 6 hours, the hours that are still to come have the same law."""
    drawn = hours_drawn({"name": "exponential", "mean_hours": 6.0, "window_hours": 1_000.0})
    left = drawn[drawn > 6.0] - 6.0
    assert stats.kstest(left, stats.expon(scale=6.0).cdf).pvalue > RARE
