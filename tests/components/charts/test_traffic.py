from typing import Any

from hypothesis import given

from components import race as run
from components.charts import traffic
from tests.components.charts.figures import check_figure, texts
from tests.components.results import make_moving, make_race, races, text_of


@given(races())
def test_every_bar_is_the_whole_traffic(race: dict[str, Any]) -> None:
    figure = traffic.figure(race)
    check_figure(figure)
    for axis in {trace["yaxis"] for trace in figure["data"]}:
        stacks = zip(*(trace["y"] for trace in figure["data"] if trace["yaxis"] == axis), strict=True)
        assert all(abs(sum(stack) - 1) < 1e-3 for stack in stacks)


def test_the_best_line_lies_at_the_bottom_in_its_green() -> None:
    figure = traffic.figure(make_race())
    assert [trace["name"][0] for trace in figure["data"]] == ["C", "A", "B", "D", "E"] * 2
    assert figure["data"][0]["marker"]["color"] == "token:a2"


def test_the_challenger_stands_above_the_baseline_and_is_taller() -> None:
    layout = traffic.figure(make_race())["layout"]
    challenger, baseline = layout["yaxis"]["domain"], layout["yaxis2"]["domain"]
    assert challenger[0] > baseline[1]
    assert challenger[1] - challenger[0] > baseline[1] - baseline[0]


def test_the_title_says_when_the_best_line_was_found() -> None:
    assert traffic.title(make_race()) == "ε-greedy found line C after about 2,000 sends"
    assert traffic.title(make_race(favourite=0)) == "ε-greedy settled on line A and missed the best line, C"
    assert traffic.title(make_race(settled_at=1)) == "ε-greedy never settled on one line"
    assert traffic.title(make_race(rates=(0.1, 0.1))) == "Nothing to find: all lines convert alike"


def test_a_policy_that_is_held_back_at_the_end_still_says_what_it_preferred() -> None:
    race = make_race()
    lines, last = run.line_count(race), race["policies"][1]["sends"]
    for frame in range(96, 101):
        before, now = (frame - 1) * lines, frame * lines
        last[now : now + lines] = [sends + 20 for sends in last[before : before + lines]]
    assert traffic.title(race) == "ε-greedy sent 80% to the best line, C"


def test_the_deck_says_what_a_bar_is() -> None:
    assert traffic.deck(make_race()) == "Share of each 500 sends given to each line."
    assert traffic.deck(make_race(sends=20)) == "Which line each send went to."


def test_many_lines_are_named_in_part_and_the_rest_is_grey() -> None:
    race = make_race(rates=[0.01 * place for place in range(1, 41)])
    figure = traffic.figure(race)
    check_figure(figure)
    assert len(figure["data"]) == 2 * 8
    assert figure["data"][7]["marker"]["color"] == "token:btm-line-strong"
    assert text_of(traffic.legend(race)).endswith("other lines")


def test_the_legend_follows_the_stack() -> None:
    assert text_of(traffic.legend(make_race())).startswith("CLine <b>2</b>ALine <b>0</b>")


def test_names_cannot_smuggle_tags_into_the_chart() -> None:
    figure = traffic.figure(make_race())
    assert "&lt;b&gt;" in figure["data"][0]["name"]
    assert all("Line <b>" not in text for text in figure["data"][0]["hovertext"])


def test_a_hover_tells_sends_conversions_and_rate() -> None:
    hover = traffic.figure(make_race())["data"][0]["hovertext"][-1]
    assert "Sends 9,501 to 10,000: 100.0% of the traffic" in hover
    assert "500 sends, 265 conversions, 53.0% converted" in hover


def test_nothing_sent_says_so() -> None:
    figure = traffic.figure(make_race() | {"sends": 0, "at": [0]})
    check_figure(figure)
    assert texts(figure) == ["No traffic yet. Run the scenario to see where the sends went."]


def test_the_summary_tells_every_policy() -> None:
    text = traffic.summary(make_race(("ab_split", "epsilon_greedy", "oracle")))
    assert text == (
        "A/B split never settled on one line. ε-greedy found line C after about 2,000 sends. "
        "Oracle sent nearly all to line C from the start."
    )


def test_a_first_bar_that_is_mixed_is_no_start() -> None:
    early = make_race(settled_at=0.02)
    assert traffic.title(early) == "ε-greedy found line C within the first 500 sends"
    assert traffic.title(make_race(settled_at=0.0)) == "ε-greedy sent nearly all to line C from the start"


def test_where_rates_move_the_title_is_about_the_line_that_was_best_at_the_time() -> None:
    race = make_moving(make_race(), (0.2, 0.3194, None, 0.6, 0.1471))
    assert traffic.title(race) == "ε-greedy sent 25% to the line that was best at the time"
