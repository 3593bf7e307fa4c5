"""What can be taken away of the campaign page, for the visitor alone who brought the file or has its link."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson
from dash import html

from components import comparison as told
from components import own
from components import wording_campaign as words
from components import wording_report as report_words
from components.cards import campaign_lines, leaderboard
from components.cards import estimates as estimate_cards
from components.cards.campaign_checks import campaign_checks
from components.cards.campaign_verdict import campaign_verdict, policies_deck, policies_title
from components.cards.log_verdict import log_verdict
from components.comparing import said, work_of
from components.comparison import Comparison
from components.following import scenario_of
from components.pages.campaign.layout import NAME, STORES, revenue_of, seen
from components.pages.campaign.logs import LOG, LOG_STORES
from components.report.content import NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from components.running import jobs
from engine import Scenario
from engine.evaluation.work import StudyWork
from engine.jobs import State
from engine.shelf import Brought

PATH: Final = "/campaign"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows of a campaign; only what has been worked out already."""
    if not stores["job"]:
        raise NothingToReport(report_words.NOTHING_YET)
    scenario, file = scenario_of(stores["job"]), own.brought(stores["place"])
    known = jobs().look(work_of(scenario))
    spoken = said(known) if known else None
    if known is None or spoken is None:
        raise NothingToReport(report_words.GONE)
    found, back = spoken["comparison"], way_back(PATH, scenario)
    return Report(
        name=NAME,
        page=words.CAMPAIGN,
        hero=campaign_verdict(found, running=known.state is State.RUNNING),
        sections=(*_happened(scenario, file), _policies(found), *_study(scenario, found)),
        scenario=scenario,
        digest=spoken["digest"] or report_words.incomplete(found["replications"], scenario.replications),
        address=back.address,
        is_private=back.is_private,
        notes=(*report_words.COUNTED_TEXT, words.FOOT_BEST),
        facts=_file_facts(file),
    )


def gather_log(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows of a log of decisions that the visitor brought."""
    file = own.brought(stores["place"])
    if file is None or file.log is None:
        raise NothingToReport(f"{words.GONE.title} {words.GONE.text}")
    found = file.log["estimates"]
    return Report(
        name=LOG,
        page=words.CAMPAIGN,
        hero=log_verdict(found, file.filename),
        sections=(
            Section("estimates", [], content=estimate_cards.estimates(found), records=estimate_cards.records(found)),
        ),
        scenario=None,
        digest=hashlib.sha256(orjson.dumps(found)).hexdigest(),
        address=None,
        is_private=True,
        notes=(words.LOG_FOOT,),
        facts=_file_facts(file),
    )


def _file_facts(file: Brought | None) -> tuple[tuple[str, str], ...]:
    return () if file is None else ((report_words.FILE, file.filename),)


def _happened(scenario: Scenario, file: Brought | None) -> list[Section]:
    found = seen(scenario, file)
    if found is None:
        return []
    revenue, emergence = revenue_of(file), file.told["emergence"] if file and file.campaign is not None else None
    heading = [html.H2(campaign_lines.title(found), className="h2"), html.P(words.HAPPENED_DECK, className="deck")]
    return [
        Section(
            "happened",
            heading,
            content=campaign_lines.campaign_lines(found, revenue),
            records=campaign_lines.records(found, revenue),
        ),
        Section("checks", [html.H2(words.CHECKS, className="h2")], content=campaign_checks(found, emergence)),
    ]


def _policies(found: Comparison) -> Section:
    heading = [html.H2(policies_title(found), className="h2"), html.P(policies_deck(found), className="deck")]
    return Section("policies", heading, content=leaderboard.standing(found), records=leaderboard.records(found))


def _study(scenario: Scenario, found: Comparison) -> list[Section]:
    leader = told.focus(found)
    now = jobs().look(StudyWork(scenario, 0 if leader is None else leader))
    judged = orjson.loads(now.content)[0] if now is not None and now.counted else None
    if judged is None:
        return []
    return [Section("estimates", [], content=estimate_cards.estimates(judged), records=estimate_cards.records(judged))]


OFFER: Final = Offer(NAME, STORES, gather, has_charts=False)
LOG_OFFER: Final = Offer(LOG, LOG_STORES, gather_log, has_charts=False)
