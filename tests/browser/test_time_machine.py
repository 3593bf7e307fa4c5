"""The Time Machine as a visitor uses it: the verdict, changes that rerun, errors, states, links, phone, accessibility."""

import base64
import re
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from components.address import query_of
from components.formats import count
from engine.presets import PRESETS
from engine.race import race
from engine.scenario import Scenario
from tests.browser.conftest import ExpectAccessible

pytestmark = pytest.mark.usefixtures("console_messages")

PHONE: ViewportSize = {"width": 390, "height": 844}
CLASSIC = PRESETS["classic"].scenario
PATIENCE_MS = 60_000
"""Long, because nothing here is about speed: a cold compiler may be at work."""


def field(page: Page, path: str) -> Locator:
    return page.locator(f'[id=\'{{"path":"{path}","type":"field"}}\']')


def error(page: Page, path: str) -> Locator:
    return page.locator(f'[id=\'{{"path":"{path}","type":"error"}}\']')


def preset(page: Page) -> Locator:
    return page.locator("select[id*='preset']")


def open_page(page: Page, query: str = "") -> None:
    page.goto(f"/{query}")
    expect(page.locator("#run-status")).to_contain_text("The page shows this scenario", timeout=PATIENCE_MS)


def extra(scenario: Scenario) -> int:
    """Extra conversions of the second policy over the first in the shown campaign, from the engine itself."""
    K = len(scenario.arms)
    first, second = (sum(policy["conversions"][-K:]) for policy in race(scenario)["policies"][:2])
    return second - first


def expect_verdict(page: Page, scenario: Scenario) -> None:
    verdict = page.locator("#hero h1")
    expect(verdict).to_contain_text(f"{count(extra(scenario))} more times", timeout=PATIENCE_MS)
    expect(verdict).to_contain_text(f"the same {count(scenario.sends)} recipients")


def with_epsilon(epsilon: float) -> Scenario:
    return CLASSIC.with_changes(policies=[{"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": epsilon}])


FOUR = CLASSIC.with_changes(
    policies=[{"name": name} for name in ("ab_split", "epsilon_greedy", "thompson", "sliding_window_thompson")],
    sends=1_000,
)
HEAVY = Scenario.from_dict(
    {
        "arms": [{"name": f"Line {n}"} for n in range(64)],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "sliding_window_thompson"}],
        "sends": 1_000_000,
        "seed": 99,
    }
)


def test_the_first_sentence_answers_the_question(page: Page) -> None:
    open_page(page)
    expect_verdict(page, CLASSIC)
    expect(page.locator("#hero")).to_contain_text("repeat campaigns")
    expect(page.locator("#kpi")).to_contain_text("What actually happened")
    expect(page.locator("#table table").first).to_contain_text("Exclusive Deal Inside")
    assert "?" not in page.url


def test_moving_epsilon_reruns_by_itself_and_coming_back_takes_it_from_the_cache(page: Page) -> None:
    open_page(page)
    slider = field(page, "policies.1.epsilon")
    slider.focus()
    slider.press("ArrowRight")
    expect_verdict(page, with_epsilon(0.11))
    expect(page.locator("#run-status")).to_contain_text("The page shows this scenario", timeout=PATIENCE_MS)
    slider.press("ArrowLeft")
    expect_verdict(page, CLASSIC)
    expect(page.locator("#run-status")).to_contain_text("From the cache")


def test_changing_sends_and_seed_reruns(page: Page) -> None:
    open_page(page)
    field(page, "sends").fill("2000")
    expect_verdict(page, CLASSIC.with_changes(sends=2_000))
    field(page, "seed").fill("7")
    expect_verdict(page, CLASSIC.with_changes(sends=2_000, seed=7))


@pytest.mark.parametrize("typed", ["0", "-5", "1000001", "1.5", ""])
def test_a_wrong_number_is_told_at_its_field_and_the_result_stays(page: Page, typed: str) -> None:
    open_page(page)
    before = page.locator("#hero h1").inner_text()
    field(page, "sends").fill(typed)
    expect(error(page, "sends")).to_contain_text("a whole number from 1 to 1,000,000")
    expect(field(page, "sends")).to_have_attribute("aria-invalid", "true")
    described_by = field(page, "sends").get_attribute("aria-describedby")
    assert described_by == error(page, "sends").get_attribute("id")
    assert page.locator("#hero h1").inner_text() == before
    field(page, "sends").fill("10000")
    expect(error(page, "sends")).to_be_empty()
    expect(field(page, "sends")).not_to_have_attribute("aria-invalid", "true")


def test_lines_can_be_renamed_rated_added_and_removed(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="Edit", exact=True).last.click()
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


def test_a_single_line_asks_for_a_second(page: Page) -> None:
    open_page(page, query_of(CLASSIC.with_changes(arms=[{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}])))
    before = page.locator("#hero h1").inner_text()
    page.get_by_role("button", name="Edit", exact=True).last.click()
    page.get_by_role("button", name="Remove line B").click()
    expect(page.locator("#notice")).to_contain_text("Add a second subject line")
    assert page.locator("#hero h1").inner_text() == before
    page.get_by_role("button", name="Add a line").click()
    expect(page.locator("#notice")).to_be_empty(timeout=PATIENCE_MS)


def test_up_to_four_policies_race(page: Page) -> None:
    open_page(page)
    for name in ("thompson", "oracle"):
        page.get_by_label("Add a policy").select_option(name)
        expect(page.locator("#kpi section")).to_have_count(3 if name == "thompson" else 4, timeout=PATIENCE_MS)
    expect(page.get_by_label("Add a policy")).to_have_count(0)
    page.get_by_role("button", name="Remove Oracle").click()
    expect(page.locator("#kpi section")).to_have_count(3, timeout=PATIENCE_MS)


def test_a_preset_is_loaded_whole(page: Page) -> None:
    open_page(page)
    preset(page).select_option("real_campaign")
    expect_verdict(page, PRESETS["real_campaign"].scenario)
    expect(page.locator("#preset-hint")).to_contain_text("2008")
    expect(field(page, "sends")).to_have_value("64000")


def test_another_seed_is_another_campaign(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name=re.compile("Another seed")).click()
    expect(field(page, "seed")).not_to_have_value("42")
    expect(page).to_have_url(re.compile(r"\?s="), timeout=PATIENCE_MS)


def test_the_address_is_the_whole_scenario(page: Page) -> None:
    open_page(page)
    field(page, "sends").fill("3000")
    expect_verdict(page, CLASSIC.with_changes(sends=3_000))
    expect(page).to_have_url(re.compile(r"\?s="), timeout=PATIENCE_MS)
    expect(page.locator("#run-status")).to_contain_text("The page shows this scenario", timeout=PATIENCE_MS)

    def contents() -> list[str]:
        return [page.locator(place).inner_text() for place in ("#hero", "#kpi", "#table", "#foot")]

    before, address = contents(), page.url
    page.reload()
    expect(page.locator("#run-status")).to_contain_text("From the cache", timeout=PATIENCE_MS)
    assert contents() == before
    page.goto("/nowhere")
    page.go_back()
    expect(page.locator("#run-status")).to_contain_text("From the cache", timeout=PATIENCE_MS)
    assert contents() == before
    assert page.url == address


@pytest.fixture
def forgives_not_found(console_messages: list[str]) -> Callable[[], None]:
    """Chromium itself reports a page that answers 404."""

    def forgive() -> None:
        console_messages[:] = [message for message in console_messages if "404" not in message]

    return forgive


@pytest.fixture(autouse=True)
def _forgive_at_the_end(forgives_not_found: Callable[[], None]) -> object:
    yield
    forgives_not_found()


BOMB = "1" + base64.urlsafe_b64encode(zlib.compress(b" " * 3_000_000)).decode().rstrip("=")


@pytest.mark.parametrize("token", ["garbage", "1abc", BOMB, "0" + "A" * 50, "%00%ff", "1" + "A" * 6_900])
def test_a_bad_link_shows_the_default_and_says_so(page: Page, token: str) -> None:
    open_page(page, f"?s={token}")
    expect_verdict(page, CLASSIC)
    expect(page.locator("#address-notice")).to_contain_text("This link could not be read")


def test_a_link_with_too_many_policies_shows_the_first_four(page: Page) -> None:
    names = ("ab_split", "epsilon_greedy", "thompson", "epsilon_decay", "oracle")
    open_page(page, query_of(CLASSIC.with_changes(policies=[{"name": name} for name in names], sends=500)))
    expect(page.locator("#kpi section")).to_have_count(4)
    expect(page.locator("#address-notice")).to_contain_text("five policies")


def test_heavy_work_asks_first(page: Page) -> None:
    page.goto(f"/{query_of(HEAVY)}")
    expect(page.locator("#notice")).to_contain_text("This link asks for", timeout=PATIENCE_MS)
    expect(page.locator("#run-status")).to_contain_text("Not run yet")
    expect(page.locator("#run")).to_have_text("Run 1,000,000 sends")
    expect(page.locator("#hero h1")).to_have_text("Nothing has been run yet")


def test_unknown_parameters_are_left_alone(page: Page) -> None:
    open_page(page, "?utm_source=mail")
    expect_verdict(page, CLASSIC)


def test_results_can_be_taken_away_as_files(page: Page) -> None:
    open_page(page)
    for button, first in (("#table-csv", "line,subject_line"), ("#race-csv", "sends,policy,line")):
        with page.expect_download() as download:
            page.locator(button).click()
        with open(download.value.path(), encoding="utf-8") as file:  # noqa: PTH123 - a path that Playwright gives
            assert file.readline().startswith(first)


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1200, 1440, 2560])
def test_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/{query_of(FOUR)}")
    expect(page.locator("#table table").first).to_be_attached(timeout=PATIENCE_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_the_panel_opens_and_escape_closes_it(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    expect_verdict(page, CLASSIC)
    page.locator("#edit-scenario").click()
    expect(field(page, "sends")).to_be_visible()
    field(page, "sends").fill("1500")
    expect(page.locator("#scenario-summary")).to_contain_text("1,500 sends", timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(field(page, "sends")).not_to_be_visible()
    expect(page.locator("#edit-scenario")).to_be_focused()


def wrong_number(page: Page) -> None:
    field(page, "sends").fill("0")
    expect(error(page, "sends")).not_to_be_empty()


def edit_lines(page: Page) -> None:
    page.get_by_role("button", name="Edit", exact=True).last.click()
    expect(field(page, "arms.0.name")).to_be_visible()


def open_settings(page: Page) -> None:
    for summary in page.locator("details.disclosure > summary").all():
        summary.click()


STATES: dict[str, tuple[str, Callable[[Page], None] | None]] = {
    "loaded": ("", None),
    "field error": ("", wrong_number),
    "editing lines": ("", edit_lines),
    "four policies, settings open": (query_of(FOUR), open_settings),
    "bad link": ("?s=garbage", None),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible(page: Page, state: str, expect_accessible: ExpectAccessible) -> None:
    query, prepare = STATES[state]
    open_page(page, query)
    if prepare:
        prepare(page)
    expect_accessible()


def test_the_question_whether_to_run_is_accessible(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.goto(f"/{query_of(HEAVY)}")
    expect(page.locator("#notice")).to_contain_text("This link asks for", timeout=PATIENCE_MS)
    expect_accessible()


def test_the_phone_panel_is_accessible(page: Page, expect_accessible: ExpectAccessible) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    expect_verdict(page, CLASSIC)
    expect_accessible()
    page.locator("#edit-scenario").click()
    expect(field(page, "sends")).to_be_visible()
    expect_accessible("dark")  # the theme it is in: the open panel covers the button
