"""A scenario becomes a result: blocks of replications run on threads and are put together in their own places."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.blocks import Block, Part, compiled, run_block
from engine.catalogue import GUARDRAILS, POLICIES
from engine.collector import Collector
from engine.executor import available_cores
from engine.kernel import kernel, response_filler
from engine.plan import (
    ANSWER,
    ARM,
    ARRIVES,
    BEST,
    BY,
    CENTS,
    CENTS_ABOVE,
    CENTS_SHIFT,
    COMPLAINT,
    GAP,
    GAP_SHIFT,
    RECIPIENT,
    SEGMENT,
    WATCHED,
    no_watch,
)
from engine.result import Result
from engine.scenario import Scenario

BLOCKS_A_THREAD = 4
"""Several blocks for each thread and policy, so that no thread waits long for the last."""


NO_LINE = 255


@dataclass(frozen=True)
class Trace:
    """Every send of one replication of one policy."""

    arms: np.ndarray  # uint8 (sends,), NO_LINE where the contact was left out
    answers: np.ndarray  # uint8 (sends,): 1 where the recipient converts, and in time
    by: (
        np.ndarray
    )  # int8 (sends,): the place in `engine.rails.BY_RANK` of the guardrail that decided, -1 for the policy
    arrives: np.ndarray  # int32 (sends,): sends after which a late conversion is known, 0 without one, -1 if too late
    missed: np.ndarray  # float64 (sends,): expected regret of each send, in the unit of the goal
    best: np.ndarray  # uint8 (sends,): the line that was truly best at that moment for this recipient
    segments: np.ndarray  # uint8 (sends,): the recipient's segment
    cents: np.ndarray  # int64 (sends,): what the conversion brings, 0 without one
    recipients: np.ndarray  # int32 (sends,): who it was, where recipients get several e-mails
    complaints: np.ndarray  # uint8 (sends,): 1 where the recipient complains

    @property
    def is_sent(self) -> np.ndarray:
        """Whether the recipient got an e-mail, bool (sends,): a frequency cap leaves contacts out."""
        sent: np.ndarray = self.arms != NO_LINE
        return sent


def simulate(scenario: Scenario, *, threads: int | None = None, block: int | None = None) -> Result:
    """Return what every policy of the scenario does in every replication.

    Args:
        scenario: the question.
        threads: how many threads work on it; as many as cores when left out. Never changes the result.
        block: replications a block; never changes the result either.

    Raises:
        SimulationError: a policy broke its contract.

    >>> scenario = Scenario.from_dict({
    ...     "arms": [{"name": "A", "rate": 0.04}, {"name": "B", "rate": 0.05}],
    ...     "policies": [{"name": "ab_split"}, {"name": "thompson"}], "sends": 2000, "replications": 50})
    >>> result = simulate(scenario)
    >>> result.policies, result.sends.shape, int(result.sends[0, 0, -1].sum())
    (['A/B split', 'Thompson sampling'], (2, 50, 200, 2), 2000)
    """
    workers = threads or available_cores()
    size = block or max(1, -(-scenario.replications // (BLOCKS_A_THREAD * workers)))
    collector = Collector(scenario)

    def work(piece: Block) -> Part:
        return run_block(scenario, piece, part=collector.part(piece))

    with ThreadPoolExecutor(workers, thread_name_prefix="replications") as pool:
        for part in pool.map(work, _blocks(scenario, size)):
            collector.add(part)
    return collector.result()


def trace(scenario: Scenario, policy: int, replication: int = 0) -> Trace:
    """Return every send of one replication: the same that `simulate` sums up."""
    watch = no_watch()._replace(sends=np.zeros((scenario.sends, WATCHED), np.int32))
    run_block(scenario, Block(policy, replication, 1), watch=watch)
    every = watch.sends
    return Trace(
        every[:, ARM].astype(np.uint8),
        every[:, ANSWER].astype(np.uint8),
        every[:, BY].astype(np.int8),
        every[:, ARRIVES].copy(),
        every[:, GAP] * (scenario.regret_unit * 2**GAP_SHIFT),
        every[:, BEST].astype(np.uint8),
        every[:, SEGMENT].astype(np.uint8),
        every[:, CENTS] + (every[:, CENTS_ABOVE].astype(np.int64) << CENTS_SHIFT),
        every[:, RECIPIENT].copy(),
        every[:, COMPLAINT].astype(np.uint8),
    )


def traces(scenario: Scenario, replication: int = 0) -> list[Trace]:
    """Return every send of one replication under each policy, in the scenario's order."""
    return [trace(scenario, policy, replication) for policy in range(len(scenario.policies))]


def potential_responses(scenario: Scenario, arm: int, replication: int = 0) -> np.ndarray:
    """Return whether each recipient of a replication would respond to one arm at its first rate, uint8 (sends,)."""
    out = np.zeros(scenario.sends, np.uint8)
    rate = float(scenario.rates(replication)[0, arm])
    response_filler()(np.uint64(scenario.seed), replication, arm, rate, out)
    return out


def ceiling(scenario: Scenario, replication: int = 0) -> Trace:
    """Return what the best line of each moment, unguarded, got from the same recipients.

    Whom a frequency cap leaves out depends on nobody's choice, so the best line goes without them too.
    """
    caps = [rail for rail in scenario.to_dict()["guardrails"] if GUARDRAILS[rail["name"]].skips is not None]
    return trace(scenario.with_changes(policies=[{"name": "oracle"}], guardrails=caps), 0, replication)


def warm(first: Collection[str] = (), *, others: bool = True) -> None:
    """Compile, or load from disk, the loop and policies: `first` ones, then all others unless told not to."""
    kernel()
    response_filler()
    early, late = [POLICIES[name] for name in first], [spec for spec in POLICIES.values() if spec.name not in first]
    for specs in (early, late if others else []):
        for plain in (True, False):
            for spec in specs:
                compiled(spec, plain=plain)


def _blocks(scenario: Scenario, size: int) -> Iterator[Block]:
    """Yield blocks with the replications outermost, so that all policies advance together."""
    for first in range(0, scenario.replications, size):
        for policy in range(len(scenario.policies)):
            yield Block(policy, first, min(size, scenario.replications - first))
