"""Audiences, what counts, repeat sends and shared luck as a visitor sets them, each time to a result."""

import pytest
from playwright.sync_api import Locator, Page, expect

from components import ids
from components.address import query_of
from engine import Scenario
from tests.browser.steps import (
    CLASSIC,
    by_id,
    edit_lines,
    error,
    expect_changed_address,
    expect_shown,
    field,
    open_page,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

SMALL = CLASSIC.with_changes(sends=2_000, replications=40)


def open_real_world(page: Page, scenario: Scenario) -> Locator:
    """Open the page and the group; return its closed row, which names what is on."""
    open_page(page, query_of(scenario))
    row = page.locator("#row-real-world > summary")
    row.click()
    return row


def choose(page: Page, what: str, name: str) -> None:
    """Choose from a list, and wait until the page shows the scenario that follows."""
    before = page.url
    by_id(page, ids.pick(what)).select_option(name)
    expect_changed_address(page, before)
    expect_shown(page)


def press(page: Page, name: str) -> None:
    before = page.url
    page.get_by_role("button", name=name, exact=True).click()
    expect_changed_address(page, before)
    expect_shown(page)


def type_in(page: Page, path: str, value: str) -> None:
    before = page.url
    field(page, path).fill(value)
    expect_changed_address(page, before)
    expect_shown(page)


def rest(page: Page, dimension: str) -> Locator:
    return by_id(page, ids.text(f"segments.{dimension}:rest"))


def test_recipients_are_split_and_lines_come_and_go(page: Page) -> None:
    row = open_real_world(page, SMALL)
    choose(page, "dimension", "audience")
    expect(row).to_contain_text("two audiences")
    share = field(page, "segments.audience.0.share")
    expect(share).to_have_value("50")
    type_in(page, "segments.audience.0.share", "70")
    expect(rest(page, "audience")).to_have_text("30%")
    expect(share).to_be_focused()
    share.fill("100")
    expect(error(page, "segments.audience")).to_contain_text(
        'The others take 100%; nothing is left for "Loyal customers"'
    )
    expect(share).to_be_focused()
    type_in(page, "segments.audience.0.share", "60")
    expect(error(page, "segments.audience")).to_be_empty()
    page.locator("#row-by-line-audience > summary").click()
    type_in(page, "segments.audience.1.multipliers.0", "0.5")
    press(page, "Add a line")
    expect(field(page, "segments.audience.1.multipliers.5")).to_have_value("1")
    expect(field(page, "segments.audience.1.multipliers.0")).to_have_value("0.5")
    expect(page.locator("#row-by-line-audience")).to_have_attribute("open", "")
    press(page, "+ Add group to audience")
    expect(rest(page, "audience")).to_have_text("20%")
    press(page, "Remove group 3 of audience")
    expect(rest(page, "audience")).to_have_text("40%")
    expect(page.get_by_role("button", name="+ Add group to audience")).to_be_focused()
    press(page, "Remove the split by audience")
    expect(row).to_contain_text("left out")


def test_money_repeat_sends_and_shared_luck_are_turned_on_and_off(page: Page) -> None:
    row = open_real_world(page, SMALL)
    choose(page, "goal", "revenue")
    expect(by_id(page, ids.pick("goal"))).to_be_visible()
    expect(row).to_contain_text("revenue")
    edit_lines(page)
    expect(field(page, "arms.1.order_value")).to_have_attribute("placeholder", "50")
    type_in(page, "money.order_value", "80")
    expect(field(page, "arms.1.order_value")).to_have_attribute("placeholder", "80")
    type_in(page, "arms.1.order_value", "20")
    choose(page, "recurring", "last_touch")
    expect(field(page, "recurring.recipients")).to_have_value("500")
    expect(field(page, "sends_per_hour")).not_to_have_value("")
    choose(page, "shocks", "shared")
    expect(row).to_contain_text("shared luck, repeat sends, revenue")
    by_id(page, ids.pick("world")).select_option("inflated_opens")
    expect(error(page, "recurring")).to_contain_text("there is nothing to credit")
    expect(by_id(page, ids.pick("recurring"))).to_have_attribute("aria-invalid", "true")
    choose(page, "recurring", "one_each")
    expect(error(page, "recurring")).to_be_empty()
    choose(page, "goal", "conversions")
    press(page, "Leave money out")
    expect(field(page, "arms.1.order_value")).to_have_count(0)
    expect(row).to_contain_text("inflated opens, shared luck")


@pytest.mark.parametrize("path", ["/compare", "/stress"])
def test_the_other_pages_have_the_same_controls(page: Page, path: str) -> None:
    page.goto(f"{path}{query_of(SMALL)}")
    page.locator("#edit-scenario").click()
    page.locator("#row-real-world > summary").click()
    before = page.url
    by_id(page, ids.pick("dimension")).select_option("device")
    expect(rest(page, "device")).to_have_text("40%")
    expect_changed_address(page, before)
    before = page.url
    by_id(page, ids.pick("goal")).select_option("net_value")
    expect(field(page, "money.unsubscribe_cost")).to_be_visible()
    expect_changed_address(page, before)
