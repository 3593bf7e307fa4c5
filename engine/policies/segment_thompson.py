"""Segment Thompson: a Thompson sampling of its own for every segment, which shares nothing with the others.

>>> import engine
>>> two = [{"name": "Young", "share": 0.5, "multipliers": [2, 1]}, {"name": "Old", "share": 0.5, "multipliers": [1, 2]}]
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.1}], "segments": {"audience": two},
...     "policies": [{"name": "segment_thompson"}], "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).sends_within[0].round(-1).tolist()  # mean sends of A and B to either audience
[[2410.0, 100.0], [90.0, 2400.0]]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.insight import beta_draws
from engine.linear import ContextParameters
from engine.native import native
from engine.policy import HEADER, Chances, Cost, HistoryWeight, PolicySpec, Situation, State, blank_state
from engine.posterior import ROWS, add_to_posterior, draw_best, set_prior, shapes_of
from engine.propensities import largest_beta_draw
from engine.segments import Segmentation

SEGMENTS = 0
"""Header slot: how many segments recipients have; a table after the header tells which of them it tells apart."""


class Parameters(ContextParameters):
    """What is believed of every line in every segment before the first send, and what it knows of recipients."""

    name: Literal["segment_thompson"]
    alpha: float = Field(
        1.0,
        ge=0.01,
        le=1e6,
        title="Prior conversions α",
        description="Conversions that each line is credited with beforehand in every segment.",
        json_schema_extra={"step": 1, "symbol": "α"},
    )
    beta: float = Field(
        1.0,
        ge=0.01,
        le=1e6,
        title="Prior misses β",
        description="Sends without a conversion that each line is charged with beforehand in every segment.",
        json_schema_extra={"step": 1, "symbol": "β"},
    )

    history: HistoryWeight = 0.0

    def features(self, segmentation: Segmentation) -> tuple[str, ...]:
        """Return the segments that it tells apart."""
        known = tuple(name for name in self.dimensions if name in segmentation.dimensions)
        return tuple(dict.fromkeys(segmentation.named(known)))


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state in which every line has the prior in every segment that it tells apart.

    An earlier campaign tells nothing of segments: its counts are split by the segments' shares.
    """
    told_apart, K = situation.segments.merged(parameters.dimensions), situation.arms
    segments, table = int(told_apart.max()) + 1, len(told_apart)
    state = blank_state(float(table), extra=table + segments * ROWS * K)
    state[HEADER : HEADER + table] = HEADER + table + told_apart * ROWS * K
    shares = np.bincount(told_apart, situation.segments.shares)
    for segment in range(segments):
        earlier = situation.remembered(parameters.history * shares[segment])
        set_prior(state, HEADER + table + segment * ROWS * K, parameters.alpha, parameters.beta, earlier)
    return state


@native
def posterior_at(state: State, segment: int) -> int:
    """Return where the posteriors of a segment start."""
    return int(state[HEADER + segment])


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a believable rate for each line from its posterior in this segment, and send the best draw.

    Source: Thompson (1933), Biometrika 25, once for each segment.
    """
    return draw_best(state, posterior_at(state, segment), K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Count the conversion or the miss in the recipient's segment."""
    add_to_posterior(state, posterior_at(state, segment), K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the highest draw."""
    return largest_beta_draw(*shapes_of(state, posterior_at.function(state, segment), K), eligible)


SPEC = PolicySpec(
    name="segment_thompson",
    title="Thompson by segment",
    plain="Keeps a Thompson sampling of its own for every segment: it learns each audience anew, and mixes up none.",
    source=(
        "Thompson (1933), Biometrika 25, once a segment; "
        "Lattimore & Szepesvári (2020), Bandit Algorithms, section 18.1: one bandit per context."
    ),
    formula="θ_{b,g} ~ Beta(α + s_{b,g}, β + f_{b,g}), a = argmax_b θ_{b,g}",
    in_words="As Thompson sampling, with the conversions s and misses f of the recipient’s own segment g alone.",
    when=("Use it where few, large audiences like different lines; with many small ones each learns too slowly."),
    shown_in="different_audiences",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=12, per_arm=30),
    rests=True,
    insight=beta_draws(lambda state, _K, segment: posterior_at.function(state, segment)),
)
