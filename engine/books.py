"""What the loop over sends keeps of one replication while it runs: counts, rates of the moment, and the mail on its way.

Conversions on their way lie in a ring of the last sends: for each, the line and what came of it; for each moment, a
chain of the sends whose conversion arrives then. That is 10 bytes a place, and the next power of two above the sends
that are under way has fewer than two places for each.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from engine.choosing import may_send
from engine.guardrail import SETTLED, SLOTS
from engine.guardrail import WINNER as SETTLED_FOR
from engine.native import address_of, native
from engine.plan import (
    BEST_AT_END,
    LOST,
    PAUSED,
    STOPPED_AT,
    TOP_SENDS,
    WINNER,
    Kept,
    Plan,
)
from engine.policy import BEST_NOW

REGRET_UNIT = 2.0**-40
"""One unit of accumulated regret, in conversions."""

NO_LINE: int = np.int64(-1)  # type: ignore[assignment]  # a literal would compile all that it meets once more
_NONE, _ONE = np.uint64(0), np.uint64(1)

MARKS = 8
MISSED, TOP, TOO_LATE, NEXT_DECISION, TOLD, HEARD, ARRIVED, SPELL = range(MARKS)
"""Slots of `Books.marks`: regret so far; sends to a best line; conversions after their window; the send before which
the next decision is due; the first send about which policies know nothing; the first moment whose arrivals they have
not been told; the first moment whose arrivals are not counted; the running spell."""

MASKS = 2
ACTIVE, STOPPED_LINES = range(MASKS)
"""Slots of `Books.masks`: lines that may be sent; lines that a guardrail has paused, also where nothing else is left."""

SIGNAL, CONVERTS, LEARNT = np.uint8(1), np.uint8(2), np.uint8(4)
"""Flags of a send in the ring: the policy will be told of a success; the recipient converts in time; policies are
told of this recipient at all."""


class Desk(NamedTuple):
    """The room that the books take: made once for a block. K arms; a ring of R sends, a power of two."""

    sent: np.ndarray  # i8 (K,)
    won: np.ndarray  # i8 (K,) conversions inside their window, arrived or not
    known: np.ndarray  # i8 (K,) of them, arrived
    gap: np.ndarray  # i8 (K,) regret of one send now
    now: np.ndarray  # f8 (K,) true rate now
    seen: np.ndarray  # f8 (K,) chance now that a policy is told of a success
    fresh: np.ndarray  # f8 (K,) what is left of the freshness
    trials: np.ndarray  # f8 (K,) sends of which policies were told
    rewards: np.ndarray  # f8 (K,) successes of which policies were told
    complaints: np.ndarray  # i8 (K,)
    before: np.ndarray  # i8 (K,) sends at the start of the spell
    marks: np.ndarray  # i8 (MARKS,)
    masks: np.ndarray  # u8 (MASKS,)
    rails: np.ndarray  # f8: blocks of the guardrails
    arm: np.ndarray  # u1 (R,)
    flags: np.ndarray  # u1 (R,)
    first: np.ndarray  # i4 (R,): for each moment, a send whose conversion arrives then, or -1
    following: np.ndarray  # i4 (R,): for each send, the next whose conversion arrives at the same moment, or -1


class Books(NamedTuple):
    """The same as bare pointers: passing them around costs nothing, and a send is a matter of nanoseconds."""

    K: int
    ring: int  # R - 1
    sent: Any
    won: Any
    known: Any
    gap: Any
    now: Any
    seen: Any
    fresh: Any
    trials: Any
    rewards: Any
    complaints: Any
    before: Any
    marks: Any
    masks: Any
    rails: Any
    arm: Any
    flags: Any
    first: Any
    following: Any
    memory: Any  # the policy's


def new_desk(plan: Plan) -> Desk:
    """Return the room for one thread's work on a plan."""
    K, sends, waits = plan.rates.shape[2], int(plan.ends[-1]), plan.waiting.law >= 0
    under_way = min(sends, plan.waiting.window_sends) + plan.every + 2 if waits else plan.every
    ring = 1 << (under_way - 1).bit_length()
    chains = ring if waits else 1
    sizes = [K] * 11 + [MARKS, MASKS, len(plan.rails), ring, ring, chains, chains]
    kinds = [array.dtype.name for array in desk_type().types]
    return Desk(*(np.zeros(size, kind) for size, kind in zip(sizes, kinds, strict=True)))


@cache
def desk_type() -> Any:
    """Return Numba's type of a desk."""
    from numba import types as nb

    whole, numbers = nb.int64[::1], nb.float64[::1]
    kinds = [*[whole] * 4, *[numbers] * 5, *[whole] * 3, nb.uint64[::1], numbers]
    return nb.NamedTuple([*kinds, *[nb.uint8[::1]] * 2, *[nb.int32[::1]] * 2], Desk)


@cache
def books_type() -> Any:
    """Return Numba's type of the books."""
    from numba import types as nb

    pointers = [nb.CPointer(array.dtype) for array in desk_type().types]
    return nb.NamedTuple([nb.int64, nb.int64, *pointers, nb.CPointer(nb.float64)], Books)


@native
def books_on(desk: Desk, memory: np.ndarray) -> Books:
    """Return pointers into the desk, which must outlive them."""
    return Books(
        desk.sent.shape[0], desk.arm.shape[0] - 1,
        address_of(desk.sent), address_of(desk.won), address_of(desk.known), address_of(desk.gap),
        address_of(desk.now), address_of(desk.seen), address_of(desk.fresh),
        address_of(desk.trials), address_of(desk.rewards), address_of(desk.complaints), address_of(desk.before),
        address_of(desk.marks), address_of(desk.masks), address_of(desk.rails),
        address_of(desk.arm), address_of(desk.flags),
        address_of(desk.first), address_of(desk.following), address_of(memory),
    )  # fmt: skip


@native
def start(books: Books, desk: Desk, plan: Plan) -> None:
    """Make the books ready for another replication."""
    for arm in range(books.K):
        books.sent[arm] = books.won[arm] = books.known[arm] = books.complaints[arm] = 0
        books.fresh[arm] = 1.0
        books.trials[arm] = books.rewards[arm] = 0.0
    for mark in range(MARKS):
        books.marks[mark] = 0
    books.marks[NEXT_DECISION] = plan.every
    books.masks[STOPPED_LINES] = _NONE
    for place in range(desk.first.shape[0]):
        books.first[place] = -1
    for slot in range(plan.rails.shape[0]):
        books.rails[slot] = plan.rails[slot]


@native
def best_arm(rates: Any, K: int, eligible: np.uint64) -> int:
    """Return the eligible arm with the largest true rate, the first of equals."""
    best = -1
    for arm in range(K):
        if may_send(eligible, arm) and (best < 0 or rates[arm] > rates[best]):
            best = arm
    return best


@native
def open_spell(books: Books, plan: Plan, b: int) -> None:
    """Put the rates and lines of the running spell in force."""
    row = plan.rows[books.marks[SPELL]]
    table = min(b, plan.rates.shape[0] - 1)
    for arm in range(books.K):
        wear = plan.lowest + (1.0 - plan.lowest) * books.fresh[arm]
        books.now[arm] = plan.rates[table, row, arm] * wear
        books.seen[arm] = books.now[arm] if plan.seen.shape[0] == 0 else plan.seen[table, row, arm] * wear
        books.before[arm] = books.sent[arm]
    active = plan.present[row] & ~books.masks[STOPPED_LINES]
    books.masks[ACTIVE] = active if active != _NONE else plan.present[row]
    find_best(books, plan.waiting.counted)


@native
def find_best(books: Books, counted: float) -> None:
    """Work out which line is best now, and what each send of another misses; `counted` conversions come in time."""
    best = best_arm(books.now, books.K, books.masks[ACTIVE])
    books.memory[BEST_NOW] = best
    for arm in range(books.K):
        missed = (books.now[best] - books.now[arm]) * counted
        books.gap[arm] = np.int64(np.floor(missed / REGRET_UNIT + 0.5))


@native
def wear_out(books: Books, plan: Plan, b: int, arm: int) -> None:
    """Take from a line what one send takes."""
    close_spell(books)
    books.fresh[arm] *= plan.kept
    row, table = plan.rows[books.marks[SPELL]], min(b, plan.rates.shape[0] - 1)
    wear = plan.lowest + (1.0 - plan.lowest) * books.fresh[arm]
    books.now[arm] = plan.rates[table, row, arm] * wear
    books.seen[arm] = books.now[arm] if plan.seen.shape[0] == 0 else plan.seen[table, row, arm] * wear
    find_best(books, plan.waiting.counted)


@native(inline=True)
def pause(books: Books, arm: int, counted: float) -> None:
    """Take a line out for good; the last one left goes on until another joins."""
    bit = _ONE << np.uint64(arm)
    books.masks[STOPPED_LINES] |= bit
    if books.masks[ACTIVE] & ~bit != _NONE:
        close_spell(books)
        books.masks[ACTIVE] &= ~bit
        find_best(books, counted)


@native
def close_spell(books: Books) -> None:
    """Count the sends that went to a best line, before anybody else becomes the best."""
    for arm in range(books.K):
        if books.gap[arm] == 0:
            books.marks[TOP] += books.sent[arm] - books.before[arm]
        books.before[arm] = books.sent[arm]


@native(inline=True)
def expect(books: Books, then: int, moment: int) -> None:
    """Remember that the conversion of send `then` arrives at a moment, in sends, before the campaign is over."""
    place = moment & books.ring
    books.following[then & books.ring] = books.first[place]
    books.first[place] = then


@native(inline=True)
def count_arrival(books: Books, then: int) -> None:
    """Count what has arrived of send `then`, told or not."""
    slot = then & books.ring
    if books.flags[slot] & CONVERTS:
        books.known[books.arm[slot]] += 1


@native
def count_arrivals(books: Books, until: int) -> None:
    """Count the conversions that have arrived up to a moment and are not counted yet."""
    for moment in range(books.marks[ARRIVED], until + 1):
        then = books.first[moment & books.ring]
        while then >= 0:
            count_arrival(books, then)
            then = books.following[then & books.ring]
    books.marks[ARRIVED] = max(books.marks[ARRIVED], until + 1)


@native
def write_ending(books: Books, plan: Plan, kept: Kept, b: int) -> None:
    """Write what is told of a replication's end."""
    close_spell(books)
    stopped_at, winner = NO_LINE, NO_LINE
    for block in range(0, plan.rails.shape[0], SLOTS):
        if books.rails[block + SETTLED] > 0.0:
            stopped_at, winner = int(books.rails[block + SETTLED]) - 1, int(books.rails[block + SETTLED_FOR])
    best = _NONE
    for arm in range(books.K):
        if books.gap[arm] == 0 and may_send(books.masks[ACTIVE], arm):
            best |= _ONE << np.uint64(arm)
    kept.endings[b, TOP_SENDS] = books.marks[TOP]
    kept.endings[b, BEST_AT_END] = np.int64(best)
    kept.endings[b, LOST] = books.marks[TOO_LATE]
    kept.endings[b, STOPPED_AT] = stopped_at
    kept.endings[b, WINNER] = winner
    kept.endings[b, PAUSED] = np.int64(books.masks[STOPPED_LINES] & ~books.masks[ACTIVE])
    for arm in range(books.K):
        kept.apart[b, kept.apart.shape[1] - 1, arm] = books.complaints[arm]
