"""Files that a visitor takes away."""

import csv
import io
from typing import Any


def csv_file(name: str, records: list[dict[str, Any]]) -> dict[str, str]:
    """Return records, all with the same keys, as what a `dcc.Download` takes: a CSV file with a heading."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([_inert(cell) for cell in row] for row in [list(records[0]), *(r.values() for r in records)])
    return {"content": text.getvalue(), "filename": name, "type": "text/csv"}


def _inert(value: Any) -> Any:
    """Keep a spreadsheet from running a name as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
