"""Counts of an earlier campaign as a policy would have been told of them: sends, and rewards between 0 and 1."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.money import order_moments
from engine.policy import Earlier

if TYPE_CHECKING:
    from engine.scenario import Scenario

Floats = NDArray[np.float64]

MOST_COUNTED = 100_000_000
"""Sends of a line that an earlier campaign may count as: beyond, the chances that policies tell are no longer exact."""


def earlier_of(scenario: "Scenario") -> Earlier | None:
    """Return the histories of a scenario's lines, zeros for those without; None where no line has one.

    Where the goal is money, the conversions are worth what those of the line are worth now, on average.
    """
    if not scenario.has_history:
        return None
    told = [(arm.history.sends, arm.history.conversions) if arm.history else (0, 0) for arm in scenario.arms]
    sends, conversions = np.array(told, np.float64).T
    mean, square = order_moments(scenario)
    return Earlier(sends, conversions * mean, conversions * square)


def known_before(scenario: "Scenario", policy: int) -> tuple[Floats, Floats]:
    """Return the sends and conversions of each line, (K,), that a policy starts from: zeros where from none."""
    weight = float(getattr(scenario.policies[policy], "history", 0.0))
    told = [(arm.history.sends, arm.history.conversions) if arm.history else (0, 0) for arm in scenario.arms]
    sends, conversions = weight * np.array(told, np.float64).T
    return sends, conversions


def problem(scenario: "Scenario") -> str | None:
    """Return why a policy cannot start from an earlier campaign, and how to mend it, or None."""
    asking = [(place, getattr(policy, "history", 0.0)) for place, policy in enumerate(scenario.policies)]
    reasons = ((place, weight, _reason(scenario, weight)) for place, weight in asking if weight > 0.0)
    found = next(((place, weight, reason) for place, weight, reason in reasons if reason is not None), None)
    return None if found is None else f"policies.{found[0]}.history: got {found[1]:g}, and {found[2]}"


def _reason(scenario: "Scenario", weight: float) -> str | None:
    if not any(arm.history and arm.history.sends for arm in scenario.arms):
        return "no line has an earlier campaign. Enter 0, or give lines the counts of one."
    if scenario.world.name == "inflated_opens":
        return (
            "world = 'inflated_opens' tells policies of opens, while an earlier campaign counts conversions. Enter 0, or "
            "choose another world."
        )
    if scenario.goal == "net_value" and scenario.counts_complaints:
        return (
            "goal = 'net_value' counts complaints, of which an earlier campaign's counts tell nothing. Enter 0, or choose "
            "another goal."
        )
    most = max(arm.history.sends for arm in scenario.arms if arm.history)
    if weight * most > MOST_COUNTED:
        return f"a line with {most:,} sends would start from more than {MOST_COUNTED:,}. Enter at most {MOST_COUNTED / most:.3g}."
    return None
