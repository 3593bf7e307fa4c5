"""What all web processes take while one visitor opens page after page, and lets each do its work to the end.

Starts the Procfile's web line. Exits with 1 where it takes more than a host's smallest machine gives.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.load import megabytes
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.servers import busy_seconds, web

PAGES: Final = ("/", "/compare", "/stress", "/plan", "/audit", "/guide", "/saved", "/plan", "/stress")
MOST: Final = 512.0
STILL_SECONDS: Final = 4.0
"""A page whose server has not worked for so long has done its work."""
LOOK_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 180.0
WORKING: Final = 0.05
"""Seconds of a core between two looks."""


def measured() -> list[tuple[str, float, float]]:
    """Return each page in its order, with megabytes once it is done, and the most on the way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        web(Path(folder) / "log", BTM_CACHE_DIR=str(Path(folder) / "cache")) as (url, process),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = browser.new_context(base_url=url).new_page()
        seen = [("start", *_settled(page, process))]
        for path in PAGES:
            page.goto(path)
            seen.append((path, *_settled(page, process)))
        browser.close()
    return seen


def _settled(page: Page, process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait until the server has nothing to do; return its megabytes then, and the most before."""
    most = still = waited = 0.0
    worked = busy_seconds(process)
    while still < STILL_SECONDS and waited < PATIENCE_SECONDS:
        page.wait_for_timeout(LOOK_SECONDS * 1_000)
        waited += LOOK_SECONDS
        now = busy_seconds(process)
        still = still + LOOK_SECONDS if now - worked < WORKING else 0.0
        worked = now
        most = max(most, megabytes(process))
    return megabytes(process), most


def main() -> int:
    """Print a line a page."""
    seen = measured()
    for path, at_rest, most in seen:
        print(f"{path:10} {at_rest:6.0f} MB, at most {most:4.0f} MB on the way", flush=True)
    return int(max(most for _, _, most in seen) > MOST)


if __name__ == "__main__":
    sys.exit(main())
