"""UCB1-tuned: UCB1 with a smaller benefit of the doubt for lines whose answers vary little.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "ucb1_tuned"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[40.0, 4960.0]
"""

from typing import Literal

import numpy as np

from engine.bounds import BOUNDS, INVERSE_ROOTS, learn_rate, log_known, recall_rates, untried_state
from engine.choosing import best_of_row
from engine.insight import bounds
from engine.native import native
from engine.policy import HEADER, Chances, Cost, HistoryWeight, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of

START = HEADER  # rows of `engine.bounds`
LARGEST_VARIANCE = 0.25  # of any answer between 0 and 1


class Parameters(PolicyParameters):
    """What it starts from."""

    name: Literal["ucb1_tuned"]
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send but those of the earlier campaign."""
    state = untried_state(start=START, arms=situation.arms)
    recall_rates(state, START, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def write_bounds(state: State, K: int) -> None:
    """Write each line's upper confidence bound into its row."""
    root = np.sqrt(log_known(state))
    wide = np.sqrt(2.0) * root
    bounds, roots = START + BOUNDS * K, START + INVERSE_ROOTS * K
    for arm in range(K):
        rate = state[START + arm]
        variance = min(LARGEST_VARIANCE, rate * (1.0 - rate) + wide * state[roots + arm])
        untried = state[roots + arm] == 0.0
        state[bounds + arm] = rate if untried else rate + root * state[roots + arm] * np.sqrt(variance)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send each line once, then the largest of rate + sqrt(ln t / n min(1/4, V)), ties at random.

    V = rate (1 - rate) + sqrt(2 ln t / n) bounds the variance of answers that are 0 or 1; t counts the sends whose
    answers are known, n those of the line. Source: Auer, Cesa-Bianchi and Fischer (2002), Finite-time analysis of
    the multiarmed bandit problem, section 4.
    """
    write_bounds(state, K)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rate of the line."""
    learn_rate(state, START, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the chances of the lines with the highest bound: ties share evenly."""
    scratch = state.copy()
    write_bounds(scratch, K)
    return best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="ucb1_tuned",
    title="UCB1-tuned",
    plain=(
        "UCB1 that also looks at how much a line's answers vary: "
        "low rates vary little, so less doubt is left and less is spent on it."
    ),
    source=(
        "Auer, Cesa-Bianchi & Fischer (2002), "
        "Finite-time analysis of the multiarmed bandit problem, Machine Learning 47, section 4."
    ),
    formula="a = argmax_b (rate_b + √(ln t / n_b × min(1/4, V_b)))",
    in_words="The bonus of UCB1 is scaled by V, the most that the line’s answers can be expected to vary.",
    when=(
        "Use it in place of UCB1 for e-mail: low rates vary little, so it wastes fewer sends, though nothing is "
        "proven about it."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=40, per_arm=3),
    insight=bounds(START, BOUNDS),
)
