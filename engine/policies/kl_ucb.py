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
from engine.bounds import BOUNDS, KNOWN, learn_rate, recall_rates
from engine.choosing import best_of_row
from engine.insight import bounds
from engine.kl_bounds import REACHES, set_highest, unsettle, untried_kl_state
from engine.native import native
from engine.policy import HEADER, Chances, Cost, HistoryWeight, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of

CAUTION = 0  # header slot: c
START = HEADER  # rows of `engine.kl_bounds`


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
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send but those of the earlier campaign."""
    state = untried_kl_state(parameters.c, start=START, arms=situation.arms)
    recall_rates(state, START, situation.remembered(parameters.history))
    return state


@native
def level_now(state: State) -> float:
    """Return log t + c log log t, at least 0, for the send t that comes after those known."""
    if state[KNOWN] < 1.0:
        return 0.0
    log_t = log(state[KNOWN] + 1.0)
    return max(0.0, log_t + state[CAUTION] * log(log_t)) if state[CAUTION] > 0.0 else log_t


@native(on_disk=True)
def write_bounds(state: State, K: int, eligible: np.uint64) -> None:
    """Write bounds such that the highest of lines that may be sent are right and equal where they are the same."""
    level = level_now(state)
    for arm in range(K):
        state[START + REACHES * K + arm] = level
    set_highest(state, START, K, eligible)


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
    unsettle(state, START, K, arm)


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
    formula="a = argmax_b max {q : n_b KL(rate_b, q) ≤ ln t + c ln ln t}",
    in_words=(
        "Each line is judged by the highest rate q that its n sends do not yet rule out, with the distance KL made "
        "for yes or no."
    ),
    when=(
        "Use it where you want the benefit of the doubt without chance and with little waste; "
        "on long lists of steady rates it is proven to miss no more than any policy must."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=126, per_arm=14),
    insight=bounds(START, BOUNDS),
)
