"""Decaying epsilon-greedy: explores much at first and ever less later.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "epsilon_decay", "c": 0.2, "d": 0.1}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[119.0, 4881.0]
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

SCALE = 0  # header slot: c / d^2
MEANS = HEADER  # rows of K: observed rates, sends, conversions


class Parameters(PolicyParameters):
    """How fast exploration fades."""

    name: Literal["epsilon_decay"]
    c: float = Field(
        0.2,
        gt=0,
        le=1000,
        title="Exploration scale c",
        description=(
            "More explores longer. The published guarantee needs c above 5; smaller values do better in practice."
        ),
        json_schema_extra={"step": 0.1, "symbol": "c"},
    )
    d: float = Field(
        0.1,
        ge=0.001,
        le=1,
        title="Smallest gap d",
        description="The smallest difference between the best line and the next that should be noticed, as a rate.",
        json_schema_extra={"step": 0.01, "symbol": "d"},
    )
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line's observed rate is 0, or that of the earlier campaign."""
    state = blank_state(parameters.c / (parameters.d * parameters.d), rows=ROWS, arms=situation.arms)
    state[LEADER] = -1  # all are level
    recall_means(state, MEANS, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """With chance min(1, c K / (d^2 t)) any line, else the best observed rate; the first send is t = 1.

    Source: Auer, Cesa-Bianchi and Fischer (2002), Finite-time analysis of the multiarmed bandit problem, figure 3.
    """
    if unit(mix(key)) * np.float64(t + 1) < state[SCALE] * np.float64(K):
        return random_arm(eligible, K, key + GAMMA)
    return best_mean(state, MEANS, K, eligible, key + GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rate of the line."""
    learn_mean(state, MEANS, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return this send's exploration shared by all lines that may be sent, and the rest by those with the best rate."""
    epsilon = min(1.0, float(state[SCALE]) * K / (t + 1))
    return epsilon * even(K, eligible) + (1.0 - epsilon) * best_of(state[MEANS : MEANS + K], eligible)


SPEC = PolicySpec(
    name="epsilon_decay",
    title="Decaying ε-greedy",
    plain="Explores at random while little is known and ever less as the campaign goes on.",
    source=(
        "Auer, Cesa-Bianchi & Fischer (2002), "
        "Finite-time analysis of the multiarmed bandit problem, Machine Learning 47."
    ),
    formula="ε_t = min(1, c K / (d^2 t))",
    in_words=(
        "The share ε of random sends falls as one over t, the number of the send, and the faster the larger the gap d"
        " that counts."
    ),
    when=(
        "Use it where rates are steady and you know which gap between lines is worth finding; a gap set too large "
        "stops exploring too early."
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
