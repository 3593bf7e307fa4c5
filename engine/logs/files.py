"""A whole log as a file, a piece at a time: with the columns of `engine.decision_log`."""

import csv
import io
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from engine.decision_log import OWN_CHOICE
from engine.files.exports import neutralised
from engine.logs.parts import Floats32
from engine.logs.store import LogStore
from engine.rails import BY_RANK

DIGITS: Final = ".7g"
"""What a chance has as float32."""
CHUNK: Final = 2**18
"""Bytes that are handed on at once."""


def column_names(lines: int) -> list[str]:
    """Return the names of the columns, in order.

    >>> column_names(2)[3:6]
    ['propensity', 'propensity_0', 'propensity_1']
    """
    chances = [f"propensity_{arm}" for arm in range(lines)]
    return ["send", "segment", "arm", "propensity", *chances, "guardrail", "reward", "value", "reward_at"]


def csv_pieces(store: LogStore) -> Iterator[str]:
    """Yield the log as CSV, the heading first; nothing in it runs as a formula."""
    yield _written([column_names(store.log.lines)])
    names = [[neutralised(name) for name in some] for some in _names(store)]
    for rows, chances in store.by_piece():
        yield _written(_rows(store, rows, chances, *names))


def has_parquet() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def parquet_pieces(store: LogStore) -> Iterator[bytes]:
    """Yield the log as a Parquet file, whose names are dictionaries."""
    import pyarrow as pa
    from pyarrow import parquet

    with tempfile.TemporaryFile() as file:
        writer = None
        for rows, chances in store.by_piece():
            table = pa.table(_columns(store, rows, chances))
            writer = writer or parquet.ParquetWriter(file, table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def _names(store: LogStore) -> tuple[list[str], list[str], list[str]]:
    """Return the names of segments, lines and deciders, by place; deciders from -1."""
    scenario = store.log.scenario
    deciders = [OWN_CHOICE, *(spec.name for spec in BY_RANK)]
    return list(scenario.segmentation.names), [arm.name for arm in scenario.arms], deciders


def _rows(
    store: LogStore, rows: slice, chances: Floats32, segments: list[str], arms: list[str], deciders: list[str]
) -> Iterator[list[Any]]:
    sends = {name: array[rows] for name, array in store.sends().items()}
    values = sends["value" if "value" in sends else "answer"].astype(np.float64).tolist()
    told = [[format(chance, DIGITS) for chance in row] for row in chances.tolist()]
    columns = (sends[name].tolist() for name in ("send", "segment", "arm", "by", "answer", "known"))
    for every, value, send, segment, arm, by, answer, known in zip(told, values, *columns, strict=True):
        decider = deciders[by + 1]
        yield [send, segments[segment], arms[arm], every[arm], *every, decider, answer, value, known or ""]


def _columns(store: LogStore, rows: slice, chances: Floats32) -> dict[str, Any]:
    import pyarrow as pa

    sends = {name: array[rows] for name, array in store.sends().items()}
    arms = sends["arm"].astype(np.int32)
    codes = (sends["segment"].astype(np.int32), arms, sends["by"].astype(np.int32) + 1)
    segment, arm, guardrail = (
        pa.DictionaryArray.from_arrays(pa.array(code), pa.array(names))
        for code, names in zip(codes, _names(store), strict=True)
    )
    known = sends["known"].astype(np.int64)
    return {
        "send": sends["send"].astype(np.int64),
        "segment": segment,
        "arm": arm,
        "propensity": chances[np.arange(len(chances)), arms],
        **{f"propensity_{place}": chances[:, place] for place in range(chances.shape[1])},
        "guardrail": guardrail,
        "reward": sends["answer"].astype(np.int64),
        "value": sends["value" if "value" in sends else "answer"].astype(np.float64),
        "reward_at": pa.array(known, mask=known == 0),
    }


def _written(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
