"""CUSUM-UCB: UCB that watches each line for a change of its rate, and then starts that line anew.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "cusum_ucb"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[166.0, 4834.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.bounds import BOUNDS, KNOWN, SENDS, learn_rate, log_known, set_bounds, untried_state, untry
from engine.bounds import ROWS as BOUND_ROWS
from engine.choosing import best_of_row, random_arm
from engine.detectors import CUSUM_ROWS, cusum_alarm, cusum_learn, cusum_restart
from engine.insight import bounds
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of, even
from engine.restarts import ASKED, NONE, counts, is_complete, note, start_anew
from engine.rng import GAMMA, mix, unit

EXPLORATION = 0  # header slot: alpha
CAUTION = 1  # header slot: xi
BASE = 2  # header slot: M
DRIFT = 6  # header slot: epsilon
START = HEADER  # rows of `engine.bounds`, then those of the CUSUM, the start of each line, and one slot: h

CUSUM = BOUND_ROWS
SINCE = CUSUM + CUSUM_ROWS
ROWS = SINCE + 1


class Parameters(PolicyParameters):
    """How much is explored, and what counts as a change."""

    name: Literal["cusum_ucb"]
    alpha: float = Field(
        0.05,
        ge=0,
        le=1,
        title="Exploration share α",
        description=(
            "This share of sends goes to a random line, to notice when a line that is seldom sent becomes better. "
            "The published rule for T sends with C changes is, but for constants, √(C / T · ln(T / C)): "
            "0.03 for one change in 10,000 sends."
        ),
        json_schema_extra={"step": 0.01, "symbol": "α"},
    )
    base: int = Field(
        100,
        ge=1,
        le=100_000,
        title="Sends for the usual rate M",
        description="The first sends of a line after each start, from which its usual rate is known.",
        json_schema_extra={"unit": "sends", "step": 10, "symbol": "M"},
    )
    drift: float = Field(
        0.05,
        ge=0,
        le=1,
        title="Change to pass over ε",
        description="As a rate. A line that moves by less than this is taken as unchanged.",
        json_schema_extra={"step": 0.01, "symbol": "ε"},
    )
    threshold: float = Field(
        20.0,
        gt=0,
        le=1e6,
        title="Alarm threshold h",
        description=(
            "Higher notices changes later and has fewer false alarms. "
            "The published rule for T sends with C changes is, but for constants, ln(T / C): 9 for one change in 10,000 sends."
        ),
        json_schema_extra={"step": 1, "symbol": "h"},
    )
    xi: float = Field(
        0.5,
        ge=0,
        le=10,
        title="Exploration ξ",
        description="How wide the bounds are: more explores more. UCB1 has 2.",
        json_schema_extra={"step": 0.1, "symbol": "ξ"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send."""
    header = (parameters.alpha, parameters.xi, parameters.base, NONE, 0, 0, parameters.drift)
    more = ROWS - BOUND_ROWS
    state = untried_state(*header, start=START, arms=situation.arms, more_rows=more, extra=1)
    state[-1] = parameters.threshold
    return state


@native
def look(state: State, K: int) -> None:
    """Start the line anew whose answers came last, if it has changed."""
    arm = int(state[ASKED])
    if arm >= 0 and cusum_alarm(state, START + CUSUM * K + arm, K, state[START + ROWS * K]):
        state[KNOWN] -= state[START + SENDS * K + arm]
        untry(state, START, K, arm)
        cusum_restart(state, START + CUSUM * K + arm, K)
        start_anew(state, START + SINCE * K, arm)
    state[ASKED] = NONE


@native(on_disk=True)
def write_bounds(state: State, K: int) -> None:
    """Write each line's upper confidence bound into its row, after a look at what came last."""
    look(state, K)
    set_bounds(state, START, K, np.sqrt(state[CAUTION] * log_known(state)))


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """With chance alpha any line; else one without a send, else the largest of rate + sqrt(xi ln N / n), ties at random.

    The rate and n are of the line's sends since its last start, N is the sum of the n of all lines. Source: Liu, Lee
    and Shroff (2018), A change-detection based framework for piecewise-stationary multi-armed bandit problem,
    algorithms 1 and 2.
    """
    write_bounds(state, K)
    if unit(mix(key)) < state[EXPLORATION]:
        return random_arm(eligible, K, key + GAMMA)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key + GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the rate and the two sums of the line; a conversion from before its last start is ignored."""
    if is_complete(state, arm, trials):
        look(state, K)
    if not counts(state, START + SINCE * K, arm, sent):
        return
    base, drift = int(state[BASE]), state[DRIFT]
    learn_rate(state, START, K, arm, trials, reward)
    cusum_learn(state, START + CUSUM * K + arm, K, sent, trials, reward, base, drift)
    note(state, arm, sent)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return alpha shared by all lines that may be sent, and the rest shared by those with the highest bound."""
    scratch = state.copy()
    write_bounds(scratch, K)
    alpha = float(state[EXPLORATION])
    return alpha * even(K, eligible) + (1.0 - alpha) * best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="cusum_ucb",
    title="CUSUM-UCB",
    plain="Watches every line for a sudden change, and learns a line anew once its answers have clearly changed.",
    source=(
        "Liu, Lee & Shroff (2018), A Change-Detection Based Framework for Piecewise-Stationary Multi-Armed Bandit "
        "Problem, AAAI; arXiv:1711.03539."
    ),
    formula="start b anew when g^+ or g^− ≥ h; g^± ← max(0, g^± ± (x − r_M) − ε)",
    in_words=(
        "Two sums g add up how far answers lie above or below the line’s first M, less a tolerance ε, and an alarm "
        "rings at h."
    ),
    when=(
        "Use it where rates jump by much and you can say how much; a tolerance that suits high rates is blind at low "
        "ones."
    ),
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=45, per_arm=2),
    insight=bounds(START, BOUNDS),
)
