"""The exact chance with which each line is sent to a recipient, under every guardrail: what a campaign's record holds.

Given what happened before, a guardrail takes the recipient with the chance that it told, those of lower rank first, and
splits that evenly; the rest goes by the policy's own chances among the lines that it may choose.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Block, run_block, template_of
from engine.plan import SKIPPED, WATCHED, Watch, no_watch
from engine.policy import Chances, State
from engine.propensities import even
from engine.rails import BY_RANK
from engine.scenario import Scenario

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_NUMBERS = 4_000_000
"""Numbers of a policy's memory that are copied in one go; 32 MB."""


def chances(
    scenario: Scenario, policy: int = 0, replication: int = 0, at: Sequence[int] | Whole | None = None
) -> Floats:
    """Return the chance with which each line is sent, given all that happened before, float (n, K).

    Each row adds up to 1 and is 0 where a line may not be sent; of a contact that a frequency cap leaves out, it is all 0.
    Of lines that a policy deals without replacement it is
    the chance over all deals.

    Args:
        scenario: the question.
        policy: place of the policy among the scenario's.
        replication: number of the campaign, from 0.
        at: recipients, from 0, in any order (n,); all of them when left out, which takes about a millisecond each for
            the policies that draw from posteriors.

    Raises:
        IndexError: a policy, campaign or recipient that the scenario does not have.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.04}, {"name": "B", "rate": 0.05}], "policies": [{"name": "ucb1"}],
    ...     "sends": 1_000, "guardrails": [{"name": "minimum_share", "share": 0.1}]})
    >>> chances(scenario, at=[998, 999])
    array([[0.9, 0.1],
           [0.9, 0.1]])
    """
    asked = np.arange(scenario.sends) if at is None else np.asarray(at, np.int64)
    _refuse_beyond("policy", policy, len(scenario.policies))
    _refuse_beyond("replication", replication, scenario.replications)
    for recipient in asked.tolist():
        _refuse_beyond("at", recipient, scenario.sends)
    recipients, places = np.unique(asked, return_inverse=True)
    own = OwnChances(scenario, policy)
    rows = [_row(own, look) for look in looks(scenario, policy, replication, recipients)]
    return np.array(rows).reshape(-1, len(scenario.arms))[places]


class Look(NamedTuple):
    """What decides about a send."""

    t: int  # its number
    state: State  # before it, as much of the policy's memory as its chances depend on
    shares: Floats  # (rails,) the chance with which each guardrail takes the recipient if it is asked
    masks: NDArray[np.uint64]  # (rails + 1,) among which lines each then splits; last: what the policy may choose from
    segment: int  # the recipient's, or SKIPPED


class OwnChances:
    """A policy's own chances; where they rest between decisions, they are worked out once for each."""

    def __init__(self, scenario: Scenario, policy: int) -> None:
        self.lines = len(scenario.arms)
        self._spec = scenario.specs[policy]
        self._every = scenario.sends_between_decisions
        self._decision = -1
        self._known: dict[tuple[int, int], Chances] = {}

    def of(self, look: Look) -> Chances:
        """Return the chance of each line, (K,), if no guardrail takes the recipient."""
        t, state, _, masks, segment = look
        eligible = int(masks[-1])
        if not self._spec.rests:
            return self._spec.choice_probabilities(state, self.lines, t, segment, eligible)
        if t // self._every != self._decision:
            self._decision = t // self._every
            self._known.clear()
        if (segment, eligible) not in self._known:
            found = self._spec.choice_probabilities(state, self.lines, t, segment, eligible)
            self._known[segment, eligible] = found
        return self._known[segment, eligible]


def looks(scenario: Scenario, policy: int, replication: int, at: Whole) -> Iterator[Look]:
    """Yield what decides about the given sends, increasing."""
    size = memory_looked_at(scenario, policy)
    step = max(1, MOST_NUMBERS // size)
    for first in range(0, len(at), step):
        some = at[first : first + step]
        watch = watch_before(some, size)
        run_block(scenario, Block(policy, replication, 1), watch=watch)
        yield from map(Look, some.tolist(), watch.states, watch.shares, watch.masks, watch.segments.tolist())


def memory_looked_at(scenario: Scenario, policy: int) -> int:
    """Return how many numbers at the front of a policy's memory its chances depend on."""
    whole, front = len(template_of(scenario, policy)), scenario.specs[policy].front
    return whole if front is None else min(whole, front(len(scenario.arms)))


def watch_before(at: Whole, size: int, sends: int = 0) -> Watch:
    """Return a watch over what decides about the given sends, increasing: so many numbers of the policy's memory.

    And over what came of the first `sends`: all of the campaign's, or none.
    """
    n, rails = len(at), len(BY_RANK)
    return no_watch(size, rails)._replace(
        sends=np.zeros((sends, WATCHED), np.int32),
        at=np.ascontiguousarray(at, np.int64),
        states=np.zeros((n, size)),
        shares=np.zeros((n, rails)),
        masks=np.zeros((n, rails + 1), np.uint64),
        segments=np.zeros(n, np.int64),
    )


def _row(own: OwnChances, look: Look) -> Floats:
    if look.segment == SKIPPED:
        return np.zeros(own.lines)
    if not (look.shares > 0.0).any():
        return own.of(look)
    return steps(own, look)[-1][1]


def steps(own: OwnChances, look: Look) -> list[tuple[int, Floats]]:
    """Return how a recipient's chances come about: the policy's own, (K,), then those with one guardrail more.

    Each with the place of that guardrail in `engine.rails.BY_RANK`, or -1. Those of lower rank are asked first, so they
    come last here: what they leave is for the others.
    """
    left = np.cumprod(1.0 - np.minimum(look.shares, 1.0))
    takes_all = np.flatnonzero(left <= 0.0)
    asked = range(len(look.shares) if len(takes_all) == 0 else int(takes_all[0]) + 1)
    row = own.of(look) if len(takes_all) == 0 else np.zeros(own.lines)
    found = [(-1, row)] if len(takes_all) == 0 else []
    for place in reversed(asked):
        share = min(float(look.shares[place]), 1.0)
        if share > 0.0:
            row = share * even(own.lines, int(look.masks[place])) + (1.0 - share) * row
            found.append((place, row))
    return found


def _refuse_beyond(what: str, number: Any, end: int) -> None:
    if not 0 <= number < end:
        raise IndexError(f"{what}: got {number}; must be from 0 to {end - 1}.")
