"""The Time Machine as a visitor uses it: the verdict, changes that rerun, errors, states, phone, keyboard, accessibility."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from components import ids
from components.address import query_of
from components.formats import count, percent
from components.pages.time_machine import answers
from engine.presets import PRESETS
from engine.race import race
from tests.browser.conftest import ExpectAccessible, Theme
from tests.browser.steps import (
    CLASSIC,
    FOUR,
    HEAVY,
    LIGHT_THAT_CAN_GROW,
    MOST_FRAMES,
    PATIENCE_MS,
    PHONE,
    add_policy,
    by_id,
    edit_lines,
    error,
    expect_changed_address,
    expect_no_sideways_scroll,
    expect_shown,
    expect_verdict,
    field,
    open_heavy,
    open_page,
    open_settings,
    preset,
)

CALLBACKS = "**/_dash-update-component*"

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long does so on every machine."""
    monkeypatch.setattr(answers, "available_cores", lambda: 2)


# The answer


@pytest.mark.shared_page
def test_the_first_page_tells_what_the_engine_found(page: Page) -> None:
    open_page(page)
    expect_verdict(page, CLASSIC)
    expect(page.locator("#hero")).to_contain_text("repeat campaigns")
    run, K = race(CLASSIC), len(CLASSIC.arms)
    for place, policy in enumerate(run["policies"]):
        block = page.locator("#kpi section").nth(place)
        sends, conversions = policy["sends"][-K:], policy["conversions"][-K:]
        expect(block).to_contain_text(f"{count(sum(conversions))}")
        expect(block).to_contain_text(percent(sum(conversions) / CLASSIC.sends))
        expect(block).to_contain_text(percent(sends[run["best"]] / CLASSIC.sends))
        expect(block).to_contain_text(count(policy["regret"][-1]))
    best = page.locator("#table table").first.locator("tbody tr").first
    expect(best).to_contain_text(run["arms"][run["best"]]["name"])
    expect(best).to_contain_text(percent(run["arms"][run["best"]]["rate"]))


def with_epsilon(epsilon: float) -> Any:
    return CLASSIC.with_changes(policies=[{"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": epsilon}])


def test_moving_epsilon_reruns_by_itself_and_coming_back_takes_it_from_the_cache(page: Page) -> None:
    open_page(page)
    slider = field(page, "policies.1.epsilon")
    slider.focus()
    slider.press("ArrowRight")
    expect_verdict(page, with_epsilon(0.11))
    expect(page.locator("#run-status")).to_have_text(
        re.compile(r"The page shows this scenario\. .*\d m?s$"), timeout=PATIENCE_MS
    )
    slider.press("ArrowLeft")
    expect_verdict(page, CLASSIC)
    expect(page.locator("#run-status")).to_have_text(re.compile(r"From the cache, .*\d m?s$"))


def test_many_steps_of_epsilon_end_where_the_slider_stands(page: Page) -> None:
    open_page(page)
    slider = field(page, "policies.1.epsilon")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    expect_verdict(page, with_epsilon(0.22))
    expect(page.locator(".field-value").first).to_have_text("0.22")


def test_changing_sends_and_seed_reruns(page: Page) -> None:
    open_page(page)
    field(page, "sends").fill("2000")
    expect_verdict(page, CLASSIC.with_changes(sends=2_000))
    expect(page.locator("#run")).to_have_text("Run 2,000 sends")
    field(page, "seed").fill("7")
    expect_verdict(page, CLASSIC.with_changes(sends=2_000, seed=7))


@pytest.mark.shared_page
def test_the_button_takes_the_same_from_the_cache_however_often_it_is_pressed(page: Page) -> None:
    open_page(page)
    for _ in range(6):
        page.locator("#run").click()
    expect(page.locator("#run-status")).to_contain_text("From the cache")
    expect_verdict(page, CLASSIC)


# Errors


@pytest.mark.shared_page
def test_a_wrong_number_is_told_at_its_field_and_the_result_stays(page: Page) -> None:
    open_page(page)
    before = page.locator("#hero h1").inner_text()
    for typed in ("0", "1.5", "1000001"):
        field(page, "sends").fill(typed)
        expect(error(page, "sends")).to_contain_text("a whole number from 1 to 1,000,000")
        expect(field(page, "sends")).to_have_attribute("aria-invalid", "true")
        described_by = field(page, "sends").get_attribute("aria-describedby")
        assert described_by == error(page, "sends").get_attribute("id")
        assert page.locator("#hero h1").inner_text() == before
        field(page, "sends").fill("10000")
        expect(error(page, "sends")).to_be_empty()
        expect(field(page, "sends")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.shared_page
def test_letters_in_a_number_are_an_error_and_nothing_worse(page: Page) -> None:
    open_page(page)
    for typed in ("abc", "12e", "1e400"):
        field(page, "sends").fill("")
        field(page, "sends").press_sequentially(typed)
        expect(error(page, "sends")).to_contain_text("a whole number")
    field(page, "sends").fill("10000")
    expect(error(page, "sends")).to_be_empty()
    expect_shown(page)


@pytest.mark.shared_page
def test_a_setting_in_a_closed_row_tells_its_error_there(page: Page) -> None:
    open_page(page)
    row, low = page.locator("summary", has_text="Rates left empty"), field(page, "world.low")
    row.click()
    before = low.input_value()
    low.fill("0.9")
    expect(error(page, "world.low")).to_contain_text("must not be above high")
    low.fill(before)
    expect(error(page, "world.low")).to_be_empty()
    expect_shown(page)
    row.click()


# Lines and policies


def test_lines_can_be_renamed_rated_added_and_removed(page: Page) -> None:
    open_page(page)
    edit_lines(page)
    field(page, "arms.0.name").fill("Spring sale")
    expect(page.locator("#table")).to_contain_text("Spring sale", timeout=PATIENCE_MS)
    field(page, "arms.0.rate").fill("80")
    expect(page.locator("#table tbody tr").first).to_contain_text("80.0%", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Add a line").click()
    expect(page.locator("#table")).to_contain_text("Line 6", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Remove line F").click()
    expect(page.locator("#table")).not_to_contain_text("Line 6", timeout=PATIENCE_MS)
    field(page, "arms.1.name").fill("Spring sale")
    expect(error(page, "arms")).to_contain_text("names must differ")
    field(page, "arms.1.name").fill("Other")
    expect(error(page, "arms")).to_be_empty()
    field(page, "arms.1.rate").fill("150")
    expect(error(page, "arms.1.rate")).to_contain_text("from 0 to 100%")
    field(page, "arms.1.rate").fill("")
    expect(error(page, "arms.1.rate")).to_be_empty()


def test_a_single_line_asks_for_a_second(page: Page) -> None:
    open_page(page, query_of(CLASSIC.with_changes(arms=[{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}])))
    before = page.locator("#hero h1").inner_text()
    edit_lines(page)
    page.get_by_role("button", name="Remove line B").click()
    expect(page.locator("#notice")).to_contain_text("Add a second subject line")
    assert page.locator("#hero h1").inner_text() == before
    page.locator("#notice").get_by_role("button", name="Add a line").click()
    expect(page.locator("#notice")).to_be_empty(timeout=PATIENCE_MS)


def test_up_to_four_policies_race_and_the_last_challenger_stays(page: Page) -> None:
    open_page(page)
    first = page.get_by_role("button", name="Remove ε-greedy")
    expect(first).to_have_count(0)
    for name in ("thompson", "oracle"):
        add_policy(page).select_option(name)
        expect(page.locator("#kpi section")).to_have_count(3 if name == "thompson" else 4, timeout=PATIENCE_MS)
        expect(page.locator("#race-bars .bar-column")).to_have_count(3 if name == "thompson" else 4)
    expect(add_policy(page)).to_have_count(0)
    page.get_by_role("button", name="Remove Oracle").click()
    expect(page.locator("#kpi section")).to_have_count(3, timeout=PATIENCE_MS)
    expect(add_policy(page)).to_have_count(1)
    first.click()
    expect(page.locator("#kpi")).not_to_contain_text("ε-greedy", timeout=PATIENCE_MS)
    expect(page.locator("#kpi section")).to_have_count(2)
    expect(page.get_by_role("button", name="Remove Thompson sampling")).to_have_count(0)


def test_a_policy_brings_its_settings(page: Page) -> None:
    open_page(page)
    add_policy(page).select_option("sliding_window_thompson")
    page.locator("summary", has_text="Sliding-window Thompson").click()
    field(page, "policies.2.window").fill("0")
    expect(error(page, "policies.2.window")).to_contain_text("a whole number from 1")
    before = page.url
    field(page, "policies.2.window").fill("500")
    expect(error(page, "policies.2.window")).to_be_empty()
    expect_changed_address(page, before)


def test_a_preset_is_loaded_whole(page: Page) -> None:
    open_page(page)
    preset(page).select_option("real_campaign")
    expect_verdict(page, PRESETS["real_campaign"].scenario)
    expect(by_id(page, ids.text("preset-hint"))).to_contain_text("2008")
    expect(field(page, "sends")).to_have_value("64000")


def test_another_world_seed_gives_other_rates(page: Page) -> None:
    open_page(page)
    rates = page.locator(".arm-rate").all_inner_texts()
    page.locator("summary", has_text="Rates left empty").click()
    page.get_by_role("button", name=re.compile("Another world seed")).click()
    expect(page.locator(".arm-rate").first).not_to_have_text(rates[0])


# Work that waits


@pytest.mark.usefixtures("two_cores")
def test_a_change_that_takes_long_waits_and_the_page_stays(page: Page) -> None:
    open_page(page, query_of(LIGHT_THAT_CAN_GROW))
    before = page.locator("#hero h1").inner_text()
    field(page, "sends").fill("1000000")
    expect(page.locator("#notice")).to_contain_text("You changed the scenario", timeout=PATIENCE_MS)
    expect(page.locator("#run-status")).to_contain_text("Not run yet")
    expect(page.locator("#run")).to_have_text("Run 1,000,000 sends")
    assert page.locator("#hero h1").inner_text() == before
    edit_lines(page)  # what changes nothing does not take the question away
    expect(page.locator("#notice")).to_contain_text("You changed the scenario")
    field(page, "sends").fill("500")
    expect(page.locator("#notice")).to_be_empty()
    expect(page.locator("#run-status")).to_contain_text("The page shows this scenario")


# Files


@pytest.mark.shared_page
def test_results_can_be_taken_away_as_files(page: Page) -> None:
    open_page(page)
    for button, first in (("#table-csv", "line,subject_line"), ("#race-csv", "sends,policy,line")):
        with page.expect_download() as download:
            page.locator(button).click()
        assert Path(download.value.path()).read_text(encoding="utf-8").startswith(first)


# Sizes


def test_nothing_scrolls_sideways_at_any_width(page: Page) -> None:
    long_names = [{"name": letter * 100} for letter in "WMZ"]
    for scenario in (FOUR, FOUR.with_changes(arms=long_names)):
        page.goto(f"/{query_of(scenario)}")
        expect(page.locator("#table table").first).to_be_attached(timeout=PATIENCE_MS)
        for width in (360, 390, 768, 1024, 1200, 1440, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            expect_no_sideways_scroll(page)


def test_on_a_phone_the_panel_opens_and_escape_closes_it(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    expect_verdict(page, CLASSIC)
    page.locator("#edit-scenario").click()
    expect(field(page, "sends")).to_be_visible()
    expect_no_sideways_scroll(page)
    field(page, "sends").fill("1500")
    expect(page.locator("#scenario-summary")).to_contain_text("1,500 sends", timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(field(page, "sends")).not_to_be_visible()
    expect(page.locator("#edit-scenario")).to_be_focused()


# Keyboard

FOCUSABLE = "a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex='0']"
LIST_FOCUSABLE = """(selector) => [...document.querySelectorAll(selector)]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('details:not([open]) > div'))
    .length"""
MARK = """() => { const node = document.activeElement;
    if (node === document.body || node.dataset.reached) { return false; }
    node.dataset.reached = 'yes';
    const style = getComputedStyle(node);
    node.dataset.ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none' ? 'yes' : 'no';
    return true; }"""
FORGET = """() => document.querySelectorAll('[data-reached]').forEach((node) => { delete node.dataset.reached; })"""
MISSED = """(selector) => [...document.querySelectorAll(selector)]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.dataset.reached)
    .map((node) => node.outerHTML.slice(0, 120))"""


def test_the_tab_key_reaches_everything_and_shows_where_it_is(page: Page) -> None:
    open_page(page, query_of(FOUR))
    open_settings(page)
    expect_all_reached(page)
    edit_lines(page)
    open_settings(page)
    expect_all_reached(page)


def expect_all_reached(page: Page) -> None:
    page.evaluate(FORGET)
    page.locator("body").evaluate("(node) => { node.tabIndex = -1; node.focus(); node.removeAttribute('tabindex'); }")
    for _ in range(page.evaluate(LIST_FOCUSABLE, FOCUSABLE) + 5):
        page.keyboard.press("Tab")
        if not page.evaluate(MARK):
            break
    assert page.evaluate(MISSED, FOCUSABLE) == []
    assert page.locator("[data-ring=no]").count() == 0


def test_everything_works_without_a_mouse(page: Page) -> None:
    open_page(page)
    add_policy(page).focus()
    page.keyboard.press("e")  # the first policy with that letter
    expect(page.locator("#kpi section")).to_have_count(3, timeout=PATIENCE_MS)
    expect(page.locator("#kpi")).to_contain_text("Exp3")
    page.get_by_role("button", name="Remove Exp3").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#kpi section")).to_have_count(2, timeout=PATIENCE_MS)
    field(page, "sends").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    expect_verdict(page, CLASSIC.with_changes(sends=2_000))
    page.locator("summary", has_text="Rates left empty").focus()
    page.keyboard.press("Enter")
    expect(field(page, "world.low")).to_be_visible()
    page.locator("#run").focus()
    page.keyboard.press("Space")
    expect(page.locator("#run-status")).to_contain_text("From the cache")
    assert page.evaluate("window.btm.replay.playing") is False


# States


def wrong_number(page: Page) -> None:
    field(page, "sends").fill("0")
    expect(error(page, "sends")).not_to_be_empty()


def grow(page: Page) -> None:
    field(page, "sends").fill("1000000")
    expect(page.locator("#notice")).to_contain_text("You changed the scenario", timeout=PATIENCE_MS)


def one_line(page: Page) -> None:
    edit_lines(page)
    page.get_by_role("button", name="Remove line B").click()
    expect(page.locator("#notice")).to_contain_text("Add a second subject line")


def wrong_fields(page: Page) -> None:
    wrong_number(page)
    edit_lines(page)
    field(page, "arms.0.name").fill("")
    expect(error(page, "arms.0.name")).not_to_be_empty()
    field(page, "arms.1.rate").fill("150")
    expect(error(page, "arms.1.rate")).not_to_be_empty()


THEMES: tuple[Theme, Theme] = ("light", "dark")
TWO_LINES = query_of(CLASSIC.with_changes(arms=[{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], sends=500))
STATES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "loaded": ("", None),
    "wrong fields": ("", wrong_fields),
    "one line": (TWO_LINES, one_line),
    "waiting for the button": (query_of(LIGHT_THAT_CAN_GROW), grow),
    "four policies, settings open": (query_of(FOUR), open_settings),
    "bad link": ("?s=garbage", None),
}


@pytest.mark.usefixtures("two_cores")
@pytest.mark.shared_page
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(page: Page, state: str, expect_accessible: ExpectAccessible) -> None:
    query, prepare = STATES[state]
    open_page(page, query)
    if prepare:
        prepare(page)
    expect_accessible()


def test_the_question_whether_to_run_is_accessible(page: Page, expect_accessible: ExpectAccessible) -> None:
    open_heavy(page, query_of(HEAVY))
    expect_accessible()


def test_the_phone_panel_is_accessible(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    expect_verdict(page, CLASSIC)
    for theme in THEMES:
        expect_accessible(theme)
        page.locator("#edit-scenario").click()
        if theme == THEMES[0]:
            edit_lines(page)
        expect_accessible(theme)  # the theme it is in: the open panel covers the button
        page.keyboard.press("Escape")


# Slow lines, slow servers, long words


@pytest.fixture
def provokes_messages(console_messages: list[str]) -> Iterator[None]:
    """Chromium itself reports requests that fail; here it is what was asked for."""
    yield
    console_messages.clear()


def is_asked(request: Request, output: str) -> bool:
    """Whether a request asks for the callback whose outputs begin with a word."""
    return "_dash-update-component" in request.url and json.loads(request.post_data or "{}").get(
        "output", ""
    ).startswith(f"..{output}")


@pytest.mark.shared_page
@pytest.mark.parametrize("size", [PHONE, {"width": 1024, "height": 768}], ids=["phone", "tablet"])
def test_the_open_panel_can_be_scrolled_to_its_button(page: Page, size: Any) -> None:
    open_page(page)
    page.set_viewport_size(size)
    page.locator("#edit-scenario").click()
    expect(field(page, "sends")).to_be_visible()
    page.locator("#run").scroll_into_view_if_needed()
    box = page.locator("#run").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size["height"]
    page.keyboard.press("Escape")


def test_the_focus_stays_with_the_button_that_was_pressed(page: Page) -> None:
    open_page(page)
    panel = page.locator("#scenario-panel")
    for pressed in ("Add a line", "Another seed: the same campaign with other luck"):
        before = page.url
        panel.get_by_role("button", name=pressed, exact=True).press("Enter")
        expect_changed_address(page, before)
        expect(panel.locator(":focus")).to_have_count(1)
    expect(field(page, "seed")).not_to_have_value("42")
    panel.get_by_role("button", name="Edit", exact=True).press("Enter")
    expect(field(page, "arms.0.name")).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)


def test_the_focus_goes_near_when_its_button_has_gone(page: Page) -> None:
    open_page(page)
    edit_lines(page)
    page.get_by_role("button", name="Remove line E").press("Enter")
    expect(page.get_by_role("button", name="Remove line D")).to_be_focused()
    add_policy(page).focus()
    add_policy(page).select_option("thompson")
    expect(page.get_by_role("button", name="Remove Thompson sampling")).to_be_visible()
    expect(add_policy(page)).to_be_focused()


def test_an_open_row_stays_open_when_others_come_and_go(page: Page) -> None:
    open_page(page, query_of(CLASSIC.with_changes(policies=[{"name": "ab_split"}, {"name": "thompson"}], sends=500)))
    page.locator("summary", has_text="Thompson sampling").click()
    add_policy(page).select_option("sliding_window_thompson")
    expect(field(page, "policies.2.window")).to_be_attached()
    expect(field(page, "policies.1.alpha")).to_be_visible()
    expect(field(page, "policies.2.window")).not_to_be_visible()


def test_a_row_stays_open_while_it_is_used_and_says_what_is_set_in_it(page: Page) -> None:
    open_page(page)
    summary = page.locator("summary", has_text="Rates left empty")
    summary.click()
    before = page.url
    field(page, "world.draw").select_option("beta")
    expect_changed_address(page, before)
    expect(field(page, "world.alpha")).to_be_visible()
    before = page.url
    field(page, "world.world_seed").fill("7")
    expect_changed_address(page, before)
    expect(summary).to_contain_text("seed 7")


def test_what_was_typed_counts_with_the_button_pressed_right_after_it(page: Page) -> None:
    open_page(page)
    # No way through the browser is fast enough for sure: both in one go.
    page.evaluate(
        """([sends, seed]) => {
            const input = document.getElementById(sends);
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '2000');
            input.dispatchEvent(new Event('input', { bubbles: true }));
            document.getElementById(seed).click();
        }""",
        [ids.in_html(ids.field("sends")), ids.in_html(ids.action("new-seed", "seed"))],
    )
    expect(field(page, "seed")).not_to_have_value("42")
    expect(page.locator("#run")).to_have_text("Run 2,000 sends")


def expect_held(held: list[Route], number: int, page: Page) -> None:
    """Wait until so many requests are held back: a request is announced before its route is."""
    for _ in range(MOST_FRAMES):
        if len(held) >= number:
            return
        page.evaluate("() => new Promise((resolve) => requestAnimationFrame(resolve))")
    raise AssertionError(f"{len(held)} of {number} requests are held")


def expect_both_presses_to_count(page: Page, answer: Callable[[Route, Route], None]) -> None:
    """Press a button twice before anything is answered."""
    open_page(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if is_asked(route.request, "draft") else route.continue_()

    page.route(CALLBACKS, hold)
    for presses in (1, 2):
        with page.expect_request(lambda request: is_asked(request, "draft")):
            page.get_by_role("button", name="Add a line").click()
        expect_held(held, presses, page)
    answer(*held)
    page.unroute(CALLBACKS, hold)
    names = page.locator("#scenario-panel .arm-name")
    expect(names).to_have_count(7)
    expect(names.last).to_have_text("Line 7")


def test_every_press_counts_on_a_slow_line(page: Page) -> None:
    def answer_both(first: Route, second: Route) -> None:
        first.continue_()
        second.continue_()

    expect_both_presses_to_count(page, answer_both)


@pytest.mark.usefixtures("provokes_messages")
def test_a_press_whose_answer_is_lost_is_sent_again(page: Page) -> None:
    """The browser may drop an answer when another comes in; here the network loses it."""

    def lose_the_second(first: Route, second: Route) -> None:
        second.abort()
        first.continue_()

    expect_both_presses_to_count(page, lose_the_second)


@pytest.mark.shared_page
def test_the_status_does_not_call_a_wrong_scenario_shown(page: Page) -> None:
    open_page(page)
    wrong_number(page)
    expect(page.locator("#run-status")).not_to_contain_text("The page shows this scenario")
    field(page, "sends").fill("10000")
    expect_shown(page)


@pytest.mark.usefixtures("two_cores")
def test_late_repeats_do_not_call_another_scenario_shown(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_check = is_asked(route.request, "hero") and '"inputs":[{"id":"shown"' in (route.request.post_data or "")
        held.append(route) if is_check else route.continue_()

    page.route(CALLBACKS, hold)
    fresh = LIGHT_THAT_CAN_GROW.with_changes(seed=fresh_seed())
    with page.expect_request(lambda request: '"inputs":[{"id":"shown"' in (request.post_data or "")):
        page.goto(f"/{query_of(fresh)}")
    grow(page)
    with page.expect_response(lambda answer: '"inputs":[{"id":"shown"' in (answer.request.post_data or "")):
        for route in held:
            route.continue_()
    expect(page.locator("#foot")).not_to_have_text(re.compile(r"Result …$"), timeout=PATIENCE_MS)
    assert "Not run yet" in page.locator("#run-status").inner_text()


def fresh_seed() -> int:
    """A seed whose repeats nobody has asked for."""
    return secrets.randbelow(2**52)


def test_long_labels_leave_room_for_the_buttons_and_never_scroll_the_page_sideways(page: Page) -> None:
    policies = [{"name": name, "label": letter * 60} for name, letter in (("ab_split", "A"), ("thompson", "T"))]
    open_page(page, query_of(CLASSIC.with_changes(policies=[*policies, {"name": "oracle"}], sends=500)))
    panel = page.locator("#scenario-panel").bounding_box()
    button = page.get_by_role("button", name="Remove TTT").bounding_box()
    assert panel is not None
    assert button is not None
    assert button["x"] + button["width"] <= panel["x"] + panel["width"]
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)


@pytest.mark.usefixtures("provokes_messages")
def test_a_server_that_does_not_answer_is_told_and_asked_again(page: Page) -> None:
    open_page(page)
    page.context.set_offline(True)
    field(page, "sends").fill("2222")
    expect(page.locator("#away-notice")).to_be_visible()
    expect(page.locator("#away-notice")).to_contain_text("does not answer")
    expect(page.locator(".panel-run")).to_contain_text("does not answer")
    expect(page.locator("#run-status")).not_to_be_visible()
    page.context.set_offline(False)
    expect_verdict(page, CLASSIC.with_changes(sends=2_222))
    expect(page.locator("#away-notice")).not_to_be_visible()

    def fail(route: Route) -> None:
        route.fulfill(status=503) if is_asked(route.request, "hero") else route.continue_()

    page.route(CALLBACKS, fail)
    field(page, "sends").fill("3333")
    expect(page.locator("#away-notice")).to_be_visible()
    page.unroute(CALLBACKS, fail)
    page.get_by_role("button", name="Try again").click()
    expect_verdict(page, CLASSIC.with_changes(sends=3_333))
    expect(page.locator("#away-notice")).not_to_be_visible()


CHANGING = CLASSIC.with_changes(
    policies=[{"name": name} for name in ("ab_split", "thompson", "sliding_window_thompson")],
    sends=4_000,
    world={"name": "change_point", "changes": [{"arm": CLASSIC.arms[2].name, "at": 2_000, "rate": 0.1}]},
    guardrails=[{"name": "holdout", "share": 0.1}],
)


def test_a_change_and_the_guardrails_are_shown(page: Page, expect_accessible: ExpectAccessible) -> None:
    open_page(page, query_of(CHANGING))
    expect(page.locator("#drift-heading")).to_contain_text("Line C’s rate moved")
    expect(page.locator("#drift-words table tbody td:last-child")).to_have_count(3)
    page.locator("#drift-place").scroll_into_view_if_needed()
    expect(page.locator("#drift-graph .scatterlayer .trace").first).to_be_attached()
    expect(page.locator("#drift-graph-summary")).to_contain_text("Line C fell from about")
    expect(page.locator("#guards")).to_contain_text("Thompson sampling’s leader is line A. The holdout")
    expect_accessible()
    page.set_viewport_size(PHONE)
    expect_no_sideways_scroll(page)


@pytest.mark.shared_page
def test_in_a_steady_world_one_line_says_that_no_rate_moved(page: Page) -> None:
    open_page(page)
    expect(page.locator("#drift-place")).to_be_hidden()
    expect(page.locator("#guards")).to_be_empty()
    expect(page.locator("#drift-still summary")).to_have_text("No line’s rate moved")
    expect(page.locator("#drift-still p")).to_be_hidden()
    page.locator("#drift-still summary").click()
    expect(page.locator("#drift-still p")).to_contain_text("at most 5% raise an alarm by chance")
    page.locator("#drift-still summary").click()
