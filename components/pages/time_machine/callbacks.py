"""What happens when another scenario is asked for: the run, its repeats, the downloads.

`register` connects plain functions to ids; the functions can be called without a server.
"""

from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import ids, wording
from components import race as run
from components import wording_changes as changes
from components import wording_visit as visit
from components.address import query_of
from components.cards import credit, drift, stage
from components.cards.guards import guards
from components.cards.kpi import kpi
from components.cards.line_table import line_table, rows
from components.cards.preset_notes import preset_notes
from components.cards.segments import records as segment_records
from components.cards.segments import segments
from components.cards.story import story
from components.cards.verdict import deck, luck_card, sentence, verdict
from components.charts import line_conversions, rates_over_time, traffic
from components.controls.draft import notes
from components.downloads import csv_file
from components.formats import seconds
from components.notices import not_run, notice, status
from components.pages.time_machine import answers, prices
from components.pages.time_machine.layout import NAME, luck_graph
from components.press import opener, pressing
from components.terms import explained
from components.wording_compare import too_much
from engine import LinkError, Scenario, ScenarioError
from engine.errors import BusyError
from engine.journal import note_scenario
from engine.metrics import repeats_beside
from engine.presets import DEFAULT


def register(app: Dash) -> None:
    """Connect the page's functions to its ids."""
    stage.register(app)
    _register_show(app)
    _register_check(app)
    _register_downloads(app)
    prices.register(app)
    app.clientside_callback(
        ClientsideFunction("btm_visit", "arrive"), Input(ids.SHOWN, "data"), prevent_initial_call=True
    )
    for chart in ids.DRAWN:
        app.clientside_callback(
            ClientsideFunction("btm_charts", "draw"),
            Output(ids.graph(chart), "figure"),
            Input(ids.store(chart), "data"),
            Input("theme", "data"),
            prevent_initial_call=True,
        )


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
            "drift_head": Output(ids.heading("drift"), "children"),
            "drift_words": Output(ids.DRIFT_WORDS, "children"),
            "drift_still": Output(ids.DRIFT_STILL, "children"),
            "drift_place": Output(ids.place("drift"), "hidden"),
            "drift_style": Output(ids.graph("drift"), "style"),
            "drift_frame": Output(ids.frame("drift"), "style"),
            "drift_summary": Output(ids.summary("drift"), "children"),
            "guards": Output(ids.GUARDS, "children"),
            "segments": Output(ids.SEGMENTS, "children"),
            "segments_place": Output(ids.place("segments"), "hidden"),
            "credit": Output(ids.CREDIT, "children"),
            "credit_place": Output(ids.place("credit"), "hidden"),
            "foot": Output(ids.FOOT, "children"),
            "race": Output(ids.RACE, "data"),
            "figures": {chart: Output(ids.store(chart), "data") for chart in (*ids.REPLAYED, *ids.DRAWN)},
            "answered": Output(ids.answered(NAME), "data"),
            "shown": Output(ids.SHOWN, "data"),
        },
        inputs={"asked": Input(ids.ASKED, "data")},
        state={"shown": State(ids.SHOWN, "data")},
    )(show)


def show(asked: dict[str, Any], shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return the page for the scenario that is asked for, or the question whether to run it."""
    scenario = _scenario_of(asked)
    if not asked.get("pressed") and answers.waits_for_button(scenario):
        return _nothing_new() | _asks_first(scenario, shown)
    try:
        answers.charge_for(scenario)
    except BusyError as busy:
        refused = _answered(scenario, status(wording.NOT_VALID), notice(too_much(busy), "bad"))
        return _nothing_new() | _asks_first(scenario, shown) | {"answered": refused}
    return _page(scenario)


def _scenario_of(asked: Any) -> Scenario:
    try:
        scenario = Scenario.from_dict(asked["scenario"])
    except (ScenarioError, KeyError, TypeError, IndexError) as error:
        # The panel asks for valid scenarios only, and says what is wrong with the others.
        raise PreventUpdate from error
    note_scenario(scenario.digest())
    return scenario


def _asks_first(scenario: Scenario, shown: dict[str, Any] | None) -> dict[str, Any]:
    work, policies = answers.seconds_needed(scenario), len(scenario.policies)
    if shown:
        message = notice(wording.changed_several(scenario.sends), "warn", pressing("run"))
        hero: Any = no_update
    else:
        large = wording.large_link(policies, scenario.sends, work)
        message = notice(large, "warn", pressing("run"), pressing("pick-preset", DEFAULT))
        hero = not_run(wording.EMPTY_TEXT)
    return {"hero": hero, "answered": _answered(scenario, status(wording.not_run(work)), message)}


def _answered(scenario: Scenario, line: Component, message: Component | None = None) -> dict[str, Any]:
    """What is to be told as long as the panel holds this scenario."""
    return {"key": scenario.digest(), "status": line, "notice": message}


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
    *(
        "drift_head",
        "drift_words",
        "drift_still",
        "drift_place",
        "drift_style",
        "drift_frame",
        "drift_summary",
        "guards",
        "segments",
        "segments_place",
        "credit",
        "credit_place",
    ),
    *("lines_frame", "table", "answered", "shown"),
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
            html.P(explained(traffic.deck(race)), className="deck"),
            traffic.legend(race),
        ],
        "traffic_style": {"height": f"{traffic.height(race)}px"},
        "traffic_frame": {"minHeight": f"{traffic.height(race)}px"},
        "lines_head": [
            html.H2(line_conversions.title(race), className="h2"),
            html.P(explained(line_conversions.deck(race)), className="deck"),
        ],
        "lines_style": {"height": f"{line_conversions.height(race)}px"},
        "lines_frame": {"minHeight": f"{line_conversions.height(race)}px"},
        "table": line_table(race),
        **_drift(race, answer.content["drift"]),
        "guards": guards(race, answer.content["guards"], has_stop_rule=scenario.guardrail("stop_rule") is not None),
        "segments": segments(race),
        "segments_place": race["segments"] is None,
        "credit": credit.credit(race, known.content["credit"]) if known else credit.waiting(),
        "credit_place": scenario.recurring is None,
        "foot": _foot(scenario, race, luck),
        "race": run.packed(race),
        "figures": {**answer.content["figures"], "luck": known.content["figures"]["luck"] if known else no_update},
        "answered": _answered(
            scenario, _up_to_date(took, was_cached=answer.was_cached) if known else _still_checking(scenario)
        ),
        "shown": {"scenario": scenario.to_dict(), "checked": known is not None, "seconds": took},
    }


def _verdict(scenario: Scenario, race: Any, luck: Any) -> dict[str, Any]:
    count = repeats_beside(scenario)
    told = story(race, sentence(race, luck), deck(race, luck, count), _onward(scenario))
    hero = [verdict(race, luck, count), *preset_notes(*notes(scenario)), told]
    return {"hero": hero, "luck": luck_card(luck, run.focus(race), luck_graph(), count)}


def _onward(scenario: Scenario) -> list[tuple[str, str]]:
    """Where the story leads: the pages that take the scenario along, as far as there are such pages."""
    pages = {page["path"] for page in dash.page_registry.values()}
    try:
        query = query_of(scenario, None)
    except LinkError:
        query = ""
    onward = ((visit.COMPARE_MORE, "/compare"), (visit.PLAN_SENDS, "/plan"))
    return [(words, f"{path}{query}") for words, path in onward if path in pages]


def _drift(race: Any, moved: Any) -> dict[str, Any]:
    is_shown = rates_over_time.is_shown(race, moved)
    height = f"{rates_over_time.height(race)}px"
    return {
        "drift_head": drift.head(race, moved),
        "drift_words": drift.words(race, moved) if is_shown else [],
        "drift_still": [] if is_shown else drift.still(moved),
        "drift_place": not is_shown,
        "drift_style": {"height": height},
        "drift_frame": {"minHeight": height},
        "drift_summary": rates_over_time.summary(moved),
    }


def _foot(scenario: Scenario, race: Any, luck: Any) -> list[Any]:
    world_seed = getattr(scenario.world, "world_seed", None) if any(arm.rate is None for arm in scenario.arms) else None
    return [
        html.Span(wording.SAME_RECIPIENTS),
        *map(html.Span, too_late(race)),
        html.Span(wording.provenance(world_seed, scenario.seed, luck["digest"] if luck else "")),
        html.Span([opener(visit.TAKE_TOUR, "tour"), opener(visit.PRESENT_TO_A_ROOM, "story")], className="foot-visit"),
    ]


def too_late(race: Any) -> list[str]:
    """What came after the campaign's end, where that was anything."""
    lost = [(policy["label"], policy["lost"]) for policy in race["policies"] if policy["lost"]]
    return [changes.too_late(lost)] if lost else []


def _up_to_date(took: float, *, was_cached: bool) -> Component:
    return status(wording.up_to_date(seconds(took), from_cache=was_cached), is_shown=True)


def _still_checking(scenario: Scenario) -> Component:
    return status(wording.plain(wording.checking(repeats_beside(scenario))))


# The repeats


def _register_check(app: Dash) -> None:
    app.callback(
        {
            "hero": Output(ids.HERO, "children", allow_duplicate=True),
            "luck": Output(ids.LUCK, "children", allow_duplicate=True),
            "figure": Output(ids.store("luck"), "data", allow_duplicate=True),
            "credit": Output(ids.CREDIT, "children", allow_duplicate=True),
            "foot": Output(ids.FOOT, "children", allow_duplicate=True),
            "completed": Output(ids.completed(NAME), "data"),
        },
        inputs={"shown": Input(ids.SHOWN, "data")},
        prevent_initial_call=True,
    )(check)


def check(shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return the verdict with its uncertainty, once the repeats are in."""
    if not isinstance(shown, dict) or shown.get("checked") or not isinstance(shown.get("seconds"), int | float):
        raise PreventUpdate
    scenario = _scenario_of(shown)
    answer = answers.repeated(scenario)
    race, luck = answers.shown_run(scenario).content["race"], answer.content["luck"]
    return {
        **_verdict(scenario, race, luck),
        "figure": answer.content["figures"]["luck"],
        "credit": credit.credit(race, answer.content["credit"]),
        "foot": _foot(scenario, race, luck),
        "completed": _answered(scenario, _up_to_date(answer.seconds + shown["seconds"], was_cached=False)),
    }


# Downloads


def _register_downloads(app: Dash) -> None:
    files = {
        ids.TABLE_CSV: table_csv,
        ids.RACE_CSV: race_csv,
        ids.DRIFT_CSV: drift_csv,
        ids.SEGMENTS_CSV: segments_csv,
        ids.CREDIT_CSV: credit_csv,
    }
    for button, content in files.items():
        app.callback(
            Output(ids.DOWNLOAD, "data", allow_duplicate=True),
            Input(button, "n_clicks"),
            State(ids.SHOWN, "data"),
            prevent_initial_call=True,
        )(content)


def table_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the table line by line as a file."""
    race = _race_of(shown)
    return csv_file("line-by-line.csv", rows(race))


def race_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the shown campaign step by step as a file: a row a policy, line and step."""
    race = _race_of(shown)
    return csv_file("race.csv", list(run.records(race)))


def drift_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the lines' observed and true rates along the campaign as a file: a row a policy, stretch and line."""
    race = _race_of(shown)
    moved = answers.shown_run(_scenario_of(shown)).content["drift"]
    return csv_file("rates-over-time.csv", rates_over_time.records(race, moved))


def segments_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return the segments as a file: a row a segment and line."""
    return _file_of("segments.csv", segment_records(_race_of(shown)))


def credit_csv(_clicks: int | None, shown: dict[str, Any] | None) -> dict[str, str]:
    """Return what each credit rule says of the lines as a file: a row a line."""
    race = _race_of(shown)
    return _file_of("credit.csv", credit.records(race, answers.repeated(_scenario_of(shown)).content["credit"]))


def _file_of(name: str, records: list[dict[str, Any]]) -> dict[str, str]:
    """Return a file of what only some scenarios have; its button is hidden elsewhere, and may be pressed by a program."""
    if not records:
        raise PreventUpdate
    return csv_file(name, records)


def _race_of(shown: dict[str, Any] | None) -> Any:
    if not shown:
        raise PreventUpdate
    return answers.shown_run(_scenario_of(shown)).content["race"]
