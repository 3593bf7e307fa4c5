"""Buttons that change the scenario, wherever on the page they stand: `assets/js/controls.js` reads these attributes."""

import json
from typing import Any

from dash import html


def pressing(do: str, at: Any = None) -> dict[str, Any]:
    """The attributes of a button: what it does, and where or with what.

    >>> pressing("remove-arm", 2), pressing("new-seed", "seed"), pressing("run")
    ({'data-press': 'remove-arm', 'data-at': '2'}, {'data-press': 'new-seed', 'data-at': '"seed"'}, {'data-press': 'run'})
    """
    return {"data-press": do} | ({} if at is None else {"data-at": json.dumps(at)})


def opener(words: str, what: str) -> html.Button:
    """A button in the text that opens what `assets/js/visit.js` fetches: the tour, the story, the saved scenarios."""
    opens: Any = {"data-visit": what}
    return html.Button(words, type="button", className="link-button", **opens)


def was_pressed(clicks: Any) -> bool:
    """Whether one of several buttons was pressed, by how often each was; a program may say anything.

    >>> was_pressed([None, 1]), was_pressed([None]), was_pressed([]), was_pressed(7)
    (True, False, False, False)
    """
    return isinstance(clicks, list) and any(clicks)
