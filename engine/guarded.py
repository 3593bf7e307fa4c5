"""The exact chance with which each line is sent to a recipient, under every guardrail: what a campaign's record holds.

Given what happened before, a guardrail takes the recipient with the chance that it told, those of lower rank first, and
splits that evenly; the rest goes by the policy's own chances among the lines that it may choose.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Block, run_block, template_of
from engine.plan import SKIPPED, WATCHED, Watch
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
    rows = [_row(scenario, policy, look) for look in _looks(scenario, policy, replication, recipients)]
    return np.array(rows).reshape(-1, len(scenario.arms))[places]


Look = tuple[int, Floats, Floats, NDArray[np.uint64], int]
"""The number of a send; before it, the policy's memory, the guardrails' shares, their masks and the policy's; the
recipient's segment, or SKIPPED."""


def _looks(scenario: Scenario, policy: int, replication: int, at: Whole) -> Iterator[Look]:
    size = len(template_of(scenario, policy))
    step = max(1, MOST_NUMBERS // size)
    for first in range(0, len(at), step):
        some = at[first : first + step]
        watch = watch_before(some, size)
        run_block(scenario, Block(policy, replication, 1), watch=watch)
        yield from zip(some.tolist(), watch.states, watch.shares, watch.masks, watch.segments.tolist(), strict=True)


def watch_before(at: Whole, size: int, sends: int = 0) -> Watch:
    """Return a watch over what decides about the given sends, increasing, of a policy with a memory of this size.

    And over what came of the first `sends`: all of the campaign's, or none.
    """
    n, rails = len(at), len(BY_RANK)
    return Watch(
        sends=np.zeros((sends, WATCHED), np.int32),
        at=np.ascontiguousarray(at, np.int64),
        states=np.zeros((n, size)),
        shares=np.zeros((n, rails)),
        masks=np.zeros((n, rails + 1), np.uint64),
        segments=np.zeros(n, np.int64),
    )


def _row(scenario: Scenario, policy: int, look: Look) -> Floats:
    t, state, shares, masks, segment = look
    K, left = len(scenario.arms), 1.0
    row = np.zeros(K)
    if segment == SKIPPED:
        return row
    for share, mask in zip(np.minimum(shares, 1.0), masks[:-1], strict=True):
        if share > 0.0:
            row += left * share * even(K, int(mask))
            left *= 1.0 - share
    if left > 0.0:
        row += left * scenario.specs[policy].choice_probabilities(state, K, t, segment, int(masks[-1]))
    return row


def _refuse_beyond(what: str, number: Any, end: int) -> None:
    if not 0 <= number < end:
        raise IndexError(f"{what}: got {number}; must be from 0 to {end - 1}.")
