"""The scenario panel: preset, subject lines, policies with their settings, sends, seeds, rates.

The panel is made of sections. A change sets values, words and errors where they stand; a section is made anew only when
what it consists of changes (`shapes`), so that focus and open rows stay.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components.controls.draft import FEWEST_POLICIES, OWN, Draft, preset_name, settings_of
from components.controls.field import error_place, field, is_slider, typed_in
from components.formats import compact, percent
from components.press import pressing
from components.shell import icon
from components.theme import arm_chip, policy_mark, policy_slots
from engine import POLICIES, WORLDS, Scenario, ScenarioError
from engine.fields import Knob, knobs
from engine.presets import PRESETS
from engine.scenario import FEWEST_ARMS, MOST_ARMS

LONGEST_NAME = 100


@dataclass(frozen=True)
class View:
    """What the panel is made from: a draft, whether its lines are being edited, and the most policies it may have."""

    draft: Draft
    most_policies: int
    editing: bool = False
    has_campaigns: bool = False

    @cached_property
    def _validated(self) -> tuple[Scenario | None, dict[str, str]]:
        try:
            return Scenario.from_dict(self.draft), {}
        except ScenarioError as error:
            return None, error.problems

    @property
    def scenario(self) -> Scenario | None:
        """The valid scenario, if it is one."""
        return self._validated[0]

    @cached_property
    def drawn(self) -> list[float]:
        """The rates that the world draws for lines without one, whatever else is wrong; empty when the world is."""
        lines = [{"name": str(place)} for place in range(max(FEWEST_ARMS, len(self.draft["arms"])))]
        alone = {"arms": lines, "world": self.draft["world"], "policies": [{"name": "ab_split"}]}
        try:
            return [float(rate) for rate in Scenario.from_dict(alone).rates()[0]]
        except ScenarioError:
            return []

    @cached_property
    def labels(self) -> list[str]:
        """The policies' names; plain titles while something is wrong with them."""
        if self.scenario is not None:
            return list(self.scenario.labels)
        return [policy.get("label") or wording.policy_title(policy["name"]) for policy in self.draft["policies"]]

    @cached_property
    def _placed(self) -> tuple[dict[str, str], str]:
        return _place_problems(self._validated[1], _error_places(self))

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by the place in the panel where it is told."""
        return self._placed[0]

    @property
    def homeless(self) -> str:
        """What is wrong and has no place in the panel; empty when nothing is."""
        return self._placed[1]

    @cached_property
    def sliders(self) -> dict[str, tuple[int, Knob]]:
        """The shares between 0 and 1 by their path: the policy's place and the setting."""
        return {
            f"policies.{place}.{name}": (place, knob)
            for place, policy in enumerate(self.draft["policies"])
            for name, knob in settings_of(policy).items()
            if is_slider(knob)
        }

    def rest_of(self, place: int) -> dict[str, Knob]:
        """The settings of a policy that are no sliders."""
        return {name: knob for name, knob in settings_of(self.draft["policies"][place]).items() if not is_slider(knob)}

    @cached_property
    def world(self) -> dict[str, Knob]:
        """The settings of the world that matter now; lists are for programs."""
        world = self.draft["world"]
        found = knobs(WORLDS[world["name"]].parameters)
        shown = {name: knob for name, knob in found.items() if name != "name" and knob.kind != "list"}
        return {name: knob for name, knob in shown.items() if _is_relevant(knob, world)}


def panel(view: View) -> list[Component]:
    """All controls."""
    draft, errors = view.draft, view.errors
    sends, seed = knobs(Scenario)["sends"], knobs(Scenario)["seed"]
    campaigns = _campaigns(view) if view.has_campaigns else []
    return [
        _preset(view),
        _section(view, "arms", "field"),
        _section(view, "policies", "field"),
        _section(view, "sliders", "fields"),
        html.Div(
            [
                field(sends, "sends", draft["sends"], error=errors.get("sends")),
                field(seed, "seed", draft["seed"], error=errors.get("seed"), extra=_new_seed("seed")),
            ],
            className="field-row",
        ),
        *campaigns,
        html.Div([_section(view, "rows", "rows"), _world(view)], className="disclosures"),
    ]


def _campaigns(view: View) -> list[Component]:
    path = "replications"
    return [field(knobs(Scenario)[path], path, view.draft[path], error=view.errors.get(path))]


def section(view: View, name: str) -> list[Component]:
    """A part of the panel that is made anew when its shape changes."""
    return _SECTIONS[name](view)


def shapes(view: View) -> dict[str, Any]:
    """What the controls of each section depend on, apart from their values."""
    policies = [policy["name"] for policy in view.draft["policies"]]
    return {
        "arms": [
            view.editing,
            [_drawn(view, place) if view.editing else _shown_arm(view, place) for place in _arms(view)],
        ],
        "policies": [policies, view.labels],
        "sliders": policies,
        "rows": policies,
        "world": [view.draft["world"]["name"], list(view.world)],
    }


def section_of(path: str) -> str | None:
    """The section in which the control, error or text with this path stands; None outside of them all."""
    family, _, rest = path.partition(".")
    if family == "policies":
        return "rows" if rest else "policies"  # sliders are made anew together with the rows
    return family if family in _SECTIONS else None


def texts(view: View) -> dict[str, str]:
    """The words that follow the settings, by the path of what they belong to."""
    words = {"preset-hint": preset_hint(preset_name(view.draft)), "world-now": _world_now(view)}
    for path, (place, knob) in view.sliders.items():
        words[f"{path}:label"] = _slider_label(view, place, knob)
        words[f"{path}:now"] = compact(_policy(view, place)[path.rpartition(".")[2]])
    for place in range(len(view.draft["policies"])):
        if view.rest_of(place):
            words[f"policies.{place}:label"] = view.labels[place]
            words[f"policies.{place}:now"] = _settings_now(view, place)
    return words


def _place_problems(problems: dict[str, str], places: list[str]) -> tuple[dict[str, str], str]:
    """Put each problem at the nearest place that there is for it; what has none is told above the verdict."""
    errors: dict[str, str] = {}
    homeless: list[str] = []
    for path, text in problems.items():
        parts = path.split(".")
        above = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        nearest = next((place for place in above if place in places), None)
        if nearest is None:
            homeless.append(f"{path}: {text}")
        else:
            errors.setdefault(nearest, wording.problem(path, text))
    return errors, " ".join(homeless)


def _error_places(view: View) -> list[str]:
    settings = [
        f"policies.{place}.{name}"
        for place, policy in enumerate(view.draft["policies"])
        for name in settings_of(policy)
    ]
    campaigns = ["replications"] if view.has_campaigns else []
    fields = [f"arms.{place}.{part}" for place in _arms(view) for part in ("name", "rate")] if view.editing else []
    return [
        "arms",
        *fields,
        "policies",
        *settings,
        "sends",
        "seed",
        *campaigns,
        *(f"world.{name}" for name in view.world),
    ]


def _section(view: View, name: str, class_name: str) -> html.Div:
    return html.Div(section(view, name), id=ids.section(name), className=class_name)


def _text(view: View, of: str, class_name: str | None = None) -> html.Span:
    return html.Span(texts(view)[of], id=ids.text(of), className=class_name)


def _preset(view: View) -> html.Div:
    options = [{"label": known.title, "value": known.name} for known in PRESETS.values()]
    picker = dbc.Select(
        id=ids.pick("preset"),
        options=[*options, {"label": wording.OWN_SCENARIO, "value": OWN}],
        value=preset_name(view.draft),
    )
    return html.Div(
        [
            html.Label(wording.SCENARIO, htmlFor=ids.in_html(ids.pick("preset")), className="form-label"),
            html.Div(picker, className="select"),
            html.Div(_text(view, "preset-hint"), className="field-hint"),
        ],
        className="field",
    )


def preset_hint(name: str) -> str:
    """What a preset shows, in a sentence."""
    return PRESETS[name].sentence if name in PRESETS else wording.OWN_SCENARIO_HINT


# Lines


def _arms(view: View) -> range:
    return range(len(view.draft["arms"]))


def _drawn(view: View, place: int) -> str:
    """The rate that is drawn when none is typed."""
    return percent(view.drawn[place]) if view.drawn else ""


def _shown_arm(view: View, place: int) -> tuple[str, str]:
    arm = view.draft["arms"][place]
    return arm["name"], percent(arm["rate"]) if isinstance(arm["rate"], int | float) else _drawn(view, place)


def _arms_section(view: View) -> list[Component]:
    """The list of subject lines, to read or to edit."""
    row = _arm_fields if view.editing else _arm_row
    toggle = html.Button(
        wording.DONE if view.editing else wording.EDIT,
        id=ids.action("edit-arms"),
        type="button",
        className="link-button",
        title=wording.EDIT_LINES,
        **pressing("edit-arms"),
    )
    return [
        html.Div(
            [html.Span(wording.LINES_AND_RATES, className="field-label", id="arms-label"), toggle],
            className="field-head",
        ),
        html.Ul(
            [*(row(view, place) for place in _arms(view)), _add_arm(view)],
            className="arms arms-editing" if view.editing else "arms",
            **_labelled("arms-label"),
        ),
        *([html.Div(wording.RATE_HINT, className="field-hint")] if view.editing else []),
        error_place("arms", view.errors.get("arms")),
    ]


def _arm_row(view: View, place: int) -> html.Li:
    name, rate = _shown_arm(view, place)
    return html.Li(
        [
            arm_chip(place),
            html.Span(name, className="arm-name", title=name),
            html.Span(rate, className="arm-rate"),
        ],
        className="arm-row",
    )


def _arm_fields(view: View, place: int) -> html.Li:
    arm, letter = view.draft["arms"][place], wording.line_name(place)
    name, rate = f"arms.{place}.name", f"arms.{place}.rate"
    labelled = [
        arm_chip(place),
        _hidden_label(f"{wording.NAME_OF} {letter}", name),
        typed_in(name, arm["name"], "text", maxlength=LONGEST_NAME, class_name="arm-name-input"),
        _hidden_label(f"{wording.RATE_OF} {letter}", rate),
        typed_in(rate, arm["rate"], "number", step="any", placeholder=_drawn(view, place), class_name="arm-rate-input"),
        _remove("remove-arm", place, letter, "btn btn-quiet btn-icon"),
    ]
    errors = [error_place(path, view.errors.get(path)) for path in (name, rate)]
    return html.Li(
        [html.Div(labelled, className="arm-fields"), html.Div(errors, className="arm-errors")], className="arm-row"
    )


def _hidden_label(text: str, path: str) -> Component:
    return html.Label(text, htmlFor=ids.in_html(ids.field(path)), className="visually-hidden")


def _remove(do: str, place: int, what: str, class_name: str) -> html.Button:
    return html.Button(
        [icon("close"), html.Span(f"{wording.REMOVE} {what}", className="visually-hidden")],
        id=ids.action(do, place),
        type="button",
        className=class_name,
        **pressing(do, place),
    )


def _add_arm(view: View) -> html.Li:
    button = html.Button(
        [icon("plus"), wording.ADD_LINE],
        id=ids.action("add-arm"),
        type="button",
        className="arm-add",
        disabled=len(_arms(view)) >= MOST_ARMS,
        **pressing("add-arm"),
    )
    return html.Li(button)


# Policies


def _policy(view: View, place: int) -> dict[str, Any]:
    policy: dict[str, Any] = view.draft["policies"][place]
    return policy


def _policies_section(view: View) -> list[Component]:
    slots = policy_slots([policy["name"] for policy in view.draft["policies"]])
    chips = [_chip(view, place, slot) for place, slot in enumerate(slots)]
    return [
        html.Div(wording.POLICIES_LABEL, className="field-label", id="policies-label"),
        html.Div([*chips, *_add_policy(view)], className="chips", role="group", **_labelled("policies-label")),
        error_place("policies", view.errors.get("policies")),
    ]


def _chip(view: View, place: int, slot: int | None) -> html.Span:
    name, label = _policy(view, place)["name"], view.labels[place]
    why_kept = _why_kept(view, place)
    end = _lock(why_kept) if why_kept else _remove("remove-policy", place, label, "chip-remove")
    words = html.Span(label, className="chip-label")
    return html.Span([policy_mark(slot), words, end], className="chip", title=f"{label}: {POLICIES[name].plain}")


def _why_kept(view: View, place: int) -> str | None:
    """Why a policy cannot be removed, if it cannot."""
    if place == 0 and _policy(view, place)["name"] == "ab_split":
        return wording.ALWAYS_THERE
    return wording.LAST_CHALLENGER if len(view.draft["policies"]) <= FEWEST_POLICIES else None


def _lock(why: str) -> html.Span:
    return html.Span([icon("lock"), html.Span(why, className="visually-hidden")], title=why, className="chip-lock")


def _add_policy(view: View) -> list[Component]:
    if len(view.draft["policies"]) >= view.most_policies:
        return []
    options = [{"label": spec.title, "value": name} for name, spec in POLICIES.items()]
    named = html.Label(wording.ADD_POLICY_LABEL, htmlFor=ids.in_html(ids.pick("policy")), className="visually-hidden")
    picker = dbc.Select(
        id=ids.pick("policy"), options=options, placeholder=wording.ADD_POLICY, class_name="chip-select"
    )
    return [named, picker]


def _sliders_section(view: View) -> list[Component]:
    """The shares between 0 and 1, in the open: they are what visitors try first."""
    return [
        field(
            knob,
            path,
            _policy(view, place)[path.rpartition(".")[2]],
            label=_text(view, f"{path}:label"),
            now=_text(view, f"{path}:now", "field-value"),
            error=view.errors.get(path),
        )
        for path, (place, knob) in view.sliders.items()
    ]


def _slider_label(view: View, place: int, knob: Knob) -> str:
    alike = [other for _, other in view.sliders.values() if other.name == knob.name]
    return knob.title if len(alike) == 1 else f"{knob.title}, {view.labels[place]}"


def _rows_section(view: View) -> list[Component]:
    """What policies have beside sliders, a row that opens for each policy."""
    kinds: Counter[str] = Counter()
    rows = []
    for place, policy in enumerate(view.draft["policies"]):
        if view.rest_of(place):
            kinds[policy["name"]] += 1
            rows.append(_policy_row(view, place, f"{policy['name']}-{kinds[policy['name']]}"))
    return rows


def _policy_row(view: View, place: int, name: str) -> Component:
    policy = _policy(view, place)
    fields = [
        field(knob, path, policy[setting], error=view.errors.get(path))
        for setting, knob in view.rest_of(place).items()
        for path in (f"policies.{place}.{setting}",)
    ]
    return _disclosure(
        name,
        _text(view, f"policies.{place}:label"),
        _text(view, f"policies.{place}:now", "disclosure-value"),
        html.Div(
            [*_pairs(fields), html.Div(POLICIES[policy["name"]].plain, className="field-hint")],
            className="disclosure-body",
        ),
    )


def _settings_now(view: View, place: int) -> str:
    policy = _policy(view, place)
    return ", ".join(
        f"{knob.symbol or knob.title.lower()} {compact(policy[name])}" for name, knob in view.rest_of(place).items()
    )


def _pairs(fields: list[Any]) -> list[Component]:
    return [html.Div(fields[first : first + 2], className="field-row") for first in range(0, len(fields), 2)]


# The world


def _world(view: View) -> Component:
    return _disclosure(
        "world",
        wording.RATES_LEFT_OPEN,
        _text(view, "world-now", "disclosure-value"),
        _section(view, "world", "disclosure-body"),
    )


def _world_section(view: View) -> list[Component]:
    return _pairs([_world_field(view, name, knob) for name, knob in view.world.items()])


def _world_field(view: View, name: str, knob: Knob) -> html.Div:
    path = f"world.{name}"
    again = _new_seed(path) if name == "world_seed" else None
    return field(knob, path, view.draft["world"][name], error=view.errors.get(path), extra=again)


def _world_now(view: View) -> str:
    return wording.world_seed_now(view.draft["world"].get("world_seed"))


def _is_relevant(knob: Knob, world: dict[str, Any]) -> bool:
    return knob.relevant_when is None or world.get(knob.relevant_when[0]) == knob.relevant_when[1]


def _new_seed(path: str) -> html.Button:
    words = wording.NEW_LUCK if path == "seed" else wording.NEW_RATES
    return html.Button(
        [icon("refresh"), html.Span(words, className="visually-hidden")],
        id=ids.action("new-seed", path),
        type="button",
        title=words,
        className="btn btn-quiet btn-icon",
        **pressing("new-seed", path),
    )


def _disclosure(name: str, title: Any, now: Component, body: Component) -> html.Details:
    return html.Details([html.Summary([title, now]), body], id=f"row-{name}", className="disclosure")


def _labelled(by: str) -> Any:
    return {"aria-labelledby": by}


_SECTIONS = {
    "arms": _arms_section,
    "policies": _policies_section,
    "sliders": _sliders_section,
    "rows": _rows_section,
    "world": _world_section,
}
