"""A first visit and coming back: the tour, the story for a room, the cards, and scenarios that the browser keeps."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from components.address import query_of
from engine import Scenario
from tests.browser.conftest import expect_no_violations, settle
from tests.browser.steps import PATIENCE_MS, PHONE, contents, expect_no_sideways_scroll, expect_shown, open_page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "replications": 100,
    }
)
BY_HAND = "Object.defineProperty(navigator, 'webdriver', { get: () => false })"
"""The tour is not offered to programs that drive a browser."""


def expect_accessible(page: Page, within: str) -> None:
    """Run axe in both themes; what lies over the page covers the button that changes them."""
    for place, theme in enumerate(("dark", "light")):
        page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
        settle(page)
        expect_no_violations(page, theme, within, only_colours=place > 0)


def note_requests(page: Page) -> list[str]:
    """Collect what the page asks the server from now on.

    That the prices are looked for once, when the repeat campaigns are in, belongs to the run and may still be on its way.
    """
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            changed = json.loads(request.post_data or "{}").get("changedPropIds")
            asked.append(f"{request.url} {changed}")

    page.on("request", note)
    return asked


def test_the_tour_is_offered_once_and_the_story_shows_the_pages_own_numbers(page: Page) -> None:
    page.add_init_script(BY_HAND)
    page.set_viewport_size(PHONE)
    open_page(page)
    invitation, tour = page.locator("#invitation"), page.locator("dialog.tour")
    invitation.get_by_role("button", name="Take the tour").click()
    for title in ("The answer comes first", "This is the campaign", "Watch it happen", "See where", "Then ask"):
        expect(tour.locator("h2")).to_contain_text(title)
        page.keyboard.press("ArrowRight")
    expect_accessible(page, "dialog.tour")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    page.reload()
    expect_shown(page)
    expect(invitation).to_be_hidden()
    page.locator("#foot").get_by_role("button", name="Take the tour").click()
    tour.get_by_role("button", name="Skip the tour").click()
    expect(page.locator("#foot").get_by_role("button", name="Take the tour")).to_be_focused()

    page.goto(f"/{query_of(QUICK)}&story=1")
    expect(page.locator(".story-bar [role=status]")).to_have_text("1 of 5: An even split")
    expect_shown(page)
    verdict = page.locator("#hero h1").text_content() or ""
    asked = note_requests(page)
    expect(page.locator(".story-sentence:visible")).to_contain_text("Both lines got the same share")
    page.keyboard.press("PageDown")
    expect(page.locator("#race-stage")).to_have_class("stage is-ready is-playing")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".story-sentence:visible")).to_have_text(verdict)
    expect_no_sideways_scroll(page)
    expect_accessible(page, "body")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    assert len(asked) <= 1, "no step of the story and no moment of the replay asks for anything"
    assert all("prices-wanted" in one for one in asked)
    expect(page.get_by_role("link", name="Compare more policies")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#hero h1")).to_be_visible()
    assert "story" not in page.url


def test_a_card_opens_a_scenario_and_the_browser_keeps_those_that_are_saved(page: Page, tmp_path: Path) -> None:
    open_page(page)
    expect(page.locator("#invitation")).to_be_hidden()
    page.get_by_role("button", name="Browse").click()
    page.get_by_role("button", name="Open here: A real campaign").wait_for()
    expect_accessible(page, "#gallery-sheet")
    page.get_by_role("button", name="Open here: Small differences").click()
    expect(page.locator("#hero h1")).to_contain_text("Too close to call")
    expect_shown(page)
    shown = contents(page)

    opener = page.get_by_role("button", name="Saved", exact=True)
    opener.click()
    sheet = page.get_by_role("dialog", name="Saved scenarios")
    said = sheet.get_by_role("status")
    expect(sheet.get_by_label("Name", exact=True)).to_have_value("Small differences, 22,330 sends")
    sheet.get_by_role("button", name="Save this scenario").click()
    expect(said).to_have_text("Saved as “Small differences, 22,330 sends”.")
    other = page.context.new_page()  # another tab saves while this one is open
    other.goto("/saved")
    other.evaluate("""localStorage.setItem('btm-scenario-b', JSON.stringify({ name: 'Old', query: '?s=2x', at: 1 }))""")
    other.close()
    expect(sheet.locator(".saved-row")).to_have_count(2)
    expect(sheet.locator(".saved-problem")).to_have_text("Got version '2'; this is version 1. Ask for a new link.")
    expect_accessible(page, "dialog.sheet[open]")

    sheet.get_by_role("button", name="Rename “Small").click()
    sheet.get_by_label("New name of").fill("Four against five")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Renamed to “Four against five”.")
    sheet.get_by_role("button", name="Delete “Old”").click()
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.locator(".saved-row")).to_have_count(2)
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Export to a file").click()
    file = tmp_path / "saved.json"
    download.value.save_as(file)
    assert [one["name"] for one in json.loads(file.read_text())["scenarios"]] == ["Four against five", "Old"]
    sheet.get_by_role("button", name="Delete “Four against five”").click()
    sheet.locator("input[type=file]").set_input_files(file)
    expect(said).to_contain_text("1 came in; 1 were left out")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    sheet.get_by_role("button", name="Save this scenario").click()
    expect(said).to_contain_text("This browser keeps nothing for this page, or has no room left.")
    page.goto("/saved")
    page.locator("#main").get_by_role("button", name="Saved scenarios").click()
    sheet.get_by_role("link", name="Open “Four against five”").click()
    expect_shown(page)
    expect(page.locator("#hero h1")).to_contain_text("Too close to call")
    assert contents(page) == shown


def test_two_saved_scenarios_stand_side_by_side(page: Page) -> None:
    page.goto("/saved")
    expect(page.locator("#main h1")).not_to_be_empty()
    expect_accessible(page, "body")
    page.evaluate(
        "entries => entries.forEach(([key, entry]) => localStorage.setItem(key, JSON.stringify(entry)))",
        [
            [
                f"btm-scenario-{sends}",
                {"name": f"Send {sends}", "query": query_of(QUICK.with_changes(sends=sends)), "at": 1},
            ]
            for sends in (500, 900)
        ],
    )
    page.locator("#main").get_by_role("button", name="Saved scenarios").click()
    sheet = page.get_by_role("dialog", name="Saved scenarios")
    for name in ("Send 500", "Send 900"):
        sheet.get_by_label(f"Compare “{name}”").check()
    sheet.get_by_role("link", name="Compare the two chosen").click()
    expect(page.locator("#saved-sides .verdict-small")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator("#saved-progress")).to_be_empty(timeout=PATIENCE_MS)
    expect(page.get_by_role("region", name="What differs")).to_contain_text("900")
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)
    expect_accessible(page, "body")
