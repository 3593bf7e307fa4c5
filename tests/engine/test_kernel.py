"""The loop over sends: what a policy is told and when, what is written down, and that it is compiled once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine import SimulationError, blocks, simulate
from engine.books import best_arm
from engine.kernel import run_replications
from engine.money import REGRET_UNIT
from engine.policy import PolicySpec
from engine.simulation import potential_responses, trace
from tests.engine.rogues import choose_beyond, choose_by_updates, choose_first, choose_none, count_updates, put
from tests.engine.scenarios import scenario


@pytest.mark.parametrize("every", [1, 2, 7, 99, 100, 250])
def test_answers_are_told_at_the_next_decision_and_in_order(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    put(monkeypatch, choose_by_updates, count_updates)
    asked = scenario("oracle", rates=(0.3,) * 64, sends=100, update_every=every)
    known = np.arange(100) // every * every
    np.testing.assert_array_equal(trace(asked, 0).arms, known % 64)
    np.testing.assert_array_equal(simulate(asked).sends[0, 0, -1], np.bincount(known % 64, minlength=64))


def test_every_replication_starts_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, choose_by_updates, count_updates)
    sent = simulate(scenario("oracle", sends=8, replications=6)).sends[0, :, -1]
    assert sent.tolist() == [[2, 2, 2, 1, 1]] * 6


@pytest.mark.parametrize("rogue", [choose_none, choose_beyond])
@pytest.mark.parametrize("every", [1, 10])
def test_a_line_that_does_not_exist_stops_the_simulation(
    monkeypatch: pytest.MonkeyPatch, rogue: Any, every: int
) -> None:
    put(monkeypatch, rogue)
    with pytest.raises(SimulationError, match=r"policies\.0: thompson chose a line that may not be sent"):
        simulate(scenario("thompson", sends=71, update_every=every))


def test_it_goes_well_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, choose_none)
    assert simulate(scenario("thompson", sends=70)).sends[0, 0, -1].tolist() == [70, 0, 0, 0, 0]


def test_the_best_line_is_the_first_of_equals_among_those_allowed() -> None:
    rates = np.array([0.2, 0.5, 0.5, 0.1])
    assert best_arm(rates, 0, 4, np.uint64(0b1111)) == 1
    assert best_arm(rates, 0, 4, np.uint64(0b1101)) == 2
    assert best_arm(rates, 0, 4, np.uint64(0b1001)) == 0


def test_regret_is_counted_in_whole_units() -> None:
    """One send of a line 0.1 behind misses 0.1, to the nearest 2^-40; a million of them a million times that."""
    result = simulate(scenario("oracle", {"name": "epsilon_greedy", "epsilon": 1}, rates=(0.3, 0.2), sends=1_000))
    unit = round(0.1 / REGRET_UNIT)
    np.testing.assert_array_equal(result.regret_units[1], result.sends[1, :, :, 1].astype(np.int64) * unit)


def test_the_largest_regret_there_can_be_does_not_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million sends that each miss a whole conversion, in several replications."""
    put(monkeypatch, choose_first)
    result = simulate(scenario("thompson", rates=(0.0, 1.0), sends=1_000_000, replications=3))
    assert (result.regret[0, :, -1] == 1_000_000).all()
    assert result.curves.regret[0, -1] == 1_000_000


def test_potential_responses_have_the_rate() -> None:
    """Binomial(100,000, 0.3); a correct engine fails once in 100,000 seeds."""
    asked = scenario("oracle", rates=(0.3, 0.9), sends=100_000)
    assert abs(int(potential_responses(asked, 0).sum()) - 30_000) < 4.42 * np.sqrt(21_000)


def test_rates_of_0_and_1_are_kept_to_the_letter() -> None:
    asked = scenario("oracle", rates=(0.0, 1.0), sends=10_000)
    assert (potential_responses(asked, 0).sum(), potential_responses(asked, 1).sum()) == (0, 10_000)


# Two loops: a short one for the common case, a general one for everything

SEVERAL = ("epsilon_greedy", "thompson", "ucb1", "oracle")
COURSES: list[dict[str, Any]] = [
    {"name": "stationary"},
    {"name": "seasonal"},
    {"name": "drifting"},
    {"name": "drifting", "how": "random_walk", "redraw": True},
    {"name": "change_point", "random_changes": 5},
    {"name": "rotating", "newcomers": 3},
]
"""Worlds whose rates stay between two moments: the short loop makes each spell."""
MORE_TO_ASK: list[dict[str, Any]] = [
    {"update_every": 2},
    {"delay": {"name": "exponential"}},
    {"guardrails": [{"name": "minimum_share", "share": 0.01}]},
    {"world": {"name": "fatigue"}},
    {"world": {"name": "inflated_opens"}},
    {"arms": [{"name": "A", "complaint_rate": 0.001}, {"name": "B"}]},
]


def which_loops(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each block that runs from now on, whether its machine code is that of the short loop alone."""
    asked_for: list[bool] = []

    def compiled(spec: PolicySpec, *, plain: bool) -> tuple[Any, Any]:
        asked_for.append(plain)
        return original(spec, plain=plain)

    original = blocks.compiled
    monkeypatch.setattr(blocks, "compiled", compiled)
    return asked_for


def must_not_compile(spec: PolicySpec) -> Any:
    raise AssertionError(f"the general loop of {spec.name}")


@pytest.mark.parametrize("world", COURSES, ids=lambda world: world["name"])
def test_the_general_loop_is_not_compiled_for_those_who_do_not_need_it(
    monkeypatch: pytest.MonkeyPatch, world: dict[str, Any]
) -> None:
    monkeypatch.setattr(blocks, "compiled_sending", must_not_compile)
    asked_for = which_loops(monkeypatch)
    asked = scenario(*SEVERAL, sends=500, replications=2, sends_per_hour=20, world=world)
    assert simulate(asked).sends[:, :, -1].sum() == 4 * 2 * 500
    assert asked_for
    assert all(asked_for)


@pytest.mark.parametrize("more", MORE_TO_ASK, ids="-".join)
def test_the_general_loop_is_compiled_where_the_short_one_would_not_do(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    asked_for = which_loops(monkeypatch)
    simulate(scenario("epsilon_greedy", sends=500, replications=2, sends_per_hour=20).with_changes(**more))
    assert asked_for
    assert not any(asked_for)


def test_single_sends_are_noted_by_the_general_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = which_loops(monkeypatch)
    trace(scenario("epsilon_greedy", sends=500), 0)
    assert asked_for == [False]


@pytest.mark.parametrize("policy", SEVERAL)
@pytest.mark.parametrize("world", COURSES, ids=lambda world: world["name"])
def test_both_loops_make_the_same_campaigns(world: dict[str, Any], policy: str) -> None:
    """The short one simulates, spell by spell; the general one notes every send."""
    asked = scenario(policy, sends=2_000, replications=3, sends_per_hour=30, world=world)
    result = simulate(asked)
    for replication in range(3):
        every = trace(asked, 0, replication)
        sent = np.cumsum(every.arms[:, np.newaxis] == np.arange(5), axis=0)
        won = np.cumsum((every.arms[:, np.newaxis] == np.arange(5)) * every.answers[:, np.newaxis], axis=0)
        np.testing.assert_array_equal(result.sends[0, replication], sent[result.checkpoints - 1])
        np.testing.assert_array_equal(result.conversions[0, replication], won[result.checkpoints - 1])
        missed = np.cumsum(every.missed)[result.checkpoints - 1]
        np.testing.assert_allclose(result.regret[0, replication], missed, atol=2_000 * 2.0**-30)
        top = result.top_sends[0, replication]
        assert top == (every.missed < 2.0**-30).sum()


# Compilation


def test_one_compiled_loop_serves_all_policies() -> None:
    for name in engine.POLICIES:
        simulate(scenario(name, sends=20))
        trace(scenario(name, sends=20), 0)
    assert len(run_replications.dispatcher.overloads) == 1


def test_a_second_process_compiles_nothing() -> None:
    """The loop and every policy come from disk; otherwise each process pays seconds, and the disk fills up."""
    code = (
        "import json, sys, engine, engine.simulation\n"
        "from engine.kernel import run_replications\n"
        "for asked in json.load(sys.stdin):\n"
        "    engine.simulate(engine.Scenario.from_dict(asked))\n"
        "natives = [run_replications, *(f for s in engine.POLICIES.values() for f in (s.choose, s.update))]\n"
        "print(sum(sum(n.dispatcher.stats.cache_misses.values()) for n in natives))\n"
    )
    asked = json.dumps([scenario(name, sends=50).to_dict() for name in engine.POLICIES])
    told = [
        subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert told[1].strip() == "0"


LOADED = """
import engine, psutil
from engine.blocks import compiled
from engine.kernel import kernel
kernel()
before = psutil.Process().memory_full_info().uss
for spec in engine.POLICIES.values():
    compiled(spec, plain=False)
print((psutil.Process().memory_full_info().uss - before) / len(engine.POLICIES) / 1e6)
"""


def test_a_loop_that_is_loaded_takes_little() -> None:
    """Numba would keep what it could compile into other functions: 3.8 MB a policy instead of 0.7."""
    told = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout
    assert float(told) < 2.4


FIRST_VISITORS = """
import os, threading
from numba.core.dispatcher import Dispatcher
from engine import POLICIES, Scenario
from engine.native import Native
from engine.stretch import compiled_advance

base = {"arms": [{"name": "A"}, {"name": "B"}], "policies": [{"name": "ab_split"}], "sends": 20, "replications": 2}
redrawn = Scenario.from_dict(base | {"world": {"name": "stationary", "draw": "beta", "redraw": True}})
half_way, at_the_door = threading.Event(), threading.Event()
type_of, compile_it = Native._numba_type_.fget, Dispatcher.compile

def wait_half_way(self):
    if threading.current_thread().name == "drawing" and not half_way.is_set():
        half_way.set()
        at_the_door.wait(2)  # in vain if the other thread is kept out altogether, which is as good
    return type_of(self)

def knock(self, signature):
    if threading.current_thread().name == "simulating":
        at_the_door.set()
    return compile_it(self, signature)

Native._numba_type_, Dispatcher.compile = property(wait_half_way), knock

def simulating():
    half_way.wait(240)
    compiled_advance(POLICIES["ab_split"])

threads = [threading.Thread(target=work, name=work.__name__, daemon=True) for work in (redrawn.rates, simulating)]
threads[0].name = "drawing"
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(240)
print([thread.is_alive() for thread in threads], flush=True)
os._exit(0)
"""


def test_first_visitors_at_the_same_time_do_not_block_one_another(tmp_path: Path) -> None:
    """Nothing is compiled yet; one thread is half way through compiling the drawing of rates when another simulates."""
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_VISITORS],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == "[False, False]", ran.stderr[-2_000:]
