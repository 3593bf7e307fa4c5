"""A file is read by a process of its own, within bounds; whatever happens there, an answer or an error comes back."""

from pathlib import Path

import pytest

from engine import DataError, Scenario, reading, simulate
from engine.reading import read_apart, told_of
from tests.engine.test_campaign import AWKWARD, REFUSED, TOLD

TIMED = b"variant,sent at,converted\nA,2026-03-01 11:00,1\nB,2026-03-01 10:00,0\nA,2026-03-01 09:00,0\nB,2026-03-01 12:00,1\n"


def test_another_process_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(TIMED)
    assert read_apart(tmp_path / "x", "file.csv") == told_of(TIMED, "file.csv")
    assert told_of(TIMED, "file.csv")["rows"] == 4


def test_its_errors_come_back(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"variant,sends,orders\nA,10,11\nB,10,1\n")
    with pytest.raises(DataError, match="row 2, orders: got 11, more than its 10 sends"):
        read_apart(tmp_path / "x", "file.csv")
    with pytest.raises(DataError, match="roles: got 'winner' for 'sends'"):
        read_apart(tmp_path / "x", "file.csv", {"sends": "winner"})


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"".join(b"A,1,%d\nB,0,%d\n" % (row, row) for row in range(400_000))
    (tmp_path / "x").write_bytes(b"variant,converted,value\n" + rows)
    monkeypatch.setenv("BTM_READING_MEGABYTES", "90")
    with pytest.raises(DataError, match=r"could not be read, or not in the memory that there is\. Leave out"):
        read_apart(tmp_path / "x", "file.csv")


def test_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(TIMED)
    monkeypatch.setattr(reading, "MOST_SECONDS", 0.001)
    with pytest.raises(DataError, match="takes more than 0 seconds"):
        read_apart(tmp_path / "x", "file.csv")


def test_orders_of_sending_count_not_those_of_the_file() -> None:
    found = told_of(TIMED, "file.csv")["emergence"]
    assert found is not None
    assert found["sends"] == 4
    assert told_of(b"variant,converted\nA,1\nB,0\n", "file.csv")["emergence"] is None


def test_whatever_is_read_makes_a_scenario_that_can_be_run() -> None:
    texts = [text for text, _ in (*AWKWARD.values(), *REFUSED.values())] + list(TOLD)
    read = 0
    for text in texts:
        try:
            found = told_of(text if isinstance(text, bytes) else text.encode(), "file.csv")
        except DataError:
            continue
        read += 1
        if not found["questions"]:
            simulate(Scenario.from_dict(found["scenario"]).with_changes(sends=20, replications=1))
    assert read > 60


def test_columns_that_matter_come_first() -> None:
    found = told_of(b"id,device,variant,converted\n1,x,A,1\n2,y,B,0\n3,x,A,0\n4,y,B,0\n", "file.csv")
    assert [column["title"] for column in found["columns"]] == ["variant", "converted", "device", "id"]
