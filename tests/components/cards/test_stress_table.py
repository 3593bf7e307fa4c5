"""The heatmap says in words what it shows in colour, and shows no gain that is not decided."""

from typing import Any

import pytest

from components.cards import stress_table
from components.cards.stress_table import definitions, fill, legend, notes, records
from engine import Scenario
from tests.components.results import having_class, text_of
from tests.components.stresses import question, stress_test


def cell(mean: float, *, is_decided: bool = True) -> dict[str, Any]:
    return {"share": {"mean": mean, "low": mean, "high": mean}, "is_decided": is_decided}


@pytest.mark.parametrize(
    ("mean", "name"),
    [
        (0.079, "g1"),
        (0.08, "g2"),
        (0.16, "g3"),
        (0.24, "g4"),
        (0.30, "g5"),
        (2.0, "g5"),
        (-0.01, "l1"),
        (-0.051, "l2"),
        (-0.101, "l3"),
    ],
)
def test_fills_go_in_steps(mean: float, name: str) -> None:
    assert fill(cell(mean)) == name


def test_what_is_undecided_has_no_fill() -> None:
    assert fill(cell(0.5, is_decided=False)) == "undecided"
    assert fill(cell(0.0)) == "undecided"


def buttons(test: Any, chosen: Any = None) -> list[Any]:
    return [one for one in having_class(stress_table.stress_table(test, chosen), "heat-cell") if one._type == "Button"]


def test_every_cell_says_the_whole_cell() -> None:
    test = stress_test()
    said = [getattr(button, "aria-label") for button in buttons(test)]
    assert len(said) == 2 * 4
    winner = next(one for one in said if one.startswith("Thompson sampling, winner changes"))
    assert "90% interval" in winner
    assert "conversions" in winner
    planned = next(one for one in said if one.startswith("Thompson sampling, as planned"))
    assert planned.endswith(("Best in its column.", "Level with the best of its column."))


def test_only_the_chosen_cell_is_reached_by_tab() -> None:
    test = stress_test()
    places = [
        (getattr(one, "data-stress"), getattr(one, "data-policy"))
        for one in buttons(test, ("fatigue", 1))
        if one.tabIndex == 0
    ]
    assert places == [("fatigue", "1")]
    pressed = [one for one in buttons(test, ("fatigue", 1)) if getattr(one, "aria-pressed") == "true"]
    assert len(pressed) == 1


def test_rows_stand_by_their_gain_as_planned() -> None:
    table = stress_table.stress_table(stress_test(), None)
    rows = table.children[1].children
    gains = [
        next(cell for cell in stress_test()["columns"][0]["cells"] if cell["policy"] == place)["extra"]["mean"]
        for place in (1, 2)
    ]
    first = "Thompson" if gains[0] > gains[1] else "Test"
    assert first in text_of(rows[0])


def test_what_is_still_to_come_is_no_button() -> None:
    test = stress_test(change=None)
    assert len(buttons(test)) == 2 * 3
    assert "not simulated yet" in text_of(stress_table.stress_table(test, None))


def test_where_there_is_no_room_the_reason_is_told() -> None:
    alike = question(rates=(0.2, 0.2))
    test = stress_test(alike)
    assert "All lines convert alike, so no winner can change." in text_of(stress_table.stress_table(test, None))
    assert [text_of(note) for note in notes(test)] == [
        "Winner changes: All lines convert alike, so no winner can change."
    ]


def test_a_pace_and_settings_that_give_way_are_told() -> None:
    moving = Scenario.from_dict(question().to_dict() | {"world": {"name": "fatigue"}})
    told = " ".join(text_of(note) for note in notes(stress_test(moving, ("season", "late"))))
    assert "for weekly season and late replies the send takes a week, 6 an hour" in told
    assert "How your rates behave gives way to the stress in: weekly season." in told


def test_every_stress_is_defined() -> None:
    told = "".join(map(text_of, definitions(stress_test())))
    for title in ("As planned", "Winner changes, midway", "Lines tire, half by 400", "Opens mislead, 30% false"):
        assert title in told


def test_without_conversions_there_are_numbers_instead_of_shares() -> None:
    nothing = stress_test(question(rates=(0.0, 0.0), campaigns=20), ("late",))
    assert len(buttons(nothing)) == 4
    assert all(getattr(one, "aria-label").endswith("no interval.") for one in buttons(nothing))


def test_the_file_has_a_row_for_each_cell() -> None:
    rows = records(stress_test())
    assert len(rows) == 2 * 4
    assert len({tuple(row) for row in rows}) == 1
    assert rows[0]["baseline"] == "A/B split"


def test_the_legend_names_every_kind() -> None:
    assert "undecided" in text_of(legend())


def test_cells_and_records_speak_of_the_goal() -> None:
    test = stress_test() | {"goal": "revenue"}
    said = [getattr(button, "aria-label") for button in buttons(test)]
    assert all("of revenue" in one and "conversions" not in one for one in said)
    assert {"baseline revenue", "extra revenue"} <= records(test)[0].keys()


def test_a_loss_of_the_baseline_is_explained() -> None:
    test = stress_test() | {"goal": "net_value"}
    test["columns"][1]["baseline_mean"] = -120.0
    said = " ".join(text_of(note) for note in notes(test))
    assert "The net value of A/B is below zero in: winner changes." in said


def test_a_policy_that_tells_recipients_apart_is_explained_where_all_are_alike() -> None:
    asked = question(policies=("ab_split", "thompson", "segment_thompson"))
    said = " ".join(text_of(note) for note in notes(stress_test(asked, ("audiences",))))
    assert "Thompson by segment tells recipients apart" in said
    assert "apart" not in " ".join(text_of(note) for note in notes(stress_test()))
