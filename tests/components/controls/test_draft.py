"""What is typed becomes a draft, and a draft becomes a scenario or says what is wrong."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.controls.draft import (
    ACTIONS,
    OWN,
    Draft,
    add_policy,
    draft_of,
    follow,
    get,
    overlay,
    preset_name,
    put,
    settings_of,
    shown_policies,
    shown_value,
    typed_value,
    use_preset,
)
from engine import POLICIES, Scenario
from engine.presets import PRESETS

MOST = 4
CLASSIC = draft_of(PRESETS["classic"].scenario)
REAL = draft_of(PRESETS["real_campaign"].scenario)


def as_shown(draft: Draft) -> list[tuple[str, Any]]:
    return [(f"arms.{n}.rate", shown_value(arm["rate"], f"arms.{n}.rate")) for n, arm in enumerate(draft["arms"])]


def with_policies(*names: str) -> Draft:
    return draft_of(PRESETS["classic"].scenario.with_changes(policies=[{"name": name} for name in names]))


# What is typed


def test_a_control_that_shows_the_old_value_changes_nothing() -> None:
    assert overlay(REAL, as_shown(REAL)) == REAL


def test_an_exact_rate_stays_when_another_one_is_typed() -> None:
    changed = overlay(REAL, [*as_shown(REAL)[:2], ("arms.2.rate", 50)])
    assert [arm["rate"] for arm in changed["arms"]] == [*(arm["rate"] for arm in REAL["arms"][:2]), 0.5]


@given(st.floats(0, 1))
def test_any_rate_survives_being_shown(rate: float) -> None:
    draft = put_rate(rate)
    assert overlay(draft, as_shown(draft)) == draft


@given(st.floats(0, 100))
def test_what_was_typed_settles_at_once(typed: float) -> None:
    once = overlay(CLASSIC, [("arms.0.rate", typed)])
    assert overlay(once, [("arms.0.rate", typed)]) == once
    assert once["arms"][0]["rate"] == pytest.approx(typed / 100, abs=1e-8)
    Scenario.from_dict(once)


def put_rate(rate: float) -> Draft:
    draft = copy.deepcopy(CLASSIC)
    draft["arms"][0]["rate"] = rate
    return draft


def test_rates_are_typed_in_per_cent() -> None:
    assert overlay(CLASSIC, [("arms.0.rate", 12.5)])["arms"][0]["rate"] == 0.125
    assert overlay(put_rate(0.5), [("arms.0.rate", None)])["arms"][0]["rate"] is None
    assert typed_value("x", "arms.0.rate") == "x"


def test_a_slider_gives_text_and_means_a_number() -> None:
    assert overlay(CLASSIC, [("policies.1.epsilon", "0.25")])["policies"][1]["epsilon"] == 0.25
    assert overlay(CLASSIC, [("policies.1.epsilon", "much")])["policies"][1]["epsilon"] == "much"


def test_a_name_that_looks_like_a_number_stays_a_name() -> None:
    assert overlay(CLASSIC, [("arms.0.name", "0.25")])["arms"][0]["name"] == "0.25"


@pytest.mark.parametrize("path", ["arms.99.name", "policies.7.epsilon", "arms.x.rate", "sends.x"])
def test_a_control_of_an_earlier_shape_is_left_alone(path: str) -> None:
    assert overlay(CLASSIC, [(path, 5)]) == CLASSIC


@pytest.mark.parametrize("path", ["nonsense", "world.nonsense", "policies.0.epsilon"])
def test_a_setting_that_the_draft_does_not_have_is_left_alone(path: str) -> None:
    assert overlay(CLASSIC, [(path, 0.2)]) == CLASSIC


def test_a_value_can_be_put_and_got_anywhere() -> None:
    draft = copy.deepcopy(CLASSIC)
    for path, value in (("sends", 5), ("world.low", 0.2), ("policies.1.epsilon", 0.3), ("arms.4.name", "Z")):
        put(draft, path, value)
        assert get(draft, path) == value


# Buttons


def test_the_draft_given_is_never_changed() -> None:
    before = copy.deepcopy(CLASSIC)
    overlay(CLASSIC, [("sends", 5)])
    add_policy(CLASSIC, "thompson", MOST)
    for act in ACTIONS.values():
        act(CLASSIC, "seed" if act.__name__ == "new_seed" else 1)
    assert before == CLASSIC


def test_a_new_line_has_a_free_name() -> None:
    draft = CLASSIC
    for _ in range(70):
        draft = ACTIONS["add-arm"](draft, 0)
    assert len(Scenario.from_dict(draft).arms) == 64


def test_a_new_line_avoids_names_that_are_taken() -> None:
    draft = overlay(CLASSIC, [("arms.0.name", "Line 6")])
    added = ACTIONS["add-arm"](draft, 0)["arms"][-1]
    assert added == {"name": "Line 7", "rate": None, "complaint_rate": 0.0, "order_value": None}


def test_the_line_that_is_removed_is_the_one_that_was_meant() -> None:
    names = [arm["name"] for arm in ACTIONS["remove-arm"](CLASSIC, 1)["arms"]]
    assert names == [arm["name"] for place, arm in enumerate(CLASSIC["arms"]) if place != 1]


def test_policies_can_be_added_up_to_four() -> None:
    draft = CLASSIC
    for name in ("thompson", "thompson", "oracle", "oracle"):
        draft = add_policy(draft, name, MOST)
    assert len(draft["policies"]) == MOST
    Scenario.from_dict(draft)
    assert add_policy(CLASSIC, "no such policy", MOST) == CLASSIC
    assert add_policy(CLASSIC, None, MOST) == CLASSIC


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_new_policy_has_its_default_settings(name: str) -> None:
    draft = add_policy(CLASSIC, name, MOST)
    added = draft["policies"][-1]
    assert Scenario.from_dict(CLASSIC | {"policies": [{"name": name}]}).to_dict()["policies"] == [added]
    assert set(settings_of(draft, len(draft["policies"]) - 1)) == set(added) - {"name", "label", "history"}
    told = draft | {"arms": [arm | {"history": {"sends": 9, "conversions": 1}} for arm in draft["arms"]]}
    assert set(settings_of(told, len(draft["policies"]) - 1)) == set(added) - {"name", "label"}


def test_a_weight_of_history_stays_in_sight_when_the_history_is_gone() -> None:
    draft = add_policy(CLASSIC, "thompson", MOST)
    draft["policies"][-1]["history"] = 0.5
    assert "history" in settings_of(draft, len(draft["policies"]) - 1)


def test_a_policy_can_be_removed() -> None:
    draft = with_policies("ab_split", "thompson", "oracle")
    assert [policy["name"] for policy in ACTIONS["remove-policy"](draft, 1)["policies"]] == ["ab_split", "oracle"]


def test_the_last_challenger_stays() -> None:
    assert len(ACTIONS["remove-policy"](CLASSIC, 1)["policies"]) == 2


def test_a_new_seed_is_another_number_at_its_place() -> None:
    for path in ("seed", "world.world_seed"):
        seeds = {get(ACTIONS["new-seed"](CLASSIC, path), path) for _ in range(20)}
        assert len(seeds) > 1
        assert all(0 <= seed < 1_000_000 for seed in seeds)


# Logs: what was typed and pressed on one and the same view


def names_after(*events: dict[str, Any]) -> list[str]:
    return [arm["name"] for arm in follow(CLASSIC, events, MOST)["arms"]]


NAMES = [arm["name"] for arm in CLASSIC["arms"]]
REMOVE_B = {"press": "remove-arm", "at": 1}


def test_a_log_is_followed_in_its_order() -> None:
    draft = follow(
        CLASSIC,
        [
            {"field": "sends", "value": 500},
            {"press": "pick-preset", "at": "real_campaign"},
            {"press": "pick-policy", "at": "oracle"},
            {"field": "seed", "value": 7},
        ],
        MOST,
    )
    oracle = add_policy(REAL, "oracle", MOST)["policies"]
    assert draft == REAL | {"seed": 7, "policies": oracle}


def test_a_press_that_is_repeated_removes_one_line_only() -> None:
    assert names_after(REMOVE_B, REMOVE_B) == [name for name in NAMES if name != NAMES[1]]


def test_places_are_those_that_were_seen() -> None:
    rename_d = {"field": "arms.3.name", "value": "Z"}
    remove_e = {"press": "remove-arm", "at": 4}
    assert names_after(REMOVE_B, rename_d, remove_e) == [NAMES[0], NAMES[2], "Z"], "line E has gone too"
    assert names_after(REMOVE_B, {"field": "arms.1.name", "value": "Z"}) == [NAMES[0], *NAMES[2:]]
    assert names_after(remove_e, {"press": "add-arm", "at": None}) == [*NAMES[:4], "Line 5"]


def test_what_was_typed_before_another_preset_is_not_typed_into_it() -> None:
    picked = {"press": "pick-preset", "at": "real_campaign"}
    assert follow(CLASSIC, [picked, {"field": "arms.0.name", "value": "Z"}], MOST) == REAL


@pytest.mark.parametrize(
    "do", ["explode", None, "remove-arm", "remove-policy", "new-seed", "pick-preset", "pick-policy"]
)
@pytest.mark.parametrize("at", [None, 99, -1, "x", [], "policies"])
def test_a_press_that_means_nothing_changes_nothing(do: Any, at: Any) -> None:
    assert follow(CLASSIC, [{"press": do, "at": at}], MOST) == CLASSIC


@pytest.mark.parametrize("path", ["", ".", "arms", "arms.", "arms.x.rate", "arms.-1.rate", "world.x", "x.0.y"])
def test_something_typed_nowhere_changes_nothing(path: str) -> None:
    typed = {"field": path, "value": "Z"}
    assert follow(CLASSIC, [typed], MOST) == CLASSIC


# Presets and policies


def test_presets_are_known_by_their_lines_and_rates() -> None:
    assert preset_name(CLASSIC) == "classic"
    assert preset_name(REAL) == "real_campaign"
    assert preset_name(overlay(CLASSIC, [("sends", 99)])) == "classic"
    assert preset_name(overlay(CLASSIC, [("arms.0.rate", 5)])) == OWN
    assert preset_name(overlay(CLASSIC, [("world.world_seed", 5)])) == OWN


def test_a_preset_is_taken_whole_and_an_unknown_one_not_at_all() -> None:
    changed = overlay(CLASSIC, [("sends", 99)])
    assert use_preset(changed, "classic") == CLASSIC
    for name in (OWN, "nonsense", None):
        assert use_preset(changed, name) == changed


@pytest.mark.parametrize("count", range(1, 9))
def test_two_to_four_policies_are_shown_with_a_baseline(count: int) -> None:
    names = [*POLICIES, "thompson", "oracle"][:count]
    asked = PRESETS["classic"].scenario.with_changes(policies=[{"name": name} for name in names])
    shown = shown_policies(asked, MOST)
    assert len(shown.policies) == min(max(2, count), MOST)
    assert shown.policies[shown.baseline].name == "ab_split"


def test_a_lonely_policy_gets_company() -> None:
    def shown(name: str) -> list[str]:
        asked = PRESETS["classic"].scenario.with_changes(policies=[{"name": name}])
        return [policy.name for policy in shown_policies(asked, MOST).policies]

    assert shown("thompson") == ["ab_split", "thompson"]
    assert shown("ab_split") == ["ab_split", "epsilon_greedy"]
