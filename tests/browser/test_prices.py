"""What guardrails cost, on both pages: a row each, all together, and nothing where there are none."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PATIENCE_MS, PHONE, expect_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

BARE = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 1_000,
        "replications": 100,
    }
)
GUARDED = BARE.with_changes(guardrails=[{"name": "holdout", "share": 0.3}, {"name": "burn_in", "sends": 50}])


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_each_guardrail_has_its_price(page: Page, path: str, expect_accessible: ExpectAccessible) -> None:
    page.goto(path + query_of(GUARDED))
    section = page.locator(".section-prices")
    expect(section.locator(".is-together .column-price")).to_have_text(re.compile(r"^−\d+"), timeout=PATIENCE_MS)
    expect(section.locator(".is-guardrail")).to_have_count(2)
    expect(section.locator("h2")).to_contain_text("Your guardrails together cost Thompson sampling")
    expect_accessible()
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_without_guardrails_there_is_no_price_list(page: Page, path: str) -> None:
    page.goto(path + query_of(BARE))
    done = "#run-status .notice-ok" if path == "/" else "#progress strong"
    expect(page.locator(done)).to_be_attached(timeout=PATIENCE_MS)
    expect(page.locator(".section-prices")).to_be_hidden()
