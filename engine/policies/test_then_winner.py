"""Test, then winner: an even test on part of the list, then every other send to the line that won it.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "test_then_winner", "test_share": 0.2}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[500.0, 4500.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.choosing import deal_evenly, may_send
from engine.insight import seen_rates
from engine.means import LEADER, ROWS, best_mean, learn_mean
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.propensities import best_of, certain, even, may_be_sent
from engine.rng import GAMMA

# Header slots.
TEST_SENDS = 0  # how many sends the test has
LEFT = 1  # how many lines of this block of the even split are still to be sent
KNOWN_UNTIL = 2  # sends before this one are known
WINNER = 3  # the line that won, or -1 while that is open

MEANS = HEADER  # rows of K: observed rates (0 before the first send), sends, conversions


class Parameters(PolicyParameters):
    """How long the test is."""

    name: Literal["test_then_winner"]
    test_share: float = Field(
        0.2,
        ge=0.01,
        le=1,
        title="Test share",
        description="Share of the list that is split evenly; then the line that converted best gets all the rest.",
        json_schema_extra={"step": 0.05},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state before the test: no winner, every line's observed rate is 0."""
    test_sends = np.floor(parameters.test_share * situation.sends + 0.5)
    state = blank_state(test_sends, rows=ROWS + 1, arms=situation.arms)
    state[LEADER] = -1  # all are level
    state[WINNER] = -1
    return state


@native(on_disk=True)
def is_testing(state: State, t: int) -> bool:
    """Tell whether send t is part of the test, or has to wait for its answers."""
    return bool(t < state[TEST_SENDS] or state[KNOWN_UNTIL] < state[TEST_SENDS])


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Split evenly until the answers of the test are in, then send the line that won it, for good.

    The winner has the best observed rate when the test ends; of equals one is drawn once. Answers that come in
    batches end the test at the first batch that reaches it, as waiting for them does in a mailing tool.
    Source: Lattimore and Szepesvari (2020), Bandit Algorithms, chapter 6, explore-then-commit.
    """
    if is_testing(state, t):
        return deal_evenly(state, LEFT, MEANS + ROWS * K, K, eligible, key)
    winner = int(state[WINNER])
    if winner >= 0 and may_send(eligible, winner):
        return winner
    best = best_mean(state, MEANS, K, eligible, key + GAMMA)
    if winner < 0:
        state[WINNER] = best
    return best


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep the observed rates of the test; what comes after the winner is known changes nothing."""
    if state[WINNER] < 0.0:
        learn_mean(state, MEANS, K, arm, trials, reward)
        state[KNOWN_UNTIL] = max(state[KNOWN_UNTIL], sent + 1.0)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return an even split over all deals of the test, then certainty for the winner.

    At the send that settles the winner, equals share evenly: one of them is drawn, and then it is certain. While the
    winner may not be sent, equals of the best observed rate are drawn anew for each send.
    """
    if is_testing(state, t):
        return even(K, eligible)
    winner = int(state[WINNER])
    if winner >= 0 and may_be_sent(K, eligible)[winner]:
        return certain(K, winner)
    return best_of(state[MEANS : MEANS + K], eligible)


SPEC = PolicySpec(
    name="test_then_winner",
    title="Test, then winner",
    plain=(
        "What most mailing tools do: part of the list is split evenly, "
        "then the line that won this test goes to everybody else."
    ),
    source="Lattimore & Szepesvári (2020), Bandit Algorithms, chapter 6: explore-then-commit.",
    formula="P(a) = 1 / K while t ≤ s T, then a = argmax_b rate_b",
    in_words=(
        "The first s of the T sends are split evenly, and then the line with the highest seen rate gets all the others."
    ),
    when=(
        "Use it where a mailing tool offers nothing else; a short test may crown the wrong line, and nothing corrects"
        " it later."
    ),
    shown_in="wrong_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=14, per_arm=1),
    insight=seen_rates(MEANS),
)
