"""Epsilon-greedy: mostly the best line so far, now and then one at random.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "epsilon_greedy", "epsilon": 0.1}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[275.0, 4725.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.choosing import random_arm
from engine.insight import seen_rates
from engine.means import LEADER, ROWS, best_mean, learn_mean, recall_means
from engine.native import native
from engine.policy import (
    HEADER,
    Chances,
    Cost,
    HistoryWeight,
    PolicyParameters,
    PolicySpec,
    Situation,
    State,
    blank_state,
)
from engine.propensities import best_of, even
from engine.rng import GAMMA, mix, unit

EPSILON = 0  # header slot
MEANS = HEADER  # rows of K: observed rates (0 before the first send), sends, conversions


class Parameters(PolicyParameters):
    """How much of the traffic explores."""

    name: Literal["epsilon_greedy"]
    epsilon: float = Field(
        0.1,
        ge=0,
        le=1,
        title="Exploration ε",
        description="Share of sends that try a random line; the rest go to the best line so far.",
        json_schema_extra={"step": 0.01, "symbol": "ε"},
    )
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line's observed rate is 0, or that of the earlier campaign."""
    state = blank_state(parameters.epsilon, rows=ROWS, arms=situation.arms)
    state[LEADER] = -1  # all are level
    recall_means(state, MEANS, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """With chance epsilon any line, else the best observed rate; ties at random, no forced first sends.

    Source: Sutton and Barto (2018), Reinforcement Learning, 2nd edition, section 2.2.
    """
    if unit(mix(key)) < state[EPSILON]:
        return random_arm(eligible, K, key + GAMMA)
    return best_mean(state, MEANS, K, eligible, key + GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rate of the line."""
    learn_mean(state, MEANS, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return epsilon shared by all lines that may be sent, and the rest shared by those with the best observed rate."""
    epsilon = float(state[EPSILON])
    return epsilon * even(K, eligible) + (1.0 - epsilon) * best_of(state[MEANS : MEANS + K], eligible)


SPEC = PolicySpec(
    name="epsilon_greedy",
    title="ε-greedy",
    plain=(
        "Most sends go to the best line so far; a fixed share tries a random line, so a slow starter gets its chance."
    ),
    source="Sutton & Barto (2018), Reinforcement Learning: An Introduction, 2nd edition, section 2.2.",
    formula="P(a) = ε / K + (1 − ε) [a = argmax_b rate_b]",
    in_words=("With chance ε any of the K lines is sent, and with chance 1 − ε the one with the highest seen rate."),
    when=(
        "Use it as a first bandit that everybody can explain; it goes on paying for exploration long after the best "
        "line is clear."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=16, per_arm=1),
    insight=seen_rates(MEANS),
)
