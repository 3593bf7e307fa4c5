"""What browser tests share: one live server, Debian's Chromium, a console that must stay silent, and axe."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

from app import create_app
from engine import jobs
from engine.simulation import warm
from tests.browser.standing import hand_on, is_as_found
from tests.servers import served

# Nothing here is about speed, and a machine may be busy.
expect.set_options(timeout=30_000)

LEASE_SECONDS = 10.0
"""Pages look twice a second."""

Theme = Literal["light", "dark"]
ExpectAccessible = Callable[..., None]

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is the same browser without its windows: a fifth less work for the same pages."""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    # Every violation with all that it concerns. Describing what is in order as well takes longer than looking for it.
    "resultTypes": ["violations"],
}


RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""What another theme can break. Everything else is the same in both, and takes most of the time."""


def chromium_path() -> str:
    """Find the machine's Chromium; ``CHROMIUM`` names another."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise RuntimeError("Chromium: found none; the browser tests need one. Install it, or set CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium_path(), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Serve the application from a thread for the whole session; yields its address without a slash."""
    warm()  # no test waits for the compiler
    jobs.LEASE_SECONDS = LEASE_SECONDS  # what a test leaves running must not slow down those after it
    with served(create_app().server) as url:
        yield url


@pytest.fixture(scope="session")
def base_url(server_url: str) -> str:
    """Let ``page.goto("/compare")`` find the live server."""
    return server_url


@pytest.fixture(scope="module")
def shared_contexts() -> Iterator[list[BrowserContext]]:
    """Of the page that tests marked with `shared_page` share, if one stands open."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, shared_contexts: list[BrowserContext]) -> Iterator[Page]:
    """A page of the test's own, or with the mark `shared_page` that of its module."""
    if request.node.get_closest_marker("shared_page") is None:
        context: BrowserContext = request.getfixturevalue("context")
        yield context.new_page()
        return
    if not shared_contexts:
        browser: Browser = request.getfixturevalue("browser")
        shared_contexts.append(browser.new_context(**request.getfixturevalue("browser_context_args")))
        shared_contexts[0].new_page()
    (page,) = shared_contexts[0].pages
    yield page
    if is_as_found(page):
        hand_on(page)
    else:
        shared_contexts.pop().close()


@pytest.fixture
def console_messages(page: Page) -> Iterator[list[str]]:
    """Collect what the console says; fail the test when any of it is left in the list at the end.

    A test that provokes a message on purpose removes it from the list.
    """
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"warning", "error"}:
            messages.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def note_error(error: Error) -> None:
        messages.append(f"exception: {error}")

    page.on("console", note)
    page.on("pageerror", note_error)
    yield messages
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note_error)
    assert messages == [], "the console must stay silent"


@pytest.fixture
def set_theme(page: Page) -> Callable[[Theme], None]:
    """Bring the open page into a theme, as a visitor does: with the button."""

    def bring(theme: Theme) -> None:
        if page.locator("html").get_attribute("data-bs-theme") != theme:
            page.locator("#theme-toggle").click()
        page.wait_for_selector(f"html[data-bs-theme={theme}]")
        settle(page)

    return bring


def settle(page: Page) -> None:
    """Wait for what moves to come to rest: a colour half way through its transition would be measured as too pale.

    Skeletons never end. Chromium does not tell of the end of what is not drawn: so look, rather than wait to be told.
    """
    page.evaluate(
        """async () => {
            const moves = (animation) => Number.isFinite(animation.effect.getComputedTiming().endTime)
                && animation.playState === 'running';
            while (document.getAnimations().some(moves)) await new Promise((resolve) => setTimeout(resolve, 20));
        }"""
    )


def expect_no_violations(page: Page, theme: str, within: str | None = None, *, only_colours: bool = False) -> None:
    """Run axe on a page as it is, or on one part of it; any violation of WCAG 2.1 A or AA fails."""
    options = AXE_OPTIONS | ({"runOnly": {"type": "rule", "values": RULES_OF_COLOUR}} if only_colours else {})
    results = Axe().run(page, context=within, options=options)
    assert results.violations_count == 0, f"in the {theme} theme:\n{results.generate_report()}"


@pytest.fixture
def expect_accessible(page: Page, set_theme: Callable[[Theme], None]) -> ExpectAccessible:
    """Run axe on the open page, in both themes unless told."""

    def check(*themes: Theme) -> None:
        for place, theme in enumerate(themes or ("light", "dark")):
            set_theme(theme)
            expect_no_violations(page, theme, only_colours=place > 0)

    return check
