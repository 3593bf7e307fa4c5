from typing import Any

from dash import dcc, html

from components import wording_compare as words
from components.cards import leaderboard
from components.whiskers import axis_head, axis_over, whisker
from components.wording import Contender
from tests.components.comparisons import ALIKE, compared, in_money, in_segments, made_to
from tests.components.results import having_class, text_of, walk


def no_link(_place: int) -> None:
    return None


def drawn(comparison: dict[str, Any]) -> list[str]:
    return [text_of(entry["row"]) for entry in leaderboard.rows(comparison, no_link)]


def test_the_best_stands_first_and_every_policy_has_a_row() -> None:
    comparison = compared()
    order = [entry["values"]["extra"] for entry in leaderboard.rows(comparison, no_link)]
    assert order == sorted(order, reverse=True)
    assert len(order) == 3


def test_the_oracle_stands_above_all_as_the_ceiling() -> None:
    first, *_ = drawn(compared(policies=("ab_split", "thompson", "oracle")))
    assert first.startswith("Oracle")
    assert "the ceiling" in first


def test_a_row_holds_what_the_comparison_found() -> None:
    comparison = compared()
    policy = comparison["policies"][1]
    row = next(text for text in drawn(comparison) if text.startswith("Thompson"))
    assert f"+{policy['extra']['mean']:,.0f}" in row
    assert f"{100 * policy['picks_best']['mean']:.0f}%" in row
    assert f"{100 * policy['top_share_mean']:.0f}%" in row


def test_the_baseline_is_named_and_compared_with_nothing() -> None:
    row = next(text for text in drawn(compared()) if text.startswith("A/B split"))
    assert "baseline" in row
    assert "117 conversions to beat" in row
    assert row.count("–") == 3


def test_what_is_recommended_has_a_tag_and_not_hue_alone() -> None:
    rows = leaderboard.rows(made_to("use", compared(), leader=1), no_link)
    tagged = [text_of(entry["row"]) for entry in rows if "recommended" in text_of(entry["row"])]
    assert len(tagged) == 1
    assert tagged[0].startswith("Thompson")


def test_what_may_be_nothing_is_drawn_hollow() -> None:
    rows = leaderboard.rows(compared(*ALIKE), no_link)
    unclear = [entry["row"] for entry in rows if "is-unclear" in entry["row"].className]
    assert len(unclear) == 2


def test_whiskers_share_an_axis_with_zero_on_it() -> None:
    comparison = compared()
    axis = leaderboard.axis_of(comparison)
    assert 0.0 in axis.ticks
    assert len(axis.ticks) <= 6
    ends = [end for policy in comparison["policies"] for end in policy["extra_spread"]]
    assert axis.low < min(ends)
    assert axis.high > max(ends)
    assert 0 < axis.place(0.0) < 100


def test_an_axis_without_differences_still_has_a_width() -> None:
    comparison = compared((0.0, 0.0), ("ab_split", "thompson"), 10, 2)
    axis = leaderboard.axis_of(comparison)
    assert axis.high > axis.low
    assert len(leaderboard.rows(comparison, no_link)) == 2


def test_a_row_opens_its_policy() -> None:
    rows = leaderboard.rows(compared(), lambda place: f"/?s={place}")
    links = [
        str(getattr(part, "href", None)) for entry in rows for part in walk(entry["row"]) if isinstance(part, dcc.Link)
    ]
    assert sorted(links) == ["/?s=0", "/?s=1", "/?s=2"]


def test_every_column_can_be_sorted_by_what_rows_hold() -> None:
    comparison = compared()
    buttons = [part for part in walk(leaderboard.head(comparison)) if isinstance(part, html.Button)]
    keys = {getattr(button, "data-sort") for button in buttons}
    assert all(keys == set(entry["values"]) for entry in leaderboard.rows(comparison, no_link))
    assert len(having_class(leaderboard.head(comparison), "sort-button")) == len(keys)


def test_the_title_says_the_finding() -> None:
    assert "Thompson sampling does so by most" in leaderboard.title(made_to("use", compared(), leader=1))
    assert leaderboard.title(compared(*ALIKE)) == "No policy is clearly better than an even split"


def test_a_whisker_that_its_mark_would_hide_has_no_ends() -> None:
    axis = axis_over((0.0, 1000.0))
    wide, narrow = (whisker(axis, 1, 900.0, (900.0 - half, 900.0 + half)) for half in (200.0, 20.0))
    assert having_class(narrow, "is-narrow")
    assert not having_class(wide, "is-narrow")


def test_one_of_several_is_told_in_good_grammar() -> None:
    leader, even = Contender("Thompson sampling", 1), Contender("A/B split", 0, is_even_split=True)
    told = [words.leaderboard_title("use", leader, even, better, 4) for better in (1, 2)]
    assert told[0] == "One of four policies clearly beats an even split"
    assert told[1] == "Two of four policies clearly beat an even split"


def test_the_file_has_a_row_a_policy_and_the_same_keys() -> None:
    records = leaderboard.records(compared())
    assert len(records) == 3
    assert len({tuple(record) for record in records}) == 1
    assert records[0]["extra mean 90% low"] < records[0]["extra"] < records[0]["extra mean 90% high"]


def test_when_traffic_settles_is_a_dash_where_that_cannot_be_known() -> None:
    comparison = compared(policies=("ab_split", "thompson"))
    for policy in comparison["policies"]:
        policy["settled_after"] = None
    assert all("not yet" in row for row in drawn(comparison))
    unknown = drawn(comparison | {"settling_known": False})
    assert not any("not yet" in row for row in unknown)
    assert sum(row.count("–") for row in unknown) == sum(row.count("–") for row in drawn(comparison)) + 2


def test_money_is_told_as_money_with_conversions_only_in_the_file() -> None:
    comparison = in_money()
    baseline = comparison["policies"][0]
    shown = " ".join([text_of(leaderboard.head(comparison)), *drawn(comparison)])
    assert "Extra revenue over A/B" in shown
    assert f"{baseline['total_mean']:,.0f} of revenue to beat" in shown
    assert "onversions" not in shown
    records = {record["policy"]: record for record in leaderboard.records(comparison)}
    assert records["A/B split"]["revenue"] == baseline["total_mean"]
    assert records["A/B split"]["conversions"] == baseline["conversions_mean"]
    assert "revenue" not in leaderboard.records(compared())[0]


def test_long_ticks_are_short_and_small_ones_have_their_cents() -> None:
    assert [text_of(tick) for tick in having_class(axis_head(axis_over([-108_005.0]), ""), "whisker-tick")] == [
        "−100k",
        "−75k",
        "−50k",
        "−25k",
        "0",
    ]
    cents = axis_head(axis_over([0.9], least_step=0.01), "")
    assert [text_of(tick) for tick in having_class(cents, "whisker-tick")] == ["0", "+0.2", "+0.4", "+0.6", "+0.8"]


def test_where_recipients_differ_best_is_best_for_the_recipient() -> None:
    heads = text_of(leaderboard.head(in_segments()))
    assert words.TO_BEST_FOR_EACH in heads
    assert words.PICKS_OVERALL in heads
    segmented = in_segments(policies=("ab_split", "thompson", "segment_thompson"))
    contextual = next(row for row in drawn(segmented) if row.startswith("Thompson by segment"))
    assert contextual.count("–") == 2
    assert words.NOT_SETTLED not in contextual
    assert leaderboard.values(segmented, 2)["picks"] < 0
    moving = text_of(leaderboard.head(in_segments() | {"rates_change": True}))
    assert words.TO_BEST_FOR_EACH_THEN in moving
    assert words.PICKS_OVERALL_AT_END in moving
