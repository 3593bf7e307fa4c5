"""A page that stays open between tests: to load one takes more than what most tests do with it.

It is handed on only as it was found. What a test leaves otherwise is closed, so that forgetting something costs a load
and touches no other test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary, WeakSet

from playwright.sync_api import Error, Page, ViewportSize

VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 720}
MOMENT_MS: Final = 3_000

SEEN: Final = """() => {
    const words = document.body.cloneNode(true);
    words.querySelectorAll('svg, script, #run-status, .visually-hidden').forEach((one) => one.remove());
    const all = (selector, told) => [...document.querySelectorAll(selector)].map((one) => one.checkVisibility() && told(one));
    return JSON.stringify([
        location.href,
        document.documentElement.dataset.bsTheme,
        words.textContent,
        all('input, select, textarea', (one) => [one.value, one.checked]),
        all('details', (one) => one.open),
        all('[aria-pressed], [aria-expanded], [aria-sort]', (one) => [one.ariaPressed, one.ariaExpanded, one.ariaSort]),
        all('a, button, dialog, [role]', () => true),
    ]);
}"""
"""What a visitor can tell apart, but for drawings, which come as they are scrolled to, and how long the last run took."""
THEME: Final = "document.documentElement.dataset.bsTheme"
LET_GO: Final = "() => { document.activeElement?.blur(); window.scrollTo({ top: 0, behavior: 'instant' }); }"


@dataclass(frozen=True)
class Opened:
    """How a page looked once what was asked for had settled."""

    path: str
    theme: str
    seen: str


_opened: WeakKeyDictionary[Page, Opened] = WeakKeyDictionary()
_handed_on: WeakSet[Page] = WeakSet()


def hand_on(page: Page) -> None:
    """Give a page that is as it was found to another test."""
    _handed_on.add(page)


def open_once(page: Page, path: str, settled: Callable[[], None]) -> None:
    """Open an address and wait until it has settled, unless the page was handed on with it."""
    was_handed_on = page in _handed_on
    _handed_on.discard(page)
    if was_handed_on and _opened[page].path == path:
        return
    page.goto(path)
    settled()
    _opened[page] = Opened(path, page.evaluate(THEME), page.evaluate(SEEN))


def is_as_found(page: Page) -> bool:
    """Put back what any test may change, and say whether the page is then as it was opened, and alone."""
    opened = _opened.get(page)
    if opened is None or page.context.pages != [page]:
        return False
    try:
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        page.set_viewport_size(VIEWPORT)
        if page.evaluate(THEME) != opened.theme:
            page.locator("#theme-toggle").click(timeout=MOMENT_MS)
        page.evaluate(LET_GO)
        return bool(page.evaluate(SEEN) == opened.seen)
    except Error:  # the page is closed, or something lies over the button
        return False
