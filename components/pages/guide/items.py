"""A piece of guidance with what backs it, as all sections of the guide show it."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components import wording_guide as words
from components.formats import prose
from components.guide import references
from components.guide.backing import Backing, Figure, Item, Read, Seen
from components.guide.demonstrations import DEMONSTRATIONS
from components.guide.readings import READINGS
from components.guide.references import REFERENCES
from components.terms import explained


def plain(items: Sequence[Item]) -> html.Div:
    """Items below one another, or side by side where there is room."""
    return html.Div([_item(item) for item in items], className="guide-items")


def numbered(items: Sequence[Item]) -> html.Ol:
    """Items in an order that matters."""
    return html.Ol([html.Li(_parts(item)) for item in items], className="guide-items guide-numbered")


def backing(item: Item) -> html.P:
    """What backs an item, below it."""
    return html.P(backings(item.backed_by), className="hint guide-backing")


def backings(several: Sequence[Backing]) -> list[Any]:
    """What backs something: to watch, to look at, to read."""
    parts: list[Any] = []
    for place, one in enumerate(several):
        parts += [*([" · "] if place else []), *_backing(one)]
    return parts


def demonstration(name: str) -> dcc.Link:
    """The way to a scenario that shows something happen."""
    one = DEMONSTRATIONS[name]
    return dcc.Link(prose(one.title), href=one.address)


def reference(key: str, part: str = "") -> html.A:
    """The way to a source in the list."""
    one = REFERENCES[key]
    return html.A(words.cited(one.cited, part), href=f"#{references.anchor(one)}")


def _item(item: Item) -> html.Article:
    return html.Article(_parts(item), className="guide-item")


def _parts(item: Item) -> list[Component]:
    return [html.H3(item.title), html.P(explained(prose(item.text))), backing(item)]


def _backing(one: Backing) -> list[Any]:
    if isinstance(one, Seen):
        return [words.WATCH, demonstration(one.demonstration)]
    if isinstance(one, Figure):
        return [words.CHART, html.A(READINGS[one.reading].title, href=f"#reading-{one.reading}")]
    return [words.READ, _read(one)]


def _read(one: Read) -> html.A:
    return reference(one.reference, one.part)
