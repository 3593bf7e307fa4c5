"""Before, during and after a long job, on every page that has one: what is said, and that everybody can use it."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page, Route, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PATIENCE_MS, PHONE, expect_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

LONG = Scenario.from_dict(
    {
        "arms": [{"name": f"Line {name}", "rate": rate} for name, rate in zip("ABC", (0.02, 0.025, 0.03), strict=True)],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "kl_ucb"}],
        "sends": 700_000,
        "seed": 11,
    }
)


class Asking(NamedTuple):
    """How a page asks for so many campaigns, and what it says while its job runs."""

    path: str
    campaigns: int
    button: str
    running: str


PAGES = {
    "compare": Asking("/compare", 400, "Run 400 campaigns", "of 400 campaigns"),
    "stress": Asking("/stress", 40, "Run 40 campaigns a stress", "of 9 columns"),
    "plan": Asking("/plan", 60, "Plan it", "campaigns"),
    "audit": Asking("/audit", 60, "Log 700,000 sends", "of 700,000 sends"),
}


@pytest.mark.parametrize("page_name", PAGES)
def test_a_long_job_is_asked_for_followed_and_cancelled_and_everybody_can(
    page: Page, page_name: str, expect_accessible: ExpectAccessible
) -> None:
    path, campaigns, button, running = PAGES[page_name]
    page.set_viewport_size(PHONE)
    page.goto(f"{path}{query_of(LONG.with_changes(replications=campaigns))}")
    notices = page.locator(".notices")
    expect(notices.get_by_role("button", name=button)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#main h1").first).to_have_text("Nothing has been run yet")
    expect(page.locator(".report-place")).to_be_hidden()
    expect_accessible()
    expect_no_sideways_scroll(page)
    notices.get_by_role("button", name=button).click()
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".progress-place")).to_contain_text(running)
    expect(page.locator("#main h1").first).not_to_have_text("Nothing has been run yet", timeout=PATIENCE_MS)
    expect_accessible()
    cancel.click()
    expect(
        page.get_by_role("button", name="Run all of them").or_(page.get_by_role("button", name="again"))
    ).to_be_visible(timeout=PATIENCE_MS)
    expect_accessible()
    expect_no_sideways_scroll(page)


@pytest.mark.parametrize("path", ["/stress", "/plan"])
def test_what_is_too_much_is_said_before_anybody_is_asked(page: Page, path: str) -> None:
    asked = LONG.with_changes(sends=1_000_000, replications=2_000)
    page.goto(f"{path}{query_of(asked)}")
    expect(page.locator(".notices")).to_contain_text("This is more than is simulated at once.", timeout=PATIENCE_MS)
    expect(page.locator("#main h1").first).to_have_text("Nothing has been run yet")
    expect(page.locator(".notices").get_by_role("button", name="Run")).to_have_count(0)


def test_a_cancel_whose_answer_is_lost_is_heard_all_the_same(page: Page) -> None:
    path, _, button, _ = PAGES["audit"]
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        changed = (route.request.post_data_json or {}).get("changedPropIds", [])
        if not lost and "audit-job-cancelled.data" in changed:
            lost.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/_dash-update-component*", lose_the_first)
    page.goto(f"{path}{query_of(LONG.with_changes(seed=12))}")
    page.locator(".notices").get_by_role("button", name=button).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Run all of them")).to_be_visible(timeout=PATIENCE_MS)
    assert len(lost) == 1
