"""The frame in a real browser: theme, copy link, navigation, phone menu, not-found page, what is loaded."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PHONE, expect_no_sideways_scroll, open_page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]


def open_home(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("#main h1")


def theme_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-bs-theme")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_visit_follows_the_system(browser: Browser, base_url: str, scheme: str) -> None:
    with browser.new_context(base_url=base_url, color_scheme="dark" if scheme == "dark" else "light") as context:
        page = context.new_page()
        open_home(page)
        assert theme_of(page) == scheme


def test_the_theme_button_changes_the_theme_and_the_choice_stays(page: Page) -> None:
    open_home(page)
    before = theme_of(page)
    page.evaluate("document.addEventListener('btm:theme', (event) => { window.heard = event.detail; })")
    page.get_by_role("button", name=re.compile("dark theme|light theme")).click()
    after = theme_of(page)
    assert {before, after} == {"light", "dark"}
    assert page.evaluate("window.heard") == after
    page.reload()
    page.wait_for_selector("#main h1")
    assert theme_of(page) == after


def test_copy_link_copies_the_address_and_says_so_for_two_seconds(browser: Browser, base_url: str) -> None:
    with browser.new_context(base_url=base_url, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        open_home(page)
        button = page.locator("#copy-link")
        button.click()
        expect(button).to_have_text("Copied")
        expect(page.locator("#live")).to_have_text("Copied")
        address = page.evaluate("navigator.clipboard.readText()")
        assert address == page.url.split("#")[0]
        expect(button).to_have_text("Copy link")


@pytest.mark.shared_page
def test_the_current_page_is_marked(page: Page) -> None:
    open_page(page)
    current = page.locator("#nav [aria-current=page]")
    expect(current).to_have_count(1)
    assert current.get_attribute("href") == "/"


def test_the_skip_link_comes_first_and_leads_to_the_results(page: Page) -> None:
    open_home(page)
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_unknown_address_shows_the_way_home(page: Page, console_messages: list[str]) -> None:
    response = page.goto("/no-such-page")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    # Chromium reports the 404 of the page itself; it is what was asked for.
    console_messages[:] = [text for text in console_messages if "404" not in text]
    page.locator("#main a").click()
    page.wait_for_url("**/")
    page.wait_for_selector("#main h1")


def test_the_not_found_page_is_accessible(
    page: Page, console_messages: list[str], expect_accessible: ExpectAccessible
) -> None:
    page.goto("/no-such-page")
    page.wait_for_selector("#main h1")
    expect_accessible()
    console_messages[:] = [text for text in console_messages if "404" not in text]


@pytest.mark.shared_page
def test_the_phone_menu_opens_and_escape_closes_it(page: Page) -> None:
    page.set_viewport_size(PHONE)
    open_page(page)
    button = page.get_by_role("button", name="Menu")
    expect(page.locator("#nav")).to_be_hidden()
    button.click()
    expect(page.locator("#nav")).to_be_visible()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.shared_page
def test_the_scenario_opens_over_the_page_and_keeps_the_focus(page: Page) -> None:
    page.set_viewport_size(PHONE)
    open_page(page)
    edit = page.locator("#edit-scenario")
    panel = page.locator("#scenario-panel")
    expect(panel).to_be_hidden()
    edit.click()
    expect(panel).to_be_visible()
    assert panel.get_attribute("role") == "dialog"
    assert page.evaluate("document.getElementById('scenario-panel').contains(document.activeElement)")
    for _ in range(40):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body"
            " || document.getElementById('scenario-panel').contains(document.activeElement)"
        )
        assert inside
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(edit).to_be_focused()


def test_a_slider_is_filled_up_to_its_thumb_whoever_moves_it(page: Page) -> None:
    open_home(page)
    slider = page.locator("input[type=range]").first
    fill = "(slider) => slider.style.getPropertyValue('--fill')"
    slider.evaluate("(slider) => { slider.value = slider.max; }")
    assert slider.evaluate(fill).startswith("calc(100.000%")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.evaluate(fill).startswith("calc(0.000%")


@pytest.mark.shared_page
def test_a_wide_window_takes_the_panel_back(page: Page) -> None:
    page.set_viewport_size(PHONE)
    open_page(page)
    page.locator("#edit-scenario").click()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("#scenario-panel")).to_be_visible()
    expect(page.locator(".page-main")).not_to_have_attribute("inert", "")


@pytest.mark.shared_page
def test_no_width_scrolls_sideways(page: Page) -> None:
    open_page(page)
    for width in (320, 390, 768, 992, 1200, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        expect_no_sideways_scroll(page)


def test_graphs_are_drawn_by_the_small_plotly_and_no_other_host_is_ever_asked(page: Page, base_url: str) -> None:
    requested: list[str] = []

    def note(request: Request) -> None:
        requested.append(request.url)

    page.on("request", note)
    open_home(page)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_load_state("networkidle")
    plotly = [url for url in requested if "plotly" in url and url.endswith(".js") and "plotly-url" not in url]
    assert len(plotly) == 1
    assert "/assets/vendor/plotly-" in plotly[0]
    assert not any("plotly.min" in url for url in requested)
    strangers = [url for url in requested if not url.startswith((base_url, "data:", "blob:"))]
    assert strangers == []
