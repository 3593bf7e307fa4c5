"""A log's pieces are those of the decision log, however they are cut, kept and lost."""

import io
import pickle
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine import decision_log
from engine.errors import WorkError
from engine.files.exports import neutralised
from engine.guarded import chances
from engine.logs.files import csv_pieces, has_parquet, parquet_pieces
from engine.logs.parts import MOST_CHANCES, ChancesTask, LogOf, SendsTask
from engine.logs.store import Remembered
from engine.packing import packed, unpacked
from tests.engine.logs.campaigns import CAMPAIGNS, small, store_of

FLOAT32 = 1e-7


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.sampled_from(["u1", "i1", "<i4", ">i4", "<f4", "<f8"]).flatmap(
            lambda kind: arrays.arrays(np.dtype(kind), arrays.array_shapes(max_dims=2, min_side=0))
        ),
        max_size=4,
    )
)
def test_what_is_packed_comes_out_the_same(columns: dict[str, np.ndarray]) -> None:
    found = unpacked(packed(columns))
    assert list(found) == list(columns)
    for name, array in columns.items():
        assert found[name].shape == array.shape
        assert found[name].dtype == array.dtype.newbyteorder("<")
        assert np.array_equal(found[name], array, equal_nan=array.dtype.kind == "f")


def test_who_asks_for_the_same_campaign_means_the_same_log() -> None:
    asked = small("thompson", policies=[{"name": "ab_split"}, {"name": "thompson", "label": "Careful"}], replications=9)
    alone = small("thompson", replications=1)
    log = LogOf.of(asked, 1, 3)
    assert log.key == LogOf.of(alone.with_changes(replications=50), 0, 3).key
    assert log.key != LogOf.of(asked, 1, 2).key
    assert log.key != LogOf.of(asked, 0, 3).key
    assert log.key != LogOf.of(asked.with_changes(seed=8), 1, 3).key


def test_pieces_cover_all_recipients_once() -> None:
    for sends, lines in ((3, 2), (501, 3), (10_000, 64), (250_000, 64), (1_000_000, 5)):
        log = LogOf.of(small(sends=sends, arms=[{"name": f"{arm}"} for arm in range(lines)]))
        firsts = [task.first for task in log.pieces()]
        assert firsts == sorted({task.first for task in log.pieces()})
        assert sum(task.count for task in log.pieces()) == sends
        assert all(0 < task.count * lines <= 65_536 for task in log.pieces())


def test_a_log_that_is_too_large_is_refused_with_what_would_fit() -> None:
    log = LogOf.of(small(sends=1_000_000, arms=[{"name": f"{arm}"} for arm in range(64)]))
    with pytest.raises(WorkError, match=r"^sends: got 1,000,000, .* 64,000,000 chances; .* Enter 250,000 or fewer"):
        log.refuse_too_much()
    LogOf.of(small(sends=MOST_CHANCES // 64, arms=log.scenario.to_dict()["arms"])).refuse_too_much()


def test_tasks_travel_to_another_process() -> None:
    log = LogOf.of(small(sends=50))
    for task in (SendsTask(log), ChancesTask(log, 10, 20)):
        sent = pickle.loads(pickle.dumps(task))
        assert sent == task
        assert sent.run() == task.run()
        assert sent.key == task.key


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_log_holds_what_the_decision_log_holds(name: str, tmp_path: Path) -> None:
    asked = CAMPAIGNS[name].with_changes(replications=2)
    store, whole = store_of(asked, tmp_path, 1), decision_log(asked, 0, 1)
    assert len(store) == len(whole)
    every = np.concatenate([chances for _, chances in store.by_piece()])
    told = whole[[f"propensity_{arm}" for arm in range(3)]].to_numpy()
    np.testing.assert_allclose(every, told, rtol=0, atol=FLOAT32)
    np.testing.assert_allclose(store.propensity(), whole["propensity"], rtol=0, atol=FLOAT32)
    some = np.arange(len(whole))[::-7]
    np.testing.assert_allclose(store.chances(some), told[some], rtol=0, atol=FLOAT32)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_file_is_the_decision_log(name: str, tmp_path: Path) -> None:
    store, whole = store_of(CAMPAIGNS[name], tmp_path), decision_log(CAMPAIGNS[name])
    found = pd.read_csv(io.StringIO("".join(csv_pieces(store))))
    expected = pd.read_csv(io.StringIO(whole.to_csv(index=False)))
    expected["segment"] = expected["segment"].map(neutralised)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_exact=False, rtol=1e-6, atol=FLOAT32)


def test_no_cell_of_the_file_runs_as_a_formula(tmp_path: Path) -> None:
    store = store_of(small(sends=20, arms=[{"name": "=1+1", "rate": 0.1}, {"name": "@x", "rate": 0.2}]), tmp_path)
    lines = "".join(csv_pieces(store)).splitlines()
    assert len(lines) == 21
    assert all(",'=1+1," in line or ",'@x," in line for line in lines[1:])


def test_a_parquet_file_is_the_decision_log(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    asked = CAMPAIGNS["late"]
    assert has_parquet()
    found = pd.read_parquet(io.BytesIO(b"".join(parquet_pieces(store_of(asked, tmp_path)))))
    expected = decision_log(asked)
    for name in ("segment", "arm", "guardrail"):
        assert found[name].astype(str).tolist() == expected[name].astype(str).tolist()
    numbers = [name for name in expected if name not in ("segment", "arm", "guardrail")]
    for name in map(str, numbers):
        np.testing.assert_allclose(
            found[name].to_numpy(float, na_value=np.nan),
            expected[name].to_numpy(float, na_value=np.nan),
            rtol=0,
            atol=FLOAT32,
        )


def test_without_pyarrow_there_is_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.logs.files.find_spec", lambda _name: None)
    assert not has_parquet()


def test_a_part_that_was_lost_is_worked_out_again(tmp_path: Path) -> None:
    store = store_of(CAMPAIGNS["guarded"], tmp_path / "here")
    before = store.chances(np.arange(600))
    assert store.has(SendsTask(store.log))
    shutil.rmtree(tmp_path / "here")
    again = store_of(CAMPAIGNS["guarded"], tmp_path / "here")
    assert not again.has(SendsTask(again.log))
    assert np.array_equal(again.chances(np.arange(600)), before)


def test_what_is_remembered_is_bounded_but_for_one() -> None:
    remembered = Remembered(most=10)
    remembered.keep("large", {"arm": np.zeros(100, np.uint8)})
    assert remembered.look_up("large") is not None
    remembered.keep("small", {"arm": np.zeros(5, np.uint8)})
    assert remembered.look_up("large") is None
    remembered.keep("other", {"arm": np.zeros(5, np.uint8)})
    assert remembered.taken == 10
    assert remembered.look_up("small") is not None
    remembered.keep("third", {"arm": np.zeros(5, np.uint8)})
    assert remembered.look_up("other") is None
    assert remembered.look_up("small") is not None


def test_chances_of_one_decision_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 sends, 4 decisions, one segment; and they are those that each send has alone."""
    asked, calls = small("thompson", sends=100, update_every=25), []
    spec = asked.specs[0]
    whole = spec.choice_probabilities

    def counting(*args: int) -> np.ndarray:
        calls.append(args)
        return whole(*args)  # type: ignore[arg-type]

    object.__setattr__(spec, "choice_probabilities", counting)
    try:
        every = chances(asked)
        assert len(calls) == 4
        alone = [chances(asked, at=[send])[0] for send in range(0, 100, 9)]
    finally:
        object.__setattr__(spec, "choice_probabilities", whole)
    np.testing.assert_allclose(every[::9], alone, rtol=0, atol=1e-12)
