"""Detectors of a change in one line's rate: the Bernoulli GLR test and the two-sided CUSUM.

Both are steps for policies, on a part of the policy's state, and functions for a series that was observed:
`glr_changes` and `cusum_changes`. Answers may be told one by one or in small batches, and late: (1, 0) and then (0, 1)
leaves the same state as (1, 1), as long as nothing else was asked or told in between.

The GLR test compares the answers before each possible change with those after it. Asking after every answer about
every earlier place would cost ever more. As in the authors' own program, the question is put every so many answers,
here `every`, and only places between groups of that many are tried. Groups that have become old are joined two and two
so that of each size (1, 2, 4 ... times `every`) at most `alike` are kept. With eight, neighbouring places lie apart by
about a seventh of their age, and a test costs as much as the logarithm of the answers. Leaving places out can only
delay an alarm or miss it, never add a false one.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.arithmetic import log
from engine.divergence import divergence
from engine.native import native

GLR_EVERY = 10
"""Answers of a line between two GLR tests, as in the authors' experiments."""

GROUPS_ALIKE = 8
"""Groups of one size that are kept."""

_TRIALS, _WON, _OPEN_TRIALS, _OPEN_WON, _OPEN_FROM, _GROUPS = range(6)
_GLR_HEADER = 6
_GROUP_TRIALS, _GROUP_WON, _GROUP_FROM, _GROUP_SIZE = range(4)  # FROM: its first send; SIZE: as a power of two
_GROUP_SLOTS = 4
_ROUNDING = 1.0 - 1e-9


def glr_slots(answers: int, every: int = GLR_EVERY, alike: int = GROUPS_ALIKE) -> int:
    """Return how many slots the GLR test of one line takes, all 0 to begin with, for at most so many answers."""
    sizes = (answers // every + 1).bit_length()
    return _GLR_HEADER + _GROUP_SLOTS * (sizes * alike + 1)


@native
def glr_learn(state: np.ndarray, place: int, sent: int, trials: float, reward: float) -> None:
    """Add answers to the GLR test whose slots start at `place`: new ones of send `sent`, or a late one of it."""
    if trials > 0.0 and state[place + _OPEN_TRIALS] <= 0.0:
        state[place + _OPEN_FROM] = sent
    state[place + _TRIALS] += trials
    state[place + _WON] += reward
    if trials > 0.0 or (state[place + _OPEN_TRIALS] > 0.0 and sent >= int(state[place + _OPEN_FROM])):
        state[place + _OPEN_TRIALS] += trials
        state[place + _OPEN_WON] += reward
        return
    group = place + _GLR_HEADER + _GROUP_SLOTS * (int(state[place + _GROUPS]) - 1)
    while group > place + _GLR_HEADER and int(state[group + _GROUP_FROM]) > sent:
        group -= _GROUP_SLOTS
    if group >= place + _GLR_HEADER:
        state[group + _GROUP_WON] += reward


@native
def glr_alarm(state: np.ndarray, place: int, every: int, alike: int, delta: float) -> bool:
    """Close the open group when it holds `every` answers, and tell whether the rate has changed.

    False without a look while the group stays open.
    """
    if state[place + _OPEN_TRIALS] < every:
        return False
    close_group(state, place, alike)
    n = float(state[place + _TRIALS])
    return glr_exceeds(state, place, log(3.0 / delta) + 1.5 * log(n))


@native
def close_group(state: np.ndarray, place: int, alike: int) -> None:
    """Make the open group the newest of the list, and join the two oldest of a size when there are too many."""
    groups = int(state[place + _GROUPS])
    first = place + _GLR_HEADER
    new = first + _GROUP_SLOTS * groups
    state[new + _GROUP_TRIALS] = state[place + _OPEN_TRIALS]
    state[new + _GROUP_WON] = state[place + _OPEN_WON]
    state[new + _GROUP_FROM] = state[place + _OPEN_FROM]
    state[new + _GROUP_SIZE] = 0.0
    state[place + _OPEN_TRIALS] = 0.0
    state[place + _OPEN_WON] = 0.0
    groups += 1
    newest = groups - 1
    size = 0.0
    while newest - alike >= 0 and state[first + _GROUP_SLOTS * (newest - alike) + _GROUP_SIZE] == size:
        older = newest - alike
        join_with_next(state, first + _GROUP_SLOTS * older, first + _GROUP_SLOTS * groups)
        groups -= 1
        newest = older
        size += 1.0
    state[place + _GROUPS] = groups


@native
def join_with_next(state: np.ndarray, group: int, end: int) -> None:
    """Add the group after this one to it, and close the gap; the list ends before `end`."""
    state[group + _GROUP_TRIALS] += state[group + _GROUP_SLOTS + _GROUP_TRIALS]
    state[group + _GROUP_WON] += state[group + _GROUP_SLOTS + _GROUP_WON]
    state[group + _GROUP_SIZE] += 1.0
    for slot in range(group + _GROUP_SLOTS, end - _GROUP_SLOTS):
        state[slot] = state[slot + _GROUP_SLOTS]


@native
def glr_exceeds(state: np.ndarray, place: int, threshold: float) -> bool:
    """Tell whether for some place between two groups the likelihood ratio reaches the threshold.

    The divergence of p from q is at most (p - q)^2 / (q (1 - q)): where even that stays below the threshold, and that is
    nearly everywhere, no logarithm is taken. Exact but for rounding, which is allowed for.
    """
    n, won = float(state[place + _TRIALS]), float(state[place + _WON])
    if won <= 0.0 or won >= n:
        return False
    rate = won / n
    least = threshold * rate * (1.0 - rate) * _ROUNDING
    first = place + _GLR_HEADER
    later, later_won = 0.0, 0.0
    for group in range(int(state[place + _GROUPS]) - 1, 0, -1):
        slot = first + _GROUP_SLOTS * group
        later += state[slot + _GROUP_TRIALS]
        later_won += state[slot + _GROUP_WON]
        apart = later_won - later * rate
        if apart * apart * n >= least * later * (n - later):
            before, after = (won - later_won) / (n - later), later_won / later
            if (n - later) * divergence(before, rate) + later * divergence(after, rate) >= threshold:
                return True
    return False


@native
def glr_restart(state: np.ndarray, place: int) -> None:
    """Forget all answers of the line."""
    for slot in range(place, place + _GLR_HEADER):
        state[slot] = 0.0


CUSUM_ROWS = 5
_BASE_TRIALS, _BASE_WON, _BASE_END, _RISE, _FALL = range(CUSUM_ROWS)


@native
def cusum_learn(
    state: np.ndarray, own: int, K: int, sent: int, trials: float, reward: float, base: int, drift: float
) -> None:
    """Add answers to one arm's rows, the first `base` answers give the usual rate.

    Its slots, all 0 to begin with, stand at `own` and every K further.

    After these, two sums follow how far the answers lie above the usual rate + drift and below the usual rate - drift.
    They start anew from 0 instead of falling below it; that is done when the next answer is told, so that a late
    conversion amends the newest answer exactly. Later ones are counted when they are told.
    """
    if trials > 0.0 and state[own + _BASE_TRIALS * K] < base:
        state[own + _BASE_TRIALS * K] += trials
        state[own + _BASE_WON * K] += reward
        state[own + _BASE_END * K] = sent
        return
    if trials <= 0.0 and sent <= int(state[own + _BASE_END * K]):
        state[own + _BASE_WON * K] += reward
        return
    usual = state[own + _BASE_WON * K] / state[own + _BASE_TRIALS * K]
    if trials > 0.0:
        state[own + _RISE * K] = max(0.0, state[own + _RISE * K]) - trials * (usual + drift)
        state[own + _FALL * K] = max(0.0, state[own + _FALL * K]) + trials * (usual - drift)
    state[own + _RISE * K] += reward
    state[own + _FALL * K] -= reward


@native
def cusum_alarm(state: np.ndarray, own: int, K: int, threshold: float) -> bool:
    """Tell whether one of the arm's two sums has reached the threshold."""
    return bool(max(state[own + _RISE * K], state[own + _FALL * K]) >= threshold)


@native
def cusum_restart(state: np.ndarray, own: int, K: int) -> None:
    """Forget all answers of the arm."""
    for row in range(CUSUM_ROWS):
        state[own + row * K] = 0.0


def glr_changes(
    trials: Sequence[float] | np.ndarray,
    successes: Sequence[float] | np.ndarray,
    *,
    delta: float = 0.01,
    every: int = GLR_EVERY,
    alike: int = GROUPS_ALIKE,
) -> list[int]:
    """Return the places in a series at whose answers the GLR test notices a change, starting anew after each.

    Element i of the series is a batch of `trials[i]` answers with `successes[i]` conversions; (1, 0) or (1, 1) is one
    answer. `delta` is the chance of a false alarm that is aimed at, with the threshold ln(3 n sqrt(n) / delta) after n
    answers; it is the one of the authors' experiments, the one that they prove is higher. The test is made every
    `every` answers; with as large an `alike` as there are batches, all places between groups are tried. Source: Besson
    and Kaufmann (2019), The generalized likelihood ratio test meets klUCB, arXiv:1902.01575.

    >>> glr_changes([100] * 6, [10, 12, 9, 31, 28, 30])
    [5]
    """
    told, won = _as_series(trials, successes)
    state = np.zeros(glr_slots(int(told.sum()), every, alike))
    places = np.zeros(len(told), np.int64)
    count = _glr_scan()(state, told, won, every, alike, delta, places)
    return [int(place) for place in places[:count]]


def cusum_changes(
    trials: Sequence[float] | np.ndarray,
    successes: Sequence[float] | np.ndarray,
    *,
    base: int = 100,
    drift: float = 0.05,
    threshold: float = 20.0,
) -> list[int]:
    """Return the places in a series at whose answers the two-sided CUSUM notices a change, starting anew after each.

    The series is as for `glr_changes`. The first `base` answers give the usual rate; changes by less than `drift` are
    passed over; with a higher `threshold` alarms come later and are seldom false. Source: Liu, Lee and Shroff (2018), A
    change-detection based framework for piecewise-stationary multi-armed bandit problem, AAAI, algorithm 2.

    >>> cusum_changes([100] * 6, [10, 12, 9, 31, 28, 30])
    [4]
    """
    told, won = _as_series(trials, successes)
    places = np.zeros(len(told), np.int64)
    count = _cusum_scan()(np.zeros(CUSUM_ROWS), told, won, base, drift, threshold, places)
    return [int(place) for place in places[:count]]


def _as_series(trials: Any, successes: Any) -> tuple[np.ndarray, np.ndarray]:
    told, won = np.ascontiguousarray(trials, float), np.ascontiguousarray(successes, float)
    if told.ndim != 1 or told.shape != won.shape:
        raise ValueError(f"successes: got shape {won.shape}; must be one list as long as trials, {told.shape}.")
    if not ((won >= 0) & (won <= told) & (told > 0)).all():
        raise ValueError("successes: got some outside 0 to trials; count them again, and leave out empty batches.")
    return told, won


@native(on_disk=True)
def scan_by_glr(
    state: np.ndarray,
    trials: np.ndarray,
    successes: np.ndarray,
    every: int,
    alike: int,
    delta: float,
    places: np.ndarray,
) -> int:
    """Write the places where the GLR test notices a change; return how many there are."""
    count = 0
    for i in range(trials.shape[0]):
        glr_learn(state, 0, i, trials[i], successes[i])
        if glr_alarm(state, 0, every, alike, delta):
            places[count] = i
            count += 1
            glr_restart(state, 0)
    return count


@native(on_disk=True)
def scan_by_cusum(
    state: np.ndarray,
    trials: np.ndarray,
    successes: np.ndarray,
    base: int,
    drift: float,
    threshold: float,
    places: np.ndarray,
) -> int:
    """Write the places where the CUSUM notices a change; return how many there are."""
    count = 0
    for i in range(trials.shape[0]):
        cusum_learn(state, 0, 1, i, trials[i], successes[i], base, drift)
        if cusum_alarm(state, 0, 1, threshold):
            places[count] = i
            count += 1
            cusum_restart(state, 0, 1)
    return count


@cache
def _glr_scan() -> Any:
    from numba import types as nb

    numbers, i8 = nb.float64[::1], nb.int64
    return scan_by_glr.compiled(i8(numbers, numbers, numbers, i8, i8, nb.float64, i8[::1]))


@cache
def _cusum_scan() -> Any:
    from numba import types as nb

    numbers, f8 = nb.float64[::1], nb.float64
    return scan_by_cusum.compiled(nb.int64(numbers, numbers, numbers, nb.int64, f8, f8, nb.int64[::1]))
