"""The verdict names who leads, who does better where, and where nobody gains."""

from typing import Any

import numpy as np
import pytest

from components.cards.stress_verdict import stress_verdict
from engine.stress import Measured, columns_of, put_together
from tests.components.results import text_of
from tests.components.stresses import question

NAMES = ("ab_split", "thompson", "discounted_thompson")


def told(means: list[float], error: float = 1.0, campaigns: int = 400) -> Measured:
    count = len(means)
    return {
        "campaigns": campaigns,
        "is_segmented": False,
        "means": means,
        "errors": (error * (1 - np.eye(count))).tolist(),
        "at": [1_000],
        "along": [[0.5]] * count,
        "top_share": [0.5] * count,
        "turns": [],
        "notice": [],
    }


def verdict(policies: tuple[str, ...] = NAMES, *, running: bool = False, **found: Measured) -> tuple[str, str]:
    """The sentence and its deck."""
    asked = question(policies=policies, campaigns=400)
    test: Any = put_together(asked, columns_of(asked, tuple(found)), {"none": found.pop("planned"), **found})
    sentence, deck = stress_verdict(test, running=running).children
    return text_of(sentence), text_of(deck).strip()


def test_a_policy_that_keeps_its_lead_is_named_with_its_worst_case() -> None:
    sentence, deck = verdict(planned=told([100.0, 130.0, 120.0]), late=told([100.0, 120.0, 110.0]))
    assert sentence == "Thompson sampling keeps its lead when replies are late."
    assert deck == "Its smallest gain is +20% when replies are late."


def test_who_does_better_where_rates_move_is_named_with_its_price() -> None:
    sentence, deck = verdict(planned=told([100.0, 130.0, 128.0], 0.1), change=told([100.0, 105.0, 120.0], 0.1))
    assert sentence == "Thompson sampling leads as planned, but not when the winner changes."
    assert deck == (
        "If you expect that the winner changes, use Discounted Thompson: it gains 15 points more there and gives up 2 as planned."
    )


def test_a_price_that_cannot_be_measured_is_called_so() -> None:
    steady, moving = told([100.0, 118.0, 110.0]), told([100.0, 120.0, 125.0])
    _, deck = verdict(planned=told([100.0, 130.0, 129.5]), change=moving, fatigue=steady)
    assert "gives up nothing measurable as planned" in deck


def test_policies_that_are_level_as_planned_stay_in_front() -> None:
    sentence, _ = verdict(planned=told([100.0, 130.0, 129.9]), late=told([100.0, 120.0, 110.0]))
    assert sentence == "Thompson sampling stays in front when replies are late."


def test_where_nobody_gains_it_says_so() -> None:
    _, deck = verdict(planned=told([100.0, 130.0, 120.0]), close=told([100.0, 100.5, 100.1]))
    assert deck == "It gains least as planned: +30%. No policy beats A/B when rates are close."


def test_what_is_lost_where_policies_are_misled_comes_with_advice() -> None:
    _, deck = verdict(planned=told([100.0, 130.0, 120.0]), opens=told([100.0, 85.0, 120.0]))
    assert deck.endswith("When opens mislead, Thompson sampling loses 15%. Let policies learn from what counts.")


def test_without_a_gain_it_stays_with_the_baseline() -> None:
    sentence, deck = verdict(planned=told([100.0, 100.5, 99.0]), change=told([100.0, 120.0, 100.0]))
    assert sentence == "Stay with A/B: no policy clearly beats it as planned."
    assert deck == "Under stress Thompson sampling would gain most reliably: when the winner changes."


def test_so_far_while_columns_come_in() -> None:
    sentence, _ = verdict(planned=told([100.0, 130.0, 120.0]), running=True)
    assert sentence == "Thompson sampling leads as planned so far."


def test_few_campaigns_are_too_early() -> None:
    sentence, deck = verdict(planned=told([100.0, 130.0, 120.0], campaigns=7))
    assert sentence == "Too early to say: 7 of at least 20 campaigns so far."
    assert deck == "A verdict needs at least 20 campaigns. Add more."


@pytest.mark.parametrize("policies", [("ab_split",), NAMES])
def test_nothing_to_compare(policies: tuple[str, ...]) -> None:
    sentence, _ = verdict(policies, planned=told([100.0, 130.0, 120.0][: len(policies)]))
    assert (sentence == "Choose a policy to stress beside the baseline.") == (len(policies) == 1)
