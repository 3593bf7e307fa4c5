"""How long conversions are on their way: the laws of all delays, and what is known of a question's own."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from engine.catalogue import DELAYS
from engine.delay import WaitingParameters
from engine.native import native, rebound

if TYPE_CHECKING:
    from engine.scenario import Scenario

AT_ONCE = -1
"""The law of a question without delay."""

_FINE = 2.0**20
"""Chances are rounded to this, so that the last digits of a CPU's own functions do not matter."""


class Waiting(NamedTuple):
    """One question's delay, as the loop over sends needs it."""

    law: int  # which of the registered delays, or AT_ONCE
    a: float
    b: float
    window_hours: float
    window_sends: int  # sends until nothing can come any more that counts
    sends_per_hour: float
    counted: float  # chance that a conversion comes inside the window
    only_closed: bool  # whether policies are told when the window has closed, instead of on arrival


NO_WAITING = Waiting(AT_ONCE, 0.0, 0.0, 0.0, 0, 1.0, 1.0, only_closed=False)

LAW = 0  # what each link puts in these places
earlier: Any = None
own: Any = None


@native
def no_hours(law: int, a: float, b: float, key: np.uint64) -> float:
    """Begin the chain."""
    return 0.0


def hours_link(law: int, a: float, b: float, key: np.uint64) -> float:
    """Draw how many hours one conversion is on its way."""
    return float(own(a, b, key)) if law == LAW else float(earlier(law, a, b, key))


def _chain() -> Any:
    whole: Any = no_hours
    for law, spec in enumerate(DELAYS.values()):
        if spec.hours is not None:
            whole = rebound(hours_link, f"hours_{spec.name}", earlier=whole, own=spec.hours, LAW=law)
    return whole


draw_hours: Any = _chain()


def waiting_of(scenario: "Scenario") -> Waiting:
    """Return the delay of a question."""
    delay, spec = scenario.delay, DELAYS[scenario.delay.name]
    if not isinstance(delay, WaitingParameters) or spec.numbers is None or spec.share_within is None:
        return NO_WAITING
    rate = float(scenario.sends_per_hour or 1)
    a, b = spec.numbers(delay)
    return Waiting(
        law=list(DELAYS).index(delay.name),
        a=a,
        b=b,
        window_hours=delay.window_hours,
        window_sends=int(np.ceil(delay.window_hours * rate)),
        sends_per_hour=rate,
        counted=round(spec.share_within(delay, delay.window_hours) * _FINE) / _FINE,
        only_closed=delay.learn_when == "window_closed",
    )
