"""UCB1: sends the line that could still be the best, taking every rate at the upper end of what is plausible.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "ucb1"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[249.0, 4751.0]
"""

from typing import Literal

import numpy as np

from engine.bounds import BOUNDS, learn_rate, log_known, recall_rates, set_bounds, untried_state
from engine.choosing import best_of_row
from engine.insight import bounds
from engine.native import native
from engine.policy import HEADER, Chances, Cost, HistoryWeight, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of

START = HEADER  # rows of `engine.bounds`


class Parameters(PolicyParameters):
    """What it starts from."""

    name: Literal["ucb1"]
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send but those of the earlier campaign."""
    state = untried_state(start=START, arms=situation.arms)
    recall_rates(state, START, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def write_bounds(state: State, K: int) -> None:
    """Write each line's upper confidence bound into its row."""
    set_bounds(state, START, K, np.sqrt(2.0 * log_known(state)))


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send each line once, then the largest of rate + sqrt(2 ln t / n), ties at random.

    t counts the sends whose answers are known, n those of the line: between decisions nothing moves.
    Source: Auer, Cesa-Bianchi and Fischer (2002), Finite-time analysis of the multiarmed bandit problem, figure 1.
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
    name="ucb1",
    title="UCB1",
    plain=(
        "Judges every line by the best rate it could plausibly have, "
        "so a line that was seldom sent gets the benefit of the doubt."
    ),
    source=(
        "Auer, Cesa-Bianchi & Fischer (2002), "
        "Finite-time analysis of the multiarmed bandit problem, Machine Learning 47, figure 1."
    ),
    formula="a = argmax_b (rate_b + √(2 ln t / n_b))",
    in_words=(
        "To each seen rate is added a bonus that shrinks as the line’s sends n grow and creeps up with all sends t."
    ),
    when=(
        "Use it where every choice must be explained without chance; at the low rates of e-mail its bonus is far too "
        "generous, so it explores long."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=27, per_arm=3),
    insight=bounds(START, BOUNDS),
)
