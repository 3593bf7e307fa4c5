"""Rounds of campaigns that are done, kept until their job is: whoever takes the job over goes on from there."""

import logging
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.blocks import Block, Part
from engine.cache import AnswerCache
from engine.packing import packed, unpacked
from engine.plan import Kept, Sums

log = logging.getLogger(__name__)

SECONDS_KEPT: Final = 60 * 60.0
"""A job that nobody took over for so long begins anew."""
MOST_BYTES: Final = 64_000_000
"""What the rounds of one job may take; what comes after them would have to be done again."""


class Rounds:
    """The rounds of one scenario's campaigns: in each, every policy ran the same ones."""

    def __init__(self, answers: AnswerCache, key: str) -> None:
        self._answers = answers
        self._key = key
        self._taken = 0

    def keep(self, parts: Sequence[Part]) -> None:
        """Keep a round, as long as there is room."""
        if self._taken > MOST_BYTES:
            return
        content = _written(parts)
        self._taken += len(content)
        self._answers.keep(self._name(parts[0].block.first), content, SECONDS_KEPT, remembers=False)

    def recalled(self) -> Iterator[list[Part]]:
        """Yield the rounds that are there, from the first on without a gap."""
        first = 0
        while (content := self._answers.look_up(self._name(first))) is not None:
            try:
                parts = _read(content)
            except (ValueError, KeyError, TypeError) as trouble:
                log.warning("A round that was kept cannot be read, it is done again: %s", trouble)
                return
            self._taken += len(content)
            yield parts
            first += parts[0].block.count

    def _name(self, first: int) -> str:
        return f"{self._key}-from-{first}"


def _written(parts: Sequence[Part]) -> bytes:
    ordered = sorted(parts, key=lambda part: part.block.policy)
    block = ordered[0].block
    columns = {"block": np.array([block.first, block.count])}
    for group, fields in (("kept", Kept._fields), ("sums", Sums._fields)):
        for name in fields:
            columns[f"{group} {name}"] = np.stack([getattr(getattr(part, group), name) for part in ordered])
    return packed(columns)


def _read(content: bytes) -> list[Part]:
    columns = unpacked(content)
    first, count = columns["block"].tolist()
    kept = [columns[f"kept {name}"] for name in Kept._fields]
    sums = [columns[f"sums {name}"] for name in Sums._fields]
    return [
        Part(
            Block(policy, first, count), Kept(*(array[policy] for array in kept)), Sums(*(one[policy] for one in sums))
        )
        for policy in range(len(kept[0]))
    ]
