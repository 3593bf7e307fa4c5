"""What tests of the Time Machine page do and expect again and again."""

import re

from playwright.sync_api import Locator, Page, ViewportSize, expect

from components import ids
from components.formats import count
from engine.presets import PRESETS
from engine.race import race
from engine.scenario import Scenario
from tests.browser.standing import open_once

PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
"""Long, because nothing here is about speed: a cold compiler may be at work."""
MOST_FRAMES = 600

CLASSIC = PRESETS["classic"].scenario
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
LIGHT_THAT_CAN_GROW = Scenario.from_dict(
    {
        "arms": [{"name": f"Line {n}"} for n in range(12)],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "sliding_window_thompson"}],
        "sends": 500,
    }
)
"""A million sends of it would take eight seconds on two cores (fixture `two_cores`)."""


def by_id(page: Page, identity: dict[str, str]) -> Locator:
    """The element with an id made of several parts."""
    return page.locator(f"[id='{ids.in_html(identity)}']")


def field(page: Page, path: str) -> Locator:
    """The control of a setting."""
    return by_id(page, ids.field(path))


def error(page: Page, path: str) -> Locator:
    """Where the error of a setting is told."""
    return by_id(page, ids.error(path))


def preset(page: Page) -> Locator:
    """The list of scenarios to start from."""
    return by_id(page, ids.pick("preset"))


def add_policy(page: Page) -> Locator:
    """The list of policies to add."""
    return page.get_by_label("Add a policy")


def open_page(page: Page, query: str = "") -> None:
    """Open the page and wait until everything is shown, repeats included."""

    def settled() -> None:
        expect_shown(page)
        page.wait_for_selector("#race-stage.is-ready", state="attached")

    open_once(page, f"/{query}", settled)


def expect_shown(page: Page) -> None:
    """Wait until the page says that it shows what the controls say."""
    expect(page.locator("#run-status")).to_contain_text("The page shows this scenario", timeout=PATIENCE_MS)


def open_heavy(page: Page, query: str) -> None:
    """Open a link that asks first."""
    page.goto(f"/{query}")
    expect(page.locator("#notice")).to_contain_text("This link asks for", timeout=PATIENCE_MS)


def edit_lines(page: Page) -> None:
    """Turn the list of lines into fields."""
    page.locator("#scenario-panel").get_by_role("button", name="Edit", exact=True).click()
    expect(field(page, "arms.0.name")).to_be_visible()


def open_settings(page: Page) -> None:
    """Open every closed row of the panel."""
    for row in page.locator("details.disclosure").all():
        if row.get_attribute("open") is None:
            row.locator("> summary").click()


def extra(scenario: Scenario) -> int:
    """Extra conversions of the second policy over the first in the shown campaign, from the engine itself."""
    K = len(scenario.arms)
    first, second = (sum(policy["conversions"][-K:]) for policy in race(scenario)["policies"][:2])
    return second - first


def expect_verdict(page: Page, scenario: Scenario) -> None:
    """Wait for the sentence with the numbers of a scenario in which the second policy gains."""
    verdict = page.locator("#hero h1")
    expect(verdict).to_contain_text(f"{count(extra(scenario))} more times", timeout=PATIENCE_MS)
    expect(verdict).to_contain_text(f"the same {count(scenario.sends)} recipients")


def contents(page: Page) -> list[str]:
    """All results as they are read."""
    return [page.locator(place).inner_text() for place in ("#hero", "#kpi", "#table", "#foot")]


def expect_changed_address(page: Page, before: str) -> None:
    """Wait until the address is that of another scenario."""
    expect(page).not_to_have_url(re.compile(f"^{re.escape(before)}$"), timeout=PATIENCE_MS)


def until(page: Page, condition: str) -> bool:
    """Wait, picture by picture, until a JavaScript expression holds; the page's policy forbids `wait_for_function`."""
    script = f"""() => new Promise((resolve) => {{
        let left = {MOST_FRAMES};
        const look = () => {{
            const holds = Boolean({condition});
            if (holds || --left < 0) {{ resolve(holds); }} else {{ requestAnimationFrame(look); }}
        }};
        look();
    }})"""
    return bool(page.evaluate(script))


def expect_no_sideways_scroll(page: Page) -> None:
    """Nothing stays wider than the window; charts follow a change of its size a moment later."""
    assert until(page, "document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{page.evaluate('document.documentElement.scrollWidth')} px in {page.evaluate('window.innerWidth')} px"
    )
