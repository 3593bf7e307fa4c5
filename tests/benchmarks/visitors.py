"""Visitors of the Time Machine for Locust: each changes ε, the seed or the sends about every ten seconds.

`tests/benchmarks/load.py` runs them. What they send is what a page in a browser sent (`BODIES`), with other settings.
"""

import copy
import json
import os
import random
import time
from pathlib import Path
from typing import Any

from locust import HttpUser, between, events, task

BODIES: dict[str, Any] = json.loads(Path(os.environ["BODIES"]).read_text("utf-8"))
KNOWN: list[tuple[str, Any]] = [tuple(change) for change in json.loads(os.environ["KNOWN"])]
SHARE_KNOWN = 0.7
CALLBACKS = "/_dash-update-component"


def new_change() -> tuple[str, Any]:
    """A change that nobody has asked for before."""
    kind = random.choice(["seed", "sends", "policies.1.epsilon"])
    if kind == "seed":
        return kind, random.randint(1_000, 2_000_000_000)
    if kind == "sends":
        return kind, random.randint(5_000, 20_000)
    return kind, round(random.uniform(0.01, 0.5), 6)


class Visitor(HttpUser):
    """One who plays with the settings."""

    wait_time = between(8, 12)

    def on_start(self) -> None:
        """Open the page as a browser does."""
        for address in ("/", "/_dash-layout", "/_dash-dependencies"):
            self.client.get(address, name="opening")
        self._ask("opening", copy.deepcopy(BODIES["content"]))
        self.draft = copy.deepcopy(BODIES["edits"]["state"][0]["value"])
        self.edits = 0
        self.shown = None

    @task
    def change(self) -> None:
        """Change one setting, and wait until the page has all that it shows of it."""
        is_known = random.random() < SHARE_KNOWN
        name = "cached" if is_known else "new"
        field, value = random.choice(KNOWN) if is_known else new_change()
        begun = time.perf_counter()
        complete = self._show(name, self._edit(name, field, value))
        events.request.fire(  # type: ignore[no-untyped-call]
            request_type="CHANGE",
            name=name if complete else f"{name}: incomplete",
            response_time=1_000.0 * (time.perf_counter() - begun),
            response_length=0,
            exception=None if complete else RuntimeError("the page has not got its figures"),
            context={},
        )

    def _edit(self, name: str, field: str, value: Any) -> Any:
        body = copy.deepcopy(BODIES["edits"])
        # As if the page had just been opened: only one setting differs from the usual scenario.
        body["inputs"][0]["value"] = {"events": [{"n": 1, "field": field, "value": value}]}
        answer = self._ask(f"{name}: edit", body)
        return None if answer is None else answer.get("asked", {}).get("data")

    def _show(self, name: str, asked: Any) -> bool:
        body = copy.deepcopy(BODIES["asked"])
        body["inputs"][0]["value"] = asked
        answer = self._ask(f"{name}: show", body) if asked else None
        if answer is None or "traffic-figure" not in answer:
            return False
        shown = answer["shown"]["data"]
        if shown["checked"]:
            return True
        body = copy.deepcopy(BODIES["shown"])
        body["inputs"][0]["value"] = shown
        answer = self._ask(f"{name}: check", body)
        return answer is not None and "luck-figure" in answer

    def _ask(self, name: str, body: Any) -> Any:
        with self.client.post(CALLBACKS, json=body, name=name, catch_response=True) as response:
            if response.status_code != 200:
                response.failure(f"{response.status_code}")
                return None
            return response.json().get("response")
