"""The drift monitor's words."""

from typing import Any

from dash import html

from components.cards import drift
from tests.components.results import make_race, text_of, walk


def finding(**changed: Any) -> dict[str, Any]:
    reactions = [
        {"policy": 0, "before": 0.2, "after": 0.2, "took": None},
        {"policy": 1, "before": 0.9, "after": 0.1, "took": 316},
    ]
    usual = {"line": 2, "policy": 1, "around": 5_211, "noticed": 5_610, "before": 0.41, "after": 0.18, "settled": 0.18}
    truth = {"true_before": 0.4, "true_after": 0.18, "is_real": True, "is_mix": False, "reactions": reactions}
    return usual | truth | changed


def told(*findings: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"level": 0.9, "false_alarms": 0.05, "findings": list(findings), "hasty": 0, "waits": 0} | changed


def test_a_change_is_told_with_what_each_policy_did() -> None:
    words = drift.words(make_race(), told(finding()))
    assert text_of(words[0]) == (
        "Line C fell from about 41% to 18% around send 5,200 (true rates of the same sends: 40% and 18%). "
        "It showed first in the answers to ε-greedy, after 5,610 sends."
    )
    rows = [[text_of(cell) for cell in row.children] for row in walk(words) if isinstance(row, html.Tr)]
    assert rows[2:] == [["A/B split", "20%", "20%", "hardly moved"], ["ε-greedy", "90%", "10%", "320 sends"]]
    assert "C fell around send 5,200" in text_of(words)
    assert "at most 5% raise an alarm by chance" in text_of(words)


def test_a_change_does_not_show_before_it_is_told_to_have_come() -> None:
    words = text_of(drift.words(make_race(), told(finding(around=28_711, noticed=28_831))))
    assert "around send 28,700" in words
    assert "after 28,831 sends" in words


def test_of_many_changes_the_largest_are_told_in_their_order() -> None:
    many = [finding(around=1_000 * place, after=0.4 - 0.05 * place) for place in range(1, 6)]
    words = text_of(drift.words(make_race(), told(*many)))
    places = [words.find(f"around send {place},000") for place in range(1, 6)]
    assert places[:2] == [-1, -1]
    assert 0 <= places[2] < places[3] < places[4]
    assert "Besides, 2 smaller changes showed." in words


def test_a_false_alarm_is_called_one() -> None:
    words = text_of(drift.words(make_race(), told(finding(is_real=False))))
    assert "After 5,610 sends line C looked as if its rate had moved. That was a false alarm" in words
    assert "fell from" not in words
    assert "showed in the answers" not in text_of(drift.head(make_race(), told(finding(), finding(line=0))))


def test_the_title_names_the_lines_that_moved() -> None:
    assert "The rates of lines A and C moved" in text_of(drift.head(make_race(), told(finding(), finding(line=0))))
    moving = make_race() | {"rates": []}
    assert "too little, or too late, to show" in text_of(drift.head(moving, told()))
    assert "but none did" in text_of(drift.head(make_race(), told(finding(is_real=False))))


def test_other_recipients_are_not_another_rate() -> None:
    found = told(finding(is_real=False, is_mix=True))
    assert "who got which line changed" in text_of(drift.head(make_race(), found))
    words = text_of(drift.words(make_race(), found))
    assert "other recipients got it" in words
    assert "false alarm:" not in words


def test_late_conversions_that_look_like_changes_are_explained() -> None:
    still = text_of(drift.still(told(hasty=73, waits=7_200)))
    assert still.startswith("No line’s rate moved")
    assert "73 times though it had not" in still
    assert "7,200 sends, has closed" in still
    assert "Late" not in text_of(drift.still(told()))
