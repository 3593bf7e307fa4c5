"""What may be believed about lines after some sends: which is best, what a wrong choice costs, what is left to gain.

Every line's rate has a Beta posterior, and what is asked about all lines together is one integral over rates. It is
taken over the logarithm of the odds, z = log(x / (1 - x)): there a posterior is smooth and falls off exponentially
whatever its shapes, while over x it may be infinite at 0 or 1. Panels are as narrow as the narrowest posterior near
them, so that widths may differ a thousandfold, and each is integrated by Gauss-Legendre.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import CountsError
from engine.fields import described, plain

Floats = NDArray[np.float64]

NODES = 16
"""Gauss-Legendre nodes a panel."""
NEGLIGIBLE = 45.0
"""Posterior tails are left out where their density is e^-45 of its peak: far below rounding."""
NEGLIGIBLE_LOSS = 700.0
"""Losses keep what is far smaller: they may be tiny, and then the tails are all there is."""
LOG_SMALLEST = 700.0
"""Beyond this log-odds, rates are too near 0 or 1 for the incomplete beta function; there its first term is exact."""
SMALL = 1e-4
"""A chance below this is better known than what it leaves of 1."""
SMALLEST = 1e-60
"""Chances below this are none; the product of all lines' chances keeps within the range of numbers."""
FEWEST_LINES = 2
MOST_LINES = 64
MOST_COUNTED = 1e12
"""Beyond this, sums of counts lose whole conversions."""
_UP_TO = f"must be a number up to {plain(MOST_COUNTED)}"
SINGULAR = 2.0
"""Half the distance in z to the poles of every density, at +-i pi beside z = 0: no panel there is wider."""


def chance_to_be_best(conversions: ArrayLike, sends: ArrayLike, prior: Sequence[float] = (1, 1)) -> Floats:
    """Return each line's chance to have the highest rate, float (K,), by numerical integration to about 1e-8.

    Args:
        conversions: conversions of each line (K,); fractions are allowed, for credits.
        sends: sends of each line (K,).
        prior: conversions and misses that each line is credited with beforehand, both above 0.

    Raises:
        CountsError: counts that no campaign can have.

    >>> chance_to_be_best([40, 55], [1000, 1000]).round(4).tolist()
    [0.0581, 0.9419]
    """
    return _posteriors(conversions, sends, prior).chances()


def expected_loss(conversions: ArrayLike, sends: ArrayLike, prior: Sequence[float] = (1, 1)) -> Floats:
    """Return what each line falls short of the best one on average, float (K,), as a difference of rates.

    It is the integral of F_k (1 - prod of the other F): nothing is subtracted, so tiny losses are right too.
    Arguments and errors are those of `chance_to_be_best`.

    >>> expected_loss([40, 55], [1000, 1000]).round(5).tolist()
    [0.01521, 0.00024]
    """
    return _posteriors(conversions, sends, prior).losses()


def value_remaining(
    conversions: ArrayLike, sends: ArrayLike, prior: Sequence[float] = (1, 1), quantile: float = 0.95
) -> float:
    """Return how much better than the leader some other line may still be, as a share of the leader's rate.

    The leader is the line that is most likely the best; the answer is a quantile of (highest rate - leader's rate) /
    leader's rate, 0 where the leader is the best line with at least that chance, infinite where it exceeds 1e304.
    Arguments and errors are those of `chance_to_be_best`.

    Source: Scott (2010), A modern Bayesian look at the multi-armed bandit, Applied Stochastic Models 26.

    >>> round(value_remaining([40, 55], [1000, 1000]), 4), value_remaining([40, 155], [1000, 1000])
    (0.0148, 0.0)
    """
    if not 0.0 < quantile < 1.0:
        raise CountsError(f"quantile: got {described(quantile)}; must be between 0 and 1. Enter 0.95, say.")
    return _posteriors(conversions, sends, prior).value_remaining(quantile)


def highest(inside: Floats, below: Floats) -> Floats:
    """Return each line's chance to be the highest, (K,), from `Posteriors.steps`."""
    others = np.ones_like(below)
    others[1:] *= np.cumprod(below[:-1], axis=0)
    others[:-1] *= np.cumprod(below[:0:-1], axis=0)[::-1]
    chances: Floats = (inside * others).sum(axis=1)
    return chances


def highest_two(inside: Floats, below: Floats) -> Floats:
    """Return the chance (K, K) that one line is the highest and another the second, from steps of rank 2.

    The line of the row is the highest. The second is in the step, the highest above it, all others below.
    """
    log_below = np.log(np.maximum(below, SMALLEST))
    # half of the product of all to either factor, so that neither leaves the range of numbers
    half = log_below.sum(axis=0) / 2.0
    pairs: Floats = ((1.0 - below) * np.exp(half - log_below)) @ (inside * np.exp(half - log_below)).T
    np.fill_diagonal(pairs, 0.0)
    return pairs


def _spread_alike(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return steps through a region in which every line is spread alike: F is low (K,) at its start, high at its end.

    Chances of what happens in there are polynomials of the way through, of a degree below K: the steps are exact.
    """
    way, weight = _legendre(MOST_LINES // 2)
    way, weight = (1.0 + way) / 2.0, weight / 2.0
    share = (high - low)[:, np.newaxis]
    return share * weight, low[:, np.newaxis] + share * way


@dataclass(frozen=True)
class Posteriors:
    """Beta posteriors of K lines, each as a density of z, the logarithm of the odds."""

    alpha: Floats  # (K,)
    beta: Floats  # (K,)

    @cached_property
    def centre(self) -> Floats:
        """Where each density of z peaks."""
        return np.log(self.alpha) - np.log(self.beta)

    @cached_property
    def width(self) -> Floats:
        """Each density's standard deviation if it were the normal one with the same peak."""
        return np.sqrt(1.0 / self.alpha + 1.0 / self.beta)

    def landmarks(self) -> "Posteriors":
        """Return posteriors whose centres and widths show everywhere where these change quickly.

        A shape below 1 makes one side nearly flat, and the whole wide; where that side begins, the change is no
        slower than with a shape of 1.
        """
        flat = np.minimum(self.alpha, self.beta) < 1.0
        begins = [np.maximum(shapes[flat], 1.0) for shapes in (self.alpha, self.beta)]
        return Posteriors(np.append(self.alpha, begins[0]), np.append(self.beta, begins[1]))

    def reach(self, drop: float) -> tuple[Floats, Floats]:
        """Return where each density has fallen to e^-drop of its peak, on either side, or a little further out."""
        normal = self.width * math.sqrt(2.0 * drop)
        return self.centre - normal - drop / self.alpha, self.centre + normal + drop / self.beta

    def log_below(self, z: Floats) -> Floats:
        """Return log F at points z (N,): (K, N)."""
        return _log_below(self.alpha[:, np.newaxis], self.beta[:, np.newaxis], z)

    def chances(self) -> Floats:
        """Return each line's chance to be the highest, (K,)."""
        return highest(*self.steps())

    def steps(
        self, rank: int = 1, equal_below: float = -math.inf, equal_above: float = math.inf
    ) -> tuple[Floats, Floats]:
        """Return where the highest line may be, or the one of another rank, in N small steps: (K, N) twice.

        The first is each line's chance to be in the step, the second its chance to be below it, as integration over z
        takes them. Log-odds below or above the given ones count as equal: one is drawn to be the higher. That is as if
        every line were spread alike over what is equal, which gives such a region steps of its own.
        """
        low, high = self.reach(NEGLIGIBLE)
        start, end = max(float(np.sort(low)[-rank]), equal_below), min(float(high.max()), equal_above)
        z, weight = self._grid(start, end)
        inside = np.exp(log_density(self.alpha[:, np.newaxis], self.beta[:, np.newaxis], z)) * weight
        steps = [(inside, self.below(z))]
        if start == equal_below:
            steps.append(_spread_alike(np.zeros_like(self.alpha), self.below(np.array([start]))[:, 0]))
        if end == equal_above:
            steps.append(_spread_alike(self.below(np.array([end]))[:, 0], np.ones_like(self.alpha)))
        return np.concatenate([one for one, _ in steps], axis=1), np.concatenate([two for _, two in steps], axis=1)

    def below(self, z: Floats) -> Floats:
        """Return F at points z (N,), right to rounding of 1: (K, N)."""
        alpha, beta, left = self.alpha[:, np.newaxis], self.beta[:, np.newaxis], z < 0.0
        # of the rate and of what it leaves of 1, the smaller is the one that is known well
        own = _tail(np.where(left, alpha, beta), np.where(left, beta, alpha), -np.abs(z))
        return np.where(left, own, 1.0 - own)

    def losses(self) -> Floats:
        """Return what each line falls short of the highest on average, (K,)."""
        low, high = self.reach(NEGLIGIBLE_LOSS)
        # the rate itself is below e^-700 beyond these
        ends = np.clip([low.min(), high.max()], -LOG_SMALLEST, LOG_SMALLEST)
        z, weight = self._grid(*ends.tolist())
        below = self.log_below(z)
        from scipy.special import expit

        return (np.exp(below) * -np.expm1(_sum_of_others(below))) @ (weight * expit(z) * expit(-z))

    def value_remaining(self, quantile: float) -> float:
        """Return this quantile of (highest - leader) / leader, of the line most likely the highest."""
        from scipy.optimize import brentq

        leader = int(self.chances().argmax())

        def excess(log_value: float) -> float:
            return self._chance_within(leader, log_value) - quantile

        if excess(-LOG_SMALLEST) >= 0.0:
            return 0.0
        if excess(LOG_SMALLEST) <= 0.0:
            return math.inf
        return math.exp(brentq(excess, -LOG_SMALLEST, LOG_SMALLEST, xtol=1e-10))

    def _chance_within(self, leader: int, log_value: float) -> float:
        """Return the chance that no line's rate exceeds the leader's by more than the share e^log_value of it."""
        own = Posteriors(self.alpha[leader : leader + 1], self.beta[leader : leader + 1])
        rest = Posteriors(np.delete(self.alpha, leader), np.delete(self.beta, leader))
        low, high = (float(end[0]) for end in own.reach(NEGLIGIBLE))
        surpassed = -log_value  # from these odds on, the leader's rate times (1 + value) is above 1
        high = min(high, max(low, surpassed))
        within = 0.0
        if low < high:
            z, weight = panels(low, high, *_scaled_scales(own.landmarks(), rest.landmarks(), log_value))
            density = log_density(own.alpha, own.beta, z)
            within = float(np.exp(density + rest.log_below(_scaled_odds(z, log_value)).sum(axis=0)) @ weight)
        return within + float(-np.expm1(_log_below(own.alpha, own.beta, np.array([high])))[0])

    def _grid(self, low: float, high: float) -> tuple[Floats, Floats]:
        marks = self.landmarks()
        return panels(low, high, marks.centre, marks.width)


def _posteriors(conversions: ArrayLike, sends: ArrayLike, prior: Sequence[float]) -> Posteriors:
    won, sent, before = _numbers("conversions", conversions), _numbers("sends", sends), _numbers("prior", prior)
    if len(won) < FEWEST_LINES:
        raise CountsError(f"conversions: got {len(won)}; there must be at least two lines to compare. Add a line.")
    if len(sent) != len(won):
        raise CountsError(
            f"sends: got {len(sent)}; must be one number for each of the {len(won)} lines. Give as many as conversions."
        )
    _refuse_any("conversions", won, won < 0.0, "must be 0 or more", "Enter at least 0.")
    too_many = "must not be above the line's sends"
    _refuse_any("conversions", won, won > sent, too_many, "Check that both lists have the lines in the same order.")
    if len(before) != 2:  # noqa: PLR2004 - conversions and misses
        raise CountsError(f"prior: got {len(before)}; must be two numbers, conversions and misses. Enter (1, 1), say.")
    _refuse_any("prior", before, before <= 0.0, "must be above 0", "Enter 1 to believe every rate equally.")
    return Posteriors(won + before[0], sent - won + before[1])


def _numbers(field: str, given: ArrayLike) -> Floats:
    try:
        numbers = np.asarray(given, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise CountsError(
            f"{field}: got {described(given)}; must be a list of numbers. Give one for each line."
        ) from None
    if numbers.ndim != 1:
        raise CountsError(f"{field}: got {numbers.ndim} dimensions; must be a list of numbers. Give one for each line.")
    _refuse_any(field, numbers, ~(np.abs(numbers) <= MOST_COUNTED), _UP_TO, "Leave out what is not counted.")
    return numbers


def _refuse_any(field: str, numbers: Floats, wrong: NDArray[np.bool_], allowed: str, remedy: str) -> None:
    """Name the first number that is wrong, by its place in the list."""
    if wrong.any():
        place = int(wrong.argmax())
        raise CountsError(f"{field}.{place}: got {plain(float(numbers[place]))}; {allowed}. {remedy}")


def _scaled_odds(z: Floats, log_value: float) -> Floats:
    """Return the log-odds of x (1 + value) where z are those of x; x (1 + value) must be below 1.

    With u = e^z: x (1 + v) = u (1 + v) / (1 + u), and one minus it is (1 - u v) / (1 + u).
    """
    log_one_plus = np.logaddexp(0.0, log_value)
    short = np.maximum(-np.expm1(z + log_value), np.finfo(np.float64).tiny)
    scaled: Floats = z + log_one_plus - np.log(short)
    return scaled


def _scaled_scales(own: Posteriors, rest: Posteriors, log_value: float) -> tuple[Floats, Floats]:
    """Return where the integrand changes, and over which width: the leader, and the others' rates / (1 + value)."""
    log_one_plus = np.logaddexp(0.0, log_value)
    rate = rest.alpha / (rest.alpha + rest.beta)
    log_scaled = np.log(rate) - log_one_plus
    log_rest = np.log1p(-np.exp(log_scaled))
    centre = log_scaled - log_rest
    width = rest.width * np.exp(np.log1p(-rate) - log_rest)
    # Near the odds at which the leader's rate times (1 + value) reaches 1, the others' log-odds go to infinity.
    edge = np.array([-log_value])
    return np.concatenate([own.centre, centre, edge]), np.concatenate([own.width, width, np.array([1e-3])])


@cache
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    places, weights = np.polynomial.legendre.leggauss(nodes)
    return places, weights


def panels(low: float, high: float, centre: Floats, width: Floats) -> tuple[Floats, Floats]:
    """Return nodes and weights from low to high; panels are as wide as the narrowest posterior near, wider far off."""
    centre, width = np.append(centre, 0.0), np.append(width, SINGULAR)
    edges = [low]
    while edges[-1] < high:
        edges.append(edges[-1] + float((width + 0.2 * np.abs(edges[-1] - centre)).min()))
    edges[-1] = high
    places, weights = _legendre(NODES)
    ends = np.array(edges)
    middle, half = (ends[1:] + ends[:-1]) / 2.0, np.diff(ends) / 2.0
    return (middle[:, np.newaxis] + half[:, np.newaxis] * places).ravel(), (half[:, np.newaxis] * weights).ravel()


def log_density(alpha: Floats, beta: Floats, z: Floats) -> Floats:
    """Return the logarithm of the posterior's density of z."""
    from scipy.special import betaln, log_expit

    density: Floats = alpha * log_expit(z) + beta * log_expit(-z) - betaln(alpha, beta)
    return density


def _log_below(alpha: Floats, beta: Floats, z: Floats) -> Floats:
    """Return the logarithm of the chance that the log-odds are below z, exact in both tails."""
    below, above = _tail(alpha, beta, z), _tail(beta, alpha, -z)
    # Far from 0, one of the two rates rounds to 1: the chance on that side is only good for being small.
    by_below = np.where(z < 0.0, above > SMALL, below < SMALL)
    with np.errstate(divide="ignore"):
        log_below: Floats = np.where(by_below, np.log(below), np.log1p(-above))
    return log_below


def _tail(alpha: Floats, beta: Floats, z: Floats) -> Floats:
    """Return the chance that the log-odds are below z, exact where z is below 0."""
    from scipy.special import betainc, betaln, expit

    below = np.asarray(betainc(alpha, beta, expit(z)), np.float64)
    if z.min(initial=0.0) < -LOG_SMALLEST:
        first_term = np.exp(np.minimum(alpha * z - np.log(alpha) - betaln(alpha, beta), 0.0))
        np.copyto(below, first_term, where=z < -LOG_SMALLEST)
    return below


def _sum_of_others(rows: Floats) -> Floats:
    """Return the sum over all other rows, (K, N): added up from both ends, as taking one away would lose digits."""
    out = np.zeros_like(rows)
    out[1:] += np.cumsum(rows[:-1], axis=0)
    out[:-1] += np.cumsum(rows[:0:-1], axis=0)[::-1]
    return out
