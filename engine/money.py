"""Money: what conversions, sends and unsubscribes are worth, and what policies then try to get most of.

The value of an order is log-normal with the line's mean and the same spread for all lines, drawn for a recipient and a
line whatever was sent before, and counted in whole cents.
"""

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.arithmetic import exp, log
from engine.fields import Setting
from engine.native import native
from engine.rng import ARM_SLOTS, GAMMA, mix, normal

if TYPE_CHECKING:
    from engine.scenario import Scenario

Floats = NDArray[np.float64]
Goal = Literal["conversions", "revenue", "net_value"]

REGRET_UNIT = 2.0**-40
"""One unit of accumulated regret, in conversions."""
MONEY_REGRET_UNIT = 2.0**-20
"""One unit of accumulated regret where the goal is money, in the account's currency."""
CENTS = 100.0
MOST_CENTS = 2.0**40
"""No order is worth more: sums over a campaign fit 64 bits."""
DEAREST = 2.3263478740408408
"""Standard deviations below which 99% of a normal law lie: orders above that of the dearest line teach as much as it."""
HIGHEST_VALUE = 100_000.0

_ONE = np.uint64(1)
CONVERSIONS, REVENUE, NET_VALUE = range(3)


class Money(Setting):
    """What a campaign earns and costs, in the account's currency."""

    order_value: float = Field(
        50.0,
        gt=0,
        le=HIGHEST_VALUE,
        title="Order value",
        description="What a conversion brings on average, unless the line says otherwise.",
        json_schema_extra={"step": 5},
    )
    spread: float = Field(
        0.8,
        ge=0,
        le=2,
        title="Spread of order values",
        description="Standard deviation of the order value's logarithm (log-normal); 0: every order is worth the same.",
        json_schema_extra={"step": 0.1, "symbol": "σ"},
    )
    send_cost: float = Field(
        0.0,
        ge=0,
        le=1_000,
        title="Cost of a send",
        description="What one e-mail costs.",
        json_schema_extra={"step": 0.001},
    )
    unsubscribe_cost: float = Field(
        0.0,
        ge=0,
        le=HIGHEST_VALUE,
        title="Cost of an unsubscribe",
        description="What is lost with a recipient who complains or unsubscribes; how many do is set for each line.",
        json_schema_extra={"step": 5},
    )


class Purse(NamedTuple):
    """A question's money, as the loop over sends needs it."""

    goal: int  # CONVERSIONS, REVENUE or NET_VALUE
    counts: bool  # whether orders have values
    spread: float  # standard deviation of the logarithm of an order's value
    toll: float  # what a complaint costs, in the unit of the goal
    base: float  # reward of a send without conversion and complaint, 0 to 1
    scale: float  # reward of one cent
    most: float  # cents above which an order teaches no more
    complained: float  # what a complaint takes from the reward


class Prices(NamedTuple):
    """What each line's conversions are worth, (K,) each."""

    worth: Floats  # of a conversion on average, in the unit of the goal: 1, or an amount of money
    logs: Floats  # mean of the logarithm of an order's value in cents


def order_values(scenario: "Scenario") -> Floats:
    """Return the mean value of an order of each line, float (K,); zeros where nothing has a price."""
    money = scenario.money
    if money is None:
        return np.zeros(len(scenario.arms))
    given = [money.order_value if arm.order_value is None else arm.order_value for arm in scenario.arms]
    return np.array(given)


def prices_of(scenario: "Scenario") -> Prices:
    """Return the prices of the lines."""
    values, money = order_values(scenario), scenario.money
    if money is None:
        return Prices(np.ones(len(values)), np.zeros(len(values)))
    logs = np.array([log.function(value * CENTS) for value in values.tolist()]) - money.spread**2 / 2
    return Prices(values if scenario.goal != "conversions" else np.ones(len(values)), logs)


def purse_of(scenario: "Scenario") -> Purse:
    """Return the money of a question.

    Rewards lie between 0 and 1, as all policies expect: 1 is an order that only 1% of the dearest line's exceed, without
    complaint, and 0 the worst that a send can come to. What a send costs is the same for all and teaches nothing.
    """
    money, goal = scenario.money, ("conversions", "revenue", "net_value").index(scenario.goal)
    if money is None:
        return Purse(goal, counts=False, spread=0.0, toll=0.0, base=0.0, scale=0.0, most=0.0, complained=0.0)
    dearest = exp.function(float(prices_of(scenario).logs.max()) + DEAREST * money.spread)
    toll = money.unsubscribe_cost if goal == NET_VALUE and len(scenario.complaint_rates) > 0 else 0.0
    whole = dearest + toll * CENTS
    return Purse(
        goal=goal,
        counts=True,
        spread=money.spread,
        toll=toll,
        base=toll * CENTS / whole,
        scale=1.0 / whole,
        most=dearest,
        complained=toll * CENTS / whole,
    )


def order_moments(scenario: "Scenario") -> tuple[Floats, Floats]:
    """Return the mean reward of a conversion of each line, and the mean of its square, float (K,) each.

    An order above the purse's most teaches no more than that, so these are moments of a log-normal law cut off there.
    Source: Klugman, Panjer and Willmot (2012), Loss Models, 4th edition, appendix A: limited expected values.
    """
    purse = purse_of(scenario)
    if purse.goal == CONVERSIONS:
        return np.ones(len(scenario.arms)), np.ones(len(scenario.arms))
    logs = prices_of(scenario).logs
    return _limited(logs, purse, 1) * purse.scale, _limited(logs, purse, 2) * purse.scale**2


def _limited(logs: Floats, purse: Purse, power: int) -> Floats:
    """Return the mean of a power of the smaller of an order's cents and the most that teaches, (K,)."""
    from scipy.special import ndtr

    spread, top = purse.spread, np.log(purse.most)
    if spread == 0.0:
        return np.asarray(np.minimum(np.exp(logs), purse.most) ** power)
    below = np.exp(power * logs + (power * spread) ** 2 / 2.0) * ndtr((top - logs) / spread - power * spread)
    return np.asarray(below + purse.most**power * ndtr((logs - top) / spread))


@native
def order_cents(purse: Purse, log_value: float, orders: np.uint64, t: int, arm: int) -> int:
    """Return what recipient t would spend on the line, in cents: log-normal, exactly drawn."""
    z = 0.0
    if purse.spread > 0.0:
        z, _ = normal(mix(orders + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA))
    return int(min(np.floor(exp(log_value + purse.spread * z) + 0.5), MOST_CENTS))


@native
def reward_of_order(purse: Purse, log_value: float, orders: np.uint64, t: int, arm: int) -> float:
    """Return the reward of which the policy is told when recipient t is known to have converted."""
    if purse.goal == CONVERSIONS:
        return 1.0
    return min(float(order_cents(purse, log_value, orders, t, arm)), purse.most) * purse.scale


@native
def reward_of_response(purse: Purse, log_value: float) -> float:
    """Return the reward of an open that is no conversion: an order of average value, as policies cannot tell them apart."""
    if purse.goal == CONVERSIONS:
        return 1.0
    return min(exp(log_value + purse.spread * purse.spread / 2.0), purse.most) * purse.scale


def in_currency(cents: Any) -> Floats:
    """Return amounts in the account's currency."""
    amounts: Floats = np.asarray(cents, np.float64) / CENTS
    return amounts
