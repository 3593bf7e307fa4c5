"""The whole scenario is the link: reload, back, share; and whatever else somebody puts into the address."""

import random
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from components.address import query_of
from engine import Scenario, from_link
from engine.presets import PRESETS
from tests.browser.steps import (
    CLASSIC,
    FOUR,
    HEAVY,
    PATIENCE_MS,
    add_policy,
    contents,
    edit_lines,
    expect_changed_address,
    expect_shown,
    expect_verdict,
    field,
    open_heavy,
    open_page,
    preset,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]


@pytest.fixture
def provokes_404(console_messages: list[str]) -> Iterator[None]:
    """Chromium itself reports a page that answers 404; here it is what was asked for."""
    yield
    console_messages[:] = [message for message in console_messages if "404" not in message]


def scenario_in(page: Page) -> Scenario:
    """The scenario in the address."""
    return from_link(page.url.partition("?s=")[2])


def change_something(page: Page) -> None:
    field(page, "sends").fill("3000")
    expect_verdict(page, CLASSIC.with_changes(sends=3_000))
    expect(page).to_have_url(re.compile(r"\?s="), timeout=PATIENCE_MS)
    expect_shown(page)


@pytest.mark.usefixtures("provokes_404")
def test_reload_and_back_give_the_same_page_to_the_digit(page: Page) -> None:
    open_page(page)
    assert "?" not in page.url, "the default scenario needs none"
    change_something(page)
    before, address = contents(page), page.url
    page.reload()
    expect(page.locator("#run-status")).to_contain_text("From the cache", timeout=PATIENCE_MS)
    assert contents(page) == before
    page.goto("/nowhere")
    page.go_back()
    expect(page.locator("#run-status")).to_contain_text("From the cache", timeout=PATIENCE_MS)
    assert contents(page) == before
    assert page.url == address


def test_somebody_else_sees_the_same_page_to_the_digit(page: Page, browser: Browser, base_url: str) -> None:
    open_page(page, query_of(FOUR))
    before, controls = contents(page), page.locator("#panel-body").inner_text()
    with browser.new_context(base_url=base_url, color_scheme="dark") as context:
        other = context.new_page()
        other.goto(page.url)
        expect_shown(other)
        assert contents(other) == before
        assert other.locator("#panel-body").inner_text() == controls


def test_every_change_goes_into_the_address(page: Page) -> None:
    open_page(page)
    before = page.url
    field(page, "seed").fill("7")
    expect_changed_address(page, before)
    assert scenario_in(page) == CLASSIC.with_changes(seed=7)
    before = page.url
    add_policy(page).select_option("oracle")
    expect_changed_address(page, before)
    assert [policy.name for policy in scenario_in(page).policies] == ["ab_split", "epsilon_greedy", "oracle"]
    before = page.url
    preset(page).select_option("real_campaign")
    expect_changed_address(page, before)
    assert scenario_in(page) == PRESETS["real_campaign"].scenario
    preset(page).select_option("classic")
    expect(page).to_have_url(re.compile(r"/$"), timeout=PATIENCE_MS)


def test_an_exact_setting_survives_the_slider(page: Page) -> None:
    exact = CLASSIC.with_changes(policies=[{"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": 0.123}])
    open_page(page, query_of(exact))
    field(page, "policies.1.epsilon").focus()
    page.keyboard.press("Tab")
    before = page.url
    field(page, "sends").fill("2000")
    expect_changed_address(page, before)
    assert scenario_in(page) == exact.with_changes(sends=2_000)


BAD = {
    "garbage": "garbage",
    "damaged": "1%00%ff",
    "a script": quote("<script>alert(1)</script>"),
    "very long": "1" + "A" * 6_900,
}
"""What a browser might make something else of; the server's side has many more."""


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_link_shows_the_default_and_says_so(page: Page, kind: str) -> None:
    page.goto(f"/?s={BAD[kind]}")
    expect(page.locator("#address-notice")).to_contain_text("This link could not be read")
    expect_verdict(page, CLASSIC)


def test_other_parameters_are_left_alone(page: Page) -> None:
    open_page(page, "?utm_source=mail&self=1&query=2")
    expect_verdict(page, CLASSIC)
    expect(page.locator("#address-notice")).to_be_empty()


def test_a_link_with_too_many_policies_shows_the_first_four(page: Page) -> None:
    names = ("ab_split", "epsilon_greedy", "thompson", "epsilon_decay", "oracle")
    open_page(page, query_of(CLASSIC.with_changes(policies=[{"name": name} for name in names], sends=500)))
    expect(page.locator("#kpi section")).to_have_count(4)
    expect(page.locator("#address-notice")).to_contain_text("five policies")


def test_names_are_text_whatever_they_look_like(page: Page, console_messages: list[str]) -> None:
    names = ["<b>Save</b> <3 & more", "<script>alert(1)</script>", "Half %{x} off<br>", "{sends} **bold**"]
    open_page(page, query_of(CLASSIC.with_changes(arms=[{"name": name} for name in names], sends=500)))
    for name in names:
        expect(page.locator("#table table").first).to_contain_text(name)
        expect(page.locator("#traffic-head")).to_contain_text(name)
    assert console_messages == []


@pytest.mark.parametrize(
    "changes",
    [
        {"sends": 1},
        {"sends": 2},
        {"arms": [{"name": "A", "rate": 0}, {"name": "B", "rate": 0}]},
        {"arms": [{"name": "A", "rate": 1}, {"name": "B", "rate": 1}]},
        {"policies": [{"name": "oracle"}, {"name": "oracle"}]},
        {"arms": [{"name": f"Line {n}"} for n in range(64)]},
    ],
    ids=["one send", "two sends", "nobody converts", "all convert", "oracles only", "64 lines"],
)
def test_odd_scenarios_have_a_whole_page(page: Page, changes: dict[str, object]) -> None:
    open_page(page, query_of(CLASSIC.with_changes(**({"sends": 600} | changes))))
    words = page.locator("body").inner_text()
    assert not re.search(r"\b(NaN|undefined|null|Infinity|None)\b|\[object", words)
    page.locator("#replay-back").click()
    page.locator("#replay-end").click()


def test_heavy_work_asks_first(page: Page) -> None:
    open_heavy(page, query_of(HEAVY))
    expect(page.locator("#run-status")).to_contain_text("Not run yet")
    expect(page.locator("#run")).to_have_text("Run 1,000,000 sends")
    expect(page.locator("#hero h1")).to_have_text("Nothing has been run yet")
    assert scenario_in(page) == HEAVY


@pytest.mark.parametrize("path", ["/nowhere", "/index.html", "/x/?s=1", "/..%2f..%2fetc%2fpasswd"])
@pytest.mark.usefixtures("provokes_404")
def test_unknown_addresses_are_404(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


def test_every_way_to_a_page_takes_the_last_right_scenario_along(page: Page) -> None:
    open_page(page)
    change_something(page)
    before = page.url
    field(page, "sends").fill("0")
    expect(field(page, "sends")).to_have_attribute("aria-invalid", "true")
    assert page.url == before
    for link in page.locator(".brand, .top-link").all():
        expect(link).to_have_attribute("href", re.compile(re.escape(f"?{before.partition('?')[2]}") + "$"))
    page.locator(".brand").click()
    shown = CLASSIC.with_changes(sends=3_000) if "?" in page.url else CLASSIC
    expect(page.locator("#hero h1")).to_contain_text(f"the same {shown.sends:,} recipients")


def long_name(place: int, letters: int) -> str:
    """A name that does not get much shorter by packing."""
    return "".join(random.Random(place).choices([chr(code) for code in range(0x4E00, 0x9FFF)], k=letters))


def test_a_scenario_that_fits_no_address_is_told(page: Page) -> None:
    just_short_enough = [{"name": long_name(place, 35)} for place in range(64)]
    open_page(page, query_of(CLASSIC.with_changes(arms=just_short_enough, sends=300)))
    edit_lines(page)
    field(page, "arms.0.name").fill(long_name(100, 99))
    expect(page.locator("#table table").first).to_contain_text(long_name(100, 99))
    expect(page.locator("#address-notice")).to_contain_text("too long for a link")
    expect(page).to_have_url(re.compile(r"/$"))
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link")).to_have_text("No link to this scenario")


def test_the_notice_about_a_bad_link_goes_with_its_page(page: Page) -> None:
    open_page(page, "?s=garbage")
    preset(page).select_option("real_campaign")
    expect_verdict(page, PRESETS["real_campaign"].scenario)
    expect(page.locator("#address-notice")).not_to_contain_text("shows the Classic scenario")
