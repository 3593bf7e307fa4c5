"""What is expected of the lines, as three numbers, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.controls.draft import draft_of, follow
from components.controls.expected_rates import expected_of, set_difference, set_lines, set_list, set_usual
from engine import Scenario
from engine.presets import PRESETS
from engine.scenario import MOST_POLICIES

CLASSIC = draft_of(PRESETS["classic"].scenario)


def scenario(*rates: float, **changes: Any) -> Scenario:
    arms = [{"name": f"L{place}", "rate": rate} for place, rate in enumerate(rates)]
    return Scenario.from_dict({"arms": arms, "policies": [{"name": "ab_split"}, {"name": "thompson"}]} | changes)


@given(
    rates=st.lists(st.integers(1, 40), min_size=2, max_size=6, unique=True),
    usual=st.integers(1, 40),
    difference=st.integers(1, 50),
    lines=st.integers(2, 9),
)
def test_what_is_typed_is_what_is_expected(rates: list[int], usual: int, difference: int, lines: int) -> None:
    draft = draft_of(scenario(*(rate / 100 for rate in rates)))
    draft = set_lines(draft, str(lines))
    draft = set_usual(draft, repr(usual / 100))
    draft = set_difference(draft, repr(difference / 100))
    found = expected_of(Scenario.from_dict(draft))
    assert found.lines == lines
    assert found.usual == pytest.approx(usual / 100, abs=1e-9)
    assert found.difference == pytest.approx(difference / 100, abs=1e-9)


def test_lines_keep_their_names_and_proportions() -> None:
    draft = set_usual(draft_of(scenario(0.1, 0.2, 0.3, 0.05)), "0.4")
    assert [round(arm["rate"], 6) for arm in draft["arms"]] == [0.2, 0.4, 0.5, 0.1]
    assert [arm["name"] for arm in draft["arms"]] == ["L0", "L1", "L2", "L3"]


def test_the_best_line_stays_when_others_go_and_new_ones_convert_as_usual() -> None:
    fewer = set_lines(draft_of(scenario(0.1, 0.2, 0.1, 0.3)), 2)
    assert [arm["name"] for arm in fewer["arms"]] == ["L0", "L3"]
    more = set_lines(draft_of(scenario(0.1, 0.3)), 4)
    assert [arm["rate"] for arm in more["arms"]] == [0.1, 0.3, 0.1, 0.1]
    assert len({arm["name"] for arm in more["arms"]}) == 4


def test_drawn_rates_become_given_ones() -> None:
    draft = set_difference(CLASSIC, "0.01")
    assert expected_of(Scenario.from_dict(draft)).difference == pytest.approx(0.01)
    assert all(arm["rate"] is not None for arm in draft["arms"])


@pytest.mark.parametrize("change", [set_usual, set_difference, set_lines, set_list])
@pytest.mark.parametrize("at", [None, "", "x", "nan", [], {}])
def test_what_is_no_number_changes_nothing(change: Any, at: Any) -> None:
    assert change(CLASSIC, at) == CLASSIC


def test_groups_that_have_a_number_for_each_line_go_with_their_lines() -> None:
    draft = draft_of(PRESETS["different_audiences"].scenario)
    assert set_lines(draft, 3) == draft
    assert len(Scenario.from_dict(set_lines(draft, 5)).arms) == 5


def test_the_panel_presses_it() -> None:
    presses = [("set-list", "500"), ("set-lines", "3"), ("set-usual", "0.2"), ("set-difference", "0.05")]
    events = [{"n": n, "press": press, "at": at} for n, (press, at) in enumerate(presses)]
    scenario = Scenario.from_dict(follow(CLASSIC, events, MOST_POLICIES))
    assert scenario.sends == 500
    assert expected_of(scenario) == (3, 0.2, 0.05)
