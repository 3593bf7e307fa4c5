"""Numbers as a visitor is used to: the browser's language at first, then what is chosen, in the page and in its scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from components import formats, locales
from components.conventions import following
from components.wording_goals import REVENUE
from tests.browser.conftest import expect_no_violations
from tests.browser.steps import PHONE, expect_no_sideways_scroll, expect_shown, field

pytestmark = pytest.mark.browser

NUMBERS = (0.0, 0.04, 0.5, 7.125, -9.96, 0.45, 1_234.5, -1_235.5, -12_345.678, 1_000_000.0)
THIN = "\N{NARROW NO-BREAK SPACE}"


def expect_scripts_to_write_as_the_server(page: Page, language: str, currency: str | None) -> None:
    written = page.evaluate(
        """(numbers) => {
            const { count, signed, decimal, percent, amount, gain } = window.btm.writing;
            const ways = [count, signed, (number) => decimal(number, 2), percent, amount, gain];
            return numbers.map((number) => ways.map((write) => write(number)));
        }""",
        list(NUMBERS),
    )
    with following(locales.conventions(language, currency)):
        assert written == [
            [
                formats.count(number),
                formats.signed(number),
                formats.decimal(number),
                formats.percent(number),
                REVENUE.number(number),
                REVENUE.difference(number),
            ]
            for number in NUMBERS
        ]


def test_numbers_follow_the_browser_and_then_the_choice(browser: Browser, base_url: str) -> None:
    with browser.new_context(base_url=base_url, locale="de-DE", viewport=PHONE) as context:
        page = context.new_page()
        page.goto("/")
        expect_shown(page)
        expect(page.locator("#main h1")).to_contain_text("10.000 recipients")
        expect_scripts_to_write_as_the_server(page, "de-DE", None)
        expect(page.locator("#race-sentence")).to_contain_text("After 10.000 sends")
        page.locator("#replay-back").click()
        expect(page.locator("#replay-count")).to_have_text(re.compile(r"^\d\.\d{3}$"))

        sends = field(page, "sends")
        page.locator("#edit-scenario").click()
        sends.focus()
        expect(sends).to_have_attribute("lang", "de-DE")
        page.keyboard.press("Escape")

        toggle, menu = page.locator("#numbers-toggle"), page.locator("#numbers-menu")
        toggle.focus()
        page.keyboard.press("Enter")
        expect(menu).to_be_visible()
        expect(menu.get_by_role("button", pressed=True)).to_have_text(["As my browser", "None"])
        expect_no_sideways_scroll(page)
        expect_no_violations(page, "light", ".top-bar")
        for _ in range(4):
            page.keyboard.press("Tab")
        before = page.url
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect_shown(page)
        assert page.url == before
        french = menu.get_by_role("button", name=f"1{THIN}234,5")
        expect(french).to_be_focused()
        expect(french).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#main h1")).to_contain_text(f"10{THIN}000 recipients")

        with page.expect_navigation():
            menu.get_by_role("button", name="€, Euro").click()
        expect_shown(page)
        expect_scripts_to_write_as_the_server(page, "fr", "EUR")
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(toggle).to_be_focused()

        # Another tab has chosen otherwise, and the visitor comes back to this one.
        context.add_cookies([{"name": "btm-currency", "value": "USD", "url": base_url}])
        with page.expect_navigation():
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect_shown(page)
        expect_scripts_to_write_as_the_server(page, "fr", "USD")
