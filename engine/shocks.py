"""Shared shocks: from time to time something happens that moves several lines together, and they are not independent.

Each shock moves the log-odds of all its lines by the same normal amount, and lasts until the next. It belongs to the
luck of a campaign: every campaign has its own, whatever the world.
"""

from typing import Annotated, Self

import numpy as np
from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from engine.courses import moved
from engine.fields import Setting
from engine.native import native
from engine.rng import GAMMA, SHOCKS, normal, stream_key
from engine.world import Course

MOST_SHOCKS = 200


class SharedShocks(Setting):
    """How much lines move together, for how long, and which."""

    spread: float = Field(
        0.3,
        gt=0,
        le=3,
        title="Shared shocks",
        description="Standard deviation of what a shock adds to the log-odds of its lines; 0.3 is about 30% of a rate.",
        json_schema_extra={"step": 0.1, "symbol": "σ"},
    )
    lasts: int = Field(
        1_000,
        ge=1,
        le=1_000_000,
        title="Each lasts",
        description="Sends after which the next shock comes.",
        json_schema_extra={"unit": "sends", "step": 500},
    )
    lines: Annotated[tuple[str, ...], Strict(strict=False)] = Field(
        (), max_length=64, title="Lines", description="Names of the lines that it moves; left empty: all of them."
    )

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len(set(self.lines)) < len(self.lines):
            text = "lines: got a line more than once; each can be moved once. Remove one."
            raise PydanticCustomError("sentence", "{text}", {"text": text})
        return self


def problem(shocks: SharedShocks, names: tuple[str, ...], sends: int) -> str | None:
    """Name a line that is not there, or a campaign with too many shocks, and how to mend it; or return None."""
    strange = next((name for name in shocks.lines if name not in names), None)
    if strange is not None:
        return f"shocks.lines: got {strange!r}, which is no line. Choose among {', '.join(names[:5])}."
    count = -(-sends // shocks.lasts)
    if count > MOST_SHOCKS:
        fewest = -(-sends // MOST_SHOCKS)
        return (
            f"shocks.lasts: got {shocks.lasts:,}; {sends:,} sends then have {count:,} shocks, at most {MOST_SHOCKS} are "
            f"allowed. Enter {fewest:,} or more."
        )
    return None


def shaken(course: Course, shocks: SharedShocks, names: tuple[str, ...], seed: int, first: int, count: int) -> Course:
    """Return the course of some replications with the shocks of each."""
    sends = int(course.ends[-1])
    ends = np.union1d(course.ends, np.minimum(np.arange(1, -(-sends // shocks.lasts) + 1) * shocks.lasts, sends))
    before = course.rows[np.searchsorted(course.ends, ends)]  # the row of each new spell
    luck = np.empty((count, -(-sends // shocks.lasts)))
    fill_shocks(luck, np.uint64(seed), np.uint64(first))
    is_moved = np.array([not shocks.lines or name in shocks.lines for name in names])
    by = shocks.spread * luck[:, (ends - 1) // shocks.lasts]  # (count, spells)
    logits = by[:, :, np.newaxis] * is_moved
    return Course(
        ends=ends.astype(np.int64),
        rows=np.arange(len(ends)),
        rates=moved(course.rates[:, before], logits),
        seen=None if course.seen is None else moved(course.seen[:, before], logits),
        present=None if course.present is None else course.present[before],
        kept=course.kept,
        lowest=course.lowest,
    )


@native(on_disk=True)
def fill_shocks(out: np.ndarray, seed: np.uint64, first: np.uint64) -> None:
    """Write the standard normal shocks of each replication, (replications, shocks)."""
    for b in range(out.shape[0]):
        key = stream_key(seed, first + np.uint64(b), SHOCKS)
        for n in range(out.shape[1]):
            # a key of its own each: how many numbers one draw takes does not move the next
            out[b, n], _ = normal(key + np.uint64(n) * GAMMA * np.uint64(4096))
