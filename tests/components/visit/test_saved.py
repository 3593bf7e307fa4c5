"""What is told of scenarios that the browser keeps."""

from typing import Any
from urllib.parse import parse_qsl

from components.address import visit
from components.visit.saved import told
from engine import to_link
from engine.presets import PRESETS

CLASSIC = PRESETS["classic"].scenario


def test_the_scenario_on_the_page_is_saved_whole_even_where_the_page_opens_with_it() -> None:
    now = told({"scenario": CLASSIC.to_dict(), "queries": []})["now"]
    assert visit(dict(parse_qsl(now["query"].removeprefix("?")))) == (CLASSIC, None)
    assert now["name"] == "Classic, 10,000 sends"


def test_a_scenario_that_is_not_valid_is_not_saved_and_says_why() -> None:
    now = told({"scenario": CLASSIC.to_dict() | {"sends": 0}})["now"]
    assert list(now) == ["problem"]
    assert "Correct what is marked" in now["problem"]


def test_each_saved_one_is_described_and_one_that_cannot_be_opened_says_why() -> None:
    good, other_version, gone = f"?s={to_link(CLASSIC)}", "?s=2abc", "?c=nowhere"
    entries = told({"scenario": None, "queries": [good, other_version, gone]})["entries"]
    assert entries[good]["words"].startswith("Classic, 5 lines, 10,000 sends")
    assert entries[other_version]["problem"] == "Got version '2'; this is version 1. Ask for a new link."
    assert "does not have: it was brought in another one, or has been deleted" in entries[gone]["problem"]


def test_whatever_a_browser_asks_it_gets_an_answer() -> None:
    nonsense: list[Any] = [None, 7, [], {}, {"queries": 3}, {"scenario": [], "queries": [None, {}]}]
    for asked in nonsense:
        assert told(asked)["now"] is None
