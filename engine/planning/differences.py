"""How far the best line is ahead, and the same lines with another lead, usual rate or number of lines."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.scenario import Scenario

LOOKED_AT: Final = 16
"""Campaigns that are looked at to see whether rates differ between them."""


@dataclass(frozen=True)
class Lead:
    """The best rate, the next best, and by how much it is ahead."""

    best: float
    next: float

    @property
    def gap(self) -> float:
        """The difference of the two."""
        return self.best - self.next


def best_and_next(scenario: Scenario) -> Lead | None:
    """Return the lead of the best line; None where it is not the same in all campaigns and all along, or there is none.

    >>> from engine.presets import PRESETS
    >>> best_and_next(PRESETS["small_differences"].scenario), best_and_next(PRESETS["nothing_to_find"].scenario)
    (Lead(best=0.05, next=0.04), None)
    """
    rates = scenario.rates(0, min(scenario.replications, LOOKED_AT))
    if (rates != rates[0]).any() or not scenario.is_steady or scenario.is_segmented or _is_about_more(scenario):
        return None
    second, best = np.sort(rates[0])[-2:].tolist()
    return Lead(best, second) if best > second else None


def _is_about_more(scenario: Scenario) -> bool:
    """Whether lines are worth different things, so that the best line is not the one with the best rate."""
    values = scenario.order_values
    return scenario.goal != "conversions" and (bool((values != values[0]).any()) or scenario.counts_complaints)


def moved(scenario: Scenario, gap: float) -> Scenario:
    """Return the scenario with its best line so far ahead of the next.

    Raises:
        ScenarioError: the best rate would be above 1.

    >>> from engine.presets import PRESETS
    >>> [arm.rate for arm in moved(PRESETS["small_differences"].scenario, 0.02).arms]
    [0.04, 0.06]
    """
    rates = scenario.rates()[0].tolist()
    leader = rates.index(max(rates))
    rates[leader] = round(max(rate for place, rate in enumerate(rates) if place != leader) + gap, 12)
    return with_rates(scenario, rates)


def with_rates(scenario: Scenario, rates: list[float]) -> Scenario:
    """Return the scenario with these rates, one a line."""
    arms = [arm | {"rate": rate} for arm, rate in zip(scenario.to_dict()["arms"], rates, strict=True)]
    return scenario.with_changes(arms=arms)
