"""What stands in every page for a visit: the frame of the cards, two stores, and where the scripts are."""

import json
from collections.abc import Callable
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids
from components import wording_visit as words
from components.shell import icon
from components.visit import gallery, saved

SCRIPTS = ("tour", "story", "gallery", "saved")
"""Fetched when somebody asks for one of them."""


def parts(address_of: Callable[[str], str]) -> list[Component]:
    """The parts; `address_of` says where an asset is served."""
    scripts: Any = {f"data-{name}": address_of(f"pages/{name}.js") for name in SCRIPTS}
    told: Any = {
        "data-styles": address_of("pages/visit.css"),
        "data-words": json.dumps(words.SAVED, ensure_ascii=False),
    }
    return [
        html.Div(id="visit", hidden=True, **scripts, **told),
        _gallery(),
        dcc.Store(id=ids.GALLERY_WANTED),
        dcc.Store(id=ids.SAVED_ASKED),
        dcc.Store(id=ids.SAVED_TOLD),
    ]


def _gallery() -> html.Dialog:
    named: Any = {"aria-labelledby": "gallery-title"}
    closes: Any = {"data-sheet-close": "true"}
    close = html.Button(
        [icon("close"), html.Span(words.CLOSE, className="visually-hidden")],
        type="button",
        className="btn btn-quiet btn-icon",
        **closes,
    )
    return html.Dialog(
        [
            html.Div(
                [html.H2(words.GALLERY_TITLE, id="gallery-title", className="sheet-title"), close],
                className="sheet-head",
            ),
            html.P(words.GALLERY_TEXT, className="sheet-text"),
            html.Div(gallery.waiting(), id=ids.GALLERY),
        ],
        id="gallery-sheet",
        className="sheet sheet-wide",
        **named,
    )


def register(app: Dash) -> None:
    """Connect the parts to their ids."""
    app.callback(Output(ids.GALLERY, "children"), Input(ids.GALLERY_WANTED, "data"), prevent_initial_call=True)(cards)
    app.callback(Output(ids.SAVED_TOLD, "data"), Input(ids.SAVED_ASKED, "data"), prevent_initial_call=True)(saved.told)
    app.clientside_callback(
        ClientsideFunction("btm_visit", "tell"), Input(ids.SAVED_TOLD, "data"), prevent_initial_call=True
    )


def cards(wanted: Any) -> Component:
    """The cards, once somebody wants them."""
    if not wanted:
        raise PreventUpdate
    return gallery.cards()
