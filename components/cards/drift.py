"""The drift monitor in words: which rate moved and when that showed, what each policy did about it, and how sure that is."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from components import race as run
from components import wording_drift as wording
from components.charts.rates_over_time import Drift, real
from components.formats import percent
from components.race import Race
from components.terms import explained
from components.theme import arm_chip, policy_mark

_TOLD = 3
"""Changes that are told one by one; the largest."""


def head(race: Race, drift: Drift) -> list[Component]:
    """The finding and what the chart shows."""
    lines = sorted({finding["line"] for finding in real(drift)})
    mixed = any(finding["is_mix"] for finding in drift["findings"])
    return [
        html.H2(wording.title(lines, moves=race["rates"] is not None, mixed=mixed), className="h2"),
        html.P(explained(wording.deck(drift["level"], drift["waits"])), className="deck"),
    ]


def words(race: Race, drift: Drift) -> list[Component]:
    """Each large change in a sentence, with the policies' reactions in a table, then what limits this."""
    told = sorted(real(drift)[:_TOLD], key=lambda finding: finding["around"])
    small = [wording.more(len(real(drift)) - _TOLD)] if len(real(drift)) > _TOLD else []
    mixed = [finding for finding in drift["findings"] if finding["is_mix"]]
    small += [_mixed(race, finding) for finding in mixed[:_TOLD]]
    false = [finding for finding in drift["findings"] if not finding["is_real"] and not finding["is_mix"]]
    small += [wording.false_alarm(finding["line"], finding["noticed"]) for finding in false[:_TOLD]]
    small += [wording.hasty(drift["hasty"], drift["waits"])] if drift["hasty"] else []
    small.append(wording.level(drift["false_alarms"]))
    sentences = [html.P(_told(race, finding), className="drift-change") for finding in told]
    return [*sentences, *([_table(race, told)] if told else []), html.P(explained(" ".join(small)), className="hint")]


def still(drift: Drift) -> html.Details:
    """The one line of a campaign in which nothing moved, with more behind it."""
    late = [wording.hasty(drift["hasty"], drift["waits"])] if drift["hasty"] else []
    return html.Details(
        [
            html.Summary(html.Span(wording.STILL)),
            html.P(
                explained(" ".join([*late, wording.level(drift["false_alarms"])])), className="hint disclosure-body"
            ),
        ],
        className="disclosure drift-still",
    )


def _told(race: Race, finding: dict[str, Any]) -> str:
    true = (finding["true_before"], finding["true_after"])
    change = wording.moved(finding["line"], finding["before"], finding["after"], true, finding["around"])
    return f"{change} {wording.noticed(race['policies'][finding['policy']]['label'], finding['noticed'])}"


def _mixed(race: Race, finding: dict[str, Any]) -> str:
    label = race["policies"][finding["policy"]]["label"]
    return wording.mix(finding["line"], finding["before"], finding["after"], finding["noticed"], label)


def _table(race: Race, told: list[dict[str, Any]]) -> html.Div:
    titles = (wording.POLICY, wording.SHARE_BEFORE, wording.SHARE_AFTER, wording.FOLLOWED)
    named: Any = {"aria-label": wording.DID}
    table = html.Table(
        [
            html.Caption(wording.DID, className="small-table-caption"),
            html.Thead(
                html.Tr(
                    [
                        html.Th(title, scope="col", className="is-name" if title == wording.POLICY else None)
                        for title in titles
                    ]
                )
            ),
            *(html.Tbody([_change(finding, len(titles)), *_rows(race, finding)]) for finding in told),
        ],
        className="small-table",
    )
    return html.Div(table, className="small-table-box", tabIndex=0, role="region", **named)


def _rows(race: Race, finding: dict[str, Any]) -> list[html.Tr]:
    slots = run.slots(race)
    return [
        html.Tr(
            [
                html.Th(
                    [policy_mark(slots[reaction["policy"]]), race["policies"][reaction["policy"]]["label"]], scope="row"
                ),
                html.Td(percent(reaction["before"], 0)),
                html.Td(percent(reaction["after"], 0)),
                html.Td(wording.followed(reaction["took"])),
            ]
        )
        for reaction in finding["reactions"]
    ]


def _change(finding: dict[str, Any], columns: int) -> html.Tr:
    """The heading of a change's rows: a line may have moved more than once."""
    told = wording.change(finding["before"], finding["after"], finding["around"])
    return html.Tr(html.Th([arm_chip(finding["line"]), f" {told}"], colSpan=columns, scope="rowgroup"))
