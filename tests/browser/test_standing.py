"""A page is handed on between tests as it was found, and in no other way."""

from collections.abc import Callable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Page

from tests.browser.standing import hand_on, is_as_found, open_once
from tests.servers import served

pytestmark = pytest.mark.browser

CONTENT = b"""<!doctype html><title>A page</title><p id="words">Some words</p><input value="1">
<details><summary>More</summary>much more</details><button aria-pressed="false">Press</button>"""
CHANGES: dict[str, Callable[[Page], object]] = {
    "words": lambda page: page.evaluate("words.textContent = 'Others'"),
    "a field": lambda page: page.locator("input").fill("2"),
    "a row": lambda page: page.locator("summary").click(),
    "a button": lambda page: page.locator("button").evaluate("(button) => { button.ariaPressed = 'true'; }"),
    "what is visible": lambda page: page.locator("button").evaluate("(button) => { button.hidden = true; }"),
    "the address": lambda page: page.evaluate("history.pushState(null, '', '?other')"),
    "another page": lambda page: page.context.new_page(),
    "no page": lambda page: page.close(),
}


@pytest.fixture
def url() -> Iterator[str]:
    def application(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [CONTENT]

    with served(application) as address:
        yield address


def opened(page: Page, url: str) -> bool:
    """Ask for the page, and say whether it was loaded for that."""
    page.evaluate("window.before = true")
    open_once(page, url, lambda: None)
    return page.evaluate("window.before") is None


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_left_otherwise_is_not_handed_on(page: Page, url: str, what: str) -> None:
    open_once(page, url, lambda: None)
    assert is_as_found(page)
    CHANGES[what](page)
    assert not is_as_found(page)


def test_what_is_put_back_is_handed_on_once(page: Page, url: str) -> None:
    open_once(page, url, lambda: None)
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(media="print")
    page.locator("input").focus()
    assert is_as_found(page)
    hand_on(page)
    assert not opened(page, url)
    assert opened(page, url), "the same test asks again"
    hand_on(page)
    assert opened(page, f"{url}/?other")
    assert opened(page, f"{url}/?other"), "it was handed on for another address"
