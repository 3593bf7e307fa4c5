"""All tables: the workbook and the CSV files hold the same, and no cell of them runs."""

import csv
import io
import math
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from components.report.tables import csv_files, workbook
from tests.components.report.reports import EVIL, GIVEN, ROWS, report


def of_workbook(content: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def of_files(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return {
            name.removesuffix(".csv"): list(csv.reader(io.StringIO(files.read(name).decode())))
            for name in files.namelist()
        }


def written(rows: list[list[Any]]) -> list[list[str]]:
    """Cells as CSV writes them."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return list(csv.reader(io.StringIO(text.getvalue())))


def same(one: str, other: str) -> bool:
    """Excel knows one kind of number, of 15 digits: 1.0 comes back as 1."""
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-14)
    except ValueError:
        return one == other


def expect_alike(book: bytes, files: bytes) -> None:
    """Every sheet is a file with the same cells."""
    sheets, tables = of_workbook(book), of_files(files)
    assert list(sheets) == list(tables)
    for name, rows in sheets.items():
        table = tables[name]
        assert [len(row) for row in table] == [len(row) for row in rows]
        pairs = [pair for row, other in zip(written(rows), table, strict=True) for pair in zip(row, other, strict=True)]
        assert [pair for pair in pairs if not same(*pair)] == []


def test_workbook_and_files_hold_the_same() -> None:
    expect_alike(workbook(report(), GIVEN), csv_files(report(), GIVEN))


def test_the_first_sheet_says_what_the_report_says() -> None:
    first = {row[0]: row[1] for row in of_workbook(workbook(report(), GIVEN))["report"]}
    assert first["Verdict"] == f"Use {EVIL}."
    assert first["Result digest"] == "9f3c0011e71a"
    assert first["Link"] == "https://example.test/compare?s=token"
    assert first["Guardrails"].startswith("Minimum share: 5% a line.")


def test_numbers_stay_numbers_and_formulas_become_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(report(), GIVEN)))
    head, first, _ = book["curves"].iter_rows()
    assert [cell.value for cell in head] == list(ROWS[0])
    assert [cell.value for cell in first] == [f"'{EVIL}", 1.5, 1_000, None]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}


def test_the_same_report_gives_the_same_files() -> None:
    assert csv_files(report(), GIVEN) == csv_files(report(), GIVEN)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_a_number_that_is_none_leaves_its_cell_empty(odd: float) -> None:
    rows = [{"line": "A", "extra": odd}]
    told = report(sections=(replace(report().sections[0], records=rows),))
    assert of_workbook(workbook(told, GIVEN))["curves"][1] == ["A", None]
    expect_alike(workbook(told, GIVEN), csv_files(told, GIVEN))
