"""LinUCB: estimates each line's rate from what is known of the recipient, and gives the uncertain a bonus.

>>> import engine
>>> two = [{"name": "Young", "share": 0.5, "multipliers": [2, 1]}, {"name": "Old", "share": 0.5, "multipliers": [1, 2]}]
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.1}], "segments": {"audience": two},
...     "policies": [{"name": "lin_ucb"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).sends_within[0].round(-1).tolist()  # mean sends of A and B to either audience
[[2440.0, 60.0], [70.0, 2430.0]]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.choosing import best_of_row
from engine.insight import linear
from engine.linear import ContextParameters, estimate, learn, linear_state, scores_at
from engine.native import native
from engine.policy import Chances, Cost, PolicySpec, Situation, State
from engine.propensities import best_of


class Parameters(ContextParameters):
    """How much uncertainty is worth, and what it knows of recipients."""

    name: Literal["lin_ucb"]
    exploration: float = Field(
        0.5,
        ge=0,
        le=10,
        title="Exploration α",
        description="How many standard deviations an uncertain estimate is given on top.",
        json_schema_extra={"step": 0.1, "symbol": "α"},
    )


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which nothing is known of any line."""
    return linear_state(parameters, situation, parameters.exploration)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send the line with the largest x' A^-1 b + α sqrt(x' A^-1 x), ties at random.

    Source: Li, Chu, Langford and Schapire (2010), WWW, algorithm 1.
    """
    write_scores(state, K, segment)
    return best_of_row(state, scores_at(state), K, eligible, key)


@native(on_disk=True)
def write_scores(state: State, K: int, segment: int) -> None:
    """Work out every line's score for a segment."""
    scores = scores_at(state)
    for arm in range(K):
        mean, deviation = estimate(state, segment, arm)
        state[scores + arm] = mean + state[0] * deviation


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Take the send into the line's model."""
    learn(state, segment, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the chances of the lines with the largest score: ties share evenly."""
    scratch = state.copy()
    write_scores(scratch, K, segment)
    return best_of(scratch[scores_at.function(scratch) :][:K], eligible)


SPEC = PolicySpec(
    name="lin_ucb",
    title="LinUCB",
    plain=(
        "Estimates each line's rate from the recipient's audience, device and time of day, "
        "and sends the line that could be the best for this recipient."
    ),
    source="Li, Chu, Langford & Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW.",
    formula="a = argmax_b (x^T A_b^{−1} b_b + α √(x^T A_b^{−1} x))",
    in_words=(
        "The recipient’s features x give each line an estimate and a margin of doubt, and α says how much the margin "
        "counts."
    ),
    when=(
        "Use it where audiences, devices or hours differ in which line they like, and choices must be explained "
        "without chance."
    ),
    shown_in="different_audiences",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=60, per_arm=20),
    insight=linear("bound"),
)
