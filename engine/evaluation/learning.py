"""A policy that learns, replayed through the log of another one: it sees the sends on which both agree.

Of the log, so much is kept that every line is as likely as any other for every recipient; then the sends on which the
policy agrees are a fair sample of those that it would have made.

Source: Li, Chu, Langford and Wang (2011), Unbiased offline evaluation of contextual-bandit-based news article
recommendation algorithms, WSDM, algorithm 2; thinning by propensity in place of an even split.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.catalogue import POLICIES
from engine.choosing import all_may
from engine.errors import TargetError
from engine.evaluation.evaluate import Estimate, evaluate
from engine.evaluation.logs import Log, read_log
from engine.evaluation.targets import chances_of
from engine.native import address_of, native
from engine.policy import PolicyParameters, PolicySpec, Situation, choose_signature, update_signature
from engine.rng import GAMMA, POLICY, RAILS, SEND_STRIDE, mix, stream_key, unit
from engine.scenario import Scenario
from engine.segments import Segmentation

if TYPE_CHECKING:
    import pandas as pd

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Replayed:
    """What a policy would have done on the recipients of a log, as far as the log can tell."""

    estimate: Estimate  # of the mean reward of its sends
    used: NDArray[np.bool_]  # (n,) the rows of the log that it saw
    sends: Whole  # (K,) of each line


def replay_policy(
    log: "pd.DataFrame | Log", policy: dict[str, Any], *, seed: int = 42, reward: str = "reward"
) -> Replayed:
    """Return what a policy earns that learns while it goes through a log.

    Args:
        log: a row a send, as `read_log` takes it; rewards from 0 to 1.
        policy: its name and settings, as a scenario takes them.
        seed: decides its luck, and which rows are kept.
        reward: the column that is evaluated.

    Raises:
        LogError: a log that cannot be read.
        ScenarioError: a policy that is unknown or has wrong settings.
        TargetError: a log without chances, a reference such as the oracle, rewards outside 0 to 1, or a log that never sent some line.

    >>> from engine import Scenario
    >>> from engine.decision_log import decision_log
    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.4}], "policies": [{"name": "ab_split"}],
    ...     "sends": 2_000, "seed": 1})
    >>> found = replay_policy(decision_log(scenario), {"name": "thompson"})
    >>> found.sends.sum() > 900, found.sends[1] > 10 * found.sends[0]
    (np.True_, np.True_)
    """
    read = log if isinstance(log, Log) else read_log(log, reward)
    spec, parameters = _policy(read, policy)
    _refuse_guessed(read)
    _refuse_rewards(read, reward)
    K = len(read.arms)
    shares = np.bincount(read.segment, minlength=len(read.segments)) / len(read)
    segmentation = Segmentation({"audience": read.segments}, shares, np.ones((len(read.segments), K)))
    state = spec.prepare(parameters, Situation(K, len(read), 1, segmentation))
    used = np.zeros(len(read), np.uint8)
    _player()(
        spec.choose.compiled(choose_signature()), spec.update.compiled(update_signature()), state, K,
        read.arm, read.segment, read.reward, _kept(read), np.uint64(seed), used,
    )  # fmt: skip
    return Replayed(_estimate(read, used > 0), used > 0, np.bincount(read.arm[used > 0], minlength=K))


def warm(policies: Iterable[str]) -> None:
    """Compile, or load from disk, what replaying these policies takes, by their names."""
    _player()
    for name in policies:
        POLICIES[name].choose.compiled(choose_signature())
        POLICIES[name].update.compiled(update_signature())


def _policy(log: Log, policy: dict[str, Any]) -> tuple[PolicySpec, PolicyParameters]:
    """Return a policy and its settings, checked as those of a scenario are."""
    asked = Scenario.from_dict({"arms": [{"name": name} for name in log.arms], "policies": [policy]})
    if asked.specs[0].is_reference:
        raise TargetError(
            f"policy: got {asked.policies[0].name!r}, which knows the true rates and cannot learn from a log. Choose another."
        )
    return asked.specs[0], asked.policies[0]


def _refuse_guessed(log: Log) -> None:
    if log.is_guessed:
        raise TargetError(
            "propensity: the log does not say with which chance each line was sent, so that no policy can be replayed through it. "
            "Bring the chances, or say that the split was even."
        )


def _refuse_rewards(log: Log, reward: str) -> None:
    if log.reward.min() < 0.0 or log.reward.max() > 1.0:
        raise TargetError(
            f"{reward}: got rewards from {log.reward.min():g} to {log.reward.max():g}; policies learn from rewards between 0 "
            "and 1. Replay conversions, or divide by the largest."
        )


def _kept(log: Log) -> NDArray[np.float64]:
    """Return the chance to keep each row, so that every line is as likely as the others for every recipient."""
    never = log.cells.sum(axis=0) == 0
    if never.any():
        arm = log.arms[int(np.argmax(never))]
        raise TargetError(
            f"policy: this log never sent line {arm}, so a policy could not be replayed. Log some sends of it."
        )
    least = log.propensity.min() if log.chances is None else log.chances.min()
    if least <= 0.0:
        raise TargetError(
            "policy: this log gave some line no chance at times, so a policy that learns cannot be replayed through it. Log "
            "with a minimum share."
        )
    kept: NDArray[np.float64] = np.minimum(least / log.propensity, 1.0)
    return kept


def _estimate(log: Log, used: NDArray[np.bool_]) -> Estimate:
    """Return the mean reward of the used rows, as that of a log in which all went as the policy wished."""
    seen = Log(
        log.arms, log.segments, log.arm[used], log.segment[used], np.ones(int(used.sum())), log.reward[used], None
    )
    target = np.eye(len(log.arms))[seen.arm] if used.any() else chances_of(log, log.arms[0])
    return evaluate(seen if used.any() else log, target, "ips" if used.any() else "replay")


@native(on_disk=True)
def play_through(  # noqa: PLR0917  # compiled code takes no keywords
    choose: Any, update: Any, state: np.ndarray, K: int, arms: np.ndarray, segments: np.ndarray, rewards: np.ndarray,
    kept: np.ndarray, seed: np.uint64, used: np.ndarray,
) -> None:  # fmt: skip
    """Let a policy choose for each kept row; where it agrees, it is told what came of it, and the row is marked."""
    memory, t = address_of(state), 0
    own, thinning = stream_key(seed, np.uint64(0), POLICY), stream_key(seed, np.uint64(0), RAILS)
    for row in range(arms.shape[0]):
        if unit(mix(thinning + np.uint64(row) * GAMMA)) >= kept[row]:
            continue
        arm = choose(memory, K, t, segments[row], all_may(K), own + np.uint64(row) * SEND_STRIDE)
        if arm == arms[row]:
            update(memory, K, t, t, segments[row], arm, 1.0, rewards[row])
            used[row] = 1
            t += 1


@cache
def _player() -> Any:
    from numba import types as nb

    choose, update = nb.FunctionType(choose_signature()), nb.FunctionType(update_signature())
    f8s, i8s, i8 = nb.float64[::1], nb.int64[::1], nb.int64
    return play_through.compiled(nb.void(choose, update, f8s, i8, i8s, i8s, f8s, f8s, nb.uint64, nb.uint8[::1]))
