"""What can be taken away of the stress test: the table, the cell that was chosen last, and the guardrails' prices."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson
from dash import html
from dash.development.base_component import Component

from components import stress as told
from components import wording_report as report_words
from components import wording_stress as words
from components.cards import guardrail_menu, stress_table
from components.cards.stress_verdict import stress_verdict
from components.charts import best_share
from components.pages.stress import choice, menu
from components.pages.stress.drawing import chosen_cell
from components.pages.stress.layout import ALONG, NAME, STORES
from components.pages.stress.subject import known_test
from components.pages.stress.work import work_of
from components.report.content import Chart, NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from components.running import jobs
from components.wording_goals import goal_of
from engine import Scenario
from engine.jobs import State
from engine.menu import put_menu_together
from engine.stress import contestants_of

PATH: Final = "/stress"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows; only what has been worked out already."""
    job = stores["job"]
    if not job:
        raise NothingToReport(report_words.NOTHING_YET)
    known = known_test(job)
    now = jobs().look(work_of(known[0], tuple(job["names"]))) if known else None
    if known is None or now is None:
        raise NothingToReport(report_words.GONE)
    scenario, test, found = known
    back = way_back(PATH, scenario, **choice.address(choice.from_ticks(job.get("chosen"), scenario), scenario))
    is_whole = now.state is State.FINISHED
    return Report(
        name=NAME,
        page=words.STRESS,
        hero=stress_verdict(test, running=now.state is State.RUNNING),
        sections=(_table(test), *_along(test, found, stores["cell"]), *_menu(scenario, test)),
        scenario=scenario,
        digest=hashlib.sha256(now.content).hexdigest() if is_whole else report_words.NOT_ALL_COLUMNS,
        address=back.address,
        is_private=back.is_private,
        notes=(words.small_print(test["level_each"], test["comparisons"]),),
    )


def _heading(title: str, deck: str) -> list[Component]:
    return [html.H2(title, className="h2"), html.P(deck, className="deck")]


def _table(test: told.StressTest) -> Section:
    over = told.baseline(test)
    named: Any = {"aria-label": words.TABLE}
    box = html.Div(stress_table.stress_table(test, None), className="heat-box", tabIndex=0, role="region", **named)
    content = [
        box,
        stress_table.legend(),
        html.Div(stress_table.notes(test), className="heat-notes"),
        html.H3(words.DEFINED),
        *stress_table.definitions(test),
    ]
    heading = _heading(words.table_title(over), words.table_deck(over, goal_of(test)))
    return Section("stress-test", heading, content=content, records=stress_table.records(test))


def _along(test: told.StressTest, found: Any, cell: Any) -> list[Section]:
    chosen = chosen_cell(test, cell)
    if chosen is None:
        return []
    stress, place = chosen
    measured = found[stress]
    chart = Chart(
        ALONG,
        best_share.figure(test, measured, stress, place),
        best_share.summary(test, measured, stress),
        best_share.HEIGHT,
        is_wide=True,
    )
    heading = _heading(best_share.title(test, measured, stress, place), best_share.deck(measured))
    return [Section(f"stress-{stress}", heading, (chart,), records=best_share.records(test, measured, stress))]


def _menu(scenario: Scenario, test: told.StressTest) -> list[Section]:
    """The prices for the policy that the page is about, once they are there."""
    place = told.recommended(test)
    place = test["rows"][0] if place is None else place
    listed = menu.menu_for(scenario, place)
    now = jobs().look(menu.menu_work(listed))
    if now is None or now.state is not State.FINISHED:
        return []
    prices = put_menu_together(listed, contestants_of(scenario).labels[place], orjson.loads(now.content))
    table = guardrail_menu.menu_table(prices, [], "")
    return [Section("guardrails", menu.menu_heading(prices), content=table, records=guardrail_menu.records(prices))]


OFFER: Final = Offer(NAME, STORES, gather)
