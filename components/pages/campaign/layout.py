"""What stands where on the campaign page: a door for a file, or what one shows; what policies make of it comes by callbacks."""

import uuid
from typing import Any, Final

import numpy as np
from dash import dcc, html
from dash.development.base_component import Component

from components import ids, own, wording
from components import wording_campaign as words
from components.address import LOG_PLACE, PLACE, QUERY, query_of
from components.cards import campaign_lines
from components.cards.campaign_checks import campaign_checks
from components.controls.editing import Rules
from components.controls.question import Question, question, question_page
from components.notices import notice, skeleton
from components.pages.campaign.bringing import bring, file_input
from components.pages.campaign.file_frame import columns, file_stores, privacy
from components.pages.campaign.logs import GUESSED, even_note, log_page, log_report
from components.report import door
from components.shell import icon
from components.terms import explained
from components.wording_compare import run_button, summary
from engine import LinkError, Scenario
from engine.observed import Observed, observed
from engine.presets import DEFAULT, PRESETS
from engine.reading import Column, Told
from engine.scenario import FEWEST_ARMS, MOST_POLICIES
from engine.shelf import Brought

NAME: Final = "campaign"
STORES: Final = {"job": ids.CAMPAIGN_JOB, "place": ids.CAMPAIGN_PLACE}
"""What a report is made from."""
TICK_MS: Final = 400
STUDY_TICK_MS: Final = 700
RACERS: Final = 2
"""Policies that the Time Machine opens with: the even split and the first of the others."""

STARTING_FROM_IT: Final = [
    {"name": "ab_split"},
    {"name": "thompson", "history": 0.1},
    {"name": "thompson"},
    {"name": "ucb1", "history": 0.1},
    {"name": "ucb1"},
]
"""Policies for the next campaign: each with a tenth of what this one told, and without."""


def _summary(scenario: Scenario) -> tuple[str, str]:
    file = own.source_of(scenario).file
    name = words.file_words(file.filename, file.told["shape"], file.told["rows"]) if file else words.A_CAMPAIGN
    return name, summary(len(scenario.arms), scenario.sends, None, scenario.seed, len(scenario.policies))


RULES: Final = Rules(
    NAME,
    most_policies=MOST_POLICIES,
    run_words=lambda scenario: run_button(scenario.replications),
    summary=_summary,
    between=" / ",
    opening=PRESETS[DEFAULT].scenario,
    has_campaigns=True,
)


def layout(**query: Any) -> Component:
    """Lay out the page for the campaign in its address, or the door for one."""
    if LOG_PLACE in query:
        return log_page(own.brought(str(query[LOG_PLACE])))
    file = own.brought(str(query[PLACE])) if PLACE in query else None
    if file is not None and file.campaign is None:
        return log_page(file)
    if file is not None and file.scenario is None:
        return _unsettled(file)
    if file is None and PLACE in query and QUERY not in query:
        return bring(notice(words.NOT_HERE, "warn"))
    asked = question(query, RULES)
    if seen(asked.scenario, file) is None:
        return bring(None)
    return _page(asked, file)


def _page(asked: Question, file: Brought | None) -> html.Div:
    return question_page(asked, RULES, [*_answer(asked, file), *_stores(file)])


def other_part() -> Component:
    """Lay out the page for a smallest campaign, and what a log may need: it opens with the door for one."""
    counts = {"sends": 1, "conversions": 0}
    scenario = Scenario.from_dict(
        {"arms": [{"name": name, "history": counts} for name in "AB"], "policies": [{"name": "ab_split"}]}
    )
    columns: list[Column] = [{"title": "variant", "role": "variant", "samples": []}]
    told: Told = {
        "shape": "variants",
        "rows": 0,
        "columns": columns,
        "notes": [],
        "questions": [],
        "counts": None,
        "emergence": None,
        "estimated": [],
        "scenario": None,
    }
    file = Brought("", "", 0.0, "", 0, {}, is_confirmed=False, is_shared=False, campaign=told)
    return html.Div([_page(Question(scenario, None), file), *even_note(GUESSED), log_report()])


def seen(scenario: Scenario, file: Brought | None) -> Observed | None:
    """Return what the counts of a file say, or those in a scenario from a link; None where fewer than two lines have any."""
    counts = file.campaign["counts"] if file is not None and file.campaign is not None else None
    if counts is not None:
        lines = list(zip(counts["arms"], counts["sends"], counts["conversions"], strict=True))
    else:
        known = [(arm.name, arm.history) for arm in scenario.arms]
        lines = [(name, history.sends, history.conversions) for name, history in known if history and history.sends]
    if len(lines) < FEWEST_ARMS:
        return None
    names, sends, conversions = zip(*lines, strict=True)
    return observed(list(names), np.array(sends), np.array(conversions))


def _unsettled(file: Brought) -> html.Div:
    """A file whose columns have to be settled before it can be read."""
    return html.Div(
        [
            html.Main(
                [
                    html.H1(words.TO_BE_SAID, className="verdict"),
                    html.P(words.TO_BE_SAID_LEAD, className="lead"),
                    *[html.P(text, className="file-question") for text in file.told["questions"]],
                    columns(file),
                    privacy(file),
                ],
                id="main",
                className="page page-campaign",
                tabIndex=-1,
            ),
            *file_stores(file),
        ]
    )


def _answer(asked: Question, file: Brought | None) -> list[Component]:
    found = seen(asked.scenario, file)
    assert found is not None  # noqa: S101  # otherwise the page is the door
    return [
        privacy(file),
        _hero(asked.scenario),
        *([columns(file)] if file else []),
        html.Div([_happened(found, file), _checks(found, file)], className="columns-campaign section"),
        _policies(),
        _study(),
        _foot(file),
    ]


# What it shows


def _hero(scenario: Scenario) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    follows: Any = {"data-jobs": ids.CAMPAIGN_JOB}
    return html.Div(
        [
            html.Div(
                [
                    html.Div(skeleton(words.WAITING), id=ids.CAMPAIGN_HERO, **polite),
                    door.place(NAME, STORES, has_charts=False),
                ]
            ),
            html.Div([_use_it(scenario), html.Div(id=ids.CAMPAIGN_PROGRESS, **follows)], className="campaign-side"),
        ],
        className="hero hero-compare",
    )


def _use_it(scenario: Scenario) -> html.Div:
    try:
        query = query_of(scenario)
        starting = query_of(scenario.with_changes(policies=STARTING_FROM_IT))
        racing = query_of(scenario.with_changes(policies=scenario.to_dict()["policies"][:RACERS]))
    except LinkError:
        return html.Div()
    links = [
        dcc.Link([icon("play"), words.REPLAY], href=f"/{racing}", className="btn btn-primary"),
        dcc.Link(words.TO_COMPARE, href=f"/compare{query}", className="btn btn-secondary"),
        dcc.Link(words.TO_STRESS, href=f"/stress{query}", className="btn btn-secondary"),
        dcc.Link(words.AS_PRIOR, href=f"/compare{starting}", className="btn btn-secondary", title=words.AS_PRIOR_TITLE),
    ]
    return html.Div(
        [
            html.H2(words.USE_TITLE, className="h3"),
            html.P(explained(words.USE_TEXT), className="hint"),
            html.Div(links, className="btn-row"),
        ],
        className="use-it",
    )


def _happened(found: Observed, file: Brought | None) -> html.Section:
    revenue = revenue_of(file)
    words_over = [
        html.H2(campaign_lines.title(found), className="h2"),
        html.P(explained(words.HAPPENED_DECK), className="deck"),
    ]
    head = html.Div(
        [
            html.Div(words_over, className="section-words"),
            html.Div(csv_button("happened"), className="section-actions"),
        ],
        className="section-head",
    )
    return html.Section([head, campaign_lines.campaign_lines(found, revenue)], className="section section-happened")


def _checks(found: Observed, file: Brought | None) -> html.Section:
    emergence = file.told["emergence"] if file else None
    return html.Section(
        [html.H2(words.CHECKS, className="h2"), campaign_checks(found, emergence)], className="section section-checks"
    )


def _policies() -> html.Section:
    named: Any = {"aria-label": words.POLICIES}
    head = html.Div(
        [
            html.Div(id=ids.heading(NAME), className="section-words"),
            html.Div(csv_button("policies"), className="section-actions"),
        ],
        className="section-head",
    )
    table = html.Table([html.Thead(id=ids.CAMPAIGN_HEAD), html.Tbody(id=ids.CAMPAIGN_BODY)], className="leaderboard")
    box = html.Div(table, className="leaderboard-box", tabIndex=0, role="region", **named)
    return html.Section([head, box], className="section section-policies")


def _study() -> html.Section:
    """What a log of this campaign can tell, and the door for one of the visitor's own."""
    polite: Any = {"aria-live": "polite"}
    actions = [file_input(words.OWN_LOG, is_log=True), csv_button("log")]
    return html.Section(
        [
            html.P(words.STUDY_LATER, id=ids.STUDY_PROGRESS, className="hint", **polite),
            html.Div(id=ids.STUDY_BODY),
            html.Div(actions, className="study-actions"),
        ],
        className="section section-study",
    )


def revenue_of(file: Brought | None) -> list[float] | None:
    """What each line of a file brought, where it says so."""
    counts = file.told["counts"] if file else None
    return counts["revenue"] if counts else None


def _foot(file: Brought | None) -> html.Footer:
    credit = [html.Span(words.SAMPLE_CREDIT)] if file and file.filename in words.SAMPLE_FILES[:1] else []
    return html.Footer(
        [*credit, html.Span(words.FOOT_LEVEL), html.Span(words.FOOT_BEST), html.Span(words.FOOT_SAME)],
        className="page-foot",
    )


def csv_button(of: str) -> html.Button:
    """The button that downloads what is shown as a file."""
    return html.Button(
        [icon("download"), wording.DOWNLOAD_CSV],
        id=ids.campaign_csv(of),
        type="button",
        className="btn btn-quiet btn-small",
        title=words.DOWNLOAD_OF[of],
    )


def _stores(file: Brought | None) -> list[Component]:
    return [
        *file_stores(file),
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.CAMPAIGN_JOB),
        dcc.Store(id=ids.CAMPAIGN_JOB_CANCELLED),
        dcc.Store(id=ids.CAMPAIGN_COMPARISON),
        dcc.Store(id=ids.CAMPAIGN_COMPARED),
        dcc.Store(id=ids.STUDY),
        dcc.Interval(id=ids.STUDY_TICK, interval=STUDY_TICK_MS, disabled=True),
        dcc.Interval(id=ids.CAMPAIGN_JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Download(id=ids.DOWNLOAD),
    ]
