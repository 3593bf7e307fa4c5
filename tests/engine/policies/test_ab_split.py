"""An even split is even at every block, and its order is a fair shuffle."""

import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from engine.simulation import trace
from tests.engine.contract import Player
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = 1e-6
"""How often each check would fail a correct shuffle, over random seeds."""


@pytest.mark.parametrize("K", [2, 5, 64])
def test_every_whole_block_holds_every_line_once(K: int) -> None:
    arms = trace(scenario("ab_split", rates=(0.5,) * K, sends=K * 40), 0).arms
    assert (np.sort(arms.reshape(-1, K), axis=1) == np.arange(K)).all()


def test_lines_never_differ_by_more_than_one_send() -> None:
    arms = trace(scenario("ab_split", sends=1_003), 0).arms
    counts = np.cumsum(arms[:, np.newaxis] == np.arange(5), axis=0)
    assert (counts.max(axis=1) - counts.min(axis=1)).max() == 1


def test_every_order_of_a_block_is_as_likely() -> None:
    """Chi-square over the six orders of three lines."""
    blocks = trace(scenario("ab_split", rates=(0.1, 0.2, 0.3), sends=90_000), 0).arms.reshape(-1, 3)
    seen = Counter(map(tuple, blocks.tolist()))
    assert stats.chisquare([seen[order] for order in permutations(range(3))]).pvalue > RARE


def test_blocks_do_not_follow_one_another() -> None:
    """Chi-square of independence: last line of a block against the first of the next."""
    blocks = trace(scenario("ab_split", rates=(0.1, 0.2, 0.3), sends=90_000), 0).arms.reshape(-1, 3)
    table = np.zeros((3, 3))
    np.add.at(table, (blocks[:-1, 2], blocks[1:, 0]), 1)
    assert stats.chi2_contingency(table).pvalue > RARE


def test_misses_exactly_280_in_every_campaign() -> None:
    """Rates .04 .05 .06 .07 .09: 2,000 sends each miss .05 + .04 + .03 + .02 conversions a send."""
    result = simulate(scenario("ab_split", sends=10_000, replications=10_000))
    np.testing.assert_allclose(result.regret[0, :, -1], 280.0, atol=1e-6)


def test_converts_620_on_average() -> None:
    """Mean and variance of a sum of five binomials; each would fail a correct engine once in 100,000 seeds."""
    totals = simulate(scenario("ab_split", sends=10_000, replications=10_000)).conversions[0, :, -1].sum(axis=-1)
    variance, limit = sum(2_000 * rate * (1 - rate) for rate in FIVE_RATES), stats.norm.isf(0.5e-5)
    assert abs(totals.mean() - 620.0) < limit * math.sqrt(variance / 10_000)
    assert abs(totals.var() / variance - 1) < limit * math.sqrt(2 / 10_000) * 1.05


@pytest.mark.parametrize("eligible", [0b11111, 0b10110], ids=["all", "some"])
def test_every_block_holds_a_line_as_often_as_its_chances_say(eligible: int) -> None:
    """To the send, over whole blocks of the lines that may be sent; within a block chances stay the same."""
    player, block = Player("ab_split", 5), eligible.bit_count()
    told = np.zeros(5)
    arms = []
    for t in range(30 * block):
        told += player.chances(t, eligible)
        arms.append(player.choose(t, eligible, key=t + 1))
    np.testing.assert_allclose(told, np.bincount(arms, minlength=5), rtol=1e-12)
