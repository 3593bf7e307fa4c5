"""How far apart two rates are, as the Kullback-Leibler divergence of their yes-or-no answers, and bounds made of it."""

from engine.arithmetic import exp, log
from engine.native import native

TOLERANCE = 1e-12
"""How far `highest_within` may be from the true value."""

_MOST_STEPS = 100
_CLOSE = 1e-6  # a Newton step this small beside q - p and 1 - q leaves an error of about its square


@native
def divergence(p: float, q: float) -> float:
    """Return p ln(p / q) + (1 - p) ln((1 - p) / (1 - q)), 0 ln 0 being 0; p in [0, 1], q strictly between."""
    hits = p * log(p / q) if p > 0.0 else 0.0
    misses = (1.0 - p) * log((1.0 - p) / (1.0 - q)) if p < 1.0 else 0.0
    return hits + misses


@native
def highest_within(p: float, reach: float, guess: float) -> float:
    """Return the largest rate q with divergence(p, q) <= reach, to TOLERANCE; p in [0, 1], reach >= 0.

    Newton's method from `guess`, kept between the rates known to be too low and too high; any guess leads to the same
    value within the tolerance, a close one with fewer steps.
    """
    if p >= 1.0 or reach <= 0.0:
        return p
    if p <= 0.0:
        return 1.0 - exp(-reach)
    low, high = p, 1.0
    q = guess
    for _ in range(_MOST_STEPS):
        if not low < q < high:
            q = 0.5 * (low + high)
        excess = divergence(p, q) - reach
        if excess > 0.0:
            high = q
        else:
            low = q
        step = excess * q * (1.0 - q) / (q - p)
        q -= step
        if abs(step) <= _CLOSE * min(q - p, 1.0 - q):
            break
    return min(max(q, low), high)
