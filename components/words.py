"""Turns words with emphasis into elements: a policy's name and number in its hue, other numbers in bold."""

from collections.abc import Sequence
from typing import Any, Final

from dash import html

from components.terms import explained
from components.wording import Emphasis, Words


def hue(slot: int | None) -> str:
    """The class that names a policy's hue for everything inside it; the oracle is ink."""
    return "hue-oracle" if slot is None else f"hue-{slot}"


LONGEST_UNBROKEN: Final = 16
"""Letters; a longer word may be wider than a phone."""


def unbroken(text: str) -> str:
    """The class that keeps a single word such as ε-greedy on one line; none for several words or a long one.

    >>> unbroken("ε-greedy"), unbroken("Thompson sampling"), unbroken("A" * 60)
    ('kept', '', '')
    """
    return "" if " " in text or len(text) > LONGEST_UNBROKEN else "kept"


def spans(words: Words, slots: Sequence[int | None] | None = None) -> list[str | html.Span | html.Strong]:
    """The children of a sentence; without `slots` (an undecided verdict) nothing takes a hue."""
    return [part if isinstance(part, str) else _emphasised(part, slots) for part in words]


def explained_spans(words: Words, slots: Sequence[int | None] | None = None) -> list[Any]:
    """The same with the special terms of its plain parts as links, for what stands below a heading."""
    parts: list[Any] = []
    for part in words:
        told = explained(part) if isinstance(part, str) else _emphasised(part, slots)
        parts += told if isinstance(told, list) else [told]
    return parts


def _emphasised(part: Emphasis, slots: Sequence[int | None] | None) -> html.Span | html.Strong:
    if part.policy is None:
        return html.Strong(part.text)
    names = [unbroken(part.text)]
    names += ["hued", hue(slots[part.policy])] if slots is not None else []
    return html.Span(part.text, className=" ".join(names).strip())
