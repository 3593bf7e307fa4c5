"""Opens that policies are told of, and clicks that count. Statistical checks fail once in a million seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from tests.engine.worlds.courses import case

RARE = 1e-6
OPENS = [0.2, 0.35, 0.1, 0.3]
shares = st.floats(0, 1)


@given(st.lists(shares, min_size=2, max_size=8), shares)
def test_machines_open_for_those_who_do_not(opens: list[float], machines: float) -> None:
    seen = case("inflated_opens", [*opens], 10, machine_share=machines).course().seen
    assert seen is not None
    not_opened = 1 - seen[0, 0]
    np.testing.assert_allclose(not_opened, (1 - np.array(opens)) * (1 - machines), atol=1e-12)


def test_without_machines_the_policy_sees_people() -> None:
    seen = case("inflated_opens", [*OPENS], 10, machine_share=0.0).course().seen
    np.testing.assert_array_equal(seen, [[OPENS]])


@pytest.mark.parametrize("how", ["independent", "clickbait"])
def test_clicks_per_open_are_drawn_evenly_between_their_bounds(how: str) -> None:
    """Pooled over the lines, which clickbait only deals out anew."""
    world = case("inflated_opens", [*OPENS], 10, how=how, redraw=True, click_low=0.1, click_high=0.4)
    rates = world.course(0, 5_000).rates[:, 0]
    assert stats.kstest((rates / OPENS).ravel(), stats.uniform(0.1, 0.3).cdf).pvalue > RARE


def test_clickbait_is_opened_most_and_clicked_least() -> None:
    rates = case("inflated_opens", [*OPENS], 10, how="clickbait", redraw=True).course(0, 200).rates[:, 0]
    by_opens = (rates / OPENS)[:, np.argsort(OPENS)]
    assert (np.diff(by_opens) < 0).all()


def test_independent_clicks_have_nothing_to_do_with_opens() -> None:
    clicks = case("inflated_opens", [*OPENS], 10, redraw=True).course(0, 5_000).rates[:, 0] / OPENS
    assert stats.spearmanr(clicks[:, 1], clicks[:, 2]).pvalue > RARE
    assert 0.4 < (clicks[:, 1] < clicks[:, 2]).mean() < 0.6


def test_the_world_seed_decides_the_clicks() -> None:
    one, other = (case("inflated_opens", [*OPENS], 10, world_seed=seed).course().rates for seed in (1, 2))
    assert (one != other).all()


def test_bounds_of_clicks_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"click_low: got 0\.5, above click_high = 0\.2; .* Swap them\."):
        case("inflated_opens", [*OPENS], 10, click_low=0.5, click_high=0.2)
