"""The group "The real world" as a visitor uses it: worlds, late conversions, guardrails, errors, the pace."""

import pytest
from playwright.sync_api import Locator, Page, expect

from components import ids
from components.address import query_of
from engine.presets import PRESETS
from tests.browser.conftest import ExpectAccessible
from tests.browser.steps import (
    CLASSIC,
    PATIENCE_MS,
    PHONE,
    by_id,
    error,
    expect_changed_address,
    expect_no_sideways_scroll,
    expect_shown,
    field,
    open_page,
    open_settings,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

SMALL = query_of(CLASSIC.with_changes(sends=2_000, replications=40))
EVERYTHING = query_of(
    CLASSIC.with_changes(
        world={"name": "change_point", "changes": [{"arm": "Free Gift Waiting", "at": 500, "rate": 0.6}]},
        delay={"name": "log_normal"},
        sends=2_000,
        sends_per_hour=100,
        update_every="hourly",
        guardrails=[{"name": "minimum_share"}, {"name": "pause_rule"}],
        segments={
            "audience": [
                {"name": "New", "share": 0.4},
                {"name": "Loyal", "share": 0.6, "multipliers": [1.0, 2.0, 1.0, 1.0, 0.5]},
            ],
            "time_of_day": [
                {"name": "Early", "share": 0.3},
                {"name": "Noon", "share": 0.3},
                {"name": "Late", "share": 0.4},
            ],
        },
        money={"unsubscribe_cost": 3.0},
        goal="net_value",
        recurring={"recipients": 500},
        shocks={"lasts": 200},
        replications=40,
    )
)
TOO_FAST = query_of(PRESETS["late_conversions"].scenario.with_changes(sends=2_000, sends_per_hour=60_000))


def row(page: Page) -> Locator:
    return page.locator("#row-real-world > summary")


def choose(page: Page, what: str, name: str) -> None:
    by_id(page, ids.pick(what)).focus()
    by_id(page, ids.pick(what)).select_option(name)


def test_a_world_is_chosen_with_its_settings_and_told_in_the_closed_row(page: Page) -> None:
    open_page(page, SMALL)
    expect(row(page)).to_contain_text("left out")
    before = page.url
    row(page).click()
    choose(page, "world", "seasonal")
    expect(field(page, "world.contrast")).to_be_visible()
    expect(by_id(page, ids.pick("world"))).to_be_focused()
    expect(field(page, "sends_per_hour")).to_have_value("10")
    expect(row(page)).to_contain_text("season")
    expect_changed_address(page, before)
    expect_shown(page)


def test_late_conversions_bring_a_pace_and_no_error(page: Page) -> None:
    open_page(page, SMALL)
    row(page).click()
    choose(page, "delay", "log_normal")
    expect(field(page, "delay.median_hours")).to_be_visible()
    expect(field(page, "sends_per_hour")).to_have_value("80")
    expect(page.locator("#row-real-world")).to_contain_text("2,000 sends at 80 an hour: 25 hours.")
    expect(page.locator("#row-real-world .field-error:not(:empty)")).to_have_count(0)
    expect_shown(page)


def test_a_cadence_shows_its_number_as_long_as_it_has_one(page: Page) -> None:
    open_page(page, SMALL)
    row(page).click()
    choose(page, "cadence", "every_n")
    expect(field(page, "update_every")).to_have_value("100")
    field(page, "update_every").fill("1")
    expect(by_id(page, ids.pick("cadence"))).to_have_value("at_once")
    field(page, "update_every").fill("150")
    expect(by_id(page, ids.pick("cadence"))).to_have_value("every_n")
    choose(page, "cadence", "daily")
    expect(field(page, "update_every")).to_have_count(0)


def test_a_guardrail_is_added_mended_and_removed(page: Page) -> None:
    open_page(page, SMALL)
    row(page).click()
    choose(page, "guardrail", "minimum_share")
    share = "guardrails.0.share"
    expect(field(page, share)).to_have_value("5")
    expect_shown(page)
    field(page, share).fill("25")
    expect(error(page, share)).to_contain_text("5 lines at 25% need 125% of the traffic")
    expect(field(page, share)).to_have_attribute("aria-invalid", "true")
    expect(field(page, share)).to_have_value("25")
    field(page, share).fill("20")
    expect(error(page, share)).to_be_empty()
    expect_shown(page)
    page.get_by_role("button", name="Remove Minimum share").click()
    expect(field(page, share)).to_have_count(0)
    expect(row(page)).to_contain_text("left out")


def test_what_goes_wrong_in_the_closed_row_opens_it(page: Page) -> None:
    open_page(page, EVERYTHING)
    expect(page.locator("#row-real-world")).not_to_have_attribute("open", "")
    field(page, "sends").fill("400")
    expect(error(page, "world.changes")).to_contain_text("sends = 400")
    expect(error(page, "world.changes")).to_be_visible()
    expect(page.locator("#row-real-world")).to_contain_text("1 change is given by the link.")
    page.get_by_role("button", name="Drop them").click()
    expect(field(page, "world.random_changes")).to_be_visible()
    expect_shown(page)


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_a_send_that_ends_too_soon_is_paced_by_a_button(page: Page, path: str) -> None:
    page.goto(f"{path}{TOO_FAST}")
    note = page.locator("#pace-notice")
    expect(note).to_contain_text("Your send ends after 2 minutes, before 80% of replies are in", timeout=PATIENCE_MS)
    before = page.url
    note.get_by_role("button", name="Pace it over 24 hours").click()
    expect(note).to_be_empty(timeout=PATIENCE_MS)
    expect(field(page, "sends_per_hour")).to_have_value("83")
    expect_changed_address(page, before)


def test_a_preset_explains_its_result(page: Page) -> None:
    open_page(page, query_of(PRESETS["wrong_season"].scenario))
    expect(page.locator("#hero h1")).to_contain_text("fewer times")
    expect(page.locator("#hero .note")).to_contain_text("crowns B")


def test_everything_open_is_accessible(page: Page, expect_accessible: ExpectAccessible) -> None:
    open_page(page, EVERYTHING)
    open_settings(page)
    page.locator("#scenario-panel").get_by_role("button", name="Edit", exact=True).click()
    expect(field(page, "arms.0.complaint_rate")).to_be_visible()
    expect(field(page, "arms.0.order_value")).to_be_visible()
    for path, wrong in (
        ("guardrails.0.share", "25"),
        ("segments.audience.0.share", "0"),
        ("segments.audience.1.multipliers.2", "99"),
    ):
        field(page, path).fill(wrong)
        expect(error(page, path)).not_to_be_empty()
    expect_accessible()


def test_everything_open_fits_a_phone(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/{EVERYTHING}")
    expect(page.locator("#kpi section").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator("#edit-scenario").click()
    open_settings(page)
    expect_no_sideways_scroll(page)
    expect_accessible("light")  # the theme it is in: the open panel covers the button
