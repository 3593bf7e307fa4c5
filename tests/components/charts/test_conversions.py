from itertools import pairwise
from typing import Any

from hypothesis import given

from components.charts import conversions
from tests.components.charts.figures import check_figure
from tests.components.results import make_race, races

FOUR = ("thompson", "ab_split", "epsilon_greedy", "oracle")


@given(races())
def test_meta_names_every_trace_once(race: dict[str, Any]) -> None:
    figure = conversions.figure(race)
    check_figure(figure)
    meta = figure["layout"]["meta"]
    named = [*meta["future"], *meta["past"], meta["cursor"], meta["marks"], meta["notes"]]
    assert named == list(range(len(figure["data"]) - 1))
    assert meta["key"] == race["key"]


@given(races())
def test_lines_end_on_the_conversions_of_the_run(race: dict[str, Any]) -> None:
    figure = conversions.figure(race)
    meta = figure["layout"]["meta"]
    lines = len(race["arms"])
    for trace, policy in zip(meta["past"], meta["order"], strict=True):
        end = sum(race["policies"][policy]["conversions"][-lines:])
        assert figure["data"][trace]["y"][-1] == end
        assert end <= figure["layout"]["yaxis"]["range"][1]


def test_the_baseline_comes_first_and_the_oracle_has_no_slot() -> None:
    meta = conversions.figure(make_race(policies=FOUR))["layout"]["meta"]
    assert meta["order"] == [1, 0, 2, 3]
    assert meta["slots"] == [2, 0, 1, None]
    assert meta["challenger"] == 0


def test_the_future_is_the_pale_ground_of_the_past() -> None:
    data = conversions.figure(make_race())["data"]
    assert [trace["line"]["color"] for trace in data[:4]] == [
        "token:p0/btm-future",
        "token:p1/btm-future",
        "token:p0",
        "token:p1",
    ]


def test_only_a_pair_shows_its_gap_as_a_band() -> None:
    assert [trace.get("fill") for trace in conversions.figure(make_race())["data"][2:4]] == [None, "tonexty"]
    assert not any(trace.get("fill") for trace in conversions.figure(make_race(policies=FOUR))["data"])


def test_marks_wear_the_shapes_of_their_policies() -> None:
    figure = conversions.figure(make_race())
    assert figure["data"][figure["layout"]["meta"]["marks"]]["marker"]["symbol"] == ["square", "circle"]


def test_the_end_labels_say_name_and_number_and_keep_apart() -> None:
    figure = conversions.figure(make_race(policies=FOUR, rates=(0.1, 0.1)))
    labels = figure["data"][-1]
    assert any("A/B split" in text and "1,000" in text for text in labels["text"])
    meta = figure["layout"]["meta"]
    heights = sorted(height / meta["high"] * meta["height"] for height in labels["y"])
    assert all(after - before >= 16 for before, after in pairwise(heights))


def test_many_lines_are_shown_as_seven() -> None:
    race = make_race(rates=[0.1 + place / 1000 for place in range(64)])
    rows = conversions.figure(race)["layout"]["meta"]["rows"]
    assert len(rows) == 7
    assert race["best"] in rows
    assert rows == sorted(rows)
