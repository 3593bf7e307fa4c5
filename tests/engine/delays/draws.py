"""Delays as the loop over sends draws them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.catalogue import DELAYS
from engine.simulation import trace
from tests.engine.scenarios import scenario

PACE = 1_000_000
"""Sends an hour: delays are told in sends, so this is how finely they are seen."""


def hours_drawn(delay: dict[str, Any], sends: int = 100_000) -> NDArray[np.float64]:
    """Hours that each conversion is on its way, rounded up to a millionth; infinite for those after the window."""
    asked = scenario("ab_split", rates=(1.0, 1.0), sends=sends, sends_per_hour=PACE, delay=delay)
    arrives = trace(asked, 0).arrives
    return np.where(arrives < 0, np.inf, (arrives - np.arange(sends)) / PACE)


def share_within(delay: dict[str, Any], hours: float) -> float:
    """The share of conversions that the engine expects within so many hours."""
    spec = DELAYS[delay["name"]]
    assert spec.share_within is not None
    return spec.share_within(spec.parameters.model_validate(delay), hours)
