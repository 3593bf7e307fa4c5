"""The card on what guardrails did, from reports of real runs."""

from typing import Any

from dash import html

from components.cards.guards import guards
from engine import Scenario
from engine.guard_report import guard_report
from engine.race import race
from tests.components.results import text_of, walk
from tests.engine.scenarios import scenario

RATES = (0.1, 0.3, 0.2)


def card(asked: Scenario) -> tuple[list[Any], Any]:
    shown: Any = race(asked)
    report: Any = guard_report(asked)
    return guards(shown, report, has_stop_rule=asked.guardrail("stop_rule") is not None), report


def rows(card: Any) -> list[list[str]]:
    return [[text_of(cell) for cell in row.children] for row in walk(card) if isinstance(row, html.Tr)]


def test_without_guardrails_there_is_no_card() -> None:
    assert card(scenario("ab_split", "thompson")) == ([], None)


def test_the_holdout_is_shown_alone_with_its_agreement() -> None:
    made, report = card(scenario("ab_split", "thompson", rates=RATES, guardrails=[{"name": "holdout", "share": 0.2}]))
    apart = report["policies"][1]["apart"][0]
    (line,) = [row for row in rows(made) if row[0] == "Bline 1"]
    assert line[1:3] == [f"{apart['sends'][1]:,}", str(apart["conversions"][1])]
    assert line[3].startswith(f"{apart['conversions'][1] / apart['sends'][1]:.1%} (")
    assert "Thompson sampling’s leader is line B. The holdout’s best line is the same." in text_of(made)
    assert "A/B split’s leader" not in text_of(made)


def test_shares_of_sends_add_up() -> None:
    made, report = card(
        scenario(
            "ab_split", "thompson", rates=RATES,
            guardrails=[{"name": "holdout", "share": 0.2}, {"name": "wrap_up_ab", "share": 0.1}],
        )
    )  # fmt: skip
    assert rows(made)[0] == ["Policy", "Holdout", "Wrap-up A/B", "Together"]
    for row, policy in zip(rows(made)[1:3], report["policies"], strict=True):
        assert row[3] == f"{sum(one['sends'] for one in policy['decided']) / policy['sends']:.1%}"


def test_pauses_and_the_end_of_the_test_are_dated() -> None:
    asked = scenario("ab_split", "thompson", rates=RATES).with_changes(
        arms=[{"name": name, "rate": rate, "complaint_rate": 0.1} for name, rate in zip("ABC", RATES, strict=True)],
        guardrails=[{"name": "pause_rule", "limit": 0.01, "after_sends": 200}, {"name": "stop_rule"}],
    )
    made, report = card(asked)
    words = text_of(made)
    for policy in report["policies"]:
        assert policy["paused"]
        for paused in policy["paused"]:
            assert f"was paused after {paused['after']:,} sends: {paused['complaints']} complaints" in words
        assert f"{policy['label']}: the stop rule " in words
    assert "more than the 1.00% allowed" in words
