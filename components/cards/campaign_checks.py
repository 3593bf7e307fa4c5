"""Can a campaign's numbers be trusted? A tick or a warning for each thing that was looked at, with its words."""

from dash import html

from components import wording_campaign as words
from components.shell import icon
from components.terms import explained
from engine.emergence import Emergence
from engine.observed import Observed


def campaign_checks(found: Observed, emergence: Emergence | None) -> html.Ul:
    """The list of checks."""
    return html.Ul([_item(check) for check in checks(found, emergence)], className="checks")


def checks(found: Observed, emergence: Emergence | None) -> list[words.Check]:
    """What was looked at, and what it says."""
    names = [line["name"] for line in found["lines"]]
    lead = found["lead"]
    return [
        words.lines_differ(found["differ"], len(names)),
        words.split_held(found["split"], suspicious=found["is_split_suspicious"]),
        words.lead(
            names[lead["first"]], names[lead["second"]], lead["mean"], lead["low"], lead["high"], found["differ"]
        ),
        words.NOT_TIMED if emergence is None else _emerged(names, emergence),
    ]


def _emerged(names: list[str], found: Emergence) -> words.Check:
    early = None if found["early"] is None else names[found["early"]]
    return words.emerged(names[found["leader"]], early, found["since"], found["sure_since"], found["sends"])


def _item(check: words.Check) -> html.Li:
    return html.Li(
        [
            icon("check" if check.is_fine else "warning"),
            html.Div([html.Strong(explained(check.title)), html.Span(explained(check.text))]),
        ],
        className="check is-fine" if check.is_fine else "check",
    )
