"""Policies against values that nobody here computed with this engine: enumeration by hand, closed forms, another program.

Every statistical check states how often a correct engine would fail it, over random seeds. The seed is fixed.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

from engine import simulate
from tests.engine.histories import Chances, Steps, check_every_history
from tests.engine.scenarios import FIVE_RATES, scenario

RARE = 1e-5
"""How often each check would fail a correct engine."""


def greedy(epsilon: Callable[[int], float], arms: int) -> Chances:
    """Epsilon-greedy with random ties and rates that start at 0, written down once more."""

    def chances(steps: Steps, t: int | None = None) -> list[float]:
        means = []
        for arm in range(arms):
            answers = [answer for sent, answer in steps if sent == arm]
            means.append(sum(answers) / len(answers) if answers else 0.0)
        leaders = [arm for arm in range(arms) if means[arm] == max(means)]
        explore = epsilon(len(steps) + 1 if t is None else t)
        return [explore / arms + (1 - explore) * (arm in leaders) / len(leaders) for arm in range(arms)]

    return chances


def posterior(prior: tuple[float, float], arms: int, window: int | None = None) -> Chances:
    """Thompson's chances by numerical integration: P(this arm's draw is the largest)."""

    def chances(steps: Steps) -> list[float]:
        seen = steps if window is None else steps[-window:]
        laws = [
            stats.beta(
                prior[0] + sum(answer for sent, answer in seen if sent == arm),
                prior[1] + sum(1 - answer for sent, answer in seen if sent == arm),
            )
            for arm in range(arms)
        ]
        wins = [
            integrate.quad(
                lambda x, arm=arm: laws[arm].pdf(x) * math.prod(law.cdf(x) for law in laws if law is not laws[arm]),
                0,
                1,
                limit=200,
            )[0]
            for arm in range(arms - 1)
        ]
        return [*wins, 1 - sum(wins)]

    return chances


@pytest.mark.parametrize("sends", [1, 2, 3])
@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5, 1.0])
def test_epsilon_greedy_on_every_history(epsilon: float, sends: int) -> None:
    policy: dict[str, object] = {"name": "epsilon_greedy", "epsilon": epsilon}
    check_every_history(policy, (0.3, 0.6, 0.6), sends, greedy(lambda _t: epsilon, 3))


@pytest.mark.parametrize("update_every", [1, 2, 3, 5])
def test_epsilon_greedy_that_learns_in_batches_on_every_history(update_every: int) -> None:
    """Between decisions nothing new is known."""
    policy: dict[str, object] = {"name": "epsilon_greedy", "epsilon": 0.2}
    check_every_history(policy, (0.3, 0.7), 4, greedy(lambda _t: 0.2, 2), update_every)


def test_decaying_epsilon_on_every_history() -> None:
    """Epsilon is 1, 1, 0.83, 0.625 at the first four sends."""
    c, d, arms = 0.2, 0.4, 2
    policy: dict[str, object] = {"name": "epsilon_decay", "c": c, "d": d}
    check_every_history(policy, (0.2, 0.7), 4, greedy(lambda t: min(1.0, c * arms / (d * d * t)), arms))


@pytest.mark.parametrize("prior", [(1.0, 1.0), (2.0, 5.0), (1.5, 1.0), (0.5, 0.5)])
def test_thompson_on_every_history_of_three_sends(prior: tuple[float, float]) -> None:
    policy: dict[str, object] = {"name": "thompson", "alpha": prior[0], "beta": prior[1]}
    check_every_history(policy, (0.2, 0.7), 3, posterior(prior, 2))


def test_thompson_with_three_lines_on_every_history_of_two_sends() -> None:
    check_every_history({"name": "thompson"}, (0.2, 0.5, 0.7), 2, posterior((1.0, 1.0), 3))


def test_thompson_that_learns_in_pairs_on_every_history() -> None:
    check_every_history({"name": "thompson"}, (0.2, 0.7), 4, posterior((1.0, 1.0), 2), update_every=2)


@pytest.mark.parametrize("window", [1, 2, 3])
def test_sliding_window_on_every_history_of_four_sends(window: int) -> None:
    policy: dict[str, object] = {"name": "sliding_window_thompson", "window": window}
    check_every_history(policy, (0.2, 0.7), 4, posterior((1.0, 1.0), 2, window))


def test_even_split_on_every_history_of_a_block() -> None:
    """Every order of the lines is as likely, whatever is answered."""

    def chances(steps: Steps) -> list[float]:
        left = {0, 1, 2} - {arm for arm, _ in steps[len(steps) // 3 * 3 :]}
        return [(arm in left) / len(left) for arm in range(3)]

    check_every_history({"name": "ab_split"}, (0.2, 0.5, 0.7), 4, chances)


# Another program: the same rules on NumPy's own generator, all campaigns at once.
# At 10,000 sends and 10,000 campaigns, this engine gives 77.2 with a standard error of 0.7 (epsilon-greedy) and
# 56.4 with 0.2 (Thompson); 77.0 and 56.3 were measured elsewhere by other programs. The check is against the loop here, at fewer sends.
THEIR_CAMPAIGNS, SENDS = 1_500, 2_000

Rule = Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]


def independent_regret(choose: Rule) -> np.ndarray:
    """Regret of each campaign under a rule that sees sends and conversions (campaigns, K)."""
    random, rates = np.random.default_rng(3), np.array(FIVE_RATES)
    shape, rows = (THEIR_CAMPAIGNS, 5), np.arange(THEIR_CAMPAIGNS)
    sent, won = np.zeros(shape), np.zeros(shape)
    for _ in range(SENDS):
        arm = choose(random, sent, won)
        sent[rows, arm] += 1
        won[rows, arm] += random.random(THEIR_CAMPAIGNS) < rates[arm]
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


def best_bound(random: np.random.Generator, sent: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    tied = np.where(sent == 0, np.inf, bounds)
    best: np.ndarray = np.where(tied == tied.max(axis=1, keepdims=True), random.random(sent.shape), -1.0).argmax(axis=1)
    return best


def numpy_ucb1_tuned(random: np.random.Generator, sent: np.ndarray, won: np.ndarray) -> np.ndarray:
    n, log_t = np.maximum(sent, 1), np.log(np.maximum(sent.sum(axis=1, keepdims=True), 1))
    variance = won / n - (won / n) ** 2 + np.sqrt(2 * log_t / n)
    return best_bound(random, sent, won / n + np.sqrt(log_t / n * np.minimum(0.25, variance)))


def numpy_softmax(random: np.random.Generator, sent: np.ndarray, won: np.ndarray) -> np.ndarray:
    """By the largest of scores with Gumbel noise, which has the softmax chances."""
    best: np.ndarray = (won / np.maximum(sent, 1) / 0.05 + random.gumbel(size=sent.shape)).argmax(axis=1)
    return best


def numpy_top_two(random: np.random.Generator, sent: np.ndarray, won: np.ndarray) -> np.ndarray:
    """Up to 1,023 redraws where the engine makes two and then takes the second best: the same regret.

    1, 2, 4 ... at a time, of which the first that is not the leader counts.
    """
    leader: np.ndarray = random.beta(1 + won, 1 + sent - won).argmax(axis=1)
    arm, rows = leader.copy(), np.flatnonzero(random.random(len(leader)) < 0.5)
    for doubling in range(10):
        shapes = (1 + won[rows, np.newaxis], 1 + (sent - won)[rows, np.newaxis])
        drawn = random.beta(*shapes, size=(len(rows), 2**doubling, won.shape[1])).argmax(axis=2)
        differs = drawn != leader[rows, np.newaxis]
        found = differs.any(axis=1)
        arm[rows[found]] = drawn[found, differs[found].argmax(axis=1)]
        rows = rows[~found]
    return arm


RULES: list[tuple[str, Rule]] = [
    ("epsilon_greedy", numpy_epsilon_greedy),
    ("softmax", numpy_softmax),
    ("thompson", numpy_thompson),
    ("top_two_thompson", numpy_top_two),
    ("ucb1_tuned", numpy_ucb1_tuned),
]


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_regret_agrees_with_another_program(name: str, rule: Rule) -> None:
    """Two-sample z-test of mean regret, and KS of its distribution."""
    theirs = independent_regret(rule)
    ours = simulate(scenario(name, sends=SENDS, replications=10_000)).regret[0, :, -1]
    error = math.sqrt(theirs.var(ddof=1) / len(theirs) + ours.var(ddof=1) / len(ours))
    assert abs(ours.mean() - theirs.mean()) < stats.norm.isf(RARE / 2) * error
    assert stats.ks_2samp(ours, theirs).pvalue > RARE
