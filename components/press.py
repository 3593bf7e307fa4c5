"""Buttons that change the scenario, wherever on the page they stand: `assets/js/controls.js` reads these attributes."""

import json
from typing import Any


def pressing(do: str, at: Any = None) -> dict[str, Any]:
    """The attributes of a button: what it does, and where or with what.

    >>> pressing("remove-arm", 2), pressing("new-seed", "seed"), pressing("run")
    ({'data-press': 'remove-arm', 'data-at': '2'}, {'data-press': 'new-seed', 'data-at': '"seed"'}, {'data-press': 'run'})
    """
    return {"data-press": do} | ({} if at is None else {"data-at": json.dumps(at)})
