"""Special terms in texts: each is a link into the glossary, with its definition at hand for those who stop at it.

`assets/js/terms.js` shows the definition on hover, on focus and on a tap, and goes to the guide without a new document.
"""

from typing import Any, Final

from dash import html

from components.formats import prose
from components.guide.glossary import TERMS, Term, anchor, found_in

GUIDE: Final = "/guide"

Explained = list[str | html.A]


def term(slug: str, words: str | None = None) -> html.A:
    """A special term as a link; `words` are what it is called here."""
    return _link(TERMS[slug], words or TERMS[slug].name)


def explained(text: str) -> Any:
    """The text with the first naming of each special term as a link; the text itself where it names none.

    Everyday terms are left alone. Not for what is itself pressed, such as a button or a label: a link cannot stand in it.

    >>> explained("Nothing special here.")
    'Nothing special here.'
    >>> [getattr(part, "href", part) for part in explained("Less regret: regret is missed.")]
    ['Less ', '/guide#term-regret', ': regret is missed.']
    """
    parts: Explained = []
    place, known = 0, set[str]()
    for start, end, found in found_in(text):
        if found.slug in known or found.everyday:
            continue
        known.add(found.slug)
        parts += [*([text[place:start]] if start > place else []), _link(found, text[start:end])]
        place = end
    if not parts:
        return text
    return [*parts, text[place:]] if place < len(text) else parts


def _link(found: Term, words: str) -> html.A:
    says: Any = {"data-says": prose(found.short), "data-term": found.name}
    return html.A(words, href=f"{GUIDE}#{anchor(found)}", className="term", **says)
