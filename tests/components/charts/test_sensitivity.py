from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import sensitivity
from components.charts.sensitivity import Point, Strip
from components.wording_goals import CONVERSIONS, NET_VALUE
from tests.components.charts.comparisons import LABELS, POLICIES, make_comparison
from tests.components.charts.figures import check_figure, texts


def point(leader: int = 1, lead: float = 142.0, half: float = 44.0, rival: int = 2) -> Point:
    return {
        "leader": leader,
        "name": POLICIES[leader],
        "label": LABELS[POLICIES[leader]],
        "rival_label": LABELS[POLICIES[rival]],
        "lead": lead,
        "low": lead - half,
        "high": lead + half,
        "is_tie": lead - half <= 0,
    }


def strip(points: Sequence[Point | None], **changes: Any) -> Strip:
    made: Strip = {
        "what": "sends",
        "label": "Number of sends",
        "values": [1_000, 2_500, 5_000, 10_000, 25_000],
        "present": 3,
        "points": list(points),
        "unit": "sends",
        "campaigns": 84,
        "level": 1 - 0.1 / 32,
    }
    return made | changes  # type: ignore[return-value]


CLEAR = strip([point() for _ in range(5)])
TIE = point(lead=12.0)


def marks(figure: dict[str, Any]) -> dict[str, Any]:
    (found,) = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    return dict(found)


@given(
    st.lists(
        st.none() | st.builds(point, st.integers(0, 2), st.floats(0, 1e6), st.floats(0, 1e6)), min_size=5, max_size=5
    )
)
def test_every_simulated_scenario_has_a_whisker_and_a_word(points: list[Point | None]) -> None:
    shown = strip(points)
    figure = sensitivity.figure(make_comparison(), shown)
    check_figure(figure)
    known = [found for found in points if found is not None]
    whiskers = [trace for trace in figure["data"] if trace["mode"] == "lines"]
    assert len(whiskers) == len(known)
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 0 < high
    assert all(low < end < high for trace in whiskers for end in trace["y"])
    assert len(sensitivity.records([shown])) == len(known)
    assert texts(figure).count("tie") == sum(found["is_tie"] for found in known)


def test_a_point_wears_the_leaders_shape_hue_and_number() -> None:
    figure = sensitivity.figure(make_comparison(), CLEAR)
    assert set(marks(figure)["marker"]["symbol"]) == {"triangle-up"}
    assert set(marks(figure)["marker"]["color"]) == {"token:p2"}
    assert texts(figure).count("+142") == 5


def test_a_tie_is_hollow_and_grey_whoever_is_ahead() -> None:
    figure = sensitivity.figure(make_comparison(), strip([TIE, None, None, None, None]))
    marker = marks(figure)["marker"]
    assert marker["symbol"] == ["circle"]
    assert marker["color"] == ["token:bs-body-bg"]
    assert marker["line"]["color"] == ["token:btm-line-strong"]
    assert figure["data"][0]["line"]["color"] == "token:btm-line-strong"
    assert "+12" not in texts(figure)


def test_columns_that_are_not_simulated_yet_stay_empty() -> None:
    figure = sensitivity.figure(make_comparison(), strip([None, point(), None, None, point()]))
    assert marks(figure)["x"] == [1, 4]
    assert {"1,000", "2,500", "5,000", "10,000", "25,000"} <= set(texts(figure))


def test_the_present_scenario_is_shaded_and_bold() -> None:
    layout = sensitivity.figure(make_comparison(), CLEAR)["layout"]
    (shaded,) = [shape for shape in layout["shapes"] if shape["type"] == "rect"]
    assert (shaded["x0"] + shaded["x1"]) / 2 == 3
    written = [note["text"] for note in layout["annotations"]]
    assert "<b>10,000</b>" in written
    assert "5,000" in written


def test_another_leader_is_named_and_not_only_coloured() -> None:
    other = strip([point(leader=2, rival=1), *[point()] * 4])
    assert texts(sensitivity.figure(make_comparison(), other)).count("ε-greedy") == 1
    assert "ε-greedy" not in texts(sensitivity.figure(make_comparison(), CLEAR))
    setting = strip([point(leader=2, rival=0)] * 5, what="setting", label="ε of a policy")
    assert "ε-greedy" not in texts(sensitivity.figure(make_comparison(), setting))


def test_a_number_near_zero_makes_way_for_the_zero_line() -> None:
    points = [point(lead=4.0, half=1.0), point(lead=400.0), None, None, None]
    layout = sensitivity.figure(make_comparison(), strip(points))["layout"]
    lifts = {note["text"]: note.get("yshift") for note in layout["annotations"]}
    assert lifts["<b>+4</b>"] > 0
    assert lifts["<b>+400</b>"] == 0


OTHER = strip([point(leader=2, rival=1)] * 3 + [point()] * 2, what="gap", label="Gap")
SETTING = strip([point(leader=2, rival=0)] * 5, what="setting", label="ε")


@pytest.mark.parametrize(
    ("strips", "title"),
    [
        ([strip([None] * 5)], "Would another scenario change the answer?"),
        ([CLEAR, CLEAR], "The answer holds: Thompson sampling leads in all nine scenarios"),
        ([CLEAR, SETTING], "The answer holds: Thompson sampling leads in all five scenarios"),
        ([strip([TIE, TIE, point(), point(), None])], "Thompson sampling leads in two of four scenarios; two are ties"),
        (
            [strip([TIE, point(), point(), point(), None])],
            "Thompson sampling leads in three of four scenarios; one is a tie",
        ),
        ([OTHER], "The answer depends on the scenario: Thompson sampling or ε-greedy leads"),
        ([strip([TIE] * 5)], "No scenario has a clear leader: all five are ties"),
    ],
)
def test_the_title_says_whether_the_answer_holds(strips: list[Strip], title: str) -> None:
    assert sensitivity.title(make_comparison(), strips) == title


def test_the_deck_says_measure_level_and_marks() -> None:
    assert sensitivity.deck(make_comparison(), [CLEAR]) == (
        "The leader’s lead over its best rival in conversions, mean of 84 campaigns at each value. "
        "Whiskers: 99.7% interval of the mean, so that all of them hold together at 90%. "
        "Hollow: a tie, the interval includes zero. Shaded: your scenario. "
        "With fewer campaigns than above, a lead that is sure there can be a tie here."
    )
    assert "fewer campaigns" not in sensitivity.deck(make_comparison() | {"replications": 84}, [CLEAR])


@pytest.mark.parametrize("policies", [POLICIES, ("oracle", "thompson", "epsilon_greedy")])
def test_a_setting_is_measured_against_an_even_split_whatever_the_baseline(policies: tuple[str, ...]) -> None:
    told = sensitivity.deck(make_comparison(policies), [CLEAR, SETTING])
    assert "For a policy’s own setting: its extra over an even split." in told
    assert "The policy’s extra over an even split in conversions" in sensitivity.deck(
        make_comparison(policies), [SETTING]
    )


def test_the_deck_says_why_strips_are_missing() -> None:
    alone = make_comparison(("oracle", "thompson"))
    assert sensitivity.deck(alone, []) == (
        "Sends and the gap between lines are not varied: that takes two policies that can be used."
    )
    assert sensitivity.deck(alone, [SETTING]).startswith("Sends and the gap between lines are not varied")
    assert sensitivity.deck(make_comparison(), []) == "There is nothing to vary here."
    assert sensitivity.title(alone, []) == "Would another scenario change the answer?"


def test_the_summary_tells_every_value() -> None:
    assert sensitivity.summary(strip([TIE, point(), None, None, None], values=[1, 2.5, 3, 4, 5]), CONVERSIONS) == (
        "Number of sends, 99.7% intervals. 1: tie: Thompson sampling +12 over ε-greedy, −32 to +56; "
        "2.5: Thompson sampling +142 over ε-greedy, +98 to +186; "
        "3: not simulated yet; 4: not simulated yet; 5: not simulated yet."
    )


def test_a_record_says_what_was_changed() -> None:
    row = sensitivity.records([strip([point(), None, None, None, None])])[0]
    assert (row["level"], row["campaigns"]) == (pytest.approx(0.996875), 84)
    assert (row["changed"], row["value"], row["leader"], row["is_present"]) == (
        "Number of sends",
        1_000,
        "Thompson sampling",
        False,
    )


def test_names_cannot_smuggle_tags_into_the_chart() -> None:
    named = point() | {"label": "<b>us</b>", "rival_label": "<i>them</i>"}
    figure = sensitivity.figure(make_comparison(), strip([named, None, None, None, None], label="<b>x</b>"))
    assert "&lt;b&gt;us" in marks(figure)["hovertext"][0]
    assert "(99.7% interval)" in marks(figure)["hovertext"][0]
    assert figure["layout"]["annotations"][0]["text"] == "<b>&lt;b&gt;x&lt;/b&gt;</b>"


def test_nothing_simulated_yet_says_so() -> None:
    figure = sensitivity.figure(make_comparison(), strip([None] * 5))
    check_figure(figure)
    assert "The other scenarios have not been simulated yet." in texts(figure)


def test_leads_in_money_are_told_in_money_and_long_ones_are_short() -> None:
    comparison = make_comparison(goal="net_value")
    large = strip([point(lead=108_005.0), point(lead=4.5, half=1.0), None, None, None])
    assert "in net value, mean of" in sensitivity.deck(comparison, [large])
    written = texts(sensitivity.figure(comparison, large))
    assert {"+108k", "+4.50"} <= set(written)
    assert "+108,005 over ε-greedy" in sensitivity.summary(large, NET_VALUE)
