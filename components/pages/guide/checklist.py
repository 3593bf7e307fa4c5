"""The deployment checklist: items that can be ticked, and the files in which it is taken along."""

from collections.abc import Sequence
from typing import Any, Final

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from components import ids
from components import wording_guide as words
from components.downloads import csv_file
from components.formats import prose
from components.guide.backing import Item
from components.guide.checklist import CHECKLIST, Part, total
from components.shell import icon

_PRINTS: Final[Any] = {"data-print": "true"}


def checklist() -> list[Component]:
    """The buttons, how many are ticked, and the parts."""
    polite: Any = {"aria-live": "polite"}
    head = html.Div(
        [
            html.P(words.done_of(0, total()), id=ids.GUIDE_TICKED, className="guide-ticked", **polite),
            html.Div(
                [
                    _button(ids.GUIDE_MARKDOWN, words.AS_MARKDOWN, words.AS_MARKDOWN_LONG),
                    _button(ids.GUIDE_CSV, words.AS_CSV, words.AS_CSV_LONG),
                    html.Button(words.PRINT, type="button", className="btn btn-quiet btn-small", **_PRINTS),
                ],
                className="section-actions",
            ),
        ],
        className="guide-checklist-head",
    )
    return [head, html.Div([_part(part) for part in CHECKLIST], className="guide-parts")]


def markdown_file(ticked: Sequence[Sequence[str]]) -> dict[str, str]:
    """The checklist with its ticks as what a `dcc.Download` takes; `ticked` holds the ticks part by part."""
    lines = [f"# {words.CHECKLIST}", ""]
    for part, marks in zip(CHECKLIST, ticked, strict=True):
        lines += [f"## {part.title}", ""]
        lines += [f"- [{'x' if key(item) in marks else ' '}] **{item.title}.** {item.text}" for item in part.items]
        lines += [""]
    return {"content": "\n".join(lines), "filename": f"{words.CHECKLIST_FILE}.md", "type": "text/markdown"}


def table_file(ticked: Sequence[Sequence[str]]) -> dict[str, str]:
    """The same as a table."""
    rows = [
        {
            words.PART_HEAD: part.title,
            words.ITEM_HEAD: item.title,
            words.MEANS_HEAD: item.text,
            words.DONE_HEAD: words.YES if key(item) in marks else words.NO,
        }
        for part, marks in zip(CHECKLIST, ticked, strict=True)
        for item in part.items
    ]
    return csv_file(f"{words.CHECKLIST_FILE}.csv", rows)


def key(item: Item) -> str:
    """What a tick is kept by in the browser.

    >>> key(CHECKLIST[0].items[0])
    'the-goal-is-written-down'
    """
    return item.title.lower().replace(",", "").replace(" ", "-")


def _button(identity: str, name: str, title: str) -> html.Button:
    return html.Button(
        [icon("download"), name], id=identity, type="button", className="btn btn-quiet btn-small", title=title
    )


def _part(part: Part) -> html.Section:
    named: Any = {"role": "group", "aria-labelledby": f"checklist-{part.slug}"}
    options: Any = [
        {"label": html.Span([html.Strong(item.title), html.Span(prose(item.text))]), "value": key(item)}
        for item in part.items
    ]
    ticks = dbc.Checklist(
        options,
        id=ids.guide_ticks(part.slug),
        value=[],
        persistence=True,
        persistence_type="local",
        persisted_props=["value"],
        class_name="guide-ticks",
        label_class_name="guide-tick",
    )
    head = html.H3(part.title, id=f"checklist-{part.slug}", className="guide-subtitle")
    return html.Section([head, html.Div(ticks, **named)])
