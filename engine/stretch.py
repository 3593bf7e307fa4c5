"""The common case on its own: sends at steady rates whose answers are known at once, with nothing else to ask about.

The same steps as the kernel's general loop, compiled together with one policy's `choose` and `update`, so that a
send costs no calls. One text serves every policy: only what the names `choose` and `update` mean differs.
"""

from functools import cache
from typing import Any

import numpy as np

from engine.native import Native, rebound
from engine.policy import PolicySpec
from engine.rng import SEND_STRIDE, response

WRONG_ARM = -1

choose: Any = None  # what each policy's copy of `advance` puts in its place
update: Any = None


def advance(
    state: Any,  # the policy's memory, f8 pointer
    K: int,
    t: int,
    stop: int,
    eligible: np.uint64,
    own: np.uint64,
    responses: np.uint64,
    rates: Any,  # f8 pointer (K)
    gap: Any,  # i8 pointer (K): regret of one send of each arm
    sent: Any,  # i8 pointer (K), added to
    won: Any,  # i8 pointer (K), added to
) -> int:
    """Make the sends t to stop - 1; return the regret that they add, or WRONG_ARM."""
    missed = np.int64(0)
    while t < stop:
        arm = choose(state, K, t, 0, eligible, own + np.uint64(t) * SEND_STRIDE)
        if arm < 0 or arm >= K:
            return WRONG_ARM
        answer = response(responses, t, arm) < rates[arm]
        sent[arm] += 1
        won[arm] += answer
        missed += gap[arm]
        update(state, K, t, t, 0, arm, 1.0, 1.0 if answer else 0.0)
        t += 1
    return int(missed)


def compiled_advance(spec: PolicySpec) -> Any:
    """Return `advance` compiled for one policy."""
    return _for_policy(spec).compiled(advance_signature())


@cache
def _for_policy(spec: PolicySpec) -> Native[..., int]:
    return bound_advance(spec.choose, spec.update, spec.name, on_disk=True)


def bound_advance(choose: Native[..., int], update: Native[..., None], name: str, *, on_disk: bool) -> Native[..., int]:
    """Return a copy of `advance` in which two names mean these functions; on disk it is known by `name`."""
    return rebound(advance, f"advance_{name}", on_disk=on_disk, outermost=True, choose=choose, update=update)


@cache
def advance_signature() -> Any:
    """Return Numba's signature of `advance`."""
    from numba import types as nb

    i8, u8, counts, numbers = nb.int64, nb.uint64, nb.CPointer(nb.int64), nb.CPointer(nb.float64)
    return i8(numbers, i8, i8, i8, u8, u8, u8, numbers, counts, counts, counts)
