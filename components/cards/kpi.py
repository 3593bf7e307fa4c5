"""The key numbers of each policy, side by side: what happened and what could have."""

from dash import html

from components import race as run
from components import wording
from components import wording_changes as changes
from components.formats import NOTHING, count, percent
from components.race import Race, contender
from components.words import hue


def kpi(race: Race) -> html.Div:
    """One block a policy, in scenario order."""
    slots = run.slots(race)
    blocks = [_block(race, policy, slots[policy]) for policy in range(len(slots))]
    return html.Div(blocks, className=f"kpi kpi-{len(slots)}")


def _block(race: Race, policy: int, slot: int | None) -> html.Section:
    named = contender(race, policy)
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
        html.Span(count(run.conversions(race, policy)), className="kpi-number"),
        " ",
        html.Span(wording.CONVERSIONS, className="kpi-unit"),
    ]
    number += [] if is_baseline else [" ", _extra(race, policy)]
    return html.Section(
        [heading, html.P(number, className="kpi-main"), _small(race, policy)],
        className=f"kpi-block {hue(slot)}",
    )


def _extra(race: Race, policy: int) -> html.Span:
    text = wording.kpi_extra(run.extra_conversions(race, policy), run.conversions(race, race["baseline"]))
    return html.Span(text, className="kpi-extra")


def _small(race: Race, policy: int) -> html.Div:
    """The three smaller numbers and the e-mails sent."""
    emails = run.emails(race, policy)
    facts = [
        (_share(run.conversions(race, policy), emails), wording.OF_SENDS),
        (_share(run.to_best(race, policy), emails), _best(race)),
        (count(race["policies"][policy]["regret"][-1]), wording.MISSED),
        (count(emails), wording.EMAILS),
    ]
    pairs = [html.Div([html.Dt(name), html.Dd(value)]) for value, name in facts]
    return html.Div(html.Dl(pairs, className="kpi-small"), className="kpi-rest")


def _best(race: Race) -> str:
    if race["rates"] is not None:
        return changes.TO_BEST_THEN
    return wording.TO_BEST_LINE if len(run.best_lines(race)) == 1 else wording.TO_BEST_LINES


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else NOTHING
