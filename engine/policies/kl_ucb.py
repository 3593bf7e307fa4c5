"""KL-UCB: UCB with bounds made for yes-or-no answers, as tight as can be.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "kl_ucb"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[53.0, 4947.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import log
from engine.bounds import BOUNDS, KNOWN, SENDS, learn_rate, untried_state
from engine.bounds import ROWS as BOUND_ROWS
from engine.choosing import best_of_row, may_send
from engine.divergence import highest_within
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of

CAUTION = 0  # header slot: c
START = HEADER  # rows of `engine.bounds`; BOUNDS holds bounds of settled lines, and what the others cannot exceed

WIDTHS = BOUND_ROWS  # then rows of K: bound minus rate when the line was settled, a guess after it has learnt more
SLOPES = BOUND_ROWS + 1  # how fast that bound grew with the level; it grows ever more slowly
LEVELS = BOUND_ROWS + 2  # the level at which the line was settled, or UNSETTLED
ROWS = BOUND_ROWS + 3

UNSETTLED = -1.0
SAME = 1e-11
"""Bounds this close are equal; they are computed ten times as exactly."""


class Parameters(PolicyParameters):
    """How cautious the bounds are."""

    name: Literal["kl_ucb"]
    c: float = Field(
        0.0,
        ge=0,
        le=10,
        title="Extra caution c",
        description="More explores more. The published guarantee needs 3; its authors advise 0 in practice.",
        json_schema_extra={"step": 1, "symbol": "c"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send."""
    state = untried_state(parameters.c, start=START, arms=situation.arms, more_rows=ROWS - BOUND_ROWS)
    state[START + LEVELS * situation.arms :] = UNSETTLED
    return state


@native
def level_now(state: State) -> float:
    """Return log t + c log log t, at least 0, for the send t that comes after those known."""
    if state[KNOWN] < 1.0:
        return 0.0
    log_t = log(state[KNOWN] + 1.0)
    return max(0.0, log_t + state[CAUTION] * log(log_t)) if state[CAUTION] > 0.0 else log_t


@native
def set_ceilings(state: State, K: int, level: float) -> None:
    """Write what no bound can exceed at this level: a bound is concave in the level, so its tangent lies above."""
    for arm in range(K):
        then = state[START + LEVELS * K + arm]
        ceiling = state[START + arm] + state[START + WIDTHS * K + arm]
        if then == UNSETTLED:
            ceiling = np.inf
        elif then < level:
            ceiling += state[START + SLOPES * K + arm] * (level - then)
        state[START + BOUNDS * K + arm] = ceiling


@native
def highest_open(state: State, K: int, eligible: np.uint64, level: float) -> int:
    """Return the eligible line with the highest ceiling among those not settled at this level, or -1."""
    found = -1
    for arm in range(K):
        is_open = state[START + LEVELS * K + arm] != level
        higher = found < 0 or state[START + BOUNDS * K + arm] > state[START + BOUNDS * K + found]
        if is_open and higher and may_send(eligible, arm):
            found = arm
    return found


@native
def settle(state: State, K: int, arm: int, level: float) -> float:
    """Work out a line's bound at this level; return it."""
    n, rate = float(state[START + SENDS * K + arm]), float(state[START + arm])
    bound, slope = rate, 0.0
    if n > 0.0 and rate < 1.0:
        is_new = state[START + LEVELS * K + arm] == UNSETTLED
        guess = rate + state[START + WIDTHS * K + arm] if is_new else state[START + BOUNDS * K + arm]
        bound = highest_within(rate, level / n, guess)
        slope = bound * (1.0 - bound) / (n * (bound - rate)) if bound > rate else np.inf
    state[START + WIDTHS * K + arm] = bound - rate if n > 0.0 else 0.0
    state[START + SLOPES * K + arm] = slope
    state[START + LEVELS * K + arm] = level
    state[START + BOUNDS * K + arm] = bound
    return bound


@native
def highest_bound(state: State, K: int, eligible: np.uint64, level: float) -> float:
    """Settle every eligible line that may have the highest bound at this level; return that bound."""
    set_ceilings(state, K, level)
    best = -np.inf
    for arm in range(K):
        if state[START + LEVELS * K + arm] == level and may_send(eligible, arm):
            best = max(best, state[START + BOUNDS * K + arm])
    for _ in range(K):
        arm = highest_open(state, K, eligible, level)
        if arm < 0 or state[START + BOUNDS * K + arm] < best - SAME:
            break
        best = max(best, settle(state, K, arm, level))
    return best


@native(on_disk=True)
def write_bounds(state: State, K: int, eligible: np.uint64) -> None:
    """Write bounds such that the highest of lines that may be sent are right and equal where they are the same."""
    best = highest_bound(state, K, eligible, level_now(state))
    bounds = START + BOUNDS * K
    for arm in range(K):
        if state[bounds + arm] >= best - SAME:
            state[bounds + arm] = best


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send each line once, then the highest rate q with n KL(rate, q) <= log t + c log log t, ties at random.

    Only lines that may be the highest are worked out anew; the result is as if all were. t counts from the sends whose
    answers are known, n those of the line. Source: Garivier and Cappe (2011), The KL-UCB algorithm for bounded
    stochastic bandits and beyond, algorithm 1.
    """
    write_bounds(state, K, eligible)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rate of the line, whose bound is then to be worked out anew."""
    learn_rate(state, START, K, arm, trials, reward)
    state[START + LEVELS * K + arm] = UNSETTLED


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the chances of the lines with the highest bound: ties share evenly."""
    scratch = state.copy()
    write_bounds(scratch, K, np.uint64(eligible))
    return best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="kl_ucb",
    title="KL-UCB",
    plain=(
        "Like UCB1, but its benefit of the doubt is made for yes-or-no answers, "
        "so low rates are told apart with far fewer sends."
    ),
    source=(
        "Garivier & Cappé (2011), The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond, COLT, "
        "algorithm 1; arXiv:1102.2490."
    ),
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=126, per_arm=14),
)
