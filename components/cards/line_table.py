"""The run line by line: sends, conversions and seen rate under each policy, beside the true rate."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording
from components import wording_changes as changes
from components import wording_segments as segments
from components.formats import count, percent
from components.race import Race, contender
from components.theme import arm_chip, arm_letter, policy_mark
from components.words import hue, unbroken

_ROOMY, _CLOSE = 2, 3
"""Up to so many policies, columns have all the room that they want, and enough for headings on one line."""


class Cell(NamedTuple):
    """One line under one policy at the end of the run."""

    sends: int
    conversions: int

    @property
    def rate(self) -> float | None:
        """The seen rate; None without sends."""
        return self.conversions / self.sends if self.sends else None


def line_table(race: Race) -> html.Div:
    """The table for wide screens and its compact form for phones; the stylesheet shows one of them."""
    return html.Div(
        [
            _scrolling(_wide(race), "line-table-wide"),
            _scrolling(_compact(race), "line-table-compact"),
        ],
        className=_room(len(race["policies"])),
    )


def _room(policies: int) -> str:
    """The classes that say how closely columns stand."""
    if policies <= _ROOMY:
        return "line-table"
    return "line-table line-table-many line-table-four" if policies > _CLOSE else "line-table line-table-many"


def rows(race: Race) -> list[dict[str, Any]]:
    """The same as data, a row a line, for CSV, and the 90% confidence interval of every seen rate."""
    return [_row(race, line) for line in order(race)]


def order(race: Race) -> list[int]:
    """Lines by true rate, its mean where rates move, best first; equals in scenario order."""
    rates = _rates(race)
    return sorted(range(run.line_count(race)), key=lambda line: -rates[line])


def cells(race: Race, policy: int) -> list[Cell]:
    """A policy's final counts, one cell a line, in scenario order."""
    counts = zip(run.row(race, policy, "sends"), run.row(race, policy, "conversions"), strict=True)
    return [Cell(sends, conversions) for sends, conversions in counts]


def _rates(race: Race) -> list[float]:
    """The lines' true rates; where they move, their means along the campaign."""
    return list(race["mean_rates"]) if run.moves(race) else [arm["rate"] for arm in race["arms"]]


def _row(race: Race, line: int) -> dict[str, Any]:
    arm = race["arms"][line]
    record: dict[str, Any] = {"line": arm_letter(line), "subject_line": arm["name"], **_true_record(race, line)}
    for policy, entry in enumerate(race["policies"]):
        cell, label = cells(race, policy)[line], entry["label"]
        record[f"{label} sends"] = cell.sends
        record[f"{label} conversions"] = cell.conversions
        record[f"{label} seen rate"] = cell.rate
        record[f"{label} 90% low"] = run.row(race, policy, "low")[line]
        record[f"{label} 90% high"] = run.row(race, policy, "high")[line]
    return record


def _true_record(race: Race, line: int) -> dict[str, Any]:
    if run.moves(race):
        return {"true_rate_mean": _rates(race)[line], "true_rate_at_the_end": run.rates_at(race)[line]}
    return {"true_rate_when_fresh" if race["wears_out"] else "true_rate": race["arms"][line]["rate"]}


def _scrolling(table: html.Table, name: str) -> html.Div:
    """A box of its own to scroll in, reachable by keyboard."""
    named: Any = {"aria-label": wording.TABLE_TITLE}
    return html.Div(table, className=f"line-table-box {name}", tabIndex=0, role="region", **named)


def _wide(race: Race) -> html.Table:
    columns = [cells(race, policy) for policy in range(len(race["policies"]))]
    body = [_wide_row(race, line, [column[line] for column in columns]) for line in order(race)]
    totals = [Cell(sum(cell.sends for cell in column), sum(cell.conversions for cell in column)) for column in columns]
    blanks = [html.Td() for _ in _true_headings(race)]
    foot = html.Tr([html.Th(wording.ALL_LINES, scope="row"), *blanks, *_numbers(totals)])
    return html.Table(
        [
            html.Caption(wording.TABLE_CAPTION, className="visually-hidden"),
            *_wide_head(race),
            html.Tbody(body),
            html.Tfoot(foot),
        ]
    )


def _wide_head(race: Race) -> list[Component]:
    slots = run.slots(race)
    groups = [
        html.Th(
            html.Div([policy_mark(slot), entry["label"]], className=f"line-table-policy {hue(slot)}"),
            colSpan=3,
            scope="colgroup",
            className="line-table-group",
        )
        for slot, entry in zip(slots, race["policies"], strict=True)
    ]
    measures = [
        html.Th(name, scope="col", className="is-first" if name == wording.SENDS else None)
        for _ in slots
        for name in (wording.SENDS, wording.CONVERSIONS_HEADING, wording.SEEN_RATE)
    ]
    names = [html.Th(text, scope="col") for text in (wording.SUBJECT_LINE, *_true_headings(race))]
    spans = [html.Colgroup(span=str(len(names))), *(html.Colgroup(span="3") for _ in slots)]
    return [*spans, html.Thead([html.Tr([html.Td(colSpan=len(names)), *groups]), html.Tr([*names, *measures])])]


def _true_headings(race: Race) -> list[str]:
    if run.moves(race):
        return [changes.MEAN_RATE, changes.RATE_AT_END]
    if race["segments"] is not None:
        return [segments.TRUE_RATE]
    return [changes.FRESH_RATE if race["wears_out"] else wording.TRUE_RATE]


def _true_cells(race: Race, line: int) -> list[html.Td]:
    cells = [html.Td(percent(_rates(race)[line]))]
    if run.moves(race):
        now = run.rates_at(race)[line]
        cells.append(html.Td(changes.HAS_LEFT if now is None else percent(now)))
    return cells


def _wide_row(race: Race, line: int, counts: Sequence[Cell]) -> html.Tr:
    return html.Tr([_name(race, line), *_true_cells(race, line), *_numbers(counts)])


def _numbers(counts: Sequence[Cell]) -> list[html.Td]:
    return [
        html.Td(text, className="is-first" if place == 0 else None)
        for cell in counts
        for place, text in enumerate((count(cell.sends), count(cell.conversions), percent(cell.rate)))
    ]


def _name(race: Race, line: int) -> html.Th:
    """Letter and name; the best line in bold with its tag."""
    best = [race["best_now"][-1]] if run.moves(race) else run.best_lines(race)
    is_best = line in best and len(best) < run.line_count(race)
    name = html.Span(race["arms"][line]["name"], className="line-table-name")
    tag = [html.Span(_best_tag(race), className="tag")] if is_best else []
    inner = html.Div([arm_chip(line), name, *tag], className="line-table-line")
    return html.Th(inner, scope="row", className="is-best" if is_best else None)


def _best_tag(race: Race) -> str:
    if run.moves(race):
        return changes.BEST_AT_END
    return changes.BEST_WHEN_FRESH if race["wears_out"] else wording.BEST_LINE


def _compact(race: Race) -> html.Table:
    columns = [cells(race, policy) for policy in range(len(race["policies"]))]
    body = [_compact_row(race, line, [column[line] for column in columns]) for line in order(race)]
    heads = [_compact_head(contender(race, policy).short) for policy in range(len(columns))]
    names = html.Th(wording.SUBJECT_LINE, scope="col")
    return html.Table(
        [
            html.Caption(wording.TABLE_CAPTION, className="visually-hidden"),
            html.Thead(html.Tr([names, *heads, html.Th(_true_short(race), scope="col")])),
            html.Tbody(body),
        ]
    )


def _true_short(race: Race) -> str:
    if run.moves(race):
        return changes.MEAN_RATE_SHORT
    return changes.FRESH_RATE_SHORT if race["wears_out"] else wording.TRUE_RATE_SHORT


def _compact_head(label: str) -> html.Th:
    return html.Th([html.Span(label, className=unbroken(label)), " ", wording.SEEN_SHORT], scope="col")


def _compact_row(race: Race, line: int, counts: Sequence[Cell]) -> html.Tr:
    seen = [
        html.Td([html.Strong(percent(cell.rate)), " ", html.Span(count(cell.sends), className="line-table-sends")])
        for cell in counts
    ]
    return html.Tr([_name(race, line), *seen, html.Td(percent(_rates(race)[line]))])
