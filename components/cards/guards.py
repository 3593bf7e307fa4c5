"""What guardrails did in the shown campaign: their share of the sends, and what was measured beside the policy."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording_guards as wording
from components.formats import count, percent
from components.race import Race
from components.terms import explained
from components.theme import arm_chip, policy_mark

Report = dict[str, Any]
"""What the guardrails did, as the page stores it."""


def guards(race: Race, report: Report | None, *, has_stop_rule: bool) -> list[Component]:
    """The section's content; nothing when no guardrail is on."""
    if report is None:
        return []
    focus = report["policies"][run.focus(race)]
    parts: list[Component] = [html.H2(wording.TITLE, className="h2")]
    if focus["decided"]:
        parts += [html.P(explained(wording.DECK), className="deck"), _shares(race, report)]
    parts += [_alone(race, report, place) for place in range(len(focus["apart"]))]
    events = _events(report, has_stop_rule=has_stop_rule)
    return [*parts, html.Ul([html.Li(text) for text in events], className="guard-events")] if events else parts


def _shares(race: Race, report: Report) -> html.Div:
    slots = run.slots(race)
    titles = [decided["title"] for decided in report["policies"][0]["decided"]]
    rows = []
    for place, policy in enumerate(report["policies"]):
        taken = [decided["sends"] for decided in policy["decided"]]
        shares = [html.Td(percent(sends / policy["sends"])) for sends in (*taken, sum(taken))]
        rows.append(html.Tr([html.Th([policy_mark(slots[place]), policy["label"]], scope="row"), *shares]))
    return _box(wording.DECK, [wording.POLICY, *titles, wording.TOGETHER], rows)


def _alone(race: Race, report: Report, place: int) -> html.Div:
    """What one guardrail took of the policy that the verdict is about, and whether it agrees with each policy."""
    policy = report["policies"][run.focus(race)]
    apart = policy["apart"][place]
    title = wording.alone(apart["title"], policy["label"], report["level"])
    rows = [
        html.Tr(
            [
                html.Th([arm_chip(line), html.Span(arm["name"], className="line-table-name")], scope="row"),
                html.Td(count(apart["sends"][line])),
                html.Td(count(apart["conversions"][line])),
                html.Td(
                    [
                        wording.rate(apart["sends"][line], apart["conversions"][line]),
                        " ",
                        html.Span(
                            wording.rate_interval(apart["low"][line], apart["high"][line]), className="rate-interval"
                        ),
                    ]
                ),
            ]
        )
        for line, arm in enumerate(race["arms"])
    ]
    verdicts = [
        _agreement(report["policies"][other], place)
        for other in run.challengers(race)
        if not run.is_oracle(race["policies"][other])
    ]
    heads = [wording.SUBJECT_LINE, wording.SENDS, wording.CONVERSIONS, wording.RATE]
    return html.Div(
        [html.H3(title, className="guard-title"), _box(title, heads, rows), html.P(" ".join(verdicts))],
        className="guard-alone",
    )


def _agreement(policy: dict[str, Any], place: int) -> str:
    apart = policy["apart"][place]
    return wording.agreement(
        apart["title"], policy["label"], apart["best"], policy["leader"], is_clear=apart["is_clear"]
    )


def _events(report: Report, *, has_stop_rule: bool) -> list[str]:
    first = report["policies"][0]
    events = [wording.left_out(first["left_out"], first["sends"])] if first["left_out"] else []
    for policy in report["policies"]:
        events += [
            wording.paused(policy["label"], one["line"], one["after"], one["sends"], one["complaints"], report["limit"])
            for one in policy["paused"]
        ]
        stopped = policy["stopped"]
        if stopped is not None:
            events.append(wording.stopped(policy["label"], stopped["winner"], stopped["after"]))
        elif has_stop_rule:
            events.append(wording.not_stopped(policy["label"]))
    return events


def _box(label: str, heads: list[str], rows: list[html.Tr]) -> html.Div:
    named: Any = {"aria-label": label}
    head = html.Thead(html.Tr([html.Th(title, scope="col") for title in heads]))
    table = html.Table(
        [html.Caption(label, className="visually-hidden"), head, html.Tbody(rows)], className="small-table"
    )
    return html.Div(table, className="small-table-box", tabIndex=0, role="region", **named)
