import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import luck
from tests.components.charts.figures import check_figure, texts
from tests.components.results import make_luck

DOTS = st.lists(st.floats(-1e6, 1e6).map(round), min_size=100, max_size=100).map(sorted)


@given(DOTS, st.integers(-(10**6), 10**6))
def test_whatever_the_campaigns_every_dot_and_the_run_are_drawn(dots: list[int], shown: int) -> None:
    figure = luck.figure(make_luck(percentiles=dots, shown=shown), 1)
    check_figure(figure)
    campaigns, run = figure["data"]
    low, high = figure["layout"]["xaxis"]["range"]
    assert len(campaigns["x"]) == len(campaigns["y"]) == 100
    assert all(low < x < high for x in [*campaigns["x"], *run["x"]])
    assert max(*campaigns["y"], *run["y"]) <= figure["layout"]["yaxis"]["range"][1]


@given(DOTS, st.integers(-(10**6), 10**6))
def test_a_dot_is_at_most_a_stack_away_from_its_value(dots: list[int], shown: int) -> None:
    placed = luck.arrange([*map(float, dots), float(shown)])
    assert max(abs(x - value) for x, value in zip(placed.x, dots, strict=False)) <= 6 * placed.column
    assert len(set(zip(placed.x, placed.y, strict=True))) == 101, "no dot hides another"


@pytest.mark.parametrize("value", [0.0, 1216.0, -3.0])
def test_equal_campaigns_make_one_heap(value: float) -> None:
    figure = luck.figure(make_luck(percentiles=[value] * 100, shown=value), 1)
    check_figure(figure)
    campaigns, run = figure["data"]
    assert abs(sum(campaigns["x"]) / 100 - value) < 1
    assert max(campaigns["y"]) < 12, "no tall pole"
    assert run["y"][0] >= max(campaigns["y"]), "the run lies on top"


def test_a_run_far_outside_lies_on_the_axis() -> None:
    figure = luck.figure(make_luck(shown=9_000.0), 1)
    assert figure["data"][1]["y"] == [0]
    assert "this run, +9,000" in texts(figure)


def test_dots_outside_of_nine_campaigns_in_ten_are_paler() -> None:
    colours = luck.figure(make_luck(), 1)["data"][0]["marker"]["color"]
    assert colours == ["token:p1/0.4"] * 4 + ["token:p1"] * 92 + ["token:p1/0.4"] * 4


def test_zero_is_marked_only_in_range() -> None:
    around = luck.figure(make_luck(percentiles=[place - 50.0 for place in range(100)]), 1)
    assert len(around["layout"]["shapes"]) == 3
    assert 0 in around["layout"]["xaxis"]["tickvals"]
    assert len(luck.figure(make_luck(), 1)["layout"]["shapes"]) == 2


def test_nothing_yet_says_so() -> None:
    figure = luck.figure(make_luck(extra_percentiles=[]), 1)
    check_figure(figure)
    assert texts(figure) == ["No repeat campaigns yet."]


def test_the_summary_tells_the_spread_and_the_run() -> None:
    assert luck.summary(make_luck(), 1) == (
        "Extra conversions of ε-greedy over A/B in 400 repeat campaigns: +1,146 on average; "
        "90% of campaigns fell between +941 and +1,350. This run, +1,266, beat 77% of them."
    )
