"""The general loop over sends: whatever the world, the delay and the guardrails ask for, one recipient at a time."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from engine import rails
from engine.books import (
    ACTIVE,
    ARRIVED,
    CONVERTS,
    HEARD,
    LEARNT,
    MISSED,
    NEXT_DECISION,
    SIGNAL,
    TOLD,
    TOO_LATE,
    Books,
    best_arm,
    books_type,
    count_arrival,
    count_arrivals,
    expect,
    pause,
    wear_out,
)
from engine.choosing import may_send
from engine.native import Native, native, rebound
from engine.plan import ANSWER, ARM, ARRIVES, BEST, BY, GAP, GAP_SHIFT, Kept, Plan, Watch, numba_types
from engine.policy import BEST_NOW, PolicySpec
from engine.rng import ARM_SLOTS, GAMMA, SEND_STRIDE, mix, response, unit
from engine.waiting import Waiting, draw_hours

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


choose: Any = None  # what each policy's copy of `send_on` puts in its place
update: Any = None


def send_on(
    memory: np.ndarray, plan: Plan, books: Books, streams: Streams, kept: Kept, watch: Watch, b: int, t: int, stop: int
) -> int:
    """Make the sends t to stop - 1 of replication b of a block, all within one spell; return what went wrong."""
    waiting, guarded, complain = plan.waiting, plan.rails.shape[0] > 0, plan.complaint_rates.shape[0] > 0
    fades, noted, last = plan.kept < 1.0, watch.sends.shape[0] > 0, plan.ends[-1]
    decision, missed, look = books.marks[NEXT_DECISION], np.int64(0), first_look(watch, t)
    while t < stop:
        if t == decision:
            tell(update, waiting, books, t, guarded)
            decision += plan.every
            if guarded:
                settle(books, streams.rails, t)
        if look < watch.at.shape[0] and watch.at[look] == t:
            look_in(memory, plan, books, watch, look, t)
            look += 1
        arm, by = decide(choose, books, streams, t, guarded)
        if arm < 0:
            return CHOSE_WRONG_ARM
        answer, arrives = meet(books, waiting, streams, t, arm, by, last)
        missed += books.gap[arm]
        if by >= 0:
            count_apart(kept.apart, b, arm, by, answer)
        if noted:
            note(watch, books, t, arm, by, answer, arrives)
        if complain:
            hear_complaint(books, plan.complaint_rates, streams.complaints, t, arm)
        if guarded and rails.pause(books.rails, books.K, arm, books.sent, books.complaints):
            pause(books, arm, waiting.counted)
        if fades:
            wear_out(books, plan, b, arm)
        t += 1
    if waiting.law >= 0:
        count_arrivals(books, stop)
    books.marks[MISSED] += missed
    books.marks[NEXT_DECISION] = decision
    return NOTHING_WRONG


@native
def first_look(watch: Watch, t: int) -> int:
    """Return which of the looks into the policy's memory is the next."""
    look: int = np.int64(0)  # type: ignore[assignment]
    while look < watch.at.shape[0] and watch.at[look] < t:
        look += 1
    return look


@native(inline=True)
def settle(books: Books, stream: np.uint64, t: int) -> None:
    """Let the guardrails look at what is known before send t."""
    key = stream ^ mix(np.uint64(t))
    rails.settle(books.rails, books.K, t, books.trials, books.rewards, books.masks[ACTIVE], key)


@native(inline=True)
def decide(choose: Any, books: Books, streams: Streams, t: int, guarded: bool) -> tuple[int, int]:
    """Return what recipient t is sent, and which guardrail decided so; -1 for a line that may not be sent."""
    active = allowed = books.masks[ACTIVE]
    step = np.uint64(t) * SEND_STRIDE
    if guarded:
        arm, by = rails.take(books.rails, books.K, t, books.sent, active, streams.rails + step)
        if arm >= 0:
            return arm, by
        allowed = rails.allow(books.rails, books.K, t, books.sent, active, active)
    best = books.memory[BEST_NOW]
    if allowed != active:
        books.memory[BEST_NOW] = best_arm(books.now, books.K, allowed)
    arm = choose(books.memory, books.K, t, 0, allowed, streams.own + step)
    books.memory[BEST_NOW] = best
    if arm >= books.K or (arm >= 0 and not may_send(allowed, arm)):
        return NOBODY, NOBODY
    return int(arm), NOBODY


@native(inline=True)
def meet(books: Books, waiting: Waiting, streams: Streams, t: int, arm: int, by: int, last: int) -> tuple[bool, int]:
    """Send the line; return whether the recipient converts in time, and after how many sends that is known.

    What is known only after the `last` send of all is of no use to anybody. A plan's arrays are not handed over here:
    that they are in use would be counted, which takes longer than the send.
    """
    draw = response(streams.responses, t, arm)
    answer, signal, arrives = draw < books.now[arm], draw < books.seen[arm], NOTHING_COMES
    if waiting.law >= 0 and signal:
        moment = arrival(waiting, streams.delays, t, arm)
        arrives = moment if answer else NOTHING_COMES
        if moment == COMES_TOO_LATE:
            books.marks[TOO_LATE] += answer
            answer = signal = False
        elif moment <= last:
            expect(books, t, moment)
    slot = t & books.ring
    books.arm[slot] = arm
    books.flags[slot] = SIGNAL * signal | CONVERTS * answer | LEARNT * (by < 0 or not _UNTOLD[by])
    books.sent[arm] += 1
    books.won[arm] += answer
    return answer, arrives


@native(inline=True)
def count_apart(apart: np.ndarray, b: int, arm: int, by: int, answer: bool) -> None:
    """Count a send that a guardrail made and that is analysed on its own."""
    if _IS_TOLD_APART[by] and apart.shape[0] > 0:
        apart[b, 2 * _APART[by], arm] += 1
        apart[b, 2 * _APART[by] + 1, arm] += answer


@native
def note(watch: Watch, books: Books, t: int, arm: int, by: int, answer: bool, arrives: int) -> None:
    """Write a send down."""
    watch.sends[t, ARM] = arm
    watch.sends[t, ANSWER] = answer
    watch.sends[t, BY] = by
    watch.sends[t, ARRIVES] = arrives
    watch.sends[t, GAP] = books.gap[arm] >> GAP_SHIFT
    watch.sends[t, BEST] = np.int64(books.memory[BEST_NOW])


@native
def hear_complaint(books: Books, rates: np.ndarray, stream: np.uint64, t: int, arm: int) -> None:
    """Count the complaint of recipient t, who complains about a line or not whatever was sent before."""
    bits = mix(stream + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA)
    books.complaints[arm] += unit(bits) < rates[arm]


@native(inline=True)
def arrival(waiting: Waiting, delays: np.uint64, t: int, arm: int) -> int:
    """Return after how many sends the conversion of send t is known, or COMES_TOO_LATE."""
    key = mix(delays + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA)
    hours = draw_hours(waiting.law, waiting.a, waiting.b, key)
    if hours > waiting.window_hours:
        return COMES_TOO_LATE
    return t + max(1, int(min(np.ceil(hours * waiting.sends_per_hour), FAR_OFF)))


@native(inline=True)
def tell(update: Any, waiting: Waiting, books: Books, t: int, counted: bool) -> None:
    """Tell the policy what has become known before the decision about send t; keep count of it, if asked to."""
    waits = waiting.law >= 0
    until = t - waiting.window_sends + 1 if waits and waiting.only_closed else t
    on_arrival = waits and not waiting.only_closed
    for then in range(books.marks[TOLD], until):
        flags = books.flags[then & books.ring]
        inform(update, books, t, then, counted, 1.0, 1.0 if flags & SIGNAL and not on_arrival else 0.0)
    books.marks[TOLD] = max(books.marks[TOLD], until)
    if waits:
        for moment in range(books.marks[HEARD], t + 1):
            place = moment & books.ring
            then = books.first[place]
            books.first[place] = -1  # a later moment's place
            while then >= 0:
                if moment >= books.marks[ARRIVED]:
                    count_arrival(books, then)
                if on_arrival:
                    inform(update, books, t, then, counted, 0.0, 1.0)
                then = books.following[then & books.ring]
        books.marks[HEARD] = t + 1
        books.marks[ARRIVED] = max(books.marks[ARRIVED], t + 1)


@native(inline=True)
def inform(update: Any, books: Books, t: int, then: int, counted: bool, trials: float, reward: float) -> None:
    """Tell the policy about one send, unless it is kept from it."""
    slot = then & books.ring
    if books.flags[slot] & LEARNT:
        arm = np.int64(books.arm[slot])
        if counted:
            books.trials[arm] += trials
            books.rewards[arm] += reward
        update(books.memory, books.K, t - 1, then, 0, arm, trials, reward)


@native
def look_in(memory: np.ndarray, plan: Plan, books: Books, watch: Watch, place: int, t: int) -> None:
    """Copy what decides about send t: the policy's memory, and what the guardrails would do."""
    K, active = books.K, books.masks[ACTIVE]
    for slot in range(memory.shape[0]):
        watch.states[place, slot] = memory[slot]
    allowed = active
    if plan.rails.shape[0] > 0:
        rails.inquire(books.rails, K, t, books.sent, active, watch, place)
        allowed = rails.allow(books.rails, K, t, books.sent, active, active)
    watch.states[place, BEST_NOW] = best_arm(books.now, K, allowed)
    watch.masks[place, watch.masks.shape[1] - 1] = allowed


@native(on_disk=True)
def never_asked(
    memory: np.ndarray, plan: Plan, books: Books, streams: Streams, kept: Kept, watch: Watch, b: int, t: int, stop: int
) -> int:
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
    return rebound(send_on, f"send_on_{name}", on_disk=on_disk, choose=choose, update=update)


@cache
def sending_signature() -> Any:
    """Return Numba's signature of `send_on`."""
    from numba import types as nb

    plan, kept, _, watch = numba_types()
    streams = nb.NamedUniTuple(nb.uint64, 5, Streams)
    i8 = nb.int64
    return i8(nb.float64[::1], plan, books_type(), streams, kept, watch, i8, i8, i8)
