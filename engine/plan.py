"""What the loop over sends is given and what it writes: arrays by name, for Python and for compiled code alike."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from engine.money import Prices, Purse
from engine.recurring import Rounds
from engine.segments import Audience
from engine.waiting import Waiting


class Plan(NamedTuple):
    """The question, as far as it does not depend on the policy: B replications of a block, K arms."""

    every: int  # sends between decisions
    ends: np.ndarray  # i8 (S,): cumulative sends at which each spell of steady rates ends
    rows: np.ndarray  # i8 (S,): its row among the T of the course
    rates: np.ndarray  # f8 (B or 1, T, K)
    seen: np.ndarray  # f8 (B or 1, T, K), or (0, 0, 0) when policies see conversions themselves
    present: np.ndarray  # u8 (T,): masks of the lines that exist
    kept: float  # share of its freshness that each send leaves a line
    lowest: float  # share of its rate that a worn-out line still has
    complaint_rates: np.ndarray  # f8 (K,), or (0,) when nobody complains
    rails: np.ndarray  # f8: the guardrails' blocks, or (0,) when none is on
    waiting: Waiting
    audience: Audience  # S segments, 1 where recipients are all alike
    prices: Prices
    purse: Purse
    rounds: Rounds
    regret_unit: float
    grid: np.ndarray  # i8 (G,): cumulative sends at which something is written, increasing, the last is all sends
    kept_at: np.ndarray  # i8 (G,): place among the checkpoints kept for each replication, or -1
    averaged_at: np.ndarray  # i8 (G,): place among the checkpoints averaged over replications, or -1


class Kept(NamedTuple):
    """What is kept of each replication: B replications, C checkpoints, K arms."""

    sends: np.ndarray  # i4 (B, C, K) cumulative
    conversions: np.ndarray  # i4 (B, C, K) cumulative
    regret: np.ndarray  # i8 (B, C) in units of `Plan.regret_unit`
    known: np.ndarray  # i4 (B, C, K) conversions that had arrived, or (0, 0, 0) when all arrive at once
    endings: np.ndarray  # i8 (B, ENDINGS), or (0, ENDINGS) for a plain question
    apart: np.ndarray  # i4 (B, 2 A + 1, K): sends and conversions of each guardrail told apart, complaints; or (0, ..)
    revenue: np.ndarray  # i8 (B, C) cents, cumulative, or (0, C) when nothing has a price
    complained: np.ndarray  # i4 (B, C) complaints, cumulative, or (0, C) when they cost nothing
    credited: np.ndarray  # f8 (B, C, K) conversions by the credit rule, or (0, C, K) when everybody gets one e-mail
    suited: np.ndarray  # i4 (B, C) sends to a line that was best for the recipient, or (0, C) when all are alike


class Sums(NamedTuple):
    """Sums over replications; F checkpoints of means."""

    sends: np.ndarray  # i8 (F, K)
    conversions: np.ndarray  # i8 (F, K)
    regret: np.ndarray  # i8 (F, 2) high and low part
    known: np.ndarray  # i8 (F, K), or (0, K)
    revenue: np.ndarray  # i8 (F, 2) cents, high and low part, or (0, 2)
    sends_within: np.ndarray  # i8 (S, K) sends in each segment, or (0, K) when recipients are all alike
    conversions_within: np.ndarray  # i8 (S, K), or (0, K)


ENDINGS = 6
TOP_SENDS, BEST_AT_END, LOST, STOPPED_AT, WINNER, PAUSED = range(ENDINGS)
"""Columns of `Kept.endings`: sends to a line that was truly best at that moment; mask of the lines that are best at
the end; conversions that came too late to count; the send from which the winner got the rest, or -1, and that winner;
mask of the paused lines."""


class Watch(NamedTuple):
    """What is written down of single sends of a block's last replication; all of it empty in a simulation."""

    sends: np.ndarray  # i4 (sends, WATCHED) or (0, WATCHED)
    at: np.ndarray  # i8 (N,): sends before which the policy's memory is copied, increasing
    states: np.ndarray  # f8 (N, state): as much from the front as there is room for, the header at least
    shares: np.ndarray  # f8 (N, rails): the chance with which each guardrail takes this recipient if it is asked
    masks: np.ndarray  # u8 (N, rails + 1): among which lines it then splits; last: what the policy may choose from
    segments: np.ndarray  # i8 (N,): the recipient's segment, or SKIPPED
    after: (
        np.ndarray
    )  # f8 (N, state) or (0, state): the memory again, once the policy has chosen; 0 where it was not asked


SKIPPED = -1
"""In the place of a line or a segment: a guardrail has left this contact out."""

WATCHED = 11
ARM, ANSWER, BY, ARRIVES, GAP, BEST, SEGMENT, RECIPIENT, CENTS, CENTS_ABOVE, COMPLAINT = range(WATCHED)
"""Columns of `Watch.sends`: the line, or SKIPPED; whether the recipient converts, and in time; the place of the
guardrail that decided, or -1; the number of sends after which the conversion is known, 0 without one, -1 when it comes
too late; the regret of this send in units of 2^10 of that of a plan; the line that is truly best at that moment for
this recipient; the recipient's segment; who the recipient is; what the conversion brings, in cents, without and in units
of 2^CENTS_SHIFT; whether the recipient complains."""
CENTS_SHIFT = 30
"""Bits of an amount that fit a column."""
GAP_SHIFT = 10
"""Bits by which that unit is larger than the one in which regret is summed, so that it fits 32 bits."""


def no_watch(state: int = 0, rails: int = 0) -> Watch:
    """Return a watch over nothing."""
    return Watch(
        np.zeros((0, WATCHED), np.int32),
        np.zeros(0, np.int64),
        np.zeros((0, state)),
        np.zeros((0, rails)),
        np.zeros((0, rails + 1), np.uint64),
        np.zeros(0, np.int64),
        np.zeros((0, state)),
    )


@cache
def waiting_type() -> Any:
    """Return Numba's type of Waiting."""
    from numba import types as nb

    i8, f8, yes = nb.int64, nb.float64, nb.boolean
    return nb.NamedTuple([i8, f8, f8, f8, i8, f8, f8, yes], Waiting)


@cache
def purse_type() -> Any:
    """Return Numba's type of Purse."""
    from numba import types as nb

    return nb.NamedTuple([nb.int64, nb.boolean, *[nb.float64] * 6], Purse)


@cache
def rounds_type() -> Any:
    """Return Numba's type of Rounds."""
    from numba import types as nb

    return nb.NamedUniTuple(nb.int64, 4, Rounds)


@cache
def numba_types() -> tuple[Any, Any, Any, Any]:
    """Return Numba's types of Plan, Kept, Sums and Watch."""
    from numba import types as nb

    i4, i8, f8, u8 = nb.int32, nb.int64, nb.float64, nb.uint64
    waiting = waiting_type()
    audience = nb.NamedTuple([f8[::1], i8[::1], f8[::1], f8[:, ::1]], Audience)
    prices = nb.NamedUniTuple(f8[::1], 2, Prices)
    return (
        nb.NamedTuple(
            [
                i8, i8[::1], i8[::1], f8[:, :, ::1], f8[:, :, ::1], u8[::1], f8, f8, f8[::1], f8[::1], waiting,
                audience, prices, purse_type(), rounds_type(), f8, i8[::1], i8[::1], i8[::1],
            ],
            Plan,
        ),
        nb.NamedTuple(
            [
                i4[:, :, ::1], i4[:, :, ::1], i8[:, ::1], i4[:, :, ::1], i8[:, ::1], i4[:, :, ::1],
                i8[:, ::1], i4[:, ::1], f8[:, :, ::1], i4[:, ::1],
            ],
            Kept,
        ),
        nb.NamedUniTuple(i8[:, ::1], 7, Sums),
        nb.NamedTuple([i4[:, ::1], i8[::1], f8[:, ::1], f8[:, ::1], u8[:, ::1], i8[::1], f8[:, ::1]], Watch),
    )  # fmt: skip
