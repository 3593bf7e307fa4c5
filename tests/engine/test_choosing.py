"""Steps that policies share: masks, one at random, the best with ties at random."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from engine.choosing import all_may, best_of_row, may_send, nth_eligible, random_arm
from engine.native import native
from engine.rng import mix

RARE = 1e-6
"""How often each chi-square test would fail correct code, over random seeds."""

DRAWS = 40_000


@native
def fill_random_arms(out: NDArray[np.int64], eligible: np.uint64, K: int) -> None:
    for i in range(out.shape[0]):
        out[i] = random_arm(eligible, K, mix(np.uint64(i)))


@native
def fill_bests(out: NDArray[np.int64], row: NDArray[np.float64], eligible: np.uint64) -> None:
    for i in range(out.shape[0]):
        out[i] = best_of_row(row, 0, row.shape[0], eligible, mix(np.uint64(i)))


def mask_of(arms: list[int]) -> np.uint64:
    return np.uint64(sum(1 << arm for arm in arms))


@given(st.integers(1, 64))
def test_the_full_mask_has_a_bit_for_every_line(K: int) -> None:
    assert int(all_may(K)) == 2**K - 1


@given(st.integers(0, 2**64 - 1), st.integers(0, 63))
def test_a_line_may_be_sent_if_its_bit_is_set(mask: int, arm: int) -> None:
    assert may_send(np.uint64(mask), arm) is bool(mask >> arm & 1)


@given(st.sets(st.integers(0, 63), min_size=1))
def test_the_nth_line_of_a_mask(arms: set[int]) -> None:
    mask = mask_of(sorted(arms))
    assert [nth_eligible(mask, 64, n) for n in range(len(arms))] == sorted(arms)
    assert nth_eligible(mask, 64, len(arms)) == -1


@pytest.mark.parametrize("arms", [[0, 1, 2, 3, 4], [1, 3], [0, 7, 20, 63], list(range(64))], ids=len)
def test_a_random_line_is_any_of_those_allowed(arms: list[int]) -> None:
    out = np.zeros(DRAWS, np.int64)
    fill_random_arms(out, mask_of(arms), max(arms) + 1)
    counts = np.bincount(out, minlength=64)
    assert counts[arms].sum() == DRAWS
    assert stats.chisquare(counts[arms]).pvalue > RARE


@given(st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 1.0]), min_size=2, max_size=64), st.integers(1))
def test_the_best_is_the_largest_of_those_allowed(values: list[float], mask: int) -> None:
    eligible = mask % (2 ** len(values) - 1) + 1
    allowed = [arm for arm in range(len(values)) if eligible >> arm & 1]
    leaders = {arm for arm in allowed if values[arm] == max(values[arm] for arm in allowed)}
    out = np.zeros(20, np.int64)
    fill_bests(out, np.array(values), np.uint64(eligible))
    assert set(out.tolist()) <= leaders


@pytest.mark.parametrize("eligible", [[0, 1, 2, 3, 4, 5], [0, 2, 3, 5]], ids=["all", "some"])
def test_ties_are_broken_evenly(eligible: list[int]) -> None:
    row = np.array([0.1, 0.4, 0.4, 0.2, 0.3, 0.4])
    out = np.zeros(DRAWS, np.int64)
    fill_bests(out, row, mask_of(eligible))
    leaders = [arm for arm in (1, 2, 5) if arm in eligible]
    counts = np.bincount(out, minlength=6)
    assert counts[leaders].sum() == DRAWS
    assert stats.chisquare(counts[leaders]).pvalue > RARE
