"""What a page says about itself: notices above the verdict, and the line under the run button."""

from typing import Any, Literal

from dash import html
from dash.development.base_component import Component

from components import wording
from components.shell import icon
from components.terms import explained

Tone = Literal["warn", "bad", "away", "advice"]


def notice(message: wording.Notice, tone: Tone, *presses: dict[str, Any]) -> html.Div:
    """Something the visitor should know, with a button for each of `presses`; the first is the one to take.

    Advice leaves the primary button to the page.
    """
    first = "secondary" if tone == "advice" else "primary"
    body: list[Component] = [html.Strong(message.title), html.P(message.text)]
    buttons = [
        html.Button(words, type="button", className=f"btn btn-{'secondary' if place else first}", **press)
        for place, (words, press) in enumerate(zip(message.actions, presses, strict=False))
    ]
    body += [html.Div(buttons, className="btn-row")] if buttons else []
    picture = icon("refresh" if buttons and tone in ("warn", "away") else "warning")
    return html.Div([picture, html.Div(body)], className=f"note note-{tone}")


def skeleton(title: str) -> list[Component]:
    """What stands in for the first sentence until it is known; `title` is for those who listen."""
    bars = [html.Div(className=f"skeleton skeleton-{size}") for size in ("title", "title", "title-short")]
    return [html.H1(title, className="visually-hidden"), html.Div(bars, className="hero-skeleton")]


def not_run(text: str) -> list[Component]:
    """What stands in for the first sentence, and for all that follows, until the visitor says that it shall run."""
    return [html.H1(wording.EMPTY_TITLE, className="verdict not-run"), html.P(explained(text), className="lead")]


def status(words: str, *, is_shown: bool = False) -> html.Div:
    """The line under the run button: whether the page shows what the controls say."""
    ticked = [icon("check"), html.Span(words)]
    return html.Div(ticked if is_shown else words, className="notice notice-ok" if is_shown else "notice")


def working() -> html.Div:
    """The same while the page works on what the controls say."""
    return html.Div(wording.WORKING, className="notice is-working")
