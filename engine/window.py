"""The last sends of a campaign, as a ring at the end of a policy's state: two slots a send, 1 + its arm and its reward.

Header slots WINDOW and NEXT. A policy takes from its sums what leaves the window, and asks before it adds a late
conversion whether its send is still in there.
"""

import numpy as np

from engine.native import native

WINDOW = 0  # header slot: how many sends are remembered
NEXT = 1  # header slot: the first send that has not entered the window

SLOTS = 2
"""Slots of the ring for each remembered send."""


@native
def take_out(state: np.ndarray, ring: int, send: int) -> int:
    """Empty the slot that `send` is to take; return the arm whose send was in it, or -1.

    The reward of that send is what `reward_in` told of it.
    """
    slot = ring + SLOTS * (send % int(state[WINDOW]))
    arm = int(state[slot]) - 1
    state[slot] = 0.0
    state[slot + 1] = 0.0
    return arm


@native
def reward_in(state: np.ndarray, ring: int, send: int) -> float:
    """Return the reward in the slot that `send` has or is to take."""
    return float(state[ring + SLOTS * (send % int(state[WINDOW])) + 1])


@native
def is_remembered(state: np.ndarray, sent: int) -> bool:
    """Tell whether the window has not moved past this send."""
    return sent >= int(state[NEXT]) - int(state[WINDOW])


@native
def put_in(state: np.ndarray, ring: int, sent: int, arm: int, trials: float, reward: float) -> None:
    """Note a send of the window, or more reward of one that is in it."""
    slot = ring + SLOTS * (sent % int(state[WINDOW]))
    if trials > 0.0:
        state[slot] = arm + 1.0
    state[slot + 1] += reward
