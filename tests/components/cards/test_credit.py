"""Whose conversion it was: the finding, a column a rule, and what learning by another one would change."""

from typing import Any

from components.cards.credit import credit, records, waiting
from tests.components.results import make_race, texts_of

PAIR = ("ab_split", "thompson")


def make_report(*looks_best: int) -> dict[str, Any]:
    """Three rules over two lines."""
    change = {"mean": -31.2, "low": -40.0, "high": -22.4}
    return {
        "campaigns": 200,
        "own": "last_touch",
        "sends": [5000.0, 5000.0],
        "caused": [300.0, 500.0],
        "best": 1,
        "rules": [
            {
                "name": name,
                "credited": [390.0, 410.0],
                "looks_best": looks,
                "finds_best": 0.84,
                "policies": [{"policy": place, "change": None if name == "last_touch" else change} for place in (0, 1)],
            }
            for name, looks in zip(("last_touch", "first_touch", "linear"), looks_best, strict=True)
        ],
    }


def test_there_is_nothing_where_everybody_gets_one_email() -> None:
    assert credit(make_race(PAIR), None) == []
    assert records(make_race(PAIR), None) == []


def test_while_it_is_worked_out_it_says_so() -> None:
    assert "Crediting the same conversions by each rule." in texts_of(waiting())


def test_the_finding_names_the_rules_that_disagree() -> None:
    words = texts_of(credit(make_race(PAIR, rates=(0.1, 0.2)), make_report(1, 0, 1)))
    assert (
        "The credit rule decides who looks best: line A by first touch, line B by last touch and linear credit" in words
    )


def test_columns_are_the_rules_and_rows_the_lines() -> None:
    words = texts_of(credit(make_race(PAIR, rates=(0.1, 0.2)), make_report(1, 1, 1)))
    for text in ("Caused", "Last touch", "First touch", "Linear", "300", "390", "84%"):
        assert text in words


def test_policies_that_learn_are_compared_with_this_scenario() -> None:
    words = texts_of(credit(make_race(PAIR, rates=(0.1, 0.2)), make_report(1, 1, 1)))
    assert "this scenario" in words
    assert "−31 (−40 to −22)" in words
    assert "A/B split" not in words, "an even split learns from nothing"


def test_the_file_has_a_row_a_line() -> None:
    rows = records(make_race(PAIR, rates=(0.1, 0.2)), make_report(1, 1, 1))
    assert [row["caused"] for row in rows] == [300.0, 500.0]
    assert rows[0]["first_touch"] == 390.0
