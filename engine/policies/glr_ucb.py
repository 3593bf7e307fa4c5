"""GLR-klUCB: KL-UCB that tests each line for a change of its rate, and then starts that line anew.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "glr_ucb"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[155.0, 4845.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.arithmetic import log
from engine.bounds import BOUNDS, KNOWN, learn_rate, untry
from engine.choosing import best_of_row, random_arm
from engine.detectors import GLR_EVERY, GROUPS_ALIKE, glr_alarm, glr_learn, glr_restart, glr_slots
from engine.insight import bounds
from engine.kl_bounds import REACHES, set_highest, unsettle, untried_kl_state
from engine.kl_bounds import ROWS as KL_ROWS
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State
from engine.propensities import best_of, even
from engine.restarts import ASKED, NONE, counts, is_complete, note, start_anew
from engine.rng import GAMMA, mix, unit

EXPLORATION = 0  # header slot: alpha
DELTA = 1  # header slot
TEST_SLOTS = 2  # header slot: how many slots the test of one line takes
START = HEADER  # rows of `engine.kl_bounds`, then the two here, then each line's test

SINCE = KL_ROWS  # the first send that counts for the line
CLOCKS = KL_ROWS + 1  # how many sends were known when the line was last started
ROWS = KL_ROWS + 2


class Parameters(PolicyParameters):
    """How much is explored, and what counts as a change."""

    name: Literal["glr_ucb"]
    alpha: float = Field(
        0.05,
        ge=0,
        le=1,
        title="Exploration share α",
        description=(
            "This share of sends goes to a random line, to notice when a line that is seldom sent becomes better. "
            "The published rule for K lines and T sends with C changes is √(K C ln T / T), of which its authors' own "
            "program takes a tenth: 0.007 for five lines and one change in 10,000 sends."
        ),
        json_schema_extra={"step": 0.01, "symbol": "α"},
    )
    delta: float = Field(
        0.005,
        gt=0,
        le=0.5,
        title="False alarms δ",
        description=(
            "About how often a line that never changes is started anew. The published rule for K lines and T sends "
            "with C changes is 1 / √(K C T): 0.004 for five lines and one change in 10,000 sends."
        ),
        json_schema_extra={"step": 0.001, "symbol": "δ"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which no line has a send."""
    K, slots = situation.arms, glr_slots(situation.sends)
    header = (parameters.alpha, parameters.delta, slots, NONE)
    return untried_kl_state(*header, start=START, arms=K, extra=(ROWS - KL_ROWS) * K + slots * K)


@native
def slots_of(state: State, K: int, arm: int) -> int:
    """Return where the slots of a line's test start."""
    return START + ROWS * K + arm * int(state[TEST_SLOTS])


@native
def look(state: State, K: int) -> None:
    """Start the line anew whose answers came last, if it has changed."""
    arm = int(state[ASKED])
    if arm >= 0 and glr_alarm(state, slots_of(state, K, arm), GLR_EVERY, GROUPS_ALIKE, state[DELTA]):
        untry(state, START, K, arm)
        unsettle(state, START, K, arm)
        glr_restart(state, slots_of(state, K, arm))
        state[START + CLOCKS * K + arm] = state[KNOWN]
        start_anew(state, START + SINCE * K, arm)
    state[ASKED] = NONE


@native
def set_reaches(state: State, K: int) -> None:
    """Write ln t for each line, t being the send that comes after those known since the line's last start."""
    clock, level = -1.0, 0.0
    for arm in range(K):
        if state[START + CLOCKS * K + arm] != clock:
            clock = float(state[START + CLOCKS * K + arm])
            level = log(state[KNOWN] - clock + 1.0)
        state[START + REACHES * K + arm] = level


@native(on_disk=True)
def write_bounds(state: State, K: int, eligible: np.uint64) -> None:
    """Write bounds of which the highest of eligible lines are right, after a look at what came last."""
    look(state, K)
    set_reaches(state, K)
    set_highest(state, START, K, eligible)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """With chance alpha any line; else a line without a send, else the highest q with n KL(rate, q) <= ln t.

    The rate, n and t count from the line's last start; ties at random. Only the line that has changed is started anew,
    the "local" variant. The turns of forced exploration are drawn, not in a fixed order, so that no line is favoured.
    Source: Besson and Kaufmann (2019), The generalized likelihood ratio test meets klUCB, algorithm 1.
    """
    write_bounds(state, K, eligible)
    if unit(mix(key)) < state[EXPLORATION]:
        return random_arm(eligible, K, key + GAMMA)
    return best_of_row(state, START + BOUNDS * K, K, eligible, key + GAMMA)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the rate and the test of the line; a conversion from before its last start is ignored."""
    if is_complete(state, arm, trials):
        look(state, K)
    if not counts(state, START + SINCE * K, arm, sent):
        return
    learn_rate(state, START, K, arm, trials, reward)
    unsettle(state, START, K, arm)
    glr_learn(state, slots_of(state, K, arm), sent, trials, reward)
    note(state, arm, sent)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return alpha shared by all lines that may be sent, and the rest shared by those with the highest bound."""
    scratch = state.copy()
    write_bounds(scratch, K, np.uint64(eligible))
    alpha = float(state[EXPLORATION])
    return alpha * even(K, eligible) + (1.0 - alpha) * best_of(scratch[START + BOUNDS * K :][:K], eligible)


SPEC = PolicySpec(
    name="glr_ucb",
    title="GLR-klUCB",
    plain=(
        "Tests all the time whether a line's rate has changed, and learns the line anew when it has; "
        "between changes it is as quick as KL-UCB."
    ),
    source=(
        "Besson & Kaufmann (2019), The Generalized Likelihood Ratio Test Meets klUCB; arXiv:1902.01575; "
        "Besson, Kaufmann, Maillard & Seznec (2022), JMLR 23."
    ),
    formula="start b anew when max_s [s KL(r_{1:s}, r_{1:n}) + (n − s) KL(r_{s+1:n}, r_{1:n})] ≥ ln(3 n^{3/2} / δ)",
    in_words=(
        "A line is learnt anew when some split of its n answers into before and after fits so much better than one "
        "rate r that chance δ is ruled out."
    ),
    when="Use it where rates jump now and then and hold in between; a slow drift gives it nothing to find.",
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=150, per_arm=14),
    insight=bounds(START, BOUNDS),
)
