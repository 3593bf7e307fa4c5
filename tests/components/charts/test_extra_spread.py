from typing import Any

import pytest
from hypothesis import given

from components.charts import extra_spread
from tests.components.charts.comparisons import comparisons as any_comparison
from tests.components.charts.comparisons import make_comparison
from tests.components.charts.figures import check_figure, texts
from tests.components.comparisons import compared as real_comparison

ORDER = [2, 1, 0]


def everyone(comparison: dict[str, Any]) -> list[int]:
    return list(range(len(comparison["policies"])))


@given(any_comparison())
def test_whatever_is_compared_every_dot_lies_in_its_row(comparison: dict[str, Any]) -> None:
    order = everyone(comparison)
    figure = extra_spread.figure(comparison, order)
    check_figure(figure)
    *rows, means = figure["data"]
    challengers = len(order) - 1
    assert len(rows) == (challengers if comparison["replications"] > 1 else 0)
    assert len(means["x"]) == challengers
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 0 < high
    for row, base in zip(rows, means["y"], strict=False):
        assert len(row["x"]) == 100
        assert all(base < y < base + 90 for y in row["y"])
        assert all(low <= x <= high for x in row["x"])


def test_rows_follow_the_order_and_the_baseline_has_none() -> None:
    figure = extra_spread.figure(make_comparison(), ORDER)
    assert [trace["name"] for trace in figure["data"][:-1]] == ["ε-greedy", "Thompson sampling"]
    above, below = figure["data"][-1]["y"]
    assert above > below


def test_a_row_has_the_shape_name_mean_and_spread_of_its_policy() -> None:
    figure = extra_spread.figure(make_comparison(), ORDER)
    assert figure["data"][-1]["marker"]["symbol"] == ["circle", "triangle-up"]
    assert figure["data"][-1]["x"] == [1_000, 1_000]
    assert texts(figure)[:3] == ["ε-greedy", "+1,000", "+911 to +1,089"]


def test_dots_outside_of_nine_campaigns_in_ten_are_paler() -> None:
    colours = extra_spread.figure(make_comparison(), ORDER)["data"][1]["marker"]["color"]
    assert colours == ["token:p2/0.4"] * 5 + ["token:p2"] * 90 + ["token:p2/0.4"] * 5


def test_zero_is_dotted_and_named() -> None:
    layout = extra_spread.figure(make_comparison(), ORDER)["layout"]
    (zero,) = [shape for shape in layout["shapes"] if shape["line"].get("dash") == "2px 3px"]
    assert zero["x0"] == zero["x1"] == 0
    assert "0" in [note["text"] for note in layout["annotations"]]


def test_policies_that_always_tie_make_a_heap_and_not_a_pole() -> None:
    comparison = make_comparison(extras=(0, 0, 0))
    for policy in comparison["policies"]:
        policy["extra_percentiles"] = [0.0] * 100
    row = extra_spread.figure(comparison, ORDER)["data"][0]
    assert len(set(zip(row["x"], row["y"], strict=True))) == 100, "no dot hides another"


def test_one_campaign_has_marks_and_no_dots() -> None:
    comparison = make_comparison(campaigns=1)
    figure = extra_spread.figure(comparison, ORDER)
    assert len(figure["data"]) == 1
    assert extra_spread.height(comparison, ORDER) < extra_spread.height(make_comparison(), ORDER)
    assert extra_spread.deck(comparison).endswith("One campaign has no spread to show.")


@pytest.mark.parametrize(
    ("extra", "title"),
    [
        (1_000, "Thompson sampling beat A/B in every campaign"),
        (-1_000, "Thompson sampling fell behind A/B in every campaign"),
        (20, "Thompson sampling beat A/B in 60% of campaigns"),
    ],
)
def test_the_title_says_how_often_the_leader_won(extra: float, title: str) -> None:
    assert extra_spread.title(make_comparison(extras=(0, extra, 0))) == title


def test_a_tie_in_every_campaign_is_named_so() -> None:
    comparison = make_comparison(campaigns=60)
    comparison["policies"][1] |= {"wins": 0, "ties": 60, "losses": 0}
    assert extra_spread.title(comparison) == "Thompson sampling got exactly as many conversions as A/B"


def test_without_a_leader_the_highest_mean_is_the_finding() -> None:
    comparison = make_comparison(leader=None, extras=(0, 10, 1_000))
    assert extra_spread.title(comparison) == "ε-greedy beat A/B in every campaign"


def test_the_deck_says_what_a_dot_is() -> None:
    assert extra_spread.deck(make_comparison()).startswith(
        "Extra conversions over A/B, on the same recipients. One dot is 1% of 300 campaigns; "
        "pale dots are outside the middle 90%."
    )


def test_another_baseline_is_named() -> None:
    comparison = make_comparison(("thompson", "epsilon_greedy"), leader=1, runner_up=0)
    assert "extra conversions over Thompson sampling" in texts(extra_spread.figure(comparison, [0, 1]))


def test_the_summary_and_the_records_tell_every_row() -> None:
    comparison = make_comparison()
    assert extra_spread.summary(comparison, ORDER).startswith(
        "ε-greedy: +1,000 conversions over A/B on average; 90% of campaigns fell between +911 and +1,089. Thompson"
    )
    rows = extra_spread.records(comparison, ORDER)
    assert len(rows) == 200
    assert rows[0] == {"policy": "ε-greedy", "percentile": 0.5, "extra_conversions": 901.0}


def test_only_one_policy_says_so() -> None:
    comparison = make_comparison(("ab_split",), leader=None, runner_up=None)
    figure = extra_spread.figure(comparison, [0])
    check_figure(figure)
    assert texts(figure) == ["Add a second policy to compare."]
    assert extra_spread.title(comparison) == "Only one policy: there is nothing to compare it with"


def test_a_real_comparison_is_drawn() -> None:
    comparison = real_comparison()
    check_figure(extra_spread.figure(comparison, everyone(comparison)))
    assert len(extra_spread.records(comparison, everyone(comparison))) == 200


def test_money_is_told_as_money_and_small_amounts_are_not_rounded() -> None:
    comparison = make_comparison(goal="revenue", extras=[0.0, 4.25, -3.5])
    said = " ".join(
        [
            extra_spread.title(comparison),
            extra_spread.deck(comparison),
            extra_spread.summary(comparison, ORDER),
            *texts(extra_spread.figure(comparison, ORDER)),
        ]
    )
    assert "Extra revenue over A/B" in said
    assert "extra revenue over A/B" in said
    assert "Thompson sampling: +4.25 of revenue over A/B on average" in said
    assert "onversions" not in said
    assert extra_spread.records(comparison, ORDER)[0].keys() == {"policy", "percentile", "extra_revenue"}


def test_ticks_of_large_amounts_are_short() -> None:
    comparison = make_comparison(goal="net_value", extras=[0.0, 108_005.0, -60_000.0])
    assert "+100k" in texts(extra_spread.figure(comparison, ORDER))


def test_one_campaign_by_money_says_how_much() -> None:
    assert extra_spread.title(make_comparison(goal="net_value", campaigns=1, extras=[0.0, -1_234.0, 1.0])) == (
        "In the one campaign, Thompson sampling got 1,234 less net value than A/B"
    )
