"""Two saved scenarios side by side."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from components import running, wording_compare, wording_saved
from components.comparing import said, work_of
from components.formats import percent
from components.pages.saved.callbacks import advance
from components.pages.saved.layout import layout
from components.wording_saved import differences
from engine import Scenario, to_link
from engine.board import DiskBoard
from engine.cache import AnswerCache
from engine.executor import ThreadExecutor
from engine.jobs import Jobs
from tests.components.results import text_of

FIRST = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 500,
        "replications": 40,
    }
)
SECOND = FIRST.with_changes(sends=1_000, guardrails=[{"name": "minimum_share", "share": 0.1}])
PAIR = {"a": {"scenario": FIRST.to_dict(), "name": "Short"}, "b": {"scenario": SECOND.to_dict(), "name": "Long"}}
HEAVY = FIRST.with_changes(sends=1_000_000, replications=1_000)


@pytest.fixture(autouse=True)
def own_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """The jobs of this test alone."""
    executor = ThreadExecutor(2)
    own = Jobs(DiskBoard(tmp_path), executor, AnswerCache(tmp_path))
    monkeypatch.setattr(running, "shared_jobs", lambda: own)
    yield own
    executor.close()


def to_the_end(page: dict[str, Any]) -> dict[str, Any]:
    """Look until both jobs are over; the last page that was drawn."""
    while not page["resting"]:
        page = advance(PAIR, None, None, page["job"], "visitor")
    return page


def test_what_differs_is_said_in_words_and_every_part_of_a_scenario_has_some() -> None:
    told = differences(FIRST, SECOND)
    assert tuple(told[0]) == ("Sends", "500", "1,000")
    assert told[1].what == "Guardrails"
    assert told[1].first == "none"
    assert "0.1" in told[1].second
    assert set(wording_saved.WHAT) == set(FIRST.to_dict()) == set(wording_saved._TOLD)
    assert differences(FIRST, FIRST) == []


def test_the_address_names_both_and_a_bad_one_says_which() -> None:
    page = text_of(layout(a=to_link(FIRST), b=to_link(SECOND), an="Short", bn="Long"))
    assert "Short" in page
    assert "1,000" in page
    refused = text_of(layout(a=to_link(FIRST), b="2x"))
    assert "Second scenario cannot be opened." in refused
    assert "got version '2'" in refused
    assert "Choose two of your saved scenarios" in text_of(layout(a=to_link(FIRST)))


def test_long_work_asks_first_and_starts_nothing() -> None:
    pair = {"a": {"scenario": HEAVY.to_dict(), "name": "x"}, "b": {"scenario": HEAVY.to_dict(), "name": "y"}}
    page = advance(pair, None, None, None, "asker")
    assert "Nothing runs until you say so" in text_of(page["notice"])
    assert page["runs"] is False
    assert page["resting"]
    assert running.jobs().look(work_of(HEAVY)) is None


def test_cancel_stops_both_and_offers_to_go_on(own_jobs: Jobs) -> None:
    long = FIRST.with_changes(sends=50_000, replications=1_000)
    other = long.with_changes(seed=long.seed + 1)
    pair = {"a": {"scenario": long.to_dict(), "name": "x"}, "b": {"scenario": other.to_dict(), "name": "y"}}
    page = advance(pair, 1, None, None, "stopper")
    assert not page["resting"]
    assert "Cancel" in text_of(page["progress"])
    page = advance(pair, 1, 7, page["job"], "stopper")
    assert page["resting"]
    assert page["runs"] is False
    assert wording_compare.STOPPED_TEXT in text_of(page["progress"])
    assert "Cancel" not in text_of(page["progress"])
    assert not any(own_jobs._board.holders(work_of(scenario).key) for scenario in (long, other))
    with pytest.raises(PreventUpdate):
        advance(pair, 1, 7, page["job"], "stopper")


def test_nonsense_changes_nothing() -> None:
    nonsense: list[Any] = [None, [], {"a": 1}, {"a": {}, "b": {}}]
    for pair in nonsense:
        with pytest.raises(PreventUpdate):
            advance(pair, None, None, None, "visitor")


def test_both_sides_say_what_compare_says_of_them() -> None:
    page = to_the_end(advance(PAIR, None, None, None, "visitor"))
    assert page["resting"]
    assert page["progress"] is None
    for section, scenario, name in zip(page["sides"], (FIRST, SECOND), ("Short", "Long"), strict=True):
        status = running.jobs().look(work_of(scenario))
        assert status is not None
        spoken = said(status)
        assert spoken is not None
        thompson = spoken["comparison"]["policies"][1]
        text = text_of(section)
        assert text.startswith(name)
        assert "Use Thompson sampling" in text
        assert percent(thompson["picks_best"]["mean"]) in text
        assert "90% interval" in text
