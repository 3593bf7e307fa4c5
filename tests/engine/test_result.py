"""An answer can be saved, read back and proved; nothing in a file is ever executed."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from engine import Result, Scenario, simulate
from tests.engine.scenarios import scenario, scenario_dicts

ARRAYS = ("checkpoints", "sends", "conversions", "regret", "known", "revenue")


@given(scenario_dicts())
def test_survives_being_saved(raw: dict[str, Any]) -> None:
    result = simulate(Scenario.from_dict(raw))
    loaded = Result.from_bytes(result.to_bytes())
    assert loaded.digest() == result.digest()
    assert loaded.scenario == result.scenario
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(loaded, name), getattr(result, name))
    for name in ("checkpoints", "sends", "conversions", "regret"):
        np.testing.assert_array_equal(getattr(loaded.curves, name), getattr(result.curves, name))


@given(scenario_dicts())
def test_shapes_and_types_are_the_promised_ones(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    result = simulate(asked)
    P, R, C, K = len(asked.policies), asked.replications, len(asked.checkpoints), len(asked.arms)
    assert result.policies == list(asked.labels)
    assert result.checkpoints.shape == (C,)
    assert result.sends.shape == result.conversions.shape == result.known.shape == (P, R, C, K)
    assert result.regret.shape == result.revenue.shape == (P, R, C)
    kinds = [counts.dtype.name for counts in (result.sends, result.conversions, result.regret_units)]
    assert kinds == ["int32", "int32", "int64"]
    assert result.credited is None


@given(scenario_dicts())
def test_curves_are_the_means_of_the_replications(raw: dict[str, Any]) -> None:
    result = simulate(Scenario.from_dict(raw))
    kept = np.isin(result.curves.checkpoints, result.checkpoints)
    assert kept.sum() == len(result.checkpoints)
    np.testing.assert_allclose(result.curves.sends[:, kept], result.sends.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result.curves.conversions[:, kept], result.conversions.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(result.curves.regret[:, kept], result.regret.mean(axis=1), rtol=1e-12, atol=1e-9)


def test_curves_keep_their_detail_when_replications_are_many() -> None:
    """64 lines and 20,000 replications leave room for few checkpoints, but the curves have 200."""
    result = simulate(scenario("ab_split", rates=(0.5,) * 64, sends=256, replications=20_000))
    assert len(result.checkpoints) < 20
    assert len(result.curves.checkpoints) == 200
    np.testing.assert_allclose(result.curves.sends[0].sum(axis=-1), result.curves.checkpoints)
    shared = np.isin(result.curves.checkpoints, result.checkpoints)
    kept = np.isin(result.checkpoints, result.curves.checkpoints)
    np.testing.assert_allclose(result.curves.conversions[0, shared], result.conversions[0, :, kept].mean(axis=1))


@pytest.mark.parametrize("name", ["sends", "conversions", "regret_units"])
def test_any_changed_number_changes_the_digest(name: str) -> None:
    result = simulate(scenario("thompson", "ab_split", sends=50, replications=2))
    before = result.digest()
    changed = Result.from_bytes(result.to_bytes())
    getattr(changed, name)[1, 1, 20] += 1
    assert changed.digest() != before


def test_replications_that_change_places_change_the_digest() -> None:
    result = simulate(scenario("thompson", sends=50, replications=2))
    changed = Result.from_bytes(result.to_bytes())
    for array in (changed.sends, changed.conversions, changed.regret_units):
        array[:] = array[:, ::-1].copy()
    assert changed.digest() != result.digest()


def test_revenue_is_nothing_and_cannot_be_written() -> None:
    revenue = simulate(scenario("ab_split", sends=20)).revenue
    assert not revenue.any()
    with pytest.raises(ValueError, match="read-only"):
        revenue[0, 0, 0] = 1.0


def test_a_file_that_would_run_code_is_refused() -> None:
    """Arrays of objects are pickles; a result's file may not hold any."""
    buffer = io.BytesIO()
    np.savez(buffer, scenario=np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        Result.from_bytes(buffer.getvalue())
