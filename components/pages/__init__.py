"""The pages, each once: address, name in the bar, layout and callbacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dash import Dash
from dash.development.base_component import Component

from components import wording, wording_compare
from components.controls import editing
from components.controls.editing import Rules
from components.pages import compare, time_machine


@dataclass(frozen=True)
class Page:
    """What the server needs to know of a page; an empty `nav` leaves it out of the bar, `rules` are for the panel."""

    path: str
    title: str
    nav: str
    layout: Callable[..., Component]
    register: Callable[[Dash], None]
    rules: Rules | None


def _page(path: str, title: str, module: Any) -> Page:
    return Page(path, title, title, module.layout, module.register, getattr(module, "RULES", None))


PAGES: Final = (
    _page("/", wording.TIME_MACHINE, time_machine),
    _page("/compare", wording_compare.COMPARE, compare),
)


def register(app: Dash) -> None:
    """Connect every page, and the panel that they share."""
    for page in PAGES:
        page.register(app)
    editing.register(app, {page.rules.page: page.rules for page in PAGES if page.rules})
