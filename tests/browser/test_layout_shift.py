"""Little moves while a page loads: room is kept for what is still to come, and a page appears with its style."""

import pytest
from playwright.sync_api import Page, expect

from components.address import query_of
from engine import Scenario
from tests.browser.steps import PATIENCE_MS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("console_messages")]

QUICK = Scenario.from_dict(
    {
        "arms": [{"name": name, "rate": rate} for name, rate in (("Plain", 0.1), ("Personal", 0.4), ("Short", 0.2))],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy"}],
        "sends": 2_000,
        "replications": 60,
    }
)
PAGES = ("/", "/compare", "/stress", "/plan", "/audit", "/guide", "/saved")
GOOD = 0.1
"""Cumulative layout shift up to which web.dev calls a page good."""
WATCH = """window.moved = [];
window.watcher = new PerformanceObserver((list) => window.moved.push(...list.getEntries()));
window.watcher.observe({ type: 'layout-shift', buffered: true });"""
MOVED = """() => [...window.moved, ...window.watcher.takeRecords()]
    .filter((one) => !one.hadRecentInput).reduce((sum, one) => sum + one.value, 0)"""


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desktop"])
def test_little_moves_while_a_page_loads(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.add_init_script(WATCH)
    moved = {}
    for path in PAGES:
        page.goto(f"{path}{query_of(QUICK)}")
        expect(page.locator("#main h1").first).not_to_be_empty(timeout=PATIENCE_MS)
        expect(page.locator(".hero-skeleton")).to_have_count(0, timeout=PATIENCE_MS)
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=PATIENCE_MS)
        moved[path] = round(page.evaluate(MOVED), 3)
    assert {path: value for path, value in moved.items() if value > GOOD} == {}, moved
