"""Files that a visitor takes away."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from engine.files.exports import neutralised


def csv_file(name: str, records: list[dict[str, Any]]) -> dict[str, str]:
    """Return records, all with the same keys, as what a `dcc.Download` takes: a CSV file with a heading."""
    return {"content": csv_text(records), "filename": name, "type": "text/csv"}


def csv_text(records: Sequence[dict[str, Any]]) -> str:
    """Return records, all with the same keys, as CSV with a heading."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in [list(records[0]), *(record.values() for record in records)]:
        writer.writerow(map(safe_cell, row))
    return text.getvalue()


def safe_cell(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs as a formula."""
    return neutralised(cell) if isinstance(cell, str) else cell
