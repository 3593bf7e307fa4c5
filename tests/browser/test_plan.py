"""Plan as a visitor uses it: the bar and the panel agree, a plan and its grid, the schedule, phone, themes, accessibility."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from components import ids
from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PATIENCE_MS, PHONE, by_id, expect_no_sideways_scroll, field

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Usual", "rate": 0.1}, {"name": "Better", "rate": 0.3}, {"name": "Other", "rate": 0.1}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 600,
        "replications": 40,
    }
)


def bar(page: Page, name: str) -> Locator:
    return by_id(page, ids.plan_field(name))


def expect_planned(page: Page, words: str) -> None:
    expect(page.locator("#plan-hero h1")).to_contain_text(words, timeout=PATIENCE_MS)
    expect(page.locator("#plan-grid-progress")).to_have_text("", timeout=PATIENCE_MS)
    expect(page.locator(".grid-cell").first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".grid-cell.is-waiting")).to_have_count(0, timeout=PATIENCE_MS)


def test_what_is_typed_in_the_bar_is_planned_and_the_panel_follows(page: Page) -> None:
    page.goto(f"/plan{query_of(QUICK)}&worth=10")
    expect_planned(page, "With 600 sends use Thompson sampling")
    expect(page.locator("#plan-hero .lead")).to_contain_text("worth +")
    bar(page, "sends").fill("900")
    bar(page, "sends").press("Enter")
    expect_planned(page, "With 900 sends")
    expect(field(page, "sends")).to_have_value("900")
    bar(page, "difference").fill("99")
    bar(page, "difference").press("Enter")
    expect(by_id(page, ids.plan_error("difference"))).to_contain_text("must be 90 or less")
    bar(page, "difference").fill("10")
    bar(page, "right").fill("95")
    bar(page, "right").press("Enter")
    expect(by_id(page, ids.plan_error("difference"))).to_have_text("")
    expect(page.locator("#chances-heading h2")).to_contain_text("95% of campaigns", timeout=PATIENCE_MS)
    expect(page.locator("#plan-notes")).to_contain_text("proves 10 points", timeout=PATIENCE_MS)
    expect(page).to_have_url(re.compile(r"right=95"))
    page.reload()
    expect_planned(page, "With 900 sends")
    expect(bar(page, "difference")).to_have_value("10")
    expect(bar(page, "right")).to_have_value("95")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export schedule").click()
    assert taken.value.suggested_filename == "schedule.csv"
    lines = taken.value.path().read_text().splitlines()
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 900


def test_a_plan_is_accessible_and_fits_a_phone(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.goto(f"/plan{query_of(QUICK)}")
    expect_planned(page, "With 600 sends use")
    page.get_by_text("Surest pick").click()
    expect(page.locator(".segment.active")).to_have_text("Surest pick")
    expect_accessible()
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)
