"""Signing in and out, a session that ends, and a server that asks for patience, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from app import create_app
from components import wording_door
from tests.browser.conftest import ExpectAccessible, expect_no_violations
from tests.browser.steps import CLASSIC, expect_no_sideways_scroll, expect_verdict, field
from tests.servers import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

PASSWORD = "open sesame 1"
WIDTHS = (390, 768, 1440)
CALLBACKS = "**/_dash-update-component*"


@contextmanager
def served_with(**environment: str) -> Iterator[str]:
    """Serve an application that is set by these variables."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        application = create_app().server
    with served(application) as url:
        yield url


@pytest.fixture(scope="module")
def closed_url() -> Iterator[str]:
    """An application with a password; few sign in here, so that the limit on attempts is not met."""
    with served_with(BTM_PASSWORD=PASSWORD) as url:
        yield url


@pytest.fixture
def provokes_refusals(console_messages: list[str]) -> Iterator[None]:
    """Take what the browser says of refusals that are meant out of the list."""
    yield
    expected = ("Failed to load resource", "Callback error updating", "401", "429")
    console_messages[:] = [text for text in console_messages if not any(part in text for part in expected)]


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.usefixtures("provokes_refusals")
def test_who_signs_in_comes_to_what_was_asked_for_and_can_sign_out(page: Page, closed_url: str) -> None:
    page.goto(f"{closed_url}/stress?stress=close_rates")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_label("Password")).to_be_focused()
    sign_in(page, "another one")
    expect(page.get_by_role("alert")).to_have_text(wording_door.WRONG_PASSWORD)
    sign_in(page)
    page.wait_for_url("**/stress?stress=close_rates*")
    expect(page.locator("#main h1")).to_be_attached()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(f"{closed_url}/")
    page.wait_for_url("**/sign-in")


@pytest.mark.usefixtures("provokes_refusals")
def test_signing_in_needs_no_scripts(browser: Browser, closed_url: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=closed_url) as context:
        page = context.new_page()
        page.goto("/compare")
        sign_in(page)
        page.wait_for_url("**/compare")
        assert context.cookies()[0]["httpOnly"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("provokes_refusals")
def test_the_page_to_sign_in_is_accessible_at_every_width(browser: Browser, closed_url: str, scheme: str) -> None:
    with browser.new_context(base_url=closed_url, color_scheme="dark" if scheme == "dark" else "light") as context:
        page = context.new_page()
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        expect_no_violations(page, scheme)
        page.get_by_role("button", name="Sign in").evaluate("(button) => { button.form.noValidate = true; }")
        sign_in(page, "")
        expect(page.get_by_role("alert")).to_be_visible()
        expect_no_violations(page, scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            expect_no_sideways_scroll(page)


@pytest.mark.usefixtures("provokes_refusals")
def test_a_session_that_ends_is_told_on_the_open_page(
    page: Page, closed_url: str, expect_accessible: ExpectAccessible
) -> None:
    page.goto(f"{closed_url}/")
    sign_in(page)
    expect_verdict(page, CLASSIC)
    field(page, "sends").fill("2222")
    expect_verdict(page, CLASSIC.with_changes(sends=2_222))
    notice = page.locator(".when-signed-out")
    expect(notice).to_be_hidden()
    page.context.clear_cookies()
    field(page, "sends").fill("3333")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Your session has ended.")
    expect(page.locator("#away-notice")).to_be_hidden()
    expect_accessible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect_no_sideways_scroll(page)
    notice.get_by_role("link", name="Sign in").click()
    sign_in(page)
    expect_verdict(page, CLASSIC.with_changes(sends=2_222))


@pytest.mark.usefixtures("provokes_refusals")
def test_a_server_that_asks_for_patience_is_told_and_asked_again(page: Page) -> None:
    page.goto("/")
    expect_verdict(page, CLASSIC)
    refused: list[Request] = []

    def refuse(route: Route) -> None:
        refused.append(route.request)
        route.fulfill(status=429, headers={"Retry-After": "60"}, json={"error": "Wait."})

    page.clock.install()
    page.route(CALLBACKS, refuse)
    field(page, "sends").fill("2222")
    page.clock.run_for(2_000)
    notice = page.locator(".when-busy")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("Too many requests came from your network.")
    expect(page.locator("#away-notice")).to_be_hidden()
    assert refused
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect_no_sideways_scroll(page)
    page.unroute(CALLBACKS, refuse)
    page.clock.run_for(60_000)
    expect(notice).to_be_hidden()
    page.clock.resume()
    expect_verdict(page, CLASSIC.with_changes(sends=2_222))


@pytest.mark.usefixtures("provokes_refusals")
def test_a_page_that_cannot_open_yet_says_so_and_opens_later(page: Page) -> None:
    page.clock.install()
    layout = "**/_dash-layout"
    page.route(layout, lambda route: route.fulfill(status=429, headers={"Retry-After": "60"}, json={}), times=1)
    page.goto("/")
    expect(page.locator("._dash-loading")).to_have_text(wording_door.OPENS_LATER)
    page.clock.fast_forward(60_000)
    expect_verdict(page, CLASSIC)


@pytest.mark.usefixtures("provokes_refusals")
def test_the_real_limit_is_told_on_the_open_page(page: Page) -> None:
    with served_with(BTM_REQUESTS_A_MINUTE="60") as url:
        page.goto(f"{url}/")
        expect_verdict(page, CLASSIC)
        page.evaluate("Promise.all([...Array(60)].map(() => fetch('/_dash-update-component', { method: 'POST' })))")
        expect(page.locator(".when-busy")).to_be_visible()
        answer = page.goto(f"{url}/compare")
        assert answer is not None
        assert answer.status == 429
        expect(page.get_by_role("heading", level=1)).to_have_text("Too many requests")
