"""What is counted: jobs by what became of them, answers by where they came from."""

from pathlib import Path

from engine import tally
from engine.cache import AnswerCache


def test_answers_are_counted_by_where_they_came_from(tmp_path: Path) -> None:
    cache, before = AnswerCache(tmp_path), tally.counted()
    for _ in range(3):
        cache.fetch("key", lambda: b"answer")
    now = tally.counted()
    assert now["answers_computed"] - before["answers_computed"] == 1
    assert now["answers_kept"] - before["answers_kept"] == 2
    cache.close()


def test_all_are_told_from_the_start() -> None:
    assert set(tally.counted()) == set(tally.NAMES)
