"""What a send is worth: closed forms, and the regret that the loop over sends works out for itself."""

import numpy as np
import pytest

from engine import Scenario
from engine.simulation import trace
from engine.worth import gains_of, in_time, worth_of
from tests.engine.scenarios import scenario

LINES = [{"name": "A", "rate": 0.05, "order_value": 80.0, "complaint_rate": 0.02}, {"name": "B", "rate": 0.06}]
LATE = {"delay": {"name": "exponential", "mean_hours": 2.0, "window_hours": 3.0}, "sends_per_hour": 100}


def priced(goal: str, **fields: object) -> Scenario:
    """Two lines: A sells dearer and draws complaints."""
    money = {"order_value": 50.0, "spread": 0.0, "send_cost": 0.01, "unsubscribe_cost": 100.0}
    policies = [{"name": "ab_split"}]
    return Scenario.from_dict(
        {"arms": LINES, "policies": policies, "sends": 4_000, "money": money, "goal": goal, **fields}
    )


def test_conversions_are_worth_their_rate() -> None:
    plain = scenario("ab_split", rates=(0.04, 0.05))
    assert worth_of(plain, plain.rates()[0]).tolist() == [0.04, 0.05]
    assert in_time(plain) == 1.0


def test_net_value_takes_complaints_off_and_late_conversions_too() -> None:
    asked = priced("net_value")
    assert worth_of(asked, asked.rates()[0]) == pytest.approx([0.05 * 80 - 0.02 * 100, 0.06 * 50])
    late = priced("net_value", **LATE)
    counted = 1.0 - np.exp(-1.5)
    assert worth_of(late, late.rates()[0]) == pytest.approx([0.05 * 80 * counted - 2.0, 0.06 * 50 * counted], rel=1e-6)
    assert in_time(late) == 1.0
    assert in_time(priced("revenue", **LATE)) == pytest.approx(counted, rel=1e-6)


@pytest.mark.parametrize("goal", ["conversions", "revenue", "net_value"])
@pytest.mark.parametrize("late", [False, True])
def test_each_send_misses_the_difference_to_the_best_line(goal: str, *, late: bool) -> None:
    asked = priced(goal, **(LATE if late else {}))
    worth = worth_of(asked, asked.rates()[0]) * in_time(asked)
    ran = trace(asked, 0)
    assert ran.missed == pytest.approx((worth.max() - worth)[ran.arms], abs=asked.regret_unit * 2**10)


def test_gains_of_sends_add_up_orders_costs_and_complaints() -> None:
    asked = priced("net_value")
    ran = trace(asked, 0)
    brought = np.where(ran.arms == 0, 80.0, 50.0) * ran.answers - 0.01 - 100.0 * ran.complaints
    assert gains_of(asked, ran) == pytest.approx(brought)
    assert 10 < ran.complaints.sum() < 80
    assert not ran.complaints[ran.arms == 1].any()
