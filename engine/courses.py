"""What worlds share whose rates change: random numbers of their own, even spells, moves on the logit."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import exp
from engine.drawn_rates import DrawnRates, drawn_rates
from engine.native import native
from engine.rng import COURSE, GAMMA, mix, stream_key, unit
from engine.world import Campaign, Given, Rates

MOST_STEPS = 200
"""Spells into which a change without jumps is cut; with 64 lines their rates take 100 kB a campaign."""

Keys = NDArray[np.uint64]


def first_rates(parameters: DrawnRates, given: Sequence[Given], first: int, count: int) -> Rates:
    """Return the rates before anything changes, float (B, K): one row for all campaigns unless they are redrawn."""
    return drawn_rates(parameters, given, first, count if parameters.redraw else 1)


def line_keys(parameters: DrawnRates, lines: int, first: int, count: int) -> Keys:
    """Return where each line's own random numbers start, (B, K): one row for all campaigns unless they are redrawn."""
    keys = np.empty((count if parameters.redraw else 1, lines), np.uint64)
    fill_keys(keys, np.uint64(parameters.world_seed), np.uint64(first if parameters.redraw else 0))
    return keys


def uniforms(keys: Keys, each: int) -> NDArray[np.float64]:
    """Return the first numbers in [0, 1) of every line, (B, K, each)."""
    out = np.empty((*keys.shape, each))
    fill_uniforms(out, keys)
    return out


def even_ends(sends: int, most: int = MOST_STEPS) -> NDArray[np.int64]:
    """Return the cumulative sends at which even spells end, the last equal to `sends`.

    >>> even_ends(10, 3).tolist(), even_ends(2, 3).tolist()
    ([3, 6, 10], [1, 2])
    """
    spells = min(most, sends)
    return np.arange(1, spells + 1, dtype=np.int64) * sends // spells


def by_turns(lines: int) -> NDArray[np.float64]:
    """Return 1 for the first line, -1 for the second, and so on, (K,)."""
    return np.where(np.arange(lines) % 2 == 0, 1.0, -1.0)


def moved(rates: Rates, logits: NDArray[np.float64]) -> Rates:
    """Return rates moved on the logit, of the two shapes' common shape; 0 and 1 stay.

    >>> moved(np.array([0.5, 0.0, 1.0]), np.array([2.0])).round(6).tolist()
    [0.880797, 0.0, 1.0]
    """
    one, other = np.broadcast_arrays(rates, logits)
    out = np.empty(one.size)
    fill_moved(out, one.flatten(), other.flatten())
    return out.reshape(one.shape)


@native(on_disk=True)
def fill_keys(out: Keys, seed: np.uint64, first: np.uint64) -> None:
    """Give every line of every campaign a key that depends on no other line or campaign."""
    for row in range(out.shape[0]):
        start = stream_key(seed, first + np.uint64(row), COURSE)
        for arm in range(out.shape[1]):
            out[row, arm] = mix(start + np.uint64(arm) * GAMMA)


@native(on_disk=True)
def fill_uniforms(out: NDArray[np.float64], keys: Keys) -> None:
    """Draw numbers in [0, 1) from each key."""
    for row in range(out.shape[0]):
        for arm in range(out.shape[1]):
            for number in range(out.shape[2]):
                out[row, arm, number] = unit(mix(keys[row, arm] + np.uint64(number + 1) * GAMMA))


@native(on_disk=True)
def fill_moved(out: Rates, rates: Rates, logits: NDArray[np.float64]) -> None:
    """Move each rate by its logit; by none, it stays to the last bit."""
    for place in range(out.shape[0]):
        rate = rates[place]
        if logits[place] != 0.0:
            odds = rate * exp(logits[place])
            rate = odds / (1.0 - rate + odds)
        out[place] = rate


def unknown_line(field: str, name: str, campaign: Campaign) -> str | None:
    """Return the sentence about a line that the campaign does not have, or None."""
    if name in campaign.lines:
        return None
    return f"world.{field}: got {name!r}; must be one of the campaign's lines. Write its name as the line has it."
