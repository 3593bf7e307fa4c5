"""What stands where on the campaign page: a door for a file, or what one shows; what policies make of it comes by callbacks."""

import uuid
from typing import Any, Final

import numpy as np
from dash import dcc, html
from dash.development.base_component import Component

from components import ids, own, wording
from components import wording_campaign as words
from components.address import PLACE, query_of
from components.cards import campaign_lines, file_columns
from components.cards.campaign_checks import campaign_checks
from components.controls.editing import Rules
from components.controls.question import Question, question, question_page
from components.notices import skeleton
from components.pages.campaign.bringing import bring, file_input
from components.shell import icon
from components.wording_compare import run_button, summary
from engine import LinkError, Scenario
from engine.observed import Observed, observed
from engine.presets import DEFAULT, PRESETS
from engine.reading import Column, Told
from engine.scenario import MOST_POLICIES
from engine.shelf import Brought

NAME: Final = "campaign"
TICK_MS: Final = 400
RACERS: Final = 2
"""Policies that the Time Machine opens with: the even split and the first of the others."""


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
    file = own.brought(str(query[PLACE])) if PLACE in query else None
    if file is not None and file.scenario is None:
        return _unsettled(file)
    asked = question(query, RULES)
    if not asked.scenario.has_history:
        return bring(asked.notice)
    return _page(asked, file)


def _page(asked: Question, file: Brought | None) -> html.Div:
    return question_page(asked, RULES, [*_answer(asked, file), *_stores(file)])


def other_part() -> Component:
    """Lay out the page for a smallest campaign: it opens with the door for one."""
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
    file = Brought("", "", "", 0, {}, is_confirmed=False, is_shared=False, told=told)
    return _page(Question(scenario, None), file)


def seen(scenario: Scenario) -> Observed:
    """Return what the counts in a scenario say; lines without any are left out."""
    known = [(arm.name, arm.history) for arm in scenario.arms]
    counts = [(name, history.sends, history.conversions) for name, history in known if history and history.sends]
    names, sends, conversions = zip(*counts, strict=True)
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
                    _columns(file),
                    _privacy(file),
                ],
                id="main",
                className="page page-campaign",
                tabIndex=-1,
            ),
            *_file_stores(file),
        ]
    )


def _answer(asked: Question, file: Brought | None) -> list[Component]:
    found = seen(asked.scenario)
    return [
        _privacy(file),
        _hero(asked.scenario),
        *([_columns(file)] if file else []),
        html.Div([_happened(found, file), _checks(found, file)], className="columns-campaign section"),
        _policies(),
        _foot(file),
    ]


# The file


def _privacy(file: Brought | None) -> html.Div:
    """Who sees the file, how long, and what links carry; for counts from a link, where they are from."""
    if file is None:
        return html.Div([icon("lock"), html.P(words.FROM_A_LINK), file_input()], className="privacy")
    who, links = words.privacy(shared=file.is_shared)
    is_sample = file.is_shared and not file.is_confirmed and file.filename in words.SAMPLE_FILES
    said: list[Any] = [words.SAMPLE_NOTE] if is_sample else [html.Strong(f"{who} "), links]
    share = words.UNSHARE if file.is_shared else words.SHARE
    buttons = [
        file_input(),
        html.Button(share, id=ids.CAMPAIGN_SHARE, type="button", className="link-button"),
        html.Button(words.DELETE, id=ids.CAMPAIGN_DELETE, type="button", className="link-button"),
    ]
    return html.Div([icon("lock"), html.P(said), html.Div(buttons, className="privacy-actions")], className="privacy")


def _columns(file: Brought) -> html.Section:
    told, polite = file.told, {"aria-live": "polite"}
    state: list[Component] = (
        [html.Span([icon("check"), words.CONFIRMED], className="is-confirmed")]
        if file.is_confirmed
        else [html.Button(words.CONFIRM, id=ids.COLUMNS_CONFIRM, type="button", className="btn btn-secondary")]
    )
    again = html.Button(words.CHANGE, id=ids.COLUMNS_READ, type="button", className="btn btn-secondary")
    head = html.Div(
        [
            html.Div(
                [html.H2(file_columns.title(told), className="h2"), html.P(words.COLUMNS_DECK, className="deck")],
                className="section-words",
            ),
            html.Div(
                [html.Span([] if told["questions"] else state, id=ids.COLUMNS_STATE), again],
                className="section-actions",
            ),
        ],
        className="section-head",
    )
    error: Any = html.Div(id=ids.CAMPAIGN_ERROR, className="file-error", **polite)  # type: ignore[arg-type]
    return html.Section(
        [head, error, file_columns.file_columns(told), _notes(file)], className="section section-columns"
    )


def _notes(file: Brought) -> Component:
    """What was decided on the way from the file to the scenario."""
    notes = [*file.told["notes"], *file.told["estimated"]]
    if not notes:
        return html.Div()
    listed = html.Ul([html.Li(text) for text in notes])
    return html.Details([html.Summary(words.how_read(len(notes))), listed], className="file-notes")


# What it shows


def _hero(scenario: Scenario) -> html.Div:
    polite: Any = {"aria-live": "polite"}
    follows: Any = {"data-jobs": ids.CAMPAIGN_JOB}
    return html.Div(
        [
            html.Div(skeleton(words.WAITING), id=ids.CAMPAIGN_HERO, **polite),
            html.Div([_use_it(scenario), html.Div(id=ids.CAMPAIGN_PROGRESS, **follows)], className="campaign-side"),
        ],
        className="hero hero-compare",
    )


def _use_it(scenario: Scenario) -> html.Div:
    try:
        query = query_of(scenario)
        racing = query_of(scenario.with_changes(policies=scenario.to_dict()["policies"][:RACERS]))
    except LinkError:
        return html.Div()
    links = [
        dcc.Link([icon("play"), words.REPLAY], href=f"/{racing}", className="btn btn-primary"),
        dcc.Link(words.TO_COMPARE, href=f"/compare{query}", className="btn btn-secondary"),
        dcc.Link(words.TO_STRESS, href=f"/stress{query}", className="btn btn-secondary"),
    ]
    return html.Div(
        [
            html.H2(words.USE_TITLE, className="h3"),
            html.P(words.USE_TEXT, className="hint"),
            html.Div(links, className="btn-row"),
        ],
        className="use-it",
    )


def _happened(found: Observed, file: Brought | None) -> html.Section:
    revenue = _revenue(file)
    words_over = [html.H2(campaign_lines.title(found), className="h2"), html.P(words.HAPPENED_DECK, className="deck")]
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


def _revenue(file: Brought | None) -> list[float] | None:
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


def _file_stores(file: Brought | None) -> list[Component]:
    return [dcc.Store(id=ids.CAMPAIGN_PLACE, data=file.identity if file else None), dcc.Store(id=ids.CAMPAIGN_GO)]


def _stores(file: Brought | None) -> list[Component]:
    return [
        *_file_stores(file),
        dcc.Store(id=ids.answered(NAME)),
        dcc.Store(id=ids.completed(NAME)),
        dcc.Store(id=ids.VISITOR, data=uuid.uuid4().hex),
        dcc.Store(id=ids.CAMPAIGN_JOB),
        dcc.Store(id=ids.CAMPAIGN_JOB_CANCELLED),
        dcc.Store(id=ids.CAMPAIGN_COMPARISON),
        dcc.Interval(id=ids.CAMPAIGN_JOB_TICK, interval=TICK_MS, disabled=True),
        dcc.Download(id=ids.DOWNLOAD),
    ]
