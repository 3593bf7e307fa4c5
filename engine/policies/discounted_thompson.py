"""Discounted Thompson sampling: older sends count ever less, for rates that change.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "discounted_thompson", "gamma": 0.998}],
...     "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[206.0, 4794.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.discounting import BEFORE_ALL, UNIT, move_to, weight_of
from engine.insight import beta_draws
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.posterior import ROWS as POSTERIOR_ROWS
from engine.posterior import draw_best, set_posterior, shapes_of
from engine.propensities import largest_beta_draw

ALPHA = 3  # header slot
BETA = 4  # header slot
OUTDATED = 5  # header slot: whether answers came since the posteriors were worked out
POSTERIOR = HEADER

HITS = POSTERIOR_ROWS  # then rows of K: discounted conversions and misses, in the unit of `engine.discounting`
MISSES = POSTERIOR_ROWS + 1
ROWS = POSTERIOR_ROWS + 2


class Parameters(PolicyParameters):
    """How fast sends are forgotten, and what is believed when nothing is left."""

    name: Literal["discounted_thompson"]
    gamma: float = Field(
        0.9995,
        ge=0.5,
        le=1,
        title="Discount γ",
        description=(
            "With each send, earlier ones count γ times as much: 0.9995 remembers about 2,000 sends, 1 remembers all."
        ),
        json_schema_extra={"step": 0.0001, "symbol": "γ"},
    )
    alpha: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior conversions α", description="As for Thompson sampling; never forgotten.",
        json_schema_extra={"step": 1, "symbol": "α"},
    )  # fmt: skip
    beta: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior misses β", description="As for Thompson sampling; never forgotten.",
        json_schema_extra={"step": 1, "symbol": "β"},
    )  # fmt: skip


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line has the prior."""
    header = (parameters.gamma, 1, BEFORE_ALL, parameters.alpha, parameters.beta)
    state = blank_state(*header, rows=ROWS, arms=situation.arms)
    for arm in range(situation.arms):
        set_posterior(state, POSTERIOR, situation.arms, arm, parameters.alpha, parameters.beta)
    return state


@native(on_disk=True)
def work_out_posteriors(state: State, K: int) -> None:
    """Write Beta(hits + alpha, misses + beta) of every line, hits and misses discounted as of the newest send.

    Nothing is done when they are up to date.
    """
    if state[OUTDATED] == 0.0:
        return
    scale = 1.0 / state[UNIT]
    for arm in range(K):
        hits = max(0.0, state[POSTERIOR + HITS * K + arm] * scale)
        misses = max(0.0, state[POSTERIOR + MISSES * K + arm] * scale)  # a late conversion may round to below none
        set_posterior(state, POSTERIOR, K, arm, hits + state[ALPHA], misses + state[BETA])
    state[OUTDATED] = 0.0


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a rate for each line from its discounted posterior and send the line with the highest draw.

    Source: Raj and Kalyani (2017), Taming non-stationary bandits: a Bayesian approach, discounted Thompson sampling.
    """
    work_out_posteriors(state, K)
    return draw_best(state, POSTERIOR, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Count the conversion or the miss with the weight that its send has by now."""
    scale = move_to(state, sent)
    if scale != 1.0:
        for slot in range(POSTERIOR + HITS * K, POSTERIOR + ROWS * K):
            state[slot] *= scale
    weight = weight_of(state, sent)
    state[POSTERIOR + HITS * K + arm] += reward * weight
    state[POSTERIOR + MISSES * K + arm] += (trials - reward) * weight
    state[OUTDATED] = 1.0


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the highest draw."""
    scratch = state.copy()
    work_out_posteriors(scratch, K)
    return largest_beta_draw(*shapes_of(scratch, POSTERIOR, K), eligible)


SPEC = PolicySpec(
    name="discounted_thompson",
    title="Discounted Thompson",
    plain=(
        "Thompson sampling in which older sends count ever less, so it follows when rates change, "
        "at the price of always exploring."
    ),
    source="Raj & Kalyani (2017), Taming Non-stationary Bandits: A Bayesian Approach; arXiv:1707.09727.",
    formula="θ_b ~ Beta(α + S_b, β + F_b), a = argmax_b θ_b; S_b ← γ S_b + x_b, F_b ← γ F_b + 1 − x_b",
    in_words=(
        "Conversions S and misses F fade by the factor γ with each send, so doubt about lines that are not sent comes"
        " back."
    ),
    when="Use it where rates drift slowly; γ sets the memory, about 1 / (1 − γ) sends.",
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=22, per_arm=35),
    rests=True,
    insight=beta_draws(lambda _state, _K, _segment: POSTERIOR),
)
