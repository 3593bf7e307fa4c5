"""One campaign with all that its guardrails did, send by send, and what follows from that without asking the engine."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import Scenario
from engine.blocks import Block, run_block, template_of
from engine.guarded import watch_before
from engine.plan import ANSWER, ARM, BY, Watch
from engine.rails import BY_RANK, place_of
from engine.rng import ARM_SLOTS, COMPLAINTS, GAMMA, mix, stream_key

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

POLICY = -1
"""Who decided, where no guardrail did."""


@dataclass(frozen=True)
class Witness:
    """What is known of every send of a campaign of n sends of K lines."""

    scenario: Scenario
    policy: int
    replication: int
    watch: Watch

    @property
    def arms(self) -> Whole:
        """The line of each send, (n,)."""
        return self.watch.sends[:, ARM].astype(np.int64)

    @property
    def answers(self) -> Whole:
        """Whether each recipient converts, (n,)."""
        return self.watch.sends[:, ANSWER].astype(np.int64)

    @property
    def by(self) -> Whole:
        """The place of the guardrail that decided, or POLICY, (n,)."""
        return self.watch.sends[:, BY].astype(np.int64)

    def made_by(self, guardrail: str) -> Flags:
        """Which sends this guardrail decided, (n,)."""
        return np.equal(self.by, place_of(guardrail))

    @cached_property
    def masks(self) -> Flags:
        """Among which lines each guardrail splits what it takes, and last those that the policy may choose, (n, G + 1, K)."""
        return as_flags(self.watch.masks, len(self.scenario.arms))

    @property
    def allowed(self) -> Flags:
        """Which lines the policy may choose, (n, K)."""
        return self.masks[:, -1]

    @cached_property
    def sent(self) -> Whole:
        """Sends of each line before each send, and after all of them, (n + 1, K)."""
        return before(self._one_hot)

    @cached_property
    def _one_hot(self) -> Whole:
        return np.eye(len(self.scenario.arms), dtype=np.int64)[self.arms]

    @cached_property
    def complaints(self) -> Whole:
        """Complaints about each line before each send, and after all of them, (n + 1, K)."""
        rates = np.array([arm.complaint_rate for arm in self.scenario.arms])
        return before(self._one_hot * (complaint_draws(self.scenario, self.replication) < rates))

    @cached_property
    def present(self) -> Flags:
        """Which lines the world has at each send, (n, K)."""
        course, K = self.scenario.course(self.replication, 1), len(self.scenario.arms)
        if course.present is None:
            return np.ones((self.scenario.sends, K), np.bool_)
        spells = np.searchsorted(course.ends, np.arange(self.scenario.sends), side="right")
        return as_flags(course.present[course.rows[spells]], K)

    @cached_property
    def is_over(self) -> Flags:
        """Whether a line's complaints have been above the pause rule's limit after any of its sends so far, (n, K)."""
        rule = self.scenario.guardrail("pause_rule")
        if rule is None:
            return np.zeros_like(self.present)
        sent, complaints = self.sent[:-1], self.complaints[:-1]
        over: Flags = np.logical_or.accumulate((sent >= rule.after_sends) & (complaints > rule.limit * sent))
        return over

    @property
    def is_left(self) -> Flags:
        """Which lines are there and not paused, (n, K); none where all that are there should be."""
        return self.present & ~self.is_over

    @cached_property
    def certain(self) -> Floats:
        """The chance that the guardrails alone give each line, whatever the policy, (n, K)."""
        chances, left = np.zeros(self.present.shape), np.ones((len(self.arms), 1))
        for place in range(len(BY_RANK)):
            share, among = np.minimum(self.watch.shares[:, [place]], 1.0), self.masks[:, place]
            chances += left * share * among / np.maximum(among.sum(axis=1, keepdims=True), 1)
            left = left * (1 - share)
        return chances


def witness(scenario: Scenario, policy: int = 0, replication: int = 0) -> Witness:
    """Look at every send of one campaign."""
    size = len(template_of(scenario, policy))
    watch = watch_before(np.arange(scenario.sends), size, scenario.sends)
    run_block(scenario, Block(policy, replication, 1), watch=watch)
    return Witness(scenario, policy, replication, watch)


def as_flags(masks: NDArray[np.uint64], K: int) -> Flags:
    """Return the bits of masks as a last axis of K."""
    bits: Flags = (masks[..., np.newaxis] >> np.arange(K, dtype=np.uint64)) & np.uint64(1) == 1
    return bits


def before(each: Whole) -> Whole:
    """Return the sums before each row and after the last."""
    return np.vstack([np.zeros_like(each[:1]), each.cumsum(axis=0)])


def complaint_draws(scenario: Scenario, replication: int) -> Floats:
    """Return the numbers in [0, 1) that are below a line's rate where its recipient would complain, (n, K)."""
    start = stream_key(np.uint64(scenario.seed), np.uint64(replication), COMPLAINTS)
    sends, arms = np.ix_(np.arange(scenario.sends, dtype=np.uint64), np.arange(len(scenario.arms), dtype=np.uint64))
    return _unit(_mix(start + (sends * ARM_SLOTS + arms + np.uint64(1)) * GAMMA))


_mix: Any = mix.function  # plain arithmetic: right for whole arrays too


def _unit(bits: NDArray[np.uint64]) -> Floats:
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
