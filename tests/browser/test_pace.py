"""A send that is over before its replies are in: both pages say so, and one button mends it."""

import pytest
from playwright.sync_api import Page, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

TOO_FAST = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 1_000,
        "replications": 100,
        "sends_per_hour": 3_000,
        "delay": {"name": "exponential", "mean_hours": 2.0},
    }
)


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_the_button_paces_the_send(page: Page, path: str, expect_accessible: ExpectAccessible) -> None:
    page.goto(path + query_of(TOO_FAST))
    note = page.locator(".note-advice")
    expect(note).to_contain_text("Your send ends after 20 minutes", timeout=PATIENCE_MS)
    expect_accessible()
    note.get_by_role("button", name="Pace it over 12 hours").click()
    expect(note).to_have_count(0, timeout=PATIENCE_MS)
