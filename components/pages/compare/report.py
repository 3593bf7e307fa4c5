"""What can be taken away of Compare: all that it shows of a comparison, of other scenarios and of guardrails' prices."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from dash.development.base_component import Component

from components import comparison as told
from components import wording_compare as words
from components import wording_report as report_words
from components.cards import leaderboard, price_list
from components.cards.preset_notes import preset_notes
from components.cards.prior import prior
from components.cards.recommendation import recommendation
from components.charts import sensitivity
from components.comparing import said, work_of
from components.comparison import Comparison
from components.controls.draft import notes
from components.following import scenario_of
from components.pages.compare import drawing
from components.pages.compare.layout import NAME, STORES
from components.pages.compare.prices import PRICES, prices_work
from components.pages.compare.strips import STRIPS, strips_of, strips_work
from components.report.content import Chart, NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from components.running import jobs
from engine import Scenario
from engine.jobs import State
from engine.prices import are_priced, put_together

PATH: Final = "/compare"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows; only what has been worked out already."""
    if not stores["job"]:
        raise NothingToReport(report_words.NOTHING_YET)
    scenario = scenario_of(stores["job"])
    known = jobs().look(work_of(scenario))
    spoken = said(known) if known else None
    if known is None or spoken is None:
        raise NothingToReport(report_words.GONE)
    found = spoken["comparison"]
    back = way_back(PATH, scenario)
    return Report(
        name=NAME,
        page=words.COMPARE,
        hero=[recommendation(found, running=known.state is State.RUNNING), *preset_notes(*notes(scenario))],
        sections=(*_sections(scenario, found), *_strips(scenario, found), *_prices(scenario, found)),
        scenario=scenario,
        digest=spoken["digest"] or report_words.incomplete(found["replications"], scenario.replications),
        address=back.address,
        is_private=back.is_private,
        notes=(words.LEVELS, *drawing.too_late(found)),
    )


def _sections(scenario: Scenario, found: Comparison) -> list[Section]:
    headings, charts = drawing.headings(found), drawing.drawn(found)
    allocations = zip(drawing.ALLOCATIONS, drawing.allocation_headings(found), strict=True)
    told_prior = prior(scenario, found)
    return [
        Section(
            "leaderboard",
            headings["leaderboard"],
            content=leaderboard.standing(found),
            records=_records("leaderboard", found),
        ),
        *([Section("prior", told_prior[:2], content=told_prior[2:])] if told_prior else []),
        Section(
            "regret",
            headings["regret"],
            (_chart(drawing.REGRET, charts, is_wide=True),),
            records=_records("regret", found),
        ),
        Section(
            "spread",
            headings["spread"],
            (_chart(drawing.SPREAD, charts, is_wide=True),),
            records=_records("spread", found),
        ),
        Section(
            "allocation",
            headings["allocation"],
            tuple(_chart(name, charts, heading) for name, heading in allocations if name in charts),
            records=_records("allocation", found),
        ),
    ]


def _records(name: str, found: Comparison) -> list[dict[str, Any]]:
    return drawing.RECORDS[name](found)


def _chart(
    name: str, charts: Mapping[str, drawing.Drawn], heading: Component | None = None, *, is_wide: bool = False
) -> Chart:
    one = charts[name]
    return Chart(name, one.figure, one.summary, one.height, heading, is_wide)


def _strips(scenario: Scenario, found: Comparison) -> list[Section]:
    work = strips_work(scenario, found["verdict"]["leader"])
    now = jobs().look(work) if work.scenarios else None
    if now is None or not now.counted:
        return []
    strips = strips_of(scenario, found["verdict"]["leader"], found, now)
    charts = drawing.drawn_strips(found, strips)
    return [
        Section(
            STRIPS,
            drawing.strip_heading(found, strips),
            tuple(_chart(name, charts) for name in charts),
            records=sensitivity.records(strips),
        )
    ]


def _prices(scenario: Scenario, found: Comparison) -> list[Section]:
    if not are_priced(scenario):
        return []
    work = prices_work(scenario)
    now = jobs().look(work)
    if now is None or not now.counted:
        return []
    prices = put_together(scenario, work.scenarios[0].replications, orjson.loads(now.content)[1:])
    shown = price_list.content(prices, told.focus(found), None)
    return [Section(PRICES, shown["heading"], content=shown["body"], records=price_list.records(prices))]


OFFER: Final = Offer(NAME, STORES, gather)
