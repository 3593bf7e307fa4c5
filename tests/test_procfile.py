"""The Procfile's web line, run as a host runs it, with the page opened in a real browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.servers import answer_of, free_port, until

ROOT = Path(__file__).parents[1]
BOOT_SECONDS = 60

pytestmark = pytest.mark.browser


@pytest.fixture
def web() -> Iterator[str]:
    """Start the web line with honcho on a free port, away from any .env file."""
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "honcho", "--env", os.devnull, "start", "web"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answer_of(f"{url}/healthz") == (200, "OK"), "the web line answers", BOOT_SECONDS)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_the_web_line_serves_the_page(web: str, playwright: Playwright) -> None:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    try:
        page = browser.new_page()
        response = page.goto(web)
        assert response is not None
        assert response.status == 200
        page.wait_for_selector("#main h1")
        assert "Bandit Time Machine" in page.title()
    finally:
        browser.close()


def test_the_web_line_says_one_process_and_no_control_socket() -> None:
    line = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()[0]
    for part in (
        "web: ",
        "MALLOC_ARENA_MAX=2",
        "MALLOC_MMAP_THRESHOLD_=",
        "MALLOC_TRIM_THRESHOLD_=",
        "0.0.0.0:$PORT",
        "--workers 1",
        "--worker-class components.serving.PatientWorker",
        "--no-control-socket",
    ):
        assert part in line
