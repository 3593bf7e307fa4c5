"""The section "Audiences": splits of the recipients, the groups of each, and their multipliers line by line."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import wording
from components import wording_audiences as words
from components.controls.audiences import FEWEST_GROUPS, Group, can_grow, free_dimensions
from components.controls.field import error_place, typed_in
from components.controls.parts import add_from, disclosure, hidden_label, labelled, link_button, remove, text_place
from components.controls.view import View
from components.theme import arm_chip
from engine.fields import knobs
from engine.segments import DIMENSIONS, Segments
from engine.segments import Group as GroupSettings

LONGEST_NAME = int(knobs(GroupSettings)["name"].high or 0)
TITLES = {name: knobs(Segments)[name].title for name in DIMENSIONS}


def shapes(view: View) -> dict[str, Any]:
    """What the controls of the section depend on, apart from their values."""
    sizes = {name: len(groups) for name, groups in view.groups.items()}
    return {"segments": [sizes, len(view.draft["arms"]) if sizes else 0]}


def texts(view: View) -> dict[str, str]:
    """The words that follow the settings: what is left for the last group, and what closed rows say."""
    told = {}
    for dimension, groups in view.groups.items():
        told[f"segments.{dimension}:by-line"] = words.by_line_now([group["multipliers"] for group in groups])
        told[f"segments.{dimension}:rest"] = words.rest(groups[-1]["share"])
        for place, group in enumerate(groups):
            told[f"segments.{dimension}.{place}:name"] = words.shown_name(group["name"], place)
    return told


def _segments(view: View) -> list[Component]:
    free = {name: TITLES[name] for name in free_dimensions(view.draft)}
    adding = add_from("dimension", words.SPLIT_BY, words.SPLIT_BY_LABEL, free, "chip-select chip-select-long")
    return [
        html.Div(words.AUDIENCES, className="field-label", id="audiences-label"),
        *([_splits(view)] if view.groups else []),
        *([html.Div(adding, className="chips")] if free else []),
        html.Div(words.SPLIT_HINT if view.groups else words.NO_SPLIT_HINT, className="field-hint"),
        error_place("segments", view.errors.get("segments")),
    ]


def _splits(view: View) -> html.Ul:
    return html.Ul([_split(view, name) for name in view.groups], className="splits", **labelled("audiences-label"))


def _split(view: View, name: str) -> html.Li:
    groups, title, path = view.groups[name], TITLES[name], f"segments.{name}"
    cross = remove("remove-dimension", name, words.split_by(title), "btn btn-quiet btn-icon")
    return html.Li(
        [
            html.Div([html.Span(title, id=f"split-{name}"), cross], className="split-head"),
            _columns(),
            html.Ul([_group(view, name, place) for place in range(len(groups))], **labelled(f"split-{name}")),
            html.Div(error_place(path, view.errors.get(path)), className="group-errors"),
            *([_add_group(name, title)] if can_grow(view.draft, name) else []),
            _by_line(view, name),
        ],
        className="split",
    )


def _columns() -> html.Div:
    """The heads of the columns, for those who see them: every field has a label of its own."""
    unheard: Any = {"aria-hidden": "true"}
    heads = [html.Span(words.GROUP_NAME), html.Span(words.SHARE), html.Span(words.TIMES)]
    return html.Div(heads, className="group-row group-heads", **unheard)


def _group(view: View, name: str, place: int) -> html.Li:
    group, title, at = view.groups[name][place], TITLES[name], f"segments.{name}.{place}"
    is_last, can_go = place == len(view.groups[name]) - 1, len(view.groups[name]) > FEWEST_GROUPS
    which = words.group_of(title, place)
    row = [
        *_typed(f"{at}.name", group, words.name_of(title, place), "text", maxlength=LONGEST_NAME),
        *([_rest(view, name)] if is_last else _typed(f"{at}.share", group, words.share_of(title, place))),
        *_typed(f"{at}.multiplier", group, words.times_of(title, place)),
        *([remove("remove-group", f"{name}.{place}", which, "btn btn-quiet btn-icon")] if can_go else []),
    ]
    settings = ("name", "multiplier") if is_last else ("name", "share", "multiplier")
    errors = [error_place(path, view.errors.get(path)) for path in (f"{at}.{setting}" for setting in settings)]
    return html.Li([html.Div(row, className="group-row"), html.Div(errors, className="group-errors")])


def _rest(view: View, name: str) -> html.Div:
    of = f"segments.{name}:rest"
    return html.Div([html.Span(words.THE_REST), " ", text_place(of, texts(view)[of])], className="group-rest")


def _typed(path: str, group: Group, label: str, kind: str = "number", **more: Any) -> list[Component]:
    step = {"step": "any"} if kind == "number" else {}
    value = group[path.rpartition(".")[2]]
    return [hidden_label(label, path), typed_in(path, value, kind, **step, **more)]


def _add_group(name: str, title: str) -> Component:
    to = html.Span(words.to_split(title), className="visually-hidden")
    return link_button("add-group", [words.ADD_GROUP, to], name)


# Line by line


def _by_line(view: View, name: str) -> Component:
    of = f"segments.{name}:by-line"
    groups = [_lines_of_group(view, name, place) for place in range(len(view.groups[name]))]
    hint = html.Div(words.BY_LINE_HINT, className="field-hint")
    return disclosure(
        f"by-line-{name}",
        html.Span(words.BY_LINE),
        text_place(of, texts(view)[of], "disclosure-value"),
        html.Div([hint, *groups], className="disclosure-body"),
    )


def _lines_of_group(view: View, name: str, place: int) -> html.Div:
    at = f"segments.{name}.{place}"
    numbers = view.groups[name][place]["multipliers"] or [1.0] * len(view.draft["arms"])
    paths = [f"{at}.multipliers.{line}" for line in range(len(numbers))]
    fields = [
        _line_field(path, line, number, name, place)
        for line, (path, number) in enumerate(zip(paths, numbers, strict=True))
    ]
    errors = [error_place(path, view.errors.get(path)) for path in paths]
    return html.Div(
        [
            html.Div(text_place(f"{at}:name", texts(view)[f"{at}:name"]), className="by-line-name"),
            html.Div(fields, className="by-line"),
            html.Div(errors, className="group-errors"),
        ]
    )


def _line_field(path: str, line: int, number: Any, name: str, place: int) -> html.Div:
    label = words.line_times_of(wording.line_name(line), TITLES[name], place)
    return html.Div([arm_chip(line), hidden_label(label, path), typed_in(path, number, "number", step="any")])


SECTIONS = {"segments": _segments}
