"""What happens when something is changed: the draft, the run, its repeats, the downloads.

`register` connects plain functions to ids; the functions can be called without a server.
"""

import csv
import io
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import race as run
from components.address import query_of
from components.cards import stage
from components.cards.kpi import kpi
from components.cards.line_table import line_table, rows
from components.cards.verdict import luck_card, verdict
from components.charts import line_conversions, traffic
from components.controls.draft import ACTIONS, Draft, add_policy, overlay, preset_name, shape_of, use_preset
from components.controls.field import error_text
from components.controls.panel import arms, preset_hint
from components.formats import seconds
from components.pages.time_machine import answers
from components.pages.time_machine.layout import luck_graph, notice, panel_for, rates_of, summary
from components.shell import icon
from engine import LinkError, Scenario, ScenarioError
from engine.metrics import repeats_beside
from engine.scenario import FEWEST_ARMS


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    stage.register(app)
    _register_edit(app)
    _register_show(app)
    _register_check(app)
    _register_downloads(app)
    for chart in ids.DRAWN:
        app.clientside_callback(
            ClientsideFunction("btm_charts", "draw"),
            Output(ids.graph(chart), "figure"),
            Input(ids.store(chart), "data"),
            Input("theme", "data"),
            prevent_initial_call=True,
        )
    app.clientside_callback(
        ClientsideFunction("btm_controls", "address"), Input(ids.ADDRESS, "data"), prevent_initial_call=True
    )
    app.clientside_callback(ClientsideFunction("btm_controls", "describe"), Input(ids.error(ALL), "children"))


# Editing


def _register_edit(app: Dash) -> None:
    app.callback(
        {
            "draft": Output(ids.DRAFT, "data"),
            "shape": Output(ids.SHAPE, "data"),
            "asked": Output(ids.ASKED, "data"),
            "panel": Output(ids.PANEL_BODY, "children"),
            "arms": Output(ids.ARMS, "children"),
            "errors": Output(ids.error(ALL), "children"),
            "notice": Output(ids.NOTICE, "children", allow_duplicate=True),
            "button": Output(ids.RUN, "children"),
            "status": Output(ids.STATUS, "children", allow_duplicate=True),
            "preset": Output(ids.pick("preset"), "value"),
            "hint": Output(ids.PRESET_HINT, "children"),
        },
        inputs={
            "_values": Input(ids.field(ALL), "value"),
            "_clicks": Input(ids.action(ALL, ALL), "n_clicks"),
            "_picks": Input(ids.pick(ALL), "value"),
            "_run": Input(ids.RUN, "n_clicks"),
        },
        state={
            "draft": State(ids.DRAFT, "data"),
            "shape": State(ids.SHAPE, "data"),
            "asked": State(ids.ASKED, "data"),
        },
        prevent_initial_call=True,
    )(_edit)


def _edit(
    _values: Any, _clicks: Any, _picks: Any, _run: Any, draft: Draft, shape: list[Any], asked: dict[str, Any]
) -> dict[str, Any]:
    typed = [(control["id"]["path"], control.get("value")) for control in ctx.args_grouping["_values"]]
    error_paths = [place["id"]["path"] for place in ctx.outputs_grouping["errors"]]
    return edited(draft, shape, asked, typed, _pressed(), error_paths)


def _pressed() -> tuple[str, Any]:
    """What set the change off: an action and its place, a pick and its choice, the run button, or a field."""
    what = ctx.triggered_id
    if what == ids.RUN:
        return ("run", None)
    if what is not None and what["type"] == "action":
        return (what["do"], what["at"]) if ctx.triggered[0]["value"] else ("field", None)
    if what is not None and what["type"] == "pick":
        return (f"pick-{what['what']}", ctx.triggered[0]["value"])
    return ("field", None)


def edited(
    draft: Draft,
    shape: list[Any],
    asked: dict[str, Any],
    typed: list[tuple[str, Any]],
    pressed: tuple[str, Any],
    error_paths: list[str],
) -> dict[str, Any]:
    """Return what a change of the controls changes: draft, panel, errors, and the scenario that should be shown."""
    do, at = pressed
    changed = _acted(overlay(draft, typed), do, at)
    editing = shape[-1] != (do == "edit-arms")
    new_shape = shape_of(changed, editing=editing)
    scenario, problems = _validated(changed)
    rebuild = new_shape != shape or do in ("new-seed", "pick-preset", "pick-policy")
    # Controls that are made anew bring no errors with them: what is wrong is then told above the verdict.
    errors, rest = _placed(problems, [] if rebuild else error_paths)
    preset = preset_name(changed)
    question = _asking(scenario, asked, pressed=do == "run")
    return {
        "draft": changed,
        "shape": new_shape,
        "asked": question,
        "panel": panel_for(changed, scenario, editing=editing) if rebuild else no_update,
        "arms": arms(changed, rates_of(scenario), editing=editing)
        if not rebuild and not editing and scenario
        else no_update,
        "errors": [error_text(errors.get(path)) for path in error_paths]
        if not rebuild
        else [no_update] * len(error_paths),
        "notice": _told(changed, rest),
        "button": wording.run_button(scenario.sends) if scenario else no_update,
        "status": no_update if question is no_update else html.Div(wording.WORKING, className="notice"),
        "preset": preset if not rebuild else no_update,
        "hint": preset_hint(preset) if not rebuild else no_update,
    }


def _told(draft: Draft, rest: str) -> Any:
    if len(draft["arms"]) < FEWEST_ARMS:
        return notice(wording.ADD_A_LINE, "bad")
    return notice(wording.invalid(rest), "bad") if rest else None


def _acted(draft: Draft, do: str, at: Any) -> Draft:
    if do == "pick-preset":
        return use_preset(draft, at)
    if do == "pick-policy":
        return add_policy(draft, at)
    return ACTIONS[do](draft, at) if do in ACTIONS else draft


def _validated(draft: Draft) -> tuple[Scenario | None, dict[str, str]]:
    try:
        return Scenario.from_dict(draft), {}
    except ScenarioError as error:
        return None, error.problems


def _placed(problems: dict[str, str], paths: list[str]) -> tuple[dict[str, str], str]:
    """Put each problem at the nearest place that there is for it; what has none is told above the verdict."""
    errors: dict[str, str] = {}
    rest: list[str] = []
    for path, text in problems.items():
        parts = path.split(".")
        nearest = next(
            (".".join(parts[:end]) for end in range(len(parts), 0, -1) if ".".join(parts[:end]) in paths),
            None,
        )
        if nearest is None:
            rest.append(f"{path}: {text}")
        else:
            errors.setdefault(nearest, wording.problem(path, text))
    return errors, " ".join(rest)


def _asking(scenario: Scenario | None, asked: dict[str, Any], *, pressed: bool) -> Any:
    if scenario is None:
        return no_update
    question = {"scenario": scenario.to_dict(), "pressed": pressed}
    return question if pressed or question["scenario"] != asked["scenario"] else no_update


# Showing


def _register_show(app: Dash) -> None:
    app.callback(
        {
            "hero": Output(ids.HERO, "children"),
            "luck": Output(ids.LUCK, "children"),
            "kpi": Output(ids.KPI, "children"),
            "traffic_head": Output(ids.TRAFFIC_HEAD, "children"),
            "traffic_style": Output(ids.graph("traffic"), "style"),
            "traffic_frame": Output(ids.frame("traffic"), "style"),
            "lines_head": Output(ids.LINES_HEAD, "children"),
            "lines_style": Output(ids.graph("line-conversions"), "style"),
            "lines_frame": Output(ids.frame("line-conversions"), "style"),
            "table": Output(ids.TABLE, "children"),
            "foot": Output(ids.FOOT, "children"),
            "race": Output(ids.RACE, "data"),
            "figures": {chart: Output(ids.store(chart), "data") for chart in (*ids.REPLAYED, *ids.DRAWN)},
            "summary": Output(ids.SUMMARY, "children"),
            "notice": Output(ids.NOTICE, "children"),
            "status": Output(ids.STATUS, "children"),
            "address": Output(ids.ADDRESS, "data"),
            "shown": Output(ids.SHOWN, "data"),
        },
        inputs={"asked": Input(ids.ASKED, "data")},
        state={"shown": State(ids.SHOWN, "data")},
    )(show)


def show(asked: dict[str, Any], shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return the page for the scenario that is asked for, or the question whether to run it."""
    try:
        scenario = Scenario.from_dict(asked["scenario"])
    except (ScenarioError, KeyError, TypeError) as error:
        return _nothing_new() | {"notice": notice(wording.invalid(str(error)), "bad")}
    if not asked.get("pressed") and answers.waits_for_button(scenario):
        return _nothing_new() | _asks_first(scenario, shown)
    return _page(scenario)


def _asks_first(scenario: Scenario, shown: dict[str, Any] | None) -> dict[str, Any]:
    work = answers.seconds_needed(scenario)
    policies = len(scenario.policies)
    message = wording.changed_several(scenario.sends) if shown else wording.large_link(policies, scenario.sends, work)
    hero = (
        no_update
        if shown
        else [html.H1(wording.EMPTY_TITLE, className="verdict"), html.P(wording.EMPTY_TEXT, className="lead")]
    )
    return {
        "notice": notice(message, "warn"),
        "hero": hero,
        "status": html.Div(wording.not_run(work), className="notice"),
        "summary": summary(scenario),
        "address": _address(scenario),
    }


_PARTS = (
    *(
        "hero",
        "luck",
        "kpi",
        "traffic_head",
        "traffic_style",
        "traffic_frame",
        "lines_head",
        "lines_style",
        "foot",
        "race",
    ),
    *("lines_frame", "table", "summary", "notice", "status", "address", "shown"),
)


def _nothing_new() -> dict[str, Any]:
    return dict.fromkeys(_PARTS, no_update) | {"figures": dict.fromkeys((*ids.REPLAYED, *ids.DRAWN), no_update)}


def _page(scenario: Scenario) -> dict[str, Any]:
    answer = answers.shown_run(scenario)
    known = answers.repeated(scenario) if answers.are_repeats_known(scenario) else None
    race, luck = answer.content["race"], known.content["luck"] if known else None
    took = answer.seconds + (known.seconds if known else 0.0)
    return {
        **_verdict(scenario, race, luck),
        "kpi": kpi(race),
        "traffic_head": [
            html.H2(traffic.title(race), className="h2"),
            html.P(traffic.deck(race), className="deck"),
            traffic.legend(race),
        ],
        "traffic_style": {"height": f"{traffic.height(race)}px"},
        "traffic_frame": {"minHeight": f"{traffic.height(race)}px"},
        "lines_head": [
            html.H2(line_conversions.title(race), className="h2"),
            html.P(line_conversions.deck(race), className="deck"),
        ],
        "lines_style": {"height": f"{line_conversions.height(race)}px"},
        "lines_frame": {"minHeight": f"{line_conversions.height(race)}px"},
        "table": line_table(race),
        "foot": _foot(scenario, luck),
        "race": race,
        "figures": {**answer.content["figures"], "luck": known.content["figure"] if known else no_update},
        "summary": summary(scenario),
        "notice": None,
        "status": _status(took, was_cached=answer.was_cached) if known else _still_checking(scenario),
        "address": _address(scenario),
        "shown": {"scenario": scenario.to_dict(), "checked": known is not None, "seconds": took},
    }


def _verdict(scenario: Scenario, race: Any, luck: Any) -> dict[str, Any]:
    count = repeats_beside(scenario)
    return {"hero": verdict(race, luck, count), "luck": luck_card(luck, run.focus(race), luck_graph(), count)}


def _foot(scenario: Scenario, luck: Any) -> list[Any]:
    world_seed = getattr(scenario.world, "world_seed", None) if any(arm.rate is None for arm in scenario.arms) else None
    return [
        html.Span(wording.SAME_RECIPIENTS),
        html.Span(wording.provenance(world_seed, scenario.seed, luck["digest"] if luck else "")),
    ]


def _status(took: float, *, was_cached: bool) -> html.Div:
    return html.Div(
        [icon("check"), html.Span(wording.up_to_date(seconds(took), from_cache=was_cached))],
        className="notice notice-ok",
    )


def _still_checking(scenario: Scenario) -> html.Div:
    return html.Div(wording.plain(wording.checking(repeats_beside(scenario))), className="notice")


def _address(scenario: Scenario) -> str | None:
    try:
        return query_of(scenario)
    except LinkError:
        return None


# The repeats


def _register_check(app: Dash) -> None:
    app.callback(
        {
            "hero": Output(ids.HERO, "children", allow_duplicate=True),
            "luck": Output(ids.LUCK, "children", allow_duplicate=True),
            "figure": Output(ids.store("luck"), "data", allow_duplicate=True),
            "foot": Output(ids.FOOT, "children", allow_duplicate=True),
            "status": Output(ids.STATUS, "children", allow_duplicate=True),
        },
        inputs={"shown": Input(ids.SHOWN, "data")},
        prevent_initial_call=True,
    )(check)


def check(shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return the verdict with its uncertainty, once the repeats are in."""
    if not shown or shown["checked"]:
        raise PreventUpdate
    try:
        scenario = Scenario.from_dict(shown["scenario"])
    except ScenarioError as error:
        raise PreventUpdate from error
    answer = answers.repeated(scenario)
    race, luck = answers.shown_run(scenario).content["race"], answer.content["luck"]
    return {
        **_verdict(scenario, race, luck),
        "figure": answer.content["figure"],
        "foot": _foot(scenario, luck),
        "status": _status(answer.seconds + shown["seconds"], was_cached=False),
    }


# Downloads


def _register_downloads(app: Dash) -> None:
    for button, content in ((ids.TABLE_CSV, table_csv), (ids.RACE_CSV, race_csv)):
        app.callback(
            Output(ids.DOWNLOAD, "data", allow_duplicate=True),
            Input(button, "n_clicks"),
            State(ids.SHOWN, "data"),
            prevent_initial_call=True,
        )(content)


def table_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the table line by line as a file."""
    race = _race_of(shown)
    return _csv_file("line-by-line.csv", rows(race))


def race_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the shown campaign step by step as a file: a row a policy, line and step."""
    race = _race_of(shown)
    return _csv_file("race.csv", list(run.records(race)))


def _race_of(shown: dict[str, Any] | None) -> Any:
    if not shown:
        raise PreventUpdate
    return answers.shown_run(Scenario.from_dict(shown["scenario"])).content["race"]


def _csv_file(name: str, records: list[dict[str, Any]]) -> dict[str, str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]))
    writer.writeheader()
    writer.writerows({key: _inert(value) for key, value in record.items()} for record in records)
    return {"content": text.getvalue(), "filename": name, "type": "text/csv"}


def _inert(value: Any) -> Any:
    """Keep a spreadsheet from running a name as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
