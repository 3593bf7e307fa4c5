"""Softmax: the better a line does, the more often it is sent; how sharply is set by a temperature.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "softmax", "tau": 0.05}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[75.0, 4925.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import exp, log
from engine.chances import draw_by_weight, weigh
from engine.insight import seen_rates
from engine.means import LEADER, ROWS, learn_mean, recall_means
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
from engine.propensities import by_score
from engine.rng import mix

SHARPNESS = 0  # header slot: 1 / tau
DECAY = 1  # header slot
MEANS = HEADER  # rows of K: observed rates (0 before the first send), sends, conversions; then one for weights


class Parameters(PolicyParameters):
    """How much better a line must do to be sent more often, and whether that changes."""

    name: Literal["softmax"]
    tau: float = Field(
        0.05,
        ge=0.001,
        le=10,
        title="Temperature τ",
        description="A line whose rate is τ higher is sent 2.7 times as often. Small: picky. Large: nearly even.",
        json_schema_extra={"step": 0.01, "symbol": "τ"},
    )
    decay: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Cooling",
        description="The temperature at send t is τ divided by t to this power: 0 keeps it, 1 cools fast.",
        json_schema_extra={"step": 0.1},
    )
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line's observed rate is 0, or that of the earlier campaign."""
    state = blank_state(1.0 / parameters.tau, parameters.decay, rows=ROWS + 1, arms=situation.arms)
    state[LEADER] = -1  # all are level
    recall_means(state, MEANS, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a line with a chance in proportion to exp(rate / temperature); the first send is t = 1.

    Source: Sutton and Barto (1998), Reinforcement Learning, section 2.3. The temperature is tau / t^decay; decay 1
    is that of Vermorel and Mohri (2005), Multi-armed bandit algorithms and empirical evaluation, section 2.
    """
    sharpness = state[SHARPNESS]
    if state[DECAY] > 0.0:
        sharpness *= exp(state[DECAY] * log(np.float64(t + 1)))
    weights = MEANS + ROWS * K
    return draw_by_weight(state, weights, K, weigh(state, MEANS, weights, K, eligible, sharpness), mix(key))


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rate of the line."""
    learn_mean(state, MEANS, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return chances in proportion to exp(rate / temperature of this send)."""
    sharpness = state[SHARPNESS] * (t + 1.0) ** state[DECAY]
    return by_score(state[MEANS : MEANS + K], eligible, sharpness)


SPEC = PolicySpec(
    name="softmax",
    title="Softmax",
    plain="Sends every line now and then, and the more often the better it has done so far; no line is ever given up.",
    source="Sutton & Barto (2018), Reinforcement Learning: An Introduction, chapter 2; Vermorel & Mohri (2005), ECML.",
    formula="P(a) = e^{rate_a / τ} / Σ_b e^{rate_b / τ}",
    in_words=(
        "Each line’s chance grows with its seen rate, and the temperature τ says how sharply: near zero nearly all "
        "goes to the leader."
    ),
    when=(
        "Use it where near ties should share the traffic; τ must fit the size of your rates, which is why it is "
        "harder to set than it looks."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=36, per_arm=9),
    insight=seen_rates(MEANS),
)
