"""How fast the engine is, against the same campaigns in C, on one core and two, and with each of its switches on.

Run it with `make bench`. Everything is interleaved in one process and told as ratios of medians of nine, because
absolute times on a shared machine mean little. The C file is compiled with the machine's own compiler at -O3.
"""

import ctypes
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import engine
from engine.rng import _EDGES, _RATIOS
from engine.simulation import warm

RATES = (0.04, 0.05, 0.06, 0.07, 0.09)
SENDS, REPLICATIONS, SEED, ROUNDS = 10_000, 1000, 42, 9
IN_C = {"epsilon_greedy": 0.1, "ucb1": 0.0, "thompson": 0.0}
"""Policies written in C as well, and the setting that they are given."""
SAME_IN_C = ("epsilon_greedy", "ucb1")
"""Those that use the same random numbers in the same order: their campaigns are the same to the last send."""

SWITCHED = ("ab_split", "epsilon_greedy", "ucb1", "thompson")
BATCHES: dict[str, Any] = {"update_every": 500}
LATE: dict[str, Any] = {"delay": {"name": "exponential", "mean_hours": 6.0, "window_hours": 72.0}}
RAILS: dict[str, Any] = {
    "guardrails": [
        {"name": "minimum_share", "share": 0.02},
        {"name": "holdout", "share": 0.1},
        {"name": "burn_in", "sends": 100},
        {"name": "maximum_share", "share": 0.8},
    ]
}
SWITCHES: dict[str, dict[str, Any]] = {
    "batches": BATCHES,
    "late": LATE,
    "rails": RAILS,
    "all three": BATCHES | LATE | RAILS,
    "seasonal": {"world": {"name": "seasonal"}},
    "changes": {"world": {"name": "change_point"}},
}
"""What is switched on in each column; 1,000 sends an hour."""


def main() -> None:
    """Print a table: a row a policy, millions of sends a second and ratios."""
    warm()
    reference = compile_reference()
    for name in SAME_IN_C:
        check_same_campaigns(reference, name)
    print(f"{len(RATES)} lines, {SENDS:,} sends, {REPLICATIONS} campaigns; medians of {ROUNDS}, interleaved")
    print(f"{'policy':26}{'one core M/s':>13}{'two / one':>11}{'C M/s':>8}{'one / C':>9}")
    for name in engine.POLICIES:
        contestants: dict[str, Callable[[], object]] = {"one": engine_run(name, 1), "two": engine_run(name, 2)}
        if name in IN_C:
            contestants["C"] = partial(c_run, reference, name)
        print(row(name, race(contestants)))
    print("\nspeed with each switch on, as a share of the simple speed")
    print(f"{'policy':18}{'simple M/s':>12}" + "".join(f"{switch:>11}" for switch in SWITCHES))
    for name in SWITCHED:
        print(switch_row(name))


def switch_row(name: str) -> str:
    """Measure one policy without and with each switch, in turns, and write its line."""
    runs: dict[str, Callable[[], object]] = {"simple": engine_run(name, 1)}
    runs |= {switch: engine_run(name, 1, **changes) for switch, changes in SWITCHES.items()}
    seconds = race(runs)
    simple = seconds["simple"]
    shares = "".join(f"{simple / seconds[switch]:11.2f}" for switch in SWITCHES)
    return f"{name:18}{SENDS * REPLICATIONS / simple / 1e6:12.1f}{shares}"


def check_same_campaigns(reference: ctypes.CDLL, name: str) -> None:
    """Stop unless engine and C sent each line as often."""
    _, sent = c_run(reference, name)
    ours = engine_run(name, 1)().sends[0, :, -1].sum(axis=0)
    if (sent != ours).any():
        raise SystemExit(f"{name}: the C program sent {sent.tolist()}, the engine {ours.tolist()}.")


def race(contestants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Run all in turns, nine times; return the median seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def row(name: str, seconds: dict[str, float]) -> str:
    """Write one line of the table."""
    speed = {key: SENDS * REPLICATIONS / taken / 1e6 for key, taken in seconds.items()}
    against = f"{speed['C']:8.1f}{speed['one'] / speed['C']:9.2f}" if "C" in speed else ""
    return f"{name:26}{speed['one']:13.1f}{speed['two'] / speed['one']:11.2f}{against}"


def engine_run(policy: str, threads: int, **changes: Any) -> Callable[[], engine.Result]:
    """Return a run of the engine, with these changes to the simple question."""
    scenario = engine.Scenario.from_dict(
        {
            "arms": [{"name": f"line {i}", "rate": rate} for i, rate in enumerate(RATES)],
            "policies": [{"name": policy}],
            "sends": SENDS,
            "replications": REPLICATIONS,
            "seed": SEED,
            "sends_per_hour": 1_000,
        }
        | changes
    )
    return lambda: engine.simulate(scenario, threads=threads)


def compile_reference() -> ctypes.CDLL:
    """Compile the C file and hand it the ziggurat's tables."""
    folder = Path(tempfile.mkdtemp())
    source = Path(__file__).with_name("reference.c")
    subprocess.run(["cc", "-O3", "-shared", "-fPIC", "-o", folder / "reference.so", source, "-lm"], check=True)
    library = ctypes.CDLL(str(folder / "reference.so"))
    as_doubles = ctypes.POINTER(ctypes.c_double)
    library.set_tables(_EDGES.ctypes.data_as(as_doubles), _RATIOS.ctypes.data_as(as_doubles))
    for name in IN_C:
        getattr(library, name).restype = ctypes.c_double
    return library


def c_run(library: ctypes.CDLL, name: str) -> tuple[float, np.ndarray]:
    """Run one policy in C; return the mean regret and the sends of each arm over all replications."""
    rates, sent = np.array(RATES), np.zeros(len(RATES), np.int64)
    regret = getattr(library, name)(
        rates.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(len(RATES)),
        ctypes.c_int64(SENDS), ctypes.c_int64(REPLICATIONS), ctypes.c_uint64(SEED),
        ctypes.c_double(IN_C[name]), sent.ctypes.data_as(ctypes.c_void_p),
    )  # fmt: skip
    return float(regret), sent


if __name__ == "__main__":
    main()
