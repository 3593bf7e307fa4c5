"""The general loop over sends: whatever the world, the delay and the guardrails ask for, one recipient at a time."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from engine import rails
from engine.books import (
    ACTIVE,
    ARRIVED,
    CENTS,
    COMPLAINED,
    COMPLAINS,
    CONVERTS,
    HEARD,
    LEARNT,
    MISSED,
    NEXT_DECISION,
    NOTHING_SENT,
    SIGNAL,
    TOLD,
    TOO_LATE,
    TOP,
    Books,
    best_arm,
    books_type,
    expect,
    pause,
    wear_out,
)
from engine.choosing import may_send
from engine.credit import count_arrival, count_arrivals, give_credit, join_path, next_due
from engine.money import order_cents, reward_of_order, reward_of_response
from engine.native import Native, native, offset, rebound
from engine.plan import (
    ANSWER,
    ARM,
    ARRIVES,
    BEST,
    BY,
    CENTS_ABOVE,
    CENTS_SHIFT,
    COMPLAINT,
    GAP,
    GAP_SHIFT,
    RECIPIENT,
    SEGMENT,
    SKIPPED,
    WATCHED,
)
from engine.plan import CENTS as CENTS_COLUMN
from engine.policy import BEST_NOW, PolicySpec
from engine.rng import ARM_SLOTS, GAMMA, SEND_STRIDE, below, mix, response, unit
from engine.segments import segment_of
from engine.terms import Terms, terms_type
from engine.waiting import draw_hours

NOTHING_WRONG = 0
CHOSE_WRONG_ARM = 1
NOT_MEANT = 2

NOTHING_COMES: int = np.int64(0)  # type: ignore[assignment]  # a literal would compile all that it meets once more
COMES_TOO_LATE = -1
FAR_OFF = 2.0**30
"""Sends after which no campaign goes on; moments up to here fit 32 bits."""

_ONE = np.uint64(1)
NOBODY = rails.NOBODY
_IS_TOLD_APART, _UNTOLD, _APART = rails.IS_TOLD_APART, rails.UNTOLD, rails.APART


class Streams(NamedTuple):
    """Where one replication's random numbers begin, by what they are for."""

    responses: np.uint64
    own: np.uint64  # the policy's
    rails: np.uint64
    delays: np.uint64
    complaints: np.uint64
    segments: np.uint64
    recipients: np.uint64
    orders: np.uint64


choose: Any = None  # what each policy's copy of `send_on` puts in its place
update: Any = None


def send_on(terms: Terms, books: Books, streams: Streams, b: int, t: int, stop: int) -> int:
    """Make the sends t to stop - 1 of replication b of a block, all within one spell; return what went wrong."""
    guarded, recurs, rich = terms.guarded, terms.rounds.recipients > 0, is_rich(terms)
    decision, missed, top, look = books.marks[NEXT_DECISION], np.int64(0), np.int64(0), first_look(terms, t)
    while t < stop:
        if t == decision:
            tell(update, terms, books, streams.orders, t)
            decision += terms.every
            if guarded:
                settle(books, streams.rails, t)
        who, here = NOTHING_COMES, NOTHING_COMES
        if rich:
            who, here = whom(terms, books, streams, t)
            skipped = recurs and guarded and rails.skip(books.rails, t, books.latest[who], books.earlier, books.ring)
            if look < terms.looks and terms.looks_at[look] == t:
                look_in(terms, books, look, t, here, skipped)
                look += 1
            if skipped:
                leave_out(terms, books, t, here, who)
                t += 1
                continue
        arm, by = decide(choose, books, streams, t, here, guarded)
        if arm < 0:
            return CHOSE_WRONG_ARM
        if recurs:
            join_path(books, who, t)
        answer, arrives = meet(books, terms, streams, t, here, arm, by)
        gap = books.gap[here * books.K + arm]
        missed += gap
        top += gap == 0
        if by >= 0:
            count_apart(terms, books.K, b, arm, by, answer)
        if rich:
            if terms.looks_after and by < 0 and look > 0 and terms.looks_at[look - 1] == t:
                look_after(terms, books, look - 1)
            write_down(terms, books, streams, t, here, who, arm, by, answer, arrives)
            bear_the_consequences(terms, books, streams, t, arm)
        t += 1
    if terms.waiting.law >= 0:
        count_arrivals(books, terms, streams.orders, stop)
    books.marks[MISSED] += missed
    books.marks[TOP] += top
    books.marks[NEXT_DECISION] = decision
    return NOTHING_WRONG


@native
def is_rich(terms: Terms) -> bool:
    """Tell whether a send is more than a line, a recipient and an answer: one question in place of many at every send."""
    differs = terms.rounds.recipients > 0 or terms.segmented or terms.purse.counts
    return differs or terms.complain or terms.fades or terms.watched or terms.looks > 0


@native(inline=True)
def whom(terms: Terms, books: Books, streams: Streams, t: int) -> tuple[int, int]:
    """Return who send t goes to, where recipients get several, and the recipient's segment."""
    who, here = NOTHING_COMES, NOTHING_COMES
    if terms.rounds.recipients > 0:
        who = below(mix(streams.recipients + np.uint64(t) * GAMMA), terms.rounds.recipients)
    if terms.segmented:
        recipient = who if terms.rounds.recipients > 0 else t
        here = segment_of(streams.segments, recipient, terms.S, terms.own, terms.other)
        books.memory[BEST_NOW] = books.best[here]
    return who, here


@native(inline=True)
def write_down(
    terms: Terms, books: Books, streams: Streams, t: int,
    here: int, who: int, arm: int, by: int, answer: bool, arrives: int,
) -> None:  # fmt: skip
    """Count what the conversion is worth, and write the send down where somebody watches."""
    cents = NOTHING_COMES
    if answer and terms.purse.counts:
        cents = order_cents(terms.purse, terms.logs[arm], streams.orders, t, arm)
        books.marks[CENTS] += cents
    if terms.watched:
        note(terms, books, t, here, who, arm, by, answer, arrives, cents)


@native(inline=True)
def bear_the_consequences(terms: Terms, books: Books, streams: Streams, t: int, arm: int) -> None:
    """Let the line that was sent be complained about, paused and worn out."""
    if terms.complain:
        hear_complaint(terms, books, streams.complaints, t, arm)
    if terms.guarded and rails.pause(books.rails, books.K, arm, books.sent, books.complaints):
        pause(books, terms, arm)
    if terms.fades:
        wear_out(books, terms, arm)


@native
def first_look(terms: Terms, t: int) -> int:
    """Return which of the looks into the policy's memory is the next."""
    look: int = np.int64(0)  # type: ignore[assignment]
    while look < terms.looks and terms.looks_at[look] < t:
        look += 1
    return look


@native(inline=True)
def settle(books: Books, stream: np.uint64, t: int) -> None:
    """Let the guardrails look at what is known before send t."""
    key = stream ^ mix(np.uint64(t))
    rails.settle(books.rails, books.K, t, books.trials, books.rewards, books.masks[ACTIVE], key)


@native(inline=True)
def decide(choose: Any, books: Books, streams: Streams, t: int, here: int, guarded: bool) -> tuple[int, int]:
    """Return what recipient t is sent, and which guardrail decided so; -1 for a line that may not be sent."""
    active = allowed = books.masks[ACTIVE]
    step = np.uint64(t) * SEND_STRIDE
    if guarded:
        arm, by = rails.take(books.rails, books.K, t, books.sent, books.within, here, active, streams.rails + step)
        if arm >= 0:
            return arm, by
        allowed = rails.allow(books.rails, books.K, t, books.sent, active, active)
    best = books.memory[BEST_NOW]
    if allowed != active:
        books.memory[BEST_NOW] = best_arm(books.value, here * books.K, books.K, allowed)
    arm = choose(books.memory, books.K, t, here, allowed, streams.own + step)
    books.memory[BEST_NOW] = best
    if arm >= books.K or (arm >= 0 and not may_send(allowed, arm)):
        return NOBODY, NOBODY
    return int(arm), NOBODY


@native(inline=True)
def meet(books: Books, terms: Terms, streams: Streams, t: int, here: int, arm: int, by: int) -> tuple[bool, int]:
    """Send the line; return whether the recipient converts in time, and after how many sends that is known.

    What is known only after the last send of all is of no use to anybody.
    """
    draw, place, late = response(streams.responses, t, arm), here * books.K + arm, terms.waiting.law >= 0
    answer, signal, arrives = draw < books.now[place], draw < books.seen[place], NOTHING_COMES
    if late and signal:
        moment = arrival(terms, streams.delays, t, arm)
        arrives = moment if answer else NOTHING_COMES
        if moment == COMES_TOO_LATE:
            books.marks[TOO_LATE] += answer
            answer = signal = False
        elif moment <= terms.last:
            expect(books, t, moment)
    slot = t & books.ring
    books.arm[slot] = arm
    books.flags[slot] = SIGNAL * signal | CONVERTS * answer | LEARNT * (by < 0 or not _UNTOLD[by])
    books.sent[arm] += 1
    books.won[arm] += answer
    if terms.segmented:
        books.segment[slot] = here
        books.within[place] += 1
        books.won_within[place] += answer
    if answer and not late and terms.rounds.recipients > 0:
        give_credit(books, terms, streams.orders, t, t + 1)
    return answer, arrives


@native
def leave_out(terms: Terms, books: Books, t: int, here: int, who: int) -> None:
    """Let recipient t go without an e-mail: the number of the send is used up, nothing else happens."""
    books.flags[t & books.ring] = NOTHING_SENT
    if terms.watched:
        row = t * WATCHED
        for column in range(WATCHED):
            terms.sends[row + column] = 0
        terms.sends[row + ARM] = terms.sends[row + BY] = SKIPPED
        terms.sends[row + BEST] = np.int32(books.memory[BEST_NOW])
        terms.sends[row + SEGMENT] = here
        terms.sends[row + RECIPIENT] = who


@native(inline=True)
def count_apart(terms: Terms, K: int, b: int, arm: int, by: int, answer: bool) -> None:
    """Count a send that a guardrail made and that is analysed on its own."""
    if _IS_TOLD_APART[by] and terms.apart_rows > 0:
        place = (b * terms.apart_rows + 2 * _APART[by]) * K + arm
        terms.apart[place] += np.int32(1)
        terms.apart[place + K] += np.int32(answer)


@native
def note(
    terms: Terms, books: Books, t: int, here: int, who: int, arm: int, by: int, answer: bool, arrives: int, cents: int
) -> None:
    """Write a send down."""
    row = t * WATCHED
    terms.sends[row + ARM] = arm
    terms.sends[row + ANSWER] = answer
    terms.sends[row + BY] = by
    terms.sends[row + ARRIVES] = arrives
    terms.sends[row + GAP] = books.gap[here * books.K + arm] >> GAP_SHIFT
    terms.sends[row + BEST] = np.int32(books.memory[BEST_NOW])
    terms.sends[row + SEGMENT] = here
    terms.sends[row + CENTS_COLUMN] = cents & ((1 << CENTS_SHIFT) - 1)
    terms.sends[row + CENTS_ABOVE] = cents >> CENTS_SHIFT
    terms.sends[row + RECIPIENT] = who


@native
def hear_complaint(terms: Terms, books: Books, stream: np.uint64, t: int, arm: int) -> None:
    """Count the complaint of recipient t, who complains about a line or not whatever was sent before."""
    bits = mix(stream + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA)
    if unit(bits) < terms.complaint_rates[arm]:
        books.complaints[arm] += 1
        books.marks[COMPLAINED] += 1
        books.flags[t & books.ring] |= COMPLAINS
        if terms.watched:
            terms.sends[t * WATCHED + COMPLAINT] = 1


@native(inline=True)
def arrival(terms: Terms, delays: np.uint64, t: int, arm: int) -> int:
    """Return after how many sends the conversion of send t is known, or COMES_TOO_LATE."""
    waiting = terms.waiting
    key = mix(delays + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA)
    hours = draw_hours(waiting.law, waiting.a, waiting.b, key)
    if hours > waiting.window_hours:
        return COMES_TOO_LATE
    return t + max(1, int(min(np.ceil(hours * waiting.sends_per_hour), FAR_OFF)))


@native(inline=True)
def tell(update: Any, terms: Terms, books: Books, orders: np.uint64, t: int) -> None:
    """Tell the policy what has become known before the decision about send t: sends in order, then what came of them.

    Where recipients get several e-mails, what came of a send is what it is credited with.
    """
    waits, recurs = terms.waiting.law >= 0, terms.rounds.recipients > 0
    until = t - terms.waiting.window_sends + 1 if waits and terms.waiting.only_closed else t
    on_arrival = waits and not terms.waiting.only_closed
    if waits and recurs:
        count_arrivals(books, terms, orders, t)
    for then in range(books.marks[TOLD], until):
        slot, reward = then & books.ring, 0.0
        if recurs:
            reward = books.due[slot]
            books.due[slot] = 0.0
        elif books.flags[slot] & SIGNAL and not on_arrival:
            reward = reward_of_send(terms, books, orders, then)
        if terms.taxed:
            reward += terms.purse.base
            if books.flags[slot] & COMPLAINS:
                reward -= terms.purse.complained
        inform(update, terms, books, t, then, 1.0, reward)
    books.marks[TOLD] = max(books.marks[TOLD], until)
    if waits:
        for moment in range(books.marks[HEARD], t + 1):
            place = moment & books.ring
            then = books.first[place]
            books.first[place] = -1  # a later moment's place
            while then >= 0:
                if moment >= books.marks[ARRIVED]:
                    count_arrival(books, terms, orders, then, moment)
                if on_arrival and not recurs:
                    inform(update, terms, books, t, then, 0.0, reward_of_send(terms, books, orders, then))
                then = books.following[then & books.ring]
        books.marks[HEARD] = t + 1
        books.marks[ARRIVED] = max(books.marks[ARRIVED], t + 1)
    if recurs:
        tell_credits(update, terms, books, t)


@native(inline=True)
def tell_credits(update: Any, terms: Terms, books: Books, t: int) -> None:
    """Tell the policy of credits to sends of which it knew already; the others wait until it is told of the send."""
    touch = next_due(books)
    while touch >= 0:
        slot = touch & books.ring
        if touch < books.marks[TOLD] and books.due[slot] > 0.0:
            inform(update, terms, books, t, touch, 0.0, books.due[slot])
            books.due[slot] = 0.0
        touch = next_due(books)


@native(inline=True)
def reward_of_send(terms: Terms, books: Books, orders: np.uint64, then: int) -> float:
    """Return what a policy is told of a send whose recipient responded."""
    slot = then & books.ring
    arm = int(books.arm[slot])
    if books.flags[slot] & CONVERTS:
        return reward_of_order(terms.purse, terms.logs[arm], orders, then, arm)
    return reward_of_response(terms.purse, terms.logs[arm])


@native(inline=True)
def inform(update: Any, terms: Terms, books: Books, t: int, then: int, trials: float, reward: float) -> None:
    """Tell the policy about one send, unless it is kept from it."""
    slot = then & books.ring
    if books.flags[slot] & LEARNT:
        arm = np.int64(books.arm[slot])
        if terms.heard:
            books.trials[arm] += trials
            books.rewards[arm] += reward
        update(books.memory, books.K, t - 1, then, np.int64(books.segment[slot]), arm, trials, reward)


@native
def look_after(terms: Terms, books: Books, place: int) -> None:
    """Copy the policy's memory once it has chosen: what it drew or reckoned for this send stands there."""
    for slot in range(terms.state):
        terms.after[place * terms.state + slot] = books.memory[slot]


@native
def look_in(terms: Terms, books: Books, place: int, t: int, here: int, skipped: bool) -> None:
    """Copy what decides about send t: the policy's memory, and what the guardrails would do."""
    K, active, row = books.K, books.masks[ACTIVE], place * terms.state
    for slot in range(terms.state):
        terms.states[row + slot] = books.memory[slot]
    allowed = active
    if terms.guarded:
        shares, masks = offset(terms.shares, place * terms.rails), offset(terms.masks, place * (terms.rails + 1))
        rails.inquire(books.rails, K, t, books.sent, books.within, here, active, shares, masks)
        allowed = rails.allow(books.rails, K, t, books.sent, active, active)
    terms.states[row + BEST_NOW] = best_arm(books.value, here * K, K, allowed)
    terms.masks[place * (terms.rails + 1) + terms.rails] = allowed
    terms.segments[place] = here
    if skipped:
        terms.segments[place] = SKIPPED


@native(on_disk=True)
def never_asked(terms: Terms, books: Books, streams: Streams, b: int, t: int, stop: int) -> int:
    """Stand in for `send_on` where the common case will do: compiling that for one more policy takes seconds."""
    return NOT_MEANT


def compiled_sending(spec: PolicySpec) -> Any:
    """Return `send_on` compiled for one policy."""
    return _for_policy(spec).compiled(sending_signature())


@cache
def _for_policy(spec: PolicySpec) -> Native[..., int]:
    return bound_sending(spec.choose, spec.update, spec.name, on_disk=True)


def bound_sending(choose: Native[..., int], update: Native[..., None], name: str, *, on_disk: bool) -> Native[..., int]:
    """Return a copy of `send_on` in which two names mean these functions; on disk it is known by `name`."""
    return rebound(send_on, f"send_on_{name}", on_disk=on_disk, outermost=True, choose=choose, update=update)


@cache
def sending_signature() -> Any:
    """Return Numba's signature of `send_on`."""
    from numba import types as nb

    i8 = nb.int64
    streams = nb.NamedUniTuple(nb.uint64, len(Streams._fields), Streams)
    return i8(terms_type(), books_type(), streams, i8, i8, i8)
