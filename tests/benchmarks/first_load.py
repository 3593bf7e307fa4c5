"""First load, cold: bytes on the wire by kind of resource, and the time until the figures are drawn.

Starts the Procfile's web line on a free port, opens ``/`` in Chromium with an empty cache, prints a table,
then opens it again warm. ``--url`` measures a server that is already up.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, sync_playwright

from engine.locations import cache_folder
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.servers import web

ROOT = Path(__file__).parents[2]
QUIET_MS = 1500
# Plotly draws empty axes before the answer is there: only lines of the answer count.
DRAWN = """(sight) => {
  const shown = [...document.querySelectorAll('#main .dash-graph')].filter((graph) => {
    const place = graph.getBoundingClientRect();
    return place.height > 0 && (!sight || place.top < window.innerHeight);
  });
  return shown.length > 0 && shown.every((graph) => graph.querySelector('.trace'));
}"""


@contextmanager
def procfile_server() -> Iterator[str]:
    """The Procfile's web line, with the answers and the machine code that this machine has."""
    with (
        tempfile.TemporaryDirectory() as folder,
        web(Path(folder) / "log", BTM_CACHE_DIR=str(cache_folder())) as (url, _),
    ):
        yield url


class Wire:
    """Counts what crosses the wire, headers included, as Chromium's own network log tells it."""

    def __init__(self, session: CDPSession) -> None:
        self._kinds: dict[str, tuple[str, str]] = {}
        self.bytes: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.largest: Counter[str] = Counter()
        self._asked: dict[str, str] = {}
        session.on("Network.requestWillBeSent", self._note_question)
        session.on("Network.responseReceived", self._note_kind)
        session.on("Network.loadingFinished", self._count)
        session.send("Network.enable")

    def _note_question(self, event: dict[str, Any]) -> None:
        """Callbacks share an address: the first of a callback's outputs tells it from others."""
        output = json.loads(event["request"].get("postData") or "{}").get("output", "")
        self._asked[event["requestId"]] = f" {output.strip('.').split('...')[0]}" if output else ""

    def _note_kind(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def _count(self, event: dict[str, Any]) -> None:
        kind, url = self._kinds.get(event["requestId"], ("Other", ""))
        size = int(event["encodedDataLength"])
        self.bytes[kind] += size
        self.requests[kind] += 1
        name = url.split("?")[0].rsplit("/", 1)[-1] or "/"
        self.largest[name + self._asked.get(event["requestId"], "")] += size


def measure(context: BrowserContext, url: str, title: str) -> None:
    page = context.new_page()
    wire = Wire(context.new_cdp_session(page))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function(DRAWN, arg=True, timeout=60_000)
    in_sight = time.perf_counter() - start
    page.wait_for_function(DRAWN, arg=False, timeout=60_000)
    drawn = time.perf_counter() - start
    # What is loaded later on purpose counts too.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET_MS)
    print(
        f"\n{title}: {sum(wire.bytes.values()) / 1000:,.0f} kB on the wire, figures in sight after {in_sight:.2f} s, all {drawn:.2f} s"
    )
    for kind, size in wire.bytes.most_common():
        print(f"  {kind:12} {size / 1000:8,.1f} kB in {wire.requests[kind]} requests")
    print("  largest:")
    for name, size in wire.largest.most_common(12):
        print(f"    {size / 1000:8,.1f} kB  {name}")
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a server that is already up")
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        if url:
            measure_twice(context, url)
        else:
            with procfile_server() as served:
                measure_twice(context, served)
        browser.close()


def measure_twice(context: BrowserContext, url: str) -> None:
    measure(context, url, "cold")
    measure(context, url, "warm")


if __name__ == "__main__":
    main()
