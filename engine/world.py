"""The contract of a world: where the true rates come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fields import Setting

Rates = NDArray[np.float64]


class WorldParameters(Setting):
    """What the settings of every world share."""

    name: str


@dataclass(frozen=True)
class WorldSpec:
    """A world as the registry sees it.

    `rates(parameters, given, first, count)` returns the true rates, float (count, K) in [0, 1], of the replications
    `first` to `first + count - 1`; `given` holds each arm's own rate, or None where the world draws it. A
    replication's rates never depend on which others are asked for.
    """

    name: str
    title: str
    plain: str
    parameters: type[WorldParameters]
    rates: Callable[[Any, Sequence[float | None], int, int], Rates]
