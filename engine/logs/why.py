"""Why one recipient got the line that was sent: what was believed, how the chance came about, what had been learnt."""

from typing import TypedDict

import numpy as np

from engine.blocks import Block, run_block, template_of
from engine.guarded import Look, OwnChances, steps, watch_before
from engine.logs.paging import Row, rows_at
from engine.logs.store import Columns, LogStore
from engine.logs.truth import Truth
from engine.policy import Insight
from engine.propensities import may_be_sent
from engine.rails import UNTOLD
from engine.waiting import waiting_of


class Believed(TypedDict):
    """`engine.policy.Insight` in plain JSON types; lists of K, None for what is not known."""

    by: str
    middle: list[float | None]
    low: list[float | None]
    high: list[float | None]
    chosen_by: list[float | None]


class Step(TypedDict):
    """Chances of each line, (K,), once a guardrail has been asked; `by` is its place in `engine.rails.BY_RANK`, or -1."""

    by: int
    chances: list[float]


class Why(TypedDict):
    """All that is told of one send."""

    row: Row
    eligible: list[int]  # lines among which the policy could choose
    believed: Believed | None  # None where the policy believes nothing, or was not asked
    steps: list[Step]  # the policy's own chances first, those that the recipient had last
    decided_after: int  # sends after which the policy had last been told
    learnt_sends: int  # sends of which it had been told then
    learnt_conversions: int
    would_convert: list[bool | None]  # by line; None of lines not there


def why(store: LogStore, place: int) -> Why:
    """Return why a row of the log, by its place from 0, is what it is.

    Raises:
        IndexError: no such row.
    """
    if not 0 <= place < len(store):
        raise IndexError(f"row: got {place}; must be from 0 to {len(store) - 1}.")
    sends, scenario = store.sends(), store.log.scenario
    send = int(sends["send"][place])
    size = len(template_of(scenario, 0))
    watch = watch_before(np.array([send]), size)._replace(after=np.zeros((1, size)))
    run_block(scenario, Block(0, store.log.replication, 1), watch=watch)
    look = Look(send, watch.states[0], watch.shares[0], watch.masks[0], int(watch.segments[0]))
    insight = scenario.specs[0].insight
    is_own = sends["by"][place] < 0
    believed = None
    if insight is not None:
        after = watch.after[0] if is_own else watch.states[0]
        believed = _told(insight(watch.states[0], after, store.log.lines, look.segment), is_own=bool(is_own))
    decided_after, learnt_sends, learnt_conversions = _learnt(store, sends, send)
    return {
        "row": rows_at(store, np.array([place]))[0],
        "eligible": np.flatnonzero(may_be_sent(store.log.lines, int(look.masks[-1]))).tolist(),
        "believed": believed,
        "steps": [{"by": by, "chances": row.tolist()} for by, row in steps(OwnChances(scenario, 0), look)],
        "decided_after": decided_after,
        "learnt_sends": learnt_sends,
        "learnt_conversions": learnt_conversions,
        "would_convert": Truth.of(store).would_convert(place),
    }


def _told(insight: Insight, *, is_own: bool) -> Believed:
    """What a policy drew or reckoned is left out where it was not asked."""
    return {
        "by": insight.by,
        "middle": _numbers(insight.middle),
        "low": _numbers(insight.low),
        "high": _numbers(insight.high),
        "chosen_by": _numbers(insight.chosen_by) if is_own else [None] * len(insight.chosen_by),
    }


def _numbers(values: np.ndarray) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values.tolist()]


def _learnt(store: LogStore, sends: Columns, send: int) -> tuple[int, int, int]:
    """Return after how many sends the policy was last told before a send, of how many, and how many had converted.

    Guardrails that measure on their own keep their sends from it.
    """
    scenario = store.log.scenario
    waiting, every = waiting_of(scenario), scenario.sends_between_decisions
    told = send - send % every
    until = max(0, told - waiting.window_sends + 1) if scenario.is_delayed and waiting.only_closed else told
    before = slice(0, int(np.searchsorted(sends["send"], until)))
    by = sends["by"][before].astype(np.int64)
    is_learnt = (by < 0) | ~UNTOLD[by]
    known = sends["known"][before]
    return told, int(is_learnt.sum()), int((is_learnt & (known > 0) & (known <= told)).sum())
