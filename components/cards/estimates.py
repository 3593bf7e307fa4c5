"""What a log of decisions knows of each line: five methods beside one another, and the truth where it is known.

A table whose cells are whiskers: a column a line with a scale of its own, a row a method. Hatched and hollow where the
log hardly knows a line.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import wording_estimates as words
from components.formats import count
from components.shell import icon
from components.terms import explained, term
from components.theme import arm_chip
from components.whiskers import Axis, axis_around, axis_over, dot_whisker, percent_texts, ticks

Told = Mapping[str, Any]
"""What `engine.evaluation.study` says, in plain JSON types."""

METHOD_TERMS: Final = {
    "replay": "replay",
    "ips": "inverse-propensity",
    "snips": "inverse-propensity",
    "dm": "direct-method",
    "dr": "doubly-robust",
}
"""Where the glossary explains a method."""

_BEST_METHODS: Final = ("dr", "snips", "dm", "replay")
"""What a single figure is taken from, the first that has one."""


def estimates(found: Told, remedy: Component | None = None) -> list[Component]:
    """The section's content; `remedy` is a link or button that does what the note advises."""
    return [
        html.H2(title(found), className="h2"),
        html.P(explained(words.deck(found)), className="deck"),
        _panels(found),
        html.P(_explained(found), className="small-note"),
        *_notes(found, remedy),
        *_others(found),
        html.Details([html.Summary(words.FIGURES), _figures(found)], className="estimates-figures"),
    ]


def title(found: Told) -> str:
    """The finding."""
    lines = _lines(found)
    enough = [line for line in lines if line["is_enough"]]
    thin = [found["arms"][line["line"]] for line in lines if not line["is_enough"]]
    if not enough:
        return words.title("", thin, 1.0)
    best = max(enough, key=lambda line: float(line["effective_sends"]))
    return words.title(found["arms"][best["line"]], thin, _sharper(enough))


def summary(found: Told) -> str:
    """Every line by the best method that there is, for those who cannot see the picture."""
    said = []
    for line in _lines(found):
        method = _method_of(line)
        told, is_rate = line["methods"][method], found["is_rate"]
        said.append(
            words.summary(
                found["arms"][line["line"]],
                words.METHODS[method][0],
                words.value(told["value"], is_rate=is_rate),
                words.between(told["low"], told["high"], is_rate=is_rate),
                words.truth(line["truth"], is_rate=is_rate),
            )
        )
    return " ".join(said)


def records(found: Told) -> list[dict[str, Any]]:
    """All figures as data: a row a target and method, then a row a policy that was replayed."""
    targets = [
        {
            "target": _name(found, target),
            "method": words.METHODS[method][0],
            "estimate": told["value"],
            "standard error": told["standard_error"],
            "90% low": told["low"],
            "90% high": told["high"],
            "no estimate because": words.REFUSED.get(told["refused"] or "", ""),
            "truth": target["truth"],
            "interval holds the truth": told["covers"],
            "sends of the log": target["sends"],
            "share of the log": target["sends"] / found["sends"],
            "effective sends": target["effective_sends"],
            "largest weight": target["heaviest"],
            "overlap is enough": target["is_enough"],
        }
        for target in found["targets"]
        for method, told in target["methods"].items()
    ]
    learners = [
        dict.fromkeys(targets[0])
        | {
            "target": words.learns(one["label"], one["used"]),
            "method": words.METHODS["replay"][0],
            "estimate": one["value"],
            "standard error": one["standard_error"],
            "90% low": one["low"],
            "90% high": one["high"],
            "no estimate because": one["problem"] or "",
            "sends of the log": one["used"],
            "share of the log": one["used"] / found["sends"],
        }
        for one in found["learners"]
    ]
    return targets + learners


def _lines(found: Told) -> list[Any]:
    return [target for target in found["targets"] if target["line"] is not None]


def _method_of(target: Told) -> str:
    return next(
        (method for method in _BEST_METHODS if target["methods"][method]["value"] is not None), _BEST_METHODS[0]
    )


def _sharper(lines: Sequence[Told]) -> float:
    """How many times as wide the widest interval is as the narrowest, by the best method of each line."""
    told = [line["methods"][_method_of(line)] for line in lines]
    widths = [one["high"] - one["low"] for one in told if one["low"] is not None]
    return max(widths) / min(widths) if widths and min(widths) > 0.0 else 1.0


def _name(found: Told, target: Told) -> str:
    if target["line"] is not None:
        return words.always(found["arms"][target["line"]])
    return words.EVEN if target["label"] is None else words.ended(target["label"])


# The picture


def _panels(found: Told) -> html.Div:
    lines = _lines(found)
    axes = [_axis(line, is_rate=found["is_rate"]) for line in lines]
    corner = html.Th(html.Span(words.METHOD, className="visually-hidden"), scope="col")
    heads = [_head(found, line, axis) for line, axis in zip(lines, axes, strict=True)]
    rows = [_row(found, method, lines, axes) for method in words.METHODS]
    named: Any = {"aria-label": words.TABLE}
    table = html.Table(
        [
            html.Caption(f"{words.TABLE}. {summary(found)}", className="visually-hidden"),
            html.Thead(html.Tr([corner, *heads])),
            html.Tbody([*rows, *_foot(found, lines)]),
        ],
        className="estimates",
    )
    return html.Div(table, className="estimates-box", tabIndex=0, role="region", **named)


def _axis(target: Told, *, is_rate: bool) -> Axis:
    """A scale with every end and the truth on it; rates stay between 0 and 1."""
    ends = [told[key] for told in target["methods"].values() for key in ("value", "low", "high")]
    known = [end for end in (*ends, target["truth"]) if end is not None]
    return axis_around(known or [0.0, 1.0]) if is_rate else axis_over(known or [0.0, 1.0], 0.0, from_zero=False)


def _head(found: Told, line: Told, axis: Axis) -> html.Th:
    place, is_rate = line["line"], found["is_rate"]
    name = words.always(found["arms"][place])
    heading = [
        arm_chip(place),
        html.Span(name, className="estimates-name", title=name),
        html.Span(words.truth(line["truth"], is_rate=is_rate), className="estimates-truth"),
    ]
    hidden: Any = {"aria-hidden": "true"}
    scale = html.Div(ticks(axis, percent_texts(axis.ticks) if is_rate else words.ticks(axis.ticks)), **hidden)
    return html.Th([html.Div(heading, className="estimates-line"), scale], scope="col")


def _row(found: Told, method: str, lines: Sequence[Told], axes: Sequence[Axis]) -> html.Tr:
    name, plain = words.METHODS[method]
    head = html.Th([term(METHOD_TERMS[method], name), html.Span(plain, className="estimates-plain")], scope="row")
    cells = [_cell(found, line, line["methods"][method], axis) for line, axis in zip(lines, axes, strict=True)]
    return html.Tr([head, *cells])


def _cell(found: Told, line: Told, told: Told, axis: Axis) -> html.Td:
    is_rate, name = found["is_rate"], "estimates-cell" if line["is_enough"] else "estimates-cell is-thin"
    ends = None if told["low"] is None else (told["low"], told["high"])
    drawn = dot_whisker(axis, told["value"], ends, line["truth"])
    if told["value"] is None:
        return html.Td(
            [drawn, html.Span(words.REFUSED[told["refused"]], className="estimates-refused")], className=name
        )
    said = words.spoken(
        words.value(told["value"], is_rate=is_rate), words.between(told["low"], told["high"], is_rate=is_rate)
    )
    return html.Td([drawn, html.Span(said, className="visually-hidden")], className=name, title=said)


def _foot(found: Told, lines: Sequence[Told]) -> list[html.Tr]:
    rows = [
        (words.SENT, [words.share(line["sends"], found["sends"]) for line in lines]),
        (words.EFFECTIVE, [count(line["effective_sends"]) for line in lines]),
        (words.HEAVIEST, [words.weight(line["heaviest"]) for line in lines]),
    ]
    return [
        html.Tr([html.Th(name, scope="row"), *(html.Td(text) for text in texts)], className="estimates-foot")
        for name, texts in rows
        if name != words.HEAVIEST or found["has_chances"]
    ]


# What to make of it


def _explained(found: Told) -> str:
    weights = [words.HEAVIEST_MEANS, words.AS_THEY_FELL] if found["has_chances"] else []
    return " ".join(filter(None, [_held(found), words.EFFECTIVE_MEANS, *weights]))


def _held(found: Told) -> str:
    covers = [
        told["covers"] for line in _lines(found) for told in line["methods"].values() if told["covers"] is not None
    ]
    return words.held(sum(covers), len(covers)) if covers else ""


def _notes(found: Told, remedy: Component | None) -> list[Component]:
    lines = _lines(found)
    thin = [(found["arms"][one["line"]], one["sends"], one["effective_sends"]) for one in lines if not one["is_enough"]]
    notes: list[Component] = []
    if thin:
        strong, rest = words.thin(thin, found["sends"])
        advice: list[Any] = [html.Strong(strong), f" {rest} {words.REMEDY} ".replace("  ", " ")]
        notes.append(_note("note note-warn", [*advice, *([] if remedy is None else [remedy])]))
    apart = [
        (finding["line"], finding["share"])
        for one in lines
        for finding in one["findings"]
        if finding["code"] == "no_chance" and one["is_enough"]
    ]
    notes += [_note("note", [words.no_chance(apart)])] if apart else []
    return notes if found["has_chances"] else [*notes, _note("note", [words.WITHOUT_CHANCES])]


def _note(name: str, content: list[Any]) -> html.Div:
    return html.Div([icon("warning"), html.P(content)], className=f"{name} estimates-note")


def _others(found: Told) -> list[Component]:
    """Fixed splits and policies that learn, in a table of their own: they have no column in the picture."""
    splits = [target for target in found["targets"] if target["line"] is None]
    rows = [_split(found, target) for target in splits] + [_learner(found, one) for one in found["learners"]]
    has_truth = any(target["truth"] is not None for target in splits)
    heads = [
        words.OTHER,
        words.JUDGED_BY,
        words.ESTIMATE,
        words.INTERVAL,
        words.EFFECTIVE,
        *([words.TRUTH] if has_truth else []),
    ]
    width = len(heads)
    return [html.H3(words.OTHERS, className="guard-title"), _table(words.OTHERS, heads, [row[:width] for row in rows])]


def _split(found: Told, target: Told) -> list[str]:
    method, is_rate = _method_of(target), found["is_rate"]
    told = target["methods"][method]
    return [
        _name(found, target),
        words.METHODS[method][0],
        words.value(told["value"], is_rate=is_rate),
        words.between(told["low"], told["high"], is_rate=is_rate),
        count(target["effective_sends"]),
        words.value(target["truth"], is_rate=is_rate),
    ]


def _learner(found: Told, one: Told) -> list[str]:
    is_rate = found["is_rate"]
    if one["problem"]:
        return [one["label"], one["problem"], *["–"] * 4]
    value, interval = (
        words.value(one["value"], is_rate=is_rate),
        words.between(one["low"], one["high"], is_rate=is_rate),
    )
    return [
        words.learns(one["label"], one["used"]),
        words.METHODS["replay"][0],
        value,
        interval,
        count(one["used"]),
        "–",
    ]


def _figures(found: Told) -> html.Div:
    is_rate = found["is_rate"]
    heads = [words.LINE, *(name for name, _ in words.METHODS.values())]
    rows = [
        [found["arms"][line["line"]], *(_figure(line["methods"][method], is_rate=is_rate) for method in words.METHODS)]
        for line in _lines(found)
    ]
    return _table(words.FIGURES, heads, rows)


def _figure(told: Told, *, is_rate: bool) -> str:
    if told["value"] is None:
        return words.REFUSED[told["refused"]]
    interval = words.between(told["low"], told["high"], is_rate=is_rate)
    number = words.value(told["value"], is_rate=is_rate)
    return number if interval == "–" else f"{number} ({interval})"


def _table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> html.Div:
    named: Any = {"aria-label": label}
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(text) for text in row[1:])]) for row in rows]
    table = html.Table(
        [
            html.Caption(label, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(body),
        ],
        className="small-table",
    )
    return html.Div(table, className="small-table-box estimates-others", tabIndex=0, role="region", **named)
