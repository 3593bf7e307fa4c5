"""The scenario panel: preset, subject lines, policies with their settings, sends, seeds, rates."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids, wording
from components.controls.draft import MOST_SHOWN, OWN, Draft, preset_name, settings_of, shown_value
from components.controls.field import SETTLE_MS, error_place, field, is_slider
from components.formats import compact, percent
from components.shell import icon
from components.theme import arm_chip, policy_mark, policy_slots
from engine import POLICIES, WORLDS
from engine.fields import Knob, knobs
from engine.presets import PRESETS
from engine.scenario import MOST_ARMS, Scenario


def panel(draft: Draft, rates: list[float], labels: list[str], *, editing: bool) -> list[Component]:
    """All controls for a draft; `rates` are the true rates of its last valid form, as far as they go."""
    sends, seed = knobs(Scenario)["sends"], knobs(Scenario)["seed"]
    return [
        _preset(preset_name(draft)),
        html.Div(arms(draft, rates, editing=editing), id=ids.ARMS, className="field"),
        _policies(draft, labels),
        *_sliders(draft, labels),
        html.Div(
            [
                field(sends, "sends", draft["sends"]),
                field(seed, "seed", draft["seed"], extra=_new_seed("seed")),
            ],
            className="field-row",
        ),
        html.Div([*_more_settings(draft), _world(draft)], className="disclosures"),
    ]


def _preset(name: str) -> html.Div:
    options = [{"label": known.title, "value": known.name} for known in PRESETS.values()]
    picker = dbc.Select(
        id=ids.pick("preset"), options=[*options, {"label": wording.OWN_SCENARIO, "value": OWN}], value=name
    )
    return html.Div(
        [
            html.Label(wording.SCENARIO, htmlFor=ids.in_html(ids.pick("preset")), className="form-label"),
            html.Div(picker, className="select"),
            html.Div(preset_hint(name), id=ids.PRESET_HINT, className="field-hint"),
        ],
        className="field",
    )


def preset_hint(name: str) -> str:
    """What a preset shows, in a sentence."""
    return PRESETS[name].sentence if name in PRESETS else wording.OWN_SCENARIO_HINT


def arms(draft: Draft, rates: list[float], *, editing: bool) -> list[Component]:
    """The list of subject lines, to read or to edit."""
    row = _arm_fields if editing else _arm_row
    rows = [row(draft, place, rates) for place in range(len(draft["arms"]))]
    toggle = html.Button(
        wording.DONE if editing else wording.EDIT,
        id=ids.action("edit-arms"),
        type="button",
        className="link-button",
        title=wording.EDIT_LINES,
    )
    hint = [html.Div(wording.RATE_HINT, className="field-hint")] if editing else []
    return [
        html.Div(
            [html.Span(wording.LINES_AND_RATES, className="field-label", id="arms-label"), toggle],
            className="field-head",
        ),
        html.Ul(
            [*rows, _add_arm(len(rows))],
            className="arms arms-editing" if editing else "arms",
            **_labelled("arms-label"),
        ),
        *hint,
        error_place("arms"),
    ]


def _arm_row(draft: Draft, place: int, rates: list[float]) -> html.Li:
    arm = draft["arms"][place]
    rate = arm["rate"] if isinstance(arm["rate"], int | float) else _known_rate(rates, place)
    return html.Li(
        [
            arm_chip(place),
            html.Span(arm["name"], className="arm-name", title=arm["name"]),
            html.Span("" if rate is None else percent(rate), className="arm-rate"),
        ],
        className="arm-row",
    )


def _known_rate(rates: list[float], place: int) -> float | None:
    return rates[place] if place < len(rates) else None


def _arm_fields(draft: Draft, place: int, rates: list[float]) -> html.Li:
    arm, letter = draft["arms"][place], wording.line_name(place)
    drawn = _known_rate(rates, place)
    name, rate = f"arms.{place}.name", f"arms.{place}.rate"
    name_field = dbc.Input(
        id=ids.field(name),
        type="text",
        value=arm["name"],
        maxlength=100,
        debounce=SETTLE_MS,
        class_name="arm-name-input",
    )
    rate_field = dbc.Input(
        id=ids.field(rate),
        type="number",
        value=shown_value(arm["rate"], rate),
        step="any",
        debounce=SETTLE_MS,
        placeholder="" if drawn is None else percent(drawn),
        class_name="arm-rate-input",
    )
    remove = html.Button(
        [icon("close"), html.Span(f"{wording.REMOVE} {letter}", className="visually-hidden")],
        id=ids.action("remove-arm", place),
        type="button",
        className="btn btn-quiet btn-icon",
    )
    labelled = [
        arm_chip(place),
        _hidden_label(f"{wording.NAME_OF} {letter}", name),
        name_field,
        _hidden_label(f"{wording.RATE_OF} {letter}", rate),
        rate_field,
        remove,
    ]
    errors = html.Div([error_place(name), error_place(rate)], className="arm-errors")
    return html.Li([html.Div(labelled, className="arm-fields"), errors], className="arm-row")


def _hidden_label(text: str, path: str) -> Component:
    return html.Label(text, htmlFor=ids.in_html(ids.field(path)), className="visually-hidden")


def _add_arm(count: int) -> html.Li:
    button = html.Button(
        [icon("plus"), wording.ADD_LINE],
        id=ids.action("add-arm"),
        type="button",
        className="arm-add",
        disabled=count >= MOST_ARMS,
    )
    return html.Li(button)


def _policies(draft: Draft, labels: list[str]) -> html.Div:
    slots = policy_slots([policy["name"] for policy in draft["policies"]])
    chips = [
        _chip(policy["name"], labels[place], slots[place], place) for place, policy in enumerate(draft["policies"])
    ]
    return html.Div(
        [
            html.Div(wording.POLICIES_LABEL, className="field-label", id="policies-label"),
            html.Div([*chips, *_add_policy(draft)], className="chips", role="group", **_labelled("policies-label")),
            error_place("policies"),
        ],
        className="field",
    )


def _chip(name: str, label: str, slot: int | None, place: int) -> html.Span:
    fixed = name == "ab_split" and place == 0
    end: Component = (
        html.Span(
            [icon("lock"), html.Span(wording.ALWAYS_THERE, className="visually-hidden")],
            title=wording.ALWAYS_THERE,
        )
        if fixed
        else html.Button(
            [icon("close"), html.Span(f"{wording.REMOVE} {label}", className="visually-hidden")],
            id=ids.action("remove-policy", place),
            type="button",
            className="chip-remove",
        )
    )
    return html.Span([policy_mark(slot), label, end], className="chip", title=POLICIES[name].plain)


def _add_policy(draft: Draft) -> list[Component]:
    if len(draft["policies"]) >= MOST_SHOWN:
        return []
    options = [{"label": spec.title, "value": name} for name, spec in POLICIES.items()]
    named = html.Label(wording.ADD_POLICY_LABEL, htmlFor=ids.in_html(ids.pick("policy")), className="visually-hidden")
    picker = dbc.Select(
        id=ids.pick("policy"), options=options, placeholder=wording.ADD_POLICY, class_name="chip-select"
    )
    return [named, picker]


def _sliders(draft: Draft, labels: list[str]) -> list[Component]:
    """The shares between 0 and 1, in the open: they are what visitors try first."""
    found = [
        (place, name, knob)
        for place, policy in enumerate(draft["policies"])
        for name, knob in settings_of(policy).items()
        if is_slider(knob)
    ]
    alone = len({name for _, name, _ in found}) == len(found)
    return [
        field(
            knob,
            f"policies.{place}.{name}",
            draft["policies"][place][name],
            None if alone else f"{knob.title}, {labels[place]}",
        )
        for place, name, knob in found
    ]


def _more_settings(draft: Draft) -> list[Component]:
    """What policies have beside sliders, a row that opens for each policy."""
    return [
        _policy_row(place, policy, rest)
        for place, policy in enumerate(draft["policies"])
        if (rest := {name: knob for name, knob in settings_of(policy).items() if not is_slider(knob)})
    ]


def _policy_row(place: int, policy: dict[str, Any], rest: dict[str, Knob]) -> Component:
    spec = POLICIES[policy["name"]]
    fields = [field(knob, f"policies.{place}.{name}", policy[name]) for name, knob in rest.items()]
    now = ", ".join(f"{knob.symbol or knob.title.lower()} {compact(policy[name])}" for name, knob in rest.items())
    return _disclosure(spec.title, now, [*_pairs(fields), html.Div(spec.plain, className="field-hint")])


def _pairs(fields: list[Any]) -> list[Component]:
    return [html.Div(fields[first : first + 2], className="field-row") for first in range(0, len(fields), 2)]


def _world(draft: Draft) -> Component:
    world = draft["world"]
    found = knobs(WORLDS[world["name"]].parameters)
    shown = {name: knob for name, knob in found.items() if name != "name" and _is_relevant(knob, world)}
    fields = [_world_field(name, knob, world[name]) for name, knob in shown.items()]
    return _disclosure(wording.RATES_LEFT_OPEN, wording.world_seed_now(world.get("world_seed")), _pairs(fields))


def _is_relevant(knob: Knob, world: dict[str, Any]) -> bool:
    return knob.relevant_when is None or world.get(knob.relevant_when[0]) == knob.relevant_when[1]


def _world_field(name: str, knob: Knob, value: Any) -> html.Div:
    path = f"world.{name}"
    return field(knob, path, value, extra=_new_seed(path) if name == "world_seed" else None)


def _new_seed(path: str) -> html.Button:
    words = wording.NEW_LUCK if path == "seed" else wording.NEW_RATES
    return html.Button(
        [icon("refresh"), html.Span(words, className="visually-hidden")],
        id=ids.action("new-seed", path),
        type="button",
        title=words,
        className="btn btn-quiet btn-icon",
    )


def _disclosure(title: str, now: str, body: list[Component]) -> html.Details:
    return html.Details(
        [
            html.Summary([title, html.Span(now, className="disclosure-value")]),
            html.Div(body, className="disclosure-body"),
        ],
        className="disclosure",
    )


def _labelled(by: str) -> Any:
    return {"aria-labelledby": by}
