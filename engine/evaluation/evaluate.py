"""`evaluate`: what a target would have earned a send, from a log, with how far that can be trusted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import TargetError
from engine.evaluation.estimators import ESTIMATORS, Method, Value
from engine.evaluation.logs import Log, read_log
from engine.evaluation.overlap import MOST_UNSEEN, Overlap, overlap_of
from engine.evaluation.targets import chances_of
from engine.inference import t_quantile, wilson_interval

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
NOTHING_KNOWN = (np.nan, np.nan)
NEED_CHANCES: Final[frozenset[Method]] = frozenset({"ips", "snips", "dr"})
"""Methods that weigh sends by the chances with which they were made."""
NEED_A_CHANCE_EVERYWHERE: Final[frozenset[Method]] = frozenset({"ips", "dr"})
"""Methods that a target misleads which had no chance in a part of the sends: "ips" takes it for worth nothing there, and
"dr" for known by its model, of whose own uncertainty its error says nothing."""


@dataclass(frozen=True)
class Estimate:
    """The mean reward of a send under a target; NaN where the log cannot tell."""

    value: float
    standard_error: float
    interval: tuple[float, float]  # 90%; NaN where too little speaks for it
    effective_sample_size: float
    largest_weight: float  # share of all weight that a single send has
    warnings: tuple[str, ...]  # in plain words, what the estimate cannot promise


def evaluate(
    log: "pd.DataFrame | Log", target: str | ArrayLike, method: Method = "dr", *, reward: str = "reward"
) -> Estimate:
    """Return what a target would have earned a send, judged by the log of another policy.

    Args:
        log: a row a send, with the columns that `read_log` names; such as `decision_log` gives.
        target: a line's name; or chances of every line, (K,) for everybody or (n, K), in the order of the log's lines.
        method: "replay", "ips", "snips" (self-normalised), "dm" (direct method) or "dr" (doubly robust).
        reward: the column that is evaluated, such as "reward" or "value".

    Raises:
        LogError: a log that cannot be read.
        TargetError: a target or method that does not fit the log.

    >>> from engine import Scenario
    >>> from engine.decision_log import decision_log
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.3}], "policies": [{"name": "epsilon_greedy"}],
    ...     "sends": 4_000, "seed": 1, "guardrails": [{"name": "minimum_share", "share": 0.1}]})
    >>> found = evaluate(decision_log(scenario), "A", "snips")
    >>> found.interval[0] < 0.1 < found.interval[1], found.warnings
    (True, ())
    """
    if method not in ESTIMATORS:
        raise TargetError(f"method: got {method!r}; must be one of {', '.join(get_args(Method))}.")
    read = log if isinstance(log, Log) else read_log(log, reward)
    chances = chances_of(read, target)
    return estimate(read, chances, overlap_of(read, chances), method)


def estimate(log: Log, target: Floats, overlap: Overlap, method: Method) -> Estimate:
    """Return what a target (n, K) would have earned a send, where it is known how far the log can speak of it.

    Raises:
        TargetError: a method that does not fit the target or the log.
    """
    if log.is_guessed and method in NEED_CHANCES:
        raise TargetError(
            f"method: got {method!r} for a log without chances; it weighs sends by them. Use 'dm', or bring the chances."
        )
    found = ESTIMATORS[method](log, target)
    if not overlap.is_enough:
        found = Value(found.value if overlap.effective_sample_size > 0 and not overlap.unseen else np.nan, np.nan)
    if method in NEED_A_CHANCE_EVERYWHERE and overlap.no_chance > max(MOST_UNSEEN, overlap.unseen):
        found = Value(np.nan, np.nan)
    return Estimate(
        value=found.value,
        standard_error=found.standard_error,
        interval=_interval(log, found, overlap),
        effective_sample_size=overlap.effective_sample_size,
        largest_weight=overlap.largest_weight,
        warnings=overlap.warnings,
    )


def _interval(log: Log, found: Value, overlap: Overlap) -> tuple[float, float]:
    """Return the 90% interval.

    Of a mean of answers, yes or no, it is Wilson's with as many sends as would be as uncertain: conversions are few, and a
    symmetric interval would be too low. Of other rewards it is Student's with as many sends as effectively count.
    """
    if not overlap.is_enough or np.isnan(found.standard_error):
        return NOTHING_KNOWN
    count = overlap.effective_sample_size
    if np.isin(log.reward, (0.0, 1.0)).all() and 0.0 <= found.value <= 1.0:
        spread = found.value * (1.0 - found.value)
        sends = spread / found.standard_error**2 if found.standard_error > 0.0 else count
        low, high = wilson_interval(np.array([found.value * sends]), np.array([sends]))
        return float(low[0]), float(high[0])
    half = t_quantile(max(2, round(count))) * found.standard_error
    return found.value - half, found.value + half
