from itertools import pairwise
from typing import Any

from hypothesis import given

from components.charts import reward_dynamics
from components.theme import arm_letter
from tests.components.charts.figures import check_figure
from tests.components.results import make_moving, make_race, races

MANY = [0.1 + place / 1000 for place in range(64)]


@given(races())
def test_meta_names_the_traces_that_move(race: dict[str, Any]) -> None:
    figure = reward_dynamics.figure(race)
    check_figure(figure)
    meta = figure["layout"]["meta"]
    assert [0, *meta["whiskers"], *meta["points"]] == list(range(len(figure["data"]) - 1))
    assert len(meta["lettered"]) == len(race["policies"])


@given(races())
def test_points_stay_inside_the_fixed_axes(race: dict[str, Any]) -> None:
    figure = reward_dynamics.figure(race)
    top = figure["layout"]["yaxis"]["range"][1]
    assert top >= max(arm["rate"] for arm in race["arms"])
    for place in figure["layout"]["meta"]["points"]:
        trace = figure["data"][place]
        assert all(x == reward_dynamics.OFF_CHART or 0 <= x <= 1 for x in trace["x"])
        assert all(0 <= y <= top for y in trace["y"])


def test_share_is_drawn_on_a_square_root_scale() -> None:
    figure = reward_dynamics.figure(make_race())
    square = figure["data"][figure["layout"]["meta"]["points"][0]]
    assert {round(x, 3) for x in square["x"]} == {0.447}
    assert figure["layout"]["xaxis"]["ticktext"][2] == "20%"
    assert round(figure["layout"]["xaxis"]["tickvals"][2], 3) == 0.447


def test_lines_without_sends_wait_left_of_the_chart() -> None:
    figure = reward_dynamics.figure(make_race(policies=("ab_split", "oracle")))
    meta = figure["layout"]["meta"]
    assert meta["off"] < figure["layout"]["xaxis"]["range"][0]
    assert figure["data"][meta["points"][1]]["x"] == [meta["off"], meta["off"], 1, meta["off"], meta["off"]]
    assert figure["data"][meta["whiskers"][1]]["x"].count(meta["off"]) == 2 * 4


def test_every_mark_carries_its_letter_and_every_true_rate_its_label() -> None:
    figure = reward_dynamics.figure(make_race())
    assert figure["data"][figure["layout"]["meta"]["points"][0]]["text"] == ["A", "B", "C", "D", "E"]
    assert any("<b>C</b>" in text and "52.9%" in text for text in figure["data"][-1]["text"])


def test_of_many_lines_only_the_best_and_the_favoured_carry_letters() -> None:
    race = make_race(rates=MANY)
    figure = reward_dynamics.figure(race)
    for arms, place in zip(figure["layout"]["meta"]["lettered"], figure["layout"]["meta"]["points"], strict=True):
        assert race["best"] in arms
        assert len(arms) <= 4
        letters = [text for text in figure["data"][place]["text"] if text]
        assert letters == [arm_letter(arm) for arm in arms]


def test_true_rate_labels_keep_apart() -> None:
    figure = reward_dynamics.figure(make_race(rates=(0.1,) * 8))
    scale = reward_dynamics.PLOT_HEIGHT / figure["layout"]["yaxis"]["range"][1]
    heights = sorted(height * scale for height in figure["data"][-1]["y"])
    assert all(after - before >= 16 - 1e-6 for before, after in pairwise(heights))


def test_where_rates_move_the_dotted_lines_are_those_of_now() -> None:
    race = make_moving(make_race(), (0.2, 0.3194, None, 0.6, 0.1471))
    figure = reward_dynamics.figure(race)
    meta = figure["layout"]["meta"]
    heights = figure["data"][meta["truth"]]["y"]
    assert [heights[3 * place] for place in range(5)] == [0.2, 0.3194, None, 0.6, 0.1471]
    texts = figure["data"][meta["labels"]]["text"]
    assert [text.strip() for text in texts] == ["A 20.0%", "B 31.9%", "", "D 60.0% best now", "E 14.7%"]
    assert all(texts), "an empty text could never be filled"
    assert figure["layout"]["yaxis"]["range"][1] >= 0.6
    assert any("true rate now" in note["text"] for note in figure["layout"]["annotations"])
