"""Shared shocks: lines that move together."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import Scenario, ScenarioError, simulate
from tests.engine.scenarios import scenario


def shaken(shocks: dict[str, Any] | None, **fields: Any) -> Scenario:
    return scenario("ab_split", "thompson", **{"sends": 4_000, "replications": 200, "shocks": shocks} | fields)


def logits(asked: Scenario) -> np.ndarray:
    """What every shock adds to the log-odds, (R, spells, K)."""
    rates, base = asked.course(0, asked.replications).rates, asked.rates()[0]
    moved: np.ndarray = np.log(rates / (1 - rates)) - np.log(base / (1 - base))
    return moved


def test_all_lines_move_by_the_same_normal_amount() -> None:
    """Once in a million seeds a correct engine would fail the test of the law."""
    moves = logits(shaken({"spread": 0.4, "lasts": 500}))
    assert moves.shape == (200, 8, 5)
    np.testing.assert_allclose(moves, np.broadcast_to(moves[:, :, :1], moves.shape), atol=1e-9)
    assert stats.kstest(moves[:, :, 0].ravel() / 0.4, "norm").pvalue > 1e-6


def test_only_the_lines_named_move() -> None:
    moves = logits(shaken({"lines": ["line 1", "line 3"]}))
    assert (np.abs(moves[:, :, [1, 3]]) > 1e-6).all()
    np.testing.assert_allclose(moves[:, :, [0, 2, 4]], 0.0, atol=1e-9)


def test_lines_are_correlated_over_campaigns() -> None:
    """Of two lines alike, conversions go together with a shock and not without; each bound is 5 standard errors off."""
    even = {"rates": (0.3, 0.3), "sends": 2_000, "replications": 400}
    together = [
        stats.pearsonr(*simulate(shaken(shocks, **even)).conversions[0, :, -1].T).statistic
        for shocks in ({"spread": 1.0, "lasts": 2_000}, None)
    ]
    assert together[0] > 0.7
    assert abs(together[1]) < 5 / np.sqrt(400)


def test_campaigns_have_their_own_whatever_block_they_are_in() -> None:
    asked = shaken({"spread": 0.5, "lasts": 700}, replications=7)
    np.testing.assert_array_equal(asked.course(0, 7).rates[3:5], asked.course(3, 2).rates)
    assert simulate(asked, block=1).digest() == simulate(asked, block=7, threads=1).digest()


@pytest.mark.parametrize("world", ["seasonal", "rotating", "drifting", "inflated_opens"])
def test_any_world_can_be_shaken(world: str) -> None:
    """Its own spells stay, and a negligible shock changes nothing that counts."""
    fields: dict[str, Any] = {"world": {"name": world}, "sends_per_hour": 50, "replications": 3, "sends": 2_000}
    calm, other = shaken(None, **fields), shaken({"spread": 1e-9, "lasts": 300}, **fields)
    np.testing.assert_array_equal(simulate(calm).sends, simulate(other).sends)
    assert set(calm.course().ends) <= set(other.course().ends)


@pytest.mark.parametrize(
    ("shocks", "field"),
    [
        ({"lines": ["line 9"]}, "shocks.lines"),
        ({"lines": ["line 1", "line 1"]}, "shocks.lines"),
        ({"lasts": 3}, "shocks.lasts"),
        ({"spread": 0.0}, "shocks.spread"),
    ],
)
def test_what_cannot_be_is_refused_by_name(shocks: dict[str, Any], field: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        shaken(shocks)
    assert list(refused.value.problems) == [field]
