"""Each request is answered as whoever sent it writes numbers: by their choice, else by their browser's languages."""

from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient

from components import conventions
from components.formats import count, money
from tests.components.door.asking import server

THIN = "\N{NARROW NO-BREAK SPACE}"


def visitor() -> FlaskClient:
    flask = server()
    flask.add_url_rule("/number", "number", lambda: Response(f"{count(12_345)} {money(1.5)}", mimetype="text/plain"))
    return flask.test_client()


def told(languages: str | None = None, **cookies: str) -> str:
    asking = visitor()
    for name, value in cookies.items():
        asking.set_cookie(f"btm-{name}", value)
    return asking.get("/number", headers={"Accept-Language": languages} if languages else {}).text


@pytest.mark.parametrize(
    ("languages", "written"),
    [
        (None, "12,345 1.50"),
        ("en-GB,en;q=0.9", "12,345 1.50"),
        ("de-DE,de;q=0.9,en;q=0.5", "12.345 1,50"),
        ("fr", f"12{THIN}345 1,50"),
        ("en;q=0.4,de;q=0.9", "12.345 1,50"),
        ("tlh,de-XX", "12.345 1,50"),
        ("*", "12,345 1.50"),
        ("../../etc;q=x,,;;", "12,345 1.50"),
        ("x" * 5_000, "12,345 1.50"),
    ],
)
def test_a_browser_says_how_numbers_look(languages: str | None, written: str) -> None:
    assert told(languages) == written


def test_a_choice_comes_before_the_browser() -> None:
    assert told("de", numbers="en") == "12,345 1.50"
    assert told("en", numbers="fr", currency="EUR") == f"12{THIN}345 1,50\xa0€"
    assert told("de", currency="USD") == "12.345 1,50\xa0$"


@pytest.mark.parametrize("nonsense", ["", "xx", "de_DE", "<script>", "€", "EUR; path=/"])
def test_what_no_page_writes_into_a_cookie_is_not_looked_at(nonsense: str) -> None:
    assert told(numbers=nonsense, currency=nonsense) == "12,345 1.50"


def test_the_next_visitor_of_a_thread_starts_anew() -> None:
    asking = visitor()
    assert asking.get("/number", headers={"Accept-Language": "de"}).text == "12.345 1,50"
    assert conventions.now() == conventions.USUAL
    asking.get("/fail", headers={"Accept-Language": "de"})
    assert conventions.now() == conventions.USUAL


def test_caches_are_told_what_an_answer_depends_on() -> None:
    asking = visitor()
    varies: Any = asking.get("/number").vary
    assert {"Accept-Language", "Cookie"} <= set(varies)
    assert "Accept-Language" not in asking.get("/assets/a.js").vary
