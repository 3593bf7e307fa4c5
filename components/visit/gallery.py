"""The scenarios to start from, as cards: what each shows, its size, what is special, and where it is best seen."""

from typing import Any

import dash
from dash import dcc, html
from dash.development.base_component import Component

from components import wording_visit as words
from components.address import query_of
from components.controls.circumstances import on_now
from components.formats import count, prose
from components.press import pressing
from engine.presets import PRESETS, Preset


def cards() -> html.Ul:
    """A card for each scenario; choosing one does what choosing it in the list does."""
    return html.Ul([_card(preset) for preset in PRESETS.values()], className="cards")


def _card(preset: Preset) -> html.Li:
    marked: Any = {"data-preset": preset.name}
    named: Any = {"aria-label": f"{words.OPEN_HERE}: {preset.title}"}
    button = html.Button(
        words.OPEN_HERE,
        type="button",
        className="btn btn-secondary",
        **named,
        **pressing("pick-preset", preset.name),
    )
    content = [
        html.H3(preset.title, className="h3"),
        html.P(prose(preset.sentence)),
        _facts(preset),
        *_best_seen(preset),
        button,
    ]
    return html.Li(content, className="card-preset", **marked)


def _facts(preset: Preset) -> html.Dl:
    scenario = preset.scenario
    facts = [
        (words.LINES, str(len(scenario.arms))),
        (words.SENDS, count(scenario.sends)),
        (words.POLICIES, str(len(scenario.policies))),
        (words.SPECIAL, on_now(scenario.to_dict())),
    ]
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts if value], className="card-facts"
    )


def _best_seen(preset: Preset) -> list[Component]:
    path, why = words.BEST_SEEN.get(preset.name, ("/", ""))
    pages = {page["path"]: page["name"] for page in dash.page_registry.values()}
    if path not in pages or not why:
        return []
    text = words.best_seen(pages[path], why)
    return [html.P(dcc.Link(text, href=f"{path}{query_of(preset.scenario, None)}"), className="hint")]


def waiting() -> html.P:
    """What stands there until the cards have come."""
    return html.P(words.GALLERY_WAITS, className="hint")
