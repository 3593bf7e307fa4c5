"""Linear Thompson sampling: draws a believable rate for each line and this recipient, and sends the best draw.

>>> import engine
>>> two = [{"name": "Young", "share": 0.5, "multipliers": [2, 1]}, {"name": "Old", "share": 0.5, "multipliers": [1, 2]}]
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.1}], "segments": {"audience": two},
...     "policies": [{"name": "lin_thompson"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).sends_within[0].round(-1).tolist()  # mean sends of A and B to either audience
[[2450.0, 60.0], [70.0, 2420.0]]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.choosing import best_of_row
from engine.insight import linear
from engine.linear import ContextParameters, estimate, estimates, learn, linear_state, scores_at
from engine.native import native
from engine.policy import Chances, Cost, PolicySpec, Situation, State
from engine.propensities import largest_normal_draw
from engine.rng import GAMMA, NORMAL_ROOM, normal


class Parameters(ContextParameters):
    """How widely it draws, and what it knows of recipients."""

    name: Literal["lin_thompson"]
    spread: float = Field(
        0.25,
        ge=0.001,
        le=10,
        title="Spread v",
        description=(
            "Standard deviation of one response, by which the draws' is multiplied: about the root of r (1 - r) for "
            "rates r; more explores longer."
        ),
        json_schema_extra={"step": 0.05, "symbol": "v"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which nothing is known of any line."""
    return linear_state(parameters, situation, parameters.spread)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send the line with the largest draw of N(x' A^-1 b, v^2 x' A^-1 x): the law of x' m for m ~ N(A^-1 b, v^2 A^-1).

    Source: Agrawal and Goyal (2013), Thompson sampling for contextual bandits with linear payoffs, ICML, algorithm 1,
    with a model for each line.
    """
    scores = scores_at(state)
    for arm in range(K):
        mean, deviation = estimate(state, segment, arm)
        z, _ = normal(key + np.uint64(arm) * NORMAL_ROOM)
        state[scores + arm] = mean + state[0] * deviation * z
    return best_of_row(state, scores, K, eligible, key - GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Take the send into the line's model."""
    learn(state, segment, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the largest draw."""
    mean, deviation = estimates(state, K, segment)
    return largest_normal_draw(mean, state[0] * deviation, eligible)


SPEC = PolicySpec(
    name="lin_thompson",
    title="Linear Thompson sampling",
    plain=(
        "Draws a believable rate for each line from what is known of the recipient's audience, device and time of day, "
        "and sends the best draw."
    ),
    source="Agrawal & Goyal (2013), Thompson Sampling for Contextual Bandits with Linear Payoffs, ICML.",
    formula="θ_b ~ N(x^T A_b^{−1} b_b, v^2 x^T A_b^{−1} x), a = argmax_b θ_b",
    in_words=(
        "The recipient’s features x give each line an estimate and a margin of doubt, and one believable rate θ is "
        "drawn within it."
    ),
    when=("Use it where there are many small groups that share what moves them; v is the spread with which it draws."),
    shown_in="different_audiences",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=60, per_arm=30),
    rests=True,
    insight=linear("draw"),
)
