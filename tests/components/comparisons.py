"""Real comparisons for the tests of Compare's cards and charts, as the page stores them."""

from functools import cache
from typing import Any

import orjson

from engine import Scenario, simulate
from engine.comparison import compare

CLEAR = ((0.1, 0.2, 0.4), ("ab_split", "thompson", "epsilon_greedy"))
ALIKE = ((0.2, 0.2, 0.2), ("ab_split", "thompson", "epsilon_greedy"))


def question(
    rates: tuple[float, ...] = CLEAR[0],
    policies: tuple[str | tuple[tuple[str, Any], ...], ...] = CLEAR[1],
    sends: int = 500,
    campaigns: int = 60,
) -> Scenario:
    """A small scenario; a policy with settings is given as pairs."""
    return Scenario.from_dict(
        {
            "arms": [{"name": f"Line <b>{place}</b>", "rate": rate} for place, rate in enumerate(rates)],
            "policies": [{"name": one} if isinstance(one, str) else dict(one) for one in policies],
            "sends": sends,
            "replications": campaigns,
        }
    )


@cache
def _compared(scenario: Scenario) -> bytes:
    return orjson.dumps(compare(simulate(scenario)))


def compared(*args: Any, **settings: Any) -> dict[str, Any]:
    """The comparison of a small scenario; a new copy each time, to be changed at will."""
    found: dict[str, Any] = orjson.loads(_compared(question(*args, **settings)))
    return found


def made_to(kind: str, comparison: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The comparison with another verdict."""
    return comparison | {"verdict": comparison["verdict"] | {"kind": kind} | changes}


def in_money(**settings: Any) -> dict[str, Any]:
    """A comparison by revenue."""
    asked = question(**settings).with_changes(money={"order_value": 2_000}, goal="revenue")
    found: dict[str, Any] = orjson.loads(_compared(asked))
    return found


def in_segments(**settings: Any) -> dict[str, Any]:
    """A comparison of recipients who differ."""
    halves = [
        {"name": "New", "share": 0.5, "multipliers": [1.5, 1, 0.5]},
        {"name": "Loyal", "share": 0.5, "multipliers": [0.5, 1, 1.5]},
    ]
    asked = question(**settings).with_changes(segments={"audience": halves})
    found: dict[str, Any] = orjson.loads(_compared(asked))
    return found
