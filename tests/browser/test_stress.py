"""The stress test as a visitor uses it: a verdict, cells by mouse and keys, ticks, links, prices, phone, accessibility."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.address import query_of
from components.pages.stress.work import EVERY
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.standing import open_once
from tests.browser.steps import PATIENCE_MS, PHONE, expect_no_sideways_scroll, expect_shown, field

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Question?", "rate": 0.2}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 1_000,
        "replications": 40,
    }
)
LONG = QUICK.with_changes(sends=100_000, replications=400)
FOR_THE_BUTTON = QUICK.with_changes(sends=1_000_000, replications=400)


def open_stress(page: Page, more: str = "", columns: int = len(EVERY)) -> None:
    """Open the page and wait until all columns and prices are there."""
    open_once(page, f"/stress{query_of(QUICK)}{more}", lambda: expect_complete(page, columns))


def expect_complete(page: Page, columns: int = len(EVERY)) -> None:
    words = f"{columns} column{'s' if columns != 1 else ''}"
    expect(page.locator("#stress-progress strong")).to_have_text(words, timeout=PATIENCE_MS)
    expect(page.locator("#menu-together")).to_contain_text("Together", timeout=PATIENCE_MS)
    expect(page.locator("#menu-body")).not_to_contain_text("…", timeout=PATIENCE_MS)


@pytest.mark.shared_page
def test_the_first_sentence_says_what_holds(page: Page) -> None:
    open_stress(page)
    expect(page.locator("#stress-hero h1")).to_contain_text("when")
    expect(page.locator(".heat tbody tr")).to_have_count(2)
    expect(page.locator(".heat button")).to_have_count(2 * len(EVERY))
    expect(page.locator("#along-heading h2")).to_contain_text("Winner changes")


def test_a_cell_tells_its_story_and_opens_its_scenario(page: Page) -> None:
    open_stress(page)
    page.get_by_role("button", name=re.compile("^ε-greedy, late replies")).click()
    expect(page.locator("#along-heading h2")).to_contain_text("Late replies: ε-greedy", timeout=PATIENCE_MS)
    page.locator("#along-link a").click()
    expect(page).to_have_url(re.compile(r"/\?s="))
    expect_shown(page)
    expect(page.locator("#kpi")).to_contain_text("ε-greedy")


def test_arrows_lead_from_cell_to_cell(page: Page) -> None:
    open_stress(page)
    page.get_by_role("button", name=re.compile("^Thompson sampling, as planned")).click()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    focused = page.locator(".heat button:focus")
    expect(focused).to_have_attribute("data-stress", "none")
    expect(page.locator('.heat button[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#along-heading h2")).to_contain_text("As planned", timeout=PATIENCE_MS)


def test_what_is_ticked_is_shown_and_in_the_link(page: Page) -> None:
    open_stress(page)
    page.locator(".choose-shown > summary").click()
    page.locator('[data-tick="stress"][data-name="opens"]').click()
    expect_complete(page, len(EVERY) - 1)
    page.locator('[data-tick="row"][data-name="2"]').click()
    expect(page.locator(".heat tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?&]rows=1(&|$)"))
    before = page.locator("#stress-table").inner_text()
    page.reload()
    expect_complete(page, len(EVERY) - 1)
    assert page.locator("#stress-table").inner_text() == before
    page.locator("nav").get_by_role("link", name="Compare").click()
    expect(page).to_have_url(re.compile(r"/compare\?s=[\w-]+$"))


def test_a_link_that_asks_for_what_is_not_there_says_so(page: Page) -> None:
    open_stress(page, "&stress=late,storm", columns=2)
    expect(page.locator("#address-notice")).to_contain_text("asks for storm")


def test_guardrails_are_ticked_and_added(page: Page) -> None:
    open_stress(page)
    page.locator('[data-ticks="minimum_share-0.1"]').click()
    expect(page.locator('[data-ticks="minimum_share-0.02"]')).to_have_attribute(
        "aria-pressed", "false", timeout=PATIENCE_MS
    )
    expect(page.locator("#menu-together")).to_contain_text("10% a line", timeout=PATIENCE_MS)
    page.locator("#menu-together .btn").click()
    expect(page.locator("#scenario-summary")).to_contain_text("3 guardrails", timeout=PATIENCE_MS)
    expect(page.locator("#menu-together")).to_contain_text("in your scenario already", timeout=PATIENCE_MS)


def test_a_run_can_be_cancelled_and_keeps_what_it_has(page: Page) -> None:
    page.goto(f"/stress{query_of(LONG)}")
    asks = page.locator("#notice .btn-primary")
    expect(asks.or_(page.get_by_role("button", name="Cancel"))).to_be_visible(timeout=PATIENCE_MS)
    if asks.count():  # a machine with many cores does not ask
        asks.click()
    expect(page.locator(".heat button").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#stress-progress strong")).to_contain_text("Stopped at")
    expect(page.locator(".heat button").first).to_be_visible()


def test_a_large_link_asks_first(page: Page) -> None:
    page.goto(f"/stress{query_of(FOR_THE_BUTTON.with_changes(replications=200))}")
    expect(page.locator("#notice")).to_contain_text("Nothing runs until you say so.", timeout=PATIENCE_MS)
    expect(page.locator(".heat button")).to_have_count(0)


def test_a_change_of_the_scenario_is_tested_anew(page: Page) -> None:
    open_stress(page)
    page.locator("#edit-scenario").click()
    field(page, "sends").fill("500")
    page.keyboard.press("Escape")
    expect(page.locator("#scenario-summary")).to_contain_text("500 sends", timeout=PATIENCE_MS)
    expect(page.locator(".heat thead")).to_contain_text("half by 200", timeout=PATIENCE_MS)
    expect_complete(page)


@pytest.mark.shared_page
def test_the_table_can_be_downloaded(page: Page) -> None:
    open_stress(page)
    with page.expect_download() as download:
        page.get_by_title("The table as a CSV file").click()
    assert download.value.suggested_filename == "stress-test.csv"


@pytest.mark.shared_page
def test_phone_scrolls_the_table_and_not_the_page(page: Page) -> None:
    page.set_viewport_size(PHONE)
    open_stress(page)
    expect_no_sideways_scroll(page)
    assert page.locator("#stress-table").evaluate("box => box.scrollWidth > box.clientWidth")


@pytest.mark.shared_page
@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 1000}], ids=["phone", "desktop"])
def test_accessible(page: Page, size: dict[str, int], expect_accessible: ExpectAccessible) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    open_stress(page)
    page.locator(".choose-shown > summary").click()
    expect_accessible()
    page.locator(".choose-shown > summary").click()
