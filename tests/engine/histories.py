"""Short campaigns by every possible history: how often each happened against its exact chance, worked out by hand."""

import math
from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy import stats

from engine import simulate
from tests.engine.scenarios import scenario

CAMPAIGNS = 100_000
RARE = 1e-5
"""How often each check would fail a correct engine."""

Steps = tuple[tuple[int, int], ...]
"""What was sent and answered so far: (arm, answer) for each send."""
Chances = Callable[[Steps], list[float]]
"""Chances of each arm at the next send."""


def chance_of(history: Steps, rates: tuple[float, ...], chances: Chances) -> float:
    chance = 1.0
    for place, (arm, answer) in enumerate(history):
        chance *= chances(history[:place])[arm] * (rates[arm] if answer else 1 - rates[arm])
    return chance


def check_every_history(
    policy: dict[str, object], rates: tuple[float, ...], sends: int, chances: Chances, update_every: int = 1
) -> None:
    """Chi-square of how often each possible history of a short campaign happened, against its exact chance."""
    known = cache(chances)
    steps = list(product(range(len(rates)), (0, 1)))
    exact = np.array(
        [
            chance_of(history, rates, lambda before: known(before[: len(before) // update_every * update_every]))
            for history in product(steps, repeat=sends)
        ]
    )
    assert exact.sum() == pytest.approx(1, abs=1e-9)
    found = np.bincount(histories_of(policy, rates, sends, update_every), minlength=len(exact))
    assert found[exact == 0].sum() == 0
    often = exact * CAMPAIGNS >= 5
    seen, expected = found[often], exact[often] * CAMPAIGNS
    if (rest := exact[~often].sum() * CAMPAIGNS) > 0:
        seen, expected = np.append(seen, found[~often].sum()), np.append(expected, rest)
    assert stats.chisquare(seen, expected).pvalue > RARE


def histories_of(policy: dict[str, object], rates: tuple[float, ...], sends: int, update_every: int) -> np.ndarray:
    """The number of each campaign's history, in the order of `product`; short campaigns are kept send by send."""
    asked = scenario(policy, rates=rates, sends=sends, replications=CAMPAIGNS, seed=11, update_every=update_every)
    result = simulate(asked)
    assert result.checkpoints.tolist() == list(range(1, sends + 1))
    before = np.zeros((CAMPAIGNS, 1, len(rates)), np.int64)
    sent = np.diff(np.concatenate([before, result.sends[0]], axis=1), axis=1)
    won = np.diff(np.concatenate([before, result.conversions[0]], axis=1), axis=1)
    step = 2 * sent.argmax(axis=2) + won.sum(axis=2)
    return np.asarray(step @ (2 * len(rates)) ** np.arange(sends - 1, -1, -1))


def optimistic(bound: Callable[[int, int, int], float], arms: int) -> Chances:
    """Each line once in random order, then the largest bound(sends so far, sends of the line, conversions of the line)."""

    def chances(steps: Steps) -> list[float]:
        answers = [[answer for sent, answer in steps if sent == arm] for arm in range(arms)]
        bounds = [bound(len(steps), len(mine), sum(mine)) if mine else math.inf for mine in answers]
        best = [bounds[arm] == max(bounds) or math.isclose(bounds[arm], max(bounds)) for arm in range(arms)]
        return [is_best / sum(best) for is_best in best]

    return chances
