"""What a send is worth, by the goal: what lines are compared by, and what policies are judged by."""

import numpy as np
from numpy.typing import NDArray

from engine.money import in_currency, prices_of, purse_of
from engine.scenario import Scenario
from engine.simulation import Trace
from engine.waiting import waiting_of

Floats = NDArray[np.float64]


def in_time(scenario: Scenario) -> float:
    """Return the part of what lines are worth by `worth_of` that comes in time to count."""
    return 1.0 if purse_of(scenario).toll else waiting_of(scenario).counted


def worth_of(scenario: Scenario, rates: Floats) -> Floats:
    """Return what a send of each line is worth on average, of the same shape as the true rates (..., K).

    The rate itself where the goal is conversions; else an amount of money. Conversions that come too late count nowhere,
    which matters where complaints have a price.

    >>> lines = [{"name": "A", "rate": 0.05, "order_value": 80.0}, {"name": "B", "rate": 0.06}]
    >>> scenario = Scenario.from_dict({"arms": lines, "money": {"order_value": 50.0}, "goal": "revenue",
    ...                                "policies": [{"name": "ab_split"}]})
    >>> worth_of(scenario, scenario.rates()[0]).tolist()
    [4.0, 3.0]
    """
    worth: Floats = rates * prices_of(scenario).worth
    toll = purse_of(scenario).toll
    if toll:
        worth = worth * waiting_of(scenario).counted - toll * scenario.complaint_rates
    return worth


def gains_of(scenario: Scenario, ran: Trace) -> Floats:
    """Return what every send of one campaign brought, in the unit of the goal: float (sends,)."""
    if scenario.goal == "conversions" or scenario.money is None:
        return ran.answers.astype(np.float64)
    revenue = in_currency(ran.cents)
    if scenario.goal == "revenue":
        return revenue
    net: Floats = revenue - scenario.money.send_cost * ran.is_sent - scenario.money.unsubscribe_cost * ran.complaints
    return net
