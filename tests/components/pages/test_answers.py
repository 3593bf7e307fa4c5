"""What is worked out for the page, how long that would take, and when it waits for the button."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components import ids
from components.pages.time_machine import answers
from engine import Scenario
from engine.cache import AnswerCache
from engine.metrics import repeats_beside
from engine.presets import PRESETS
from engine.race import race

SMALL = PRESETS["classic"].scenario.with_changes(sends=300)


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnswerCache]:
    cache = AnswerCache(tmp_path)
    monkeypatch.setattr(answers, "shared", lambda: cache)
    yield cache
    cache.close()


@pytest.mark.usefixtures("empty_cache")
def test_a_run_is_worked_out_once() -> None:
    first, second = answers.shown_run(SMALL), answers.shown_run(SMALL)
    assert (first.was_cached, second.was_cached) == (False, True)
    assert first.content == second.content
    assert first.content["race"] == race(SMALL)
    assert set(first.content["figures"]) == {*ids.REPLAYED, *ids.DRAWN} - {"luck"}


@pytest.mark.usefixtures("empty_cache")
def test_repeats_are_known_once_they_were_asked_for() -> None:
    assert not answers.are_repeats_known(SMALL)
    answers.shown_run(SMALL)
    assert not answers.are_repeats_known(SMALL)
    found = answers.repeated(SMALL)
    assert answers.are_repeats_known(SMALL)
    assert found.content["luck"]["replications"] == repeats_beside(SMALL)
    assert not answers.are_repeats_known(SMALL.with_changes(seed=1))


def seconds(**changes: Any) -> float:
    return answers.seconds_needed(SMALL.with_changes(**changes))


def test_more_work_takes_longer() -> None:
    assert 0 < seconds(sends=100) < seconds(sends=1_000)
    lines = [{"name": f"Line {n}"} for n in range(64)]
    two, three = [{"name": "ab_split"}, {"name": "thompson"}], [{"name": n} for n in ("ab_split", "thompson", "oracle")]
    assert seconds(policies=two) < seconds(policies=two, arms=lines)
    assert seconds(policies=two) < seconds(policies=three)


def test_a_links_own_replications_cost_the_page_nothing() -> None:
    assert seconds(replications=1) == seconds(replications=50_000)


def test_more_cores_take_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "available_cores", lambda: 1)
    one = seconds()
    monkeypatch.setattr(answers, "available_cores", lambda: 4)
    assert seconds() == pytest.approx(one / 4)


@pytest.mark.usefixtures("empty_cache")
def test_only_long_work_that_nobody_did_before_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    heavy = Scenario.from_dict(
        {
            "arms": [{"name": f"Line {n}"} for n in range(64)],
            "policies": [{"name": "thompson"}, {"name": "sliding_window_thompson"}],
            "sends": 1_000_000,
        }
    )
    assert answers.waits_for_button(heavy)
    assert not answers.waits_for_button(SMALL)
    monkeypatch.setattr(answers, "ASK_ABOVE_SECONDS", 0.0)
    assert answers.waits_for_button(SMALL)
    answers.repeated(SMALL)
    assert not answers.waits_for_button(SMALL)
