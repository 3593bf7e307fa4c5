"""The guide as a visitor uses it: a term leads there, the checklist is ticked, kept and taken along; phone, print, accessibility."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PHONE, expect_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

LINK = "a.term[href='/guide#term-{}']"


def ticked(page: Page) -> str:
    return page.locator("#guide-ticked").inner_text()


def test_the_checklist_is_ticked_kept_and_taken_along(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.goto("/guide#faq-season")
    season = page.locator("#faq-season")
    expect(season).to_be_in_viewport()
    expect(page.locator(".guide-contents a[aria-current=true]")).to_have_text("What stakeholders ask")
    page.locator(".guide-contents").get_by_role("link", name="Deployment checklist").click()
    expect(page).to_have_url(re.compile("#checklist$"))
    page.get_by_text("The goal is written down").click()
    expect(page.locator("#guide-ticked")).to_have_text(re.compile(r"^1 of \d+ done$"))
    page.reload()
    expect(page.get_by_label(re.compile("The goal is written down"))).to_be_checked()
    expect(page.locator("#guide-ticked")).to_have_text(re.compile(r"^1 of \d+ done$"))
    with page.expect_download() as download:
        page.locator("#guide-markdown").click()
    assert "- [x] **The goal is written down.**" in Path(download.value.path()).read_text(encoding="utf-8")
    page.set_viewport_size(PHONE)
    expect_accessible()
    expect_no_sideways_scroll(page)
    page.emulate_media(media="print")
    expect(page.locator(".guide-contents")).to_be_hidden()
    expect(season).to_be_visible()


def test_an_answer_opens_its_scenario_and_a_term_leads_back(page: Page) -> None:
    page.goto("/guide#faq-measure")
    page.locator("#faq-measure .guide-watch").click()
    expect(page).to_have_url(re.compile(r"/\?s="))
    expect(page.locator("#kpi")).to_contain_text("regret")
    scenario = page.url.partition("?")[2]
    term = page.locator(LINK.format("regret")).first
    term.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    card = page.locator("#term-card")
    expect(card).to_contain_text("Conversions missed by not always sending the truly best line.")
    expect(term).to_have_attribute("aria-describedby", "term-card")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    term.hover()
    expect(card).to_be_visible()
    term.click()
    expect(page).to_have_url(re.compile(r"/guide\?s=.+#term-regret$"))
    expect(page.locator("#term-regret")).to_be_in_viewport()
    expect(card).to_be_hidden()
    expect(page.locator("#nav").get_by_role("link", name="Compare")).to_have_attribute("href", f"/compare?{scenario}")
