"""All that it takes to reproduce a log, on one sheet for the printer."""

import json
from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording_audit as words
from components.formats import count, percent
from components.theme import arm_letter
from engine.logs.work import LogSummary


def audit_sheet(
    facts: Sequence[tuple[str, str]],
    summary: LogSummary,
    scenario: dict[str, Any],
    *,
    call: str,
    link: str | None,
    events: Sequence[str],
) -> list[Component]:
    """The sheet: facts, lines, chances, guardrails, how to call the engine, and the scenario in full."""
    lines = [
        html.Tr(
            [
                html.Th(f"{arm_letter(arm)}  {scenario['arms'][arm]['name']}", scope="row"),
                *[
                    html.Td(text)
                    for text in (
                        count(line["sends"]),
                        count(line["conversions"]),
                        percent(line["naive"]),
                        percent(line["corrected"]),
                        f"{percent(line['low'])} to {percent(line['high'])}",
                        percent(line["truth"]),
                    )
                ],
            ]
        )
        for arm, line in enumerate(summary["lines"])
    ]
    heads = ("Line", "Sends", "Conversions", "Naive", "Corrected", "90% interval", "Truth")
    table = html.Table(
        [html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(lines)],
        className="small-table",
    )
    return [
        html.H2(words.SHEET_TITLE, className="h2"),
        html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="why-steps"),
        table,
        html.Ul([html.Li(text) for text in events]),
        html.P(words.check_print(summary["check"])),
        html.H3(words.REPRODUCE, className="why-head"),
        html.Pre(call),
        *([html.Pre(link)] if link else [html.P(words.NO_FILES)]),
        html.H3(words.SCENARIO, className="why-head"),
        html.Pre(json.dumps(scenario, indent=1, ensure_ascii=False)),
    ]
