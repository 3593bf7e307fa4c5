"""Campaign files as mailing tools write them, and as they should not be: the right counts, or what to do about it."""

import csv
import io
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.campaign import Campaign, read_campaign, recognise
from engine.errors import DataError

PLAIN = "Variant,Sends,Conversions\nA,1000,40\nB,1020,55\n"


def read(text: str | bytes, **roles: Any) -> Campaign:
    content = text if isinstance(text, bytes) else text.encode()
    return read_campaign(content, "file.csv", roles.get("roles"))


def counts(found: Campaign) -> tuple[tuple[str, ...], list[int], list[int]]:
    return found.arms, found.sends.tolist(), found.conversions.tolist()


AWKWARD: dict[str, tuple[str | bytes, tuple[tuple[str, ...], list[int], list[int]]]] = {
    "plain": (PLAIN, (("A", "B"), [1000, 1020], [40, 55])),
    "semicolons and dots": ("Variant;Sent;Orders\nA;1.000;40\nB;12.020;155\n", (("A", "B"), [1000, 12020], [40, 155])),
    "tabs": (PLAIN.replace(",", "\t"), (("A", "B"), [1000, 1020], [40, 55])),
    "bars": (PLAIN.replace(",", "|"), (("A", "B"), [1000, 1020], [40, 55])),
    "quoted thousands": ('Name,Delivered,Purchases\n"A","1,000","40"\n"B","1,020","55"\n', (("A", "B"), [1000, 1020], [40, 55])),
    "spaces for thousands": ("Variant;Sends;Orders\nA;1 000;40\nB;1\u202f020;55\n", (("A", "B"), [1000, 1020], [40, 55])),
    "a byte-order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), (("A", "B"), [1000, 1020], [40, 55])),
    "UTF-16": (PLAIN.encode("utf-16"), (("A", "B"), [1000, 1020], [40, 55])),
    "Windows' encoding": ("Variant,Sends,Orders\nGrüße,100,4\nB,102,5\n".encode("cp1252"), (("Grüße", "B"), [100, 102], [4, 5])),
    "other scripts": ("Variant,Sends,Orders\n夏のセール,100,4\nЛето,102,5\n", (("夏のセール", "Лето"), [100, 102], [4, 5])),
    "Windows' line ends": (PLAIN.replace("\n", "\r\n"), (("A", "B"), [1000, 1020], [40, 55])),
    "blank lines": ("\n" + PLAIN.replace("\n", "\n\n"), (("A", "B"), [1000, 1020], [40, 55])),
    "a total": (PLAIN + "Total,2020,95\n", (("A", "B"), [1000, 1020], [40, 55])),
    "commas in names": ('Subject line,Sends,Orders\n"Hi, there",100,4\nSale,102,5\n', (("Hi, there", "Sale"), [100, 102], [4, 5])),
    "line ends in names": ('Subject,Sends,Orders\n"Hi\nthere",100,4\nSale,102,5\n', (("Hi there", "Sale"), [100, 102], [4, 5])),
    "columns that nobody needs": ("Id,Variant,Sends,Bounces,Orders\n7,A,100,1,4\n8,B,102,2,5\n", (("A", "B"), [100, 102], [4, 5])),
    "empty columns at the end": ("Variant,Sends,Orders,,\nA,100,4,,\nB,102,5,,\n", (("A", "B"), [100, 102], [4, 5])),
    "several columns of the same name": ("Variant,Sends,Orders,Orders\nA,100,4,9\nB,102,5,9\n", (("A", "B"), [100, 102], [4, 5])),
    "rates in per cent": ("Variant,Sends,Conversion rate\nA,1000,4.0%\nB,1020,5.39%\n", (("A", "B"), [1000, 1020], [40, 55])),
    "rates with commas": ("Variant;Sends;CVR\nA;1000;4,0 %\nB;1020;5,39 %\n", (("A", "B"), [1000, 1020], [40, 55])),
    "a formula as a name": ("Variant,Sends,Orders\n=cmd(),100,4\nB,102,5\n", (("=cmd()", "B"), [100, 102], [4, 5])),
    "counts as decimals": ("Variant,Sends,Orders\nA,1000.0,40.0\nB,1020.0,55.0\n", (("A", "B"), [1000, 1020], [40, 55])),
    "a title above": ("Report\n\nVariant,Sends,Orders\nA,100,4\nB,102,5\n", (("A", "B"), [100, 102], [4, 5])),
    "a separator that is said": ("sep=;\nVariant;Sends;Orders\nA,1;100;4\nB,2;102;5\n", (("A,1", "B,2"), [100, 102], [4, 5])),
    "a footnote": ("Variant,Sends,Orders\nA,100,4\nB,102,5\n\nExported on Monday,,\n", (("A", "B"), [100, 102], [4, 5])),
    "a total above": ("Variant,Sends,Orders\nGrand total:,202,9\nA,100,4\nB,102,5\n", (("A", "B"), [100, 102], [4, 5])),
    "a total without a name": ("Variant,Sends,Orders\nA,100,4\nB,102,5\n,202,9\n", (("A", "B"), [100, 102], [4, 5])),
    "all that adds up": ("Variant,Sends,Orders\nA,100,4\nB,102,5\nAll,202,9\n", (("A", "B"), [100, 102], [4, 5])),
    "all that is a name": ("Variant,Sends,Orders\nAll,100,4\nB,102,5\nC,9,1\n", (("All", "B", "C"), [100, 102, 9], [4, 5, 1])),
    "old line ends": (PLAIN.replace("\n", "\r"), (("A", "B"), [1000, 1020], [40, 55])),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), (("A", "B"), [1000, 1020], [40, 55])),
    "UTF-16 the other way": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), (("A", "B"), [1000, 1020], [40, 55])),
    "one number that decides": ("Variant;Sends;Orders\nA;1.234;40\nB;1.234.567;55\n", (("A", "B"), [1234, 1234567], [40, 55])),
    "apostrophes and thin spaces": ("Variant;Sends;Orders\nA;1'234;4\nB;1\u2009000;55\n", (("A", "B"), [1234, 1000], [4, 55])),
    "quotes within names": (
        'Variant,Sends,Orders\n19" screens,100,4\n"say ""hi""",102,5\n',
        (('19" screens', 'say "hi"'), [100, 102], [4, 5]),
    ),
    "percent in the title": ("Variant,Sends,Conversions %\nA,1000,0.5\nB,1000,0.6\n", (("A", "B"), [1000, 1000], [5, 6])),
    "rates without a sign": ("Variant,Sends,CVR\nA,1000,4.0\nB,1020,5.39\n", (("A", "B"), [1000, 1020], [40, 55])),
    "rates of one": ("Variant,Sends,CVR\nA,1000,0.040\nB,1020,0.0539\n", (("A", "B"), [1000, 1020], [40, 55])),
    "conversions in per cent": ("Variant,Sends,Orders\nA,1000,4%\nB,1000,5%\n", (("A", "B"), [1000, 1000], [40, 50])),
    "a campaign with subject lines": ("Campaign,Subject,Sent,Orders\nMay,Hi,100,4\nMay,Yo,102,5\n", (("Hi", "Yo"), [100, 102], [4, 5])),
    "case and punctuation in titles": ("  VARIANT_name ,Total Sends (n),# of Orders\nA,100,4\nB,102,5\n", (("A", "B"), [100, 102], [4, 5])),
    "unique before all": (
        "Subject,Recipients,Total Opens,Unique Opens,Orders\nA,100,150,40,4\nB,102,190,50,5\n",
        (("A", "B"), [100, 102], [4, 5]),
    ),
    "rates beside counts": ("Variant,Recipients,Order rate,Orders\nA,100,4%,4\nB,100,5%,5\n", (("A", "B"), [100, 100], [4, 5])),
    "powers of ten": ("Variant,Sends,Orders\nA,1e3,4\nB,1.02E+3,5\n", (("A", "B"), [1000, 1020], [4, 5])),
    "a total of recipients": ("variant,converted\nA,1\nB,0\nA,0\nTotal,95\n", (("A", "B"), [2, 1], [1, 0])),
    "sent as a yes": ("id,variant,sent,converted\n1,A,1,0\n2,B,1,1\n3,A,1,0\n4,B,1,1\n", (("A", "B"), [2, 2], [0, 2])),
    "spaces around names": ("variant,converted\nA,1\n A ,0\nB\u00a0 2,0\nB 2,1\n", (("A", "B 2"), [2, 2], [1, 1])),
    "only times of conversions": ("variant,converted at\nA,2026-03-01\nB,\nA,null\n", (("A", "B"), [2, 1], [1, 0])),
    "an audience beside the variant": ("segment,variant,converted\nNew,A,1\nVIP,B,0\nNew,B,0\nVIP,A,0\n", (("A", "B"), [2, 2], [1, 0])),
    "addresses beside the variant": ("email,group,converted\na@x.de,A,1\nb@x.de,B,0\nc@x.de,A,0\n", (("A", "B"), [2, 1], [1, 0])),
    "a row a recipient": ("variant,converted\nA,1\nB,0\nA,0\nB,yes\n", (("A", "B"), [2, 2], [1, 1])),
    "words for yes and no": ("Group,Purchased\nA,TRUE\nB,false\nA,\nB,Y\n", (("A", "B"), [2, 2], [1, 1])),
}  # fmt: skip


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_files_are_read(name: str) -> None:
    text, expected = AWKWARD[name]
    assert counts(read(text)) == expected


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "got an empty file. Export it again"),
    "blanks": ("  \n \n", "got an empty file"),
    "a web page": ("<!DOCTYPE html><html><body>Log in</body></html>", "got a web page, not a table"),
    "a table of a web page": ("<table><tr><td>A</td></tr></table>", "got a web page"),
    "a workbook": (b"PK\x03\x04rest", "got a workbook that is damaged or cut short"),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", "got a workbook of the old form (XLS)"),
    "bytes of a program": (b"MZ\x90\x00\x03\x00\x00\x00", "got something that is no text"),
    "a broken UTF-16 file": ("A,1".encode("utf-16") + b"\x00", "breaks off within a letter"),
    "a broken UTF-8 file": ("Variant,Sends,Orders\nGrüße,100,4\nB,102,5\nß".encode()[:-1], "breaks off within a letter"),
    "too much": (b"a" * 20_000_001, "got 20.0 MB; at most 20 MB are read"),
    "prose": ("Hello there\nthis is a letter\n", "got one column"),
    "too many columns": (",".join(f"c{place}" for place in range(2_000)) + "\n", "got 2,000 columns; at most 200"),
    "no variants": ("Sends,Orders\n100,4\n102,5\n", "no column says the variants; it has Sends, Orders"),
    "no outcome": ("Variant,Sends\nA,100\nB,102\n", "no column says who converted, or how many"),
    "one variant": ("Variant,Sends,Orders\nA,100,4\n", "Variant: got 1 variant; a campaign has from 2 to 64"),
    "no rows": ("Variant,Sends,Orders\n", "got no rows below the header"),
    "no rows of rates": ("Variant,Sends,CVR\n", "got no rows below the header. Export it again"),
    "65 variants": ("Variant,Sends,Orders\n" + "".join(f"v{n},10,1\n" for n in range(65)), "got 65 variants"),
    "the same name twice": ("Variant,Sends,Orders\nA,100,4\nA,102,5\n", "row 3, Variant: got 'A', as in row 2"),
    "a variant without a name": ("Variant,Sends,Orders\n,100,4\nB,102,5\n", "row 2, Variant: got no name"),
    "no sends": ("Variant,Sends,Orders\nA,0,0\nB,102,5\n", "row 2, Sends: got '0'; nothing is known"),
    "more conversions than sends": ("Variant,Sends,Orders\nA,100,4\nB,102,103\n", "row 3, Orders: got 103, more than its 102 Sends"),
    "more opens than sends": ("Variant,Sends,Opens,Orders\nA,100,400,4\nB,102,5,5\n", "row 2, Opens: got 400, more than its 100"),
    "negative counts": ("Variant,Sends,Orders\nA,-100,4\nB,102,5\n", "row 2, Sends: got '-100'; must be a whole number from 0 on"),
    "half a conversion": ("Variant,Sends,Orders\nA,100,4.5\nB,102,5\n", "row 2, Orders: got '4.5'"),
    "words for numbers": ("Variant,Sends,Orders\nA,many,4\nB,102,5\n", "row 2, Sends: got 'many'; must be a whole number"),
    "no number": ("Variant,Sends,Orders\nA,,4\nB,102,5\n", "row 2, Sends: got ''"),
    "not a number": ("Variant,Sends,Orders\nA,NaN,4\nB,102,5\n", "row 2, Sends: got 'NaN'"),
    "no end of it": ("Variant,Sends,Orders\nA,inf,4\nB,102,5\n", "row 2, Sends: got 'inf'"),
    "beyond all numbers": ("Variant,Sends,Orders\nA,1e400,4\nB,102,5\n", "row 2, Sends: got '1e400'"),
    "beyond whole numbers": ("Variant,Sends,Orders\nA,1e300,4\nB,102,5\n", "row 2, Sends: got '1e300'"),
    "a formula as a number": ("Variant,Sends,Orders\nA,=cmd(),4\nB,102,5\n", "row 2, Sends: got '=cmd()'"),
    "per cent as a count": ("Variant,Sends,Orders\nA,100%,4\nB,102,5\n", "row 2, Sends: got '100%'; must be a whole number"),
    "rates above all": ("Variant,Sends,CVR\nA,100,400\nB,102,5\n", "row 2, CVR: got '400'; must be from 0 to 100%"),
    "a row that is too long": ("Variant,Sends,Orders\nA,100,4\nB,1,020,55\n", "row 3: got 4 cells; the header has 3"),
    "quotes that do not end": ('Variant,Sends,Orders\n"A,100,4\nB,102,5\n', "got"),
    "a PDF": (b"%PDF-1.4\n1 0 obj\n", "got a PDF, not a table. Export the data as CSV"),
    "a comment before a page": ("<!-- saved --><html></html>", "got a web page"),
    "no header": ("A,100,4\nB,102,5\n", "Its first row looks like numbers: add a row that names the columns"),
    "conversions without sends": (
        "Variant,Orders\nA,40\nB,55\n",
        'no column says how many were sent; it has Variant, Orders. Name one so, or give the right one the role "sends"',
    ),
    "clicks alone": (
        "Variant,Sends,Clicks\nA,100,40\nB,102,55\n",
        'no column says who converted, or how many; it has Variant, Sends, Clicks',
    ),
    "a day a row": (
        "Variant,Date,Sends,Orders\nA,1.1.,100,4\nB,1.1.,9,1\nA,2.1.,9,1\n",
        "row 4, Variant: got 'A', as in row 2; variants need names of their own. Rename one, or add the rows up",
    ),
    "two styles in one column": (
        "Variant;Sends;Orders\nA;1.234.567;4\nB;1,234,567;5\n",
        "row 3, Sends: got '1,234,567'; must be a whole number. Write all numbers of the column in the same way",
    ),
    "spaces in the wrong place": ("Variant,Sends,Orders\nA,12 34,4\nB,102,5\n", "row 2, Sends: got '12 34'"),
    "rates that cannot be": (
        "Variant,Sends,CVR\nA,10,4.23%\nB,102,5%\n",
        "row 2, CVR: got '4.23%'; of 10 sends that is 0.42, no whole number. Bring a column of conversions",
    ),
    "quotes that do not end, further down": (
        'Variant,Sends,Orders\nA,100,4\n"B,102,5\nC,9,1\n',
        "row 3: got quotes that do not end. Close them",
    ),
    "a formula as money": ("variant,converted,value\nA,1,=1+1\nB,0,0\n", "row 2, value: got '=1+1'; must be a number"),
    "money without end": ("variant,converted,value\nA,1,1e39\nB,0,0\n", "row 2, value: got '1e39'; that is more than any order"),
    "not a number of money": ("variant,converted,value\nA,1,2\nB,0,NaN\n", "row 3, value: got 'NaN'"),
    "a time that is none": (
        "variant,sent at,converted\nA,2026-03-01,1\nB,2026-13-45,0\n",
        "row 3, sent at: got '2026-13-45'; must be a time, such as 2026-03-14 09:30",
    ),
    "converted before it was sent": (
        "variant,sent at,converted at\nA,2026-03-02,2026-03-01\nB,2026-03-01,\n",
        "row 2, converted at: got '2026-03-01'; that is before sent at",
    ),
    "audiences alone": (
        "segment,converted\nNew,1\nLoyal,0\nNew,0\nLoyal,1\n",
        "no column surely names the variants: 'segment' holds New, Loyal. Give the one that does the role \"variant\"",
    ),
    "a segment of unclear kind": ("segment,converted\nS1,1\nS2,0\nS1,0\nS2,1\n", "'segment' holds S1, S2. Give the one that does the role"),
    "audiences under another name": ("group,converted\nNew customers,1\nLoyal,0\nLoyal,0\n", "'group' holds New customers, Loyal"),
    "one variant alone": ("variant,converted\nA,1\nA,0\n", "variant: got 1 variant; a campaign has from 2 to 64"),
    "counts and words": ("Variant,Sends,Orders\nA,100,4\nB,n/a,5\n", "row 3, Sends: got 'n/a'; must be a whole number"),
    "rows of days without names": ("variant,sends,orders\n" + "".join(f"v{n},9,1\n" for n in range(3_000)), "got more than 64 variants"),
    "two orders of a recipient": ("variant,converted\nA,1\nB,2\nA,0\nB,0\n", "row 3, converted: got '2'; must be 0 or 1, or yes or no"),
    "an outcome that is no yes or no": ("variant,converted\nA,1\nB,maybe\n", "row 3, converted: got 'maybe'; must be 0 or 1"),
    "a recipient without a variant": ("variant,converted\nA,1\n,0\n", "row 3, variant: got no name"),
    "a value that is none": ("variant,converted,value\nA,1,12.5\nB,0,lots\n", "row 3, value: got 'lots'; must be a number"),
    "names as variants": ("name,converted\n" + "".join(f"n{n},0\n" for n in range(70)), "row 66, name: got 'n64', one more than 64"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_others_are_refused_by_row_and_column(name: str) -> None:
    text, expected = REFUSED[name]
    with pytest.raises(DataError) as refused:
        read(text)
    assert expected in str(refused.value)


def test_what_was_left_out_or_decided_is_told() -> None:
    found = read("Variant;Sends;Orders;Orders\nA;1.000;40;1\nB;1.020;55;1\nTotal;2.020;95;2\n")
    assert found.notes == (
        "There are several columns 'Orders'; the one in place 4 is called 'Orders (2)'.",
        'Row 4 ("Total") was left out: it adds up the others.',
        "Numbers in 'Sends' were read with dots for thousands.",
    )


TOLD = {
    "Variant,Sends,CVR\nA,1000000,4.0%\nB,1020000,5.1%\n": (
        "Conversions were worked out from 'CVR'; it is rounded, so they may be off by up to 510."
    ),
    "Variant,Sends,CVR\nA,1000,4.0\nB,1020,5.39\n": "Numbers in 'CVR' were read as percent.",
    "Variant,Sends,Orders,CVR\nA,100,4,50%\nB,102,5,55%\n": "'CVR' is not conversions over sends; it was left out.",
    "Variant,Sends,Opens,Orders\nA,100,,4\nB,102,9,5\n": "'Opens' was left out: row 2 has no number in it.",
    "Report\nVariant,Sends,Orders\nA,100,4\nB,102,5\n": "Row 1 above the header was left out.",
    "Variant,Sends,Orders\nA,100,4\nB,102,5\nSee below,,\n": "Row 4 ('See below') was left out: it has no numbers.",
    "Variant;Sends;Orders;Revenue\nA;100;4;1.234\nB;102;5;2.345\n": "Numbers in 'Revenue' were read with dots for decimals.",
    "variant,converted\nA,1\nB,0\nTotal,1\n": "Row 4 (\"Total\") was left out: it is no recipient by its name.",
    "variant,converted\nA,1\na,0\n": "'A' and 'a' differ by capitals alone; they count as two variants.",
    "variant,visit,conversion\nA,1,0\nB,1,1\n": "Conversions are what 'conversion' says; 'visit' could count instead.",
    "variant,sent at,converted\nA,3/4/2026,1\nB,4/5/2026,0\n": "Dates in 'sent at' were read with the month first.",
    "variant,converted at\nA,2026-03-01\nB,\n": "Recipients with a time in 'converted at' are those who converted.",
    "variant,converted,device\n" + "".join(f"{'AB'[n % 2]},0,d{n}\n" for n in range(70)): (
        "'device' was left out: it has more than 64 different values."
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", TOLD)
def test_each_decision_is_told(text: str) -> None:
    assert TOLD[text] in read(text).notes


def test_other_counts_and_money_come_along() -> None:
    found = read("Subject line,Delivered,Unique opens,Clicks,Orders,Revenue\nA,100,40,9,4,$120.50\nB,102,50,8,5,$99\n")
    assert found.opens is not None
    assert found.clicks is not None
    assert found.revenue is not None
    assert (found.opens.tolist(), found.clicks.tolist(), found.revenue.tolist()) == ([40, 50], [9, 8], [120.5, 99.0])


def test_recipients_are_kept_one_by_one() -> None:
    found = read("variant;converted;value\nA;1;1.012,50 €\nB;0;\nA;0;\nB;1;30,00 €\n")
    assert found.rows is not None
    assert found.rows.variant.tolist() == [0, 1, 0, 1]
    assert found.rows.converted.tolist() == [True, False, False, True]
    assert found.revenue is not None
    assert found.revenue.tolist() == [1012.5, 30.0]


def test_the_visitor_says_what_columns_mean() -> None:
    text = "segment,visit,conversion,spend\nMen E-Mail,1,0,0\nNo E-Mail,0,0,0\nMen E-Mail,1,1,20\nNo E-Mail,1,0,0\n"
    assert counts(read(text)) == (("Men E-Mail", "No E-Mail"), [2, 2], [1, 0])
    assert counts(read(text, roles={"visit": "converted", "conversion": "ignore"})) == (
        ("Men E-Mail", "No E-Mail"),
        [2, 2],
        [2, 1],
    )
    with pytest.raises(DataError, match="got the column 'visits', which the file does not have"):
        read(text, roles={"visits": "converted"})
    with pytest.raises(DataError, match="got 'winner' for 'visit'; must be one of variant"):
        read(text, roles={"visit": "winner"})


def test_times_and_groups_are_kept_by_recipient() -> None:
    found = read(
        "variant,sent at,converted,converted at,device,plan\n"
        "A,2026-03-01 10:00,1,2026-03-01 12:30,phone,x\nB,2026-03-01 10:30,0,,,y\n"
        "A,2026-03-02T10:00:00Z,0,,desk,x\nB,,yes,,phone,y\n"
    ).rows
    assert found is not None
    assert found.sent_hours is not None
    assert found.delay_hours is not None
    np.testing.assert_array_equal(found.sent_hours, np.array([0, 0.5, 24, np.nan], np.float32))
    np.testing.assert_array_equal(found.delay_hours, np.array([2.5, np.nan, np.nan, np.nan], np.float32))
    assert {title: (names, codes.tolist()) for title, (names, codes) in found.segments.items()} == {
        "device": (("phone", "Not given", "desk"), [0, 1, 2, 0]),
        "plan": (("x", "y"), [0, 1, 0, 1]),
    }
    kept = (found.variant, found.converted, found.segments["device"][1])
    assert {codes.dtype.name for codes in kept} == {"uint8"}


def test_text_with_few_values_is_a_group_and_other_columns_are_not() -> None:
    rows = "".join(f"{'AB'[n % 2]},0,{('Web', 'Phone')[n % 3 % 2]},{n % 3},id{n}\n" for n in range(24))
    found = read("variant,converted,channel,recency,id\n" + rows)
    assert found.rows is not None
    assert set(found.rows.segments) == {"channel"}
    found = read("variant,converted,channel,recency,id\n" + rows, roles={"recency": "segment", "channel": "ignore"})
    assert found.rows is not None
    assert {title: names for title, (names, _) in found.rows.segments.items()} == {"recency": ("0", "1", "2")}
    with pytest.raises(DataError, match=r"id: got more than 64 groups; .* Merge some"):
        read("variant,converted,id\n" + "".join(f"A,0,{n}\nB,0,{n}\n" for n in range(65)), roles={"id": "segment"})


@pytest.mark.parametrize(
    ("text", "outcome", "conversions"),
    [
        ("variant,visit,conversion\nA,1,0\nB,1,1\nA,1,0\n", "visits", [2, 1]),
        ("variant,visit,conversion\nA,1,0\nB,1,1\nA,1,0\n", "conversion", [0, 1]),
        ("Variant,Sends,Unique clicks,Orders\nA,100,40,4\nB,102,50,5\n", "clicks", [40, 50]),
        ("Variant,Sends,Replies\nA,100,40\nB,102,50\n", "replies", [40, 50]),
    ],
)
def test_the_outcome_can_be_chosen(text: str, outcome: str, conversions: list[int]) -> None:
    assert read_campaign(text.encode(), "file.csv", outcome=outcome).conversions.tolist() == conversions


def test_an_outcome_that_is_not_there_is_named() -> None:
    with pytest.raises(
        DataError, match=r"outcome: got 'visits', which the file does not have. Choose among Variant, Sends"
    ):
        read_campaign(PLAIN.encode(), "file.csv", outcome="visits")


def test_two_columns_cannot_have_one_role() -> None:
    with pytest.raises(DataError, match="roles: got several columns for sends, the last 'Conversions'"):
        read(PLAIN, roles={"Sends": "sends", "Conversions": "sends"})


def test_what_was_recognised_can_be_confirmed() -> None:
    found = recognise(b"Subject line;Delivered;Orders;Bounces\nHi;1.000;40;1\nYo;1.020;55;2\n", "file.csv")
    assert (found.shape, found.questions) == ("variants", ())
    assert [(column.title, column.role, column.samples) for column in found.columns] == [
        ("Subject line", "variant", ("Hi", "Yo")),
        ("Delivered", "sends", ("1.000", "1.020")),
        ("Orders", "conversions", ("40", "55")),
        ("Bounces", "ignore", ("1", "2")),
    ]


def test_recognition_asks_instead_of_failing() -> None:
    found = recognise(b"segment,conversion\nNew,1\nLoyal,0\n", "file.csv")
    assert found.roles == {"segment": "segment", "conversion": "converted"}
    assert found.questions == (
        "file.csv: no column surely names the variants: 'segment' holds New, Loyal. Give the one that does the role \"variant\".",
    )
    assert recognise(b"segment,conversion\nNew,1\nLoyal,0\n", "file.csv", {"segment": "variant"}).questions == ()
    with pytest.raises(DataError, match="got an empty file"):
        recognise(b"", "file.csv")


def test_rates_are_conversions_over_sends() -> None:
    assert read(PLAIN).observed_rates.tolist() == [0.04, 55 / 1020]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of one program")
def test_a_million_recipients_take_little_memory() -> None:
    question = (
        "import engine\n"
        "from pathlib import Path\n"
        "content = b'variant,converted,value\\n' + b'A,1,12.5\\nB,0,0\\n' * 500_000\n"
        "found = engine.read_campaign(content, 'file.csv')\n"
        "print(found.sends.tolist(), found.conversions.tolist())\n"
        # What `resource` tells would include the program that started this one.
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    counted, kilobytes = answer.splitlines()
    assert counted == "[500000, 500000] [500000, 0]"
    assert int(kilobytes) < 512_000


def test_importing_the_engine_loads_no_tables() -> None:
    question = "import engine, sys; print(sorted({'pandas', 'openpyxl'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True, timeout=120)
    assert answer.stdout.strip() == "[]"


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20)
campaigns = st.lists(
    st.tuples(names, st.integers(1, 10**7), st.floats(0, 1), st.decimals(0, 10**6, places=2)),
    min_size=2,
    max_size=12,
    unique_by=lambda line: line[0],
)
STYLES = [("", "."), (",", "."), (".", ","), (" ", ","), ("\u202f", "."), ("'", ".")]
"""Signs for thousands and decimals."""


def _written(number: int | Decimal, style: tuple[str, str]) -> str:
    return f"{number:,}".translate({ord(","): style[0], ord("."): style[1]})


@given(
    campaigns,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(STYLES),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(
    lines: list[tuple[str, int, float, Decimal]],
    separator: str,
    style: tuple[str, str],
    quoting: Any,
    encoding: str,
    ends: str,
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=ends)
    writer.writerow(["Variant", "Sends", "Conversions", "Revenue"])
    rows = [(f"v {name}", sends, int(sends * share), money) for name, sends, share, money in lines]
    writer.writerows(
        [
            (name, _written(sends, style), _written(won, style), _written(money, style))
            for name, sends, won, money in rows
        ]
    )
    found = read(out.getvalue().encode(encoding))
    names, sends, won, money = zip(*rows, strict=True)
    assert counts(found) == (names, list(sends), list(won))
    assert found.revenue is not None
    assert found.revenue.tolist() == [float(one) for one in money]


recipients = st.lists(
    st.tuples(st.sampled_from("ABC"), st.booleans(), st.decimals(0, 1000, places=2), st.sampled_from(["x", "y z", ""])),
    min_size=1,
    max_size=30,
)


@given(
    recipients,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["01", ("no", "Yes"), ("FALSE", "TRUE")]),
)
def test_recipients_that_are_written_are_read(
    people: list[tuple[str, bool, Decimal, str]], separator: str, decimal: str, answers: Any
) -> None:
    people = [("A", False, Decimal("1.00"), "x"), ("B", True, Decimal("2.50"), "x"), *people]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["Group", "Purchased", "Order value", "Device"])
    writer.writerows(
        [(arm, answers[won], str(money).replace(".", decimal), device) for arm, won, money, device in people]
    )
    found = read(out.getvalue())
    assert found.rows is not None
    assert found.rows.value is not None
    labels, codes = found.rows.segments["Device"]
    assert [found.arms[place] for place in found.rows.variant] == [arm for arm, *_ in people]
    assert found.rows.converted.tolist() == [won for _, won, *_ in people]
    np.testing.assert_array_equal(found.rows.value, np.array([money for *_, money, _ in people], np.float32))
    assert [labels[code] for code in codes] == [device or "Not given" for *_, device in people]


cells = st.sampled_from(
    [
        "A",
        "B",
        "Total",
        "",
        "1",
        "0",
        "yes",
        "1,234",
        "1.234",
        "4%",
        "-3",
        "NaN",
        "1e400",
        "=1+1",
        "2026-03-01",
        "3/4/2026",
        "$5",
        '"',
        "x\ny",
    ]
)
titles = st.sampled_from(
    [
        "Variant",
        "segment",
        "Sends",
        "sent",
        "Orders",
        "converted",
        "CVR",
        "Opens",
        "Revenue",
        "value",
        "sent at",
        "converted at",
        "device",
        "x",
        "",
    ]
)


@given(
    st.lists(titles, min_size=2, max_size=6),
    st.lists(st.lists(cells, min_size=1, max_size=6), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.none() | st.sampled_from(["orders", "visits"]),
)
def test_whatever_a_table_holds_it_is_read_or_refused(
    header: list[str], rows: list[list[str]], separator: str, outcome: str | None
) -> None:
    content = "\n".join(separator.join(row) for row in [header, *rows]).encode()
    for ask in (read_campaign, recognise):
        try:
            found = ask(content, "file.csv", outcome=outcome)
        except DataError:
            continue
        if isinstance(found, Campaign):
            assert np.all(found.conversions <= found.sends)
            assert found.sends.min() > 0


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_it_is_it_is_read_or_refused(content: bytes) -> None:
    try:
        found = read_campaign(content, "file.csv")
    except DataError:
        return
    assert np.all(found.conversions <= found.sends)
