"""A page's elements as markup for a file: the same words, without what only works on the page.

Buttons that do something and graphs are left out; links and other buttons leave their words.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from dash import dcc
from dash.development.base_component import Component

_ATTRIBUTES: Final = {
    "className": "class",
    "colSpan": "colspan",
    "rowSpan": "rowspan",
    "scope": "scope",
    "span": "span",
    "tabIndex": "tabindex",
    "title": "title",
    "aria-hidden": "aria-hidden",
}
_KEPT_ROLES: Final = frozenset({"region", "group"})
_WORDS_ONLY: Final = {"Button": "span", "A": "span", "Link": "span"}
"""What these do is not there in a file."""
_LEFT_OUT: Final = frozenset({"btn", "link-button", "menu-box"})
"""Classes of what has no use in a file."""
_EMPTY: Final = frozenset({"br", "hr", "col", "img"})
_BLOCKS: Final = frozenset(
    {"P", "Div", "H1", "H2", "H3", "H4", "Li", "Tr", "Dt", "Dd", "Section", "Caption", "Summary"}
)
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def markup(content: Any) -> str:
    """Write elements as markup; whatever is text is escaped."""
    if content is None or isinstance(content, bool):
        return ""
    if isinstance(content, list | tuple):
        return "".join(map(markup, content))
    if not isinstance(content, Component):
        return escape(str(content), quote=False)
    if not _is_kept(content):
        return ""
    name = _WORDS_ONLY.get(type(content).__name__, type(content).__name__.lower())
    opening = f"<{name}{_attributes(content)}>"
    if name in _EMPTY:
        return opening
    return f"{opening}{markup(getattr(content, 'children', None))}</{name}>"


def words(content: Any) -> str:
    """Return the words of elements as one line, with spaces between blocks.

    >>> from dash import html
    >>> words([html.H2("Extra:"), html.P(["+1,266 ", html.Strong("conversions"), "."])])
    'Extra: +1,266 conversions.'
    """
    return " ".join("".join(_pieces(content)).split())


def first_heading(content: Any) -> str:
    """Return the words of the first heading of the first level."""
    return next((words(part) for part in _walk(content) if type(part).__name__ == "H1"), "")


def paragraphs(content: Any) -> list[str]:
    """Return the words of every paragraph that has any."""
    return [text for part in _walk(content) if type(part).__name__ == "P" and (text := words(part))]


def _is_kept(component: Component) -> bool:
    if isinstance(component, dcc.Link):
        return not _classes(component) & _LEFT_OUT
    if component._namespace != "dash_html_components" or getattr(component, "hidden", None):  # noqa: SLF001  # Dash's own name for it
        return False
    return not _classes(component) & _LEFT_OUT


def _classes(component: Component) -> frozenset[str]:
    return frozenset((getattr(component, "className", None) or "").split())


def _attributes(component: Component) -> str:
    given = component.to_plotly_json()["props"]
    told = {known: given[name] for name, known in _ATTRIBUTES.items() if given.get(name) not in (None, "")}
    if given.get("role") in _KEPT_ROLES and given.get("aria-label"):
        told |= {"role": given["role"], "aria-label": given["aria-label"]}
    if isinstance(given.get("style"), Mapping):
        told["style"] = "; ".join(f"{_property(name)}: {value}" for name, value in given["style"].items())
    return "".join(f' {name}="{escape(str(value))}"' for name, value in told.items())


def _property(name: str) -> str:
    """Return the name of a style as stylesheets write it."""
    return name if name.startswith("--") else _CAPITAL.sub("-", name).lower()


def _walk(content: Any) -> Iterator[Component]:
    if isinstance(content, list | tuple):
        for part in content:
            yield from _walk(part)
    elif isinstance(content, Component) and _is_kept(content):
        yield content
        yield from _walk(getattr(content, "children", None))


def _pieces(content: Any) -> Iterator[str]:
    if isinstance(content, list | tuple):
        for part in content:
            yield from _pieces(part)
    elif isinstance(content, Component):
        if _is_kept(content):
            around = " " if type(content).__name__ in _BLOCKS else ""
            yield around
            yield from _pieces(getattr(content, "children", None))
            yield around
    elif content is not None and not isinstance(content, bool):
        yield str(content)
