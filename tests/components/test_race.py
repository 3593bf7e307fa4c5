from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components import race as run
from tests.components.results import make_moving, make_race, races


@given(races(), st.integers(1, 30))
def test_windows_lose_no_send(race: dict[str, Any], at_most: int) -> None:
    for policy in range(len(race["policies"])):
        cut = run.windows(race, policy, at_most)
        assert len(cut) <= at_most
        assert (cut[0].start, cut[-1].end) == (0, race["sends"])
        totals = [sum(column) for column in zip(*(window.sends for window in cut), strict=True)]
        assert totals == run.row(race, policy, "sends")
        assert all(sum(window.sends) == window.end - window.start for window in cut)


def test_the_majority_counts_from_the_window_that_keeps_it() -> None:
    race = make_race(settled_at=0.2)
    assert run.majority_from(race, 1, [2]) == 2_000
    assert run.majority_from(race, 0, [2]) is None
    assert run.favourite(race, 1) == 2


def test_half_of_the_traffic_is_no_majority() -> None:
    race = make_race(rates=(0.1, 0.2))
    assert run.favourite(race, race["baseline"]) is None


def test_the_focus_is_the_first_policy_that_can_be_used() -> None:
    assert run.focus(make_race(("oracle", "ab_split", "thompson"))) == 2
    assert run.focus(make_race(("ab_split", "oracle"))) == 1
    assert run.focus(make_race(("thompson", "epsilon_greedy"))) == 1


def test_many_lines_are_cut_to_those_most_sent_but_never_the_best() -> None:
    rates = [0.01 * (place % 7) for place in range(30)]
    named = run.told_apart(make_race(rates=rates, favourite=29))
    assert len(named) == 7
    assert named[0] == 6
    assert 29 in named


def test_equally_good_lines_are_all_the_best() -> None:
    assert run.best_lines(make_race(rates=(0.2, 0.1, 0.2))) == [0, 2]


@given(races())
def test_conversions_by_frame_rise_to_the_total(race: dict[str, Any]) -> None:
    for policy in range(len(race["policies"])):
        line = run.conversions_by_frame(race, policy)
        assert line == sorted(line)
        assert (len(line), line[-1]) == (len(race["at"]), run.conversions(race, policy))


def test_the_baseline_leads_the_racing_order() -> None:
    assert run.racing_order(make_race(("thompson", "ab_split", "oracle"))) == [1, 0, 2]


LATER = (0.2, 0.3194, None, 0.6, 0.1471)


def test_where_rates_move_the_best_line_is_the_best_over_the_campaign() -> None:
    race = make_moving(make_race(), LATER)
    assert run.moves(race)
    assert run.best_lines(race) == [race["best"]]
    assert run.rates_at(race, 0) == [arm["rate"] for arm in race["arms"]]
    assert run.rates_at(race) == list(LATER)
    assert run.to_best(race, 0) == race["sends"] // 4


def test_lines_that_wear_out_do_not_move_by_themselves() -> None:
    race = make_race() | {"rates": [0.1] * 505, "wears_out": True}
    assert not run.moves(race)
    assert run.best_lines(race) == run.best_lines(make_race())


def test_in_a_steady_world_sends_to_the_best_line_are_those_of_that_line() -> None:
    race = make_race()
    assert run.to_best(race, 0) == race["sends"] // 5


@given(races())
def test_what_crosses_the_wire_is_the_run_as_it_is_drawn(race: dict[str, Any]) -> None:
    """Counts are the same; bounds, which no text shows, are less than half a pixel away on a chart of 700 pixels."""
    lines, frames = run.line_count(race), len(race["at"])
    top = max((bound for policy in race["policies"] for bound in policy["high"] if bound), default=1.0)
    for whole, packed in zip(race["policies"], run.packed(race)["policies"], strict=True):
        for name, numbers in whole.items():
            came = packed[name]
            if name in run.BY_LINE:
                came = [came[line * frames + frame] for frame in range(frames) for line in range(lines)]
            if name in run.DRAWN_ONLY:
                assert [one is None for one in came] == [one is None for one in numbers]
                assert max(abs((a or 0) - (b or 0)) for a, b in zip(came, numbers, strict=True)) <= top / 1_400 + 1e-12
            else:
                assert came == numbers
