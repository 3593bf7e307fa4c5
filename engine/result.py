"""The answer: what every policy did in every replication, and a digest that proves it."""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.kernel import LOW_BITS, REGRET_UNIT
from engine.scenario import Scenario

Counts = NDArray[np.int32]
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """Exact means over all replications, at up to 200 checkpoints however many replications there are."""

    checkpoints: Whole  # (F,) cumulative sends
    sends: Floats  # (P, F, K)
    conversions: Floats  # (P, F, K)
    regret: Floats  # (P, F)


@dataclass(frozen=True, eq=False)
class Result:
    """The simulation of one scenario; P policies, R replications, C checkpoints, K arms."""

    scenario: Scenario
    checkpoints: Whole  # (C,) cumulative sends, the last is all sends
    sends: Counts  # (P, R, C, K) cumulative
    conversions: Counts  # (P, R, C, K) cumulative
    regret_units: Whole  # (P, R, C) cumulative expected regret in units of 2^-40 conversions
    curve_checkpoints: Whole  # (F,)
    sends_sum: Whole  # (P, F, K) over replications
    conversions_sum: Whole  # (P, F, K)
    regret_sum: Whole  # (P, F, 2) high and low part

    @property
    def policies(self) -> list[str]:
        """The policies' labels, in the order asked."""
        return list(self.scenario.labels)

    @cached_property
    def regret(self) -> Floats:
        """Cumulative expected regret against the best arm at each send, in conversions: (P, R, C)."""
        return self.regret_units.astype(np.float64) * REGRET_UNIT

    @property
    def known(self) -> Counts:
        """Conversions that had arrived by the checkpoint: all of them, as there is no delay."""
        return self.conversions

    @property
    def credited(self) -> None:
        """Conversions by the credit rule; only recurring campaigns have one."""
        return None

    @cached_property
    def revenue(self) -> Floats:
        """Revenue (P, R, C): zero, as no conversion has an order value. Read-only."""
        return np.broadcast_to(np.float64(0.0), self.regret_units.shape)

    @cached_property
    def curves(self) -> Curves:
        """Exact means over all replications."""
        n = self.scenario.replications
        # Python's whole numbers never overflow, and the last step rounds once: the means are exact to the last bit
        high, low = self.regret_sum[..., 0].astype(object), self.regret_sum[..., 1].astype(object)
        regret = ((high * 2**LOW_BITS + low) / n).astype(np.float64) * REGRET_UNIT
        return Curves(self.curve_checkpoints, self.sends_sum / n, self.conversions_sum / n, regret)

    @cached_property
    def _digest(self) -> str:
        root = hashlib.sha256()
        for policy in range(self.sends.shape[0]):
            for replication in range(self.sends.shape[1]):
                root.update(self._leaf(policy, replication))
        return root.hexdigest()

    def _leaf(self, policy: int, replication: int) -> bytes:
        leaf = hashlib.sha256()
        leaf.update(self.sends[policy, replication].astype("<i4", copy=False).tobytes())
        leaf.update(self.conversions[policy, replication].astype("<i4", copy=False).tobytes())
        leaf.update(self.regret_units[policy, replication].astype("<i8", copy=False).tobytes())
        return leaf.digest()

    def digest(self) -> str:
        """Return the sha256 (64 hex digits) over each replication's sha256, in (policy, replication) order."""
        return self._digest

    def to_bytes(self) -> bytes:
        """Return the whole result as bytes that `from_bytes` reads; nothing in them is executed when read."""
        buffer = io.BytesIO()
        question = np.frombuffer(json.dumps(self.scenario.to_dict()).encode(), np.uint8)
        np.savez(buffer, allow_pickle=False, scenario=question, **{name: getattr(self, name) for name in _ARRAYS})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the result saved by `to_bytes`."""
        with np.load(io.BytesIO(content), allow_pickle=False) as saved:
            scenario = Scenario.from_dict(json.loads(saved["scenario"].tobytes()))
            arrays: dict[str, Any] = {name: saved[name] for name in _ARRAYS}
        return cls(scenario, **arrays)


_ARRAYS = (
    "checkpoints", "sends", "conversions", "regret_units",
    "curve_checkpoints", "sends_sum", "conversions_sum", "regret_sum",
)  # fmt: skip
