"""The loop over sends once more, in plain Python: a list of all that was sent, and at each decision a look through it.

Only the hashes and the policies are the engine's own. Worlds of every kind, delays and a holdout; other guardrails not.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import Scenario, rng
from engine.blocks import template_of
from engine.catalogue import DELAYS
from engine.choosing import random_arm
from engine.delay import WaitingParameters
from engine.policy import BEST_NOW
from engine.rails import counters_of
from tests.engine.contract import Player, all_of

TOO_LATE = -1


@dataclass
class Send:
    """One e-mail."""

    number: int
    arm: int
    is_held_out: bool
    success: bool  # of which the policy will be told
    converts: bool  # in time
    known_at: int  # sends after which its success is known; TOO_LATE, or 0 without one
    missed: float
    is_told: bool = False
    is_heard: bool = False


@dataclass
class SlowCampaign:
    """One campaign of a scenario's first policy."""

    sends: list[Send]
    lost: int

    def arms(self) -> list[int]:
        """What each recipient was sent."""
        return [send.arm for send in self.sends]

    def counts(self, until: int, K: int) -> NDArray[np.int64]:
        """Sends, conversions and known conversions of the first sends, for each line: (3, K)."""
        so_far = self.sends[:until]
        wanted = (
            so_far,
            [send for send in so_far if send.converts],
            [send for send in so_far if send.converts and send.known_at <= until],
        )
        return np.array([np.bincount([send.arm for send in some], minlength=K) for some in wanted])

    def missed(self, until: int) -> float:
        """Expected regret of the first sends."""
        return math.fsum(send.missed for send in self.sends[:until])


class Slowly:
    """A campaign while it runs."""

    def __init__(self, scenario: Scenario, replication: int) -> None:
        self.asked, self.K = scenario, len(scenario.arms)
        self.course = scenario.course(replication, 1)
        self.row_at = np.repeat(self.course.rows, np.diff(self.course.ends, prepend=0))
        self.policy = Player(scenario.policies[0].name, self.K)
        self.policy.state = template_of(scenario, 0)
        self.replication = replication
        self.own_sends = [0] * self.K
        self.done = SlowCampaign([], lost=0)
        holdout = scenario.guardrail("holdout")
        self.held_out = 0.0 if holdout is None else holdout.share
        self.delay: Any = scenario.delay if isinstance(scenario.delay, WaitingParameters) else None
        pace = scenario.sends_per_hour or 1
        self.window_sends = math.ceil(self.delay.window_hours * pace) if self.delay else 0

    def run(self) -> SlowCampaign:
        """Send everything."""
        for t in range(self.asked.sends):
            if t > 0 and t % self.asked.sends_between_decisions == 0:
                self.tell(t)
            self.send(t)
        return self.done

    def key(self, purpose: np.uint64, *steps: int) -> np.uint64:
        """The counter of one purpose, moved on by so many steps of the hash."""
        start = int(rng.stream_key(np.uint64(self.asked.seed), np.uint64(self.replication), purpose))
        return np.uint64((start + sum(steps)) % 2**64)

    def rates(self, t: int, table: NDArray[np.float64] | None) -> list[float]:
        """What each line's rates are now, worn out as it is."""
        first = (self.course.rates if table is None else table)[0, self.row_at[t]]
        kept, lowest = self.course.kept, self.course.lowest
        return [rate * (lowest + (1 - lowest) * kept**own) for rate, own in zip(first, self.own_sends, strict=True)]

    def send(self, t: int) -> None:
        """Send one e-mail."""
        mask = all_of(self.K) if self.course.present is None else int(self.course.present[self.row_at[t]])
        now, seen = self.rates(t, None), self.rates(t, self.course.seen)
        best = max((arm for arm in range(self.K) if mask >> arm & 1), key=lambda arm: now[arm])
        arm, is_held_out = self.arm(t, mask, best)
        luck = rng.response(self.key(rng.RESPONSES), t, arm)
        success, converts, known_at = luck < seen[arm], luck < now[arm], 0
        if success:
            known_at = self.known_at(t, arm)
        if known_at == TOO_LATE:
            self.done.lost += converts
            success = converts = False
        self.own_sends[arm] += 1
        missed = (now[best] - now[arm]) * self.share_in_time()
        self.done.sends.append(Send(t, arm, is_held_out, success, converts, known_at, missed))

    def arm(self, t: int, mask: int, best: int) -> tuple[int, bool]:
        """Which line is sent, and whether the recipient is held out."""
        step, own = t * int(rng.SEND_STRIDE), int(counters_of("holdout"))
        if rng.unit(hashed(self.key(rng.RAILS, step, own))) < self.held_out:
            key = self.key(rng.RAILS, step, own, int(rng.GAMMA))
            return random_arm(np.uint64(mask), self.K, key), True
        self.policy.state[BEST_NOW] = best
        return self.policy.choose(t, mask, int(self.key(rng.POLICY, step))), False

    def known_at(self, t: int, arm: int) -> int:
        """After how many sends a success is known."""
        if self.delay is None:
            return t + 1
        spec = DELAYS[self.delay.name]
        assert spec.numbers is not None
        assert spec.hours is not None
        key = self.key(rng.DELAYS, (t * 64 + arm + 1) * int(rng.GAMMA))
        hours = spec.hours(*spec.numbers(self.delay), hashed(key))
        if hours > self.delay.window_hours:
            return TOO_LATE
        return t + max(1, math.ceil(hours * (self.asked.sends_per_hour or 1)))

    def share_in_time(self) -> float:
        """The chance that a conversion counts."""
        share = DELAYS[self.asked.delay.name].share_within
        return share(self.delay, self.delay.window_hours) if share else 1.0

    def tell(self, t: int) -> None:
        """Tell the policy before send t what it does not know yet: sends in order, then successes as they came."""
        learnt = [send for send in self.done.sends if not send.is_held_out]
        by_and_by = self.delay is not None and self.delay.learn_when == "arrival"
        for send in learnt:
            if not send.is_told and (by_and_by or send.number + self.window_sends <= t):
                self.policy.learn(send.number, send.arm, 1, send.success and not by_and_by, t - 1)
                send.is_told = True
        if by_and_by:
            came = [send for send in learnt if send.success and not send.is_heard and send.known_at <= t]
            for send in sorted(came, key=lambda send: (send.known_at, -send.number)):
                self.policy.learn(send.number, send.arm, 0, 1, t - 1)
                send.is_heard = True


def hashed(key: np.uint64) -> np.uint64:
    """The engine's hash; a compiled function hands back Python's own number."""
    return np.uint64(rng.mix(key))


def run_slowly(scenario: Scenario, replication: int = 0) -> SlowCampaign:
    """One campaign of the scenario's first policy."""
    return Slowly(scenario, replication).run()
