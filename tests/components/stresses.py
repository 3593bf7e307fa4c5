"""Real stress tests for the tests of cards, charts and pages, as the page makes them."""

from functools import cache
from typing import Any

import orjson

from engine import Scenario, simulate
from engine.stress import columns_of, measure, put_together

RATES = (0.1, 0.2, 0.4)
POLICIES = ("ab_split", "thompson", "test_then_winner")
NAMES = ("change", "fatigue", "opens")


def question(
    rates: tuple[float, ...] = RATES, policies: tuple[str, ...] = POLICIES, campaigns: int = 40, sends: int = 1_000
) -> Scenario:
    """A small scenario."""
    return Scenario.from_dict(
        {
            "arms": [{"name": f"Line <b>{place}</b>", "rate": rate} for place, rate in enumerate(rates)],
            "policies": [{"name": name} for name in policies],
            "sends": sends,
            "replications": campaigns,
        }
    )


@cache
def _measured(scenario: Scenario, names: tuple[str, ...]) -> bytes:
    columns = columns_of(scenario, names)
    return orjson.dumps({one.stress.name: measure(simulate(one.scenario)) for one in columns if one.scenario})


def measured(scenario: Scenario | None = None, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """What is kept of each stress; a new copy each time, to be changed at will."""
    found: dict[str, Any] = orjson.loads(_measured(scenario or question(), names))
    return found


def stress_test(scenario: Scenario | None = None, names: tuple[str, ...] = NAMES, **changes: Any) -> dict[str, Any]:
    """The table of a small scenario; a new copy each time."""
    asked = scenario or question()
    found = measured(asked, names) | changes
    table = put_together(asked, columns_of(asked, names), found)
    copied: dict[str, Any] = orjson.loads(orjson.dumps(table))
    return copied
