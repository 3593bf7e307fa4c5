"""Recipients who differ: the best line of each segment, who sent it to them, and what one winner for everybody costs."""

from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording_segments as words
from components.formats import percent
from components.race import Race
from components.terms import explained
from components.theme import arm_chip, arm_letter, arm_slot, policy_mark
from components.wording_goals import goal_of

_SHOWN: Final = 12
"""Segments in the open, the largest; smaller ones stand below a row that opens."""


def segments(race: Race) -> list[Component]:
    """The section's content; nothing where recipients are all alike."""
    found = race["segments"]
    if found is None:
        return []
    order = sorted(range(len(found["names"])), key=lambda segment: -found["shares"][segment])
    smaller = order[_SHOWN:]
    more = [html.Details([html.Summary(words.others(len(smaller))), _table(race, smaller)])] if smaller else []
    return [
        html.H2(title(race), className="h2"),
        html.P(explained(_deck(race)), className="deck"),
        _table(race, order[:_SHOWN]),
        *more,
        html.P(words.BARS, className="small-note"),
        *_reversals(race),
        html.H3(words.KNOWN_TITLE, className="guard-title"),
        html.Ul([html.Li(text) for text in _known(race)], className="guard-events"),
    ]


def title(race: Race) -> str:
    """The finding."""
    found = race["segments"]
    return words.title(found["given_up"], found["whole"], goal_of(race), arm_letter(race["best"]))


def records(race: Race) -> list[dict[str, Any]]:
    """The same as data: a row a segment and line."""
    found, lines = race["segments"], run.line_count(race)
    if found is None:
        return []
    return [
        {
            "segment": name,
            "share": found["shares"][segment],
            "line": arm["name"],
            "true_rate": _rate(race, segment, line),
            "is_best": found["best"][segment] == line,
            **{
                f"{policy['label']} {measure}": policy[f"{measure}_within"][segment * lines + line]
                for policy in race["policies"]
                for measure in ("sends", "conversions")
            },
        }
        for segment, name in enumerate(found["names"])
        for line, arm in enumerate(race["arms"])
    ]


def _deck(race: Race) -> str:
    found = race["segments"]
    liked = [
        (arm_letter(line), [name for name, best in zip(found["names"], found["best"], strict=True) if best == line])
        for line in sorted(set(found["best"]), key=lambda line: (-found["best"].count(line), line))
    ]
    return words.deck(found["given_up"], found["whole"], arm_letter(race["best"]), liked, len(found["names"]))


def _table(race: Race, order: list[int]) -> html.Div:
    slots = run.slots(race)
    heads = [
        html.Th(words.SEGMENT, scope="col"),
        html.Th(words.SHARE, scope="col"),
        html.Th(words.BEST_LINE, scope="col", className="is-name"),
        *([html.Th(words.winner(arm_letter(race["best"])), scope="col")] if _differ(race) else []),
        *(
            html.Th([policy_mark(slot), policy["label"]], scope="col", className="is-name")
            for slot, policy in zip(slots, race["policies"], strict=True)
        ),
    ]
    named: Any = {"aria-label": words.TABLE}
    table = html.Table(
        [
            html.Caption(words.TABLE, className="visually-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody([_row(race, segment) for segment in order]),
        ],
        className=f"small-table segments-table segments-{len(slots)}",
    )
    return html.Div(table, className="small-table-box segments-box", tabIndex=0, role="region", **named)


def _differ(race: Race) -> bool:
    """Whether another line than that for everybody is best anywhere."""
    return any(best != race["best"] for best in race["segments"]["best"])


def _row(race: Race, segment: int) -> html.Tr:
    found = race["segments"]
    best = found["best"][segment]
    everybody = [html.Td(percent(_rate(race, segment, race["best"])))] if _differ(race) else []
    return html.Tr(
        [
            html.Th(found["names"][segment], scope="row"),
            html.Td(percent(found["shares"][segment], 0)),
            html.Td([arm_chip(best), html.Span(percent(_rate(race, segment, best)))], className="is-name segment-best"),
            *everybody,
            *(html.Td(_split(race, policy, segment), className="is-name") for policy in range(len(race["policies"]))),
        ]
    )


def _rate(race: Race, segment: int, line: int) -> float:
    return float(race["segments"]["rates"][segment * run.line_count(race) + line])


def _split(race: Race, policy: int, segment: int) -> html.Div:
    """A bar of the lines' shares, and the share of the best line in words."""
    lines, best = run.line_count(race), race["segments"]["best"][segment]
    sends = race["policies"][policy]["sends_within"][segment * lines : (segment + 1) * lines]
    whole = sum(sends)
    order = [best, *(line for line in run.stacking_order(race) if line != best)]
    shares = [(line, sends[line] / whole) for line in order if sends[line]]
    spoken: Any = {"aria-label": words.split([(arm_letter(line), share) for line, share in shares])}
    bar = html.Div([_part(line, share) for line, share in shares], className="segment-bar", role="img", **spoken)
    return html.Div(
        [bar, html.Span(words.to_its_best(sends[best] / whole if whole else None), className="segment-note")]
    )


def _part(line: int, share: float) -> html.Span:
    letter = arm_letter(line) if share >= _ROOM_FOR_A_LETTER else ""
    return html.Span(letter, className=f"segment-part a{arm_slot(line)}", style={"width": f"{100 * share:.2f}%"})


_ROOM_FOR_A_LETTER: Final = 0.14


def _reversals(race: Race) -> list[Component]:
    told = []
    for place, policy in enumerate(race["policies"]):
        reversal = policy["reversal"]
        if reversal is not None:
            looks, other = reversal["looks_better"], reversal["is_better"]
            seen = [_seen(race, place, line) for line in (looks, other)]
            letters = arm_letter(looks), arm_letter(other)
            sentence = words.reversal(
                policy["label"], *letters, seen, reversal["rates"], everywhere=reversal["everywhere"]
            )
            told.append(sentence)
    return [html.P(text, className="segment-reversal") for text in told]


def _seen(race: Race, policy: int, line: int) -> float:
    """The observed rate of a line over all segments."""
    return float(run.row(race, policy, "conversions")[line] / run.row(race, policy, "sends")[line])


def _known(race: Race) -> list[str]:
    told = [words.knows(policy["label"], policy["knows"]) for policy in race["policies"] if policy["knows"] is not None]
    blind = [policy["label"] for policy in race["policies"] if policy["knows"] is None and not run.is_oracle(policy)]
    return [*told, *([words.knows_nothing(blind)] if blind else [])]
