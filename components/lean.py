"""Less over the wire: what the browser only looks up, and what it has already, is not sent.

- Dash puts every page's whole layout into each page that it serves, for the browser to look up whether the ids of all
  callbacks are there. Ids and kinds of components are enough for that.
- The shell's layout and the list of callbacks are the same until the program changes: a browser that has them gets
  304 and nothing else.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, request

UNTIL_THE_PROGRAM_CHANGES: Final = frozenset({"/_dash-layout", "/_dash-dependencies"})


def register(server: Flask) -> None:
    """Let the server answer 304 where the browser has what it asks for; must come after what compresses."""
    server.after_request(_keep_until_changed)


def _keep_until_changed(response: Response) -> Response:
    # A password may stand before the program: only the visitor's own browser keeps what lies behind it.
    if request.path in UNTIL_THE_PROGRAM_CHANGES and request.method == "GET" and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


class Lean:
    """Remembers what was left of a layout, as long as that does not grow."""

    def __init__(self) -> None:
        self._known: tuple[tuple[int, int], html.Div] | None = None

    def of(self, layout: Component) -> html.Div:
        """Return the layout with its ids alone."""
        mark = (id(layout), len(getattr(layout, "children", None) or ()))
        if self._known is None or self._known[0] != mark:
            self._known = mark, ids_alone(layout)
        return self._known[1]


def ids_alone(layout: Component) -> html.Div:
    """Return a layout with the same ids on the same kinds of components, and with nothing else."""
    return html.Div(list(_with_ids(layout)))


def _with_ids(value: Any) -> Iterator[Any]:
    """Yield what components have an id, bare; they may stand in lists, in records and in one another's properties."""
    if isinstance(value, Component):
        told = value.to_plotly_json()
        value = told["props"]
        if "id" in value:
            yield told | {"props": {"id": value["id"]}}
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    for part in parts:
        yield from _with_ids(part)
