"""The columns of a brought file: what each was taken for, two of its values, and a list to say otherwise."""

from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components import wording_campaign as words
from engine.reading import Column, Told

_GOAL: Final = frozenset({"variant", "sends", "conversions", "conversion_rate", "converted"})
"""What no campaign can do without."""


def title(told: Told) -> str:
    """The finding."""
    used = sum(column["role"] != "ignore" for column in told["columns"])
    return words.TO_BE_SAID if told["questions"] else words.columns_title(used, len(told["columns"]))


def file_columns(told: Told) -> html.Div:
    """A cell for each column; scrolls in its own box where there are many."""
    named: Any = {"aria-label": words.COLUMNS_DECK}
    cells = [_cell(place, column) for place, column in enumerate(told["columns"])]
    return html.Div(
        html.Div(cells, className="file-columns"), className="file-columns-box", tabIndex=0, role="region", **named
    )


def _cell(place: int, column: Column) -> html.Div:
    role, title = column["role"], column["title"]
    kind = "is-goal" if role in _GOAL else "is-unused" if role == "ignore" else "is-other"
    options = [{"label": label, "value": value} for value, label in words.ROLES.items()]
    identity = ids.column_role(place)
    label = html.Label(
        words.COLUMN_ROLE.format(title=title), htmlFor=ids.in_html(identity), className="visually-hidden"
    )
    select = html.Div(dbc.Select(id=identity, options=options, value=role), className="select")
    samples = [html.Div(sample or "–", className="file-column-sample", title=sample) for sample in column["samples"]]
    return html.Div(
        [html.Strong(title, title=title), label, select, *samples],
        className=f"file-column {kind}",
    )
