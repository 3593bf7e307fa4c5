"""What the page shows of a comparison: every chart with its heading, figure, text and data, by name."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from dash import html
from dash.development.base_component import Component

from components import comparison as told
from components import wording_compare as words
from components.cards import leaderboard
from components.charts import allocation, extra_spread, regret_bands, sensitivity
from components.charts.figure import Figure
from components.comparison import Comparison
from components.terms import explained
from components.wording_goals import goal_of
from engine.scenario import MOST_POLICIES

REGRET: Final = "regret-bands"
SPREAD: Final = "extra-spread"
ALLOCATIONS: Final = tuple(f"allocation-{place}" for place in range(MOST_POLICIES))
STRIPS: Final = ("strip-0", "strip-1", "strip-2")
CHARTS: Final = (REGRET, SPREAD, *ALLOCATIONS)
"""All that is drawn from the comparison itself."""

LEAST_LOST: Final = 0.05
"""Conversions a campaign; fewer are written as none."""

HEIGHTS: Final = {
    REGRET: regret_bands.HEIGHT,
    SPREAD: 300,
    **dict.fromkeys(ALLOCATIONS, allocation.HEIGHT),
    **dict.fromkeys(STRIPS, sensitivity.HEIGHT),
}


class Drawn(NamedTuple):
    """One chart: its figure, what it says in words, and its height."""

    figure: Figure
    summary: str
    height: int


def drawn(comparison: Comparison) -> dict[str, Drawn]:
    """Every chart of the comparison; policies that are not there have no allocation."""
    order = told.ranking(comparison)
    charts = {
        REGRET: Drawn(regret_bands.figure(comparison), regret_bands.summary(comparison), regret_bands.HEIGHT),
        SPREAD: Drawn(
            extra_spread.figure(comparison, order),
            extra_spread.summary(comparison, order),
            extra_spread.height(comparison, order),
        ),
    }
    for name, place in zip(ALLOCATIONS, order, strict=False):
        charts[name] = Drawn(
            allocation.figure(comparison, place), allocation.summary(comparison, place), allocation.HEIGHT
        )
    return charts


def headings(comparison: Comparison) -> dict[str, list[Component]]:
    """The finding and the measure over each section."""
    return {
        "leaderboard": _heading(leaderboard.title(comparison), leaderboard.deck(comparison)),
        "regret": _heading(regret_bands.title(comparison), regret_bands.deck(comparison)),
        "spread": _heading(extra_spread.title(comparison), extra_spread.deck(comparison)),
        "allocation": [
            *_heading(allocation.title(comparison), allocation.deck(comparison)),
            allocation.legend(comparison),
        ],
    }


def allocation_headings(comparison: Comparison) -> list[Component | None]:
    """The policy over each small figure, best first; None where there is no policy."""
    order = told.ranking(comparison)
    found: list[Component | None] = [allocation.heading(comparison, place) for place in order]
    return found + [None] * (MOST_POLICIES - len(found))


def strip_heading(comparison: Comparison, strips: list[sensitivity.Strip]) -> list[Component]:
    """The finding and the measure over the strips."""
    return _heading(sensitivity.title(comparison, strips), sensitivity.deck(comparison, strips))


def drawn_strips(comparison: Comparison, strips: list[sensitivity.Strip]) -> dict[str, Drawn]:
    """A chart for each strip."""
    return {
        name: Drawn(
            sensitivity.figure(comparison, strip), sensitivity.summary(strip, goal_of(comparison)), sensitivity.HEIGHT
        )
        for name, strip in zip(STRIPS, strips, strict=False)
    }


def too_late(comparison: Comparison) -> list[str]:
    """What came after the campaign's end, where that was anything."""
    policies = comparison["policies"]
    lost = [(policy["label"], policy["lost_mean"]) for policy in policies if policy["lost_mean"] >= LEAST_LOST]
    return [words.too_late(lost)] if lost else []


RECORDS: Final[dict[str, Callable[[Comparison], list[dict[str, Any]]]]] = {
    "leaderboard": leaderboard.records,
    "regret": regret_bands.records,
    "spread": lambda comparison: extra_spread.records(comparison, told.ranking(comparison)),
    "allocation": allocation.records,
}
"""The data of each section, for a file."""


def _heading(title: str, deck: str) -> list[Component]:
    return [html.H2(title, className="h2"), html.P(explained(deck), className="deck")]
