"""When the leader came to the front, against counting it out by hand."""

import numpy as np
import pytest

from engine.beliefs import chance_to_be_best
from engine.emergence import emergence


@pytest.mark.parametrize("seed", range(5))
def test_it_equals_counting_it_out(seed: int) -> None:
    draw = np.random.default_rng(seed)
    variant = draw.integers(0, 3, 400)
    converted = (draw.random(400) < np.array([0.1, 0.15, 0.2])[variant]).astype(int)
    found = emergence(variant, converted, 3)
    leads, sure = [], []
    for end in range(1, 401):
        sends = np.bincount(variant[:end], minlength=3)
        won = np.bincount(variant[:end][converted[:end] > 0], minlength=3)
        is_known = (sends > 0).all()
        rates = won / np.maximum(sends, 1)
        leads.append(is_known and rates[found["leader"]] == rates.max())
        sure.append(chance_to_be_best(won, sends)[found["leader"]] >= 0.95)
    since = max(end for end in range(1, 401) if end == 1 or not leads[end - 2])
    assert found["since"] == since
    if found["sure_since"] is not None:
        assert all(sure[end - 1] for end in range(found["sure_since"], 401, 5))


def test_who_led_early_is_told_apart_from_who_won() -> None:
    variant = np.tile([0, 1], 500)
    converted = np.where(np.arange(1_000) < 200, variant == 0, variant == 1).astype(int)
    found = emergence(variant, converted, 2)
    assert (found["leader"], found["early"]) == (1, 0)
    assert 400 <= found["since"] <= 402
    assert found["sure_since"] is not None
    assert found["sure_since"] > found["since"]


def test_a_line_that_starts_late_is_no_early_leader() -> None:
    variant = np.concatenate([np.zeros(500, int), np.tile([0, 1], 250)])
    found = emergence(variant, np.ones(1_000, int), 2)
    assert found["early"] is None
    assert found["sure_since"] is None


def test_one_recipient_each_is_enough() -> None:
    assert emergence(np.array([0, 1]), np.array([1, 0]), 2)["since"] == 2
