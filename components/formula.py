"""Formulas from the plain letters in which policies write them: `_` lowers what follows, `^` raises it.

Drawn with sub and sup elements, which need no library; a screen reader gets the same in words.
"""

import re
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

_SHIFTS: Final = {"_": html.Sub, "^": html.Sup}
_SPOKEN: Final = {
    "_": " sub ",
    "^": " to the power ",
    "←": " becomes ",
    "≤": " is at most ",
    "≥": " is at least ",
    "~": " is drawn from ",
    "√": " the square root of ",
    "Σ": " the sum over ",
    "−": " minus ",
    "×": " times ",
    "±": " plus or minus ",
    "/": " divided by ",
}


def formula(text: str) -> html.Div:
    """One or more formulas, a line each; semicolons stand between them."""
    spoken: Any = {"aria-label": in_words(text)}
    lines = [html.Div(drawn(line.strip()), className="formula-line") for line in text.split(";")]
    return html.Div(lines, className="formula", role="math", **spoken)


def in_words(text: str) -> str:
    """The formula as it is read aloud.

    >>> in_words("ε_t = min(1, c / d^2)")
    'ε sub t = min(1, c divided by d to the power 2)'
    """
    for sign, word in _SPOKEN.items():
        text = text.replace(sign, word)
    return re.sub(r"\s+", " ", re.sub(r"[{}]", "", text)).strip()


def drawn(text: str) -> list[str | Component]:
    """One formula as elements.

    >>> drawn("e^{x_a} / K")
    ['e', Sup(['x', Sub(['a'])]), ' / K']
    """
    found: list[str | Component] = []
    plain, place = "", 0
    while place < len(text):
        shift = _SHIFTS.get(text[place])
        if shift is None:
            plain, place = plain + text[place], place + 1
            continue
        end = _end(text, place + 1)
        found += [plain] if plain else []
        found.append(shift(drawn(text[place + 1 : end].removeprefix("{").removesuffix("}"))))
        plain, place = "", end
    return found + ([plain] if plain else [])


def _end(text: str, place: int) -> int:
    """Where what is shifted ends: one letter, or a group in braces."""
    depth = 0
    for end in range(place, len(text)):
        depth += (text[end] == "{") - (text[end] == "}")
        if depth == 0:
            return end + 1
    raise ValueError(f"formula: got {text!r}; a brace is never closed. Close it.")
