"""The door for a file: where to drop it, what becomes of it, what it may look like, and samples to try."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_campaign as words
from components.formats import prose
from components.shell import icon
from components.terms import explained
from components.uploads import LOG, PATH, SAMPLES
from engine.files.decoding import MOST_BYTES

_ACCEPTED: Final = ".csv,.tsv,.txt,.xlsx"


def bring(of_address: Component | None) -> html.Main:
    """The page as long as nothing was brought; `of_address` tells what was wrong with the address."""
    return html.Main(
        [
            html.Div(of_address, className="notices"),
            html.H1(words.BRING_TITLE, className="verdict"),
            html.P(explained(words.BRING_LEAD), className="lead"),
            html.Div([_door(), _privacy()], className="columns-bring section"),
            html.Div([_samples(), _forms()], className="columns-bring section"),
            html.Section(
                [
                    html.H2(words.LOG_TITLE, className="h2"),
                    html.P(explained(words.LOG_TEXT), className="deck"),
                    file_input(words.CHOOSE_LOG, is_log=True),
                ],
                className="section section-log",
            ),
        ],
        id="main",
        className="page page-campaign",
        tabIndex=-1,
    )


def file_input(text: str = words.REPLACE, *, is_log: bool = False) -> html.Div:
    """A button that chooses another file, a campaign or a log of decisions; what comes of it is told beside it."""
    kind: dict[str, Any] = {"data-kind": LOG} if is_log else {}
    button = _chooser(text, "btn btn-secondary btn-small")
    return html.Div([button, *_told()], className="file-choice", **_settings(), **kind)


def _door() -> html.Div:
    return html.Div(
        [
            icon("download"),
            html.P(words.DROP),
            _chooser(words.CHOOSE, "btn btn-primary"),
            html.P(words.LIMITS, className="hint"),
            *_told(),
        ],
        className="drop-zone file-choice",
        **_settings(),
    )


def _settings() -> dict[str, Any]:
    """What the script that sends files has to know."""
    return {
        "data-upload": PATH,
        "data-most": str(MOST_BYTES),
        "data-too-large": words.TOO_LARGE,
        "data-sending": words.SENDING,
        "data-reading": words.READING,
        "data-away": words.AWAY,
    }


def _chooser(text: str, name: str) -> html.Button:
    chooses: Any = {"data-file": _ACCEPTED}
    return html.Button(text, type="button", className=name, **chooses)


def _told() -> list[Component]:
    polite: Any = {"aria-live": "polite"}
    return [
        html.Div(className="file-status hint", role="status", **polite),
        html.Div(className="file-error", role="alert"),
    ]


def _privacy() -> html.Aside:
    return html.Aside(
        [
            html.H2([icon("lock"), words.PRIVACY_TITLE], className="h3"),
            html.Ul([html.Li(text) for text in words.PRIVACY], className="plain-list"),
        ],
        className="bring-privacy",
    )


def _samples() -> html.Section:
    return html.Section(
        [
            html.H2(words.SAMPLES_TITLE, className="h2"),
            html.Ul([_sample(name) for name in SAMPLES], className="samples"),
        ]
    )


def _sample(name: str) -> html.Li:
    sample = words.SAMPLES[name]
    tries: Any = {"data-sample": name}
    return html.Li(
        [
            html.Button(sample.title, type="button", className="link-button sample-try", **tries),
            html.P(prose(sample.text)),
            html.A(
                words.SAMPLE_FILE, href=f"/assets/samples/{SAMPLES[name]}", download=SAMPLES[name], className="hint"
            ),
        ],
        className="sample",
    )


def _forms() -> html.Section:
    tables = [_example(title, rows) for title, rows in words.EXAMPLES.items()]
    return html.Section(
        [html.H2(words.FORMS_TITLE, className="h2"), *tables, html.P(words.FORGIVING, className="hint")],
        className="forms",
    )


def _example(title: str, rows: tuple[tuple[str, ...], ...]) -> html.Div:
    head, *body = rows
    table = html.Table(
        [
            html.Caption(title, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
            html.Tbody([html.Tr([html.Td(text) for text in row]) for row in body]),
        ],
        className="example",
    )
    named: Any = {"aria-label": title}
    box = html.Div(table, className="example-box", tabIndex=0, role="region", **named)
    return html.Div([html.P(title, className="deck"), box], className="example-form")
