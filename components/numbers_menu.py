"""The menu in the top bar that says how numbers look and in which currency amounts are; `assets/js/numbers.js` runs it.

A choice is a cookie, so that the server sees it with the next request, and the page is loaded anew with the same address.
"""

from collections.abc import Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import locales, wording
from components.door.conventions import CURRENCY, NUMBERS

TOGGLE: Final = "numbers-toggle"
MENU: Final = "numbers-menu"


def numbers_menu(picture: Component) -> html.Div:
    """The button, with its picture, and what it opens."""
    closed: Any = {"aria-expanded": "false", "aria-controls": MENU}
    named: Any = {"aria-labelledby": TOGGLE}
    toggle = html.Button(
        [picture, html.Span(wording.NUMBERS_MENU, className="visually-hidden")],
        id=TOGGLE,
        type="button",
        className="btn btn-quiet btn-icon",
        **closed,
    )
    styles = [(wording.AS_MY_BROWSER, "", None), *((locales.example(style), style, None) for style in locales.STYLES)]
    currencies = [(wording.NO_CURRENCY, "", None), *map(_currency, locales.CURRENCIES)]
    content = [
        _group(NUMBERS, wording.NUMBERS, styles),
        _group(CURRENCY, wording.CURRENCY, currencies),
        html.P(wording.CURRENCY_HINT, className="hint"),
    ]
    return html.Div(
        [toggle, html.Div(content, id=MENU, className="numbers-menu", role="group", hidden=True, **named)],
        className="numbers-place",
    )


def _currency(code: str) -> tuple[str, str, str]:
    symbol = locales.symbol(code)
    return symbol, code, f"{symbol}, {locales.name(code)}"


def _group(cookie: str, title: str, choices: Sequence[tuple[str, str, str | None]]) -> html.Div:
    """One thing to choose: words, value and, where the words say little, a longer name for each choice."""
    named: Any = {"aria-labelledby": cookie, "data-cookie": cookie}
    buttons = [_choice(*choice) for choice in choices]
    return html.Div(
        [html.Span(title, id=cookie, className="numbers-title"), html.Div(buttons, className="numbers-choices")],
        role="group",
        **named,
    )


def _choice(words: str, value: str, long: str | None) -> html.Button:
    state: Any = {"aria-pressed": "false", "data-value": value} | ({"aria-label": long} if long else {})
    return html.Button(words, type="button", title=long, className="numbers-choice", **state)
