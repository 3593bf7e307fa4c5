"""Stop rule: the test ends when one line is almost surely the best, or when too little is left to gain.

What is known before a decision gives every active line a Beta posterior; the chance to be best and the value
remaining come from draws of these posteriors, as in the paper. With a chance of 95% or more, no value remains to look
for: the second criterion then ends the test before the first.

The end holds for the lines that were there: when a line joins, or the winner leaves or is paused, the test goes on and
may end anew.

Source: Scott (2010), A modern Bayesian look at the multi-armed bandit, Applied Stochastic Models 26.
"""

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from engine.choosing import how_many, may_send
from engine.guardrail import (
    SETTLED,
    WINNER,
    Block,
    GuardrailParameters,
    GuardrailSpec,
    keep_mask,
    kept_mask,
    sends_before_wrap_up,
)
from engine.native import native
from engine.rng import beta

if TYPE_CHECKING:
    from engine.scenario import Scenario

DRAWS = 1000
"""Draws of all posteriors at one look: a chance of 95% is known to 0.7 percentage points."""
QUANTILE = 0.95
"""The value remaining is this quantile of what the best line has over the leader."""
CLOSE = 0.7
"""A line's lead over another, in standard deviations of their difference, with which no draws can make it the winner.

Of all pairs of posteriors, two exponential ones (no conversions yet) have the least chance of the opposite: 21%.
"""

MOST_LOST, MOST_SHORT, ENOUGH, FEWEST_SENDS, EVERY, NEXT_LOOK, ENDS, LINES = range(1, 9)
"""Slots: in how many draws the leader may not be the best; in how many it may be short of the best by more than is
worth looking for, either -1 when not asked; by what the leader's rate is multiplied for that; sends without which no
line wins; sends between looks; the next look; the sends after which nothing is looked at; the lines (two slots) for
which the test has ended."""

_NOT_ASKED = -1.0
_ONE = np.uint64(1)


class Parameters(GuardrailParameters):
    """When the test ends."""

    name: Literal["stop_rule"]
    by: Literal["either", "chance", "value_remaining"] = Field(
        "either",
        title="Ends by",
        description="What ends the test: the leader's chance to be best, or how little is left to gain, or either.",
    )
    chance: float = Field(
        0.95,
        ge=0.9,
        le=0.99,
        title="Chance to be best",
        description="The test ends when one line is the best with at least this chance.",
        json_schema_extra={"step": 0.01},
    )
    value_remaining: float = Field(
        0.01,
        gt=0,
        le=0.5,
        title="Value remaining",
        description="It ends when, with 95% confidence, no line beats the leader by more than this share of its rate.",
        json_schema_extra={"step": 0.005},
    )
    after_sends: int = Field(
        1000,
        ge=1,
        le=1_000_000,
        title="Not before",
        description="Sends of the campaign before the first look; no line wins with less than its even part of them.",
        json_schema_extra={"unit": "sends", "step": 500},
    )
    looks: int = Field(
        25,
        ge=1,
        le=100,
        title="Looks",
        description="So often in a campaign, evenly spread, it is asked whether the test can end.",
        json_schema_extra={"unit": "a campaign"},
    )


def prepare(parameters: Parameters, scenario: "Scenario") -> tuple[float, ...]:
    """Return what MOST_LOST and the slots after it hold; the test has ended for no lines yet."""
    most_lost = math.floor((1.0 - parameters.chance) * DRAWS + 1e-9)
    most_short = math.floor((1.0 - QUANTILE) * DRAWS + 1e-9)
    return (
        _NOT_ASKED if parameters.by == "value_remaining" else float(most_lost),
        _NOT_ASKED if parameters.by == "chance" else float(most_short),
        1.0 + parameters.value_remaining,
        float(parameters.after_sends // len(scenario.arms)),
        float(-(-scenario.sends // parameters.looks)),
        float(parameters.after_sends),
        float(sends_before_wrap_up(scenario)),
        *(0.0, 0.0),
    )


def problem(parameters: Parameters, scenario: "Scenario") -> str | None:
    """Refuse a minimum time after which nothing is decided any more: the rule would never look."""
    every, ends = scenario.sends_between_decisions, sends_before_wrap_up(scenario)
    first_look = -(-parameters.after_sends // every) * every
    if first_look < ends:
        return None
    most = (ends - 1) // every * every
    remedy = f"Enter {most:,} or fewer" if most >= 1 else "Remove the stop rule"
    when = f"the campaign has {ends:,}" if ends == scenario.sends else f"the wrap-up A/B starts after {ends:,}"
    more = "send more" if ends == scenario.sends else "shorten the wrap-up"
    return (
        f"after_sends: got {parameters.after_sends:,}; it looks when a decision is due, every {every:,} sends "
        f"(update_every), so first after {first_look:,}, and {when}. {remedy}, or {more}."
    )


@native
def allows(
    rails: Block, start: int, K: int, t: int, sent: np.ndarray, active: np.uint64, allowed: np.uint64
) -> np.uint64:
    """Leave the winner alone, once there is one; where it may not be sent, nothing is left, and all others stay."""
    if rails[start + SETTLED] == 0.0:
        return allowed
    return np.uint64(allowed & (_ONE << np.uint64(rails[start + WINNER])))


@native
def settles(
    rails: Block, start: int, K: int, t: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64, key: np.uint64
) -> None:
    """End the test, or open it again; look only when a look is due."""
    if rails[start + SETTLED] > 0.0:
        if still_ended(rails, start, active):
            return
        rails[start + SETTLED] = rails[start + WINNER] = 0.0
    if t < rails[start + NEXT_LOOK] or t >= rails[start + ENDS] or how_many(active, K) == 1:
        return
    rails[start + NEXT_LOOK] += rails[start + EVERY] * (1.0 + (t - rails[start + NEXT_LOOK]) // rails[start + EVERY])
    winner = winner_of(rails, start, K, trials, rewards, active, key)
    if winner >= 0 and trials[winner] >= rails[start + FEWEST_SENDS]:
        rails[start + SETTLED] = t + 1.0
        rails[start + WINNER] = winner
        keep_mask(rails, start + LINES, active)


@native
def still_ended(rails: Block, start: int, active: np.uint64) -> bool:
    """Tell whether the winner is still there, and no line has joined."""
    has_winner = may_send(active, int(rails[start + WINNER]))
    return bool(has_winner and (active & ~kept_mask(rails, start + LINES)) == np.uint64(0))


@native
def winner_of(
    rails: Block, start: int, K: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64, key: np.uint64
) -> int:
    """Return the line for which the test may end, or -1.

    The leader is the line that is the best in most draws. As soon as too many draws speak against every line, the
    others need not be made.
    """
    if nobody_leads(rails, start, K, trials, rewards, active):
        return -1
    rates, lost, short = np.empty(K), np.zeros(K), np.zeros(K)
    for _ in range(DRAWS):
        key = draw_rates(rates, K, trials, rewards, active, key)
        fewest_lost, fewest_short = count(rates, lost, short, K, active, rails[start + ENOUGH])
        if fewest_lost > rails[start + MOST_LOST] and fewest_short > rails[start + MOST_SHORT]:
            return -1
    leader: int = leader_of(lost, K, active)
    wins = lost[leader] <= rails[start + MOST_LOST] or short[leader] <= rails[start + MOST_SHORT]
    return leader if wins else -1


@native
def nobody_leads(rails: Block, start: int, K: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64) -> bool:
    """Tell whether every line is close above another, or below one: no draws can then end the test."""
    enough = rails[start + ENOUGH] if rails[start + MOST_SHORT] >= 0.0 else 1.0
    mean, variance = np.empty(K), np.empty(K)
    for arm in range(K):
        mean[arm] = (1.0 + rewards[arm]) / (2.0 + trials[arm])
        variance[arm] = mean[arm] * (1.0 - mean[arm]) / (3.0 + trials[arm])
    someone = False
    for arm in range(K):
        someone |= may_send(active, arm) and leads(mean, variance, K, active, arm, enough)
    return not someone


@native
def leads(mean: np.ndarray, variance: np.ndarray, K: int, active: np.uint64, arm: int, enough: float) -> bool:
    """Tell whether a line, its rate multiplied by `enough`, is well above all others."""
    for rival in range(K):
        if rival != arm and may_send(active, rival):
            lead = enough * mean[arm] - mean[rival]
            if lead <= 0.0 or lead * lead < CLOSE * CLOSE * (enough * enough * variance[arm] + variance[rival]):
                return False
    return True


@native
def draw_rates(
    rates: np.ndarray, K: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64, key: np.uint64
) -> np.uint64:
    """Draw a rate for each active line, all rates being equally believed beforehand; return the key to go on with."""
    for arm in range(K):
        if may_send(active, arm):
            rates[arm], key = beta(1.0 + rewards[arm], 1.0 + trials[arm] - rewards[arm], key)
    return key


@native
def count(
    rates: np.ndarray, lost: np.ndarray, short: np.ndarray, K: int, active: np.uint64, enough: float
) -> tuple[float, float]:
    """Count for each line whether it is not the best, and short of it by too much; return the fewest of either."""
    best = -1
    for arm in range(K):
        if may_send(active, arm) and (best < 0 or rates[arm] > rates[best]):
            best = arm
    fewest_lost = fewest_short = np.inf
    for arm in range(K):
        if may_send(active, arm):
            lost[arm] += arm != best
            short[arm] += rates[arm] * enough < rates[best]
            fewest_lost, fewest_short = min(fewest_lost, lost[arm]), min(fewest_short, short[arm])
    return fewest_lost, fewest_short


@native
def leader_of(lost: np.ndarray, K: int, active: np.uint64) -> int:
    """Return the line that is the best in most draws, the first of equals."""
    leader = -1
    for arm in range(K):
        if may_send(active, arm) and (leader < 0 or lost[arm] < lost[leader]):
            leader = arm
    return leader


SPEC = GuardrailSpec(
    name="stop_rule",
    title="Stop rule",
    plain="Once a line is almost surely the best, or hardly anything is left to gain, it gets all that remains.",
    parameters=Parameters,
    prepare=prepare,
    problem=problem,
    allows=allows,
    settles=settles,
    rank=5,
)
