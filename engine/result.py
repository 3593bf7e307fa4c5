"""The answer: what every policy did in every replication, and a digest that proves it."""

import hashlib
import io
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.kernel import LOW_BITS
from engine.money import in_currency
from engine.plan import BEST_AT_END, LOST, PAUSED, STOPPED_AT, TOP_SENDS, WINNER, Kept, Sums
from engine.rails import TOLD_APART
from engine.scenario import Scenario

Counts = NDArray[np.int32]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_OF_A_CAMPAIGN = ("endings", "apart")
"""Of what is kept, the arrays without checkpoints."""


@dataclass(frozen=True)
class Curves:
    """Exact means over all replications, at up to 200 checkpoints however many replications there are."""

    checkpoints: Whole  # (F,) cumulative sends
    sends: Floats  # (P, F, K)
    conversions: Floats  # (P, F, K)
    regret: Floats  # (P, F)
    known: Floats  # (P, F, K) conversions that had arrived
    revenue: Floats  # (P, F)


@dataclass(frozen=True, eq=False)
class Result:
    """The simulation of one scenario; P policies, R replications, C checkpoints, F checkpoints of means, K arms."""

    scenario: Scenario
    checkpoints: Whole  # (C,) cumulative sends, the last is all sends
    curve_checkpoints: Whole  # (F,)
    kept: Kept  # (P, R, ...) what is kept of each replication
    sums: Sums  # (P, F, ...) over replications

    @property
    def policies(self) -> list[str]:
        """The policies' labels, in the order asked."""
        return list(self.scenario.labels)

    @property
    def sends(self) -> Counts:
        """Cumulative sends: int (P, R, C, K)."""
        return self.kept.sends

    @property
    def conversions(self) -> Counts:
        """Conversions caused by the sends so far that come in time, arrived or not: int (P, R, C, K)."""
        return self.kept.conversions

    @property
    def regret_units(self) -> Whole:
        """Cumulative expected regret in units of `Scenario.regret_unit`: int (P, R, C)."""
        return self.kept.regret

    @cached_property
    def regret(self) -> Floats:
        """Cumulative expected regret against the best arm at each send, in the unit of the goal: (P, R, C).

        Best for the recipient's segment, where there are segments.
        """
        regret: Floats = self.regret_units.astype(np.float64) * self.scenario.regret_unit
        return regret

    @property
    def known(self) -> Counts:
        """Conversions that had arrived by the checkpoint: int (P, R, C, K); all of them when there is no delay."""
        return self.kept.known if self.scenario.is_delayed else self.conversions

    @property
    def credited(self) -> Floats | None:
        """Conversions that had arrived, by the credit rule: float (P, R, C, K); None unless the campaign recurs."""
        return None if self.scenario.recurring is None else self.kept.credited

    @cached_property
    def revenue(self) -> Floats:
        """Cumulative value of the conversions: float (P, R, C); read-only zeros where nothing has a price."""
        if not self.scenario.has_money:
            return np.broadcast_to(np.float64(0.0), self.regret_units.shape)
        return in_currency(self.kept.revenue)

    @cached_property
    def net_value(self) -> Floats:
        """Revenue less what sends and complaints cost: float (P, R, C); zeros where nothing has a price."""
        money = self.scenario.money
        if money is None:
            return self.revenue
        net: Floats = self.revenue - money.send_cost * self.sends.sum(axis=-1, dtype=np.int64)
        if self.scenario.counts_complaints:
            net = net - money.unsubscribe_cost * self.kept.complained
        return net

    @property
    def gains(self) -> Floats:
        """What the policies try to get most of, cumulative: float (P, R, C) conversions, revenue or net value."""
        if self.scenario.goal == "conversions":
            total: Floats = self.conversions.sum(axis=-1, dtype=np.int64).astype(np.float64)
            return total
        return self.revenue if self.scenario.goal == "revenue" else self.net_value

    @cached_property
    def totals(self) -> Floats:
        """What every campaign came to in the end, in the unit of the goal: float (P, R), whole cents where it is money."""
        return np.round(self._at_end.gains[:, :, 0], 2)

    @cached_property
    def _at_end(self) -> Self:
        """The same result with nothing but its last checkpoint."""
        alone = {
            name: array if name in _OF_A_CAMPAIGN or array.shape[2] == 0 else array[:, :, -1:]
            for name, array in self.kept._asdict().items()
        }
        return replace(self, checkpoints=self.checkpoints[-1:], kept=Kept(**alone))

    @property
    def sends_within(self) -> Floats:
        """Mean sends in each segment: float (P, S, K)."""
        if not self.scenario.is_segmented:
            return self.curves.sends[:, -1:]
        mean: Floats = self.sums.sends_within / self.scenario.replications
        return mean

    @property
    def conversions_within(self) -> Floats:
        """Mean conversions in each segment: float (P, S, K)."""
        if not self.scenario.is_segmented:
            return self.curves.conversions[:, -1:]
        mean: Floats = self.sums.conversions_within / self.scenario.replications
        return mean

    @property
    def suited(self) -> Counts | None:
        """Cumulative sends to a line that was best for the recipient: int (P, R, C); None where all are alike."""
        return self.kept.suited if self.scenario.is_segmented else None

    @property
    def lost(self) -> Whole:
        """Conversions that came after the attribution window and count nowhere: int (P, R)."""
        return self._ending(LOST)

    @property
    def stopped_at(self) -> Whole:
        """Sends after which the stop rule gave the rest to the winner: int (P, R), -1 where it did not."""
        return self._ending(STOPPED_AT, missing=-1)

    @property
    def winner(self) -> Whole:
        """The line to which the stop rule gave the rest: int (P, R), -1 where it did not."""
        return self._ending(WINNER, missing=-1)

    @cached_property
    def paused(self) -> Flags:
        """Which lines the pause rule stopped: bool (P, R, K)."""
        return self._lines(self._ending(PAUSED))

    @property
    def complaints(self) -> Counts:
        """Complaints: int (P, R, K)."""
        return self._apart(-1)

    def told_apart(self, guardrail: str) -> tuple[Counts, Counts]:
        """Return sends and conversions, int (P, R, K), of the recipients that a holdout or a wrap-up took."""
        place = TOLD_APART.index(guardrail)
        return self._apart(2 * place), self._apart(2 * place + 1)

    @cached_property
    def best_at_end(self) -> Flags:
        """Which lines are truly best at the end, equal ones all: bool (P, R, K)."""
        if self.scenario.has_endings:
            return self._lines(self._ending(BEST_AT_END))
        rates = self.scenario.rates(0, self.scenario.replications)
        best = rates == rates.max(axis=1, keepdims=True)
        return np.broadcast_to(best, (len(self.scenario.policies), *best.shape))

    @cached_property
    def top_sends(self) -> Whole:
        """Sends to a line that was truly best at that moment: int (P, R)."""
        if self.scenario.has_endings:
            return self._ending(TOP_SENDS)
        top: Whole = (self.sends[:, :, -1] * self.best_at_end).sum(axis=-1, dtype=np.int64)
        return top

    def _ending(self, column: int, missing: int = 0) -> Whole:
        shape = self.sends.shape[:2]
        return self.kept.endings[..., column] if self.scenario.has_endings else np.full(shape, missing, np.int64)

    def _apart(self, row: int) -> Counts:
        shape = (*self.sends.shape[:2], self.sends.shape[3])
        return self.kept.apart[:, :, row] if self.scenario.has_endings else np.zeros(shape, np.int32)

    def _lines(self, masks: Whole) -> Flags:
        arms = np.arange(self.sends.shape[3], dtype=np.uint64)
        flags: Flags = (masks.astype(np.uint64)[..., np.newaxis] >> arms) & np.uint64(1) == 1
        return flags

    @cached_property
    def curves(self) -> Curves:
        """Exact means over all replications."""
        n = self.scenario.replications
        regret = _mean_of_two(self.sums.regret, n) * self.scenario.regret_unit
        revenue = in_currency(_mean_of_two(self.sums.revenue, n)) if self.scenario.has_money else np.zeros_like(regret)
        conversions = self.sums.conversions / n
        known = self.sums.known / n if self.scenario.is_delayed else conversions
        return Curves(self.curve_checkpoints, self.sums.sends / n, conversions, regret, known, revenue)

    @cached_property
    def _digest(self) -> str:
        root = hashlib.sha256()
        for policy in range(self.sends.shape[0]):
            for replication in range(self.sends.shape[1]):
                root.update(self._leaf(policy, replication))
        return root.hexdigest()

    def _leaf(self, policy: int, replication: int) -> bytes:
        """Only what is modelled enters: a question without delay keeps its digest whatever is added for others.

        What suited whom follows from the rest, and was added when segments had digests already.
        """
        leaf = hashlib.sha256()
        for array in self.kept[:-1]:
            if array.shape[1] > 0:
                number = array.dtype.newbyteorder("<")
                leaf.update(array[policy, replication].astype(number, copy=False).tobytes())
        return leaf.digest()

    def digest(self) -> str:
        """Return the sha256 (64 hex digits) over each replication's sha256, in (policy, replication) order."""
        return self._digest

    def to_bytes(self) -> bytes:
        """Return the whole result as bytes that `from_bytes` reads; nothing in them is executed when read."""
        buffer = io.BytesIO()
        question = np.frombuffer(json.dumps(self.scenario.to_dict()).encode(), np.uint8)
        kept = {f"kept_{name}": array for name, array in self.kept._asdict().items()}
        sums = {f"sums_{name}": array for name, array in self.sums._asdict().items()}
        places = {"checkpoints": self.checkpoints, "curve_checkpoints": self.curve_checkpoints}
        np.savez(buffer, allow_pickle=False, scenario=question, **kept, **sums, **places)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the result saved by `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            return cls(
                Scenario.from_dict(json.loads(saved["scenario"].tobytes())),
                checkpoints=saved["checkpoints"],
                curve_checkpoints=saved["curve_checkpoints"],
                kept=Kept(**{name: saved[f"kept_{name}"] for name in Kept._fields}),
                sums=Sums(**{name: saved[f"sums_{name}"] for name in Sums._fields}),
            )


def _mean_of_two(sums: Whole, count: int) -> Floats:
    """Return means of sums kept in two parts: Python's whole numbers never overflow, and the last step rounds once."""
    high, low = sums[..., 0].astype(object), sums[..., 1].astype(object)
    mean: Floats = ((high * 2**LOW_BITS + low) / count).astype(np.float64)
    return mean
