"""Takes the README's pictures anew from the running page: ``python -m tests.browser.retake_screenshots``."""

import logging
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app import ASSETS, create_app
from tests.browser.conftest import CHROMIUM_FLAGS, Theme, chromium_path
from tests.servers import served

FOLDER: Final = ASSETS / "readme"
PATIENCE_MS: Final = 120_000
STILL: Final = """() => new Promise((resolve) => {
    const QUIET_FRAMES = 30;
    let left = QUIET_FRAMES;
    new MutationObserver(() => { left = QUIET_FRAMES; })
        .observe(document.body, { subtree: true, childList: true, attributes: true });
    const look = () => { left -= 1; if (left < 0) { resolve(); } else { requestAnimationFrame(look); } };
    look();
})"""
"""Waits until nothing on the page has changed for half a second of pictures."""


@dataclass(frozen=True)
class Picture:
    """One view of the page."""

    name: str
    theme: Theme
    viewport: ViewportSize
    pixel_ratio: int = 1
    path: str = "/"
    press: str | None = None
    """What is pressed once the page is there, where it opens with nothing to see."""


PREVIEW: Final = Picture("../preview", "light", {"width": 1200, "height": 630})
"""What others show who are sent the address: of another size, and beside the other assets."""

PICTURES: Final = (
    Picture("time-machine-light", "light", {"width": 1440, "height": 1064}),
    Picture("time-machine-dark", "dark", {"width": 1440, "height": 1010}),
    Picture("time-machine-phone", "light", {"width": 390, "height": 844}, pixel_ratio=2),
    Picture("compare-light", "light", {"width": 1440, "height": 1250}, path="/compare"),
    Picture("stress-light", "light", {"width": 1440, "height": 1180}, path="/stress"),
    Picture(
        "campaign-light", "light", {"width": 1440, "height": 1240}, path="/campaign", press="Two e-mails and none, 2008"
    ),
    Picture("plan-light", "light", {"width": 1440, "height": 1400}, path="/plan"),
    Picture("audit-light", "light", {"width": 1440, "height": 1180}, path="/audit"),
)


def main() -> None:
    """Write every picture into ``assets/readme``."""
    FOLDER.mkdir(exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with served(create_app().server) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for picture in (PREVIEW, *PICTURES):
            shrink(take(browser, url, picture))
        browser.close()


def take(browser: Browser, url: str, picture: Picture) -> Path:
    """Take one picture of the scenario with which a page opens, once all of it is known; return its file."""
    page = browser.new_page(
        viewport=picture.viewport,
        color_scheme=picture.theme,
        device_scale_factor=picture.pixel_ratio,
        reduced_motion="reduce",
    )
    page.goto(f"{url}{picture.path}")
    if picture.press is not None:
        page.get_by_role("button", name=picture.press).click()
    wait_until_drawn(page)
    # Asked for again, the answer comes from the cache: the status then says nothing about this machine's speed.
    page.reload()
    wait_until_drawn(page)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    page.close()
    return path


def wait_until_drawn(page: Page) -> None:
    """Wait for everything, repeats or other scenarios included; the run's status may be folded away with the panel."""
    page.wait_for_selector("#run-status .notice-ok", state="attached", timeout=PATIENCE_MS)
    page.wait_for_selector(".hero-verdict:not(.is-checking)", timeout=PATIENCE_MS)
    if page.locator("#strips-progress").count():
        page.wait_for_selector("#strips-progress:empty", state="attached", timeout=PATIENCE_MS)
    if page.locator("#plan-grid-progress").count():
        page.wait_for_selector(".grid-cell", timeout=PATIENCE_MS)
        page.wait_for_selector("#plan-grid-progress:empty", state="attached", timeout=PATIENCE_MS)
    if page.locator("#study-body").count():
        page.wait_for_selector("#study-body h2", timeout=PATIENCE_MS)
    if page.locator("#menu-body").count():
        page.wait_for_selector("#menu-together .btn, #menu-together .menu-added", timeout=PATIENCE_MS)
        page.wait_for_selector("#menu-body:not(:has(.menu-awaited))", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate(STILL)


def shrink(path: Path) -> None:
    """Reduce a picture to 256 colours where the machine has pngquant; a page of flat colours loses nothing visible."""
    pngquant = shutil.which("pngquant")
    if pngquant:
        subprocess.run([pngquant, "--force", "--skip-if-larger", "--output", str(path), "256", str(path)], check=False)


if __name__ == "__main__":
    main()
