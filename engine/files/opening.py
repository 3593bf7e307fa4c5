"""The bytes of a file to its table, by what they hold and not by what the file is called."""

from engine.files.decoding import refuse_size, text_of
from engine.files.separated import separated
from engine.files.tables import Table
from engine.files.workbook import OLD_WORKBOOK, WORKBOOK, workbook_table


def opened(content: bytes, filename: str) -> Table:
    r"""Return the table in a file of CSV, TSV or XLSX.

    Raises:
        DataError: nothing, too much, or something else.

    >>> opened(b"Variant\tSends\nA\t10\n", "a.tsv").titles
    ['Variant', 'Sends']
    """
    refuse_size(len(content), filename)
    if content.startswith((WORKBOOK, OLD_WORKBOOK)):
        return workbook_table(content, filename)
    return separated(text_of(content, filename), filename)
