"""A page of a log: filtered and sorted by columns, of which only those that are asked for are read."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.logs.store import LogStore

Whole = NDArray[np.int64]

Column = Literal["send", "segment", "arm", "propensity", "guardrail", "reward", "value", "reward_at"]
COLUMNS: Final[tuple[Column, ...]] = (
    "send", "segment", "arm", "propensity", "guardrail", "reward", "value", "reward_at",
)  # fmt: skip

MOST_ROWS: Final = 500
"""Rows of one page."""
FOUND: Final = 4
"""Orders of rows that are remembered for the next page: 4 MB each for a million sends."""


@dataclass(frozen=True)
class Filters:
    """Which sends are wanted; None: all."""

    first: int | None = None  # number of the send, from 0
    last: int | None = None
    segment: int | None = None  # place
    arm: int | None = None
    by: int | None = None  # place in `engine.rails.BY_RANK`, -1 for the policy
    answer: int | None = None  # 1 for those who converted, 0 for the others


@dataclass(frozen=True)
class Order:
    """By which column, upwards or downwards; equals stay in the order of sends."""

    by: Column = "send"
    descending: bool = False


class Row(NamedTuple):
    """One send."""

    send: int
    segment: int
    arm: int
    chances: list[float]  # (K,)
    by: int
    answer: int
    value: float
    known: int  # sends after which a conversion was known, 0 without one


class _Found:
    """Places of rows, by what was asked. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: OrderedDict[tuple[str, Filters, Order], Whole] = OrderedDict()

    def fetch(self, key: tuple[str, Filters, Order], compute: Callable[[], Whole]) -> Whole:
        with self._lock:
            found = self._places.pop(key, None)
        found = compute() if found is None else found
        with self._lock:
            self._places[key] = found
            while len(self._places) > FOUND:
                self._places.popitem(last=False)
        return found


_FOUND: Final = _Found()


def places(store: LogStore, filters: Filters, order: Order) -> Whole:
    """Return the rows that are wanted, in order: their places in the log, int32 (m,)."""
    return _FOUND.fetch((store.log.key, filters, order), lambda: _places(store, filters, order))


def page(store: LogStore, filters: Filters, order: Order, first: int, end: int) -> tuple[list[Row], int]:
    """Return rows `first` to `end` - 1 of those wanted, at most `MOST_ROWS`, and how many are wanted in all."""
    found = places(store, filters, order)
    first = max(first, 0)
    return rows_at(store, found[first : max(first, min(end, first + MOST_ROWS))].astype(np.int64)), len(found)


def rows_at(store: LogStore, rows: Whole) -> list[Row]:
    """Return the rows at these places of the log."""
    sends = store.sends()
    columns = [sends[name][rows].tolist() for name in ("send", "segment", "arm")]
    rest = [sends[name][rows].tolist() for name in ("by", "answer")]
    values = sends["value" if "value" in sends else "answer"][rows].astype(np.float64).tolist()
    return [
        Row(*row)
        for row in zip(
            *columns, store.chances(rows).tolist(), *rest, values, sends["known"][rows].tolist(), strict=True
        )
    ]


def _places(store: LogStore, filters: Filters, order: Order) -> Whole:
    sends = store.sends()
    wanted = np.ones(len(sends["send"]), bool)
    if filters.first is not None:
        wanted &= sends["send"] >= filters.first
    if filters.last is not None:
        wanted &= sends["send"] <= filters.last
    for name, only in (
        ("segment", filters.segment),
        ("arm", filters.arm),
        ("by", filters.by),
        ("answer", filters.answer),
    ):
        if only is not None:
            wanted &= sends[name] == only
    found = np.flatnonzero(wanted)
    values = _column(store, order.by)[found]
    # downwards, equals must still stand in the order of sends
    by_value = np.argsort(values, kind="stable")
    if order.descending:
        by_value = len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
    return found[by_value].astype(np.int32)


def _column(store: LogStore, name: Column) -> np.ndarray:
    sends = store.sends()
    if name == "propensity":
        return store.propensity()
    if name == "value" and "value" not in sends:
        return sends["answer"]
    return sends[{"guardrail": "by", "reward": "answer", "reward_at": "known"}.get(name, name)]
