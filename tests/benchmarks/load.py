"""Fifty visitors for two minutes: how long changes take, cached and new, and what memory the web processes take.

Starts the Procfile's web line, lets a page in Chromium show what it sends, asks for some changes so that they are cached,
and then lets Locust's visitors change ε, the seed or the sends about every ten seconds; 70% of what they ask is cached.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import requests
from playwright.sync_api import Request, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.browser.steps import field
from tests.servers import ROOT, web

CALLBACKS = "/_dash-update-component"
KNOWN = [
    *(("policies.1.epsilon", round(0.02 * step, 2)) for step in range(6, 20)),
    *(("seed", seed) for seed in range(1, 15)),
    *(("sends", 1_000 * thousands) for thousands in range(11, 25)),
]
SAMPLE_SECONDS = 5.0


def bodies_of_a_page(url: str) -> dict[str, Any]:
    """Return what a page sends when it opens, and when a setting is changed, by what sets it off."""
    seen: dict[str, Any] = {}

    def note(request: Request) -> None:
        if CALLBACKS in request.url and request.post_data:
            body = json.loads(request.post_data)
            first = body["changedPropIds"][0].partition(".")[0] if body["changedPropIds"] else "content"
            seen.setdefault("content" if "_pages_content" in body["output"] else first, body)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page()
        page.on("request", note)
        page.goto(url)
        page.wait_for_selector("#traffic-graph .main-svg", timeout=120_000)
        page.wait_for_timeout(3_000)
        seen.pop("shown", None)
        sends = field(page, "sends")
        sends.fill("12000")
        sends.press("Enter")
        page.wait_for_timeout(5_000)
        browser.close()
    return seen


def ask_for(url: str, bodies: dict[str, Any]) -> None:
    """Have every known change worked out."""
    for name, value in KNOWN:
        body = json.loads(json.dumps(bodies["edits"]))
        body["inputs"][0]["value"] = {"events": [{"n": 1, "field": name, "value": value}]}
        asked = requests.post(f"{url}{CALLBACKS}", json=body, timeout=60).json()["response"]["asked"]["data"]
        body = json.loads(json.dumps(bodies["asked"]))
        body["inputs"][0]["value"] = asked
        shown = requests.post(f"{url}{CALLBACKS}", json=body, timeout=60).json()["response"]["shown"]["data"]
        body = json.loads(json.dumps(bodies["shown"]))
        body["inputs"][0]["value"] = shown
        requests.post(f"{url}{CALLBACKS}", json=body, timeout=60)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Proportional set size of a process and all that it started."""
    whole = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in whole)) / 1e6


class Memory(threading.Thread):
    """Looks at the memory again and again."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._begun = time.monotonic()
        self.samples: list[tuple[float, float]] = []
        self.ended = threading.Event()

    def run(self) -> None:
        """Take a sample every few seconds."""
        while not self.ended.wait(SAMPLE_SECONDS):
            self.samples.append((time.monotonic() - self._begun, megabytes(self._process)))


def main() -> None:
    """Run it and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with web(place / "log", BTM_CACHE_DIR=str(place / "cache")) as (url, process):
            bodies = bodies_of_a_page(url)
            (place / "bodies.json").write_text(json.dumps(bodies), "utf-8")
            ask_for(url, bodies)
            print(f"before: {megabytes(process):,.0f} MB")
            memory = Memory(process)
            memory.start()
            command = [sys.executable, "-m", "locust", "-f", str(ROOT / "tests" / "benchmarks" / "visitors.py")]
            command += ["--headless", "--only-summary", "-u", str(asked.visitors), "-r", "5", "-t", f"{asked.seconds}s"]
            command += ["--host", url, "--csv", str(place / "load"), "--loglevel", "ERROR"]
            variables = {"BODIES": str(place / "bodies.json"), "KNOWN": json.dumps(KNOWN), "PYTHONPATH": str(ROOT)}
            subprocess.run(command, env=os.environ | variables, stdout=subprocess.DEVNULL, check=False)
            memory.ended.set()
            tell(place, memory.samples)


def tell(place: Path, samples: list[tuple[float, float]]) -> None:
    """Print the times of changes and callbacks, the failures, and the memory along the way."""
    with (place / "load_stats.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            times = f"median {float(row['50%']):6,.0f} ms, 95% {float(row['95%']):6,.0f} ms, most {float(row['100%']):6,.0f} ms"
            print(
                f"{row['Type'] or 'all':8} {row['Name']:16} {row['Request Count']:>6} asked, {row['Failure Count']} failed: {times}"
            )
    print("memory, MB:", ", ".join(f"{at:.0f} s {size:,.0f}" for at, size in samples[::3]))
    log = (place / "log").read_text("utf-8")
    print("errors in the log:", sum('"level":"error"' in line for line in log.splitlines()))


if __name__ == "__main__":
    main()
