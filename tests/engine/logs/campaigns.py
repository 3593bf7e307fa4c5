"""Campaigns with everything that a log must hold, small enough to be logged in a moment."""

from pathlib import Path
from typing import Any, Final

from engine import Scenario
from engine.cache import AnswerCache
from engine.logs.parts import LogOf
from engine.logs.store import LogStore, Remembered
from tests.engine.scenarios import scenario

TWO: Final = {"audience": [{"name": "=New", "share": 0.5, "multipliers": [2, 1, 1]}, {"name": "Loyal", "share": 0.5}]}
LATE: Final[dict[str, Any]] = {
    "delay": {"name": "exponential", "mean_hours": 1.0, "window_hours": 2.0},
    "sends_per_hour": 100,
}
RATES: Final = (0.1, 0.2, 0.4)


def small(policy: str = "epsilon_greedy", sends: int = 600, **fields: Any) -> Scenario:
    return scenario(policy, rates=RATES, sends=sends, **fields)


CAMPAIGNS: Final[dict[str, Scenario]] = {
    "plain": small(),
    "contextual": small("segment_thompson", sends=300, segments=TWO),
    "linear": small("lin_ucb", segments=TWO),
    "late": small("thompson", sends=300, update_every=25, **LATE),
    "window closed": small(
        **LATE
        | {"delay": {"name": "exponential", "mean_hours": 1.0, "window_hours": 2.0, "learn_when": "window_closed"}}
    ),
    "recurring": small(
        sends_per_hour=10, recurring={"recipients": 40}, guardrails=[{"name": "frequency_cap", "most": 1}]
    ),
    "money": small("normal_thompson", sends=300, money={"order_value": 40.0}, goal="revenue"),
    "net value": small(
        "normal_thompson",
        sends=300,
        money={"order_value": 40.0, "send_cost": 0.1, "unsubscribe_cost": 5.0},
        goal="net_value",
        arms=[{"name": f"line {place}", "rate": rate, "complaint_rate": 0.02} for place, rate in enumerate(RATES)],
    ),
    "stopped": small(guardrails=[{"name": "stop_rule", "after_sends": 200}, {"name": "minimum_share", "share": 0.05}]),
    "guarded": small(
        "ucb1",
        guardrails=[
            {"name": "holdout", "share": 0.1},
            {"name": "burn_in", "sends": 20},
            {"name": "minimum_share", "share": 0.05},
            {"name": "maximum_share", "share": 0.6},
            {"name": "wrap_up_ab", "share": 0.1},
        ],
    ),
    "rotating": small(
        world={
            "name": "rotating",
            "schedule": [{"arm": "line 1", "leaves": 300}, {"arm": "line 2", "joins": 100}],
        }
    ),
    "worn out": small(world={"name": "fatigue", "half_life": 100}),
    "oracle": small("oracle"),
    "even": small("ab_split"),
}


def store_of(asked: Scenario, folder: Path, replication: int = 0) -> LogStore:
    return LogStore(LogOf.of(asked, 0, replication), AnswerCache(folder), Remembered())
