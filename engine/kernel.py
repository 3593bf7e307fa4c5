"""The one loop over sends, for every policy, world, delay and guardrail.

Sequential and compiled once, with an explicit signature that takes a policy's `choose` and `update` as first-class
functions: the machine code is kept on disk and shared by all processes. It holds no lock, so blocks of replications
run on threads. All accounting is in integers, and everything that is float stays inside one replication: results do
not depend on how replications are spread over blocks and threads.
"""

from functools import cache
from typing import Any

import numpy as np

from engine.books import (
    ACTIVE,
    CENTS,
    COMPLAINED,
    MISSED,
    SPELL,
    TOP,
    Books,
    Desk,
    books_on,
    count_best,
    desk_type,
    open_spell,
    start,
    write_ending,
)
from engine.native import native
from engine.plan import Kept, Plan, Sums, Watch, numba_types
from engine.rng import (
    COMPLAINTS,
    DELAYS,
    ORDERS,
    POLICY,
    RAILS,
    RECIPIENTS,
    RESPONSES,
    SEGMENTS,
    response,
    stream_key,
)
from engine.sending import CHOSE_WRONG_ARM, NOTHING_WRONG, Streams, sending_signature
from engine.stretch import advance_signature
from engine.terms import Terms, terms_of

LOW_BITS = 20
"""Sums of large numbers over replications are kept in two parts, above and below this bit, so that neither overflows 64 bits."""

_LOW_MASK = np.int64((1 << LOW_BITS) - 1)


@native(on_disk=True, outermost=True)
def run_replications(
    advance: Any,
    send_on: Any,
    template: np.ndarray,  # f8 (state,): the policy's memory before the first send
    plan: Plan,
    seed: np.uint64,
    first: int,  # number of the first replication
    kept: Kept,  # written
    sums: Sums,  # added to
    watch: Watch,  # written
    desk: Desk,  # room to work in
) -> int:
    """Run B replications of one policy; return what went wrong."""
    K = plan.rates.shape[2]
    memory = np.empty_like(template)
    books, terms = books_on(desk, memory), terms_of(plan, kept, watch)
    plain, waits = is_plain(plan, watch), plan.waiting.law >= 0
    grid, kept_at, averaged_at, ends = plan.grid, plan.kept_at, plan.averaged_at, plan.ends
    for b in range(kept.sends.shape[0]):
        for slot in range(template.shape[0]):
            memory[slot] = template[slot]
        start(books, desk, plan)
        streams = streams_of(seed, first + b)
        open_spell(books, terms, plan, b)
        t = np.int64(0)  # not a literal, for which all below would be compiled once more
        for g in range(grid.shape[0]):
            while t < grid[g]:
                spell_ends = ends[books.marks[SPELL]]
                stop = min(grid[g], spell_ends)
                if plain:
                    more = advance(
                        books.memory, K, t, stop, books.masks[ACTIVE], streams.own, streams.responses,
                        books.now, books.gap, books.sent, books.won,
                    )  # fmt: skip
                    if more < 0:
                        return CHOSE_WRONG_ARM
                    books.marks[MISSED] += more
                else:
                    wrong = send_on(terms, books, streams, b, t, stop)
                    if wrong != NOTHING_WRONG:
                        return int(wrong)
                t = stop
                if t == spell_ends:
                    end_spell(books, terms, plan, b, plain)
            if kept_at[g] >= 0:
                write_kept(books, waits, kept, b, kept_at[g])
            if averaged_at[g] >= 0:
                add_up(books, waits, sums, averaged_at[g])
        add_up_within(books, sums)
        if kept.endings.shape[0] > 0:
            write_ending(books, plan, kept, b)
    return NOTHING_WRONG


@native
def end_spell(books: Books, terms: Terms, plan: Plan, b: int, plain: bool) -> None:
    """Go on to the next spell, if there is one."""
    if plain:
        count_best(books)
    if books.marks[SPELL] < plan.ends.shape[0] - 1:
        books.marks[SPELL] += 1
        open_spell(books, terms, plan, b)


@native
def is_plain(plan: Plan, watch: Watch) -> bool:
    """Tell whether all that changes from send to send is who is sent what: the loop of `stretch.py` will do."""
    nothing_late = plan.every == 1 and plan.waiting.law < 0
    nobody_else = plan.rails.shape[0] == 0 and plan.complaint_rates.shape[0] == 0
    steady = plan.kept >= 1.0 and plan.seen.shape[0] == 0
    alike = plan.audience.weights.shape[0] == 1 and plan.rounds.recipients == 0 and not plan.purse.counts
    return alike and nothing_late and nobody_else and steady and watch.sends.shape[0] == 0 and watch.at.shape[0] == 0


@native
def streams_of(seed: np.uint64, number: int) -> Streams:
    """Return where the random numbers of one replication begin."""
    replication = np.uint64(number)
    return Streams(
        stream_key(seed, replication, RESPONSES),
        stream_key(seed, replication, POLICY),
        stream_key(seed, replication, RAILS),
        stream_key(seed, replication, DELAYS),
        stream_key(seed, replication, COMPLAINTS),
        stream_key(seed, replication, SEGMENTS),
        stream_key(seed, replication, RECIPIENTS),
        stream_key(seed, replication, ORDERS),
    )


@native(inline=True)
def write_kept(books: Books, waits: bool, kept: Kept, b: int, c: int) -> None:
    """Write the counts at a checkpoint of one replication."""
    for arm in range(books.K):
        kept.sends[b, c, arm] = books.sent[arm]
        kept.conversions[b, c, arm] = books.won[arm]
        if waits:
            kept.known[b, c, arm] = books.known[arm]
    kept.regret[b, c] = books.marks[MISSED]
    if kept.revenue.shape[0] > 0:
        kept.revenue[b, c] = books.marks[CENTS]
    if kept.complained.shape[0] > 0:
        kept.complained[b, c] = books.marks[COMPLAINED]
    if kept.suited.shape[0] > 0:
        kept.suited[b, c] = books.marks[TOP]
    if kept.credited.shape[0] > 0:
        for arm in range(books.K):
            kept.credited[b, c, arm] = books.credited[arm]


@native(inline=True)
def add_up(books: Books, waits: bool, sums: Sums, f: int) -> None:
    """Add the counts to the sums over replications."""
    for arm in range(books.K):
        sums.sends[f, arm] += books.sent[arm]
        sums.conversions[f, arm] += books.won[arm]
        if waits:
            sums.known[f, arm] += books.known[arm]
    add_in_two(sums.regret, f, books.marks[MISSED])
    if sums.revenue.shape[0] > 0:
        add_in_two(sums.revenue, f, books.marks[CENTS])


@native(inline=True)
def add_in_two(sums: np.ndarray, f: int, amount: int) -> None:
    """Add a large number to a sum of two parts."""
    sums[f, 0] += amount >> np.int64(LOW_BITS)
    sums[f, 1] += amount & _LOW_MASK


@native(inline=True)
def add_up_within(books: Books, sums: Sums) -> None:
    """Add a replication's counts in each segment to the sums."""
    for here in range(sums.sends_within.shape[0]):
        for arm in range(books.K):
            sums.sends_within[here, arm] += books.within[here * books.K + arm]
            sums.conversions_within[here, arm] += books.won_within[here * books.K + arm]


@native(on_disk=True)
def fill_responses(seed: np.uint64, replication: int, arm: int, rate: float, out: np.ndarray) -> None:
    """Write whether each recipient would respond to one arm: u1 (sends,) of 0 and 1."""
    responses = stream_key(seed, np.uint64(replication), RESPONSES)
    for t in range(out.shape[0]):
        out[t] = response(responses, t, arm) < rate


@cache
def kernel() -> Any:
    """Return the compiled loop."""
    from numba import types as nb

    functions = [nb.FunctionType(signature()) for signature in (advance_signature, sending_signature)]
    plan, kept, sums, watch = numba_types()
    i8, f8 = nb.int64, nb.float64
    return run_replications.compiled(i8(*functions, f8[::1], plan, nb.uint64, i8, kept, sums, watch, desk_type()))


@cache
def response_filler() -> Any:
    """Return the compiled `fill_responses`."""
    from numba import types as nb

    return fill_responses.compiled(nb.void(nb.uint64, nb.int64, nb.int64, nb.float64, nb.uint8[::1]))
