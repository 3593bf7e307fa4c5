"""Policies that no marketer would use, to be put in the place of a real one: each shows one side of the contract.

Their loops are kept on disk like those of real policies, so that they are compiled once: ``python -m tests.compiling``.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from engine import POLICIES, blocks
from engine.native import native
from engine.policy import HEADER, PolicySpec, State
from engine.sending import bound_sending, never_asked, sending_signature
from engine.stretch import advance_signature, bound_advance


@native
def choose_by_updates(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    """Send the line whose number is how many answers are known, so that sends tell when updates came."""
    return int(state[0]) % K


@native
def count_updates(
    state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float
) -> None:
    """Count answers; an answer out of order, or told too early, makes the count huge."""
    in_order = sent == int(state[0]) and sent <= t and trials == 1.0 and (reward == 0.0 or reward == 1.0)  # noqa: PLR1714
    state[0] += 1.0 if in_order else 1000.0


@native
def choose_none(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    return -1 if t == 70 else 0


@native
def choose_beyond(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    return K if t == 70 else 0


@native
def choose_first(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    return 0


@native
def choose_in_turn(state: State, K: int, t: int, segment: int, eligible: np.uint64, key: np.uint64) -> int:
    return t % K


@native
def write_down(state: State, K: int, t: int, sent: int, segment: int, arm: int, trials: float, reward: float) -> None:
    """Keep how often each send was told as a trial and as a success, and before which send last; six rows of N."""
    sends = int(state[0])
    slot = HEADER + sent
    if trials != 0.0:
        state[slot] += trials
        state[slot + sends] = t + 1
    if reward != 0.0:
        state[slot + 2 * sends] += reward
        state[slot + 3 * sends] = t + 1
    state[slot + 4 * sends] = arm


PAIRS: Final = (
    (choose_by_updates, count_updates),
    (choose_none, POLICIES["thompson"].update),
    (choose_beyond, POLICIES["thompson"].update),
    (choose_in_turn, write_down),
)
"""What the tests put in the place of a policy."""


def compile_loops(choose: Any, update: Any) -> None:
    """Compile both loops of a pair, or load them."""
    short_loop(choose, update)
    general_loop(choose, update)


def _name(choose: Any, update: Any) -> str:
    """Return what the loop is known by on disk: another one as soon as this file is another."""
    source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    return f"test_{choose.function.__name__}_{update.function.__name__}_{source}"


@cache
def short_loop(choose: Any, update: Any) -> Any:
    """The loop of the common case, compiled with these functions."""
    return bound_advance(choose, update, _name(choose, update), on_disk=True).compiled(advance_signature())


@cache
def general_loop(choose: Any, update: Any) -> Any:
    """The general loop, compiled with these functions, which takes seconds."""
    return bound_sending(choose, update, _name(choose, update), on_disk=True).compiled(sending_signature())


def put(monkeypatch: pytest.MonkeyPatch, choose: Any, update: Any = None) -> None:
    """Let these functions run in the place of every policy's own."""

    def compiled(spec: PolicySpec, *, plain: bool) -> tuple[Any, Any]:
        both = choose, update or spec.update
        return short_loop(*both), never_asked.compiled(sending_signature()) if plain else general_loop(*both)

    monkeypatch.setattr(blocks, "compiled", compiled)
