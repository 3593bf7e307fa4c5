from itertools import pairwise
from typing import Any

from hypothesis import given

from components.charts import line_conversions as chart
from tests.components.charts.figures import check_figure, texts
from tests.components.results import make_race, races


@given(races())
def test_any_run_can_be_drawn(race: dict[str, Any]) -> None:
    figure = chart.figure(race)
    check_figure(figure)
    assert len(figure["data"]) == len(race["policies"]) * len(race["arms"])
    assert all(len(curve["x"]) == len(curve["y"]) for curve in figure["data"])
    assert {curve["x"][-1] for curve in figure["data"]} == {race["sends"]}
    assert chart.title(race)
    assert chart.summary(race)


def test_all_panels_share_one_scale() -> None:
    layout = chart.figure(make_race(("ab_split", "epsilon_greedy", "thompson")))["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"] == layout["yaxis3"]["range"]


def test_letters_at_the_ends_keep_their_distance_and_order() -> None:
    figure = chart.figure(make_race())
    top = figure["layout"]["yaxis"]["range"][1]
    for axis in ("y", "y2"):
        chips = [note for note in figure["layout"]["annotations"] if note.get("yref") == axis and "bgcolor" in note]
        places = sorted(note["y"] for note in chips)
        pixels = [(after - before) * 150 / top for before, after in pairwise(places)]
        assert len(chips) == 5
        assert min(pixels) >= 14


def test_each_panel_is_headed_by_its_policy_and_total() -> None:
    words = texts(chart.figure(make_race()))
    assert {"A/B split", "3,861 conversions", "ε-greedy", "5,004 conversions"} <= set(words)


def test_the_title_names_the_line_that_brought_most() -> None:
    assert chart.title(make_race()) == "Line C brought 89% of ε-greedy’s conversions"
    assert chart.title(make_race(rates=(0.0, 0.0))) == "Where the conversions came from"


def test_many_lines_are_named_in_part_and_the_rest_is_thin_and_grey() -> None:
    race = make_race(rates=[0.01 * place for place in range(1, 13)])
    grey = [curve for curve in chart.figure(race)["data"] if curve["line"]["color"] == "token:btm-axis"]
    assert len(grey) == 2 * 5
    assert "seven most sent are named" in chart.deck(race)


def test_nothing_sent_says_so() -> None:
    figure = chart.figure(make_race() | {"sends": 0, "at": [0]})
    check_figure(figure)
    assert texts(figure) == ["No conversions yet. Run the scenario to see where they came from."]
