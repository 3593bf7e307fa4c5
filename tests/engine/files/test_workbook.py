"""Workbooks are read as they look in a spreadsheet, or refused before they fill the memory."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest

from engine import DataError, read_campaign
from tests.engine.files.books import SHEET, Rows, changed, with_rows, workbook

HEADER = ["Variant", "Sends", "Orders"]
PLAIN: Rows = [HEADER, ["A", 100, 4], ["B", 102, 5]]
SOUND = workbook(PLAIN)

READ: dict[str, tuple[bytes, tuple[tuple[str, ...], list[int], list[int]]]] = {
    "plain": (SOUND, (("A", "B"), [100, 102], [4, 5])),
    "a total": (workbook([*PLAIN, ["Total", 202, 9]]), (("A", "B"), [100, 102], [4, 5])),
    "a total by formula": (workbook([*PLAIN, ["Total", "=SUM(B2:B3)", "=SUM(C2:C3)"]]), (("A", "B"), [100, 102], [4, 5])),
    "whole numbers with a point": (workbook([HEADER, ["A", 100.0, 4], ["B", 102, 5]]), (("A", "B"), [100, 102], [4, 5])),
    "numbers as texts": (workbook([HEADER, ["A", "1,234", "4"], ["B", "12,234", "5"]]), (("A", "B"), [1234, 12234], [4, 5])),
    "shares of one": (
        workbook([["Variant", "Sends", "CVR"], ["A", 1000, 0.04], ["B", 1020, 55 / 1020]]),
        (("A", "B"), [1000, 1020], [40, 55]),
    ),
    "numbers as names": (workbook([HEADER, [1, 100, 4], [2.5, 102, 5]]), (("1", "2.5"), [100, 102], [4, 5])),
    "a title above": (workbook([["Spring"], [], *PLAIN]), (("A", "B"), [100, 102], [4, 5])),
    "an empty first sheet": (workbook([], Data=PLAIN), (("A", "B"), [100, 102], [4, 5])),
    "truth for yes and no": (workbook([["variant", "converted"], ["A", True], ["B", False], ["A", 0]]), (("A", "B"), [2, 1], [1, 0])),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_workbooks_are_read(name: str) -> None:
    content, expected = READ[name]
    found = read_campaign(content, "file.xlsx")
    assert (found.arms, found.sends.tolist(), found.conversions.tolist()) == expected


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def _with(name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    return changed(SOUND, lambda one, part: change(part) if name in one else part)


REFUSED: dict[str, tuple[bytes, str]] = {
    "a formula without a result": (
        workbook([HEADER, ["A", "=cmd()", 4], ["B", 102, 5]]),
        "row 2, Sends: got '=cmd()'; must be a whole number. Put the formula's result there",
    ),
    "an error": (workbook([HEADER, ["A", 100, 4], ["B", "#N/A", 5]]), "row 3, Sends: got '#N/A'"),
    "a fraction": (workbook([HEADER, ["A", 100.5, 4], ["B", 102, 5]]), "row 2, Sends: got '100.5'; must be a whole number"),
    "no cells": (workbook([]), "got a workbook without cells. Put the table on its first sheet"),
    "too many columns": (workbook([[f"c{place}" for place in range(2_000)]]), "got more than 200 columns"),
    "cut short": (SOUND[:-30], "damaged or cut short. Open it, save it as XLSX or CSV again"),
    "cut in the middle": (SOUND[:2_000], "damaged or cut short"),
    "an archive": (_with("Content", lambda _: None), "got an archive, not a workbook. Unpack it"),
    "without a sheet": (_with(SHEET, lambda _: None), "got a workbook without cells"),
    "not XML": (_with(SHEET, lambda _: b"nonsense"), "damaged or cut short"),
    "the old form": (b"\xd0\xcf\x11\xe0rest", "got a workbook of the old form (XLS), or one with a password. Save it as XLSX"),
    "entities": (_with(SHEET, lambda _: ENTITIES), "damaged or cut short"),
    "entities in much": (_with(SHEET, lambda _: ENTITIES + b" " * 3_000_000), "damaged or cut short"),
    "a bomb": (_with(SHEET, lambda part: part + b" " * 120_000_000), "unpacks to more than is read (120 MB"),
    "a row without end": (with_rows(SOUND, b"<row>" + b"<c><v>1</v></c>" * 200_000 + b"</row>"), "unpacks to more than is"),
    "rows without number": (with_rows(SOUND, b'<row a="1" b="2" c="3"/>' * 800_000), "Save the sheet as CSV"),
    "styles without end": (_with("styles", lambda part: part + b" " * 6_000_000), "Save the sheet as CSV"),
    "parts without number": (SOUND + b"PK\x01\x02" * 3_000, "unpacks to more than is read"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_others_are_refused(name: str) -> None:
    content, expected = REFUSED[name]
    with pytest.raises(DataError) as refused:
        read_campaign(content, "file.xlsx")
    assert expected in str(refused.value)


def test_the_sheet_that_was_read_is_told() -> None:
    notes = read_campaign(workbook([], Data=PLAIN), "file.xlsx").notes
    assert notes == ("Of the workbook's 2 sheets 'Data' was read.",)


def test_dates_are_times() -> None:
    sent = [datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 11, 30)]  # noqa: DTZ001  # as workbooks have them
    rows: Rows = [["variant", "sent at", "converted", "value"], ["A", sent[0], 1, 12.5], ["B", sent[1], 0, None]]
    found = read_campaign(workbook(rows), "file.xlsx").rows
    assert found is not None
    assert found.sent_hours is not None
    assert found.value is not None
    assert (found.sent_hours.tolist(), found.value.tolist()) == ([0.0, 1.5], [12.5, 0.0])


def test_a_row_far_below_is_reached() -> None:
    rows = b"".join(
        b'<row r="%d">%s</row>' % (number, b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % cell for cell in cells))
        for number, cells in ((1, (b"variant", b"converted")), (2, (b"A", b"1")), (900_000, (b"B", b"no")))
    )  # fmt: skip
    found = read_campaign(with_rows(SOUND, rows), "file.xlsx")
    assert (found.arms, found.sends.tolist()) == (("A", "B"), [1, 1])


def test_damage_anywhere_is_refused_or_harmless() -> None:
    """Bytes of the archive, and bytes of its parts."""
    chance = random.Random(1)
    for _ in range(100):
        broken = bytearray(SOUND)
        for _ in range(chance.choice([1, 4])):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        _read_or_refused(bytes(broken))
        _read_or_refused(changed(SOUND, lambda _, part: _scratched(part, chance)))


def _scratched(part: bytes, chance: random.Random) -> bytes:
    out = bytearray(part)
    for _ in range(3 * (chance.random() < 0.3)):
        out[chance.randrange(len(out))] = chance.choice(b'<>"/ax0%&')
    return bytes(out)


def _read_or_refused(content: bytes) -> None:
    try:
        found = read_campaign(content, "file.xlsx")
    except DataError:
        return
    assert (found.conversions <= found.sends).all()


def test_the_archive_is_what_the_tests_think() -> None:
    assert SHEET in zipfile.ZipFile(io.BytesIO(SOUND)).namelist()
