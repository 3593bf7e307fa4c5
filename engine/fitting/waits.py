"""How long conversions were on their way: the law of the hours, by maximum likelihood.

Someone who got the e-mail shortly before the file ends can only be seen to convert quickly. So the chance of each
hour is taken among those that could be seen: the law is truncated at the hours that were left (right truncation, see
Kalbfleisch and Lawless (1989), Inference based on retrospective ascertainment, JASA 84). Times have a grain (days,
minutes), so an hour stands for the grain around it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.catalogue import DELAYS
from engine.fields import Knob, knobs

Floats = NDArray[np.float64]

FEWEST = 30
"""Conversions with a time that a law needs."""
GRAINS = (24.0, 1.0, 1.0 / 60.0)
"""Hours that times may be rounded to, coarse to fine; finer ones make no difference."""
ON_THE_GRAIN = 1e-3
"""Hours by which times may miss their grain: they are kept in 32 bits."""
SURE = 0.999
"""Share of conversions that the window of a fitted law keeps, unless it is known."""
BUSY = 0.98
"""Share of sends that the pace is measured on: a few lonely times before and after tell nothing of it."""
SLOWEST = 0.95
"""Laws are the slowest that a scenario allows from this part of its longest wait on."""
BETTER = 2.0
"""A law must be likelier than the slowest ones by this much (a logarithm; 95% of chi-square / 2), else any wait is possible."""
DAY = 24.0


class Waits(NamedTuple):
    """A fitted law; n recipients."""

    delay: dict[str, Any]  # as a scenario takes it
    seen: Floats  # (n,) the chance that a recipient's conversion, if there is one, had come when the file ended
    conversions: int  # on which it rests
    median_hours: float


def grain_of(hours: Floats) -> float:
    """Return the hours that times are rounded to.

    >>> grain_of(np.array([0.0, 24.0, 72.0])), grain_of(np.array([0.0, 7.0])), round(grain_of(np.array([0.3])) * 60)
    (24.0, 1.0, 1)
    """
    fitting = (
        grain for grain in GRAINS if (np.abs(np.remainder(hours + grain / 2, grain) - grain / 2) < ON_THE_GRAIN).all()
    )
    return next(fitting, GRAINS[-1])


def pace_of(sent_hours: Floats) -> int | None:
    """Return the sends an hour, at least 1, from the times of sends (n,), NaN where not given; None without any.

    >>> pace_of(np.linspace(0.0, 10.0, 501)), pace_of(np.zeros(300)), pace_of(np.full(3, np.nan))
    (50, 300, None)
    """
    known = sent_hours[~np.isnan(sent_hours)]
    if len(known) == 0:
        return None
    low, high = np.quantile(known, [(1.0 - BUSY) / 2.0, (1.0 + BUSY) / 2.0])
    hours = max(1.0, (high - low) / BUSY + (grain_of(known) if high > low else 0.0))
    return max(1, round(len(known) / float(hours)))


def fitted_waits(sent_hours: Floats, delay_hours: Floats, window_hours: float | None = None) -> Waits | str:
    """Return the law under which the hours seen are likeliest, or the reason why there is none.

    Args:
        sent_hours: of all recipients (n,), NaN where not given.
        delay_hours: from the send to the conversion (n,), NaN without one or where not given.
        window_hours: within which the file counts conversions, where that is known.
    """
    is_known = ~(np.isnan(sent_hours) | np.isnan(delay_hours))
    count = int(is_known.sum())
    if count < FEWEST:
        return f"a law needs {FEWEST} conversions with a time, and there are {count}"
    sent, hours = sent_hours[is_known], delay_hours[is_known]
    grain = grain_of(np.concatenate([sent, hours]))
    end = max(np.nanmax(sent_hours), (sent + hours).max())
    left = np.fmin(end - sent_hours, np.inf if window_hours is None else window_hours) + grain / 2.0
    seen = _Seen(np.fmax(hours - grain / 2.0, 0.0), hours + grain / 2.0, np.fmax(left[is_known], hours + grain / 2.0))
    law = max((_likeliest(family, seen) for family in FAMILIES), key=lambda found: found.likelihood)
    slowest = _likeliest(law.family, seen, at_least=SLOWEST)
    if law.likelihood < slowest.likelihood + BETTER:
        return "the file ends too soon after its sends to tell how late conversions come"
    delay = {"name": law.family.name, **law.settings, "window_hours": window_hours or _window(law, hours)}
    return Waits(delay, law.family.within(left, law.numbers), count, law.median_hours)


class _Seen(NamedTuple):
    """n conversions: each came between two hours, and had to come before a third to be seen."""

    after: Floats
    before: Floats
    left: Floats


class _Family(NamedTuple):
    """Laws that differ by some numbers, each the logarithm of a setting."""

    name: str  # of the delay
    settings: tuple[str, ...]
    within: Callable[[Floats, Floats], Floats]  # the chance of at most so many hours
    log_between: Callable[[Floats, Floats, Floats], Floats]  # the logarithm of the chance to come between two hours

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """The range of each number."""
        declared = knobs(DELAYS[self.name].parameters)
        return [_range_of(declared[name]) for name in self.settings]


class _Law(NamedTuple):
    family: _Family
    numbers: Floats
    likelihood: float  # its logarithm, less half the logarithm of n for each number (Schwarz 1978)

    @property
    def settings(self) -> dict[str, float]:
        """What a scenario is told, to four digits."""
        return {
            name: float(f"{value:.4g}") for name, value in zip(self.family.settings, np.exp(self.numbers), strict=True)
        }

    @property
    def median_hours(self) -> float:
        """Half of the conversions come sooner."""
        return float(np.exp(self.numbers[0]) * (np.log(2.0) if self.family.name == "exponential" else 1.0))


def _range_of(declared: Knob) -> tuple[float, float]:
    low = 0.01 if declared.above == 0 else (declared.above or 0.0) * 1.001
    assert declared.high is not None  # noqa: S101  # every setting of a delay is bounded
    return float(np.log(low)), float(np.log(declared.high))


def _likeliest(family: _Family, seen: _Seen, at_least: float = 0.0) -> _Law:
    """Return the likeliest law of a family, whose wait is at least some part of the longest that a scenario allows."""
    from scipy.optimize import minimize

    def minus(numbers: Floats) -> float:
        chances = family.log_between(seen.after, seen.before, numbers)
        return -float((chances - np.log(np.fmax(family.within(seen.left, numbers), np.finfo(float).tiny))).sum())

    logs = np.log((seen.after + seen.before) / 2.0)
    bounds = family.bounds
    if at_least > 0.0:
        bounds[0] = (bounds[0][1] + np.log(at_least), bounds[0][1])
    start = np.clip([logs.mean(), logs.std()][: len(bounds)], *np.transpose(bounds))
    best = minimize(minus, start, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-6})
    return _Law(family, best.x, -best.fun - 0.5 * len(bounds) * np.log(len(logs)))


def _window(law: _Law, hours: Floats) -> float:
    """Return whole days within which nearly all conversions come, and all that were seen."""
    high = knobs(DELAYS[law.family.name].parameters)["window_hours"].high
    assert high is not None  # noqa: S101  # it is bounded
    ends = np.arange(1.0, high // DAY + 1.0) * DAY
    enough = (law.family.within(ends, law.numbers) >= SURE) & (ends >= hours.max())
    return float(ends[np.argmax(enough)] if enough.any() else high)


def _exponential_within(hours: Floats, numbers: Floats) -> Floats:
    return np.asarray(-np.expm1(-hours / np.exp(numbers[0])))


def _exponential_between(after: Floats, before: Floats, numbers: Floats) -> Floats:
    mean = np.exp(numbers[0])
    return np.asarray(-after / mean + np.log(-np.expm1(-(before - after) / mean)))


def _log_normal_within(hours: Floats, numbers: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(_scores(hours, numbers)))


def _log_normal_between(after: Floats, before: Floats, numbers: Floats) -> Floats:
    """Work in the nearer tail, where chances are not lost beside 1."""
    from scipy.special import ndtr

    low, high = _scores(after, numbers), _scores(before, numbers)
    is_late = low > 0.0
    low, high = np.where(is_late, -high, low), np.where(is_late, -low, high)
    return np.asarray(np.log(np.fmax(ndtr(high) - ndtr(low), np.finfo(float).tiny)))


def _scores(hours: Floats, numbers: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray((np.log(hours) - numbers[0]) / numbers[1])


FAMILIES = (
    _Family("exponential", ("mean_hours",), _exponential_within, _exponential_between),
    _Family("log_normal", ("median_hours", "spread"), _log_normal_within, _log_normal_between),
)
