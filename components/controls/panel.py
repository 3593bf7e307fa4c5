"""The scenario panel: preset, subject lines, policies with their settings, sends, seeds, rates.

The panel is made of sections. A change sets values, words and errors where they stand; a section is made anew only when
what it consists of changes (`shapes`), so that focus and open rows stay.
"""

from collections import Counter
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components import wording_visit as visit
from components import wording_worlds as worlds
from components.controls import circumstances
from components.controls.draft import FEWEST_POLICIES, OWN, preset_name
from components.controls.field import error_place, field, typed_in
from components.controls.parts import (
    add_from,
    disclosure,
    hidden_label,
    labelled,
    new_seed,
    pairs,
    remove,
    section_place,
    text_place,
)
from components.controls.view import RATES_KNOBS, View
from components.formats import compact, percent, prose
from components.press import opener, pressing
from components.shell import icon
from components.theme import arm_chip, policy_mark, policy_slots
from engine import POLICIES, Scenario
from engine.fields import Knob, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS

LONGEST_NAME = 100


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
                field(seed, "seed", draft["seed"], error=errors.get("seed"), extra=new_seed("seed")),
            ],
            className="field-row",
        ),
        *campaigns,
        html.Div(
            [_section(view, "rows", "rows"), _rates(view), circumstances.group(view)],
            className="disclosures",
        ),
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
            [*view.arm_settings, _common_value(view)] if view.editing else [],
            [_drawn(view, place) if view.editing else _shown_arm(view, place) for place in _arms(view)],
        ],
        "policies": [policies, view.labels],
        "sliders": policies,
        "rows": policies,
        "rates": list(view.rates),
        **circumstances.shapes(view),
    }


def section_of(path: str) -> str | None:
    """The section in which the control, error or text with this path stands; None outside of them all."""
    family, _, rest = path.partition(".")
    if family == "policies":
        return "rows" if rest else "policies"  # sliders are made anew together with the rows
    if family == "world" and rest in RATES_KNOBS:
        return "rates"
    family = circumstances.SECTION_OF.get(family, family)
    return family if family in _SECTIONS else None


def texts(view: View) -> dict[str, str]:
    """The words that follow the settings, by the path of what they belong to."""
    words = {"preset-hint": preset_hint(preset_name(view.draft)), "rates-now": _rates_now(view)}
    words |= circumstances.texts(view)
    for path, (place, knob) in view.sliders.items():
        words[f"{path}:label"] = _slider_label(view, place, knob)
        words[f"{path}:now"] = compact(_policy(view, place)[path.rpartition(".")[2]])
    for place in range(len(view.draft["policies"])):
        if view.rest_of(place):
            words[f"policies.{place}:label"] = view.labels[place]
            words[f"policies.{place}:now"] = _settings_now(view, place)
    return words


def picks(view: View) -> dict[str, str]:
    """What the lists to choose from should show."""
    return {"preset": preset_name(view.draft), **circumstances.picks(view)}


def _section(view: View, name: str, class_name: str) -> html.Div:
    return section_place(name, section(view, name), class_name)


def _text(view: View, of: str, class_name: str | None = None) -> html.Span:
    return text_place(of, texts(view)[of], class_name)


def _preset(view: View) -> html.Div:
    options = [{"label": known.title, "value": known.name} for known in PRESETS.values()]
    picker = dbc.Select(
        id=ids.pick("preset"),
        options=[*options, {"label": wording.OWN_SCENARIO, "value": OWN}],
        value=preset_name(view.draft),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Label(wording.SCENARIO, htmlFor=ids.in_html(ids.pick("preset")), className="form-label"),
                    html.Span(
                        [opener(visit.BROWSE, "gallery"), opener(visit.SAVED_OPENER, "saved")],
                        className="field-openers",
                    ),
                ],
                className="field-head",
            ),
            html.Div(picker, className="select"),
            html.Div(_text(view, "preset-hint"), className="field-hint"),
        ],
        className="field",
    )


def preset_hint(name: str) -> str:
    """What a preset shows, in a sentence."""
    return prose(PRESETS[name].sentence) if name in PRESETS else wording.OWN_SCENARIO_HINT


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
            **labelled("arms-label"),
        ),
        *([html.Div(_rate_hint(view), className="field-hint")] if view.editing else []),
        error_place("arms", view.errors.get("arms")),
    ]


def _rate_hint(view: View) -> str:
    hints = {"order_value": worlds.ORDER_VALUE_HINT, "complaint_rate": worlds.COMPLAINTS_HINT}
    return worlds.sentences([wording.RATE_HINT, *(hints.get(name, "") for name in view.arm_settings)])


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
    controls = [
        arm_chip(place),
        hidden_label(f"{wording.NAME_OF} {letter}", name),
        typed_in(name, arm["name"], "text", maxlength=LONGEST_NAME, class_name="arm-name-input"),
        hidden_label(f"{wording.RATE_OF} {letter}", rate),
        typed_in(rate, arm["rate"], "number", step="any", placeholder=_drawn(view, place), class_name="arm-rate-input"),
        remove("remove-arm", place, letter, "btn btn-quiet btn-icon"),
    ]
    paths = [f"arms.{place}.{setting}" for setting in view.arm_settings]
    errors = [error_place(path, view.errors.get(path)) for path in paths]
    more = _more_about(view, place)
    return html.Li(
        [html.Div(controls, className="arm-fields"), *more, html.Div(errors, className="arm-errors")],
        className="arm-row",
    )


def _more_about(view: View, place: int) -> list[Component]:
    """What stands below a line's name and rate where it matters: its orders' value, and how many complain."""
    arm, letter, at = view.draft["arms"][place], wording.line_name(place), f"arms.{place}"
    rows = {
        "order_value": (worlds.ORDER_VALUE, worlds.ORDER_VALUE_OF, _common_value(view)),
        "complaint_rate": (worlds.COMPLAINTS, worlds.COMPLAINTS_OF, ""),
    }
    return [
        _labelled_row(f"{at}.{name}", arm[name], shown, f"{heard} {letter}", placeholder)
        for name, (shown, heard, placeholder) in rows.items()
        if name in view.arm_settings
    ]


def _common_value(view: View) -> str:
    """What a line's orders are worth when nothing is typed."""
    return compact(view.draft["money"]["order_value"]) if view.has_money else ""


def _labelled_row(path: str, value: Any, shown: str, heard: str, placeholder: str) -> html.Div:
    unheard: Any = {"aria-hidden": "true"}
    label = [html.Span(shown, **unheard), html.Span(heard, className="visually-hidden")]
    return html.Div(
        [
            html.Label(label, htmlFor=ids.in_html(ids.field(path))),
            typed_in(path, value, "number", step="any", placeholder=placeholder, class_name="arm-rate-input"),
        ],
        className="arm-more",
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
        html.Div([*chips, *_add_policy(view)], className="chips", role="group", **labelled("policies-label")),
        error_place("policies", view.errors.get("policies")),
    ]


def _chip(view: View, place: int, slot: int | None) -> html.Span:
    name, label = _policy(view, place)["name"], view.labels[place]
    why_kept = _why_kept(view, place)
    end = _lock(why_kept) if why_kept else remove("remove-policy", place, label, "chip-remove")
    words = html.Span(label, className="chip-label")
    return html.Span([policy_mark(slot), words, end], className="chip", title=f"{label}: {prose(POLICIES[name].plain)}")


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
    titles = {name: spec.title for name, spec in POLICIES.items()}
    return add_from("policy", wording.ADD_POLICY, wording.ADD_POLICY_LABEL, titles)


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
    return disclosure(
        name,
        _text(view, f"policies.{place}:label"),
        _text(view, f"policies.{place}:now", "disclosure-value"),
        html.Div(
            [*pairs(fields), html.Div(prose(POLICIES[policy["name"]].plain), className="field-hint")],
            className="disclosure-body",
        ),
    )


def _settings_now(view: View, place: int) -> str:
    policy = _policy(view, place)
    return wording.settings_now((knob, policy[name]) for name, knob in view.rest_of(place).items())


# Rates left empty


def _rates(view: View) -> Component:
    return disclosure(
        "rates",
        wording.RATES_LEFT_OPEN,
        _text(view, "rates-now", "disclosure-value"),
        _section(view, "rates", "disclosure-body"),
    )


def _rates_section(view: View) -> list[Component]:
    return pairs([_rates_field(view, name, knob) for name, knob in view.rates.items()])


def _rates_field(view: View, name: str, knob: Knob) -> html.Div:
    path = f"world.{name}"
    again = new_seed(path) if name == "world_seed" else None
    return field(knob, path, view.draft["world"][name], error=view.errors.get(path), extra=again)


def _rates_now(view: View) -> str:
    return wording.world_seed_now(view.draft["world"].get("world_seed"))


_SECTIONS = {
    "arms": _arms_section,
    "policies": _policies_section,
    "sliders": _sliders_section,
    "rows": _rows_section,
    "rates": _rates_section,
    **circumstances.SECTIONS,
}
