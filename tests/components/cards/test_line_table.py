from typing import Any

from dash import html
from hypothesis import given

from components.cards.line_table import line_table, order, rows
from tests.components.results import having_class, make_moving, make_race, races, text_of, walk


def cells(row: Any) -> list[str]:
    return [text_of(part) for part in walk(row) if isinstance(part, (html.Td, html.Th))]


def wide_rows(race: dict[str, Any]) -> list[list[str]]:
    (box,) = having_class(line_table(race), "line-table-wide")
    return [cells(row) for row in walk(box) if isinstance(row, html.Tr)]


def test_lines_stand_by_true_rate_and_end_with_their_sum() -> None:
    table = wide_rows(make_race())
    assert [row[0][0] for row in table[2:7]] == ["C", "A", "D", "B", "E"]
    assert table[-1] == ["All lines", "", "10,000", "3,861", "38.6%", "10,000", "5,004", "50.0%"]


def test_only_the_best_line_is_tagged_and_none_if_all_are_alike() -> None:
    assert [text_of(tag) for tag in having_class(line_table(make_race()), "tag")] == ["best line"] * 2
    assert not having_class(line_table(make_race(rates=(0.2, 0.2))), "tag")


def test_a_line_without_sends_has_no_rate() -> None:
    table = wide_rows(make_race(settled_at=0))
    assert table[3][-3:] == ["0", "0", "–"]


def test_every_heading_says_what_it_heads() -> None:
    for part in walk(line_table(make_race())):
        if isinstance(part, html.Th):
            assert vars(part)["scope"] in {"row", "col", "colgroup"}
    captions = [part for part in walk(line_table(make_race())) if isinstance(part, html.Caption)]
    assert len(captions) == 2


def test_the_boxes_can_be_scrolled_by_keyboard() -> None:
    boxes = having_class(line_table(make_race()), "line-table-box")
    assert [box.tabIndex for box in boxes] == [0, 0]


@given(races())
def test_the_data_agree_with_the_table(race: dict[str, Any]) -> None:
    data = rows(race)
    assert sorted(order(race)) == list(range(len(race["arms"])))
    assert [row["true_rate"] for row in data] == sorted((arm["rate"] for arm in race["arms"]), reverse=True)
    for policy in race["policies"]:
        assert sum(row[f"{policy['label']} sends"] for row in data) == race["sends"]
    assert len({len(row) for row in wide_rows(race)[2:]}) == 1


def test_where_rates_move_the_table_tells_means_and_the_end() -> None:
    race = make_moving(make_race(), (0.2, 0.3194, None, 0.6, 0.1471))
    table = having_class(line_table(race), "line-table-wide")
    words = text_of(table)
    assert "Mean true rate" in words
    assert "True rate" not in words
    assert "best at the end" in text_of(having_class(table, "is-best"))
    assert "has left" in words
    best = next(record for record in rows(race) if record["line"] == "D")
    assert (best["true_rate_at_the_end"], best["true_rate_mean"]) == (0.6, race["mean_rates"][3])


def test_lines_that_wear_out_show_their_rate_when_fresh() -> None:
    race = make_race() | {"rates": [0.1] * 505, "wears_out": True}
    assert "True rate when fresh" in text_of(line_table(race))
    assert "best when fresh" in text_of(line_table(race))
