"""Weights that fade: with every send, all sends before it weigh gamma times as much as they did.

Multiplying every row at every send would cost time and digits. Instead the newest send weighs more than the one before:
sums are kept in a unit that grows, header slot UNIT is what the newest send weighs in it, and a sum over UNIT is the
discounted sum. Once in many sends the unit is set back to 1, and a policy scales its rows with it.
"""

import numpy as np

from engine.arithmetic import exp, log
from engine.native import native

GAMMA = 0  # header slot: what a send weighs after the next one
UNIT = 1  # header slot: what the newest send weighs in the sums
NEWEST = 2  # header slot: the newest send that was told, or BEFORE_ALL

BEFORE_ALL = -1.0
LARGEST_UNIT = 1e30
_FARTHEST = 300.0  # as a logarithm; what is older weighs nothing in double precision


@native
def move_to(state: np.ndarray, sent: int) -> float:
    """Make this send the newest one, unless it is older; return what the policy must multiply its sums by, mostly 1."""
    steps = sent - int(state[NEWEST])
    if steps <= 0:
        return 1.0
    state[NEWEST] = sent
    if steps == 1:
        state[UNIT] /= state[GAMMA]
    else:
        state[UNIT] *= exp(min(_FARTHEST, -log(state[GAMMA]) * float(steps)))
    if state[UNIT] <= LARGEST_UNIT:
        return 1.0
    scale = 1.0 / float(state[UNIT])
    state[UNIT] = 1.0
    return scale


@native
def weight_of(state: np.ndarray, sent: int) -> float:
    """Return what a send weighs now in the sums; `sent` is the newest or older."""
    steps = int(state[NEWEST]) - sent
    unit = float(state[UNIT])
    return unit if steps <= 0 else unit * exp(log(state[GAMMA]) * float(steps))
