"""A team brings its own file: chosen, dropped, refused, settled, confirmed, shared, deleted; and every page runs on it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import PATIENCE_MS, PHONE, expect_no_sideways_scroll, expect_shown

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

SMALL = "Subject line;Sent;Orders\nPlain;400;12\nPlayful;400;40\nTotal;800;52\n"
PLACE = re.compile(r"/campaign\?c=[0-9a-f]{20}$")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "spring.csv"
    path.write_text(SMALL)
    return path


def choose(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose a file|Replace file")).click()
    chooser.value.set_files(path)


def bring(page: Page, path: Path) -> None:
    page.goto("/campaign")
    choose(page, path)
    expect_told(page)


def expect_told(page: Page) -> None:
    expect(page.locator("#campaign-hero h1")).to_contain_text("On your campaign", timeout=PATIENCE_MS)
    expect(page.locator("#campaign-progress")).to_be_empty(timeout=PATIENCE_MS)


CLICKS = """(() => { window.name = window.name || '0';
    document.addEventListener('click', (event) => { if (event.isTrusted) { window.name = String(1 + Number(window.name)); } }, true);
})()"""
"""Counts what somebody clicks, in the one thing that outlives a page: the window's name."""


def test_a_newcomer_has_a_verdict_on_an_own_file_after_two_clicks_and_every_page_runs_on_it(
    page: Page, small: Path
) -> None:
    """From the first page: "Your campaign", then "Choose a file", where the file's own dialog takes two more."""
    page.add_init_script(CLICKS)
    page.goto("/")
    page.get_by_role("link", name="Your campaign").click()
    choose(page, small)
    expect_told(page)
    assert page.evaluate("window.name") == "2"
    expect(page).to_have_url(PLACE)
    expect(page.locator(".section-happened h2")).to_have_text("What happened: Playful won, beyond doubt")
    expect(page.locator(".campaign-lines tbody tr")).to_have_count(2)
    expect(page.locator("#campaign-body tr")).to_have_count(5)
    page.get_by_role("link", name="Replay it").click()
    expect(page).to_have_url(re.compile(r"/\?c=[0-9a-f]{20}\.[0-9a-f]{16}$"))
    expect_shown(page)
    expect(page.locator("#table")).to_contain_text("Playful")
    page.get_by_role("link", name="Your campaign").click()
    expect_told(page)


def test_a_file_can_be_dropped(page: Page) -> None:
    page.goto("/campaign")
    page.wait_for_selector(".drop-zone")
    dropped = page.evaluate_handle(
        "(text) => { const all = new DataTransfer(); all.items.add(new File([text], 'spring.csv')); return all; }",
        SMALL,
    )
    page.dispatch_event(".drop-zone", "dragover", {"dataTransfer": dropped})
    expect(page.locator(".drop-zone")).to_have_class(re.compile("is-over"))
    page.dispatch_event(".drop-zone", "drop", {"dataTransfer": dropped})
    expect_told(page)


def test_what_cannot_be_read_is_told_in_place(page: Page, tmp_path: Path, console_messages: list[str]) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("variant,sends,orders\nA,10,11\nB,10,1\n")
    page.goto("/campaign")
    choose(page, path)
    expect(page.locator(".drop-zone .file-error")).to_contain_text("row 2, orders: got 11, more than its 10 sends")
    expect(page.locator(".drop-zone .file-status")).to_be_empty()
    console_messages.clear()  # the browser notes each answer that is no success
    path.write_text(SMALL)
    choose(page, path)
    expect_told(page)


def test_columns_are_settled_and_confirmed(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "recipients.csv"
    path.write_text("segment,visit,conversion\n" + "New,1,0\nLoyal,1,1\nNew,0,0\nLoyal,1,0\n" * 30)
    page.goto("/campaign")
    choose(page, path)
    expect(page.locator("h1")).to_contain_text("One thing to settle")
    page.get_by_label("What segment means").select_option("variant")
    page.get_by_label("What conversion means").select_option("ignore")
    page.get_by_label("What visit means").select_option("converted")
    page.get_by_role("button", name="Read it again").click()
    expect_told(page)
    expect(page.locator(".campaign-lines tbody tr").first).to_contain_text("100.0%")
    expect(page.locator("#columns-state")).to_have_text("Confirmed")


def test_links_carry_names_only_once_it_is_allowed(page: Page, small: Path, browser: Browser, base_url: str) -> None:
    bring(page, small)
    assert "Playful" not in page.url
    private = page.url
    page.get_by_role("button", name="Allow totals in links").click()
    expect(page.locator(".privacy")).to_contain_text("Links carry its names and totals.")
    expect(page).to_have_url(re.compile(r"/campaign\?s=.+&c=[0-9a-f]{20}$"))
    shared = page.url
    with browser.new_context(base_url=base_url) as elsewhere:
        other = elsewhere.new_page()
        other.goto(private)
        expect(other.locator(".notices")).to_contain_text("has been deleted. Bring the file again.")
        other.goto(shared)
        expect(other.locator(".privacy")).to_contain_text("These counts came with a link.")
        expect_told(other)
    page.get_by_role("button", name="Keep totals out of links").click()
    expect(page).to_have_url(PLACE)


def test_what_is_deleted_is_gone(page: Page, small: Path) -> None:
    bring(page, small)
    address = page.url
    page.get_by_role("button", name="Delete now").click()
    expect(page.locator("h1")).to_have_text("What would your own campaign have brought?")
    page.goto(address)
    expect(page.locator(".notices")).to_contain_text("has been deleted")


def test_samples_are_one_press_away_and_downloads_work(page: Page) -> None:
    page.goto("/campaign")
    page.get_by_role("button", name="A shop, recipient by recipient").click()
    expect_told(page)
    expect(page.locator(".checks")).to_contain_text("of 2,400 sends on")
    for of in ("happened", "policies"):
        with page.expect_download() as download:
            page.locator(f".section-{of} button", has_text="CSV").click()
        assert Path(download.value.path()).read_text().count("\n") > 3


def test_a_log_of_decisions_is_judged(page: Page, tmp_path: Path, expect_accessible: ExpectAccessible) -> None:
    path = tmp_path / "log.csv"
    path.write_text("arm,reward\n" + "".join(f"{'AB'[n % 2]},{int(n % 10 in (1, 3, 6))}\n" for n in range(400)))
    page.goto("/campaign")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a log").click()
    chooser.value.set_files(path)
    expect(page.locator("h1")).to_contain_text("Always sending B would have converted 40.00%", timeout=PATIENCE_MS)
    page.get_by_role("button", name="The split was even").click()
    expect(page.locator(".log-note")).to_have_count(0, timeout=PATIENCE_MS)
    expect_accessible()
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)


def test_everybody_can_use_it(page: Page, small: Path, expect_accessible: ExpectAccessible) -> None:
    page.goto("/campaign")
    page.wait_for_selector(".drop-zone")
    expect_accessible()
    choose(page, small)
    expect_told(page)
    expect(page.locator("#study-body h2")).to_be_visible(timeout=PATIENCE_MS)
    expect_accessible()
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)
    expect_accessible()
