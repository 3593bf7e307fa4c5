"""What every figure promises, whatever it shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

# The names of tokens.css that charts may use, with an opacity or without.
_TOKEN = re.compile(r"token:(p[0-7]|t[0-7]|a[0-7]o?|oracle|bs-[a-z-]+|btm-[a-z-]+)(/(0?\.\d+|btm-future))?")
_CLEAR = "rgba(0,0,0,0)"
_COLOUR_KEYS = (
    "color",
    "colors",
    "fillcolor",
    "bgcolor",
    "bordercolor",
    "linecolor",
    "gridcolor",
    "activecolor",
)


def check_figure(figure: dict[str, Any]) -> None:
    """Plain JSON without NaN, colours only from the tokens."""
    json.dumps(figure, allow_nan=False)
    for colour in colours(figure):
        assert colour == _CLEAR or _TOKEN.fullmatch(colour), colour


def colours(part: Any, key: str = "") -> Iterator[str]:
    """Every colour in a figure."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from colours(value, name)
    elif isinstance(part, list):
        for value in part:
            yield from colours(value, key)
    elif key in _COLOUR_KEYS or key.endswith("_bgcolor"):
        yield str(part)


def texts(figure: dict[str, Any]) -> list[str]:
    """The annotations of a figure, without tags."""
    return [re.sub(r"</?b>", "", note["text"]) for note in figure["layout"]["annotations"]]
