"""What happens when a visitor types and presses: the draft, what is told about it, and the question that follows from it.

The browser keeps the log of what was typed and pressed (`assets/js/controls.js`) until a draft comes back that holds it.
A request brings the whole log since the draft that it starts from, so nothing is lost or done twice however long an
answer takes, and a later answer replaces an earlier one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from components import ids, wording
from components import wording_worlds as worlds
from components.address import query_of
from components.controls.audiences import spelled_out
from components.controls.circumstances import on_now
from components.controls.draft import Draft, Event, draft_of, follow, get, shown_value
from components.controls.field import error_text
from components.controls.panel import picks, section, section_of, shapes, texts
from components.controls.view import View
from components.notices import notice, status, working
from components.press import pressing
from engine import LinkError, Scenario
from engine.pace import hurry
from engine.presets import DEFAULT, PRESETS
from engine.scenario import FEWEST_ARMS


@dataclass(frozen=True)
class Rules:
    """What differs between the pages that show the panel."""

    page: str
    most_policies: int
    run_words: Callable[[Scenario], str]
    summary: Callable[[Scenario], tuple[str, str]] = wording.summary_of
    between: str = ", "
    """What stands between the parts of the summary."""
    opening: Scenario = PRESETS[DEFAULT].scenario
    """What the page shows when its address names no scenario."""
    has_campaigns: bool = False
    """Whether the visitor chooses how many campaigns there are; a preset then brings its lines, not its policies."""

    def view(self, draft: Draft, *, editing: bool = False) -> View:
        """Return what the panel is made from."""
        return View(draft, self.most_policies, editing=editing, has_campaigns=self.has_campaigns)


class Address(NamedTuple):
    """The query of a scenario's address, or what is to be told when no address can hold it."""

    query: str | None
    notice: html.Div | None


class Places(NamedTuple):
    """What the panel has at the moment: its sections, the paths of its fields, errors and texts, and its lists."""

    sections: list[str]
    fields: list[str]
    errors: list[str]
    texts: list[str]
    picks: list[str]


def register(app: Dash, rules: Mapping[str, Rules]) -> None:
    """Connect the panel, once for all the pages that show it, each with its rules by its name."""
    app.callback(
        {
            "draft": Output(ids.DRAFT, "data"),
            "asked": Output(ids.ASKED, "data"),
            "sections": Output(ids.section(ALL), "children"),
            "values": Output(ids.field(ALL), "value"),
            "errors": Output(ids.error(ALL), "children"),
            "texts": Output(ids.text(ALL), "children"),
            "picks": Output(ids.pick(ALL), "value"),
            "button": Output(ids.RUN, "children"),
            "status": Output(ids.STATUS, "children"),
            "notice": Output(ids.NOTICE, "children"),
            "address_notice": Output(ids.ADDRESS_NOTICE, "children"),
            "pace_notice": Output(ids.PACE_NOTICE, "children"),
            "address": Output(ids.ADDRESS, "data"),
            "summary": Output(ids.SUMMARY, "children"),
        },
        inputs={"edits": Input(ids.EDITS, "data")},
        state={"held": State(ids.DRAFT, "data")},
        prevent_initial_call=True,
    )(partial(_edit, rules))
    _register_browser(app)


def _edit(rules: Mapping[str, Rules], edits: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    return edited(held, edits["events"], rules[held["page"]], _places())


def _register_browser(app: Dash) -> None:
    """What needs no server: pruning the log, choosing what to tell, the address, the errors' ties to their fields."""
    app.clientside_callback(ClientsideFunction("btm_controls", "hear"), Input(ids.DRAFT, "data"))
    for function, inputs in (
        ("settle", [Input(ids.DRAFT, "data"), Input(ids.answered(ALL), "data")]),
        ("complete", [Input(ids.completed(ALL), "data")]),
    ):
        app.clientside_callback(
            ClientsideFunction("btm_controls", function),
            Output(ids.STATUS, "children", allow_duplicate=True),
            Output(ids.NOTICE, "children", allow_duplicate=True),
            *inputs,
            prevent_initial_call=True,
        )
    app.clientside_callback(ClientsideFunction("btm_shell", "address"), Input(ids.ADDRESS, "data"))
    app.clientside_callback(ClientsideFunction("btm_controls", "describe"), Input(ids.error(ALL), "children"))


def _places() -> Places:
    def paths(group: str, key: str) -> list[str]:
        return [place["id"][key] for place in ctx.outputs_grouping[group]]

    return Places(
        paths("sections", "of"),
        paths("values", "path"),
        paths("errors", "path"),
        paths("texts", "of"),
        paths("picks", "what"),
    )


def first_draft(scenario: Scenario, rules: Rules) -> dict[str, Any]:
    """The store of the draft as a page opens with it."""
    return _held(rules.view(draft_of(scenario)), rules.page, handled=0, asked=scenario.digest())


def _held(view: View, page: str, handled: int, asked: str) -> dict[str, Any]:
    """The store of the draft.

    `handled` is the number of the last edit in it, `key` the digest of its scenario if it is one, `asked` that of the
    scenario that was asked for last; `status` and `notice` are told until there is an answer.
    """
    key = None if view.scenario is None else view.scenario.digest()
    words = {"scenario": view.draft, "editing": view.editing, "page": page, "handled": handled}
    return {**words, "key": key, "asked": key or asked, **_told(view)}


def edited(held: dict[str, Any], events: list[Event], rules: Rules, places: Places) -> dict[str, Any]:
    """Return what a visitor's edits change: draft, panel, errors, and the scenario that should be shown."""
    fresh = [event for event in events if event["n"] > held["handled"]]
    pressed = [event["press"] for event in fresh if "press" in event]
    before = rules.view(held["scenario"], editing=held["editing"])
    after = rules.view(
        follow(before.draft, fresh, rules.most_policies, keeps_policies=rules.has_campaigns),
        editing=before.editing != bool(pressed.count("edit-arms") % 2),
    )
    handled = max([held["handled"], *(event["n"] for event in fresh)])
    draft = _held(after, rules.page, handled, held["asked"])
    at = Address(None, None) if after.scenario is None else addressed(after.scenario, rules)
    return {
        "draft": draft,
        **_asking(after, held["asked"], pressed, draft, at),
        **_panel(before, after, fresh, places),
        **_question(before, after, rules, at),
    }


# What is asked and told


def _asking(after: View, asked: str, pressed: list[str], draft: dict[str, Any], at: Address) -> dict[str, Any]:
    """The question, when there is another one, and what is told until there is an answer."""
    told = {"status": draft["status"], "notice": draft["notice"]}
    if after.scenario is None:
        return {"asked": no_update, "address_notice": no_update, **told}
    is_new = draft["key"] != asked
    if not is_new and not {"run", "retry"} & set(pressed):
        # What the last answer said holds again; the browser remembers it.
        return dict.fromkeys(("asked", "status", "notice", "address_notice"), no_update)
    return {
        "asked": {"scenario": after.draft, "pressed": "run" in pressed, "n": draft["handled"]},
        "address_notice": at.notice if is_new else no_update,
        **told,
    }


def _told(view: View) -> dict[str, Any]:
    """What is told about a draft: that it is worked on, or what is wrong with it as a whole."""
    if view.scenario is not None:
        return {"status": working(), "notice": None}
    return {"status": status(wording.NOT_VALID), "notice": _invalid_notice(view)}


def _invalid_notice(view: View) -> html.Div | None:
    """What is wrong and has no field at which it could be told."""
    if len(view.draft["arms"]) < FEWEST_ARMS:
        return notice(wording.ADD_A_LINE, "bad", pressing("add-arm"), pressing("pick-preset", "real_campaign"))
    return notice(wording.invalid(view.homeless), "bad") if view.homeless else None


def _question(before: View, after: View, rules: Rules, at: Address) -> dict[str, Any]:
    """What follows the question, as far as it is valid; what is told already is not said aloud again."""
    if after.scenario is None:
        return dict.fromkeys(("button", "summary", "address", "pace_notice"), no_update)
    told = before.scenario is not None and hurry(before.scenario) == hurry(after.scenario)
    return {
        "button": rules.run_words(after.scenario),
        "summary": summary(after.scenario, rules),
        "address": at.query,
        "pace_notice": no_update if told else pace_notice(after.scenario),
    }


def pace_notice(scenario: Scenario) -> html.Div | None:
    """What is to be told when the send is over before anybody could learn from it, with a button that paces it."""
    found = hurry(scenario)
    return (
        None if found is None else notice(worlds.too_fast(found), "advice", pressing("set-pace", found.sends_per_hour))
    )


def summary(scenario: Scenario, rules: Rules) -> list[Any]:
    """The scenario in one line, for the bar that stands in for the panel."""
    name, words = rules.summary(scenario)
    on = on_now(draft_of(scenario))
    return [html.Strong(name), html.Div(f"{words}{rules.between}{on}" if on else words)]


def addressed(scenario: Scenario, rules: Rules) -> Address:
    """Return the scenario's address; what a visitor brought is put on the shelf for it."""
    try:
        return Address(query_of(scenario, rules.opening), None)
    except LinkError as error:
        return Address(None, notice(wording.no_link(str(error)), "warn"))


# The panel


def _panel(before: View, after: View, events: list[Event], places: Places) -> dict[str, Any]:
    old_shapes, new_shapes = shapes(before), shapes(after)
    anew = {name for name, shape in new_shapes.items() if shape != old_shapes[name]}
    typed = {event["field"]: event.get("value") for event in events if "field" in event}

    def kept(paths: list[str], new: Callable[[str], Any]) -> list[Any]:
        """Sections that are made anew bring everything with them."""
        return [no_update if section_of(path) in anew else new(path) for path in paths]

    words_before, words = texts(before), texts(after)
    draft_before, draft = spelled_out(before.draft), spelled_out(after.draft)
    chosen = picks(after)
    return {
        "sections": [section(after, name) if name in anew else no_update for name in places.sections],
        "values": kept(places.fields, lambda path: _value(draft_before, draft, typed, path)),
        "errors": kept(places.errors, lambda path: _error(before, after, path)),
        "texts": kept(places.texts, lambda of: words[of] if words[of] != words_before.get(of) else no_update),
        "picks": [no_update if what in anew else chosen.get(what, no_update) for what in places.picks],
    }


def _error(before: View, after: View, path: str) -> Any:
    """The error at a place, when it is another one: what is told already is not said aloud again."""
    problem = after.errors.get(path)
    return no_update if problem == before.errors.get(path) else error_text(problem)


def _value(before: Draft, after: Draft, typed: dict[str, Any], path: str) -> Any:
    """The value that a control should show, when it does not show it yet: what somebody is typing is left alone."""
    shown = typed[path] if path in typed else shown_value(get(before, path), path)
    value = shown_value(get(after, path), path)
    return no_update if value == shown else value
