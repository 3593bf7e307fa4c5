"""What a log knows of each line: the finding, a column a line, where nothing may be read off, and the figures as data."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from dash import html

from components.cards.estimates import estimates, records, summary, title
from components.downloads import csv_file
from components.whiskers import axis_over, dot_whisker
from engine.evaluation.logs import read_log
from engine.evaluation.study import METHODS, Estimates, estimates_of
from tests.components.results import having_class, texts_of, walk


def told(sends: tuple[int, int] = (300, 300), *, truth: float | None = None, **columns: Any) -> Estimates:
    """A log of two lines that were sent so often each, a fifth of them with success, and the truth of both."""
    n = sum(sends)
    lines = ["Plain"] * sends[0] + ["Playful"] * sends[1]
    shares = [one / n for one in sends]
    table = pd.DataFrame(
        {
            "arm": pd.Categorical(lines, ["Plain", "Playful"]),
            "propensity": [shares[0]] * sends[0] + [shares[1]] * sends[1],
            "reward": [int(place % 5 == 0) for place in range(n)],
        }
        | columns
    )
    found = estimates_of(read_log(table), {"ε-greedy": [0.8, 0.2]}, [{"name": "thompson", "label": "Thompson"}])
    for target in found["targets"]:
        target["truth"] = truth
        for method in target["methods"].values():
            low, high = method["low"], method["high"]
            method["covers"] = None if truth is None or low is None or high is None else low <= truth <= high
    return found


def words_of(found: Estimates) -> str:
    return " ".join(texts_of(estimates(found)))


@pytest.mark.parametrize(
    ("sends", "said"),
    [
        ((300, 300), "This log knows every line about equally well"),
        ((2_000, 60), "This log knows Plain best: about 6 times as closely as the line it knows least"),
        ((600, 5), "This log knows Plain well, and Playful hardly at all"),
        ((20, 20), "This log is too short to judge any line"),
    ],
)
def test_the_title_is_the_finding(sends: tuple[int, int], said: str) -> None:
    assert title(told(sends)) == said


def test_each_line_has_a_column_with_its_figures() -> None:
    words = words_of(told())
    for text in ("Always Plain", "Always Playful", "Replay", "matching sends only", "50.0% of the log", "300", "2.0"):
        assert text in words
    assert "20.00%, 16.47% to 24.07%" in words, "for those who listen"
    assert len(having_class(estimates(told()), "whisker-dot")) == 2 * len(METHODS)
    assert having_class(estimates(told()), "whisker-reference") == []


def test_the_truth_is_drawn_and_intervals_that_hold_it_are_counted() -> None:
    found = told(truth=0.2)
    assert len(having_class(estimates(found), "whisker-reference")) == 2 * len(METHODS)
    assert "truth 20.00%" in words_of(found)
    assert "All 10 intervals hold the truth." in words_of(found)
    assert "0 of 10 intervals hold the truth." in words_of(told(truth=0.6))


def test_where_the_log_hardly_knows_a_line_nothing_may_be_read_off() -> None:
    shown = estimates(told((600, 5)))
    assert len(having_class(shown, "is-thin")) == len(METHODS)
    (note,) = having_class(shown, "note-warn")
    words = " ".join(texts_of(note))
    assert words.startswith(
        "This log hardly ever sent Playful: 5 of 605 sends. No method can say what it would have earned."
    )
    assert "rest on about 5 effective sends" in words
    assert "Give every line a minimum share" in words
    assert "too few sends for an interval" in " ".join(texts_of(shown))


def test_the_page_may_add_what_does_as_advised() -> None:
    shown = estimates(told((600, 5)), html.A("Add a minimum share", href="#"))
    assert "Add a minimum share" in texts_of(having_class(shown, "note-warn"))


def test_a_log_that_knows_enough_has_no_amber_note() -> None:
    assert having_class(estimates(told()), "estimates-note") == []


def test_a_line_that_was_never_sent_has_an_empty_column() -> None:
    found = told((300, 0), propensity=0.5)
    words = words_of(found)
    assert words.count("nothing to go by") >= len(METHODS)
    assert "This log never sent Playful. No method can say what it would have earned." in words
    assert title(found) == "This log knows Plain well, and Playful hardly at all"


def test_lines_without_a_chance_at_times_are_told() -> None:
    chances: dict[str, Any] = {"propensity_0": [0.5] * 450 + [1.0] * 150, "propensity_1": [0.5] * 450 + [0.0] * 150}
    lines = pd.Categorical((["Plain", "Playful"] * 225) + ["Plain"] * 150, ["Plain", "Playful"])
    words = words_of(told(arm=lines, propensity=[0.5] * 450 + [1.0] * 150, **chances))
    assert "Playful had no chance in 25% of the sends." in words
    assert "had no chance at times" in words


def test_without_chances_it_is_said_which_methods_go_without() -> None:
    table = pd.DataFrame({"arm": ["A", "B"] * 100, "propensity": 0.5, "reward": [1, 0, 0, 0] * 50})
    found = estimates_of(replace(read_log(table), is_guessed=True))
    words = words_of(found)
    assert "The file does not say with which chance each line was sent." in words
    assert "needs the chances" in words
    assert "Largest weight" not in words


def test_other_ways_to_send_stand_below() -> None:
    words = words_of(told(truth=0.2))
    for text in ("Even split", "Split that ε-greedy ended with", "Thompson, learning anew from", "Doubly robust"):
        assert text in words


def test_amounts_are_no_rates() -> None:
    found = told(reward=[20.0 * (place % 2) for place in range(600)])
    words = words_of(found)
    assert "What a send of each line brings" in words
    assert "10.00" in words
    assert "policies learn from rewards between 0 and 1" in words
    assert "%," not in summary(found)


def test_the_summary_tells_every_line_by_its_best_method() -> None:
    assert summary(told()) == (
        "Plain: 20.00% by doubly robust, 16.47% to 24.06%. Playful: 20.00% by doubly robust, 16.47% to 24.06%."
    )


def test_the_figures_leave_as_data() -> None:
    found = told(truth=0.2)
    rows = records(found)
    assert len(rows) == 4 * len(METHODS) + 1
    assert {tuple(row) for row in rows} == {tuple(rows[0])}, "all with the same keys"
    dr = next(row for row in rows if (row["target"], row["method"]) == ("Always Plain", "Doubly robust"))
    assert dr["estimate"] == found["targets"][0]["methods"]["dr"]["value"]
    assert (dr["truth"], dr["interval holds the truth"], dr["sends of the log"]) == (0.2, True, 300)
    assert csv_file("estimates.csv", rows)["content"].startswith("target,method,estimate,")


def test_the_table_can_be_scrolled_by_keyboard() -> None:
    shown = estimates(told())
    (box,) = having_class(shown, "estimates-box")
    assert (box.tabIndex, box.role) == (0, "region")
    heads = [part.scope for part in walk(box) if type(part).__name__ == "Th"]
    assert heads.count("col") == 3
    assert heads.count("row") == len(METHODS) + 3


def test_a_dot_stands_where_its_value_is_on_a_scale_without_zero() -> None:
    axis = axis_over([0.17, 0.19], 0.0, from_zero=False)
    assert axis.low > 0.16
    shown = dot_whisker(axis, 0.18, (0.17, 0.19), None)
    (dot,) = having_class(shown, "whisker-dot")
    assert dot.style == {"left": "50.00%"}
