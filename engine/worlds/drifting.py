"""Drifting: rates move slowly, straight or at random, each line for itself.

Moves are made on the logit, log(rate / (1 - rate)), so that no rate leaves 0 to 1 and small rates move as much, for
their size, as large ones: a logit of 0.1 multiplies a small rate by about 1.1.

>>> import engine
>>> from engine.world import Campaign
>>> world = engine.WORLDS["drifting"]
>>> settings = world.parameters(name="drifting", how="linear", drift=0.5)
>>> course = world.course(settings, [0.05, 0.06], Campaign(("A", "B"), 10_000, None, 1), 0, 1)
>>> course.rates[0, [0, 100, 199]].round(3).tolist()  # at the start, half-way and at the end
[[0.05, 0.06], [0.063, 0.047], [0.08, 0.037]]
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.courses import Keys, by_turns, even_ends, first_rates, line_keys, moved, uniforms
from engine.drawn_rates import DrawnRates, drawn_rates
from engine.native import native
from engine.rng import normal
from engine.world import Campaign, Course, Given, WorldSpec

Logits = NDArray[np.float64]

SENDS_OF_THE_UNIT = 10_000
EVEN_CHANCE = 0.5


class Parameters(DrawnRates):
    """How rates move, and how far."""

    name: Literal["drifting"]
    how: Literal["linear", "random_walk"] = Field(
        "linear",
        title="Kind of drift",
        description="Whether each line drifts straight in one direction, or wanders about at random.",
    )
    drift: float = Field(
        0.5,
        ge=0,
        le=10,
        title="Drift",
        description="How far each line has moved when the campaign ends; 0.7 doubles or halves a small rate.",
        json_schema_extra={"relevant_when": ["how", "linear"], "unit": "logit per campaign", "step": 0.1},
    )
    directions: Literal["alternating", "drawn"] = Field(
        "alternating",
        title="Directions",
        description="Whether the lines rise and fall by turns, the first one rising, or chance decides for each.",
        json_schema_extra={"relevant_when": ["how", "linear"]},
    )
    wander: float = Field(
        0.3,
        ge=0,
        le=10,
        title="Wandering",
        description="How far a line has typically wandered after 10,000 sends; after four times as many, twice as far.",
        json_schema_extra={"relevant_when": ["how", "random_walk"], "unit": "logit per 10,000 sends", "step": 0.1},
    )
    furthest: float = Field(
        2.0,
        ge=0.1,
        le=10,
        title="Turns back at",
        description="How far a wandering line can get from where it began; there it turns back.",
        json_schema_extra={"relevant_when": ["how", "random_walk"], "unit": "logit", "step": 0.1},
    )


def course(parameters: Parameters, given: Sequence[Given], campaign: Campaign, first: int, count: int) -> Course:
    """Return even spells, at most 200; the first has the base rates, the last the end of the drift."""
    ends = even_ends(campaign.sends)
    keys = line_keys(parameters, len(given), first, count)
    logits = _straight(parameters, keys, len(ends)) if parameters.how == "linear" else _walk(parameters, keys, ends)
    base = first_rates(parameters, given, first, count)
    return Course(ends=ends, rows=np.arange(len(ends)), rates=moved(base[:, np.newaxis], logits))


def _straight(parameters: Parameters, keys: Keys, spells: int) -> Logits:
    """Return how far each line is from where it began, (B, T, K)."""
    if parameters.directions == "drawn":
        signs = np.where(uniforms(keys, 1)[:, :, 0] < EVEN_CHANCE, 1.0, -1.0)
    else:
        signs = by_turns(keys.shape[1])[np.newaxis]
    done = np.arange(spells) / max(1, spells - 1)
    return signs[:, np.newaxis] * (parameters.drift * done)[:, np.newaxis]


def _walk(parameters: Parameters, keys: Keys, ends: NDArray[np.int64]) -> Logits:
    """Return how far each line is from where it began, (B, T, K)."""
    starts = np.concatenate(([0], ends[:-1]))
    typical = parameters.wander * np.sqrt(np.diff(starts, prepend=0) / SENDS_OF_THE_UNIT)
    out = np.empty((keys.shape[0], len(ends), keys.shape[1]))
    fill_walks(out, typical, parameters.furthest, keys)
    return out


@native(on_disk=True)
def fill_walks(out: Logits, typical: NDArray[np.float64], furthest: float, keys: Keys) -> None:
    """Add up normal steps of these typical sizes, (T,), thrown back from both bounds."""
    for row in range(out.shape[0]):
        for arm in range(out.shape[2]):
            place, key = 0.0, keys[row, arm]
            for step in range(out.shape[1]):
                draw, key = normal(key)
                place += typical[step] * draw
                while abs(place) > furthest:
                    place = 2.0 * furthest - place if place > 0.0 else -2.0 * furthest - place
                out[row, step, arm] = place


SPEC = WorldSpec(
    name="drifting",
    title="Drifting rates",
    plain="Rates move slowly while the campaign runs, so the best line at the start may not be the best at the end.",
    parameters=Parameters,
    rates=drawn_rates,
    course=course,
)
