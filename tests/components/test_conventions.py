"""Numbers look as whoever is asking writes them, and in no other way."""

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from components import conventions, formats, locales
from components.conventions import USUAL, Conventions, following
from components.wording_compare import failed
from components.wording_goals import CONVERSIONS, REVENUE
from components.wording_worlds import problem

COMPONENTS = Path(formats.__file__).parent
NOT_READ = {
    "cards/line_rates.py": "styles",
    "cards/plan_spreads.py": "styles",
    "cards/segments.py": "styles",
    "cards/why_send.py": "styles",
    "charts/marks.py": "a path of SVG",
    "locales.py": "given its signs right there",
    "pages/plan/work.py": "an address",
    "report/document.py": "an escaped letter",
    "whiskers.py": "styles",
    "wording_door.py": "an error, whose numbers are given their signs where it is shown",
    "wording_worlds.py": "an error, whose numbers are given their signs where it is shown",
}
"""Files with a number that is formatted by hand because nobody reads it, and what it is."""
SOURCES = [path for path in sorted(COMPONENTS.rglob("*.py")) if path.name != "formats.py"]
GERMAN, FRENCH = locales.conventions("de", "EUR"), locales.conventions("fr", "EUR")
THIN = "\N{NARROW NO-BREAK SPACE}"


def formatted_by_hand(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield node.lineno


def written_at_the_start(tree: ast.Module) -> Iterator[int]:
    """Lines that write a number while the program starts, for all visitors at once."""
    named = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "components.formats"
        for alias in node.names
    }
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named - {"listing"}:
            yield node.lineno
        waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(COMPONENTS)))
def test_every_number_that_is_read_is_written_in_one_place(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    by_hand = list(formatted_by_hand(tree))
    assert bool(by_hand) == (path.relative_to(COMPONENTS).as_posix() in NOT_READ), f"lines {by_hand}"
    assert list(written_at_the_start(tree)) == []


def test_a_number_by_hand_would_be_found() -> None:
    assert list(formatted_by_hand(ast.parse("f'{sends:,}'"))) == [1]
    assert list(written_at_the_start(ast.parse("from components.formats import count\nA = {1: [count(2)]}"))) == [2]


def test_numbers_follow_who_is_asking() -> None:
    assert formats.count(-12_345) == "−12,345"
    with following(GERMAN):
        assert formats.count(-12_345) == "−12.345"
        assert formats.decimal(1_234.5) == "1.234,50"
        assert formats.percent(0.5291) == "52,9%"
        assert formats.signed_percent(-0.0312) == "−3,1%"
        assert formats.interval(-1_234.5, 0.26, 1) == "−1.234,5 to +0,3"
        assert (formats.short(12_500), formats.short(1_250_000)) == ("12,5k", "1,25M")
        assert (formats.seconds(0.412), formats.large(1_250_000)) == ("0,4 s", "1,25 million")
        assert (formats.compact(0.05), formats.compact(20_000)) == ("0,05", "20.000")
        assert formats.tick_texts([-2.5, 0, 2.5]) == ["−2,5", "0", "+2,5"]
        assert formats.day(date(2026, 3, 4)) == "4. März 2026"
    with following(FRENCH):
        assert formats.count(12_345) == f"12{THIN}345"
    assert formats.count(12_345) == "12,345"


@pytest.mark.parametrize(
    ("language", "currency", "amounts"),
    [
        ("en", "USD", ("$1,234", "+$3.20", "−$3.20")),
        ("de", "EUR", ("1.234\xa0€", "+3,20\xa0€", "−3,20\xa0€")),
        ("fr", "EUR", (f"1{THIN}234\xa0€", "+3,20\xa0€", "−3,20\xa0€")),
        ("nl", "EUR", ("€\xa01.234", "€\xa0+3,20", "€\xa0−3,20")),
        ("en", None, ("1,234", "+3.20", "−3.20")),
    ],
)
def test_amounts_stand_with_their_currency_where_the_language_has_it(
    language: str, currency: str | None, amounts: tuple[str, str, str]
) -> None:
    with following(locales.conventions(language, currency)):
        assert (REVENUE.number(1_234), REVENUE.difference(3.2), REVENUE.difference(-3.2)) == amounts
        assert CONVERSIONS.difference(3.0) == "+3"


def test_what_is_rounded_to_nothing_has_a_currency_but_no_sign() -> None:
    with following(GERMAN):
        assert [formats.signed_money(amount, 0) for amount in (0.4, -0.4, 0.0)] == ["0\xa0€"] * 3


def test_one_thread_never_writes_for_another() -> None:
    with following(GERMAN), ThreadPoolExecutor(1) as other:
        assert other.submit(formats.count, 12_345).result() == "12,345"


def test_sentences_of_the_program_follow_too_and_names_in_them_do_not() -> None:
    english = "sends: got 2,500.5 for 'May 1.5'; from 1 to 1,000,000 or 0.05 (version 0.1.0, section 4.5, mail.2.csv)."
    assert formats.prose(english) == english
    with following(GERMAN):
        assert formats.prose(english) == (
            "sends: got 2.500,5 for 'May 1.5'; from 1 to 1.000.000 or 0,05 (version 0.1.0, section 4.5, mail.2.csv)."
        )


def test_errors_are_told_with_the_signs_of_who_reads_them() -> None:
    too_many = "got 2,000,000; must be a whole number from 1 to 1,000,000. Enter at most 1,000,000."
    with following(GERMAN):
        assert problem("sends", too_many) == (
            "Got 2.000.000; must be a whole number from 1 to 1.000.000. Enter at most 1.000.000."
        )
        assert problem("guardrails.0.share", "got 0.125; enter 0.1 or less.") == "Got 12,5%; enter 10% or less."
        assert failed("replications: got 20,000; enter 1,500 or fewer.").text.startswith("replications: got 20.000;")


def test_a_mark_tells_apart_what_is_written_otherwise() -> None:
    many = [locales.conventions(language, currency) for language in locales.STYLES for currency in (None, "EUR", "CHF")]
    assert len({one.mark for one in many}) == len(many)
    assert locales.conventions("en-GB").mark == USUAL.mark == locales.conventions("en").mark


def test_every_choice_shows_signs_of_its_own() -> None:
    shown = [locales.example(style) for style in locales.STYLES]
    assert shown[:3] == ["1,234.5", "1.234,5", f"1{THIN}234,5"]
    assert len(set(shown)) == len(shown)
    assert all(locales.symbol(code) and locales.name(code) for code in locales.CURRENCIES)


def test_where_nothing_is_said_all_is_as_in_english() -> None:
    assert conventions.now() == Conventions() == locales.conventions("en")
