"""Log-normal delays against their closed form."""

import numpy as np
import pytest
from scipy import stats

from tests.engine.delays.draws import hours_drawn, share_within

RARE = 1e-6
"""How often each check would fail a correct engine, over random seeds."""


@pytest.mark.parametrize(("median_hours", "spread"), [(4.0, 3.0), (24.0, 1.5), (0.5, 1.01)])
def test_the_law_of_the_hours(median_hours: float, spread: float) -> None:
    """KS of the hours, which stay below the window of 1,000 here but for one in 10^6."""
    drawn = hours_drawn({"name": "log_normal", "median_hours": median_hours, "spread": spread, "window_hours": 1_000.0})
    law = stats.lognorm(np.log(spread), scale=median_hours)
    assert stats.kstest(drawn[np.isfinite(drawn)], law.cdf).pvalue > RARE
    assert np.isinf(drawn).sum() <= stats.binom.isf(RARE, len(drawn), law.sf(1_000.0))


@pytest.mark.parametrize(("spread", "window_hours"), [(3.0, 4.0), (3.0, 12.0), (3.0, 0.5), (10.0, 72.0)])
def test_the_share_within_the_window(spread: float, window_hours: float) -> None:
    delay = {"name": "log_normal", "median_hours": 4.0, "spread": spread, "window_hours": window_hours}
    law, drawn = stats.lognorm(np.log(spread), scale=4.0), hours_drawn(delay)
    in_time = int(np.isfinite(drawn).sum())
    assert stats.binomtest(in_time, len(drawn), law.cdf(window_hours)).pvalue > RARE
    assert share_within(delay, window_hours) == pytest.approx(law.cdf(window_hours), rel=1e-12)
    assert drawn[np.isfinite(drawn)].max() <= window_hours + 1e-6


def test_two_in_three_lie_within_one_spread_of_the_median() -> None:
    """What the page says of the spread: 68.27% between median / 3 and median * 3."""
    drawn = hours_drawn({"name": "log_normal", "median_hours": 4.0, "spread": 3.0, "window_hours": 1_000.0})
    near = int(((drawn > 4 / 3) & (drawn < 12)).sum())
    assert stats.binomtest(near, len(drawn), stats.norm.cdf(1) - stats.norm.cdf(-1)).pvalue > RARE
