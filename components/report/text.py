"""A report in a few sentences, for a chat or a slide."""

from components import wording_report as words
from components.report import scenario
from components.report.content import Given, Report
from components.report.document import address
from engine.version import VERSION


def text(report: Report, given: Given) -> str:
    """The verdict, how sure that is, the scenario and the link."""
    link = address(report, given)
    parts = [
        report.verdict,
        *report.uncertainty[:1],
        *([] if report.scenario is None else [scenario.in_a_sentence(report.scenario)]),
        words.see(link) if link else words.result(report.digest, VERSION),
    ]
    return "\n".join(parts)
