"""What the loop over sends keeps of one replication while it runs: counts, rates of the moment, and the mail on its way.

Conversions on their way lie in a ring of the last sends: for each, the line and what came of it; for each moment, a
chain of the sends whose conversion arrives then. That is 11 bytes a place, and the next power of two above the sends
that are under way has fewer than two places for each. Where recipients get several e-mails, the ring also holds the
path of each: 20 bytes more a place.
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
from engine.terms import Terms

NO_LINE: int = np.int64(-1)  # type: ignore[assignment]  # a literal would compile all that it meets once more
_NONE, _ONE = np.uint64(0), np.uint64(1)

MARKS = 12
(
    MISSED, TOP, TOO_LATE, NEXT_DECISION, TOLD, HEARD, ARRIVED, SPELL, CENTS, COMPLAINED, DRAINED, QUEUED
) = range(MARKS)  # fmt: skip
"""Slots of `Books.marks`: regret so far; sends to a best line; conversions after their window; the send before which
the next decision is due; the first send about which policies know nothing; the first moment whose arrivals they have
not been told; the first moment whose arrivals are not counted; the running spell; what conversions have brought;
complaints; how many credits have been told, and how many there are."""

MASKS = 2
ACTIVE, STOPPED_LINES = range(MASKS)
"""Slots of `Books.masks`: lines that may be sent; lines that a guardrail has paused, also where nothing else is left."""

SIGNAL, CONVERTS, LEARNT, COMPLAINS = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Flags of a send in the ring: the policy will be told of a success; the recipient converts in time; policies are
told of this recipient at all; the recipient complains."""
NOTHING_SENT = np.uint8(0)


class Desk(NamedTuple):
    """The room that the books take: made once for a block.

    K arms; S segments; a ring of R sends, a power of two; N recipients who get several e-mails, else 1.
    """

    sent: np.ndarray  # i8 (K,)
    won: np.ndarray  # i8 (K,) conversions inside their window, arrived or not
    known: np.ndarray  # i8 (K,) of them, arrived
    complaints: np.ndarray  # i8 (K,)
    before: np.ndarray  # i8 (K,) sends at the start of the spell
    gap: np.ndarray  # i8 (S K,) regret of one send now
    within: np.ndarray  # i8 (S K,) sends
    won_within: np.ndarray  # i8 (S K,) conversions
    best: np.ndarray  # i8 (S,) the line that is best now
    base: np.ndarray  # f8 (K,) true rate in this spell before wear and segments
    base_seen: np.ndarray  # f8 (K,) the same of what a policy is told
    fresh: np.ndarray  # f8 (K,) what is left of the freshness
    trials: np.ndarray  # f8 (K,) sends of which policies were told
    rewards: np.ndarray  # f8 (K,) what they were told of success
    credited: np.ndarray  # f8 (K,) conversions by the credit rule
    now: np.ndarray  # f8 (S K,) true rate now
    seen: np.ndarray  # f8 (S K,) chance now that a policy is told of a success
    value: np.ndarray  # f8 (S K,) by which lines are compared: what a send is worth
    marks: np.ndarray  # i8 (MARKS,)
    masks: np.ndarray  # u8 (MASKS,)
    rails: np.ndarray  # f8: blocks of the guardrails
    arm: np.ndarray  # u1 (R,)
    flags: np.ndarray  # u1 (R,)
    segment: np.ndarray  # u1 (R,)
    first: np.ndarray  # i4 (R,): for each moment, a send whose conversion arrives then, or -1
    following: np.ndarray  # i4 (R,): for each send, the next whose conversion arrives at the same moment, or -1
    who: np.ndarray  # i4 (R,): the recipient of each send
    earlier: np.ndarray  # i4 (R,): the send before it to the same recipient, or -1
    queue: np.ndarray  # i4 (R,): sends credited and not told yet
    due: np.ndarray  # f8 (R,): what they are credited with
    latest: np.ndarray  # i4 (N,): the last send to each recipient, or -1
    closed: np.ndarray  # i4 (N,): the last send of a path that has had its credit, or -1


class Books(NamedTuple):
    """The same as bare pointers: passing them around costs nothing, and a send is a matter of nanoseconds."""

    K: int
    ring: int  # R - 1
    sent: Any
    won: Any
    known: Any
    complaints: Any
    before: Any
    gap: Any
    within: Any
    won_within: Any
    best: Any
    base: Any
    base_seen: Any
    fresh: Any
    trials: Any
    rewards: Any
    credited: Any
    now: Any
    seen: Any
    value: Any
    marks: Any
    masks: Any
    rails: Any
    arm: Any
    flags: Any
    segment: Any
    first: Any
    following: Any
    who: Any
    earlier: Any
    queue: Any
    due: Any
    latest: Any
    closed: Any
    memory: Any  # the policy's


def new_desk(plan: Plan) -> Desk:
    """Return the room for one thread's work on a plan."""
    K, S, sends = plan.rates.shape[2], len(plan.audience.weights), int(plan.ends[-1])
    waits, recurs, N = plan.waiting.law >= 0, plan.rounds.recipients > 0, max(1, plan.rounds.recipients)
    looked_back = (plan.waiting.window_sends if waits else 0) + plan.rounds.remembered
    under_way = min(sends, looked_back) + plan.every + 2 if waits or recurs else plan.every
    ring = 1 << (under_way - 1).bit_length()
    chains, paths, inside = ring if waits else 1, ring if recurs else 1, S * K
    sizes = [K, K, K, K, K, inside, inside, inside, S, K, K, K, K, K, K, inside, inside, inside]
    sizes += [MARKS, MASKS, len(plan.rails), ring, ring, ring, chains, chains, paths, paths, paths, paths, N, N]
    kinds = [array.dtype.name for array in desk_type().types]
    return Desk(*(np.zeros(size, kind) for size, kind in zip(sizes, kinds, strict=True)))


@cache
def desk_type() -> Any:
    """Return Numba's type of a desk."""
    from numba import types as nb

    whole, numbers, short = nb.int64[::1], nb.float64[::1], nb.int32[::1]
    kinds = [*[whole] * 9, *[numbers] * 9, whole, nb.uint64[::1], numbers]
    return nb.NamedTuple([*kinds, *[nb.uint8[::1]] * 3, *[short] * 5, numbers, short, short], Desk)


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
        address_of(desk.sent), address_of(desk.won), address_of(desk.known), address_of(desk.complaints),
        address_of(desk.before), address_of(desk.gap), address_of(desk.within), address_of(desk.won_within), address_of(desk.best),
        address_of(desk.base), address_of(desk.base_seen), address_of(desk.fresh),
        address_of(desk.trials), address_of(desk.rewards), address_of(desk.credited),
        address_of(desk.now), address_of(desk.seen), address_of(desk.value),
        address_of(desk.marks), address_of(desk.masks), address_of(desk.rails),
        address_of(desk.arm), address_of(desk.flags), address_of(desk.segment),
        address_of(desk.first), address_of(desk.following),
        address_of(desk.who), address_of(desk.earlier), address_of(desk.queue), address_of(desk.due),
        address_of(desk.latest), address_of(desk.closed), address_of(memory),
    )  # fmt: skip


@native
def start(books: Books, desk: Desk, plan: Plan) -> None:
    """Make the books ready for another replication."""
    for arm in range(books.K):
        books.sent[arm] = books.won[arm] = books.known[arm] = books.complaints[arm] = 0
        books.fresh[arm] = 1.0
        books.trials[arm] = books.rewards[arm] = books.credited[arm] = 0.0
    for place in range(desk.within.shape[0]):
        books.within[place] = books.won_within[place] = 0
    for mark in range(MARKS):
        books.marks[mark] = 0
    books.marks[NEXT_DECISION] = plan.every
    books.masks[STOPPED_LINES] = _NONE
    for place in range(desk.first.shape[0]):
        books.first[place] = -1
    for place in range(desk.due.shape[0]):
        books.due[place] = 0.0
    for who in range(desk.latest.shape[0]):
        books.latest[who] = books.closed[who] = -1
    for slot in range(plan.rails.shape[0]):
        books.rails[slot] = plan.rails[slot]


@native
def best_arm(values: Any, start: int, K: int, eligible: np.uint64) -> int:
    """Return the eligible arm with the largest of K values from `start` on, the first of equals."""
    best = -1
    for arm in range(K):
        if may_send(eligible, arm) and (best < 0 or values[start + arm] > values[start + best]):
            best = arm
    return best


@native
def open_spell(books: Books, terms: Terms, plan: Plan, b: int) -> None:
    """Put the rates and lines of the running spell in force."""
    row = plan.rows[books.marks[SPELL]]
    table = min(b, plan.rates.shape[0] - 1)
    for arm in range(books.K):
        books.base[arm] = plan.rates[table, row, arm]
        books.base_seen[arm] = books.base[arm] if plan.seen.shape[0] == 0 else plan.seen[table, row, arm]
        books.before[arm] = books.sent[arm]
        set_rates(books, terms, arm)
    active = plan.present[row] & ~books.masks[STOPPED_LINES]
    books.masks[ACTIVE] = active if active != _NONE else plan.present[row]
    find_best(books, terms)


@native
def set_rates(books: Books, terms: Terms, arm: int) -> None:
    """Work out a line's rates of this moment in every segment, and what a send of it is worth."""
    wear = terms.lowest + (1.0 - terms.lowest) * books.fresh[arm]
    now, seen = books.base[arm] * wear, books.base_seen[arm] * wear
    for here in range(terms.S):
        place = here * books.K + arm
        books.now[place] = min(now * terms.times[place], 1.0)
        books.seen[place] = min(seen * terms.times[place], 1.0)
        books.value[place] = books.now[place] * terms.worth[arm]
        if terms.taxed:
            books.value[place] *= terms.waiting.counted
            books.value[place] -= terms.complaint_rates[arm] * terms.purse.toll


@native
def find_best(books: Books, terms: Terms) -> None:
    """Work out which line is best now in every segment, and what each send of another misses.

    Of all conversions, only those count that come in time.
    """
    counted = 1.0 if terms.taxed else terms.waiting.counted
    for here in range(terms.S):
        start = here * books.K
        best = best_arm(books.value, start, books.K, books.masks[ACTIVE])
        books.best[here] = best
        for arm in range(books.K):
            missed = (books.value[start + best] - books.value[start + arm]) * counted
            books.gap[start + arm] = np.int64(np.floor(missed / terms.regret_unit + 0.5))
    books.memory[BEST_NOW] = books.best[0]


@native
def wear_out(books: Books, terms: Terms, arm: int) -> None:
    """Take from a line what one send takes."""
    books.fresh[arm] *= terms.kept
    set_rates(books, terms, arm)
    find_best(books, terms)


@native(inline=True)
def pause(books: Books, terms: Terms, arm: int) -> None:
    """Take a line out for good; the last one left goes on until another joins."""
    bit = _ONE << np.uint64(arm)
    books.masks[STOPPED_LINES] |= bit
    if books.masks[ACTIVE] & ~bit != _NONE:
        books.masks[ACTIVE] &= ~bit
        find_best(books, terms)


@native
def count_best(books: Books) -> None:
    """Count the sends of this spell that went to a best line: for the loop that does not at each send."""
    for arm in range(books.K):
        if books.gap[arm] == 0:
            books.marks[TOP] += books.sent[arm] - books.before[arm]


@native(inline=True)
def expect(books: Books, then: int, moment: int) -> None:
    """Remember that the conversion of send `then` arrives at a moment, in sends, before the campaign is over."""
    place = moment & books.ring
    books.following[then & books.ring] = books.first[place]
    books.first[place] = then


@native
def write_ending(books: Books, plan: Plan, kept: Kept, b: int) -> None:
    """Write what is told of a replication's end."""
    stopped_at, winner = NO_LINE, NO_LINE
    for block in range(0, plan.rails.shape[0], SLOTS):
        if books.rails[block + SETTLED] > 0.0:
            stopped_at, winner = int(books.rails[block + SETTLED]) - 1, int(books.rails[block + SETTLED_FOR])
    kept.endings[b, TOP_SENDS] = books.marks[TOP]
    kept.endings[b, BEST_AT_END] = np.int64(best_for_everybody(books, plan))
    kept.endings[b, LOST] = books.marks[TOO_LATE]
    kept.endings[b, STOPPED_AT] = stopped_at
    kept.endings[b, WINNER] = winner
    kept.endings[b, PAUSED] = np.int64(books.masks[STOPPED_LINES] & ~books.masks[ACTIVE])
    for arm in range(books.K):
        kept.apart[b, kept.apart.shape[1] - 1, arm] = books.complaints[arm]


@native
def best_for_everybody(books: Books, plan: Plan) -> np.uint64:
    """Return the mask of the active lines that miss least, over all recipients: less than a unit of regret a send."""
    weights, least, best = plan.audience.weights, np.inf, _NONE
    for turn in range(2):
        for arm in range(books.K):
            if may_send(books.masks[ACTIVE], arm):
                missed = 0.0
                for here in range(weights.shape[0]):
                    missed += weights[here] * books.gap[here * books.K + arm]
                if turn == 0:
                    least = min(least, missed)
                elif missed < least + 1.0:
                    best |= _ONE << np.uint64(arm)
    return best
