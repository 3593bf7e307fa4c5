"""How long the server takes for what a visitor does: a change of ε that is in the cache, and one that is not.

Calls the page's own functions with a cache of their own in a temporary folder, as one process would; prints medians.
"""

import os
import statistics
import tempfile
import time
from typing import Any

import orjson
from plotly.utils import PlotlyJSONEncoder

from components.pages.time_machine.callbacks import check, show
from engine.presets import PRESETS
from engine.simulation import warm

POLICIES = ("ab_split", "epsilon_greedy", "thompson", "sliding_window_thompson")
ROUNDS = 15


def main() -> None:
    """Print medians in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BTM_CACHE_DIR"] = folder
        warm()
        first, complete = zip(*(time_uncached(round_) for round_ in range(ROUNDS)), strict=True)
        cached = [time_page(question(round_))[0] for round_ in range(ROUNDS)]
    print(f"10,000 sends, {len(POLICIES)} policies, 5 lines; medians of {ROUNDS} changes of ε")
    for name, taken in (("cached", cached), ("uncached, shown run", first), ("uncached, with 400 repeats", complete)):
        print(f"  {name:28}{1000 * statistics.median(taken):8.1f} ms")


def question(round_: int) -> dict[str, Any]:
    """A question that differs from round to round in ε alone."""
    policies: list[dict[str, Any]] = [{"name": name} for name in POLICIES]
    policies[1]["epsilon"] = (5 + round_) / 100
    return {"scenario": PRESETS["classic"].scenario.with_changes(policies=policies).to_dict(), "pressed": False}


def time_uncached(round_: int) -> tuple[float, float]:
    """Seconds until the shown run, and until its repeats as well."""
    shown_after, page = time_page(question(round_))
    start = time.perf_counter()
    check(page["shown"])
    return shown_after, shown_after + time.perf_counter() - start


def time_page(asked: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """Seconds to answer a question, made into JSON as for the wire, and the answer."""
    start = time.perf_counter()
    page = show(asked, None)
    orjson.dumps(page, default=PlotlyJSONEncoder().default, option=orjson.OPT_SERIALIZE_NUMPY)
    return time.perf_counter() - start, page


if __name__ == "__main__":
    main()
