"""Rates as every world starts with them: given by the visitor, or drawn by a seed of their own.

`world_seed` decides the true rates, `seed` only the luck of the campaign.
"""

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engine.native import native
from engine.rng import GAMMA, WORLD, beta, mix, stream_key, unit
from engine.world import Given, Posterior, Rates, WorldParameters


class DrawnRates(WorldParameters):
    """How the rates that are not given are drawn. Every world has these settings, and its own after them."""

    draw: Literal["uniform", "beta"] = Field(
        "uniform",
        title="Rates left open",
        description="How rates that you leave open are drawn: evenly between two bounds, or from a Beta.",
    )
    low: float = Field(
        0.1,
        ge=0,
        le=1,
        title="Lowest rate",
        description="Lower bound of an even draw.",
        json_schema_extra={"relevant_when": ["draw", "uniform"], "step": 0.01},
    )
    high: float = Field(
        0.6,
        ge=0,
        le=1,
        title="Highest rate",
        description="Upper bound of an even draw.",
        json_schema_extra={"relevant_when": ["draw", "uniform"], "step": 0.01},
    )
    alpha: float = Field(
        2.0,
        ge=0.01,
        le=1e6,
        title="Conversions α",
        description="First shape of the Beta.",
        json_schema_extra={"relevant_when": ["draw", "beta"], "step": 1},
    )
    beta: float = Field(
        20.0,
        ge=0.01,
        le=1e6,
        title="Misses β",
        description="Second shape of the Beta; the mean rate is α / (α + β).",
        json_schema_extra={"relevant_when": ["draw", "beta"], "step": 1},
    )
    world_seed: int = Field(
        42,
        ge=0,
        le=2**53 - 1,
        title="World seed",
        description="Decides the true rates. Another number, other rates.",
    )
    redraw: bool = Field(
        default=False,
        title="New rates in each campaign",
        description="Draw the open rates anew in each repeat campaign.",
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.low > self.high:
            message = "low: got {low}, above high = {high}; low must not be above high. Swap them."
            raise PydanticCustomError("sentence", message, {"low": self.low, "high": self.high})
        return self


def drawn_rates(parameters: DrawnRates, given: Sequence[Given], first: int, count: int) -> Rates:
    """Return float (count, K): given rates as they are, open ones drawn; the same in every replication unless redrawn.

    What is believed of a rate is what it is drawn from.

    Every line has its own draw whether it is needed or not: giving one line a rate does not change the others'.
    """
    K = len(given)
    if parameters.redraw:
        drawn = np.stack([_draw(parameters, K, replication) for replication in range(first, first + count)])
    else:
        drawn = np.repeat(_draw_once(parameters, K)[np.newaxis], count, axis=0)
    for arm, known in enumerate(given):
        if isinstance(known, Posterior):
            step = np.uint64(parameters.redraw)
            fill_posterior(
                drawn, arm, known.alpha, known.beta, np.uint64(parameters.world_seed), np.uint64(first), step
            )
        elif known is not None:
            drawn[:, arm] = known
    return drawn


def _draw_once(parameters: DrawnRates, K: int) -> Rates:
    if parameters.draw == "uniform":
        return np.random.default_rng(parameters.world_seed).uniform(parameters.low, parameters.high, K)
    return _draw(parameters, K, 0)


def _draw(parameters: DrawnRates, K: int, replication: int) -> Rates:
    out = np.empty(K)
    seed, number = np.uint64(parameters.world_seed), np.uint64(replication)
    if parameters.draw == "uniform":
        fill_uniform(out, parameters.low, parameters.high, seed, number)
    else:
        fill_beta(out, parameters.alpha, parameters.beta, seed, number)
    return out


@native(on_disk=True)
def fill_uniform(out: Rates, low: float, high: float, seed: np.uint64, replication: np.uint64) -> None:
    """Draw each rate evenly between two bounds, from the world's own stream."""
    start = stream_key(seed, replication, WORLD)
    for arm in range(out.shape[0]):
        out[arm] = low + (high - low) * unit(mix(start + np.uint64(arm) * GAMMA))


@native(on_disk=True)
def fill_beta(out: Rates, alpha: float, misses: float, seed: np.uint64, replication: np.uint64) -> None:
    """Draw each rate from Beta(alpha, misses); not NumPy's draw, whose last digits depend on the CPU."""
    start = stream_key(seed, replication, WORLD)
    for arm in range(out.shape[0]):
        out[arm] = beta(alpha, misses, mix(start + np.uint64(arm) * GAMMA))[0]


@native(on_disk=True)
def fill_posterior(
    out: Rates, arm: int, alpha: float, misses: float, seed: np.uint64, first: np.uint64, step: np.uint64
) -> None:
    """Draw one line's rate from Beta(alpha, misses): for each replication from the first one on, or with step 0 once."""
    for place in range(out.shape[0]):
        start = stream_key(seed, (first + np.uint64(place)) * step, WORLD)
        out[place, arm] = beta(alpha, misses, mix(start + np.uint64(arm) * GAMMA))[0]
