"""In whose conventions a request is answered: what was chosen, else what the browser prefers, else the usual ones."""

from typing import Final

from flask import Flask, Response, request

from components import locales
from components.conventions import USUAL, Conventions, follow

NUMBERS: Final = "btm-numbers"
CURRENCY: Final = "btm-currency"
"""Cookies that `assets/js/numbers.js` writes: one of `locales.STYLES`, one of `locales.CURRENCIES`."""
DEPENDS_ON: Final = ("Accept-Language", "Cookie")
_MOST_LANGUAGES: Final = 6
"""Of those that a browser prefers; nobody reads more."""
_SAME_FOR_ALL: Final = ("/assets/", "/_dash-component-suites/")


def register(server: Flask) -> None:
    """Follow them from the request's begin to its end; the thread may answer somebody else next."""
    server.before_request(lambda: follow(asked_for()))
    server.after_request(_tell_caches)
    server.teardown_request(lambda _error: follow(USUAL))


def asked_for() -> Conventions:
    """The conventions of this request."""
    language = next(filter(None, map(locales.known, _preferred())), USUAL.language)
    style, currency = request.cookies.get(NUMBERS), request.cookies.get(CURRENCY)
    if style in locales.STYLES:
        language = locales.with_signs_of(language, style)
    return locales.conventions(language, currency if currency in locales.CURRENCIES else None)


def _preferred() -> list[str]:
    return list(request.accept_languages.values())[:_MOST_LANGUAGES]


def _tell_caches(response: Response) -> Response:
    """Whoever keeps an answer for others must not give it to those who write numbers otherwise."""
    if not request.path.startswith(_SAME_FOR_ALL):
        response.vary.update(DEPENDS_ON)
    return response
