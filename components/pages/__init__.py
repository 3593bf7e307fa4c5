"""The pages, each once: address, name in the bar, layout and callbacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dash import Dash
from dash.development.base_component import Component

from components import wording
from components.pages import time_machine


@dataclass(frozen=True)
class Page:
    """What the server needs to know of a page; an empty `nav` leaves it out of the bar."""

    path: str
    title: str
    nav: str
    layout: Callable[..., Component]
    register: Callable[[Dash], None]


def _page(path: str, title: str, module: Any) -> Page:
    return Page(path, title, title, module.layout, module.register)


PAGES: Final = (_page("/", wording.TIME_MACHINE, time_machine),)
