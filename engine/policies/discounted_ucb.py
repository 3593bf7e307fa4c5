"""Discounted UCB: UCB in which older sends count ever less, for rates that change.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "discounted_ucb"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[521.0, 4479.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import log
from engine.bounds import (
    BOUNDS,
    CONVERSIONS,
    INVERSE_ROOTS,
    KNOWN,
    SENDS,
    learn_rate,
    set_bounds,
    untried_state,
    untry,
)
from engine.choosing import best_of_row
from engine.discounting import BEFORE_ALL, UNIT, move_to, weight_of
from engine.insight import bounds
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of

CAUTION = 3  # header slot: xi
START = HEADER  # rows of `engine.bounds`, whose sums are in the unit of `engine.discounting`
LEAST = 1e-200
"""Sums below this are as good as none, and near where numbers lose their digits."""


class Parameters(PolicyParameters):
    """How fast sends are forgotten, and how cautious the bounds are."""

    name: Literal["discounted_ucb"]
    gamma: float = Field(
        0.9995,
        ge=0.5,
        le=1,
        title="Discount γ",
        description=(
            "With each send, earlier ones count γ times as much: 0.9995 remembers about 2,000 sends, 1 remembers all. "
            "The published rule for T sends with C changes is 1 − √(C / T) / 4: 0.9975 for one change in 10,000 sends."
        ),
        json_schema_extra={"step": 0.0001, "symbol": "γ"},
    )
    xi: float = Field(
        0.5,
        ge=0,
        le=10,
        title="Exploration ξ",
        description=(
            "More explores more. The published guarantee needs more than ½, its experiments use ½; "
            "low rates do better with less."
        ),
        json_schema_extra={"step": 0.1, "symbol": "ξ"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send."""
    return untried_state(parameters.gamma, 1, BEFORE_ALL, parameters.xi, start=START, arms=situation.arms)


@native
def rescale(state: State, K: int, scale: float) -> None:
    """Multiply all sums; a line whose sends weigh nothing any more is untried again."""
    state[KNOWN] *= scale
    for arm in range(K):
        sends = state[START + SENDS * K + arm] * scale
        state[START + SENDS * K + arm] = sends
        state[START + CONVERSIONS * K + arm] *= scale
        if sends < LEAST:
            untry(state, START, K, arm)
        else:
            state[START + INVERSE_ROOTS * K + arm] = 1.0 / np.sqrt(sends)


@native(on_disk=True)
def write_bounds(state: State, K: int) -> None:
    """Write each line's upper confidence bound into its row."""
    total = state[KNOWN] / state[UNIT]
    root = 2.0 * np.sqrt(state[CAUTION] * log(total) * state[UNIT]) if total > 1.0 else 0.0
    set_bounds(state, START, K, root)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send each line once, then the largest of rate + 2 sqrt(xi ln N / n), ties at random.

    Sends and conversions are discounted sums; n are those of the line, N those of all lines.
    Source: Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, section 2,
    with rewards of at most B = 1.
    """
    write_bounds(state, K)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Add the answer with the weight that its send has by now."""
    scale = move_to(state, sent)
    if scale != 1.0:
        rescale(state, K, scale)
    weight = weight_of(state, sent)
    learn_rate(state, START, K, arm, trials * weight, reward * weight)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the chances of the lines with the highest bound: ties share evenly."""
    scratch = state.copy()
    write_bounds(scratch, K)
    return best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="discounted_ucb",
    title="Discounted UCB",
    plain=(
        "Judges every line by the best rate it could plausibly have, and lets older sends count ever less, "
        "so it follows when rates change."
    ),
    source=(
        "Garivier & Moulines (2011), On Upper-Confidence Bound Policies for Switching Bandit Problems, ALT, "
        "D-UCB; arXiv:0805.3415; Kocsis & Szepesvári (2006)."
    ),
    formula="a = argmax_b (rate_b + 2 √(ξ ln N / N_b)), N_b = Σ_s γ^{t − s} [b was sent at s]",
    in_words=(
        "Each send weighs γ times as much as the one after it, so old answers fade, and a line that fades gets its "
        "bonus back."
    ),
    when=(
        "Use it where rates drift slowly and without warning; its bonus is generous, so it needs many sends to pay off."
    ),
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=50, per_arm=2),
    insight=bounds(START, BOUNDS),
)
