"""Thompson sampling: sends each line as often as it is likely to be the best.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "thompson"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[45.0, 4955.0]
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
from engine.posterior import ROWS, add_to_posterior, draw_best, set_prior, shapes_of
from engine.propensities import largest_beta_draw

POSTERIOR = HEADER


class Parameters(PolicyParameters):
    """What is believed of every line before the first send."""

    name: Literal["thompson"]
    alpha: float = Field(
        1.0,
        ge=0.01,
        le=1e6,
        title="Prior conversions α",
        description="Conversions that each line is credited with beforehand; 1 and 1 believe every rate equally.",
        json_schema_extra={"step": 1, "symbol": "α"},
    )
    beta: float = Field(
        1.0,
        ge=0.01,
        le=1e6,
        title="Prior misses β",
        description="Sends without a conversion that each line is charged with beforehand.",
        json_schema_extra={"step": 1, "symbol": "β"},
    )
    history: HistoryWeight = 0.0


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line has the prior, updated by the earlier campaign."""
    state = blank_state(rows=ROWS, arms=situation.arms)
    set_prior(state, POSTERIOR, parameters.alpha, parameters.beta, situation.remembered(parameters.history))
    return state


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a believable rate for each line from its Beta posterior and send the line with the highest draw.

    Sources: Thompson (1933), On the likelihood that one unknown probability exceeds another, Biometrika 25;
    Russo, Van Roy, Kazerouni, Osband and Wen (2018), A tutorial on Thompson sampling.
    """
    return draw_best(state, POSTERIOR, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Count the conversion or the miss."""
    add_to_posterior(state, POSTERIOR, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the highest draw."""
    return largest_beta_draw(*shapes_of(state, POSTERIOR, K), eligible)


SPEC = PolicySpec(
    name="thompson",
    title="Thompson sampling",
    plain=(
        "Draws a believable rate for each line and sends the best draw, "
        "so a line is sent as often as it may be the best."
    ),
    source=(
        "Thompson (1933), Biometrika 25; "
        "Russo et al. (2018), A Tutorial on Thompson Sampling, Foundations and Trends in ML 11."
    ),
    formula="θ_b ~ Beta(α + s_b, β + f_b), a = argmax_b θ_b",
    in_words=(
        "From s conversions and f misses each line gets a range of believable rates, one rate θ is drawn from each, "
        "and the highest wins."
    ),
    when=(
        "Use it first: it needs no tuning, explores in proportion to its doubt, and bears batches and late answers "
        "well."
    ),
    shown_in="classic",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=10, per_arm=30),
    rests=True,
    insight=beta_draws(lambda _state, _K, _segment: POSTERIOR),
)
