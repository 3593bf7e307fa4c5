"""Thompson sampling for amounts: believes in means and measures their noise, instead of taking every reward for a coin.

Where rewards are orders of some value, less the cost of complaints, a Beta posterior takes them for as uncertain as a
coin that shows them on average, which is far more than they are, and explores for far too long.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1, "order_value": 40.0}, {"name": "B", "rate": 0.2, "order_value": 30.0}],
...     "policies": [{"name": "normal_thompson"}], "money": {}, "goal": "revenue", "sends": 5000, "replications": 100,
...     "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round(-2).tolist()  # mean sends of A and of B
[300.0, 4700.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.choosing import best_of_row
from engine.insight import normal_draws
from engine.native import native
from engine.policy import (
    HEADER,
    Chances,
    Cost,
    HistoryWeight,
    Insight,
    PolicyParameters,
    PolicySpec,
    Situation,
    State,
    blank_state,
)
from engine.propensities import largest_normal_draw
from engine.rng import GAMMA, NORMAL_ROOM, normal

SHRINKAGE, BASE = 0, 1
"""Header slots: the sends for which a line is taken to be as noisy as all lines together; the reward of a send that
nothing comes of, from which rewards are counted, so that one that comes late adds to nothing."""
ROWS = 4
SENDS, SUM, SQUARES, SCORE = range(ROWS)
"""Rows of K: sends, sum of their rewards, sum of the squares of these, and room for a score."""

WIDEST = 0.25
"""No reward between 0 and 1 has a larger variance; it counts as much as one send."""
UNKNOWN = 0.5
"""Mean before the first send, the same for all lines."""


class Parameters(PolicyParameters):
    """How long lines are taken to be alike in their noise."""

    name: Literal["normal_thompson"]
    shrinkage: float = Field(
        100.0,
        ge=1,
        le=1e6,
        title="Shared noise n",
        description="For so many sends, a line's rewards are taken to scatter as widely as those of all lines together.",
        json_schema_extra={"unit": "sends", "step": 50, "symbol": "n"},
    )
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which nothing is known of any line but what the earlier campaign tells."""
    state = blank_state(rows=ROWS, arms=situation.arms)
    state[[SHRINKAGE, BASE]] = parameters.shrinkage, situation.base
    earlier = situation.remembered(parameters.history)
    for row, counts in ((SENDS, earlier.sends), (SUM, earlier.rewards), (SQUARES, earlier.squares)):
        state[HEADER + row * situation.arms :][: situation.arms] = counts
    return state


@native
def at(K: int, row: int, arm: int) -> int:
    """Return the slot of a line's number."""
    return HEADER + row * K + arm


@native
def scatter(state: State, K: int, arm: int) -> float:
    """Return the sum of the squared deviations of a line's rewards from their mean."""
    sends, total = state[at(K, SENDS, arm)], state[at(K, SUM, arm)]
    return float(max(state[at(K, SQUARES, arm)] - total * total / max(sends, 1.0), 0.0))


@native
def over_all(state: State, K: int) -> tuple[float, float]:
    """Return the mean reward of all lines together, and the variance within them."""
    sends, total, squares = 0.0, 0.0, 0.0
    for arm in range(K):
        sends += state[at(K, SENDS, arm)]
        total += state[at(K, SUM, arm)]
        squares += scatter(state, K, arm)
    mean = total / sends if sends > 0.0 else UNKNOWN
    return mean, (WIDEST + squares) / (1.0 + sends)


@native
def believed(state: State, K: int, arm: int, mean: float, variance: float) -> tuple[float, float]:
    """Return the mean of a line's posterior and its standard deviation; `mean` and `variance` are those of all lines."""
    sends, shrinkage = state[at(K, SENDS, arm)], state[SHRINKAGE]
    own = (shrinkage * variance + scatter(state, K, arm)) / (shrinkage + sends)
    return (state[at(K, SUM, arm)] + mean) / (sends + 1.0), np.sqrt(own / (sends + 1.0))


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a believable mean for each line from its normal posterior and send the line with the highest draw.

    The variance of a single reward is the observed one, of the line's own rewards and, while these are few, of all
    lines'; every line starts as if it had been sent once, with the mean of all.

    Source: Honda and Takemura (2014), Optimality of Thompson sampling for Gaussian bandits depends on priors, AISTATS,
    for normal rewards of unknown variance; with the estimated variance in place of Student's t.
    """
    mean, variance = over_all(state, K)
    for arm in range(K):
        centre, deviation = believed(state, K, arm, mean, variance)
        z, _ = normal(key + np.uint64(arm) * NORMAL_ROOM)
        state[at(K, SCORE, arm)] = centre + deviation * z
    return best_of_row(state, at(K, SCORE, 0), K, eligible, key - GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Count the send and what came of it."""
    gained = reward - trials * state[BASE]
    state[at(K, SENDS, arm)] += trials
    state[at(K, SUM, arm)] += gained
    state[at(K, SQUARES, arm)] += gained * gained


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the highest draw."""
    return largest_normal_draw(*_believed_of_all(state, K), eligible)


def insight(before: State, after: State, K: int, _segment: int) -> Insight:
    """Return what was believed of each line, and the mean that was drawn for it."""
    return normal_draws(*_believed_of_all(before, K), after[HEADER + SCORE * K : HEADER + (SCORE + 1) * K].copy())


def _believed_of_all(state: State, K: int) -> tuple[Chances, Chances]:
    """Return the mean and the standard deviation of every line's posterior, (K,) each."""
    sends, total, squares = state[HEADER : HEADER + SCORE * K].reshape(SCORE, K)
    scattered = np.maximum(squares - total**2 / np.maximum(sends, 1.0), 0.0)
    mean = total.sum() / sends.sum() if sends.sum() > 0.0 else UNKNOWN
    variance = (WIDEST + scattered.sum()) / (1.0 + sends.sum())
    own = (state[SHRINKAGE] * variance + scattered) / (state[SHRINKAGE] + sends)
    return (total + mean) / (sends + 1.0), np.sqrt(own / (sends + 1.0))


SPEC = PolicySpec(
    name="normal_thompson",
    title="Thompson for amounts",
    plain=(
        "Draws a believable mean for each line, with the noise that its orders really have, and sends the best draw: "
        "Thompson sampling for revenue and net value."
    ),
    source="Honda & Takemura (2014), Optimality of Thompson Sampling for Gaussian Bandits Depends on Priors, AISTATS.",
    formula="m_b ~ N(mean_b, σ_b^2 / (n_b + 1)), a = argmax_b m_b",
    in_words=(
        "From the mean order and its noise σ over n sends each line gets a range of believable means, and one mean m "
        "is drawn from each."
    ),
    when="Use it where the goal is revenue or net value, which a few large orders can move.",
    shown_in="orders_or_money",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=12, per_arm=18),
    rests=True,
    insight=insight,
)
