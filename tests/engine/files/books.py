"""Workbooks for tests, sound and otherwise."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[Any]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Rows, **others: Rows) -> bytes:
    """Return a workbook with these rows on its first sheet, and others on sheets of their own."""
    book = Workbook()
    _fill(book.active, rows)
    for name, more in others.items():
        _fill(book.create_sheet(name), more)
    return _saved(book)


def _fill(sheet: Any, rows: Rows) -> None:
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a workbook with other parts: `change` takes a part's name and bytes, and leaves out what it makes None."""
    before, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = change(name, before.read(name))
            if part is not None:
                after.writestr(name, part)
    return out.getvalue()


def with_rows(content: bytes, rows: bytes) -> bytes:
    """Return a workbook whose first sheet holds this XML."""
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return changed(content, lambda name, part: start + rows + b"</sheetData></worksheet>" if name == SHEET else part)
