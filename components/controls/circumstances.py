"""The group "The real world": how rates behave and recipients differ, replies, what counts, and guardrails."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording_worlds as words
from components.controls import audience_controls, switched_parts
from components.controls.draft import is_per_cent
from components.controls.field import error_place, field
from components.controls.parts import (
    add_from,
    choice,
    disclosure,
    given_by_link,
    labelled,
    pairs,
    remove,
    section_place,
    text_place,
)
from components.controls.real_world import cadence_of, free_guardrails
from components.controls.view import View
from components.formats import prose
from components.wording_audiences import splits
from engine import GUARDRAILS, WORLDS, Scenario
from engine.catalogue import DELAYS
from engine.fields import Knob, knobs
from engine.scenario import HOURS

SECTION_OF = {"update_every": "cadence", **switched_parts.SECTION_OF}
"""The sections of settings that stand elsewhere than under their own name."""


def group(view: View) -> Component:
    """A row that opens, closed it says what is on."""
    pace = "sends_per_hour"
    told = texts(view)
    return disclosure(
        "real-world",
        html.Span(words.REAL_WORLD),
        text_place("real-world-now", told["real-world-now"], "disclosure-value"),
        html.Div(
            [
                *(_section(view, name) for name in ("world", "shocks", "segments", "delay")),
                html.Div(
                    [
                        field(knobs(Scenario)[pace], pace, view.draft[pace], error=view.errors.get(pace)),
                        html.Div(text_place("pace", told["pace"]), className="field-hint"),
                    ],
                    className="group",
                ),
                *(_section(view, name) for name in ("cadence", "recurring", "goal", "guardrails")),
            ],
            className="disclosure-body",
        ),
    )


def _section(view: View, name: str) -> html.Div:
    return section_place(name, SECTIONS[name](view), "group")


def shapes(view: View) -> dict[str, Any]:
    """What the controls of each section depend on, apart from their values."""
    return {
        "world": [view.draft["world"]["name"], list(view.world), view.lists],
        "delay": [view.draft["delay"]["name"], list(view.delay)],
        "cadence": _is_by_clock(view),
        "guardrails": [[rail["name"] for rail in view.draft["guardrails"]], free_guardrails(view.draft)],
        **audience_controls.shapes(view),
        **switched_parts.shapes(view),
    }


def texts(view: View) -> dict[str, str]:
    """The words that follow the settings."""
    draft = view.draft
    told = {
        "real-world-now": on_now(draft) or words.LEFT_OUT,
        "pace": words.pace(draft["sends"], draft["sends_per_hour"]),
    }
    if any(rail["name"] == "pause_rule" for rail in draft["guardrails"]):
        told["guardrails.complaints"] = "" if view.draws_complaints else words.NO_COMPLAINTS
    return told | audience_controls.texts(view) | switched_parts.texts(view)


def picks(view: View) -> dict[str, str]:
    """What the lists to choose from should show."""
    draft = view.draft
    own = {"world": draft["world"]["name"], "delay": draft["delay"]["name"], "cadence": cadence_of(draft)}
    return own | switched_parts.picks(view)


def on_now(draft: dict[str, Any]) -> str:
    """What of the real world is on, in a few words; nothing when it is left out."""
    return words.what_is_on(
        draft["world"]["name"],
        draft["delay"]["name"],
        draft["update_every"],
        len(draft["guardrails"]),
        [
            words.SHARED_LUCK_ON if draft["shocks"] is not None else "",
            splits({name: len(groups) for name, groups in draft["segments"].items()}),
            words.REPEAT_SENDS_ON if draft["recurring"] is not None else "",
            words.goal_on(draft["goal"], has_money=draft["money"] is not None),
        ],
    )


def _world(view: View) -> list[Component]:
    name = view.draft["world"]["name"]
    titles = {known: spec.title for known, spec in _plain_first(WORLDS, "stationary").items()}
    hint = words.sentences([prose(WORLDS[name].plain), words.RATES_MEAN.get(name, "")])
    settings = [_setting(view, f"world.{setting}", knob) for setting, knob in view.world.items()]
    return [
        choice("world", words.HOW_RATES_BEHAVE, titles, name, hint),
        *(_given(view, f"world.{setting}", number) for setting, number in view.lists.items()),
        *pairs(settings),
    ]


def _given(view: View, path: str, number: int) -> html.Div:
    return given_by_link(path, number, view.errors.get(path))


def _delay(view: View) -> list[Component]:
    name = view.draft["delay"]["name"]
    titles = {known: spec.title for known, spec in _plain_first(DELAYS, "none").items()}
    settings = [_setting(view, f"delay.{setting}", knob) for setting, knob in view.delay.items()]
    return [choice("delay", words.LATE_CONVERSIONS, titles, name, prose(DELAYS[name].plain)), *pairs(settings)]


def _plain_first(family: Any, plain: str) -> dict[str, Any]:
    return {plain: family[plain], **family}


def _setting(view: View, path: str, knob: Knob) -> html.Div:
    part, _, setting = path.partition(".")
    label = words.labelled(knob.title, knob.unit)
    return field(knob, path, view.draft[part][setting], label=label, error=view.errors.get(path))


def _is_by_clock(view: View) -> bool:
    return cadence_of(view.draft) in HOURS


def _cadence(view: View) -> list[Component]:
    """The rhythm; a number of sends stands below it, and stays there while 1 is typed on the way to 100."""
    path = "update_every"
    knob, problem = knobs(Scenario)[path], view.errors.get(path)
    typed = field(knob, path, view.draft[path], label=words.labelled(knob.title, knob.unit), error=problem)
    return [
        choice("cadence", words.CADENCE, words.CADENCES, cadence_of(view.draft), words.CADENCE_HINT),
        error_place(path, problem) if _is_by_clock(view) else typed,
    ]


def _guardrails(view: View) -> list[Component]:
    rails = view.draft["guardrails"]
    free = {name: GUARDRAILS[name].title for name in free_guardrails(view.draft)}
    adding = add_from("guardrail", words.ADD_GUARDRAIL, words.ADD_GUARDRAIL_LABEL, free) if free else []
    return [
        html.Div(words.GUARDRAILS_LABEL, className="field-label", id="guardrails-label"),
        *([_guardrail_list(view)] if rails else []),
        *([html.Div(adding, className="chips")] if adding else []),
        error_place("guardrails", view.errors.get("guardrails")),
    ]


def _guardrail_list(view: View) -> html.Ul:
    rows = [_guardrail(view, place) for place in range(len(view.draft["guardrails"]))]
    return html.Ul(rows, className="guardrails", **labelled("guardrails-label"))


def _guardrail(view: View, place: int) -> html.Li:
    """What it is called, its settings and a cross, and a sentence on what it does; a single setting needs one row."""
    spec = GUARDRAILS[view.draft["guardrails"][place]["name"]]
    settings = [_rail_setting(view, place, knob) for knob in view.guardrail(place).values()]
    head, more = (settings[0], []) if len(settings) == 1 else (html.Span(spec.title), settings)
    cross = remove("remove-guardrail", place, spec.title, "btn btn-quiet btn-icon")
    return html.Li(
        [
            html.Div([head, cross], className="guardrail-head"),
            *pairs(more),
            html.Div(prose(spec.plain), className="field-hint"),
            *(_complaints_note(view) if spec.name == "pause_rule" else []),
        ],
        className="guardrail",
    )


def _complaints_note(view: View) -> list[Component]:
    of = "guardrails.complaints"
    return [html.Div(text_place(of, texts(view)[of]), className="field-hint")]


def _rail_setting(view: View, place: int, knob: Knob) -> html.Div:
    path = f"guardrails.{place}.{knob.name}"
    value = view.draft["guardrails"][place][knob.name]
    label = words.labelled(knob.title, "%" if is_per_cent(path) else knob.unit)
    return field(knob, path, value, label=label, error=view.errors.get(path))


SECTIONS = {
    "world": _world,
    "delay": _delay,
    "cadence": _cadence,
    "guardrails": _guardrails,
    **audience_controls.SECTIONS,
    **switched_parts.SECTIONS,
}
