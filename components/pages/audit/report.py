"""What can be taken away of the Audit page: who decided, the corrected rates, what guardrails did, and the digest."""

from collections.abc import Mapping
from typing import Any, Final

from dash import html
from dash.exceptions import PreventUpdate

from components import wording_audit as words
from components import wording_report as report_words
from components.cards import line_rates
from components.pages.audit.callbacks import events, hero, shown_log
from components.pages.audit.grid import order_of
from components.pages.audit.layout import NAME, STORES
from components.pages.audit.work import CAMPAIGN, POLICY
from components.report.content import NothingToReport, Report, Section
from components.report.door import Offer
from components.report.way_back import way_back
from components.wording_goals import goal_of

PATH: Final = "/audit"


def gather(stores: Mapping[str, Any]) -> Report:
    """Put together what the page shows; only what has been worked out already."""
    if not stores["shown"]:
        raise NothingToReport(report_words.NOTHING_YET)
    try:
        one, summary = shown_log(stores["shown"])
    except PreventUpdate as gone:
        raise NothingToReport(report_words.GONE) from gone
    names, order = [arm.name for arm in one.scenario.arms], order_of(summary)
    back = way_back(PATH, one.scenario, **{POLICY: str(one.policy + 1), CAMPAIGN: str(one.campaign + 1)})
    goal = goal_of({"goal": one.scenario.goal})
    return Report(
        name=NAME,
        page=words.AUDIT,
        hero=hero(one, summary),
        sections=(
            Section(
                "corrected-rates",
                [
                    html.H2(line_rates.title(summary["lines"]), className="h2"),
                    html.P(words.RATES_DECK, className="deck"),
                ],
                content=line_rates.line_rates(names, summary["lines"], order),
                records=line_rates.records(names, summary["lines"]),
            ),
            Section(
                "guardrails",
                [html.H2(words.ACTIONS, className="h2")],
                content=html.Ul([html.Li(text) for text in events(one, summary)], className="guard-events"),
            ),
        ),
        scenario=one.scenario,
        digest=summary["digest"],
        address=back.address,
        is_private=back.is_private,
        notes=(words.MARGINAL, words.check_print(summary["check"])),
        facts=tuple(
            words.sheet_facts(
                one.label, one.campaign + 1, summary["sends"], summary["conversions"], goal, summary["value"]
            )
        ),
    )


OFFER: Final = Offer(NAME, STORES, gather, has_charts=False)
