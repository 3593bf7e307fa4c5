"""Money: what orders are worth, what policies then learn, and what regret is counted in."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine import Scenario, ScenarioError, simulate
from engine.money import order_cents, prices_of, purse_of
from engine.simulation import trace
from tests.engine.scenarios import scenario

RARE = 1e-6
"""How often each statistical check would fail a correct engine, over random seeds."""


def priced(*policies: str, values: tuple[float | None, ...] = (None, None), **fields: Any) -> Scenario:
    """Two lines: the one that converts less may bring more."""
    fields = {"money": {"order_value": 40.0, "spread": 0.8}, "goal": "revenue"} | fields
    asked = scenario(*policies, rates=(0.10, 0.06), **fields | {"money": None, "goal": "conversions"})
    arms = [arm | {"order_value": value} for arm, value in zip(asked.to_dict()["arms"], values, strict=True)]
    return asked.with_changes(arms=arms, money=fields["money"], goal=fields["goal"])


def test_orders_are_log_normal_with_the_mean_of_the_line() -> None:
    asked = priced("ab_split", values=(None, 90.0))
    purse, prices = purse_of(asked), prices_of(asked)
    for arm, mean in ((0, 4_000.0), (1, 9_000.0)):
        drawn = np.array([order_cents(purse, float(prices.logs[arm]), np.uint64(77), t, arm) for t in range(20_000)])
        # whole cents: spread over the cent, or equal ones would trouble the test
        law = stats.lognorm(0.8, scale=mean * np.exp(-0.32))
        assert stats.kstest(drawn + np.random.default_rng(1).uniform(-0.5, 0.5, 20_000), law.cdf).pvalue > RARE
        assert abs(drawn.mean() - mean) < 6 * law.std() / np.sqrt(20_000)


def test_without_spread_every_order_is_worth_the_same() -> None:
    result = simulate(priced("ab_split", money={"order_value": 12.5, "spread": 0.0}, sends=2_000, replications=3))
    np.testing.assert_allclose(result.revenue, 12.5 * result.conversions.sum(axis=-1))
    np.testing.assert_allclose(result.curves.revenue, 12.5 * result.curves.conversions.sum(axis=-1))


def test_revenue_is_the_sum_of_the_orders() -> None:
    asked = priced("thompson", sends=3_000, replications=2)
    result, ran = simulate(asked), trace(asked, 0, 1)
    assert (ran.cents[ran.answers == 0] == 0).all()
    np.testing.assert_allclose(result.revenue[0, 1], ran.cents.cumsum()[result.checkpoints - 1] / 100)


def test_dear_orders_are_written_down_whole() -> None:
    """Beyond 32 bits, as one in some thousand orders of this kind is."""
    money = {"order_value": 100_000.0, "spread": 2.0}
    asked = priced("ab_split", money=money, sends=200_000, replications=1)
    ran = trace(asked, 0)
    assert ran.cents.max() > 2**31
    assert simulate(asked).revenue[0, 0, -1] == pytest.approx(ran.cents.sum() / 100, rel=1e-12)


def test_net_value_takes_off_what_sends_and_complaints_cost() -> None:
    money = {"order_value": 40.0, "send_cost": 0.5, "unsubscribe_cost": 30.0}
    asked = priced("thompson", money=money, goal="net_value", sends=2_000, replications=4)
    arms = [arm | {"complaint_rate": 0.02} for arm in asked.to_dict()["arms"]]
    result = simulate(asked.with_changes(arms=arms))
    complaints = result.complaints.sum(axis=-1)
    expected = result.revenue[:, :, -1] - 0.5 * 2_000 - 30.0 * complaints
    np.testing.assert_allclose(result.net_value[:, :, -1], expected)
    np.testing.assert_array_equal(result.gains, result.net_value)
    assert complaints.min() > 0


@pytest.mark.parametrize("policy", ["thompson", "epsilon_greedy", "ucb1_tuned", "segment_thompson", "lin_ucb"])
def test_policies_go_for_the_goal(policy: str) -> None:
    """10% at 40 against 6% at 120: the first converts more, the second brings 7.20 a send against 4.00."""
    for goal, best in (("conversions", 0), ("revenue", 1)):
        result = simulate(priced(policy, values=(None, 120.0), goal=goal, sends=20_000, replications=40))
        sends = result.sends[0, :, -1].mean(axis=0)
        assert sends[best] > 0.6 * 20_000
        assert result.best_at_end[0, 0].tolist() == [best == 0, best == 1]


def test_complaints_turn_the_best_line_round() -> None:
    """10% at 40 with 5% who leave at 100 each: 4.00 - 5.00, against 2.40."""
    asked = priced("oracle", "thompson", goal="net_value", money={"order_value": 40.0, "unsubscribe_cost": 100.0})
    arms = asked.to_dict()["arms"]
    arms[0]["complaint_rate"] = 0.05
    result = simulate(asked.with_changes(arms=arms, sends=20_000, replications=40))
    assert (result.sends[0, :, -1, 0] == 0).all()
    assert result.sends[1, :, -1, 1].mean() > 0.6 * 20_000


def test_regret_is_in_the_unit_of_the_goal() -> None:
    """An even split misses half of 7.20 - 4.00 at every send, to the unit of 2^-20 that regret is counted in."""
    result = simulate(priced("ab_split", values=(None, 120.0), sends=10_000, replications=3))
    np.testing.assert_allclose(result.regret[0, :, -1], 10_000 * 1.6, rtol=1e-6)


def test_rewards_are_never_above_one() -> None:
    asked = priced("thompson", values=(None, 120.0), money={"order_value": 40.0, "spread": 2.0})
    purse = purse_of(asked)
    assert purse.most * purse.scale == pytest.approx(1.0)
    assert purse.most == pytest.approx(stats.lognorm(2.0, scale=12_000 * np.exp(-2.0)).ppf(0.99), rel=1e-9)


def test_money_leaves_the_campaigns_of_conversions_alone() -> None:
    asked = priced("thompson", "ucb1", goal="conversions", sends=2_000, replications=4)
    plain = asked.with_changes(money=None)
    np.testing.assert_array_equal(simulate(asked).sends, simulate(plain).sends)
    np.testing.assert_array_equal(simulate(asked).regret_units, simulate(plain).regret_units)
    assert not simulate(plain).revenue.any()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"goal": "revenue"}, "money"),
        ({"goal": "profit"}, "goal"),
        ({"money": {"order_value": 0.0}}, "money.order_value"),
        ({"money": {"spread": 2.1}}, "money.spread"),
        ({"money": {"send_cost": -1.0}}, "money.send_cost"),
        ({"money": {"discount": 1.0}}, "money.discount"),
        ({"arms": [{"name": "A", "order_value": 5.0}, {"name": "B"}]}, "arms.0.order_value"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenario("ab_split").with_changes(**changes)
    assert list(refused.value.problems) == [field]
