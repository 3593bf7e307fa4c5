"""Beta posteriors as rows of a policy's state, kept in the form in which draws need them.

A draw of Beta(alpha, beta) comes from two Gamma draws, each of which needs d = shape - 1/3 and c = 1 / sqrt(9 d).
They change only when the arm is updated, so they are worked out there and not at every draw.
"""

import numpy as np
from numpy.typing import NDArray

from engine.choosing import best_of_row
from engine.native import native
from engine.policy import Earlier
from engine.rng import GAMMA, beta, gamma_at_once, gamma_from

ROWS = 7
_ALPHA, _BETA, _D_ALPHA, _C_ALPHA, _D_BETA, _C_BETA, _DRAWS = range(ROWS)
_THIRD = 1.0 / 3.0
_ONE = np.uint64(1)

_ROOM = np.uint64(
    64 * int(GAMMA) % 2**64
)  # counters set aside for one Gamma draw; needing more has no chance worth a thought
_ARM_ROOM = np.uint64(2 * int(_ROOM) % 2**64)


@native(on_disk=True)
def set_posterior(state: np.ndarray, start: int, K: int, arm: int, alpha: float, misses: float) -> None:
    """Set one arm's posterior to Beta(alpha, misses), both above 0."""
    state[start + _ALPHA * K + arm] = alpha
    state[start + _BETA * K + arm] = misses
    set_gamma(state, start + _D_ALPHA * K + arm, start + _C_ALPHA * K + arm, alpha)
    set_gamma(state, start + _D_BETA * K + arm, start + _C_BETA * K + arm, misses)


def set_prior(state: NDArray[np.float64], start: int, alpha: float, misses: float, earlier: Earlier) -> None:
    """Set all arms' posteriors to Beta(alpha, misses), updated by what an earlier campaign tells."""
    K = len(earlier.sends)
    for arm, (sends, rewards) in enumerate(zip(earlier.sends.tolist(), earlier.rewards.tolist(), strict=True)):
        set_posterior(state, start, K, arm, alpha + rewards, misses + sends - rewards)


def shapes_of(state: NDArray[np.float64], start: int, K: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return alpha and beta of every arm, (K,) each: views into the state."""
    rows = state[start : start + ROWS * K].reshape(ROWS, K)
    return rows[_ALPHA], rows[_BETA]


def drawn_of(state: NDArray[np.float64], start: int, K: int) -> NDArray[np.float64]:
    """Return the rate that was drawn last for each arm, (K,)."""
    return state[start + _DRAWS * K : start + (_DRAWS + 1) * K].copy()


@native
def set_gamma(state: np.ndarray, d_place: int, c_place: int, shape: float) -> None:
    """Write what draws of Gamma(shape) need; NaN for shapes below 1, which no quick draw accepts."""
    d = shape - _THIRD if shape >= 1.0 else np.nan
    state[d_place] = d
    state[c_place] = 1.0 / np.sqrt(9.0 * d)


@native
def add_to_posterior(state: np.ndarray, start: int, K: int, arm: int, trials: float, reward: float) -> None:
    """Count `reward` successes in `trials` for one arm; taking away what was added before works too."""
    misses = trials - reward
    if reward != 0.0:
        alpha = state[start + _ALPHA * K + arm] + reward
        state[start + _ALPHA * K + arm] = alpha
        set_gamma(state, start + _D_ALPHA * K + arm, start + _C_ALPHA * K + arm, alpha)
    if misses != 0.0:
        beta = state[start + _BETA * K + arm] + misses
        state[start + _BETA * K + arm] = beta
        set_gamma(state, start + _D_BETA * K + arm, start + _C_BETA * K + arm, beta)


@native
def draw_best(state: np.ndarray, start: int, K: int, eligible: np.uint64, key: np.uint64) -> int:
    """Draw a rate for each arm from its posterior and return the eligible arm with the largest draw, ties at random.

    Two passes: most draws need no rare case, and a loop without rare cases is twice as fast. Shapes far below 1
    make draws that round to exactly 0 or 1, so ties do happen.
    """
    all_drawn = True
    for arm in range(K):
        own = key + np.uint64(arm) * _ARM_ROOM
        x, x_drawn = gamma_at_once(state[start + _D_ALPHA * K + arm], state[start + _C_ALPHA * K + arm], own)
        y, y_drawn = gamma_at_once(state[start + _D_BETA * K + arm], state[start + _C_BETA * K + arm], own + _ROOM)
        drawn = x_drawn & y_drawn
        state[start + _DRAWS * K + arm] = x / (x + y) if drawn else -1.0
        all_drawn &= drawn
    if not all_drawn:
        for arm in range(K):
            if state[start + _DRAWS * K + arm] < 0.0:
                draw_carefully(state, start, K, arm, key + np.uint64(arm) * _ARM_ROOM)
    return best_of_row(state, start + _DRAWS * K, K, eligible, key - GAMMA)


@native
def best_drawn_but(state: np.ndarray, start: int, K: int, eligible: np.uint64, arm: int, key: np.uint64) -> int:
    """Return the eligible arm, other than this one, with the largest of the rates drawn last."""
    return best_of_row(state, start + _DRAWS * K, K, eligible & ~(_ONE << np.uint64(arm)), key)


@native
def draw_carefully(state: np.ndarray, start: int, K: int, arm: int, key: np.uint64) -> None:
    """Draw one arm's rate whatever it takes; equal to the quick draw where that succeeds."""
    d_alpha, d_beta = state[start + _D_ALPHA * K + arm], state[start + _D_BETA * K + arm]
    if np.isnan(d_alpha) or np.isnan(d_beta):
        value, _ = beta(state[start + _ALPHA * K + arm], state[start + _BETA * K + arm], key)
    else:
        x, _ = gamma_from(d_alpha, state[start + _C_ALPHA * K + arm], key)
        y, _ = gamma_from(d_beta, state[start + _C_BETA * K + arm], key + _ROOM)
        value = x / (x + y)
    state[start + _DRAWS * K + arm] = value
