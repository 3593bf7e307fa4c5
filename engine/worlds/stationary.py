"""Stationary world: every line keeps its rate for the whole campaign."""

from typing import Literal

from engine.drawn_rates import DrawnRates, drawn_rates
from engine.world import WorldSpec


class Parameters(DrawnRates):
    """How the rates that are not given are drawn."""

    name: Literal["stationary"]


SPEC = WorldSpec(
    name="stationary",
    title="Steady rates",
    plain="Every line keeps its rate for the whole campaign.",
    parameters=Parameters,
    rates=drawn_rates,
)
