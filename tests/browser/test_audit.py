"""The Audit page as a visitor uses it: a row tells why, filters and pages, files, a re-run, the sheet, phone, accessibility."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from components import ids
from components.address import query_of
from engine import Scenario, decision_log
from tests.browser.conftest import ExpectAccessible
from tests.browser.standing import open_once
from tests.browser.steps import PATIENCE_MS, PHONE, by_id, expect_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Question?", "rate": 0.2}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 600,
        "replications": 20,
        "update_every": 20,
        "guardrails": [{"name": "holdout", "share": 0.1}],
    }
)


def open_audit(page: Page, more: str = "") -> None:
    """Open the page and wait for the rows around the send that is explained."""

    def settled() -> None:
        expect(page.locator("#audit-hero h1")).to_contain_text("Each of the 600 sends", timeout=PATIENCE_MS)
        expect(page.locator(".audit-grid .ag-row-selected")).to_have_count(1, timeout=PATIENCE_MS)

    open_once(page, f"/audit{query_of(QUICK)}{more}", settled)


def choose(page: Page, of: str, value: str) -> None:
    by_id(page, ids.audit_filter(of)).select_option(value)


@pytest.mark.shared_page
def test_the_first_sentence_the_rows_and_the_reason(page: Page) -> None:
    open_audit(page)
    expect(page.locator("#audit-hero .lead")).to_contain_text("sends followed Thompson sampling")
    expect(page.locator(".audit-grid .ag-row")).to_have_count(15)
    expect(page.locator("#audit-why h2")).to_have_text(re.compile(r"Why send 30\d got line [ABC]"))
    expect(page.locator("#audit-rates tbody tr")).to_have_count(3)


@pytest.mark.shared_page
def test_a_row_that_is_chosen_by_mouse_or_keys_tells_why(page: Page) -> None:
    open_audit(page)
    row = page.locator(".audit-grid .ag-row").nth(2)
    send = row.locator("[col-id=send]").inner_text()
    row.click()
    expect(page.locator("#audit-why h2")).to_contain_text(f"Why send {send} got")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#audit-why h2")).to_contain_text(f"Why send {int(send) + 1} got")
    page.keyboard.press("Tab")
    expect(page.locator(".audit-grid :focus")).to_have_count(0)  # not the next of a hundred cells


def test_filters_sorting_and_pages_ask_the_server(page: Page) -> None:
    log = decision_log(QUICK, 1)
    open_audit(page)
    choose(page, "by", "holdout")
    held = int((log["guardrail"] == "holdout").sum())
    expect(page.locator("#audit-rows")).to_have_text(f"1 to 15 of {held}")
    page.get_by_role("button", name="Later rows").click()
    expect(page.locator("#audit-rows")).to_have_text(f"16 to 30 of {held}")
    choose(page, "by", "any")
    by_id(page, ids.audit_filter("first")).fill("595")
    by_id(page, ids.audit_filter("first")).press("Enter")
    expect(page.locator("#audit-rows")).to_have_text("1 to 5 of 5")
    page.locator(".audit-grid .ag-header-cell[col-id=send]").click()
    page.locator(".audit-grid .ag-header-cell[col-id=send]").click()
    expect(page.locator(".audit-grid .ag-row[row-index='0'] [col-id=send]")).to_have_text("599")


def test_a_send_is_gone_to(page: Page) -> None:
    open_audit(page)
    page.locator("#audit-go-to").fill("77")
    page.locator("#audit-go-to").press("Enter")
    expect(page.locator("#audit-why h2")).to_contain_text("Why send 77 got")
    expect(page.locator(".audit-grid .ag-row-selected [col-id=send]")).to_have_text("77")


def test_another_policy_and_campaign_have_their_own_log_and_link(page: Page) -> None:
    open_audit(page)
    digest = page.locator(".digest-text").inner_text()
    page.locator("#audit-policy").select_option("3")
    expect(page.locator("#audit-hero .lead")).to_contain_text("sends followed ε-greedy")
    page.locator("#audit-campaign").fill("7")
    page.locator("#audit-campaign").press("Enter")
    expect(page).to_have_url(re.compile(r"policy=3&campaign=7"))
    expect(page.locator(".digest-text")).not_to_have_text(digest)
    open_audit(page, "&policy=3&campaign=7")
    expect(page.locator("#audit-policy")).to_have_value("3")
    expect(page.locator("#audit-campaign")).to_have_value("7")


@pytest.mark.shared_page
def test_the_log_is_downloaded_and_made_again(page: Page) -> None:
    open_audit(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Log, CSV").click()
    content = waiting.value.path().read_text().splitlines()
    assert len(content) == 601
    assert content[0].startswith("send,segment,arm,propensity,propensity_0")
    page.locator("#audit-rerun").click()
    expect(page.locator("#audit-rerun-words")).to_contain_text("Same digest")
    expect(page.locator("#audit-rerun-words")).to_contain_text(re.compile(r"\d\d:\d\d.*200 chances"))


@pytest.mark.shared_page
def test_the_printed_sheet_holds_what_reproduces_the_log(page: Page) -> None:
    open_audit(page)
    sheet = page.locator("#audit-sheet")
    expect(sheet).to_be_hidden()
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.locator("#audit-hero h1")).to_be_hidden()
    words = sheet.inner_text()
    assert page.locator(".digest-text").text_content().replace(" ", "") in words  # type: ignore[union-attr]
    for part in (
        "engine.decision_log(engine.from_link(",
        "policy=1, replication=0",
        '"update_every": 20',
        "luck",
        "/audit?s=",
    ):
        assert part in words


def test_only_this_page_loads_the_grid(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/compare")
    expect(page.locator("#recommendation h1")).to_be_visible()
    assert not any("ag-grid" in url or "ag_grid" in url for url in asked)
    page.get_by_role("link", name="Audit", exact=True).click()
    expect(page.locator(".audit-grid .ag-row-selected")).to_have_count(1, timeout=PATIENCE_MS)
    grid = [url for url in asked if "/assets/vendor/dash-ag-grid" in url or "async-community" in url]
    assert [url.partition("/assets/vendor/dash-ag-grid-35.3.0/")[2] for url in grid] == [
        "dash_ag_grid.min.js",
        "async-community.js",
    ]


def test_a_grid_that_has_gone_is_asked_nothing(page: Page) -> None:
    """What happened to it is told a moment later; the console must stay silent."""
    open_audit(page)
    page.evaluate(
        """(place) => {
            const grid = window.dash_ag_grid.getApi(place);
            grid.paginationGoToNextPage();
            grid.destroy();
            window.btm_grid.chosen([[]]);
            return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }""",
        ids.audit_grid("log"),
    )


@pytest.mark.shared_page
@pytest.mark.parametrize("is_phone", [False, True])
def test_it_is_accessible(page: Page, expect_accessible: ExpectAccessible, is_phone: Any) -> None:
    if is_phone:
        page.set_viewport_size(PHONE)
    open_audit(page)
    expect_no_sideways_scroll(page)
    expect_accessible()
