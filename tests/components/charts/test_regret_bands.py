from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from components.charts import regret_bands
from tests.components.charts.comparisons import comparisons as any_comparison
from tests.components.charts.comparisons import make_comparison
from tests.components.charts.figures import check_figure, texts
from tests.components.comparisons import compared as real_comparison


def lines(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The policies' mean lines."""
    return [trace for trace in figure["data"] if trace["mode"] == "lines" and "hovertemplate" in trace]


def bands(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("fill") == "tonexty"]


def dotted(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("name") == "best possible slope"]


@given(any_comparison())
def test_whatever_is_compared_every_policy_has_a_line_and_a_label(comparison: dict[str, Any]) -> None:
    figure = regret_bands.figure(comparison)
    check_figure(figure)
    assert len(lines(figure)) == len(comparison["policies"])
    assert len(bands(figure)) <= 2
    named = " ".join(texts(figure))
    assert all(policy["label"] in named for policy in comparison["policies"])
    assert regret_bands.title(comparison)
    assert regret_bands.deck(comparison).endswith(".")


def test_a_line_that_dwarfs_the_rest_leaves_the_chart_and_says_so() -> None:
    figure = regret_bands.figure(make_comparison())
    top = figure["layout"]["yaxis"]["range"][1]
    assert 216 * 1.5 < top < 1_430 / 2
    assert "↑ A/B split, 1,430 by the end" in texts(figure)
    assert "An arrow marks a line that goes on above the chart." in regret_bands.deck(make_comparison())
    exit_mark = figure["data"][-1]
    assert exit_mark["y"] == [top]
    assert exit_mark["x"][0] == pytest.approx(top / 1_430 * 10_000, abs=1)


def test_any_steep_line_leaves_the_chart_but_never_the_leader() -> None:
    steep = make_comparison(("thompson", "epsilon_greedy", "ucb1"), ends=(50, 60, 900), leader=0, runner_up=1)
    assert "↑ UCB1, 900 by the end" in texts(regret_bands.figure(steep))
    led = steep | {"verdict": {"kind": "use", "leader": 2, "runner_up": 1}}
    assert not any("↑" in text for text in texts(regret_bands.figure(led)))


def test_two_steep_lines_of_six_leave_the_chart_on_labels_of_their_own() -> None:
    policies = ("ab_split", "thompson", "epsilon_greedy", "ucb1", "ucb1", "ucb1")
    layout = regret_bands.figure(make_comparison(policies, ends=(1_430, 75, 90, 80, 85, 1_200)))["layout"]
    shifts = [note["yshift"] for note in layout["annotations"] if "↑" in note["text"]]
    assert len(set(shifts)) == 2


def test_lines_of_like_height_all_stay_on_the_chart() -> None:
    figure = regret_bands.figure(make_comparison(ends=(300, 150, 200)))
    assert not any("↑" in text for text in texts(figure))
    assert figure["layout"]["yaxis"]["range"][1] > 300


def test_bands_are_those_of_the_leader_and_the_runner_up() -> None:
    figure = regret_bands.figure(make_comparison())
    assert [band["fillcolor"] for band in bands(figure)] == ["token:p2/0.2", "token:p1/0.1"]
    assert "Bands: 90% of campaigns, for Thompson sampling and ε-greedy." in regret_bands.deck(make_comparison())


@pytest.mark.parametrize("changes", [{"campaigns": 1}, {"leader": None, "runner_up": None}, {"ends": (0, 0, 0)}])
def test_without_a_spread_or_a_leader_there_are_no_bands(changes: dict[str, Any]) -> None:
    comparison = make_comparison(**changes)
    assert not bands(regret_bands.figure(comparison))
    assert "Band" not in regret_bands.deck(comparison)


def test_only_the_recommended_line_is_thick() -> None:
    widths = [line["line"]["width"] for line in lines(regret_bands.figure(make_comparison()))]
    assert widths == [2.25, 2.25, 3]
    close = regret_bands.figure(make_comparison(kind="close"))
    assert {line["line"]["width"] for line in lines(close)} == {2.25}


def test_the_dotted_slope_starts_on_the_lowest_line() -> None:
    (slope,) = dotted(regret_bands.figure(make_comparison(steps=20)))
    assert slope["x"][0] == 1_000
    assert slope["y"][0] == pytest.approx(7.5)
    assert slope["y"][-1] - slope["y"][0] == pytest.approx(18)


@pytest.mark.parametrize("curve", [None, [0.0] * 20, [1e6 * step for step in range(20)]])
def test_no_slope_where_it_is_unknown_flat_or_off_the_chart(curve: list[float] | None) -> None:
    comparison = make_comparison()
    comparison["curves"]["lai_robbins_regret"] = curve
    figure = regret_bands.figure(comparison)
    assert not dotted(figure)
    assert "best possible slope" not in texts(figure)
    assert "Dotted" not in regret_bands.deck(comparison)


def test_the_oracle_is_ink_and_dashed() -> None:
    figure = regret_bands.figure(make_comparison(("ab_split", "thompson", "oracle"), runner_up=0))
    (oracle,) = [line for line in lines(figure) if line["name"] == "Oracle"]
    assert oracle["line"] == {"color": "token:oracle", "width": 1.25, "dash": "2px,3.5px"}


def test_labels_keep_their_distance_and_moved_ones_are_tied_to_their_ends() -> None:
    policies = ("ab_split", *["ucb1"] * 6, "thompson")
    layout = regret_bands.figure(make_comparison(policies, ends=(10, *[9.9] * 6, 9.8), leader=7, runner_up=1))["layout"]
    names = [note for note in layout["annotations"] if note["xanchor"] == "left"]
    heights = sorted(note["y"] for note in names)
    unit = layout["yaxis"]["range"][1] / (regret_bands.HEIGHT - layout["margin"]["t"] - layout["margin"]["b"])
    assert min(later - earlier for earlier, later in pairwise(heights)) >= 15.9 * unit
    assert layout["shapes"]


def test_the_title_says_who_missed_least() -> None:
    assert regret_bands.title(make_comparison()) == "Thompson sampling missed the fewest conversions: 75"
    assert regret_bands.title(make_comparison(ends=(9, 4.02, 4))) == (
        "Thompson sampling and ε-greedy missed the fewest conversions: 4.0 each"
    )
    assert regret_bands.title(make_comparison(ends=(0, 0, 0))) == "Nothing to miss: all lines convert alike"


def test_the_title_says_when_missing_stopped_early() -> None:
    comparison = make_comparison()
    comparison["curves"]["regret"][1] = [70.0] * 19 + [75.0]
    assert regret_bands.title(comparison) == "Thompson sampling stops missing conversions early: 75 by the end"


def test_the_oracle_cannot_be_the_finding() -> None:
    assert "Oracle" not in regret_bands.title(make_comparison(("ab_split", "thompson", "oracle"), runner_up=0))


def test_the_summary_and_the_records_tell_every_policy() -> None:
    comparison = make_comparison(steps=4)
    assert regret_bands.summary(comparison) == (
        "Conversions missed by the end of 10,000 sends, mean of 300 campaigns: "
        "Thompson sampling 75, ε-greedy 216, A/B split 1,430."
    )
    rows = regret_bands.records(comparison)
    assert len(rows) == 3 * 4
    assert rows[4] | {"regret_p5": None} == {
        "policy": "Thompson sampling",
        "sends": 2_500,
        "regret_mean": 18.75,
        "regret_p5": None,
        "regret_p95": None,
    }
    assert rows[5]["regret_p95"] == pytest.approx(56.25)


def test_names_that_begin_alike_keep_their_ends_and_smuggle_no_tags() -> None:
    comparison = make_comparison()
    for place, policy in enumerate(comparison["policies"]):
        policy["label"] = f"<b>Whatever worked best</b> last year, number {place}"
    shown = [note["text"] for note in regret_bands.figure(comparison)["layout"]["annotations"]]
    assert sum("…umber 1" in text or "…mber 1" in text for text in shown) == 1
    assert not any("<b>Whatever" in text for text in shown)


def test_nothing_yet_says_so() -> None:
    comparison = make_comparison()
    comparison["curves"]["at"] = []
    figure = regret_bands.figure(comparison)
    check_figure(figure)
    assert texts(figure) == ["No campaigns yet. Run the scenario to see what each policy missed."]


def test_a_real_comparison_is_drawn() -> None:
    comparison = real_comparison()
    check_figure(regret_bands.figure(comparison))
    assert "Thompson sampling" in regret_bands.summary(comparison)
    assert len(regret_bands.records(comparison)) == 3 * len(comparison["curves"]["at"])


def test_no_tick_touches_the_name_of_the_end_on_a_phone() -> None:
    wide = regret_bands.figure(make_comparison(sends=10_000))["layout"]["xaxis"]["ticktext"]
    tight = regret_bands.figure(make_comparison(sends=420_000))["layout"]["xaxis"]["ticktext"]
    assert wide == ["0", "5,000", "10,000 sends"]
    assert tight == ["0", "420,000 sends"]


def test_money_that_was_missed_is_told_as_money() -> None:
    comparison = make_comparison(goal="revenue")
    assert regret_bands.title(comparison) == "Thompson sampling missed the least revenue: 75"
    assert regret_bands.deck(comparison).startswith("Revenue missed by not sending the best line (regret)")
    assert regret_bands.summary(comparison).startswith("Revenue missed by the end")
    small = make_comparison(goal="revenue", ends=[3.0, 0.25, 1.0])
    assert regret_bands.title(small).endswith("0.25")
    assert {line["hovertemplate"] for line in lines(regret_bands.figure(small))} == {"%{y:,.2f}"}
    assert regret_bands.title(make_comparison(goal="revenue", ends=[0.0] * 3)).endswith("all lines earn alike")


def test_where_recipients_differ_it_is_measured_against_the_best_for_each() -> None:
    deck = regret_bands.deck(make_comparison() | {"is_segmented": True})
    assert deck.startswith("Conversions missed by not sending the line that was best for each recipient (regret)")
