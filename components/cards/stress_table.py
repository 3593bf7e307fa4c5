"""The heatmap of the stress test as a table: a row a policy, a column a stress, each cell a button."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_stress as words
from components.formats import prose
from components.shell import HIDDEN
from components.stress import StressTest, baseline, cell, contender, ranking, recommended, slots, worst
from components.terms import explained
from components.theme import policy_mark
from components.wording_goals import Goal, goal_of
from engine.stresses import STRESSES

GAINS: Final = ((0.08, "g1"), (0.16, "g2"), (0.24, "g3"), (0.30, "g4"))
LOSSES: Final = ((-0.10, "l3"), (-0.05, "l2"))


def fill(found: Any) -> str:
    """The class of a cell's fill; none where its interval includes zero."""
    mean = found["share"]["mean"]
    if not found["is_decided"] or not mean:
        return "undecided"
    if mean > 0.0:
        return next((name for below, name in GAINS if mean < below), "g5")
    return next((name for above, name in LOSSES if mean < above), "l1")


def stress_table(test: StressTest, chosen: tuple[str, int] | None) -> html.Table:
    """The whole table; the chosen cell is the one that Tab reaches, arrows lead to the others."""
    named: Any = {"aria-label": words.TABLE}
    rows = [_row(test, place, chosen) for place in ranking(test)]
    return html.Table([html.Thead(_head(test)), html.Tbody(rows)], className="heat", role="grid", **named)


def legend() -> html.Ul:
    """What fills and the ring mean."""
    return html.Ul(
        [
            html.Li([html.Span(className=f"heat-key heat-{name}", **HIDDEN), text], className="heat-legend-item")
            for name, text in words.LEGEND
        ],
        className="heat-legend",
    )


def notes(test: StressTest) -> list[Component]:
    """What had to be chosen or left out, a sentence each."""
    found = [words.no_room(STRESSES[one["stress"]], one["reason"]) for one in test["columns"] if one["reason"]]
    paced = [one for one in test["columns"] if one["pace"]]
    if paced:
        found.append(words.paced([STRESSES[one["stress"]] for one in paced], paced[0]["pace"]))
    apart = [contender(test, place).label for place in test["rows"] if test["policies"][place]["tells_apart"]]
    found += [words.alike_elsewhere(apart)] if apart and not test["is_segmented"] else []
    lost = [STRESSES[one["stress"]] for one in test["columns"] if one["baseline_mean"] < 0.0]
    found += [words.in_the_red(baseline(test), lost, goal_of(test))] if lost else []
    for part in ("world", "delay", "segments"):
        giving = [STRESSES[one["stress"]] for one in test["columns"] if one["gives_way"] == part]
        found += [words.gives_way(part, giving)] if giving else []
    return [html.P(explained(text), className="hint") for text in found]


def definitions(test: StressTest) -> list[Component]:
    """Every stress of the table in plain words."""
    out: list[Component] = []
    for column in test["columns"]:
        stress = STRESSES[column["stress"]]
        size = f", {column['size']}" if column["size"] else ""
        out += [html.Dt([stress.title, html.Span(prose(size))]), html.Dd(prose(stress.plain))]
    return [html.Dl(out, className="definitions")]


def records(test: StressTest) -> list[dict[str, Any]]:
    """The table as data: a row a policy and stress."""
    unit = goal_of(test).unit
    return [
        {
            "policy": contender(test, place).label,
            "stress": STRESSES[column["stress"]].title,
            "size": column["size"],
            "campaigns": column["campaigns"],
            "baseline": contender(test, test["baseline"]).label,
            f"baseline {unit}": column["baseline_mean"],
            f"extra {unit}": found["extra"]["mean"],
            "extra 90% low": found["extra"]["low"],
            "extra 90% high": found["extra"]["high"],
            "share": found["share"]["mean"],
            "share 90% low": found["share"]["low"],
            "share 90% high": found["share"]["high"],
            "interval leaves zero out": found["is_decided"],
            "best or level with the best": found["is_best"],
        }
        for place in ranking(test)
        for column in test["columns"]
        if (found := cell(column, place)) is not None
    ]


def _head(test: StressTest) -> html.Tr:
    corner = html.Th(html.Span(words.POLICY, className="visually-hidden"), scope="col")
    heads = [
        html.Th(
            [
                STRESSES[one["stress"]].title,
                html.Span(prose(one["size"] or "") or words.NOT_POSSIBLE, className="heat-size"),
            ],
            scope="col",
        )
        for one in test["columns"]
    ]
    return html.Tr([corner, *heads])


def _row(test: StressTest, place: int, chosen: tuple[str, int] | None) -> html.Tr:
    cells = [_cell(test, column, place, chosen) for column in test["columns"]]
    return html.Tr([_policy(test, place), *cells])


def _policy(test: StressTest, place: int) -> html.Th:
    case = worst(test, place)
    name = "heat-name is-recommended" if place == recommended(test) else "heat-name"
    label = contender(test, place).label
    below = [html.Div(words.worst(case["share"]), className="heat-worst")] if case and len(test["columns"]) > 1 else []
    return html.Th(
        html.Div(
            [policy_mark(slots(test)[place]), html.Div([html.Div(label, className=name, title=label), *below])],
            className="heat-policy",
        ),
        scope="row",
    )


def _cell(test: StressTest, column: Any, place: int, chosen: tuple[str, int] | None) -> html.Td:
    label, stress, goal = contender(test, place).label, STRESSES[column["stress"]], goal_of(test)
    found = cell(column, place)
    if found is None:
        said = (
            words.impossible(label, words.within(stress), column["reason"])
            if column["reason"]
            else words.awaited(label, words.within(stress))
        )
        text = words.NOT_POSSIBLE if column["reason"] else words.NOT_THERE
        empty = [html.Span(text, **HIDDEN), html.Span(said, className="visually-hidden")]
        kind = "is-impossible" if column["reason"] else "is-awaited"
        return html.Td(html.Div(empty, className=f"heat-cell {kind}"), role="gridcell")
    is_chosen = chosen == (column["stress"], place)
    described: Any = {
        "aria-label": _aloud(label, words.within(stress), found, column, goal),
        "aria-pressed": "true" if is_chosen else "false",
        "data-stress": column["stress"],
        "data-policy": str(place),
    }
    ring = " is-best" if found["is_best"] else ""
    button = html.Button(
        [html.Span(_gain(found, goal), className="heat-gain"), html.Span(_bounds(found), className="heat-bounds")],
        type="button",
        className=f"heat-cell heat-{fill(found)}{ring}",
        tabIndex=0 if is_chosen else -1,
        **described,
    )
    return html.Td(button, role="gridcell")


def _gain(found: Any, goal: Goal) -> str:
    """The share, or an amount where the baseline had nothing."""
    if found["share"]["low"] is None and not found["share"]["mean"]:
        return goal.mean(found["extra"]["mean"])
    return words.gain(found["share"]["mean"])


def _bounds(found: Any) -> str:
    share = found["share"]
    return "" if share["low"] is None else words.short_bounds(share["low"], share["high"])


def _aloud(label: str, stress: str, found: Any, column: Any, goal: Goal) -> str:
    share, note = found["share"], ""
    if found["is_best"]:
        alone = sum(one["is_best"] for one in column["cells"]) == 1
        note = words.BEST if alone else words.LEVEL_WITH_BEST
    ends = None if share["low"] is None else (share["low"], share["high"])
    return words.cell(label, stress, share["mean"] if ends else None, found["extra"]["mean"], ends, note, goal)
