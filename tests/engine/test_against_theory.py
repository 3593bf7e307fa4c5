"""Policies against values that nobody here computed with this engine: enumeration by hand, closed forms, another program.

Every statistical check states how often a correct engine would fail it, over random seeds. The seed is fixed.
"""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from scipy import integrate, stats

from engine import simulate
from tests.engine.scenarios import FIVE_RATES, scenario

REPLICATIONS = 100_000
RARE = stats.norm.isf(0.5e-5)
"""Two-sided 1 in 100,000: how often each check with it would fail a correct engine."""

Chances = Callable[[list[tuple[int, int]]], list[float]]
"""Chances of each arm, given what was sent and answered so far."""


def expected_sends(rates: tuple[float, ...], sends: int, chances: Chances) -> np.ndarray:
    """Mean sends of each arm, by going through every possible history of a short campaign."""
    expected = np.zeros(len(rates))
    for history in product(range(len(rates)), (0, 1), repeat=sends):
        steps = list(zip(history[::2], history[1::2], strict=True))
        chance = 1.0
        for place, (arm, answer) in enumerate(steps):
            chance *= chances(steps[:place])[arm] * (rates[arm] if answer else 1 - rates[arm])
        for arm, _ in steps:
            expected[arm] += chance
    return expected


def check_sends(policy: dict[str, object], rates: tuple[float, ...], sends: int, chances: Chances) -> None:
    counts = simulate(scenario(policy, rates=rates, sends=sends, replications=REPLICATIONS, seed=11)).sends[0, :, -1]
    error = counts.std(axis=0) / math.sqrt(REPLICATIONS) + 1e-12
    assert (np.abs(counts.mean(axis=0) - expected_sends(rates, sends, chances)) < RARE * error + 1e-9).all()


def greedy(epsilon: Callable[[int], float], arms: int) -> Chances:
    """Epsilon-greedy with random ties and rates that start at 0, written down once more."""

    def chances(steps: list[tuple[int, int]]) -> list[float]:
        means = []
        for arm in range(arms):
            answers = [answer for sent, answer in steps if sent == arm]
            means.append(sum(answers) / len(answers) if answers else 0.0)
        leaders = [arm for arm in range(arms) if means[arm] == max(means)]
        explore = epsilon(len(steps) + 1)
        return [explore / arms + (1 - explore) * (arm in leaders) / len(leaders) for arm in range(arms)]

    return chances


def posterior(prior: tuple[float, float], window: int, arms: int) -> Chances:
    """Thompson's chances of two arms by numerical integration."""

    def chances(steps: list[tuple[int, int]]) -> list[float]:
        seen = steps[-window:] if window else steps
        first, second = (
            stats.beta(
                prior[0] + sum(answer for sent, answer in seen if sent == arm),
                prior[1] + sum(1 - answer for sent, answer in seen if sent == arm),
            )
            for arm in range(arms)
        )
        wins = integrate.quad(lambda x: first.pdf(x) * second.cdf(x), 0, 1, limit=200)[0]
        return [wins, 1 - wins]

    return chances


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5, 1.0])
def test_epsilon_greedy_on_every_history_of_three_sends(epsilon: float) -> None:
    rates = (0.3, 0.6, 0.6)
    check_sends({"name": "epsilon_greedy", "epsilon": epsilon}, rates, 3, greedy(lambda _t: epsilon, 3))


def test_decaying_epsilon_on_every_history_of_four_sends() -> None:
    c, d, arms = 0.1, 0.4, 2
    check_sends(
        {"name": "epsilon_decay", "c": c, "d": d},
        (0.2, 0.7),
        4,
        greedy(lambda t: min(1.0, c * arms / (d * d * t)), arms),
    )


@pytest.mark.parametrize("prior", [(1.0, 1.0), (2.0, 5.0), (1.5, 1.0)])
def test_thompson_on_every_history_of_three_sends(prior: tuple[float, float]) -> None:
    policy = {"name": "thompson", "alpha": prior[0], "beta": prior[1]}
    check_sends(policy, (0.2, 0.7), 3, posterior(prior, 0, 2))


@pytest.mark.parametrize("window", [1, 2])
def test_sliding_window_on_every_history_of_four_sends(window: int) -> None:
    check_sends({"name": "sliding_window_thompson", "window": window}, (0.2, 0.7), 4, posterior((1.0, 1.0), window, 2))


def test_exploring_always_is_a_fair_lottery() -> None:
    """Each line's sends are Binomial(n, 1/K): mean and variance; each fails once in 100,000 seeds."""
    counts = simulate(scenario({"name": "epsilon_greedy", "epsilon": 1.0}, sends=1_000, replications=20_000)).sends[
        0, :, -1
    ]
    variance = 1_000 * 0.2 * 0.8
    assert np.abs(counts.mean(axis=0) - 200).max() < RARE * math.sqrt(variance / 20_000)
    assert np.abs(counts.var(axis=0) / variance - 1).max() < RARE * math.sqrt(2 / 20_000) * 1.1


# Another program: the same rules on NumPy's own generator, all campaigns at once.
CAMPAIGNS, SENDS = 1_500, 2_000


def independent_regret(choose: Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """Regret of each campaign under a rule that sees sends and conversions (campaigns, K)."""
    random, rates = np.random.default_rng(3), np.array(FIVE_RATES)
    sent, won, rows = np.zeros((CAMPAIGNS, 5)), np.zeros((CAMPAIGNS, 5)), np.arange(CAMPAIGNS)
    for _ in range(SENDS):
        arm = choose(random, sent, won)
        sent[rows, arm] += 1
        won[rows, arm] += random.random(CAMPAIGNS) < rates[arm]
    missed: np.ndarray = sent @ (rates.max() - rates)
    return missed


def numpy_epsilon_greedy(random: np.random.Generator, sent: np.ndarray, won: np.ndarray) -> np.ndarray:
    means = np.divide(won, sent, out=np.zeros_like(won), where=sent > 0)
    tied = means == means.max(axis=1, keepdims=True)
    best = np.where(tied, random.random(means.shape), -1.0).argmax(axis=1)
    return np.where(random.random(len(best)) < 0.1, random.integers(0, 5, len(best)), best)


def numpy_thompson(random: np.random.Generator, sent: np.ndarray, won: np.ndarray) -> np.ndarray:
    best: np.ndarray = random.beta(1 + won, 1 + sent - won).argmax(axis=1)
    return best


@pytest.mark.parametrize(("name", "rule"), [("epsilon_greedy", numpy_epsilon_greedy), ("thompson", numpy_thompson)])
def test_regret_agrees_with_another_program(
    name: str, rule: Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]
) -> None:
    """Two-sample z-test of mean regret; a correct engine fails once in 100,000 seeds."""
    theirs = independent_regret(rule)
    ours = simulate(scenario(name, sends=SENDS, replications=20_000)).regret[0, :, -1]
    error = math.sqrt(theirs.var(ddof=1) / len(theirs) + ours.var(ddof=1) / len(ours))
    assert abs(ours.mean() - theirs.mean()) < RARE * error
