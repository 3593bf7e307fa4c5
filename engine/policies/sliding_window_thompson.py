"""Thompson sampling that only believes the last sends, for rates that change.

>>> import engine
>>> scenario = engine.Scenario.from_dict({
...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}],
...     "policies": [{"name": "sliding_window_thompson", "window": 500}],
...     "sends": 5000, "replications": 100, "seed": 1})
>>> engine.simulate(scenario).curves.sends[0, -1].round().tolist()  # mean sends of A and of B
[208.0, 4792.0]
"""

from typing import Literal

import numpy as np
from pydantic import Field

from engine.insight import beta_draws
from engine.native import native
from engine.policy import HEADER, Chances, Cost, PolicyParameters, PolicySpec, Situation, State, blank_state
from engine.posterior import ROWS, add_to_posterior, draw_best, set_posterior, shapes_of
from engine.propensities import largest_beta_draw
from engine.window import NEXT, SLOTS, is_remembered, put_in, reward_in, take_out

POSTERIOR = HEADER


class Parameters(PolicyParameters):
    """How much is remembered, and what is believed when nothing is."""

    name: Literal["sliding_window_thompson"]
    window: int = Field(
        2000,
        ge=1,
        le=1_000_000,
        title="Window",
        description="Only this many of the last sends are remembered; older ones are forgotten.",
        json_schema_extra={"unit": "sends", "step": 100},
    )
    alpha: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior conversions α", description="As for Thompson sampling.",
        json_schema_extra={"step": 1, "symbol": "α"},
    )  # fmt: skip
    beta: float = Field(
        1.0, ge=0.01, le=1e6, title="Prior misses β", description="As for Thompson sampling.",
        json_schema_extra={"step": 1, "symbol": "β"},
    )  # fmt: skip


def prepare(parameters: Parameters, situation: Situation) -> State:
    """Return a state with the prior and an empty window."""
    window = min(parameters.window, situation.sends)
    state = blank_state(window, 0, rows=ROWS, arms=situation.arms, extra=SLOTS * window)
    for arm in range(situation.arms):
        set_posterior(state, POSTERIOR, situation.arms, arm, parameters.alpha, parameters.beta)
    return state


@native
def forget_until(state: State, K: int, newest: int) -> None:
    """Move the window on so that its newest send is `newest`.

    Sends that fall out of it are taken from the posteriors.
    """
    ring = POSTERIOR + ROWS * K
    for send in range(int(state[NEXT]), newest + 1):
        reward = reward_in(state, ring, send)
        arm = take_out(state, ring, send)
        if arm >= 0:
            add_to_posterior(state, POSTERIOR, K, arm, -1.0, -reward)
    state[NEXT] = max(int(state[NEXT]), newest + 1)


@native(on_disk=True)
def choose(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw from each line's posterior of the sends t - window to t - 1 and send the line with the highest draw.

    Source: Trovo, Paladino, Restelli and Gatti (2020), Sliding-window Thompson sampling for non-stationary settings,
    Journal of Artificial Intelligence Research 68; window as in Garivier and Moulines (2011).
    """
    return draw_best(state, POSTERIOR, K, eligible, key)


@native(on_disk=True)
def update(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Enter the send into the window, or add its late conversion if the window still holds it."""
    if trials > 0.0:
        forget_until(state, K, sent)
    if is_remembered(state, sent):
        put_in(state, POSTERIOR + ROWS * K, sent, arm, trials, reward)
        add_to_posterior(state, POSTERIOR, K, arm, trials, reward)


def choice_probabilities(state: State, K: int, t: int, segment: int, eligible: int) -> Chances:
    """Return each line's chance to have the highest draw."""
    return largest_beta_draw(*shapes_of(state, POSTERIOR, K), eligible)


SPEC = PolicySpec(
    name="sliding_window_thompson",
    title="Sliding-window Thompson",
    plain=(
        "Thompson sampling that only looks at the last sends, so it follows when rates change, "
        "at the price of always exploring."
    ),
    source=(
        "Trovò et al. (2020), Sliding-Window Thompson Sampling for Non-Stationary Settings, JAIR 68; "
        "Garivier & Moulines (2011)."
    ),
    formula="θ_b ~ Beta(α + s_b, β + f_b) over the last w sends, a = argmax_b θ_b",
    in_words="As Thompson sampling, with the conversions s and misses f of the last w sends alone.",
    when=(
        "Use it where the best line changes within the campaign; where rates are steady it gives some conversions "
        "away for that safety."
    ),
    shown_in="changing_season",
    parameters=Parameters,
    prepare=prepare,
    choose=choose,
    update=update,
    choice_probabilities=choice_probabilities,
    cost=Cost(base=24, per_arm=32),
    front=lambda K: POSTERIOR + ROWS * K,
    rests=True,
    insight=beta_draws(lambda _state, _K, _segment: POSTERIOR),
)
