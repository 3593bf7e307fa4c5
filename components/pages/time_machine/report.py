"""What can be taken away of the Time Machine: the shown campaign at its end, its repeats, and the prices of guardrails."""

from collections.abc import Mapping
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording, wording_replay
from components import wording_report as words
from components.cards import credit, drift, price_list
from components.cards.guards import guards
from components.cards.kpi import kpi
from components.cards.line_table import line_table, rows
from components.cards.preset_notes import preset_notes
from components.cards.segments import records as segment_records
from components.cards.segments import segments
from components.cards.verdict import luck_card, verdict
from components.charts import (
    conversions,
    line_conversions,
    luck,
    rates_over_time,
    regret,
    reward_dynamics,
    traffic,
)
from components.controls.draft import notes
from components.following import scenario_of
from components.pages.time_machine import answers
from components.pages.time_machine.callbacks import too_late
from components.pages.time_machine.layout import NAME, STORES
from components.race import Race
from components.report.content import Chart, NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from components.wording_goals import goal_of
from engine import Scenario
from engine.metrics import repeats_beside

PATH: Final = "/"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows; only what has been worked out already."""
    if not stores["shown"]:
        raise NothingToReport(words.NOTHING_YET)
    scenario = scenario_of(stores["shown"])
    shown, repeated, prices = answers.kept(scenario)
    if shown is None:
        raise NothingToReport(words.GONE)
    race, back = shown["race"], way_back(PATH, scenario)
    found = repeated["luck"] if repeated else None
    return Report(
        name=NAME,
        page=wording.TIME_MACHINE,
        hero=[verdict(race, found, repeats_beside(scenario)), *preset_notes(*notes(scenario))],
        sections=(
            *([_luck(race, repeated)] if repeated else []),
            Section("totals", [], content=kpi(race)),
            _race(race, shown["figures"]),
            *_traffic(race, shown["figures"]),
            *_parts(scenario, shown, repeated),
            _lines(race, shown["figures"]),
            *([_prices(prices)] if prices else []),
            Section("line-by-line", _heading(wording.TABLE_TITLE), content=line_table(race), records=rows(race)),
        ),
        scenario=scenario,
        digest=found["digest"] if found else words.NOT_CHECKED,
        address=back.address,
        is_private=back.is_private,
        notes=tuple(too_late(race)),
    )


def _heading(title: str, deck: str = "") -> list[Component]:
    return [html.H2(title, className="h2"), *([html.P(deck, className="deck")] if deck else [])]


def _luck(race: Race, repeated: Mapping[str, Any]) -> Section:
    found = repeated["luck"]
    policy = run.focus(found)
    chart = Chart("luck", repeated["figures"]["luck"], luck.summary(found, policy), luck.HEIGHT)
    card: Any = luck_card(found, run.focus(race), html.Div())
    return Section("luck", card.children[:-1], (chart,))


def _race(race: Race, figures: Mapping[str, Any]) -> Section:
    goal, policies = goal_of(race), list(enumerate(race["policies"]))
    gained = [(policy["label"], goal.number(run.gained(race, place))) for place, policy in policies]
    missed = [(policy["label"], goal.number(policy["regret"][-1])) for _, policy in policies]
    charts = (
        Chart(
            "conversions",
            figures["conversions"],
            words.by_the_end(gained),
            conversions.HEIGHT,
            html.H3(wording_replay.so_far(goal)),
        ),
        Chart(
            "regret",
            figures["regret"],
            words.by_the_end(missed),
            regret.HEIGHT,
            html.H3(wording_replay.regret_title(goal)),
        ),
    )
    return Section("race", _heading(words.RACE), charts, records=list(run.records(race)))


def _traffic(race: Race, figures: Mapping[str, Any]) -> list[Section]:
    split = Chart("traffic", figures["traffic"], traffic.summary(race), traffic.height(race), is_wide=True)
    rates = Chart(
        "reward-dynamics",
        figures["reward-dynamics"],
        wording_replay.DYNAMICS_DECK,
        reward_dynamics.HEIGHT,
        is_wide=True,
    )
    heading = [*_heading(traffic.title(race), traffic.deck(race)), traffic.legend(race)]
    dynamics = _heading(wording_replay.DYNAMICS_TITLE, wording_replay.DYNAMICS_DECK)
    return [Section("traffic", heading, (split,)), Section("reward-dynamics", dynamics, (rates,))]


def _parts(scenario: Scenario, shown: Mapping[str, Any], repeated: Any) -> list[Section]:
    """What only some scenarios have."""
    race, moved, figures = shown["race"], shown["drift"], shown["figures"]
    found = []
    if race["segments"] is not None:
        found.append(Section("segments", [], content=segments(race), records=segment_records(race)))
    if scenario.recurring is not None and repeated:
        told = repeated["credit"]
        found.append(Section("credit", [], content=credit.credit(race, told), records=credit.records(race, told)))
    if rates_over_time.is_shown(race, moved):
        height = rates_over_time.height(race)
        chart = Chart("drift", figures["drift"], rates_over_time.summary(moved), height, is_wide=True)
        records = rates_over_time.records(race, moved)
        found.append(Section("drift", drift.head(race, moved), (chart,), drift.words(race, moved), records))
    if shown["guards"] is not None:
        has_stop_rule = scenario.guardrail("stop_rule") is not None
        found.append(Section("guards", [], content=guards(race, shown["guards"], has_stop_rule=has_stop_rule)))
    return found


def _lines(race: Race, figures: Mapping[str, Any]) -> Section:
    summary, height = line_conversions.summary(race), line_conversions.height(race)
    chart = Chart("line-conversions", figures["line-conversions"], summary, height, is_wide=True)
    return Section("line-conversions", _heading(line_conversions.title(race), line_conversions.deck(race)), (chart,))


def _prices(prices: Any) -> Section:
    shown = price_list.content(prices, None, None)
    return Section("prices", shown["heading"], content=shown["body"], records=price_list.records(prices))


OFFER: Final = Offer(NAME, STORES, gather)
