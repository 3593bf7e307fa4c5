"""A small made-up report for the tests of its parts."""

from typing import Any

from dash import html

from components.report.content import Chart, Given, Report, Section
from engine import Scenario

GIVEN = Given("2026-11-28", "https://example.test")
EVIL = '=cmd("<script>")'

SCENARIO = Scenario.from_dict(
    {
        "arms": [{"name": EVIL, "rate": 0.1}, {"name": "B & C", "rate": 0.2}],
        "policies": [{"name": "ab_split"}, {"name": "epsilon_greedy"}],
        "sends": 1_000,
        "replications": 10,
        "guardrails": [{"name": "minimum_share", "share": 0.05}],
    }
)
FIGURE: dict[str, Any] = {
    "data": [{"type": "scatter", "x": [0, 1], "y": [1, 2], "name": "</script>", "line": {"color": "token:p1"}}],
    "layout": {"title": {"text": EVIL}},
}
ROWS = [
    {"line": EVIL, "extra": 1.5, "sends": 1_000, "none": None},
    {"line": "B & C", "extra": -2.0, "sends": 7, "none": None},
]


def report(**changes: Any) -> Report:
    """A verdict, one chart with its data, and one table."""
    hero = html.Div([html.H1(["Use ", html.Span(EVIL), "."]), html.P("90% interval, +1 to +3."), html.P("Also this.")])
    chart = Chart("curve", FIGURE, "It rises from 1 to 2.", 200, html.H3("Of one policy"))
    settings: dict[str, Any] = {
        "name": "compare",
        "page": "Compare",
        "hero": hero,
        "sections": (
            Section("curves", [html.H2("It rises")], (chart,), records=ROWS),
            Section("told", [html.H2("Told")], content=html.P("Only words.")),
        ),
        "scenario": SCENARIO,
        "digest": "9f3c0011e71a",
        "address": "/compare?s=token",
    }
    return Report(**(settings | changes))
