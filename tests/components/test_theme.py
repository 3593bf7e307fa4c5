"""Colour slots: home, next free, and never two policies alike."""

import re
from pathlib import Path

import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from components.theme import (
    POLICY_SHAPES,
    arm_chip,
    arm_letter,
    arm_slot,
    policy_mark,
    policy_slots,
    token,
)

TOKENS = (Path(__file__).parents[2] / "assets" / "css" / "tokens.css").read_text(encoding="utf-8")
NAMES = [
    "ab_split",
    "epsilon_greedy",
    "epsilon_decay",
    "thompson",
    "ucb1",
    "softmax",
    "glr_ucb",
    "oracle",
    "new",
]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (7, "H"), (25, "Z"), (26, "AA"), (27, "AB"), (63, "BL")])
def test_arms_are_lettered_as_spreadsheets_letter_columns(index: int, letter: str) -> None:
    assert arm_letter(index) == letter


def test_sixty_four_arms_have_sixty_four_letters() -> None:
    assert len({arm_letter(index) for index in range(64)}) == 64


def test_a_negative_place_has_no_letter() -> None:
    with pytest.raises(ValueError, match="index: got -1"):
        arm_letter(-1)


def test_greens_repeat_after_eight() -> None:
    assert [arm_slot(index) for index in (0, 7, 8, 63)] == [0, 7, 0, 7]


@pytest.mark.parametrize(
    ("names", "slots"),
    [
        (["ab_split", "epsilon_greedy"], [0, 1]),
        (["epsilon_greedy", "epsilon_greedy", "thompson"], [1, 2, 3]),
        (["thompson", "epsilon_greedy", "ab_split"], [2, 1, 0]),
        (["oracle", "ab_split"], [None, 0]),
        (["glr_ucb", "cusum_ucb", "ab_split"], [7, 1, 0]),
        (["glr_ucb", "cusum_ucb"], [7, 0]),
    ],
)
def test_policies_live_at_home_or_next_door(names: list[str], slots: list[int | None]) -> None:
    assert policy_slots(names) == slots


@given(st.lists(st.sampled_from(NAMES), max_size=8))
def test_up_to_eight_policies_never_look_alike(names: list[str]) -> None:
    slots = policy_slots(names)
    drawn = [slot for slot in slots if slot is not None]
    assert len(set(drawn)) == len(drawn)
    assert [slot is None for slot in slots] == [name == "oracle" for name in names]
    if "ab_split" in names:
        assert slots[names.index("ab_split")] == 0


def class_of(component: html.Span) -> str:
    return str(component.to_plotly_json()["props"]["className"])


def test_marks_and_chips_carry_their_classes() -> None:
    assert [class_of(policy_mark(slot)) for slot in range(8)] == [
        f"mark mark-{shape} p{slot}" for slot, shape in enumerate(POLICY_SHAPES)
    ]
    assert class_of(policy_mark(None)) == "mark mark-oracle"
    assert class_of(arm_chip(26)) == "arm-chip a2"
    assert arm_chip(26).to_plotly_json()["props"]["children"] == "AA"


def test_tokens_name_a_colour_and_maybe_an_opacity() -> None:
    assert (token("p1"), token("p1/0.22")) == ("token:p1", "token:p1/0.22")


def test_both_themes_define_every_slot() -> None:
    light, dark = TOKENS.split('[data-bs-theme="dark"]')
    wanted = {f"--{family}{slot}{tail}" for slot in range(8) for family, tail in ("p ", "t ", "a ", "ao")}
    for sheet in (light, dark):
        assert {name.replace(" ", "") for name in wanted} <= set(re.findall(r"(--\w+):", sheet))


def test_every_colour_of_one_theme_has_its_twin_in_the_other() -> None:
    light, dark = TOKENS.split('[data-bs-theme="dark"]')
    themed = light.split('[data-bs-theme="light"]')[1]
    colours = set(re.findall(r"(--[\w-]+): (?:#|rgba|0 1px)", themed))
    assert colours == set(re.findall(r"(--[\w-]+): (?:#|rgba|0 1px)", dark))
