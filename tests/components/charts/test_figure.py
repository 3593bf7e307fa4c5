import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.figure import (
    GRAPH_CONFIG,
    base_layout,
    graph,
    label_room,
    nice_top,
    plain,
    push_apart,
    send_axis,
)
from tests.components.charts.figures import check_figure


def test_the_layout_holds_tokens_and_no_background() -> None:
    layout = base_layout()
    check_figure({"data": [], "layout": layout})
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["hovermode"] == "x unified"


def test_an_override_is_merged_and_leaves_the_default_alone() -> None:
    layout = base_layout(xaxis={"range": [0, 1]}, margin={"l": 99})
    assert layout["xaxis"]["range"] == [0, 1]
    assert layout["xaxis"]["linecolor"] == "token:btm-axis"
    assert layout["margin"]["l"] == 99
    assert base_layout()["margin"]["l"] != 99


def test_no_button_uploads_the_chart() -> None:
    assert {"sendChartToCloud", "sendDataToCloud"} <= set(GRAPH_CONFIG["modeBarButtonsToRemove"])
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["displaylogo"] is False


def test_a_graph_keeps_its_height_and_has_a_name_and_a_summary() -> None:
    props = graph("some-graph", 270, "Conversions so far", "A/B split 12.").to_plotly_json()["props"]
    assert props["style"] == {"minHeight": "270px"}
    assert props["aria-label"] == "Conversions so far"
    chart, summary = props["children"]
    assert chart.style == {"height": "270px"}
    assert props["aria-describedby"] == summary.id == "some-graph-summary"


@given(st.lists(st.floats(0, 200), max_size=8), st.floats(1, 40))
def test_pushed_places_keep_their_order_the_gap_and_the_room(places: list[float], gap: float) -> None:
    moved = push_apart(places, gap, 0, 200)
    assert len(moved) == len(places)
    gap = min(gap, 200 / max(1, len(places) - 1))
    ordered = [place for _, place in sorted(zip(places, moved, strict=True), key=lambda pair: pair)]
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(sorted(ordered)))
    assert all(-1e-6 <= place <= 200 + 1e-6 for place in moved)


def test_places_that_are_far_apart_stay() -> None:
    assert push_apart([10, 100, 50], 16, 0, 200) == [10, 100, 50]


def test_neighbours_share_the_move() -> None:
    assert push_apart([100, 104], 16, 0, 200) == pytest.approx([94, 110])


@given(st.floats(1e-6, 1e9), st.integers(2, 6))
def test_an_axis_has_few_round_lines_and_room_above(value: float, lines: int) -> None:
    top, step = nice_top(value, lines)
    assert value < top <= 1.1 * value
    assert top // step <= lines
    digits = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(digits, nice) for nice in (1, 2, 2.5, 5, 10))


def test_an_empty_axis_still_has_a_length() -> None:
    assert nice_top(0) == (1.0, 1.0)


@given(st.integers(100, 1_000_000), st.sampled_from([2, 4]))
def test_send_ticks_start_at_zero_and_end_with_the_run(sends: int, steps: int) -> None:
    axis = send_axis(sends, steps)
    ticks = axis["tickvals"]
    assert ticks[0] == 0
    assert ticks[-1] == sends
    assert axis["ticktext"][-1] == f"{sends:,} sends"
    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= steps + 2


def test_ten_thousand_sends_are_cut_into_quarters() -> None:
    assert send_axis(10_000, 4)["tickvals"] == [0, 2_500, 5_000, 7_500, 10_000]
    assert send_axis(10_000, 2)["tickvals"] == [0, 5_000, 10_000]


@pytest.mark.parametrize(
    ("narrowest", "kept"),
    [(math.inf, [0, 10_000, 16_000]), (200, [0, 10_000, 16_000]), (124, [0, 5_000, 16_000]), (60, [0, 16_000])],
)
def test_on_a_narrow_axis_no_two_ticks_touch(narrowest: float, kept: list[int]) -> None:
    axis = send_axis(16_000, 2, narrowest)
    assert axis["tickvals"] == kept
    assert axis["ticktext"] == [*(f"{tick:,}" for tick in kept[:-1]), "16,000 sends"]


def test_a_visitors_words_stay_words() -> None:
    assert plain("<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"
    assert plain("sliding-window Thompson (window 500)") == "sliding-window Thom…"


def test_longer_labels_get_more_room_up_to_a_limit() -> None:
    assert label_room(["A/B"]) < label_room(["Thompson sampling"])
    assert label_room(["x" * 20]) == label_room(["x" * 90])
