"""Scenarios in which something can be watched happen; a test of each looks whether it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from engine import Scenario, to_link
from engine.presets import DEFAULT, PRESETS


@dataclass(frozen=True)
class Demonstration:
    """A preset, or one with changes, on the page that shows it best, and what to look at there."""

    name: str
    title: str
    look: str
    preset: str
    changes: Mapping[str, Any]
    page: str = "/"

    @cached_property
    def scenario(self) -> Scenario:
        """The validated scenario."""
        return PRESETS[self.preset].scenario.with_changes(**self.changes)

    @property
    def address(self) -> str:
        """Where it opens."""
        if self.page == "/" and self.scenario == PRESETS[DEFAULT].scenario:
            return "/"
        return f"{self.page}?s={to_link(self.scenario)}"


_AB, _GREEDY, _THOMPSON = {"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": 0.1}, {"name": "thompson"}
_CAMPAIGNS: Final = 300
_LATE_BLOOMER: Final = {
    "arms": [{"name": "What you always send", "rate": 0.1}, {"name": "The slow starter", "rate": 0.06}],
    "world": {"name": "change_point", "changes": [{"arm": "The slow starter", "at": 8_000, "rate": 0.15}]},
    "policies": [_AB, _THOMPSON],
    "sends": 16_000,
}

_LISTED = (
    Demonstration(
        "learning-pays",
        "An even split against one that learns",
        "the two totals under the first sentence, and the race below them",
        "classic",
        {},
    ),
    Demonstration(
        "short-test",
        "A short test against Thompson sampling",
        "the column \u201cPicks the best line\u201d",
        "guardrails_on",
        {
            "guardrails": [],
            "policies": [_AB, {"name": "test_then_winner", "test_share": 0.05}, _THOMPSON],
            "replications": _CAMPAIGNS,
        },
        "/compare",
    ),
    Demonstration(
        "stop-rule",
        "A stop rule that waits",
        "what the guardrails did: after how many sends the test ended, and which line won",
        "classic",
        {
            "policies": [_AB, _THOMPSON],
            "guardrails": [{"name": "stop_rule", "by": "chance", "chance": 0.95, "after_sends": 2_000}],
        },
    ),
    Demonstration(
        "slow-starter-shut-out",
        "A slow starter without a minimum share",
        "where the sends went in the second half",
        "classic",
        _LATE_BLOOMER,
    ),
    Demonstration(
        "slow-starter",
        "A slow starter with a minimum share of 10%",
        "where the sends went in the second half",
        "classic",
        {
            **_LATE_BLOOMER,
            "policies": [_AB, {"name": "sliding_window_thompson"}],
            "guardrails": [{"name": "minimum_share", "share": 0.1}],
        },
    ),
    Demonstration(
        "season",
        "Two weeks with a season",
        "the totals: policies that forget against Thompson sampling",
        "changing_season",
        {},
    ),
    Demonstration(
        "wrong-season",
        "A test on a weekend",
        "which line the test crowned, and what it earned from Monday on",
        "wrong_season",
        {},
    ),
    Demonstration(
        "fatigue",
        "Lines that wear out",
        "how the traffic moves on once a line tires",
        "guardrails_on",
        {
            "guardrails": [],
            "world": {"name": "fatigue", "half_life": 2_000, "lowest": 0.3},
            "policies": [_AB, {"name": "sliding_window_thompson"}, _THOMPSON],
        },
    ),
    Demonstration(
        "holdout",
        "A holdout beside the policy",
        "the holdout\u2019s own rates, under what the guardrails did",
        "guardrails_on",
        {"policies": [_AB, _THOMPSON], "guardrails": [{"name": "holdout", "share": 0.1}]},
    ),
    Demonstration(
        "guardrails", "Five guardrails at once", "the price list, and what is left of the gain", "guardrails_on", {}
    ),
    Demonstration(
        "nothing-to-find",
        "Three identical lines",
        "the first sentence, and how often a false winner was crowned",
        "nothing_to_find",
        {"replications": _CAMPAIGNS},
        "/compare",
    ),
    Demonstration(
        "small-list",
        "A small list and a small difference",
        "how often the even split came out ahead, under \u201cBeats A/B in\u201d",
        "small_differences",
        {"sends": 2_000, "replications": _CAMPAIGNS},
        "/compare",
    ),
    Demonstration(
        "late", "Replies that take hours", "the gain, and what stands under the first sentence", "late_conversions", {}
    ),
    Demonstration(
        "batches",
        "Decisions once in 1,000 sends",
        "the gain beside that of the Classic scenario",
        "classic",
        {"policies": [_AB, _THOMPSON], "update_every": 1_000},
    ),
    Demonstration(
        "audiences",
        "Audiences that like different lines",
        "the gain of the policy that knows the audience",
        "different_audiences",
        {},
    ),
    Demonstration(
        "paradox", "Totals that mislead", "rates segment by segment, against the totals", "simpsons_paradox", {}
    ),
    Demonstration("money", "Most orders, least value", "which line brings most of each", "orders_or_money", {}),
    Demonstration("credit", "The first e-mail gets the credit", "what the credit rule changes", "whose_conversion", {}),
    Demonstration(
        "opens",
        "Opens that machines make",
        "the clicks of a policy that learns from opens, beside the even split",
        "classic",
        {
            "arms": [
                {"name": "The gift inside", "rate": 0.35},
                {"name": "You will not believe it", "rate": 0.45},
                {"name": "Three things for spring", "rate": 0.25},
            ],
            "world": {
                "name": "inflated_opens",
                "how": "clickbait",
                "machine_share": 0.5,
                "click_low": 0.04,
                "click_high": 0.2,
            },
            "policies": [_AB, _THOMPSON],
            "sends": 20_000,
        },
    ),
    Demonstration(
        "cap",
        "A maximum share of 60%",
        "the tallest bar of the traffic",
        "classic",
        {"policies": [_AB, _THOMPSON], "guardrails": [{"name": "maximum_share", "share": 0.6}]},
    ),
    Demonstration(
        "pause",
        "A line that draws complaints",
        "what the guardrails did: when the line was paused",
        "orders_or_money",
        {
            "goal": "conversions",
            "guardrails": [{"name": "pause_rule", "limit": 0.004, "after_sends": 1_000}],
            "policies": [_AB, _THOMPSON],
        },
    ),
    Demonstration(
        "audit",
        "Every send with its chance",
        "the column \u201cChance of this one\u201d, and the digest after a re-run",
        "guardrails_on",
        {"sends": 2_000, "replications": 20, "update_every": 50, "policies": [_AB, _THOMPSON]},
        "/audit",
    ),
    Demonstration(
        "real",
        "A real shop\u2019s e-mail test",
        "what the policies would have gained on 64,000 customers",
        "real_campaign",
        {},
    ),
)

DEMONSTRATIONS: Final[Mapping[str, Demonstration]] = {one.name: one for one in _LISTED}
