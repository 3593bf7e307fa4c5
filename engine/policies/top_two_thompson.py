"""Top-two Thompson sampling: spends about half of the sends on the leader's strongest rival, to be sure of the winner.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.2}, {"name": "C", "rate": 0.3}],
...     "policies": [{"name": "top_two_thompson", "leader_share": 0.5}],
...     "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A, B and C
[96.0, 2405.0, 2499.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.insight import beta_draws
from engine.native import native
from engine.policy import (
    HEADER,
    Chances,
    Cost,
    HistoryWeight,
    PolicyParameters,
    PolicySpec,
    Situation,
    State,
    blank_state,
)
from engine.posterior import ROWS, add_to_posterior, best_drawn_but, draw_best, set_prior, shapes_of
from engine.propensities import even, may_be_sent, two_largest_beta_draws
from engine.rng import GAMMA, mix, unit

LEADER_SHARE = 0  # header slot
POSTERIOR = HEADER

MOST_REDRAWS = 2
"""Redraws until another line than the leader is best; late in a campaign that could take thousands."""


class Parameters(PolicyParameters):
    """How much goes to the leader, and what is believed of every line before the first send."""

    name: Literal["top_two_thompson"]
    leader_share: float = Field(
        0.5,
        ge=0,
        le=1,
        title="Leader's share β",
        description="Share of sends that go to the line that looks best; the others go to its strongest rival.",
        json_schema_extra={"step": 0.1, "symbol": "β"},
    )
    alpha: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior conversions α", description="As for Thompson sampling.",
        json_schema_extra={"step": 1, "symbol": "α"},
    )  # fmt: skip
    beta: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior misses β", description="As for Thompson sampling.",
        json_schema_extra={"step": 1, "symbol": "β"},
    )  # fmt: skip
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line has the prior, updated by the earlier campaign."""
    state = blank_state(parameters.leader_share, rows=ROWS, arms=situation.arms)
    set_prior(state, POSTERIOR, parameters.alpha, parameters.beta, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a rate for each line; send the best with the leader's share as chance, else redraw until another is best.

    When the redraws run out, the second best of the last one is sent. Every redraw has a stream of its own.
    Source: Russo (2016), Simple Bayesian algorithms for best arm identification, section 4.
    """
    leader = draw_best(state, POSTERIOR, K, eligible, key)
    alone = eligible == np.uint64(1) << np.uint64(leader)
    if alone or unit(mix(key - GAMMA - GAMMA)) < state[LEADER_SHARE]:
        return leader
    own = key
    for _ in range(MOST_REDRAWS):
        own = mix(own)
        rival = draw_best(state, POSTERIOR, K, eligible, own)
        if rival != leader:
            return rival
    return best_drawn_but(state, POSTERIOR, K, eligible, leader, mix(own))


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Count the conversion or the miss."""
    add_to_posterior(state, POSTERIOR, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to be the leader and kept, or to be its rival.

    A rival is the best of the first redraw that the leader does not win, or else the second best of the last one.
    """
    if may_be_sent(K, eligible).sum() == 1:
        return even(K, eligible)
    pairs = two_largest_beta_draws(*shapes_of(state, POSTERIOR, K), eligible)
    first = pairs.sum(axis=1)
    again = sum(first**redraw for redraw in range(MOST_REDRAWS))
    redrawn = first * ((first * again).sum() - first * again)
    second = (first**MOST_REDRAWS) @ pairs
    share = float(state[LEADER_SHARE])
    chances: Chances = share * first + (1.0 - share) * (redrawn + second)
    return chances


SPEC = PolicySpec(
    name="top_two_thompson",
    title="Top-two Thompson",
    plain=(
        "For finding the best line rather than for earning: "
        "it keeps testing the leader against its strongest rival until one is clearly better."
    ),
    source="Russo (2016), Simple Bayesian Algorithms for Best Arm Identification, COLT; arXiv:1602.08448.",
    formula="P(leader) = β, P(rival) = 1 − β; the rival is the first other line to win a new draw",
    in_words=(
        "With chance β the best draw is sent, else rates are drawn again until another line is on top, and that one "
        "is sent."
    ),
    when=(
        "Use it where the aim is to name the best line for later campaigns; it keeps paying for the comparison while "
        "others already earn."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=150, per_arm=30),
    rests=True,
    insight=beta_draws(lambda _state, _K, _segment: POSTERIOR),
)
