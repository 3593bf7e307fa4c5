"""Measures the replay in a browser: drawn updates and page frames a second, at 1x, over five seconds.

    python tests/benchmarks/replay_fps.py [address] [--speed 1] [--seconds 5]

Without an address it starts a server as the Procfile does, and shows four policies. Goal: 30 drawn updates a second with
four policies, the page at 60 frames.
"""

import argparse
from contextlib import nullcontext
from typing import Any

from playwright.sync_api import Page, sync_playwright

from components.address import query_of
from engine import Scenario
from engine.presets import PRESETS
from tests.benchmarks.first_load import procfile_server
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path

POLICIES = ("ab_split", "epsilon_greedy", "thompson", "sliding_window_thompson")

MEASURE = """
async (seconds) => {
  const { draws, charts } = window.btm.replay;
  const start = performance.now();
  const gaps = [];
  let last = start;
  await new Promise((resolve) => {
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      if (now - start < seconds * 1000) requestAnimationFrame(frame); else resolve();
    };
    requestAnimationFrame(frame);
  });
  const passed = (performance.now() - start) / 1000;
  gaps.sort((a, b) => a - b);
  return {
    draws: (window.btm.replay.draws - draws) / passed,
    charts: (window.btm.replay.charts - charts) / (window.btm.replay.draws - draws),
    frames: gaps.length / passed,
    slow: gaps[Math.floor(gaps.length * 0.95)],
    playing: window.btm.replay.playing,
    policies: document.querySelectorAll('.bar-column').length,
  };
}
"""


def measure(page: Page, address: str, speed: int, seconds: float) -> dict[str, Any]:
    """Open the page, play at the speed and count; the charts are brought into view first."""
    page.goto(address)
    page.wait_for_selector("#race-stage.is-ready")
    page.wait_for_selector("#conversions-graph .scatterlayer .trace", state="attached")
    page.wait_for_timeout(2000)
    page.click(f"#replay-speed [data-speed='{speed}']")
    page.locator("#conversions-graph").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('race-stage').scrollIntoView()")
    page.evaluate("document.getElementById('replay-play').click()")
    page.wait_for_timeout(500)
    result: dict[str, Any] = page.evaluate(MEASURE, seconds)
    return result


def four_policies() -> Scenario:
    """Return what is shown unless an address says otherwise."""
    return PRESETS["classic"].scenario.with_changes(policies=[{"name": name} for name in POLICIES])


def main() -> None:
    """Print the measured rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?")
    parser.add_argument("--speed", type=int, default=1, choices=(1, 4, 16))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=1000)
    options = parser.parse_args()
    serving = nullcontext(options.address) if options.address else procfile_server()
    with serving as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": options.width, "height": options.height})
        shown = address if options.address else f"{address}/{query_of(four_policies())}"
        result = measure(page, shown, options.speed, options.seconds)
        browser.close()
    print(f"policies               {result['policies']}")
    print(f"drawn updates a second {result['draws']:.1f}")
    print(f"charts moved in each   {result['charts']:.2f}")
    print(f"page frames a second   {result['frames']:.1f}   (95% of gaps under {result['slow']:.1f} ms)")
    if not result["playing"]:
        print("the replay ended before the measurement did: choose a slower speed or fewer seconds")


if __name__ == "__main__":
    main()
