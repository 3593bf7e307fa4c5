"""What the general loop over sends needs of a question, as numbers and bare pointers.

A tuple that holds arrays is not free to hand over: that each is in use is counted at every call, which takes longer than
a send.
"""

from functools import cache
from typing import Any, NamedTuple

from engine import rails
from engine.money import Purse
from engine.native import address_of, native
from engine.plan import Kept, Plan, Watch, purse_type, rounds_type, waiting_type
from engine.recurring import Rounds
from engine.waiting import Waiting


class Terms(NamedTuple):
    """One question to one policy, and where to write; S segments, K arms. Pointers must not outlive the arrays."""

    every: int  # sends between decisions
    last: int  # sends of the campaign
    state: int  # how much of the policy's memory is copied at a look
    guarded: bool
    heard: bool  # whether a guardrail looks at what is known
    complain: bool  # whether anybody complains
    fades: bool  # whether lines wear out
    segmented: bool
    taxed: bool  # whether complaints take from what a line is worth
    kept: float  # share of its freshness that each send leaves a line
    lowest: float  # share of its rate that a worn-out line still has
    regret_unit: float
    waiting: Waiting
    purse: Purse
    rounds: Rounds
    complaint_rates: Any  # f8 (K,)
    worth: Any  # f8 (K,) of a conversion, in the unit of the goal
    logs: Any  # f8 (K,) mean of the logarithm of an order's cents
    own: Any  # f8 (S,) alias table
    other: Any  # i8 (S,)
    times: Any  # f8 (S, K)
    S: int
    apart: Any  # i4 (B, rows, K)
    apart_rows: int  # 0 when nothing is told apart
    watched: bool
    sends: Any  # i4 (sends, WATCHED)
    looks: int
    looks_at: Any  # i8 (looks,)
    states: Any  # f8 (looks, state)
    shares: Any  # f8 (looks, rails)
    masks: Any  # u8 (looks, rails + 1)
    segments: Any  # i8 (looks,)
    after: Any  # f8 (looks, state)
    looks_after: bool
    rails: int  # guardrails that there are


@native
def terms_of(plan: Plan, kept: Kept, watch: Watch) -> Terms:
    """Return the terms of a plan; its arrays and the others must outlive them."""
    apart_rows = kept.apart.shape[1]
    if kept.apart.shape[0] == 0:
        apart_rows = 0
    guarded = plan.rails.shape[0] > 0
    heard = guarded and rails.listen(plan.rails)
    return Terms(
        plan.every, plan.ends[-1], watch.states.shape[1],
        guarded, heard, plan.complaint_rates.shape[0] > 0, plan.kept < 1.0,
        plan.audience.weights.shape[0] > 1, plan.purse.toll > 0.0, plan.kept, plan.lowest, plan.regret_unit,
        plan.waiting, plan.purse, plan.rounds,
        address_of(plan.complaint_rates), address_of(plan.prices.worth), address_of(plan.prices.logs),
        address_of(plan.audience.own), address_of(plan.audience.other), address_of(plan.audience.times),
        plan.audience.weights.shape[0],
        address_of(kept.apart), apart_rows,
        watch.sends.shape[0] > 0, address_of(watch.sends), watch.at.shape[0], address_of(watch.at),
        address_of(watch.states), address_of(watch.shares), address_of(watch.masks), address_of(watch.segments),
        address_of(watch.after), watch.after.shape[0] > 0,
        watch.shares.shape[1],
    )  # fmt: skip


@cache
def terms_type() -> Any:
    """Return Numba's type of the terms."""
    from numba import types as nb

    p: Any = nb.CPointer
    i8, f8, yes = nb.int64, nb.float64, nb.boolean
    i4s, i8s, f8s, u8s = p(nb.int32), p(i8), p(f8), p(nb.uint64)
    return nb.NamedTuple(
        [
            i8, i8, i8, yes, yes, yes, yes, yes, yes, f8, f8, f8, waiting_type(), purse_type(), rounds_type(),
            f8s, f8s, f8s, f8s, i8s, f8s, i8, i4s, i8, yes, i4s, i8, i8s, f8s, f8s, u8s, i8s, f8s, yes, i8,
        ],
        Terms,
    )  # fmt: skip
