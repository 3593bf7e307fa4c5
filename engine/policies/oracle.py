"""Oracle: always the truly best line, which nobody can know; the ceiling for all others.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "oracle"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[0.0, 5000.0]
"""

from typing import Literal

import numpy as np

from engine.native import native
from engine.policy import BEST_NOW, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.propensities import certain


class Parameters(PolicyParameters):
    """No settings."""

    name: Literal["oracle"]


def prepare(_parameters: Parameters, _situation: Situation) -> State:
    """Return a bare header."""
    return blank_state()


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send the truly best line that may be sent."""
    return int(state[BEST_NOW])


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Learn nothing: there is nothing left to learn."""


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return certainty for the truly best line that may be sent."""
    return certain(K, int(state[BEST_NOW]))


SPEC = PolicySpec(
    name="oracle",
    title="Oracle",
    plain="Always sends the truly best line. Nobody can know it beforehand: this is the ceiling, drawn for reference.",
    source="The benchmark in the definition of regret; Lattimore & Szepesvári (2020), Bandit Algorithms, section 4.5.",
    formula="a = argmax_b θ_b, with the true rates θ",
    in_words="The line whose true rate θ is highest at this send is sent, every time.",
    when=(
        "Use it as the ceiling in a chart: what is between a policy and the oracle is regret, and no policy can know "
        "the true rates."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=8, per_arm=0),
    is_reference=True,
)
