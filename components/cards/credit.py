"""Whose conversion it was: what each credit rule says of the lines, and what learning by another one would change."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording_credit as words
from components.formats import count, percent
from components.race import Race
from components.terms import explained
from components.theme import arm_chip, arm_letter, policy_mark
from components.wording_goals import goal_of

Report = dict[str, Any]
"""What the rules say, as the page stores it."""


def credit(race: Race, report: Report | None) -> list[Component]:
    """The section's content; nothing where everybody gets one e-mail."""
    return [] if report is None else [_head(report), _lines(race, report), *_policies(race, report)]


def waiting() -> list[Component]:
    """What stands there while the rules are worked out."""
    return [html.H2(words.HEADING, className="h2"), html.P(explained(words.WAITING), className="deck")]


def records(race: Race, report: Report | None) -> list[dict[str, Any]]:
    """The same as data, a row a line."""
    if report is None:
        return []
    return [
        {
            "line": arm["name"],
            "emails": report["sends"][line],
            "caused": report["caused"][line],
            **{rule["name"]: rule["credited"][line] for rule in report["rules"]},
        }
        for line, arm in enumerate(race["arms"])
    ]


def _head(report: Report) -> html.Div:
    looks_best = {rule["name"]: arm_letter(rule["looks_best"]) for rule in report["rules"]}
    return html.Div(
        [
            html.H2(words.title(looks_best, arm_letter(report["best"])), className="h2"),
            html.P(explained(words.deck(report["campaigns"], report["own"])), className="deck"),
        ]
    )


def _lines(race: Race, report: Report) -> html.Div:
    heads = [words.LINE, words.SENDS, words.CAUSED, *(words.RULES[rule["name"]] for rule in report["rules"])]
    rows = [_line(race, report, line) for line in range(run.line_count(race))]
    finds = [html.Td(percent(rule["finds_best"], 0)) for rule in report["rules"]]
    foot = html.Tfoot(html.Tr([html.Th(words.FINDS_BEST, scope="row"), html.Td(), html.Td(), *finds]))
    return _box(words.TABLE, heads, [html.Tbody(rows), foot])


def _line(race: Race, report: Report, line: int) -> html.Tr:
    """A row; the line that caused most an e-mail, and those that look so, stand out."""
    cells = [
        html.Td(count(report["sends"][line])),
        _cell(report["caused"][line], is_best=line == report["best"]),
        *(_cell(rule["credited"][line], is_best=line == rule["looks_best"]) for rule in report["rules"]),
    ]
    name = html.Span(race["arms"][line]["name"], className="line-table-name")
    return html.Tr([html.Th([arm_chip(line), name], scope="row"), *cells])


def _cell(number: float, *, is_best: bool) -> html.Td:
    text = words.credited(number)
    return html.Td(html.Strong(text) if is_best else text)


def _policies(race: Race, report: Report) -> list[Component]:
    """What policies that learn would end up with under each rule."""
    slots = run.slots(race)
    learning = [place for place in run.challengers(race) if not run.is_oracle(race["policies"][place])]
    if not learning:
        return []
    rows = [
        html.Tr(
            [
                html.Th([policy_mark(slots[place]), race["policies"][place]["label"]], scope="row"),
                *(html.Td(words.change(rule["policies"][place]["change"], goal_of(race))) for rule in report["rules"]),
            ]
        )
        for place in learning
    ]
    heads = [words.POLICY, *(words.RULES[rule["name"]] for rule in report["rules"])]
    title = html.H3(words.POLICIES, className="guard-title")
    return [html.Div([title, _box(words.POLICIES, heads, [html.Tbody(rows)])], className="guard-alone")]


def _box(label: str, heads: list[str], body: list[Component]) -> html.Div:
    named: Any = {"aria-label": label}
    head = html.Thead(html.Tr([html.Th(title, scope="col") for title in heads]))
    table = html.Table([html.Caption(label, className="visually-hidden"), head, *body], className="small-table")
    return html.Div(table, className="small-table-box", tabIndex=0, role="region", **named)
