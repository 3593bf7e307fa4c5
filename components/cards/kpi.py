"""The key numbers of each policy, side by side: what happened and what could have."""

from dash import html

from components import race as run
from components import wording
from components import wording_changes as changes
from components import wording_segments as segments
from components.formats import NOTHING, count, percent
from components.race import Race, contender
from components.terms import explained
from components.wording_goals import goal_of
from components.words import hue


def kpi(race: Race) -> html.Div:
    """One block a policy, in scenario order."""
    slots = run.slots(race)
    blocks = [_block(race, policy, slots[policy]) for policy in range(len(slots))]
    return html.Div(blocks, className=f"kpi kpi-{len(slots)}")


def _block(race: Race, policy: int, slot: int | None) -> html.Section:
    named, goal = contender(race, policy), goal_of(race)
    is_baseline = policy == race["baseline"]
    heading = html.H2(
        [
            wording.kpi_heading(named, is_baseline=is_baseline),
            html.Span(":", className="kpi-colon"),
            " ",
            html.Strong(named.label),
        ],
        className="kpi-heading",
    )
    number: list[str | html.Span] = [
        html.Span(goal.number(run.gained(race, policy)), className="kpi-number"),
        " ",
        html.Span(goal.unit, className="kpi-unit"),
    ]
    number += [] if is_baseline else [" ", _extra(race, policy)]
    return html.Section(
        [heading, html.P(number, className="kpi-main"), _small(race, policy)],
        className=f"kpi-block {hue(slot)}",
    )


def _extra(race: Race, policy: int) -> html.Span:
    text = wording.kpi_extra(run.over_baseline(race, policy), run.gained(race, race["baseline"]), goal_of(race))
    return html.Span(text, className="kpi-extra")


def _small(race: Race, policy: int) -> html.Div:
    """The smaller numbers and the e-mails sent."""
    emails, goal = run.emails(race, policy), goal_of(race)
    facts = [
        _converted(run.conversions(race, policy), emails, with_count=goal.is_money),
        (_share(run.to_best(race, policy), emails), _best(race)),
        (goal.number(race["policies"][policy]["regret"][-1]), wording.MISSED),
        (count(emails), wording.EMAILS),
    ]
    pairs = [html.Div([html.Dt(explained(name)), html.Dd(value)]) for value, name in facts]
    return html.Div(html.Dl(pairs, className="kpi-small"), className="kpi-rest")


def _converted(conversions: int, emails: int, *, with_count: bool) -> tuple[str, str]:
    """The share that converted, after the number of them where that is not the large one above."""
    share = _share(conversions, emails)
    return (
        (f"{count(conversions)} ({share})", wording.CONVERSIONS_OF_SENDS) if with_count else (share, wording.OF_SENDS)
    )


def _best(race: Race) -> str:
    if race["segments"] is not None:
        return segments.TO_BEST_FOR_EACH
    if race["rates"] is not None:
        return changes.TO_BEST_THEN
    return wording.TO_BEST_LINE if len(run.best_lines(race)) == 1 else wording.TO_BEST_LINES


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else NOTHING
