from typing import Any

import pytest
from hypothesis import given

from components.charts import allocation
from tests.components.charts.comparisons import comparisons as any_comparison
from tests.components.charts.comparisons import make_comparison
from tests.components.charts.figures import check_figure, texts
from tests.components.comparisons import compared as real_comparison
from tests.components.results import having_class, text_of

MANY = [0.01 * line for line in range(1, 41)]


@given(any_comparison())
def test_every_stack_is_the_whole_traffic(comparison: dict[str, Any]) -> None:
    for place in range(len(comparison["policies"])):
        figure = allocation.figure(comparison, place)
        check_figure(figure)
        stacks = zip(*(trace["y"] for trace in figure["data"]), strict=True)
        assert all(sum(stack) == pytest.approx(1, abs=0.01) for stack in stacks)
        assert len(figure["data"]) <= 9


def test_the_best_line_lies_at_the_bottom_in_its_green_then_the_scenarios_order() -> None:
    data = allocation.figure(make_comparison(), 1)["data"]
    assert [trace["name"][0] for trace in data] == ["C", "A", "B"]
    assert [trace["fillcolor"] for trace in data] == ["token:a2", "token:a0", "token:a1"]
    assert {trace["line"]["color"] for trace in data} == {"token:bs-body-bg"}


def test_a_stack_reaches_from_the_first_send_to_the_last() -> None:
    across = allocation.figure(make_comparison(steps=4), 1)["data"][0]["x"]
    assert across == [0, 1_250, 3_750, 6_250, 8_750, 10_000]


def test_below_stands_what_went_to_the_best_line() -> None:
    assert texts(allocation.figure(make_comparison(), 1))[-1] == "89% to the best line"
    two = make_comparison(rates=(0.4, 0.1, 0.4))
    assert texts(allocation.figure(two, 1))[-1] == "89% to the best lines"
    assert texts(allocation.figure(make_comparison(rates=(0.1, 0.1)), 1))[-1] == "all lines are equally good"


def test_a_caption_that_is_wider_than_half_a_phone_takes_two_lines() -> None:
    moving = make_comparison() | {"rates_change": True}
    assert texts(allocation.figure(moving, 1))[-1] == "89% to the line best at<br>the time"


def test_letters_stand_where_there_is_room() -> None:
    assert texts(allocation.figure(make_comparison(), 0))[:3] == ["C", "A", "B"]
    assert texts(allocation.figure(make_comparison(steps=40), 1))[:-1] == ["C"]


def test_many_lines_are_named_in_part_and_the_rest_is_grey() -> None:
    comparison = make_comparison(rates=MANY)
    figure = allocation.figure(comparison, 0)
    check_figure(figure)
    assert len(figure["data"]) == 9
    assert figure["data"][0]["name"].startswith("AN ")
    assert figure["data"][8]["name"] == "32 other lines"
    assert figure["data"][8]["fillcolor"] == "token:btm-line-strong"
    assert "32 other lines" in texts(figure)
    assert allocation.deck(comparison).endswith("Grey, at the top: the 32 lines with the least mail.")


def test_the_most_sent_lines_are_named_in_every_stack() -> None:
    comparison = make_comparison(rates=MANY)
    for window in comparison["curves"]["traffic"][2]:
        window[20], window[39] = window[39], window[20]
    names = [trace["name"].split()[0] for trace in allocation.figure(comparison, 0)["data"]]
    assert names == [trace["name"].split()[0] for trace in allocation.figure(comparison, 1)["data"]]
    assert "U" in names


def test_the_legend_follows_the_stack() -> None:
    assert text_of(allocation.legend(make_comparison())) == "CLine <b>2</b>ALine <b>0</b>BLine <b>1</b>"
    assert text_of(allocation.legend(make_comparison(rates=MANY))).endswith("32 other lines")


def test_the_heading_is_the_policys_mark_and_name() -> None:
    heading = allocation.heading(make_comparison(), 1)
    assert having_class(heading, "mark-triangle-up")
    assert text_of(heading) == "Thompson sampling"


def test_the_title_says_whose_mail_went_to_the_best_line() -> None:
    with_oracle = make_comparison(("ab_split", "thompson", "oracle"), runner_up=0)
    assert allocation.title(with_oracle) == "Thompson sampling sent 89% of the mail to the best line, C"
    assert allocation.title(make_comparison(rates=(0.1, 0.1))) == "Nothing to find: all lines convert alike"


def test_lines_whose_order_varies_keep_the_scenarios_order_and_say_so() -> None:
    comparison = make_comparison() | {"best": None, "best_lines": []}
    names = [trace["name"][0] for trace in allocation.figure(comparison, 1)["data"]]
    assert names == ["A", "B", "C"]
    assert allocation.deck(comparison).endswith("Which line is best differs from campaign to campaign.")
    assert allocation.title(comparison) == "Thompson sampling sent 89% of the mail to the best line"


def test_names_cannot_smuggle_tags_into_the_chart() -> None:
    data = allocation.figure(make_comparison(), 1)["data"]
    assert all("&lt;b&gt;" in trace["name"] and "<b>" not in trace["name"] for trace in data)
    assert all("Line" not in trace["hovertemplate"] for trace in data)


def test_a_hover_tells_the_share_of_its_stretch() -> None:
    area = allocation.figure(make_comparison(steps=4), 0)["data"][0]
    assert area["customdata"][0] == area["customdata"][1] == "sends 1 to 2,500"
    assert area["customdata"][-1] == "sends 7,501 to 10,000"
    assert "%{y:.0%} of %{customdata}" in area["hovertemplate"]


def test_the_summary_and_the_records_tell_the_shares() -> None:
    comparison = make_comparison(steps=4)
    assert allocation.summary(comparison, 0) == (
        "A/B split: 20% to the best line. Of the last sends: C Line <b>2</b> 33%, A Line <b>0</b> 33%, "
        "B Line <b>1</b> 33%."
    )
    rows = allocation.records(comparison)
    assert len(rows) == 3 * 4 * 3
    assert rows[0] | {"share": None} == {
        "policy": "A/B split",
        "sends_from": 1,
        "sends_to": 2_500,
        "line": "Line <b>0</b>",
        "share": None,
    }


def test_nothing_sent_says_so() -> None:
    comparison = make_comparison()
    comparison["curves"] |= {"windows": [], "traffic": [[], [], []]}
    figure = allocation.figure(comparison, 1)
    check_figure(figure)
    assert texts(figure) == ["No traffic yet."] == [allocation.summary(comparison, 1)]


def test_a_real_comparison_is_drawn() -> None:
    comparison = real_comparison()
    check_figure(allocation.figure(comparison, 1))
    assert len(allocation.records(comparison)) == 3 * 3 * len(comparison["curves"]["windows"])


def test_where_recipients_differ_the_share_is_that_of_the_line_best_for_each() -> None:
    segmented = make_comparison() | {"is_segmented": True}
    assert allocation.title(segmented).endswith("of the mail to the line that was best for each recipient")
    assert allocation.deck(segmented).endswith("At the bottom: the line that is best overall.")
    assert texts(allocation.figure(segmented, 1))[-1].replace("<br>", " ") == "89% to the line best for the recipient"


def test_lines_that_are_alike_over_all_recipients_are_not_alike_for_each() -> None:
    alike = make_comparison(rates=(0.2, 0.2))
    assert allocation.title(alike) == "Nothing to find: all lines convert alike"
    assert allocation.title(alike | {"goal": "net_value"}) == "Nothing to find: all lines earn alike"
    assert "best for each recipient" in allocation.title(alike | {"is_segmented": True})
