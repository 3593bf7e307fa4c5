"""Gradient bandit: a preference for each line, raised by answers above average and lowered by those below.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "gradient", "alpha": 0.1}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[159.0, 4841.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.chances import draw_by_weight, weigh
from engine.insight import own_scores
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.propensities import by_score
from engine.rng import mix

# Header slots.
ALPHA = 0
KNOWN = 1  # sends whose answers are known
WON = 2  # conversions among them
FIRST = 3  # the number of the first send that was known, from 1; 0 before it

PREFERENCES = HEADER  # row of K; after it a row of chances: those of the latest choice


class Parameters(PolicyParameters):
    """How far one answer moves a preference."""

    name: Literal["gradient"]
    alpha: float = Field(
        0.1,
        ge=0.001,
        le=10,
        title="Step size α",
        description="How far one answer moves the preferences. Small: slow and steady. Large: fast and easily misled.",
        json_schema_extra={"step": 0.1, "symbol": "α"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which all lines are preferred alike."""
    state = blank_state(parameters.alpha, rows=2, arms=situation.arms)
    state[PREFERENCES + situation.arms :] = 1.0 / situation.arms
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a line with a chance in proportion to exp(preference).

    Source: Sutton and Barto (2018), Reinforcement Learning, 2nd edition, section 2.8.
    """
    chances = PREFERENCES + K
    total = weigh(state, PREFERENCES, chances, K, eligible, 1.0)
    for arm in range(K):
        state[chances + arm] /= total
    return draw_by_weight(state, chances, K, 1.0, mix(key))


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Raise the line's preference by alpha (reward - average)(1 - chance); each other falls by its own chance's share.

    The average is that of the answers before; there is none for the very first, which therefore moves nothing.
    The chances are those of the latest choice: the same for all sends that were decided together, and for a
    conversion that comes late those of the day it comes.
    """
    if state[FIRST] == 0.0:
        state[FIRST] = sent + 1
    if state[FIRST] != sent + 1:
        average = state[WON] / state[KNOWN]
        step = state[ALPHA] * (reward - average * trials)
        for other in range(K):
            state[PREFERENCES + other] += step * (np.float64(other == arm) - state[PREFERENCES + K + other])
    state[KNOWN] += trials
    state[WON] += reward


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return chances in proportion to exp(preference)."""
    return by_score(state[PREFERENCES : PREFERENCES + K], eligible)


SPEC = PolicySpec(
    name="gradient",
    title="Gradient bandit",
    plain=(
        "Gives every line a score that rises when it does better than the average and falls when it does worse, "
        "and sends by score."
    ),
    source="Sutton & Barto (2018), Reinforcement Learning: An Introduction, 2nd edition, section 2.8.",
    formula="P(a) = e^{H_a} / Σ_b e^{H_b}; H_a ← H_a + α (x − x̄) ([a was sent] − P(a))",
    in_words=(
        "A score H rises for the line that was sent when the answer x beats the average x̄ so far, and falls when it "
        "does not."
    ),
    when=(
        "Use it to see how far scores go without any estimate of a rate; "
        "its step α has no meaning in conversions, so it has to be tried out."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=36, per_arm=9),
    insight=own_scores(PREFERENCES),
)
