"""A report as a file: valid, complete without scripts, and with nothing outside that it could ask for."""

import json
import re
from dataclasses import replace
from typing import Any

import html5lib
import pytest

from components.report.document import MOST_ROWS, document
from engine.version import VERSION
from tests.components.report.reports import EVIL, FIGURE, GIVEN, ROWS, report

MOST_BYTES = 3_000_000


def parsed(content: bytes) -> Any:
    """Read a page; anything that is not valid fails."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content.decode())


def text(tree: Any) -> str:
    """All words of a report, as a reader without scripts finds them."""
    return " ".join("".join(tree.find("body/main").itertext()).split())


def test_it_is_valid_and_has_a_language_a_title_and_one_first_heading() -> None:
    tree = parsed(document(report(), GIVEN))
    assert tree.get("lang") == "en"
    assert tree.find("head/title").text == f"Use {EVIL}. (Bandit Time Machine)"
    assert len(tree.findall(".//h1")) == 1


def test_it_says_all_without_scripts() -> None:
    said = text(parsed(document(report(), GIVEN)))
    for part in (
        f"Use {EVIL}.",
        "90% interval, +1 to +3.",
        "It rises from 1 to 2.",
        "Only words.",
        "Of one policy",
        "9f3c0011e71a",
        VERSION,
        "November 28, 2026",
        "https://example.test/compare?s=token",
        "Minimum share: 5% a line.",
        "10.00%",
    ):
        assert part in said
    for row in ROWS:
        assert str(row["line"]) in said


def test_nothing_lies_outside() -> None:
    """The one address is the link, which somebody has to follow; the file itself forbids the browser every request."""
    content = document(report(), GIVEN).decode()
    tree = parsed(content.encode())
    assert [part.get("href") for part in tree.iter() if part.get("href")] == ["https://example.test/compare?s=token"]
    assert not [part for part in tree.iter() if part.get("src")]
    assert not re.findall(r"url\((?!\"?(?:data:|#))[^)]{0,60}", content.split("</style>")[0])
    assert "@import" not in content.split("</style>")[0]
    policy = tree.find("head/meta[@http-equiv]").get("content")
    assert policy.startswith("default-src 'none'; ")
    assert len(content) < MOST_BYTES


def test_figures_are_those_of_the_page_and_cannot_end_the_script_around_them() -> None:
    tree = parsed(document(report(), GIVEN))
    held = json.loads(tree.find(".//script[@id='figures']").text)
    assert held == {"curve": FIGURE}
    plot = tree.find(".//*[@data-chart]")
    assert plot.get("data-chart") == "curve"
    assert tree.find(f".//*[@id='{plot.get('aria-labelledby')}']").text == "It rises from 1 to 2."


def test_without_charts_there_is_no_script() -> None:
    plain = report(sections=report().sections[1:])
    content = document(plain, GIVEN)
    assert b"<script" not in content
    assert len(content) < 600_000
    parsed(content)


def test_a_table_that_nobody_prints_is_left_to_spreadsheets() -> None:
    long = replace(report().sections[0], records=ROWS * MOST_ROWS)
    said = text(parsed(document(report(sections=(long,)), GIVEN)))
    assert f"{2 * MOST_ROWS:,} rows: they stand in the tables for spreadsheets." in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_private": True}, "No link: the counts are from a file of your own"),
        ({"address": None}, "No link: the names are too long for an address"),
    ],
)
def test_where_there_is_no_link_it_says_why(changes: dict[str, object], said: str) -> None:
    content = document(report(**changes), GIVEN)
    assert said in text(parsed(content))
    assert b"s=token" not in content
