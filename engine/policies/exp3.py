"""Exp3: assumes nothing about how rates behave, not even that there are any, and pays for it with much exploring.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "exp3", "gamma": 0.05}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[266.0, 4734.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.chances import draw_by_weight, weigh
from engine.choosing import all_may, may_send, random_arm
from engine.insight import own_scores
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.propensities import by_score, even
from engine.rng import GAMMA as NEXT
from engine.rng import mix, unit

GAMMA = 0  # header slot
SENDS = 1  # header slot: how many sends have a place for their chance

LOG_WEIGHTS = HEADER  # row of K; then a row of K for weights, then for each send the chance its line had when chosen


class Parameters(PolicyParameters):
    """How much explores; the same number sets how far an answer moves a weight."""

    name: Literal["exp3"]
    gamma: float = Field(
        0.05,
        ge=0.001,
        le=1,
        title="Exploration γ",
        description="Share of sends that try a random line. Larger values also learn faster and are easier to mislead.",
        json_schema_extra={"step": 0.01, "symbol": "γ"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which all lines weigh the same, with a place for the chance of each send."""
    return blank_state(parameters.gamma, situation.sends, rows=2, arms=situation.arms, extra=situation.sends)


@native
def chance_of(state: State, K: int, eligible: np.uint64, arm: int, total: float) -> float:
    """Return the chance with which an arm is sent, given the sum of the weights."""
    count = 0
    for other in range(K):
        count += may_send(eligible, other)
    gamma = float(state[GAMMA])
    return (1.0 - gamma) * float(state[LOG_WEIGHTS + K + arm]) / total + gamma / count


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """With chance gamma any line, else one in proportion to its weight.

    Weights are kept as logarithms, which grow by at most 1 a send: nothing overflows, however long the campaign.
    Source: Auer, Cesa-Bianchi, Freund and Schapire (2002), The nonstochastic multiarmed bandit problem, figure 1.
    """
    weights = LOG_WEIGHTS + K
    total = weigh(state, LOG_WEIGHTS, weights, K, eligible, 1.0)
    if unit(mix(key)) < state[GAMMA]:
        arm = random_arm(eligible, K, key + NEXT)
    else:
        arm = draw_by_weight(state, weights, K, total, mix(key + NEXT))
    if t < int(state[SENDS]):
        state[LOG_WEIGHTS + 2 * K + t] = chance_of(state, K, eligible, arm, total)
    return arm


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Add gamma / K times reward / chance to the logarithm of the line's weight.

    The chance is that of the moment of choosing, remembered for each send: a conversion may come long after. A line
    that something else chose, such as a guardrail, counts with the chance that it would have now.
    """
    if reward == 0.0:
        return
    chance = state[LOG_WEIGHTS + 2 * K + sent] if sent < int(state[SENDS]) else 0.0
    if chance == 0.0:
        total = weigh(state, LOG_WEIGHTS, LOG_WEIGHTS + K, K, all_may(K), 1.0)
        chance = chance_of(state, K, all_may(K), arm, total)
    state[LOG_WEIGHTS + arm] += state[GAMMA] / K * reward / chance


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return gamma shared by all lines that may be sent, and the rest in proportion to their weights."""
    gamma = float(state[GAMMA])
    by_weight = by_score(state[LOG_WEIGHTS : LOG_WEIGHTS + K], eligible)
    return gamma * even(K, eligible) + (1.0 - gamma) * by_weight


SPEC = PolicySpec(
    name="exp3",
    title="Exp3",
    plain=(
        "Built for the worst case: it stays safe even if rates change in the most awkward way, "
        "and so learns more slowly than the others."
    ),
    source=(
        "Auer, Cesa-Bianchi, Freund & Schapire (2002), The Nonstochastic Multiarmed Bandit Problem, "
        "SIAM Journal on Computing 32, figure 1."
    ),
    formula="P(a) = (1 − γ) w_a / Σ_b w_b + γ / K; w_a ← w_a e^{γ x / (K P(a))}",
    in_words=(
        "A line’s weight w grows with each conversion x, and the more the less likely it was to be sent; γ keeps some"
        " sends random."
    ),
    when=(
        "Use it where you trust no assumption about rates at all; in an ordinary campaign that safety costs many "
        "conversions."
    ),
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=36, per_arm=9),
    front=lambda K: LOG_WEIGHTS + 2 * K,
    insight=own_scores(LOG_WEIGHTS),
)
