"""Whether replies come in time, and what pace lets them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Scenario
from engine.pace import FRIENDLY_HOURS, replies_in, too_fast
from tests.engine.scenarios import scenario


def asked(pace: int | None = 1_000, *policies: str, sends: int = 10_000, **delay: Any) -> Scenario:
    late = {"name": "exponential", "mean_hours": 6.0, "window_hours": 72.0, **delay}
    return scenario(*(policies or ("ab_split", "thompson")), sends=sends, sends_per_hour=pace, delay=late)


def test_the_wait_is_the_quantile_of_what_counts() -> None:
    """Exponential hours: 80% of those inside the window w are in after -m ln(1 - 0.8 (1 - exp(-w / m)))."""
    assert replies_in(asked(), 0.8) == pytest.approx(9.6563, abs=1e-3)  # a window of twelve means cuts hardly anything
    assert replies_in(asked(window_hours=6.0), 0.8) == pytest.approx(4.2268, abs=1e-3)


def test_a_send_that_outruns_its_replies_is_told() -> None:
    found = too_fast(asked(30_000))
    assert found is not None
    assert found.lasts == pytest.approx(1 / 3)
    assert found.better == 36


def test_without_delay_or_without_anybody_who_learns_there_is_nothing_to_tell() -> None:
    assert too_fast(scenario("thompson", sends_per_hour=1_000_000)) is None
    assert too_fast(asked(30_000, "ab_split", "oracle")) is None


@given(st.integers(1, 10**6), st.integers(100, 10**6), st.floats(0.01, 100), st.floats(0.1, 1_000))
def test_the_pace_that_is_advised_is_slow_enough(pace: int, sends: int, mean: float, window: float) -> None:
    found = too_fast(asked(pace, sends=sends, mean_hours=mean, window_hours=window))
    if found is not None:
        assert found.lasts < found.replies
        assert found.better in FRIENDLY_HOURS
        better = asked(found.sends_per_hour, sends=sends, mean_hours=mean, window_hours=window)
        assert too_fast(better) is None or found.better == FRIENDLY_HOURS[-1]
