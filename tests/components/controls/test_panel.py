"""Every setting of every policy and world has a control with a label of its own and a place for its error."""

from typing import Any

import pytest

from components import ids
from components.controls.draft import Draft, add_policy, draft_of, overlay, settings_of, shown_value
from components.controls.field import error_text, field, is_slider
from components.controls.panel import panel, section_of, shapes, texts
from components.controls.real_world import defaults
from components.controls.view import View
from engine import GUARDRAILS, POLICIES, WORLDS
from engine.fields import Knob, Setting, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS
from tests.components.results import having_class, text_of, walk

CLASSIC = draft_of(PRESETS["classic"].scenario)
EVERY_GUARDRAIL = [defaults(GUARDRAILS, name) for name in GUARDRAILS]
EVERYTHING = draft_of(
    PRESETS["classic"].scenario.with_changes(
        segments={
            "audience": [
                {"name": "New", "share": 0.4},
                {"name": "Loyal", "share": 0.6, "multipliers": [1, 2, 1, 1, 0.5]},
            ],
            "time_of_day": [{"name": name, "share": 0.25} for name in ("Night", "Morning", "Noon", "Evening")],
        },
        money={"unsubscribe_cost": 3},
        goal="net_value",
        sends_per_hour=100,
        recurring={},
        shocks={"lines": ["Limited Time Offer!"]},
    )
)
"""A draft with all parts that are usually left out."""
BOTH = pytest.mark.parametrize("editing", [False, True])


MOST = 4


def view(draft: Draft, *, editing: bool = False) -> View:
    return View(draft, MOST, editing)


def parts_of(draft: Draft, *, editing: bool = False) -> list[Any]:
    return list(walk(panel(view(draft, editing=editing))))


def with_policies(*names: str) -> Draft:
    draft = draft_of(PRESETS["classic"].scenario.with_changes(policies=[{"name": "ab_split"}]))
    for name in names:
        draft = add_policy(draft, name, MOST)
    return draft


def ids_of(parts: list[Any], kind: str) -> list[dict[str, Any]]:
    found = [part.id for part in parts if isinstance(getattr(part, "id", None), dict)]
    return [identity for identity in found if identity["type"] == kind]


def paths(parts: list[Any], kind: str) -> list[str]:
    return [identity["path"] for identity in ids_of(parts, kind)]


@BOTH
@pytest.mark.parametrize("name", list(POLICIES))
def test_every_setting_of_a_policy_has_a_control(name: str, editing: bool) -> None:
    draft = with_policies(name)
    remembered = draft | {"arms": [arm | {"history": {"sends": 900, "conversions": 90}} for arm in draft["arms"]]}
    for asked in (draft, remembered):
        found = paths(parts_of(asked, editing=editing), "field")
        for setting in settings_of(asked, 1):
            assert f"policies.1.{setting}" in found


@pytest.mark.parametrize("name", list(WORLDS))
def test_every_setting_of_a_world_has_a_control_where_it_matters(name: str) -> None:
    parameters = WORLDS[name].parameters
    draft = CLASSIC | {"world": parameters.model_validate({"name": name}).model_dump(mode="json")}
    settings = {key: knob for key, knob in knobs(parameters).items() if key != "name" and knob.kind != "list"}
    choices = [knob.relevant_when for knob in settings.values() if knob.relevant_when] or [("name", name)]
    found: set[str] = set()
    for setting, choice in choices:
        here = set(paths(parts_of(overlay(draft, [(f"world.{setting}", choice)])), "field"))
        irrelevant = [
            f"world.{other}"
            for other, knob in settings.items()
            if knob.relevant_when and knob.relevant_when[0] == setting and knob.relevant_when[1] != choice
        ]
        assert here.isdisjoint(irrelevant)
        found |= here
    assert {f"world.{setting}" for setting in settings} <= found


def test_history_has_a_weight_where_there_is_history() -> None:
    draft = with_policies("thompson", "ab_split")
    assert "policies.1.history" not in paths(parts_of(draft), "field")
    draft["arms"][0] |= {"history": {"sends": 900, "conversions": 90}}
    assert "policies.1.history" in paths(parts_of(draft), "field")


@BOTH
def test_labels_and_errors_belong_to_exactly_one_control_each(editing: bool) -> None:
    for draft in (CLASSIC, EVERYTHING, with_policies("thompson", "epsilon_decay", "sliding_window_thompson")):
        parts = parts_of(draft, editing=editing)
        every = [str(getattr(part, "id", None)) for part in parts if getattr(part, "id", None)]
        assert len(every) == len(set(every))
        controls = paths(parts, "field")
        labels = [part.htmlFor for part in parts if getattr(part, "htmlFor", None)]
        picks = [ids.in_html(identity) for identity in ids_of(parts, "pick")]
        assert sorted(labels) == sorted([*(ids.in_html(ids.field(path)) for path in controls), *picks])
        assert set(controls) <= set(paths(parts, "error"))


@BOTH
def test_every_button_says_what_it_does(editing: bool) -> None:
    for draft in (with_policies("thompson", "oracle"), EVERYTHING):
        buttons = [part for part in parts_of(draft, editing=editing) if type(part).__name__ == "Button"]
        words = [text_of(button).strip() for button in buttons]
        assert all(words)
        assert len(words) == len(set(words)), "each says what it does to what"


def test_labels_tell_policies_of_one_kind_apart() -> None:
    draft = with_policies("epsilon_greedy", "epsilon_greedy")
    told = [text_of(part) for part in parts_of(draft) if "epsilon" in str(getattr(part, "htmlFor", ""))]
    assert len(told) == len(set(told)) == 2


def test_full_lists_take_nothing_more() -> None:
    many = CLASSIC | {"arms": [{"name": f"Line {n}", "rate": None} for n in range(MOST_ARMS)]}
    add = next(part for part in parts_of(many) if getattr(part, "className", "") == "arm-add")
    assert add.disabled
    full = parts_of(with_policies("thompson", "oracle", "epsilon_decay") | {"guardrails": EVERY_GUARDRAIL})
    left = {"world", "shocks", "dimension", "delay", "cadence", "recurring", "goal"}
    assert {identity["what"] for identity in ids_of(full, "pick")} == {"preset", *left}


@pytest.mark.parametrize(("others", "removable"), [(("thompson", "ab_split"), [1, 2]), (("thompson",), [])])
def test_the_even_split_and_one_challenger_stay(others: tuple[str, ...], removable: list[int]) -> None:
    parts = parts_of(with_policies(*others))
    assert [action["at"] for action in ids_of(parts, "action") if action["do"] == "remove-policy"] == removable
    assert len(having_class(panel(view(with_policies(*others))), "chip-lock")) == len(others) + 1 - len(removable)


def shown_rates(draft: Draft) -> list[str]:
    return [text_of(row) for row in having_class(panel(view(draft)), "arm-rate")]


def test_rates_are_shown_as_far_as_they_are_known() -> None:
    drawn = ["48.7%", "31.9%", "52.9%", "44.9%", "14.7%"]
    assert shown_rates(CLASSIC) == drawn
    assert shown_rates(overlay(CLASSIC, [("arms.1.rate", 50)])) == [drawn[0], "50.0%", *drawn[2:]]
    assert shown_rates(overlay(CLASSIC, [("sends", 0)])) == drawn, "they have nothing to do with the sends"
    assert shown_rates(overlay(CLASSIC, [("world.low", 5), ("arms.1.rate", 50)])) == ["", "50.0%", "", "", ""]


@BOTH
def test_anything_can_stand_in_a_draft(editing: bool) -> None:
    """The panel is made anew while what is typed is wrong."""
    draft = overlay(CLASSIC, [("sends", None), ("arms.0.name", ""), ("arms.1.rate", 700), ("policies.1.epsilon", "x")])
    assert parts_of(draft, editing=editing)


PARAMETERS: dict[str, type[Setting]] = {
    **{name: policy.parameters for name, policy in POLICIES.items()},
    **{name: world.parameters for name, world in WORLDS.items()},
}
EVERY_KNOB = [
    (f"{name}.{setting}", knob)
    for name, parameters in PARAMETERS.items()
    for setting, knob in knobs(parameters).items()
    if setting not in ("name", "label") and knob.kind != "list"
]


@pytest.mark.parametrize(("path", "knob"), EVERY_KNOB, ids=[path for path, _ in EVERY_KNOB])
def test_a_control_fits_its_setting(path: str, knob: Knob) -> None:
    made: Any = field(knob, path, knob.default)
    control = next(part for part in walk(made) if getattr(part, "id", None) == ids.field(path))
    kind = type(control).__name__
    assert kind == {"choice": "Select", "switch": "Switch"}.get(knob.kind, "Input")
    assert control.value == shown_value(knob.default, path)
    if kind == "Input":
        assert control.type == ("range" if is_slider(knob) else "number")
    assert knob.title in text_of(made)
    assert knob.help in (made.title or text_of(made))


def test_an_error_has_words_and_no_error_has_none() -> None:
    assert error_text(None) == []
    assert text_of(error_text("Too much.")) == "Too much."


# What follows a change where it stands


def changed_shapes(draft: Draft, *, editing: bool = False) -> set[str]:
    before, after = shapes(view(CLASSIC)), shapes(view(draft, editing=editing))
    return {name for name in before if before[name] != after[name]}


def test_only_what_a_section_consists_of_makes_it_anew() -> None:
    greedy = [("policies.1.epsilon", 0.2), ("sends", 1), ("seed", 3), ("world.low", 0.3), ("policies.1.epsilon", "x")]
    for path, value in greedy[:3]:
        assert changed_shapes(overlay(CLASSIC, [(path, value)])) == set()
    assert changed_shapes(overlay(CLASSIC, [("world.low", 0.3)])) == {"arms"}, "other rates are drawn"
    assert changed_shapes(overlay(CLASSIC, [("world.draw", "beta")])) == {"arms", "rates"}
    assert changed_shapes(add_policy(CLASSIC, "thompson", MOST)) == {"policies", "sliders", "rows"}
    assert changed_shapes(CLASSIC, editing=True) == {"arms"}


@pytest.mark.parametrize(
    ("path", "value"),
    [("arms.0.name", "Z"), ("arms.0.name", ""), ("arms.1.rate", 20), ("arms.1.rate", 700), ("arms.1.rate", None)],
)
def test_typing_into_a_line_never_makes_its_field_anew(path: str, value: Any) -> None:
    before = shapes(view(CLASSIC, editing=True))
    assert shapes(view(overlay(CLASSIC, [(path, value)]), editing=True)) == before


def test_dragging_a_slider_changes_labels_but_no_sliders() -> None:
    two = with_policies("epsilon_greedy", "epsilon_greedy")
    moved = overlay(two, [("policies.2.epsilon", 0.35)])
    assert shapes(view(moved))["sliders"] == shapes(view(two))["sliders"]
    assert "0.35" in texts(view(moved))["policies.2.epsilon:label"]
    assert texts(view(moved))["policies.2.epsilon:now"] == "0.35"


@BOTH
def test_every_place_knows_its_section(editing: bool) -> None:
    draft = EVERYTHING | {"policies": with_policies("thompson", "epsilon_decay", "sliding_window_thompson")["policies"]}
    parts = parts_of(draft, editing=editing)
    for section in ids_of(parts, "section"):
        whole = next(part for part in parts if getattr(part, "id", None) == section)
        inside = list(walk(whole.children))
        places = paths(inside, "field") + paths(inside, "error") + [text["of"] for text in ids_of(inside, "text")]
        here = {"sliders": "rows"}.get(section["of"], section["of"])
        assert {section_of(place) for place in places} <= {here}
    outside = set(paths(parts, "field")) - {path for path in paths(parts, "field") if section_of(path)}
    assert outside == {"sends", "seed", "sends_per_hour"}


@BOTH
def test_every_text_of_the_panel_has_words(editing: bool) -> None:
    draft = EVERYTHING | {"policies": with_policies("thompson", "epsilon_greedy", "epsilon_greedy")["policies"]}
    places = [text["of"] for text in ids_of(parts_of(draft, editing=editing), "text")]
    assert sorted(places) == sorted(texts(view(draft, editing=editing)))


def test_errors_are_placed_at_the_nearest_field() -> None:
    wrong = overlay(CLASSIC, [("arms.0.rate", 700), ("policies.0.label", ""), ("world.low", 5), ("sends", None)])
    assert set(view(wrong).errors) == {"arms", "policies", "world.low", "sends"}
    assert set(view(wrong, editing=True).errors) == {"arms.0.rate", "policies", "world.low", "sends"}
    for editing in (False, True):
        told = [text_of(part) for part in parts_of(wrong, editing=editing) if getattr(part, "className", "") == "field-error"
                and part.children]  # fmt: skip
        assert len(told) == 4


@BOTH
def test_wherever_something_can_be_wrong_there_is_a_place_for_it(editing: bool) -> None:
    """What the panel says about errors and where it has room for them are the same."""
    whole = view(EVERYTHING, editing=editing)
    parts = list(walk(panel(whole)))
    for path in paths(parts, "field"):
        wrong = view(overlay(EVERYTHING, [(path, [])]), editing=editing)
        assert set(wrong.errors) <= set(paths(parts, "error"))
        assert path in wrong.errors
        assert wrong.homeless == ""


@pytest.mark.parametrize("value", [0, None, 0.3, 30, 700, "", "Z"])
def test_typing_never_makes_the_section_anew_in_which_it_is_done(value: Any) -> None:
    before = shapes(view(EVERYTHING, editing=True))
    for path in paths(parts_of(EVERYTHING, editing=True), "field"):
        section = section_of(path)
        if section is not None and not path.startswith("world."):
            after = shapes(view(overlay(EVERYTHING, [(path, value)]), editing=True))
            assert after[section] == before[section], path


def test_a_problem_without_a_place_is_not_forgotten() -> None:
    wrong = CLASSIC | {"replications": 0, "junk": 1}
    assert "replications" in view(wrong).homeless
    assert "junk" in view(wrong).homeless
    assert view(CLASSIC).homeless == ""
