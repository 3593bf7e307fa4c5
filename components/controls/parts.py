"""Pieces that the parts of the scenario panel are made of."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_worlds as worlds
from components.controls.field import error_place
from components.press import pressing
from components.shell import icon


def section_place(name: str, content: list[Component], class_name: str) -> html.Div:
    """A part of the panel that is made anew when its shape changes."""
    return html.Div(content, id=ids.section(name), className=class_name)


def text_place(of: str, words: str, class_name: str | None = None) -> html.Span:
    """Words that follow the settings."""
    return html.Span(words, id=ids.text(of), className=class_name)


def pairs(fields: list[Any]) -> list[Component]:
    """Lay fields out in rows of two."""
    return [html.Div(fields[first : first + 2], className="field-row") for first in range(0, len(fields), 2)]


def disclosure(name: str, title: Any, now: Component, body: Component) -> html.Details:
    """A row that opens; `now` is what it says while it is closed."""
    return html.Details([html.Summary([title, now]), body], id=f"row-{name}", className="disclosure")


def choice(what: str, label: str, options: Mapping[str, str], value: str, hint: str) -> html.Div:
    """A list to choose from whose choice changes more than one setting, with a sentence on what is chosen."""
    picker = dbc.Select(
        id=ids.pick(what),
        options=[{"label": words, "value": name} for name, words in options.items()],
        value=value,
    )
    return html.Div(
        [
            html.Label(label, htmlFor=ids.in_html(ids.pick(what)), className="form-label"),
            html.Div(picker, className="select"),
            html.Div(hint, className="field-hint"),
        ],
        className="field",
    )


def add_from(
    what: str, words: str, label: str, options: Mapping[str, str], class_name: str = "chip-select"
) -> list[Component]:
    """A list to choose from that looks like a button: what is chosen is added."""
    named = html.Label(label, htmlFor=ids.in_html(ids.pick(what)), className="visually-hidden")
    listed = [{"label": title, "value": name} for name, title in options.items()]
    return [named, dbc.Select(id=ids.pick(what), options=listed, placeholder=words, class_name=class_name)]


def remove(do: str, place: int | str, what: str, class_name: str) -> html.Button:
    """A cross that takes something away."""
    return html.Button(
        [icon("close"), html.Span(f"{wording.REMOVE} {what}", className="visually-hidden")],
        id=ids.action(do, place),
        type="button",
        className=class_name,
        **pressing(do, place),
    )


def link_button(do: str, words: Any, at: Any = None) -> html.Button:
    """A small underlined word that changes the scenario."""
    identity = ids.action(do) if at is None else ids.action(do, at)
    return html.Button(words, id=identity, type="button", className="link-button", **pressing(do, at))


def given_by_link(path: str, number: int, problem: str | None) -> html.Div:
    """A list that a link or a program has filled: how long it is, what is wrong with it, and a button that empties it."""
    told = html.Span(worlds.given_by_link(path.rpartition(".")[2], number))
    drop = link_button("clear-list", worlds.CLEAR_LIST, path)
    return html.Div([html.Div([told, drop], className="given-by-link"), error_place(path, problem)])


def hidden_label(text: str, path: str) -> html.Label:
    """The label of a control beside which there is no room for one."""
    return html.Label(text, htmlFor=ids.in_html(ids.field(path)), className="visually-hidden")


def new_seed(path: str) -> html.Button:
    """A button inside a field that draws another seed."""
    words = wording.NEW_LUCK if path == "seed" else wording.NEW_RATES
    return html.Button(
        [icon("refresh"), html.Span(words, className="visually-hidden")],
        id=ids.action("new-seed", path),
        type="button",
        title=words,
        className="btn btn-quiet btn-icon",
        **pressing("new-seed", path),
    )


def labelled(by: str) -> Any:
    """The attribute of what is named by an element with this id."""
    return {"aria-labelledby": by}
