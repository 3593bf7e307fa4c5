"""The five estimators: a value and its standard error, from a log and what the target would have done.

w = target's chance / propensity, of the line that was sent; q = mean reward of a line in a segment. Means over sends.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import TargetError
from engine.evaluation.logs import Log

Floats = NDArray[np.float64]
Method = Literal["replay", "ips", "snips", "dm", "dr"]


class Value(NamedTuple):
    """An estimate of the mean reward of a send."""

    value: float
    standard_error: float


def weights_of(log: Log, target: Floats) -> Floats:
    """Return how much each send of the log counts for the target, (n,)."""
    weights: Floats = target[np.arange(len(log)), log.arm] / log.propensity
    return weights


def replay(log: Log, target: Floats) -> Value:
    """Mean reward of the sends on which log and target agree.

    For a target that sends one line to each recipient, and fair where the log split its sends evenly.

    Source: Li, Chu, Langford and Schapire (2010), A contextual-bandit approach to personalized news article
    recommendation, WWW, and Li, Chu, Langford and Wang (2011), WSDM.

    Raises:
        TargetError: a target that leaves something to chance.
    """
    if not all(np.isin(chances, (0.0, 1.0)).all() for chances in target.T):
        raise TargetError(
            "method: got 'replay' for a target that leaves something to chance; replay can only compare decisions. "
            "Use 'snips' or 'dr'."
        )
    return _mean(log.reward[target[np.arange(len(log)), log.arm] == 1.0])


def inverse_propensity(log: Log, target: Floats) -> Value:
    """Mean of w r: unbiased, and noisy where the target often does what the log hardly ever did.

    Source: Horvitz and Thompson (1952), A generalization of sampling without replacement from a finite universe, JASA 47.
    """
    return _mean(weights_of(log, target) * log.reward)


def self_normalised(log: Log, target: Floats) -> Value:
    """Sum of w r over the sum of w: a little biased, far less noisy; its error by linearisation.

    Source: Swaminathan and Joachims (2015), The self-normalized estimator for counterfactual learning, NIPS.
    """
    weights = weights_of(log, target)
    whole = weights.sum()
    value = float(weights @ log.reward / whole) if whole > 0.0 else np.nan
    error = float(np.sqrt(weights**2 @ (log.reward - value) ** 2) / whole) if whole > 0.0 else np.nan
    return Value(value, error)


def direct(log: Log, target: Floats) -> Value:
    """Mean of q over the lines that the target would send: as good as the observed rates, which learning biases."""
    modelled = _modelled(log, target)
    S, K = log.means.shape
    by_cell = np.stack([np.bincount(log.segment, target[:, arm], S) for arm in range(K)], axis=1) / len(log)
    of_rates = (by_cell**2 * log.variances / np.maximum(log.cells, 1)).sum()
    return Value(float(modelled.mean()), float(np.sqrt(of_rates + modelled.var() / len(log))))


def doubly_robust(log: Log, target: Floats) -> Value:
    """Mean of the target's q plus w (r - q): right where either the rates or the propensities are, and less noisy.

    Source: Dudík, Langford and Li (2011), Doubly robust policy evaluation and learning, ICML.
    """
    modelled = _modelled(log, target)
    residual = log.reward - log.means[log.segment, log.arm]
    return _mean(modelled + weights_of(log, target) * residual)


def _modelled(log: Log, target: Floats) -> Floats:
    """Return the target's q of each send, (n,), line by line: as many numbers as all lines have fill the memory."""
    found = np.zeros(len(log))
    for arm in np.flatnonzero(target.any(axis=0)).tolist():
        chances = target[:, arm]
        found += np.where(chances > 0.0, chances * log.means[log.segment, arm], 0.0)
    return found


def _mean(values: Floats) -> Value:
    if len(values) == 0:
        return Value(np.nan, np.nan)
    spread = float(values.std(ddof=1)) if len(values) > 1 else np.nan
    return Value(float(values.mean()), spread / len(values) ** 0.5)


ESTIMATORS: Final[Mapping[Method, Callable[[Log, Floats], Value]]] = {
    "replay": replay,
    "ips": inverse_propensity,
    "snips": self_normalised,
    "dm": direct,
    "dr": doubly_robust,
}
