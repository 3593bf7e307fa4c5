"""Recipients who differ: the finding, a row a segment, who sent what to whom, and what policies know."""

from typing import Any

from components.cards.segments import records, segments, title
from tests.components.results import make_race, texts_of

PAIR = ("ab_split", "thompson")
SPLIT = {
    "names": ["New", "Loyal"],
    "shares": [0.6, 0.4],
    "rates": [0.08, 0.025, 0.04, 0.05],
    "best": [0, 1],
    "whole": 680.0,
    "given_up": 40.0,
}


def make_segmented(**changed: Any) -> dict[str, Any]:
    """Two segments that like opposite lines; Thompson has found out."""
    race = make_race(PAIR, rates=(0.064, 0.035))
    even, found = [3000, 3000, 2000, 2000], [5700, 300, 200, 3800]
    policies = [
        policy | {"sends_within": sends, "conversions_within": [sent // 20 for sent in sends]}
        for policy, sends in zip(race["policies"], (even, found), strict=True)
    ]
    policies[1]["knows"] = ["Everybody", "Loyal"]
    return race | {"segments": SPLIT | changed, "policies": policies}


def test_there_is_nothing_where_recipients_are_alike() -> None:
    assert segments(make_race()) == []
    assert records(make_race()) == []


def test_the_finding_is_what_one_winner_costs() -> None:
    assert title(make_segmented()) == "One winner for everybody would cost 40 conversions"
    assert title(make_segmented(given_up=0.0, best=[0, 0])) == "Line A is best in every segment"


def test_each_row_tells_the_best_line_and_who_sent_it() -> None:
    words = texts_of(segments(make_segmented()))
    for text in ("New", "60%", "8.0%", "Loyal", "5.0%", "Line A there", "50% to its best line", "95% to its best line"):
        assert text in words
    assert "4.0%" in words, "what the loyal get of the line for everybody"


def test_one_best_line_needs_no_column_for_the_line_of_everybody() -> None:
    assert "Line A there" not in texts_of(segments(make_segmented(given_up=0.0, best=[0, 0])))


def test_what_policies_know_is_named() -> None:
    words = " ".join(texts_of(segments(make_segmented())))
    assert "Thompson sampling is told whether a recipient is Loyal" in words
    assert "A/B split treats all recipients alike" in words


def test_totals_that_mislead_are_told() -> None:
    race = make_segmented()
    race["policies"][1] |= {
        "reversal": {"looks_better": 0, "is_better": 1, "rates": [0.057, 0.061], "everywhere": True}
    }
    words = " ".join(texts_of(segments(race)))
    assert "The totals of Thompson sampling mislead: line A seems to convert better" in words
    assert "Line B is better in every segment." in words


def test_smaller_segments_stand_below() -> None:
    many = 20
    race = make_segmented(
        names=[f"Group {place}" for place in range(many)],
        shares=[1 / many] * many,
        rates=[0.08, 0.02] * many,
        best=[0] * many,
    )
    for policy in race["policies"]:
        policy |= {"sends_within": [250, 250] * many, "conversions_within": [10, 10] * many}
    words = texts_of(segments(race))
    assert "8 smaller segments" in words
    assert len([word for word in words if word.startswith("Group")]) == many


def test_the_file_has_a_row_a_segment_and_line() -> None:
    rows = records(make_segmented())
    assert [(row["segment"], row["is_best"]) for row in rows] == [
        ("New", True), ("New", False), ("Loyal", False), ("Loyal", True),
    ]  # fmt: skip
    assert rows[3]["Thompson sampling sends"] == 3800
