"""Campaign files as mailing tools write them, and as they should not be: the right counts, or what to do about it."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.campaign import Campaign, read_campaign
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
    "too much": (b"a" * 20_000_001, "got 20.0 MB; at most 20 MB are read"),
    "prose": ("Hello there\nthis is a letter\n", "got one column"),
    "too many columns": (",".join(f"c{place}" for place in range(2_000)) + "\n", "got 2,000 columns; at most 200"),
    "no variants": ("Sends,Orders\n100,4\n102,5\n", "no column says the variants; it has Sends, Orders"),
    "no outcome": ("Variant,Sends\nA,100\nB,102\n", "no column says who converted, or how many"),
    "one variant": ("Variant,Sends,Orders\nA,100,4\n", "Variant: got 1 variants; a campaign has from 2 to 64"),
    "no rows": ("Variant,Sends,Orders\n", "got 0 variants"),
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


campaigns = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20).filter(
            lambda name: name.lower() not in ("total", "totals", "sum", "all", "overall", "average")
        ),
        st.integers(1, 10**7),
        st.floats(0, 1),
    ),
    min_size=2,
    max_size=12,
    unique_by=lambda line: line[0],
)


@given(
    campaigns,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["", ",", "."]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_is_read(
    lines: list[tuple[str, int, float]], separator: str, thousands: str, quoting: Any
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting)
    writer.writerow(["Variant", "Sends", "Conversions"])
    rows = [(f"v {name}", sends, int(sends * share)) for name, sends, share in lines]
    writer.writerows([(name, *(f"{count:,}".replace(",", thousands) for count in numbers)) for name, *numbers in rows])
    found = read(out.getvalue())
    names, sends, won = zip(*rows, strict=True)
    assert counts(found) == (names, list(sends), list(won))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_it_is_it_is_read_or_refused(content: bytes) -> None:
    try:
        found = read_campaign(content, "file.csv")
    except DataError:
        return
    assert np.all(found.conversions <= found.sends)
