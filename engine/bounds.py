"""What policies with upper confidence bounds keep: observed rates as rows of a policy's state, and the sends known.

Header slot KNOWN, then at `start` rows of K. A line without a send has an infinite rate, so that its bound beats all
others and it is sent first, untried lines in random order.
"""

import numpy as np

from engine.arithmetic import log
from engine.native import native
from engine.policy import Earlier, State, blank_state

KNOWN = 5  # header slot: sends whose answers are known, of all arms together

ROWS = 5
RATES, INVERSE_ROOTS, SENDS, CONVERSIONS, BOUNDS = range(ROWS)  # INVERSE_ROOTS: 1 / sqrt(sends)


def untried_state(*parameters: float, start: int, arms: int, more_rows: int = 0, extra: int = 0) -> State:
    """Return a state in which no arm has a send.

    At its end stand `more_rows` rows and then `extra` slots of the policy's own.
    """
    state = blank_state(*parameters, rows=ROWS + more_rows, arms=arms, extra=extra)
    state[start : start + arms] = np.inf
    return state


def recall_rates(state: State, start: int, earlier: Earlier) -> None:
    """Start with what was learnt in an earlier campaign; a line that it did not send stays untried."""
    K = len(earlier.sends)
    for arm in np.flatnonzero(earlier.sends > 0.0).tolist():
        learn_rate.function(state, start, K, arm, earlier.sends[arm], earlier.rewards[arm])


@native
def learn_rate(state: np.ndarray, start: int, K: int, arm: int, trials: float, reward: float) -> None:
    """Add trials and reward to one arm's rows."""
    n = state[start + SENDS * K + arm] + trials
    total = state[start + CONVERSIONS * K + arm] + reward
    state[start + SENDS * K + arm] = n
    state[start + CONVERSIONS * K + arm] = total
    state[KNOWN] += trials
    if n > 0.0:
        state[start + arm] = total / n
        state[start + INVERSE_ROOTS * K + arm] = 1.0 / np.sqrt(n)


@native
def log_known(state: np.ndarray) -> float:
    """Return the logarithm of the sends known so far; 0 before the first."""
    return log(state[KNOWN]) if state[KNOWN] > 1.0 else 0.0


@native
def forget_rate(state: np.ndarray, start: int, K: int, arm: int, trials: float, reward: float) -> None:
    """Take trials and reward that were added before from one arm's rows; without a send left it is untried again."""
    learn_rate(state, start, K, arm, -trials, -reward)
    if state[start + SENDS * K + arm] <= 0.0:
        untry(state, start, K, arm)


@native
def untry(state: np.ndarray, start: int, K: int, arm: int) -> None:
    """Forget all of one arm's sends; KNOWN stays."""
    state[start + RATES * K + arm] = np.inf
    state[start + INVERSE_ROOTS * K + arm] = 0.0
    state[start + SENDS * K + arm] = 0.0
    state[start + CONVERSIONS * K + arm] = 0.0


@native
def set_bounds(state: np.ndarray, start: int, K: int, root: float) -> None:
    """Write each arm's rate + root / sqrt(sends) into the row of bounds."""
    for arm in range(K):
        width = root * state[start + INVERSE_ROOTS * K + arm]
        state[start + BOUNDS * K + arm] = state[start + RATES * K + arm] + width
