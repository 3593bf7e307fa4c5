"""A report as one file of HTML: it opens from a disk without a network, and prints.

Styles, letters, the script that draws and the figures are inside. Figures stay those of the page, to be pointed at; who has
no scripts finds what each chart says in words, and its numbers as a table. The file forbids itself every request.
"""

import base64
import mimetypes
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import orjson
from plotly.offline import get_plotlyjs_version

from components import wording_report as words
from components.bundles import bundle
from components.charts.figure import GRAPH_CONFIG
from components.formats import compact
from components.report import scenario
from components.report.content import Chart, Given, Records, Report, Section
from components.report.markup import markup
from engine.version import VERSION

MOST_ROWS: Final = 2_000
"""A longer table would make the file too large, and is for spreadsheets."""
_WITHOUT_SCRIPTS: Final = "<noscript><style>.report-plot { display: none; }</style></noscript>"
_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
_OWN: Final = _ASSETS / "report"
_ADDRESS: Final = re.compile(rb"url\(\"?\.\./([^\")]+)\"?\)")
_NOT_IN_PAGES: Final = re.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f]")
"""Letters that no page may hold; Plotly has some among its texts."""
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""Everything is inside, so that nothing may be asked for."""


def document(report: Report, given: Given) -> bytes:
    """Write a report."""
    charts = [chart for section in report.sections for chart in section.charts]
    figures = {chart.name: chart.figure for chart in charts}
    parts = (
        "<!DOCTYPE html>\n",
        '<html lang="en" data-bs-theme="light">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{escape(words.title(report.verdict), quote=False)}</title>\n",
        f"<style>\n{_styles()}\n</style>\n{_WITHOUT_SCRIPTS}\n</head>\n<body>\n",
        f'<main class="report">\n{_body(report, given)}\n</main>\n',
        f'<script type="application/json" id="figures">{_json(figures)}</script>\n' if figures else "",
        f'<script type="application/json" id="config">{_json(GRAPH_CONFIG)}</script>\n' if figures else "",
        f"<script>\n{_scripts()}\n</script>\n" if figures else "",
        "</body>\n</html>\n",
    )
    return "".join(parts).encode()


def _body(report: Report, given: Given) -> str:
    head = f'<header class="report-head"><p>{escape(words.by(report.page))}</p><p>{given.day}</p></header>'
    hero = f'<div class="report-verdict">{markup(report.hero)}</div>'
    sections = "\n".join(_section(section) for section in report.sections)
    about = "" if report.scenario is None else _scenario(report)
    return "\n".join((head, hero, sections, about, _method(report), _provenance(report, given)))


def _section(section: Section) -> str:
    data = _data(section) if section.charts else ""
    grid = f'<div class="report-charts">{"".join(map(_chart, section.charts))}</div>' if section.charts else ""
    parts = (markup(section.heading), grid, markup(section.content), data)
    return f'<section class="report-part report-{section.name}">{"".join(parts)}</section>'


def _chart(chart: Chart) -> str:
    """A chart with what it says in words, which is all there is without scripts."""
    size = ' class="report-chart is-wide"' if chart.is_wide else ' class="report-chart"'
    name = escape(chart.name)
    return (
        f"<figure{size}>{markup(chart.heading)}"
        f'<div class="report-plot" data-chart="{name}" style="height: {chart.height}px" role="group"'
        f' aria-labelledby="{name}-says"></div>'
        f'<figcaption id="{name}-says">{escape(chart.summary, quote=False)}</figcaption></figure>'
    )


def _data(section: Section) -> str:
    """What the charts of a section are drawn from."""
    if not section.records:
        return ""
    if len(section.records) > MOST_ROWS:
        return f'<p class="hint">{escape(words.long_table(len(section.records)))}</p>'
    return (
        f'<details class="report-data"><summary>{escape(words.CHART_DATA)}</summary>'
        f"{_table(section.records, words.CHART_DATA)}</details>"
    )


def _table(records: Records, label: str) -> str:
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in records[0])
    rows = "".join(f"<tr>{''.join(map(_cell, record.values()))}</tr>" for record in records)
    return (
        f'<div class="report-table" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    name = ' class="is-number"' if is_number else ""
    return f"<td{name}>{escape('' if value is None else compact(value) if is_number else str(value), quote=False)}</td>"


def _scenario(report: Report) -> str:
    asked = report.scenario
    assert asked is not None  # noqa: S101  # seen to by the caller
    facts = "".join(_fact(fact.name, fact.values) for fact in scenario.facts(asked))
    return (
        f'<section class="report-part"><h2 class="h2">{words.SCENARIO}</h2>'
        f'{_table(scenario.lines(asked), words.LINES)}<dl class="report-facts">{facts}</dl></section>'
    )


def _fact(name: str, values: Sequence[str]) -> str:
    told = "".join(f"<dd>{escape(value, quote=False)}</dd>" for value in values)
    return f"<div><dt>{escape(name, quote=False)}</dt>{told}</div>"


def _method(report: Report) -> str:
    texts = (*report.notes, *(words.METHOD_TEXT if report.scenario is not None else words.COUNTED_TEXT))
    return f'<section class="report-part"><h2 class="h2">{words.METHOD}</h2>{_paragraphs(texts)}</section>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)


def _provenance(report: Report, given: Given) -> str:
    told = "".join(_fact(name, [value]) for name, value in provenance(report, given, given.day) if name != words.LINK)
    link = address(report, given)
    linked = f'<a href="{escape(link)}">{escape(link)}</a>' if link else escape(no_link(report))
    return (
        f'<section class="report-part"><h2 class="h2">{words.PROVENANCE}</h2>'
        f'<dl class="report-facts report-provenance">{told}<div><dt>{words.LINK}</dt><dd>{linked}</dd></div></dl></section>'
    )


def provenance(report: Report, given: Given, written: str) -> list[tuple[str, str]]:
    """Where the numbers come from, in pairs of name and value; `written` is the date as readers of the file want it."""
    return [
        *report.facts,
        (words.DIGEST, report.digest),
        *([] if report.scenario is None else [(words.SCENARIO_DIGEST, report.scenario.digest())]),
        (words.VERSION, VERSION),
        (words.DATE, written),
        (words.LINK, address(report, given) or no_link(report)),
    ]


def address(report: Report, given: Given) -> str | None:
    """The link that opens the scenario, with the server it was asked from; None where there is none for others."""
    return None if report.address is None or report.is_private else f"{given.host}{report.address}"


def no_link(report: Report) -> str:
    """Why there is none."""
    return words.PRIVATE_LINK if report.is_private else words.NO_LINK


def _json(value: Any) -> str:
    """Data inside a page, in which nothing ends the element around it."""
    return orjson.dumps(value).decode().replace("<", "\\u003c")


@cache
def _styles() -> str:
    """The pages' own styles and the report's, with letters and pictures inside."""
    own = [path.read_bytes() for path in (*sorted((_ASSETS / "pages").glob("*.css")), _OWN / "report.css")]
    return _ADDRESS.sub(_inside, b"\n".join([bundle(_ASSETS, "css").content, *own])).decode()


def _inside(found: re.Match[bytes]) -> bytes:
    path = _ASSETS / found[1].decode()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return b'url("data:%s;base64,%s")' % (kind.encode(), base64.b64encode(path.read_bytes()))


@cache
def _scripts() -> str:
    """What draws: Plotly, the pages' script that gives figures their colours, and the report's own."""
    plotly = _ASSETS / "vendor" / f"plotly-{get_plotlyjs_version()}" / "plotly-cartesian.min.js"
    files = (plotly, _ASSETS / "js/charts.js", _OWN / "report.js")
    text = "\n".join(path.read_text("utf-8") for path in files)
    return _NOT_IN_PAGES.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
