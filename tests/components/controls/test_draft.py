"""What is typed becomes a draft, and a draft becomes a scenario or says what is wrong."""

import copy
from typing import Any

import pytest

from components.controls.draft import ACTIONS, OWN, draft_of, overlay, preset_name, shown_policies, shown_value
from components.controls.panel import panel
from engine import POLICIES, Scenario
from engine.presets import PRESETS
from tests.components.results import walk

CLASSIC = draft_of(PRESETS["classic"].scenario)
REAL = draft_of(PRESETS["real_campaign"].scenario)


def as_shown(draft: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(f"arms.{n}.rate", shown_value(arm["rate"], f"arms.{n}.rate")) for n, arm in enumerate(draft["arms"])]


def test_a_control_that_shows_the_old_value_changes_nothing() -> None:
    assert overlay(REAL, as_shown(REAL)) == REAL


def test_rates_are_typed_in_per_cent() -> None:
    assert overlay(CLASSIC, [("arms.0.rate", 12.5)])["arms"][0]["rate"] == 0.125
    assert overlay(CLASSIC, [("arms.0.rate", None)])["arms"][0]["rate"] is None


def test_a_slider_gives_text_and_means_a_number() -> None:
    assert overlay(CLASSIC, [("policies.1.epsilon", "0.25")])["policies"][1]["epsilon"] == 0.25


@pytest.mark.parametrize("path", ["arms.99.name", "policies.7.epsilon", "arms.x.rate"])
def test_a_control_of_an_earlier_shape_is_left_alone(path: str) -> None:
    assert overlay(CLASSIC, [(path, 5)]) == CLASSIC


def test_the_draft_given_is_never_changed() -> None:
    before = copy.deepcopy(CLASSIC)
    overlay(CLASSIC, [("sends", 5)])
    for act in ACTIONS.values():
        act(CLASSIC, "seed" if act.__name__ == "new_seed" else 1)
    assert before == CLASSIC


def test_a_new_line_has_a_free_name() -> None:
    draft = CLASSIC
    for _ in range(70):
        draft = ACTIONS["add-arm"](draft, 0)
    assert len(Scenario.from_dict(draft).arms) == 64


def test_presets_are_known_by_their_lines_and_rates() -> None:
    assert preset_name(CLASSIC) == "classic"
    assert preset_name(overlay(CLASSIC, [("sends", 99)])) == "classic"
    assert preset_name(overlay(CLASSIC, [("arms.0.rate", 5)])) == OWN


@pytest.mark.parametrize("count", range(1, 9))
def test_two_to_four_policies_are_shown_with_a_baseline(count: int) -> None:
    names = [*POLICIES, "thompson", "oracle"][:count]
    asked = PRESETS["classic"].scenario.with_changes(policies=[{"name": name} for name in names])
    assert len(shown_policies(asked).policies) in (2, 3, 4)


@pytest.mark.parametrize("editing", [False, True])
def test_every_control_has_a_label_and_every_error_its_own_place(editing: bool) -> None:
    draft = CLASSIC | {
        "policies": [{"name": n} | POLICIES[n].parameters(name=n, label=None).model_dump() for n in POLICIES]
    }
    parts = list(walk(panel(draft, [0.1] * 5, list(POLICIES), editing=editing)))
    ids = [str(part.id) for part in parts if isinstance(getattr(part, "id", None), dict)]
    assert len(ids) == len(set(ids))
    labels = [part.htmlFor for part in parts if getattr(part, "htmlFor", None)]
    assert len(labels) == len(set(labels))
    for name in ("epsilon", "window", "alpha", "c"):
        assert any(f".{name}" in label for label in labels)
