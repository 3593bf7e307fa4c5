"""The door of callbacks: a request that no page sends is refused before anything is done with it.

Pages keep their state in the browser, so that every request brings whatever somebody put into it.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from dash import Dash
from dash.exceptions import PreventUpdate
from flask import Response, request
from werkzeug.exceptions import BadRequest, HTTPException

from engine.journal import note_output

log = logging.getLogger(__name__)

ENDPOINT: Final = "/_dash-update-component"
REFUSED: Final = "This request was not understood. Load the page again."
_DEEPEST: Final = 4
"""Lists in lists of inputs; patterns of ids take two."""
_LONGEST_NAME: Final = 80


def register(app: Dash) -> None:
    """Guard the door; the callbacks are known once all pages are registered."""
    views = app.server.view_functions
    views[ENDPOINT] = _guarded(app, views[ENDPOINT])


def _guarded(app: Dash, view: Callable[[], Response]) -> Callable[[], Response]:
    def answer() -> Response:
        body = _body()
        if not is_well_formed(body, app.callback_map):
            raise BadRequest(REFUSED)
        note_output(short(body["output"]))
        try:
            return view()
        except (HTTPException, PreventUpdate, OSError, MemoryError):
            raise
        except Exception as error:
            # What a page keeps in the browser is of another kind than it put there, or a callback has a fault: both are
            # told to the log, with where it happened and without what was sent.
            log.exception("A callback could not be answered: %s", type(error).__name__)
            raise BadRequest(REFUSED) from error

    return answer


def _body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # lists in lists in lists
        return None


def short(output: str) -> str:
    """Return the first of the places that a callback fills; it is known, so that nobody else's words are in it.

    >>> short("hero.children"), short("..hero.children...luck.children..")
    ('hero.children', 'hero.children and 1 more')
    """
    first, *others = output.strip(".").split("...")
    return f"{first[:_LONGEST_NAME]} and {len(others)} more" if others else first[:_LONGEST_NAME]


def is_well_formed(body: Any, known: Mapping[str, Any]) -> bool:
    """Whether a body asks for a callback that there is, in the form in which pages ask.

    >>> known = {"a.children": {"inputs": [{"id": "b", "property": "data"}], "state": []}}
    >>> place = {"id": "a", "property": "children"}
    >>> body = {"output": "a.children", "outputs": place, "changedPropIds": ["b.data"],
    ...         "inputs": [{"id": "b", "property": "data", "value": 1}], "state": []}
    >>> is_well_formed(body, known), is_well_formed(body | {"output": "x.y"}, known), is_well_formed([], known)
    (True, False, False)
    """
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or body["output"] not in known:
        return False
    asked = known[body["output"]]
    return (
        _are_places(body.get("outputs"))
        and _are_as_many(body.get("inputs"), asked["inputs"])
        and _are_as_many(body.get("state", []), asked["state"])
        and isinstance(body.get("changedPropIds", []), list)
        and all(isinstance(name, str) for name in body.get("changedPropIds", []))
    )


def _are_as_many(given: Any, asked: list[Any]) -> bool:
    return isinstance(given, list) and len(given) == len(asked) and _are_places(given)


def _are_places(given: Any, depth: int = 0) -> bool:
    """Whether it is a property of a component, or lists of such."""
    if isinstance(given, list):
        return depth < _DEEPEST and all(_are_places(one, depth + 1) for one in given)
    return (
        isinstance(given, dict) and isinstance(given.get("property"), str) and isinstance(given.get("id"), str | dict)
    )
