"""The one loop over sends, for every policy and world.

Sequential and compiled once, with an explicit signature that takes a policy's `choose` and `update` as first-class
functions: the machine code is kept on disk and shared by all processes. It holds no lock, so blocks of replications
run on threads. All accounting is in integers, and everything that is float stays inside one replication: results do
not depend on how replications are spread over blocks and threads.
"""

from functools import cache
from typing import Any

import numpy as np

from engine.choosing import all_may, may_send
from engine.native import address_of, native
from engine.policy import BEST_NOW, choose_signature, update_signature
from engine.rng import POLICY, RESPONSES, SEND_STRIDE, response, stream_key
from engine.stretch import advance_signature

REGRET_UNIT = 2.0**-40
"""One unit of accumulated regret, in conversions."""

LOW_BITS = 20
"""Regret sums over replications are kept in two parts, above and below this bit, so that neither overflows 64 bits."""

OK = 0
CHOSE_WRONG_ARM = 1

_LOW_MASK = np.int64((1 << LOW_BITS) - 1)
_ONE = np.uint64(1)


@native
def best_arm(rates: np.ndarray, K: int, eligible: np.uint64) -> int:
    """Return the eligible arm with the largest true rate, the first of equals."""
    best = -1
    for arm in range(K):
        if may_send(eligible, arm) and (best < 0 or rates[arm] > rates[best]):
            best = arm
    return best


@native(on_disk=True)
def run_replications(
    choose: Any,
    update: Any,
    advance: Any,
    template: np.ndarray,  # f8 (state,)
    rates: np.ndarray,  # f8 (B, K): true rates of each replication of this block
    update_every: int,
    grid: np.ndarray,  # i8 (G,): cumulative sends at which something is written, increasing, the last is all sends
    kept: np.ndarray,  # i8 (G,): place among the checkpoints kept for each replication, or -1
    averaged: np.ndarray,  # i8 (G,): place among the checkpoints averaged over replications, or -1
    seed: np.uint64,
    first: int,  # number of the first replication
    sends: np.ndarray,  # i4 (B, C, K), written
    conversions: np.ndarray,  # i4 (B, C, K), written
    regret: np.ndarray,  # i8 (B, C), written, in units of 2^-40
    sends_sum: np.ndarray,  # i8 (F, K), added to
    conversions_sum: np.ndarray,  # i8 (F, K), added to
    regret_sum: np.ndarray,  # i8 (F, 2), added to: high and low part
    trace: np.ndarray,  # u1 (sends, 2) or (0, 2): arm and answer of every send of the last replication
) -> int:
    """Run B replications of one policy; return OK, or what went wrong."""
    K = rates.shape[1]
    state = np.empty_like(template)
    sent = np.empty(K, np.int64)
    won = np.empty(K, np.int64)
    gap = np.empty(K, np.int64)
    now = np.empty(K)
    waiting = np.empty((update_every, 2), np.uint8)
    eligible = all_may(K)
    memory, rates_now = address_of(state), address_of(now)
    gaps, sent_here, won_here = address_of(gap), address_of(sent), address_of(won)
    tracing = trace.shape[0] > 0
    plain = update_every == 1 and not tracing
    for b in range(rates.shape[0]):
        state[:] = template
        sent[:] = 0
        won[:] = 0
        missed = np.int64(0)
        now[:] = rates[b]
        best = best_arm(now, K, eligible)
        state[BEST_NOW] = best
        for arm in range(K):
            gap[arm] = np.int64(np.floor((now[best] - now[arm]) / REGRET_UNIT + 0.5))
        replication = np.uint64(first + b)
        responses = stream_key(seed, replication, RESPONSES)
        own = stream_key(seed, replication, POLICY)
        t = 0
        queued = 0
        for g in range(grid.shape[0]):
            stop = grid[g]
            if plain:
                more = advance(memory, K, t, stop, eligible, own, responses, rates_now, gaps, sent_here, won_here)
                if more < 0:
                    return CHOSE_WRONG_ARM
                missed += more
                t = stop
            while t < stop:
                arm = choose(memory, K, t, 0, eligible, own + np.uint64(t) * SEND_STRIDE)
                if arm < 0 or arm >= K or not may_send(eligible, arm):
                    return CHOSE_WRONG_ARM
                a = np.uint64(arm)
                answer = response(responses, t, arm) < now[a]
                sent[a] += 1
                won[a] += answer
                missed += gap[a]
                if tracing:
                    trace[t, 0] = arm
                    trace[t, 1] = answer
                waiting[queued, 0] = arm
                waiting[queued, 1] = answer
                queued += 1
                t += 1
                if queued == update_every:
                    for i in range(queued):
                        then = t - queued + i
                        update(memory, K, t - 1, then, 0, np.int64(waiting[i, 0]), 1.0, np.float64(waiting[i, 1]))
                    queued = 0
            if kept[g] >= 0:
                c = kept[g]
                for arm in range(K):
                    sends[b, c, arm] = sent[arm]
                    conversions[b, c, arm] = won[arm]
                regret[b, c] = missed
            if averaged[g] >= 0:
                f = averaged[g]
                for arm in range(K):
                    sends_sum[f, arm] += sent[arm]
                    conversions_sum[f, arm] += won[arm]
                regret_sum[f, 0] += missed >> np.int64(LOW_BITS)
                regret_sum[f, 1] += missed & _LOW_MASK
    return OK


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

    choose = nb.FunctionType(choose_signature())
    update = nb.FunctionType(update_signature())
    advance = nb.FunctionType(advance_signature())
    i8, f8 = nb.int64, nb.float64
    signature = i8(
        choose, update, advance, f8[::1], f8[:, ::1], i8, i8[::1], i8[::1], i8[::1], nb.uint64, i8,
        nb.int32[:, :, ::1], nb.int32[:, :, ::1], i8[:, ::1], i8[:, ::1], i8[:, ::1], i8[:, ::1], nb.uint8[:, ::1],
    )  # fmt: skip
    return run_replications.compiled(signature)


@cache
def response_filler() -> Any:
    """Return the compiled `fill_responses`."""
    from numba import types as nb

    return fill_responses.compiled(nb.void(nb.uint64, nb.int64, nb.int64, nb.float64, nb.uint8[::1]))
