"""Compare as a visitor uses it: a recommendation, the leaderboard, progress and cancel, links, phone, accessibility."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import ExpectAccessible
from tests.browser.standing import open_once
from tests.browser.steps import PATIENCE_MS, PHONE, expect_no_sideways_scroll, field, preset

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Question?", "rate": 0.2}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 1_000,
        "replications": 100,
    }
)
LONG = QUICK.with_changes(sends=100_000, replications=1_000)
FOR_THE_BUTTON = QUICK.with_changes(sends=1_000_000, replications=1_000)


def open_compare(page: Page, scenario: Scenario = QUICK) -> None:
    """Open the page and wait until all campaigns are in."""

    def settled() -> None:
        expect_finished(page, scenario.replications)
        expect(page.locator("#strips-progress")).to_be_empty(timeout=PATIENCE_MS)

    open_once(page, f"/compare{query_of(scenario)}", settled)


def expect_finished(page: Page, campaigns: int) -> None:
    progress = page.locator("#progress")
    expect(progress.locator("strong")).to_have_text(f"{campaigns:,} campaigns", timeout=PATIENCE_MS)


def order(page: Page) -> list[str]:
    """The policies as they stand in the leaderboard."""
    return page.locator("#leaderboard-body .row-link").all_inner_texts()


@pytest.mark.shared_page
def test_the_first_sentence_recommends(page: Page) -> None:
    open_compare(page)
    verdict = page.locator("#recommendation h1")
    expect(verdict).to_contain_text(
        re.compile(r"^Use Thompson sampling: \+\d+ conversions over A/B, and it beat A/B in")
    )
    expect(page.locator("#leaderboard-body tr")).to_have_count(3)
    assert order(page)[0] == "Thompson sampling"
    assert order(page)[-1] == "A/B split"


def test_the_plain_address_compares_the_usual_policies(page: Page) -> None:
    page.goto("/compare")
    expect_finished(page, 1_000)
    expect(page.locator("#recommendation h1")).to_contain_text("Use Thompson sampling")
    expect(page.locator("#edit-scenario")).to_be_visible()


@pytest.mark.shared_page
def test_columns_sort_and_say_so(page: Page) -> None:
    open_compare(page)
    for name, heading in (("policy", "Policy"), ("regret", "Missed (regret)")):
        page.get_by_role("button", name=heading).click()
        expect(page.locator(f"th.column-{name}")).to_have_attribute("aria-sort", "ascending")
    assert order(page)[-1] == "A/B split"
    page.get_by_role("button", name="Missed (regret)").click()
    expect(page.locator("th.column-regret")).to_have_attribute("aria-sort", "descending")
    assert order(page)[0] == "A/B split"


def test_a_row_opens_its_policy_with_the_same_scenario(page: Page) -> None:
    open_compare(page)
    page.locator("#leaderboard-body tr", has_text="ε-greedy").locator("td").nth(2).click()
    expect(page).to_have_url(re.compile(r"/\?s="))
    expect(page.locator("#hero h1")).to_contain_text("the same 1,000 recipients", timeout=PATIENCE_MS)
    expect(page.locator("#kpi")).to_contain_text("ε-greedy")


def test_a_run_can_be_cancelled_and_keeps_what_it_has(page: Page) -> None:
    page.goto(f"/compare{query_of(LONG)}")
    expect(page.locator("#leaderboard-body tr")).to_have_count(3, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#progress strong")).to_have_text(re.compile(r"^Stopped at [\d,]+ of 1,000 campaigns$"))
    expect(page.locator("#leaderboard-body tr")).to_have_count(3)
    page.get_by_role("button", name="Run all of them").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENCE_MS)


def test_leaving_the_page_leaves_the_job(page: Page) -> None:
    page.goto(f"/compare{query_of(LONG.with_changes(seed=7))}")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENCE_MS)

    def is_leave(request: Request) -> bool:
        return request.url.endswith("/jobs/leave")

    with page.expect_request(is_leave):
        page.locator("nav").get_by_role("link", name="Time Machine").click()


def test_a_change_while_campaigns_come_in_is_not_lost(page: Page) -> None:
    """Ticks and changes meet on their way to the server and back."""
    page.goto(f"/compare{query_of(LONG.with_changes(seed=11))}")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#edit-scenario").click()
    for campaigns in (70, 60, 50):
        field(page, "sends").fill(str(campaigns * 10))
        field(page, "replications").fill(str(campaigns))
    page.keyboard.press("Escape")
    expect_finished(page, 50)
    expect(page.locator("#scenario-summary")).to_contain_text("500 sends")


def test_more_campaigns_can_be_asked_for(page: Page) -> None:
    open_compare(page)
    page.get_by_role("button", name="Run 200 campaigns").click()
    expect_finished(page, 200)
    expect(page).to_have_url(re.compile(r"/compare\?s="))


def test_a_large_link_asks_first(page: Page) -> None:
    page.goto(f"/compare{query_of(FOR_THE_BUTTON)}")
    expect(page.locator("#notice")).to_contain_text("Nothing runs until you say so.", timeout=PATIENCE_MS)
    expect(page.locator("#leaderboard-body tr")).to_have_count(0)


def test_a_change_of_the_scenario_is_compared_anew(page: Page) -> None:
    open_compare(page)
    before = page.locator("#recommendation h1").inner_text()
    page.locator("#edit-scenario").click()
    field(page, "replications").fill("60")
    field(page, "sends").fill("600")
    page.keyboard.press("Escape")
    expect_finished(page, 60)
    expect(page.locator("#recommendation h1")).not_to_have_text(before)


def test_a_preset_brings_its_lines_and_keeps_the_policies(page: Page) -> None:
    open_compare(page)
    page.locator("#edit-scenario").click()
    preset(page).select_option("nothing_to_find")
    page.keyboard.press("Escape")
    expect(page.locator("#recommendation h1")).to_contain_text("Nothing to find", timeout=PATIENCE_MS)
    expect(page.locator("#leaderboard-body tr")).to_have_count(3)


@pytest.mark.shared_page
def test_the_leaderboard_can_be_downloaded(page: Page) -> None:
    open_compare(page)
    with page.expect_download() as download:
        page.get_by_title("The leaderboard as a CSV file").click()
    assert download.value.suggested_filename == "leaderboard.csv"


def test_reload_gives_the_same_page(page: Page) -> None:
    open_compare(page)
    before = [page.locator(place).inner_text() for place in ("#recommendation", "#leaderboard-body", "#compare-foot")]
    page.reload()
    expect_finished(page, 100)
    expect(page.locator("#progress")).to_contain_text("From the cache")
    after = [page.locator(place).inner_text() for place in ("#recommendation", "#leaderboard-body", "#compare-foot")]
    assert after == before


@pytest.mark.shared_page
def test_phone_scrolls_the_table_and_not_the_page(page: Page) -> None:
    page.set_viewport_size(PHONE)
    open_compare(page)
    expect_no_sideways_scroll(page)
    box = page.locator(".leaderboard-box")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")


@pytest.mark.shared_page
@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 1000}], ids=["phone", "desktop"])
def test_accessible(page: Page, size: dict[str, int], expect_accessible: ExpectAccessible) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    open_compare(page)
    expect_accessible()
