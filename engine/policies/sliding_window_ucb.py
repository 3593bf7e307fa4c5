"""Sliding-window UCB: UCB that only believes the last sends, for rates that change.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "sliding_window_ucb", "window": 500}],
...     "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[412.0, 4588.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.bounds import BOUNDS, ROWS, forget_rate, learn_rate, log_known, set_bounds, untried_state
from engine.choosing import best_of_row
from engine.insight import bounds
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of
from engine.window import NEXT, SLOTS, is_remembered, put_in, reward_in, take_out

CAUTION = 2  # header slot: xi
START = HEADER  # rows of `engine.bounds`, of the sends in the window; then the window


class Parameters(PolicyParameters):
    """How much is remembered, and how cautious the bounds are."""

    name: Literal["sliding_window_ucb"]
    window: int = Field(
        2000,
        ge=1,
        le=1_000_000,
        title="Window",
        description=(
            "Only this many of the last sends are remembered. The published rule for T sends with C changes is "
            "2 √(T ln T / C): about 600 for one change in 10,000 sends."
        ),
        json_schema_extra={"unit": "sends", "step": 100},
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
    """Return a state in which no line has a send, and an empty window."""
    window = min(parameters.window, situation.sends)
    return untried_state(window, 0, parameters.xi, start=START, arms=situation.arms, extra=SLOTS * window)


@native
def forget_until(state: State, K: int, newest: int) -> None:
    """Move the window on so that its newest send is `newest`.

    Sends that fall out of it are taken from the observed rates.
    """
    ring = START + ROWS * K
    for send in range(int(state[NEXT]), newest + 1):
        reward = reward_in(state, ring, send)
        arm = take_out(state, ring, send)
        if arm >= 0:
            forget_rate(state, START, K, arm, 1.0, reward)
    state[NEXT] = max(int(state[NEXT]), newest + 1)


@native(on_disk=True)
def write_bounds(state: State, K: int) -> None:
    """Write each line's upper confidence bound into its row."""
    set_bounds(state, START, K, np.sqrt(state[CAUTION] * log_known(state)))


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send a line without a send in the window, else the largest of rate + sqrt(xi ln min(t, window) / n).

    The rate and n are of the sends in the window, t counts the sends whose answers are known; ties at random.
    Source: Garivier and Moulines (2011), On upper-confidence bound policies for switching bandit problems, section 2,
    with rewards of at most B = 1.
    """
    write_bounds(state, K)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Enter the send into the window, or add its late conversion if the window still holds it."""
    if trials > 0.0:
        forget_until(state, K, sent)
    if is_remembered(state, sent):
        put_in(state, START + ROWS * K, sent, arm, trials, reward)
        learn_rate(state, START, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the chances of the lines with the highest bound: ties share evenly."""
    scratch = state.copy()
    write_bounds(scratch, K)
    return best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="sliding_window_ucb",
    title="Sliding-window UCB",
    plain=(
        "Judges every line by the best rate that its last sends still allow, so it follows when rates change, "
        "at the price of always exploring."
    ),
    source=(
        "Garivier & Moulines (2011), On Upper-Confidence Bound Policies for Switching Bandit Problems, ALT, "
        "SW-UCB; arXiv:0805.3415."
    ),
    formula="a = argmax_b (rate_b + √(ξ ln min(t, w) / n_b)) over the last w sends",
    in_words="As UCB1, but rates and sends n count only the last w sends, and ξ says how generous the bonus is.",
    when=(
        "Use it where rates move and choices must be explained without chance; a window much shorter than the changes"
        " forgets too much."
    ),
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=50, per_arm=2),
    front=lambda K: START + ROWS * K,
    insight=bounds(START, BOUNDS),
)
