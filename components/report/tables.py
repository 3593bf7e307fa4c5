"""All tables of a report for spreadsheets: one workbook with a sheet each, or CSV files in a ZIP.

Both hold the same cells; a text that a spreadsheet would run as a formula is shown instead.
"""

import io
import math
import re
import zipfile
from typing import Any, Final

from components import wording_report as words
from components.conventions import USUAL, following
from components.downloads import csv_text, safe_cell
from components.report import scenario
from components.report.content import Given, Report
from components.report.document import provenance

FIRST: Final = "report"
LINES: Final = "lines"
LONGEST_TITLE: Final = 31
"""Of a sheet, in Excel."""
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
_NAME_WIDTH, _TEXT_WIDTH, _NUMBER_WIDTH = 28, 100, 18
_FIXED_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can tell: the same report gives the same file."""


def workbook(report: Report, given: Given) -> bytes:
    """Write a workbook: what the report says on the first sheet, then a sheet a table."""
    from openpyxl import Workbook  # noqa: PLC0415  # a start does not wait for it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    for name, records in sheets(report, given):
        sheet = book.create_sheet(_title(name))
        sheet.freeze_panes = "A2"
        widths = _widths(name, len(records[0]))
        for place, width in enumerate(widths):
            sheet.column_dimensions[get_column_letter(place + 1)].width = width
        sheet.append([_head(sheet, heading) for heading in records[0]])
        for record in records:
            cells = map(safe_cell, record.values())
            sheet.append([_wrapped(sheet, cell) for cell in cells] if name == FIRST else list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_files(report: Report, given: Given) -> bytes:
    """Write the same as CSV files, one a sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        for name, records in sheets(report, given):
            files.writestr(zipfile.ZipInfo(f"{name}.csv", _FIXED_TIME), csv_text(records), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheets(report: Report, given: Given) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every table by name: the report itself, the lines, then those of the page."""
    known = [(FIRST, _first(report, given))]
    if report.scenario is not None:
        with following(USUAL):  # programs read files: a point before decimals, whoever asks
            known.append((LINES, scenario.lines(report.scenario)))
    return [*known, *((name, list(map(_plain, records))) for name, records in report.tables)]


def _first(report: Report, given: Given) -> list[dict[str, Any]]:
    facts = scenario.facts(report.scenario) if report.scenario is not None else []
    rows = [
        (words.PAGE, report.page),
        (words.VERDICT, report.verdict),
        *((words.HOW_SURE, text) for text in report.uncertainty),
        *((fact.name, value) for fact in facts for value in fact.values),
        *provenance(report, given, given.today),
    ]
    return [{"what": name, "text": text} for name, text in rows]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: _number_or_text(value) for name, value in record.items()}


def _number_or_text(value: Any) -> Any:
    """What a cell can hold; a number that is none leaves it empty."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _title(name: str) -> str:
    """Return the name of a sheet.

    >>> _title("a/very [long] name: of a table that nobody reads")
    'a very  long  name  of a table'
    """
    return _NOT_IN_TITLES.sub(" ", name)[:LONGEST_TITLE].strip()


def _widths(name: str, columns: int) -> list[int]:
    return [_NAME_WIDTH, _TEXT_WIDTH] if name == FIRST else [_NAME_WIDTH, *[_NUMBER_WIDTH] * (columns - 1)]


def _head(sheet: Any, heading: str) -> Any:
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = _wrapped(sheet, safe_cell(heading))
    cell.font = Font(bold=True)
    return cell


def _wrapped(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=value)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
