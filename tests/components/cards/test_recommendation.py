from typing import Any

import pytest

from components.cards.recommendation import recommendation
from tests.components.comparisons import ALIKE, compared, made_to
from tests.components.results import having_class, text_of


def said(comparison: dict[str, Any], *, running: bool = False) -> str:
    return text_of(recommendation(comparison, running=running))


def test_a_clear_winner_is_named_with_gain_spread_and_runner_up() -> None:
    comparison = made_to("use", compared(), leader=1, runner_up=2)
    told = said(comparison)
    extra = comparison["policies"][1]["extra"]["mean"]
    assert told.startswith(f"Use Thompson sampling: +{extra:,.0f} conversions over A/B, and it beat A/B in ")
    assert "9 in 10 campaigns gained +" in told
    assert "(90% interval)" in told
    assert "Against the runner-up, ε-greedy, it won " in told
    assert "so far" not in told


def test_the_winner_wears_its_hue() -> None:
    card = recommendation(made_to("use", compared(), leader=1, runner_up=2), running=False)
    assert next(text_of(part) for part in having_class(card, "hue-2")) == "Thompson sampling"


def test_while_campaigns_come_in_it_says_so_far() -> None:
    assert "so far." in said(made_to("use", compared(), leader=1, runner_up=2), running=True)


def test_several_that_cannot_be_told_apart_are_all_named() -> None:
    told = said(made_to("close", compared(), leader=1, rivals=[2], unclear=[]))
    assert told.startswith("No clear winner among Thompson sampling and ε-greedy: each is clearly ahead of A/B")
    assert "includes zero" in told


def test_one_that_is_ahead_of_unclear_ones_only_is_not_called_a_winner() -> None:
    told = said(made_to("close", compared(), leader=1, rivals=[], unclear=[2]))
    assert told.startswith("Thompson sampling is ahead: ")
    assert "Use" not in told


@pytest.mark.parametrize("worse", [True, False])
def test_nothing_better_than_the_even_split_means_stay(worse: bool) -> None:
    told = said(made_to("stay", compared(), leader=2, clearly_worse=worse))
    assert told.startswith("Stay with A/B: ")
    assert ("earns less" in told) == worse
    assert ("includes zero" in told) == (not worse)


def test_lines_that_are_all_alike_leave_nothing_to_find_but_false_winners() -> None:
    comparison = made_to("stay", compared(*ALIKE), leader=1, clearly_worse=False)
    comparison["policies"][1] |= {"crowns": 0.125, "false_winners": 0.125}
    comparison["policies"][2] |= {"crowns": 0.05, "false_winners": 0.05}
    told = said(comparison)
    assert told.startswith("Nothing to find: all three lines convert alike")
    assert "Thompson sampling still ended" in told
    assert "in 12% of campaigns" in told or "in 13% of campaigns" in told


def test_too_few_campaigns_say_so() -> None:
    told = said(compared(campaigns=5))
    assert told.startswith("Too early to say: 5 of at least 20 campaigns")


def test_without_an_even_split_the_first_policy_is_the_measure() -> None:
    comparison = compared(policies=("epsilon_greedy", "thompson"))
    assert "There is no A/B split here, so ε-greedy is what the others are measured against." in said(comparison)


def test_a_policy_beside_the_oracle_alone_cannot_be_compared() -> None:
    for policies in (("ab_split", "oracle"), ("oracle", "thompson")):
        assert said(compared(policies=policies)) == (
            "Add another policy that can be used; the oracle is only a reference."
        )


def test_a_single_policy_cannot_be_compared() -> None:
    assert said(compared(policies=("ab_split",))) == "Add a second policy. A comparison needs at least two."
