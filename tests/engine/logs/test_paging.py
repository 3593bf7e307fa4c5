"""Filters, orders and pages are those of the whole table."""

from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import decision_log
from engine.decision_log import OWN_CHOICE
from engine.logs.paging import COLUMNS, MOST_ROWS, Filters, Order, page, places
from engine.rails import BY_RANK, place_of
from tests.engine.logs.campaigns import CAMPAIGNS, small, store_of

FILTERS = [
    Filters(),
    Filters(first=100, last=220),
    Filters(segment=1),
    Filters(arm=2, answer=0),
    Filters(by=-1, answer=1),
    Filters(first=50, segment=0, arm=1),
    Filters(first=590, last=10),
]


def wanted(whole: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    names = [OWN_CHOICE, *(spec.name for spec in BY_RANK)]
    keep = pd.Series(data=True, index=whole.index)
    keep &= whole["send"] >= (0 if filters.first is None else filters.first)
    keep &= whole["send"] <= (10**9 if filters.last is None else filters.last)
    for column, only in (("segment", filters.segment), ("arm", filters.arm)):
        keep &= (whole[column].cat.codes == only) | (only is None)
    keep &= (whole["guardrail"] == names[(filters.by or 0) + 1]) | (filters.by is None)
    keep &= (whole["reward"] == filters.answer) | (filters.answer is None)
    return whole[keep]


@pytest.mark.parametrize("name", ["contextual", "late", "guarded", "money", "recurring"])
def test_rows_are_those_of_the_table_in_order(name: str, tmp_path: Path) -> None:
    store, whole = store_of(CAMPAIGNS[name], tmp_path), decision_log(CAMPAIGNS[name])
    whole["propensity"] = store.propensity()
    codes = {"guardrail": whole["guardrail"].cat.codes, "segment": whole["segment"].cat.codes}
    codes |= {"arm": whole["arm"].cat.codes, "reward_at": whole["reward_at"].fillna(0)}
    for filters, by, descending in product(FILTERS, COLUMNS, (False, True)):
        order = Order(by, descending)
        table = wanted(whole.assign(by=codes.get(by, whole[by])), filters)
        expected = table.sort_values("by", ascending=not descending, kind="stable")["send"].tolist()
        found = store.sends()["send"][places(store, filters, order)]
        assert found.tolist() == expected, (filters, order)


def test_a_row_is_what_the_table_says(tmp_path: Path) -> None:
    asked = CAMPAIGNS["guarded"]
    store, whole = store_of(asked, tmp_path), decision_log(asked)
    rows, _ = page(store, Filters(), Order("send"), 0, 100)
    for row, (_, told) in zip(rows, whole.iterrows(), strict=False):
        names = [OWN_CHOICE, *(spec.name for spec in BY_RANK)]
        assert row.send == told["send"]
        assert asked.arms[row.arm].name == told["arm"]
        assert row.chances == pytest.approx([told[f"propensity_{arm}"] for arm in range(3)], abs=1e-7)
        assert names[row.by + 1] == told["guardrail"]
        assert (row.answer, row.value, row.known or None) == (
            told["reward"],
            told["value"],
            None if pd.isna(told["reward_at"]) else told["reward_at"],
        )


def test_pages_join_without_gaps_and_are_bounded(tmp_path: Path) -> None:
    store = store_of(small("ab_split", sends=1_200), tmp_path)
    order = Order("arm")
    sends: list[int] = []
    for first in range(0, 1_200, 100):
        sends += [row.send for row in page(store, Filters(), order, first, first + 100)[0]]
    assert sorted(sends) == list(range(1_200))
    assert len(page(store, Filters(), order, 0, 10**9)[0]) == MOST_ROWS
    assert page(store, Filters(), order, 5_000, 5_100) == ([], 1_200)
    assert page(store, Filters(), order, -5, 2) == page(store, Filters(), order, 0, 2)


def test_only_the_pieces_of_the_page_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(small("ab_split", sends=2_000), tmp_path)
    store.sends()
    read: list[str] = []
    fetch = store._answers.fetch

    def counting(key: str, *rest: Any) -> tuple[bytes, bool]:
        read.append(key)
        return fetch(key, *rest)

    monkeypatch.setattr(store._answers, "fetch", counting)
    page(store, Filters(by=-1), Order("send"), 600, 620)
    assert [key.rpartition("-")[2] for key in read] == ["500"]


def test_guardrails_have_one_number_everywhere() -> None:
    assert [place_of(spec.name) for spec in BY_RANK] == list(range(len(BY_RANK)))
