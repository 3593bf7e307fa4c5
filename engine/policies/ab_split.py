"""A/B split: every line gets the same number of sends.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "ab_split"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[2500.0, 2500.0]
"""

from typing import Literal

import numpy as np

from engine.choosing import deal_evenly
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.propensities import even

LEFT = 0  # header slot: how many lines of this block are still to be sent
POOL = HEADER  # row of K: the lines of this block that are still to be sent, in the first LEFT slots


class Parameters(PolicyParameters):
    """No settings."""

    name: Literal["ab_split"]


def prepare(_parameters: Parameters, situation: Situation) -> State:
    """Return a state with an empty pool: the first send fills it."""
    return blank_state(rows=1, arms=situation.arms)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw from the lines not yet sent in this block of K sends; a line that may not be sent now misses the block."""
    return deal_evenly(state, LEFT, POOL, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Learn nothing."""


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return the same chance for each line that may be sent.

    This is the chance over all deals: the block is dealt without replacement, so that whoever knew the lines already sent
    in it would know more about the next one.
    """
    return even(K, eligible)


SPEC = PolicySpec(
    name="ab_split",
    title="A/B split",
    plain="Every line gets the same number of sends, in random order. It teaches evenly and never reacts.",
    source="The baseline of every mailing tool; Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments.",
    formula="P(a) = 1 / K",
    in_words="With K lines, each of them is sent with the same chance, one in K, whatever has been seen.",
    when=(
        "Use it where a clean measurement is worth more than the conversions that testing costs, as before a decision"
        " that stands for long."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=14, per_arm=0),
)
