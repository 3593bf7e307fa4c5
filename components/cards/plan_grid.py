"""The grid of a plan: what to use over two things that may turn out otherwise. Shape and hue say which policy, fill how sure."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_plan as words
from components.shell import HIDDEN
from components.theme import policy_mark, policy_slots
from components.wording_goals import Goal
from components.words import hue
from engine.planning.grid import Axis, Grid
from engine.planning.measured import AtSize
from engine.planning.outlook import advice_of
from engine.scenario import Scenario

FILLS: Final = ((0.9, "g2"), (0.75, "g1"))


def plan_grid(grid: Grid, looks: Sequence[AtSize | None], favourite: float, goal: Goal, *, surest: bool) -> html.Table:
    """The table: a row for each value of the first thing, a column for each of the second."""
    columns = len(grid.columns.values)
    head = [html.Th(words.GRID_ROWS[grid.rows.what], scope="col", className="grid-corner")]
    head += [_heading(grid.columns, place) for place in range(columns)]
    rows = []
    for row, value in enumerate(grid.rows.values):
        is_own = row == grid.rows.present
        name = html.Th(words.grid_value(grid.rows.what, value), scope="row", className="is-own" if is_own else None)
        cells = []
        for column in range(columns):
            place = row * columns + column
            mine = is_own and column == grid.columns.present
            cells.append(_cell(grid.cells[place].scenario, looks[place], favourite, goal, mine=mine, surest=surest))
        rows.append(html.Tr([name, *cells]))
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="plan-grid")


def _heading(axis: Axis, place: int) -> html.Th:
    text = words.grid_value(axis.what, axis.values[place])
    if place != axis.present:
        return html.Th(text, scope="col")
    own = html.Small(words.YOUR_LIST) if axis.what == "sends" else None
    return html.Th([text, own], scope="col", className="is-own")


def _cell(
    scenario: Scenario | None, look: AtSize | None, favourite: float, goal: Goal, *, mine: bool, surest: bool
) -> html.Td:
    ring = " is-mine" if mine else ""
    if scenario is None:
        return html.Td(html.Div(words.NO_SPREAD, className="grid-words"), className=f"grid-cell is-empty{ring}")
    if look is None:
        return html.Td(html.Div(className="skeleton"), className=f"grid-cell is-waiting{ring}")
    told = advice_of(scenario, look, favourite, surest=surest)
    if not told.is_worth_testing:
        return html.Td(html.Div(words.DO_NOT_TEST, className="grid-words"), className=f"grid-cell{ring}")
    slot = policy_slots([policy.name for policy in scenario.policies])[told.place]
    label = scenario.labels[told.place]
    extra = words.EVEN if told.is_even_split else goal.mean_difference(told.extra)
    content: list[Component] = [
        policy_mark(slot),
        html.Div([html.Strong(extra, **HIDDEN), html.Span(words.whole(told.right), **HIDDEN)]),
        html.Span(words.grid_cell(label, extra, told.right), className="visually-hidden"),
    ]
    fill = next((f" fill-{name}" for least, name in FILLS if told.right >= least), "")
    return html.Td(
        html.Div(content, className="grid-told"), className=f"grid-cell {hue(slot)}{fill}{ring}", title=label
    )


def legend(grid: Grid, looks: Sequence[AtSize | None], favourite: float, *, surest: bool) -> html.Ul:
    """The policies that are in the grid, and what fills mean."""
    used: dict[str, int | None] = {}
    for cell, look in zip(grid.cells, looks, strict=True):
        if cell.scenario is None or look is None:
            continue
        told = advice_of(cell.scenario, look, favourite, surest=surest)
        if told.is_worth_testing:
            slots = policy_slots([policy.name for policy in cell.scenario.policies])
            label = words.EVEN_IS_ENOUGH if told.is_even_split else cell.scenario.labels[told.place]
            used[label] = slots[told.place]
    policies = [html.Li([policy_mark(slot), label], className=hue(slot)) for label, slot in used.items()]
    fills = ((words.UNDER, ""), (words.BETWEEN, "fill-g1"), (words.OVER, "fill-g2"))
    keys = [html.Li([html.Span(className=f"grid-key {name}", **HIDDEN), text]) for text, name in fills]
    return html.Ul([*policies, *keys], className="grid-legend")


def records(grid: Grid, looks: Sequence[AtSize | None], favourite: float) -> list[dict[str, Any]]:
    """The grid as data: a row a cell and policy."""
    rows = []
    for cell, look in zip(grid.cells, looks, strict=True):
        if cell.scenario is None or look is None:
            continue
        most, surest = (advice_of(cell.scenario, look, favourite, surest=sure).place for sure in (False, True))
        for place, policy in enumerate(look["policies"]):
            rows.append(
                {
                    grid.rows.what: grid.rows.values[cell.row],
                    grid.columns.what: grid.columns.values[cell.column],
                    "policy": cell.scenario.labels[place],
                    "right": policy["right"]["mean"],
                    "right_low": policy["right"]["low"],
                    "right_high": policy["right"]["high"],
                    "extra_mean": policy["extra"]["mean"]["mean"],
                    "extra_mean_low": policy["extra"]["mean"]["low"],
                    "extra_mean_high": policy["extra"]["mean"]["high"],
                    "earns_most": place == most,
                    "surest": place == surest,
                    "worth_testing": advice_of(cell.scenario, look, favourite).is_worth_testing,
                    "campaigns": look["campaigns"],
                }
            )
    return rows
