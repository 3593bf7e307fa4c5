"""The oracle is the ceiling."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import simulate
from engine.simulation import potential_responses, trace
from tests.engine.scenarios import FIVE_RATES, scenario


@given(st.lists(st.floats(0, 1), min_size=2, max_size=64))
def test_always_sends_the_best_line(rates: list[float]) -> None:
    sent = trace(scenario("oracle", rates=tuple(rates), sends=20), 0).arms
    assert {rates[arm] for arm in sent.tolist()} == {max(rates)}


def test_the_first_of_equals_is_the_best() -> None:
    assert set(trace(scenario("oracle", rates=(0.1, 0.4, 0.4), sends=50), 0).arms) == {1}


def test_misses_nothing() -> None:
    assert simulate(scenario("oracle", sends=1_000, replications=50)).regret.max() == 0.0


def test_gets_what_the_best_line_would_get() -> None:
    asked = scenario("oracle", sends=1_000)
    np.testing.assert_array_equal(trace(asked, 0).answers, potential_responses(asked, FIVE_RATES.index(0.09)))


def test_follows_rates_that_are_redrawn() -> None:
    asked = scenario("oracle", sends=10, replications=30).with_changes(
        arms=[{"name": n} for n in "ABC"], world={"name": "stationary", "redraw": True}
    )
    sent = simulate(asked).sends[0, :, -1].argmax(axis=1)
    np.testing.assert_array_equal(sent, asked.rates(0, 30).argmax(axis=1))
    assert len(set(sent.tolist())) == 3
