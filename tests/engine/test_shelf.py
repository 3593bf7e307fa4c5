"""What visitors brought: theirs alone, gone after its time, and nothing half-done is kept."""

import io
from pathlib import Path
from typing import Any

import diskcache
import orjson
import pytest
from filelock import FileLock

from engine import DataError, shelf
from engine.errors import BusyError
from engine.shelf import Shelf

PLAIN = b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n"
UNSURE = b"segment,conversion\nNew,1\nLoyal,0\nNew,0\nLoyal,0\n"


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    found = Shelf(tmp_path)
    yield found
    found.close()


def bring(kept: Shelf, content: bytes = PLAIN, name: str = "spring.csv", owner: str = "me") -> shelf.Brought:
    return kept.bring(owner, io.BytesIO(content), name)


def stored(kept: Shelf) -> set[str]:
    with diskcache.Cache(str(kept._folder / "brought")) as store:
        return {name.split()[2] for name in store if not name.startswith("own ")}


def test_a_file_is_read_and_kept_for_its_owner_alone(kept: Shelf) -> None:
    found = bring(kept)
    assert found.told["counts"] is not None
    assert found.told["counts"]["conversions"] == [40, 55]
    assert kept.look(found.identity, "me") == found
    assert kept.look(found.identity, "you") is None
    assert kept.look(found.identity, None) is None
    assert kept.look("0" * 20, "me") is None
    assert kept.look("../../etc/passwd", "me") is None
    assert kept.scenario_at(found.identity, "me") == found.scenario
    assert kept.scenario_at(found.identity, "you") is None


def test_of_the_owner_only_a_hash_is_kept(kept: Shelf, tmp_path: Path) -> None:
    bring(kept, owner="a-token-that-nobody-guesses")
    kept.close()
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"spring.csv" in held
    assert b"a-token-that-nobody-guesses" not in held


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "spring.csv: got an empty file"),
        (b"a" * 20_000_001, "spring.csv: got 20.0 MB; at most 20 MB are read"),
        (b"variant,sends,orders\nA,10,11\nB,10,1\n", "row 2, orders: got 11, more than its 10 sends"),
    ],
)
def test_of_a_file_that_cannot_be_read_nothing_is_kept(kept: Shelf, content: bytes, expected: str) -> None:
    with pytest.raises(DataError, match=expected):
        bring(kept, content)
    assert stored(kept) == set()


def test_a_question_is_answered_by_roles(kept: Shelf) -> None:
    found = bring(kept, UNSURE)
    assert (found.scenario, found.is_confirmed) == (None, False)
    assert "no column surely names the variants" in found.told["questions"][0]
    answered = kept.read_again(found, {"segment": "variant"})
    assert (answered.is_confirmed, kept.look(found.identity, "me")) == (True, answered)
    assert answered.scenario is not None
    assert [arm.name for arm in answered.scenario.arms] == ["New", "Loyal"]


def test_roles_that_do_not_fit_leave_what_was_there(kept: Shelf) -> None:
    found = bring(kept)
    with pytest.raises(DataError, match="roles: got several columns for sends"):
        kept.read_again(found, {"sends": "sends", "orders": "sends"})
    assert kept.look(found.identity, "me") == found


def test_confirming_and_sharing_are_remembered(kept: Shelf) -> None:
    found = kept.share(kept.confirm(bring(kept)), is_shared=True)
    seen = kept.look(found.identity, "me")
    assert seen is not None
    assert (seen.is_confirmed, seen.is_shared) == (True, True)


def test_scenarios_lie_beside_their_file(kept: Shelf) -> None:
    found = bring(kept)
    assert found.scenario is not None
    other = found.scenario.with_changes(seed=7)
    place = kept.put_scenario(found, other)
    assert place is not None
    assert place.startswith(f"{found.identity}.")
    assert kept.scenario_at(place, "me") == other
    assert kept.scenario_at(place, "you") is None
    assert kept.scenario_at(f"{found.identity}.{'0' * 16}", "me") is None
    assert kept.put_scenario(found, found.scenario) == found.identity


def test_a_scenario_with_its_counts_is_known_to_be_own(kept: Shelf) -> None:
    found = bring(kept)
    assert found.scenario is not None
    changed = found.scenario.with_changes(
        seed=7, arms=[*found.scenario.to_dict()["arms"][1:], {"name": "New", "rate": 0.1}]
    )
    assert kept.source_of(changed, "me") == (True, found)
    assert kept.source_of(changed, "you") == (False, None)
    assert kept.source_of(changed, None) == (False, None)
    renamed = [arm | {"name": f"Line {place}"} for place, arm in enumerate(found.scenario.to_dict()["arms"])]
    assert kept.source_of(found.scenario.with_changes(arms=renamed), "me") == (True, found)
    other = found.scenario.with_changes(arms=[{"name": name, "rate": 0.1} for name in ("Plain", "Playful")])
    assert kept.source_of(other, "me") == (False, None)
    kept.delete(found)
    assert kept.source_of(changed, "me") == (True, None)


def test_what_is_deleted_is_gone(kept: Shelf) -> None:
    first, second = bring(kept), bring(kept)
    assert first.scenario is not None
    kept.put_scenario(first, first.scenario.with_changes(seed=7))
    kept.delete(first)
    assert kept.look(first.identity, "me") is None
    assert kept.look(second.identity, "me") == second
    assert stored(kept) == {"file", "record"}


def test_what_nobody_looks_at_is_swept_away(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "KEPT_SECONDS", -1.0)
    found = bring(kept)
    assert kept.look(found.identity, "me") is None
    kept.sweep()
    assert stored(kept) == set()


def test_groups_alone_are_known_to_be_own(kept: Shelf) -> None:
    rows = "".join(
        f"{'AB'[n % 2]},{('Gold', 'Silver')[n // 2 % 2]},{int(n % 5 < 1 + 2 * (n // 2 % 2 == n % 2))}\n"
        for n in range(4_000)
    )
    found = bring(kept, f"variant,audience,converted\n{rows}".encode())
    assert found.scenario is not None
    assert found.scenario.is_segmented
    others = [{"name": name, "rate": 0.1} for name in "XY"]
    segments = {"audience": [group | {"multipliers": []} for group in found.scenario.to_dict()["segments"]["audience"]]}
    assert kept.source_of(found.scenario.with_changes(arms=others, segments=segments), "me") == (True, found)


def test_nothing_is_kept_longer_than_a_file_may_be(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    found = bring(kept)
    monkeypatch.setattr(shelf, "MOST_AGE_SECONDS", -1.0)
    kept.look(found.identity, "me")
    assert kept.look(found.identity, "me") is None


def test_the_owners_oldest_files_make_room(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_BYTES_OF_ONE", 2 * len(PLAIN))
    first, second, others = bring(kept), bring(kept), bring(kept, owner="you")
    third = bring(kept)
    assert [kept.look(one.identity, "me") is None for one in (first, second, third)] == [True, False, False]
    assert kept.look(others.identity, "you") is not None


def test_a_late_answer_takes_nothing_back(kept: Shelf) -> None:
    found = bring(kept)
    kept.share(found, is_shared=True)
    again = kept.confirm(found)  # who holds an older record
    assert (again.is_shared, again.is_confirmed) == (True, True)
    kept.delete(found)
    with pytest.raises(DataError, match="no longer kept"):
        kept.confirm(found)
    assert stored(kept) == set()


def test_records_of_another_version_are_as_good_as_none(kept: Shelf) -> None:
    found = bring(kept)
    for change in ({"more": 1}, {"campaign": found.told | {"scenario": {"arms": []}}}):
        name = f"{found.owner[:16]} {found.identity} record"
        record = orjson.loads(kept._get(name) or b"{}")
        kept._ask("set", name, orjson.dumps(record | change))
        assert kept.look(found.identity, "me") is None
        kept._ask("set", name, orjson.dumps(record))
        assert kept.look(found.identity, "me") == found


def test_what_a_hard_stop_left_is_swept_away(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    (kept._folder / "incoming").mkdir()
    (kept._folder / "incoming" / "tmp123").write_bytes(PLAIN)
    kept.sweep()
    assert (kept._folder / "incoming" / "tmp123").exists()
    monkeypatch.setattr(shelf, "LEFT_OVER_SECONDS", -1.0)
    kept.sweep()
    assert not (kept._folder / "incoming" / "tmp123").exists()


def test_a_file_that_never_ends_is_given_up(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_SENDING_SECONDS", -1.0)
    with pytest.raises(DataError, match="took too long to come in"):
        bring(kept)


def test_a_full_shelf_takes_no_more(kept: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(kept)
    monkeypatch.setattr(shelf, "MOST_BYTES_TOGETHER", 1)
    with pytest.raises(BusyError, match="as many files as it can"):
        bring(kept)


def test_one_file_is_read_at_a_time(kept: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shelf, "MOST_WAITING_SECONDS", 0.0)
    (tmp_path / "locks").mkdir()
    with (
        FileLock(tmp_path / "locks" / "reading.lock", thread_local=False),
        pytest.raises(BusyError, match="others"),
    ):
        bring(kept)
    assert bring(kept).identity


def test_names_lose_their_folders(kept: Shelf) -> None:
    assert bring(kept, name="C:\\mail\\spring.csv").filename == "spring.csv"
    assert bring(kept, name="../../spring.csv").filename == "spring.csv"
    assert bring(kept, name="").filename == "file"


def test_a_folder_that_has_gone_keeps_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    broken = Shelf(tmp_path / "file")
    with pytest.raises(BusyError, match="cannot keep it at the moment"):
        bring(broken)
    assert broken.look("0" * 20, "me") is None
