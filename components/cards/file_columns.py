"""The columns of a brought file: what each was taken for, two of its values, and a list to say otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components import wording_campaign as words
from engine.reading import ESSENTIAL, Column

_NEEDED: Final = ESSENTIAL | {"arm", "propensity", "reward"}
"""What is at the heart of a campaign, or of a log."""


def title(columns: Sequence[Column]) -> str:
    """The finding."""
    return words.columns_title(sum(column["role"] != "ignore" for column in columns), len(columns))


def file_columns(columns: Sequence[Column], roles: Mapping[str, str]) -> html.Div:
    """A cell for each column, with the words for the roles that it may have; scrolls in its own box where there are many."""
    named: Any = {"aria-label": words.COLUMNS_DECK}
    cells = [_cell(place, column, roles) for place, column in enumerate(columns)]
    return html.Div(
        html.Div(cells, className="file-columns"), className="file-columns-box", tabIndex=0, role="region", **named
    )


def _cell(place: int, column: Column, roles: Mapping[str, str]) -> html.Div:
    role, title = column["role"], column["title"]
    kind = "is-goal" if role in _NEEDED else "is-unused" if role == "ignore" else "is-other"
    options = [{"label": label, "value": value} for value, label in roles.items()]
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
