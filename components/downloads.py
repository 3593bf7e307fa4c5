"""Files that a visitor takes away."""

import csv
import io
from typing import Any

from engine.files.exports import neutralised


def csv_file(name: str, records: list[dict[str, Any]]) -> dict[str, str]:
    """Return records, all with the same keys, as what a `dcc.Download` takes: a CSV file with a heading."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in [list(records[0]), *(record.values() for record in records)]:
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
    return {"content": text.getvalue(), "filename": name, "type": "text/csv"}
