"""What worlds share whose rates change. Statistical checks fail a correct engine once in a million seeds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from engine.courses import even_ends, line_keys, moved, uniforms
from engine.drawn_rates import DrawnRates

RARE = 1e-6


def settings(**more: object) -> DrawnRates:
    return DrawnRates.model_validate({"name": "any", **more})


@given(st.floats(1e-9, 1 - 1e-9), st.floats(-12, 12))
def test_moves_add_up_on_the_logit(rate: float, logit: float) -> None:
    found = moved(np.array([rate]), np.array([logit]))
    assert found[0] == pytest.approx(special.expit(special.logit(rate) + logit), rel=1e-9)


@given(st.floats(0, 1), st.floats(-700, 700))
def test_no_move_leaves_the_range(rate: float, logit: float) -> None:
    assert 0 <= moved(np.array([rate]), np.array([logit]))[0] <= 1


@given(st.floats(0, 1))
def test_no_move_changes_nothing(rate: float) -> None:
    assert moved(np.array([rate]), np.array([0.0]))[0] == rate


def test_moves_have_the_shape_of_both() -> None:
    rates, logits = np.array([[[0.1, 0.2]], [[0.3, 0.4]]]), np.array([[[0.0], [math.log(2)], [-1.0]]])
    found = moved(rates, logits)
    assert found.shape == (2, 3, 2)
    np.testing.assert_array_equal(found[:, 0], rates[:, 0])
    assert found[1, 1, 0] == pytest.approx(0.6 / 1.3)


@given(st.integers(1, 1_000_000), st.integers(1, 300))
def test_spells_are_even(sends: int, most: int) -> None:
    ends = even_ends(sends, most)
    lengths = np.diff(ends, prepend=0)
    assert len(ends) == min(sends, most)
    assert ends[-1] == sends
    assert lengths.min() >= 1
    assert np.ptp(lengths) <= 1


def test_keys_belong_to_campaign_and_line_if_redrawn() -> None:
    keys = line_keys(settings(redraw=True), 5, 3, 4)
    assert len(np.unique(keys)) == keys.size == 20
    np.testing.assert_array_equal(keys[1:], line_keys(settings(redraw=True), 5, 4, 3))
    np.testing.assert_array_equal(keys[:, :2], line_keys(settings(redraw=True), 2, 3, 4))


def test_keys_are_the_same_in_all_campaigns_unless_redrawn() -> None:
    np.testing.assert_array_equal(line_keys(settings(), 5, 3, 4), line_keys(settings(), 5, 0, 1))
    assert (line_keys(settings(), 5, 0, 1) != line_keys(settings(world_seed=1), 5, 0, 1)).all()


def test_numbers_are_uniform_and_independent() -> None:
    drawn = uniforms(line_keys(settings(redraw=True), 2, 0, 10_000), 2)
    columns = drawn.reshape(len(drawn), -1).T
    for column in columns:
        assert stats.kstest(column, "uniform").pvalue > RARE
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert stats.spearmanr(columns[one], columns[other]).pvalue > RARE
