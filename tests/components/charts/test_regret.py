from typing import Any

from hypothesis import given

from components import wording_replay as replay
from components.charts import regret
from tests.components.charts.figures import check_figure
from tests.components.results import make_moving, make_race, races


@given(races())
def test_meta_names_every_trace_once(race: dict[str, Any]) -> None:
    figure = regret.figure(race)
    check_figure(figure)
    meta = figure["layout"]["meta"]
    named = [*meta["future"], *meta["past"], meta["cursor"], meta["marks"], meta["notes"], *meta["realised"]]
    assert named == list(range(len(figure["data"]) - 1))


def test_at_the_end_the_names_at_the_lines_say_the_numbers() -> None:
    race = make_race(("ab_split", "epsilon_greedy", "thompson"))
    for policy, end in zip(race["policies"], (1430.4, 160.2, 7.26), strict=True):
        policy["regret"][-1] = end
    data = regret.figure(race)["data"]
    labels = data[-1]["text"]
    assert [label.rpartition(">")[0].rpartition("</span")[0].rpartition(">")[2] for label in labels] == [
        "1,430",
        "160",
        "7.3",
    ]
    assert set(data[regret.figure(race)["layout"]["meta"]["notes"]]["text"]) == {"\N{NO-BREAK SPACE}"}


def test_realised_regret_is_thinner_than_expected() -> None:
    figure = regret.figure(make_race())
    meta = figure["layout"]["meta"]
    expected, realised = figure["data"][meta["past"][0]], figure["data"][meta["realised"][0]]
    assert realised["line"]["width"] < expected["line"]["width"]
    assert realised["line"]["dash"]
    assert realised["line"]["color"] == expected["line"]["color"]


def test_negative_realised_regret_is_shown_and_explained() -> None:
    race = make_race()
    race["policies"][1]["realised"] = [-0.02 * at for at in race["at"]]
    layout = regret.figure(race)["layout"]
    assert layout["yaxis"]["range"][0] < -0.02 * race["sends"]
    assert layout["yaxis"]["zeroline"] is True
    assert layout["meta"]["deck"] == replay.regret_deck(moves=False, below_zero=True)


def test_the_axis_starts_at_zero_when_nothing_is_below() -> None:
    layout = regret.figure(make_race())["layout"]
    assert layout["yaxis"]["range"][0] == 0
    assert layout["xaxis"]["showline"] is True
    assert layout["meta"]["deck"] == replay.regret_deck(moves=False, below_zero=False)


def test_a_run_without_regret_still_has_an_axis() -> None:
    race = make_race(rates=(0.1, 0.1))
    for policy in race["policies"]:
        policy["regret"] = policy["realised"] = [0.0] * len(race["at"])
    low, high = regret.figure(race)["layout"]["yaxis"]["range"]
    assert (low, high) == (0, 1)


def test_where_rates_move_regret_is_against_the_line_of_the_moment() -> None:
    race = make_moving(make_race(), (0.2, 0.3194, None, 0.6, 0.1471))
    assert regret.figure(race)["layout"]["meta"]["deck"].startswith("Against the line that was best at each moment.")
