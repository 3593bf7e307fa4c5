"""Where the true rates come from. Statistical checks fail a correct world once in a million seeds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import engine
from engine.worlds.stationary import Parameters

RARE = 1e-6


def rates(
    given_rates: list[float | None], first: int = 0, count: int = 1, **settings: Any
) -> np.ndarray[Any, np.dtype[np.float64]]:
    world = Parameters.model_validate({"name": "stationary", **settings})
    return engine.WORLDS["stationary"].rates(world, given_rates, first, count)


draws = st.fixed_dictionaries(
    {
        "draw": st.sampled_from(["uniform", "beta"]),
        "redraw": st.booleans(),
        "world_seed": st.integers(0, 2**53 - 1),
    }
)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=64), draws)
def test_given_rates_are_kept_as_they_are(known: list[float], settings: dict[str, Any]) -> None:
    assert (rates([*known], count=3, **settings) == np.array(known)).all()


@given(st.lists(st.none() | st.floats(0, 1), min_size=2, max_size=64), draws)
def test_every_rate_is_a_share(known: list[float | None], settings: dict[str, Any]) -> None:
    drawn = rates(known, count=3, **settings)
    assert drawn.shape == (3, len(known))
    assert ((drawn >= 0) & (drawn <= 1)).all()


@given(st.integers(0, 50), st.integers(1, 10), draws)
def test_a_replication_has_its_rates_whatever_else_is_asked_for(
    first: int, count: int, settings: dict[str, Any]
) -> None:
    together = rates([None, 0.3, None], 0, 60, **settings)
    np.testing.assert_array_equal(rates([None, 0.3, None], first, count, **settings), together[first : first + count])


@given(draws, st.integers(0, 4), st.floats(0, 1))
def test_giving_one_rate_leaves_the_others(settings: dict[str, Any], place: int, rate: float) -> None:
    left_open = rates([None] * 5, count=2, **settings)
    one_given = rates([rate if arm == place else None for arm in range(5)], count=2, **settings)
    others = np.arange(5) != place
    np.testing.assert_array_equal(one_given[:, others], left_open[:, others])


@given(draws, st.integers(2, 63))
def test_adding_a_line_leaves_the_others(settings: dict[str, Any], K: int) -> None:
    np.testing.assert_array_equal(rates([None] * (K + 1), **settings)[:, :K], rates([None] * K, **settings))


@given(draws)
def test_rates_stay_in_all_campaigns_unless_redrawn(settings: dict[str, Any]) -> None:
    drawn = rates([None] * 4, count=5, **settings)
    assert len({row.tobytes() for row in drawn}) == (5 if settings["redraw"] else 1)


def test_classic_rates() -> None:
    assert rates([None] * 5).round(4).tolist() == [[0.4870, 0.3194, 0.5293, 0.4487, 0.1471]]


def test_open_rates_are_drawn_by_numpy_from_the_world_seed() -> None:
    theirs = np.random.default_rng(7).uniform(0.2, 0.3, 6)
    np.testing.assert_array_equal(rates([None] * 6, world_seed=7, low=0.2, high=0.3)[0], theirs)


@pytest.mark.parametrize("bounds", [(0.1, 0.6), (0.0, 1.0), (0.25, 0.25)])
def test_even_draws_stay_within_their_bounds(bounds: tuple[float, float]) -> None:
    drawn = rates([None] * 64, count=50, low=bounds[0], high=bounds[1], redraw=True)
    assert drawn.min() >= bounds[0]
    assert drawn.max() <= bounds[1]


def test_redrawn_even_rates_are_uniform() -> None:
    drawn = rates([None] * 5, count=4_000, low=0.2, high=0.7, redraw=True)
    for arm in range(5):
        assert stats.kstest(drawn[:, arm], stats.uniform(0.2, 0.5).cdf).pvalue > RARE


@pytest.mark.parametrize("shapes", [(2.0, 20.0), (1.0, 1.0), (0.5, 0.5), (50.0, 3.0)])
def test_rates_from_a_beta_have_that_distribution(shapes: tuple[float, float]) -> None:
    drawn = rates([None] * 3, count=4_000, draw="beta", alpha=shapes[0], beta=shapes[1], redraw=True)
    for arm in range(3):
        assert stats.kstest(drawn[:, arm], stats.beta(*shapes).cdf).pvalue > RARE


def test_lines_and_campaigns_are_drawn_independently() -> None:
    """Rank correlation between neighbouring lines, campaigns and world seeds: three tests."""
    drawn = rates([None] * 2, count=20_000, draw="beta", redraw=True)
    other = rates([None] * 2, count=20_000, draw="beta", redraw=True, world_seed=43)
    for one, two in (
        (drawn[:, 0], drawn[:, 1]),
        (drawn[1:, 0], drawn[:-1, 0]),
        (drawn[:, 0], other[:, 0]),
    ):
        assert stats.spearmanr(one, two).pvalue > RARE


def test_the_luck_seed_does_not_touch_the_rates() -> None:
    base = {"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}]}
    one, other = (engine.Scenario.from_dict(base | {"seed": seed}) for seed in (1, 2))
    np.testing.assert_array_equal(one.rates(), other.rates())
