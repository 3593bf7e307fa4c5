"""A scenario becomes a result: blocks of replications run on threads and are put together in their own places."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.catalogue import POLICIES
from engine.errors import SimulationError
from engine.kernel import OK, kernel, response_filler
from engine.policy import PolicySpec, Situation, State, choose_signature, update_signature
from engine.result import Result, Whole
from engine.scenario import MOST_CHECKPOINTS, Scenario, spread
from engine.stretch import compiled_advance

BLOCKS_A_THREAD = 4
"""Several blocks for each thread and policy, so that no thread waits long for the last."""


@dataclass(frozen=True)
class Block:
    """Some replications of one policy: the unit of work. Any split into blocks gives the same result."""

    policy: int
    first: int
    count: int


@dataclass(frozen=True)
class Sums:
    """What one block adds to the sums over replications."""

    sends: Whole  # (F, K)
    conversions: Whole  # (F, K)
    regret: Whole  # (F, 2)


@dataclass(frozen=True)
class Trace:
    """Every send of one replication of one policy."""

    arms: np.ndarray  # uint8 (sends,)
    answers: np.ndarray  # uint8 (sends,): 1 where the recipient converted


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
    result = _empty(scenario)
    programs = [_Program(scenario, policy) for policy in range(len(scenario.policies))]

    def work(piece: Block) -> tuple[Block, Sums]:
        return piece, programs[piece.policy].run(piece, result)

    with ThreadPoolExecutor(workers, thread_name_prefix="replications") as pool:
        for piece, sums in pool.map(work, _blocks(scenario, size)):
            result.sends_sum[piece.policy] += sums.sends
            result.conversions_sum[piece.policy] += sums.conversions
            result.regret_sum[piece.policy] += sums.regret
    return result


def trace(scenario: Scenario, policy: int, replication: int = 0) -> Trace:
    """Return every send of one replication: the same that `simulate` sums up."""
    every_send = np.zeros((scenario.sends, 2), np.uint8)
    one = scenario.with_changes(replications=1)
    _Program(one, policy).run(Block(policy, replication, 1), _empty(one), every_send)
    return Trace(every_send[:, 0].copy(), every_send[:, 1].copy())


def potential_responses(scenario: Scenario, arm: int, replication: int = 0) -> np.ndarray:
    """Return whether each recipient of a replication would respond to one arm, uint8 (sends,), sent or not."""
    out = np.zeros(scenario.sends, np.uint8)
    rate = float(scenario.rates(replication)[0, arm])
    response_filler()(np.uint64(scenario.seed), replication, arm, rate, out)
    return out


def available_cores() -> int:
    """Return how many cores this process may use; a container often may not use all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def warm() -> None:
    """Compile, or load from disk, the loop and every policy: the first visitor then waits for nothing."""
    kernel()
    response_filler()
    for spec in POLICIES.values():
        _compiled(spec)


class _Program:
    """One policy of a scenario, ready to run any of its blocks."""

    def __init__(self, scenario: Scenario, policy: int) -> None:
        self.scenario = scenario
        self.policy = policy
        self.spec = scenario.specs[policy]
        self.functions = _compiled(self.spec)
        self.template = _template(scenario, policy)
        self.grid, self.kept, self.averaged = _grid(scenario)

    def run(self, piece: Block, result: Result, every_send: np.ndarray | None = None) -> Sums:
        """Run a block and write its replications into the result; return what it adds to the sums."""
        scenario, arms = self.scenario, len(self.scenario.arms)
        place = 0 if every_send is not None else piece.first
        mine = (piece.policy, slice(place, place + piece.count))
        averaged = int(self.averaged.max()) + 1
        sums = Sums(*(np.zeros((averaged, width), np.int64) for width in (arms, arms, 2)))
        status = kernel()(
            *self.functions,
            self.template,
            np.ascontiguousarray(scenario.rates(piece.first, piece.count)),
            min(scenario.sends_between_decisions, scenario.sends),
            self.grid,
            self.kept,
            self.averaged,
            np.uint64(scenario.seed),
            piece.first,
            result.sends[mine],
            result.conversions[mine],
            result.regret_units[mine],
            sums.sends,
            sums.conversions,
            sums.regret,
            np.zeros((0, 2), np.uint8) if every_send is None else every_send,
        )
        if status != OK:
            raise SimulationError(
                f"policies.{self.policy}: {self.spec.name} chose a line that may not be sent. Report this defect."
            )
        return sums


def _compiled(spec: PolicySpec) -> tuple[Any, Any, Any]:
    return spec.choose.compiled(choose_signature()), spec.update.compiled(update_signature()), compiled_advance(spec)


def _template(scenario: Scenario, policy: int) -> State:
    situation = Situation(len(scenario.arms), scenario.sends, scenario.sends_between_decisions)
    return scenario.specs[policy].prepare(scenario.policies[policy], situation)


def _grid(scenario: Scenario) -> tuple[Whole, Whole, Whole]:
    """Return all sends at which something is written.

    And for each its place among the kept and the averaged ones, or -1.
    """
    kept, averaged = scenario.checkpoints, curve_checkpoints(scenario)
    grid = np.union1d(kept, averaged)
    return grid, _places(grid, kept), _places(grid, averaged)


def _places(grid: Whole, among: Whole) -> Whole:
    return np.where(np.isin(grid, among), np.searchsorted(among, grid), -1).astype(np.int64)


def curve_checkpoints(scenario: Scenario) -> Whole:
    """Return the cumulative sends at which means are kept: up to 200, however many replications there are."""
    return spread(scenario.sends, min(MOST_CHECKPOINTS, scenario.sends))


def _blocks(scenario: Scenario, size: int) -> Iterator[Block]:
    """Yield blocks with the replications outermost, so that all policies advance together."""
    for first in range(0, scenario.replications, size):
        for policy in range(len(scenario.policies)):
            yield Block(policy, first, min(size, scenario.replications - first))


def _empty(scenario: Scenario) -> Result:
    policies, replications, arms = len(scenario.policies), scenario.replications, len(scenario.arms)
    kept, averaged = scenario.checkpoints, curve_checkpoints(scenario)
    return Result(
        scenario,
        checkpoints=kept,
        sends=np.zeros((policies, replications, len(kept), arms), np.int32),
        conversions=np.zeros((policies, replications, len(kept), arms), np.int32),
        regret_units=np.zeros((policies, replications, len(kept)), np.int64),
        curve_checkpoints=averaged,
        sends_sum=np.zeros((policies, len(averaged), arms), np.int64),
        conversions_sum=np.zeros((policies, len(averaged), arms), np.int64),
        regret_sum=np.zeros((policies, len(averaged), 2), np.int64),
    )
