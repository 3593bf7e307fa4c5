"""Every setting of every policy and world has a control with a label of its own and a place for its error."""

from typing import Any

import pytest

from components import ids
from components.controls.draft import Draft, add_policy, draft_of, overlay, settings_of, shown_value
from components.controls.field import error_text, field, is_slider
from components.controls.panel import panel
from engine import POLICIES, WORLDS
from engine.fields import Knob, Setting, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS, Scenario
from tests.components.results import having_class, text_of, walk

CLASSIC = draft_of(PRESETS["classic"].scenario)
BOTH = pytest.mark.parametrize("editing", [False, True])


def parts_of(draft: Draft, *, editing: bool = False) -> list[Any]:
    labels = [POLICIES[policy["name"]].title for policy in draft["policies"]]
    return list(walk(panel(draft, [0.1] * len(draft["arms"]), labels, editing=editing)))


def with_policies(*names: str) -> Draft:
    draft = draft_of(PRESETS["classic"].scenario.with_changes(policies=[{"name": "ab_split"}]))
    for name in names:
        draft = add_policy(draft, name)
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
    found = paths(parts_of(draft, editing=editing), "field")
    for setting in settings_of(draft["policies"][1]):
        assert f"policies.1.{setting}" in found


@pytest.mark.parametrize("name", list(WORLDS))
def test_every_setting_of_a_world_has_a_control_where_it_matters(name: str) -> None:
    settings = {setting: knob for setting, knob in knobs(WORLDS[name].parameters).items() if setting != "name"}
    choices = {knob.relevant_when for knob in settings.values() if knob.relevant_when} or {("name", name)}
    found: set[str] = set()
    for setting, choice in choices:
        here = set(paths(parts_of(overlay(CLASSIC, [(f"world.{setting}", choice)])), "field"))
        irrelevant = [
            f"world.{other}"
            for other, knob in settings.items()
            if knob.relevant_when and knob.relevant_when != (setting, choice)
        ]
        assert here.isdisjoint(irrelevant)
        found |= here
    assert {f"world.{setting}" for setting in settings} <= found


@BOTH
def test_labels_and_errors_belong_to_exactly_one_control_each(editing: bool) -> None:
    for draft in (CLASSIC, with_policies("thompson", "epsilon_decay", "sliding_window_thompson")):
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
    for part in parts_of(with_policies("thompson", "oracle"), editing=editing):
        if type(part).__name__ == "Button":
            assert text_of(part).strip()


def test_labels_tell_policies_of_one_kind_apart() -> None:
    draft = with_policies("epsilon_greedy", "epsilon_greedy")
    labels = list(draft_labels(draft))
    parts = list(walk(panel(draft, [0.1] * 5, labels, editing=False)))
    told = [text_of(part) for part in parts if "epsilon" in str(getattr(part, "htmlFor", ""))]
    assert len(told) == len(set(told)) == 2


def draft_labels(draft: Draft) -> tuple[str, ...]:
    return Scenario.from_dict(draft).labels


def test_full_lists_take_nothing_more() -> None:
    many = CLASSIC | {"arms": [{"name": f"Line {n}", "rate": None} for n in range(MOST_ARMS)]}
    add = next(part for part in parts_of(many) if getattr(part, "className", "") == "arm-add")
    assert add.disabled
    full = parts_of(with_policies("thompson", "oracle", "epsilon_decay"))
    assert [identity["what"] for identity in ids_of(full, "pick")] == ["preset"]


def test_the_even_split_stays_and_the_others_can_go() -> None:
    removable = [
        i["at"] for i in ids_of(parts_of(with_policies("thompson", "ab_split")), "action") if "policy" in i["do"]
    ]
    assert removable == [1, 2]


def test_rates_are_shown_as_far_as_they_are_known() -> None:
    labels = [POLICIES[policy["name"]].title for policy in CLASSIC["policies"]]
    rows = having_class(panel(CLASSIC, [0.123], labels, editing=False), "arm-rate")
    assert [text_of(row) for row in rows] == ["12.3%", "", "", "", ""]
    given = overlay(CLASSIC, [("arms.1.rate", 50)])
    rows = having_class(panel(given, [], labels, editing=False), "arm-rate")
    assert [text_of(row) for row in rows] == ["", "50.0%", "", "", ""]


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
    if setting not in ("name", "label")
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
