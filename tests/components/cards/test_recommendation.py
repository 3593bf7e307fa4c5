from typing import Any

import pytest

from components.cards.recommendation import recommendation
from tests.components.comparisons import ALIKE, compared, in_money, in_segments, made_to
from tests.components.results import having_class, text_of


def said(comparison: dict[str, Any], *, running: bool = False) -> str:
    return text_of(recommendation(comparison, running=running))


def pair_of(comparison: dict[str, Any], first: int, second: int, mean: float, half: float) -> dict[str, Any]:
    """The comparison with other figures of one pair."""
    low, high = mean - half, mean + half
    changed = {"mean": mean, "low": mean - 1, "high": mean + 1, "low_together": low, "high_together": high}
    pairs = [
        pair | changed if (pair["first"], pair["second"]) == (first, second) else pair for pair in comparison["pairs"]
    ]
    return comparison | {"pairs": pairs}


def test_a_clear_winner_is_named_with_gain_spread_and_runner_up() -> None:
    comparison = made_to("use", compared(), leader=1, runner_up=2)
    told = said(comparison)
    extra = comparison["policies"][1]["extra"]["mean"]
    assert told.startswith(f"Use Thompson sampling: +{extra:,.0f} conversions over A/B, and it beat A/B in ")
    assert "9 in 10 campaigns gained +" in told
    bounds = (comparison["policies"][1]["extra"][end] for end in ("low", "high"))
    assert "The average is known to {:+,.0f} to {:+,.0f} (90% interval).".format(*bounds) in told
    assert "Against the runner-up, ε-greedy, it won " in told
    assert "so far" not in told


def test_the_winner_wears_its_hue() -> None:
    card = recommendation(made_to("use", compared(), leader=1, runner_up=2), running=False)
    assert next(text_of(part) for part in having_class(card, "hue-2")) == "Thompson sampling"


def test_while_campaigns_come_in_it_says_so_far() -> None:
    assert "so far." in said(made_to("use", compared(), leader=1, runner_up=2), running=True)


def test_several_that_cannot_be_told_apart_are_all_named() -> None:
    told = said(made_to("close", pair_of(compared(), 1, 2, 4, 9), leader=1, rivals=[2], unclear=[]))
    assert told.startswith("No clear winner among Thompson sampling and ε-greedy: each is clearly ahead of A/B")
    assert "includes zero" in told


def test_one_that_is_ahead_of_unclear_ones_only_is_not_called_a_winner() -> None:
    told = said(made_to("close", compared(), leader=1, rivals=[], unclear=[2]))
    assert told.startswith("Thompson sampling is ahead: ")
    assert "Use" not in told


@pytest.mark.parametrize("worse", [True, False])
def test_nothing_better_than_the_even_split_means_stay(worse: bool) -> None:
    comparison = pair_of(compared(), 0, 2, 20, 9 if worse else 30)
    told = said(made_to("stay", comparison, leader=2, clearly_worse=worse))
    assert told.startswith("Stay with A/B: ")
    assert ("earns less" in told) == worse
    assert ("includes zero" in told) == (not worse)


FOUR = ("ab_split", "thompson", "epsilon_greedy", "ucb1")
TOGETHER = "At 96.7% for each, all three comparisons hold together at 90%."


@pytest.mark.parametrize(
    ("mean", "half", "words"),
    [
        (
            3.24,
            9,
            "Thompson sampling is 3.2 conversions ahead of ε-greedy, but the 96.7% interval, −5.8 to +12.2, includes",
        ),
        (
            -3.24,
            9,
            "Thompson sampling is 3.2 conversions behind ε-greedy, but the 96.7% interval, −12.2 to +5.8, includes",
        ),
        (-0.04, 9, "Thompson sampling is level with ε-greedy on average (96.7% interval, −9.0 to +9.0)."),
        (-31.0, 9, "Thompson sampling is 31 conversions behind ε-greedy (96.7% interval, −40 to −22)."),
    ],
)
def test_what_is_close_says_who_is_ahead_and_the_level_that_decides(mean: float, half: float, words: str) -> None:
    comparison = pair_of(compared(policies=FOUR), 1, 2, mean, half)
    told = said(made_to("close", comparison, leader=1, rivals=[], unclear=[2]))
    assert words in told
    assert TOGETHER in told
    assert ("Take either" in told) == (abs(mean) < half)


def test_staying_says_the_level_that_decides() -> None:
    level = said(made_to("stay", pair_of(compared(policies=FOUR), 0, 2, -20, 30), leader=2, clearly_worse=False))
    assert "The best of them, ε-greedy, is 20 conversions ahead of A/B, but the 96.7% interval, −10 to +50" in level
    worse = said(made_to("stay", pair_of(compared(policies=FOUR), 0, 2, 20, 3), leader=2, clearly_worse=True))
    assert "The best of them, ε-greedy, is 20 conversions behind A/B (96.7% interval, −23 to −17)." in worse
    assert TOGETHER in level
    assert TOGETHER in worse


def test_a_single_comparison_decides_at_90_percent() -> None:
    comparison = pair_of(compared(policies=("ab_split", "thompson")), 0, 1, -2, 3)
    told = said(made_to("stay", comparison, leader=1, clearly_worse=False))
    assert told.endswith("but the 90% interval, −1.0 to +5.0, includes zero.")


def test_two_that_never_differ_got_exactly_as_many_conversions() -> None:
    comparison = compared((0.0, 0.0))
    told = said(comparison)
    assert "got exactly as many conversions as A/B in every campaign." in told
    assert "0.0" not in told
    assert "hold together" not in told


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


def test_a_comparison_by_money_is_told_in_money() -> None:
    comparison = in_money()
    extra = comparison["policies"][1]["extra"]["mean"]
    assert extra > 10_000
    told = said(made_to("use", comparison, leader=1, runner_up=2))
    assert told.startswith(f"Use Thompson sampling: +{extra:,.0f} of revenue over A/B")
    close = said(made_to("close", pair_of(comparison, 1, 2, 4, 9), leader=1, rivals=[2], unclear=[]))
    assert "Thompson sampling is 4.00 of revenue ahead of ε-greedy" in close
    alone = said(made_to("close", comparison, leader=1, rivals=[], unclear=[2]))
    assert "of revenue over A/B, but not clearly ahead" in alone
    level = said(made_to("stay", pair_of(comparison, 0, 2, 0, 0.0), leader=2, clearly_worse=False))
    assert "conversions" not in told + close + alone + level


def test_lines_that_earn_alike_leave_nothing_to_find() -> None:
    comparison = made_to("stay", in_money(rates=ALIKE[0]), leader=1, clearly_worse=False)
    assert said(comparison).startswith("Nothing to find: all three lines earn alike")


def test_where_recipients_differ_it_says_what_best_means() -> None:
    assert "Recipients differ." in said(in_segments())
    assert "Recipients differ." not in said(compared())
