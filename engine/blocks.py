"""Blocks of replications: the unit of work, which any thread, process or machine can do with the same outcome."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import SimulationError
from engine.kernel import OK, kernel
from engine.policy import PolicySpec, Situation, State, choose_signature, update_signature
from engine.result import Counts, Whole
from engine.scenario import MOST_CHECKPOINTS, Scenario, spread
from engine.stretch import compiled_advance


@dataclass(frozen=True)
class Block:
    """Some replications of one policy. Any split into blocks gives the same result."""

    policy: int
    first: int
    count: int


@dataclass(frozen=True, eq=False)
class Part:
    """What one block found; B replications, C checkpoints, F checkpoints of means, K arms."""

    block: Block
    sends: Counts  # (B, C, K) cumulative
    conversions: Counts  # (B, C, K) cumulative
    regret: Whole  # (B, C) in units of 2^-40 conversions
    sends_sum: Whole  # (F, K) over the block's replications
    conversions_sum: Whole  # (F, K)
    regret_sum: Whole  # (F, 2) high and low part


def run_block(
    scenario: Scenario, block: Block, *, part: Part | None = None, every_send: np.ndarray | None = None
) -> Part:
    """Simulate a block; the interpreter is free meanwhile.

    Args:
        scenario: the question.
        block: which policy, which replications.
        part: where to write, all zeros; a new one when left out.
        every_send: uint8 (sends, 2), filled with arm and answer of every send of the block's last replication.

    Raises:
        SimulationError: the policy broke its contract.
    """
    grid, kept, averaged = _grid(scenario)
    spec, part = scenario.specs[block.policy], part or blank_part(scenario, block)
    status = kernel()(
        *compiled(spec),
        _template(scenario, block.policy),
        np.ascontiguousarray(scenario.rates(block.first, block.count)),
        min(scenario.sends_between_decisions, scenario.sends),
        grid,
        kept,
        averaged,
        np.uint64(scenario.seed),
        block.first,
        part.sends,
        part.conversions,
        part.regret,
        part.sends_sum,
        part.conversions_sum,
        part.regret_sum,
        np.zeros((0, 2), np.uint8) if every_send is None else every_send,
    )
    if status != OK:
        raise SimulationError(
            f"policies.{block.policy}: {spec.name} chose a line that may not be sent. Report this defect."
        )
    return part


def blank_part(scenario: Scenario, block: Block, arrays: tuple[Counts, Counts, Whole] | None = None) -> Part:
    """Return a part of zeros; its sends, conversions and regret are `arrays` when they are given."""
    arms, means = len(scenario.arms), len(curve_checkpoints(scenario))
    if arrays is None:
        shape = (block.count, len(scenario.checkpoints), arms)
        arrays = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape[:2], np.int64)
    return Part(
        block,
        *arrays,
        sends_sum=np.zeros((means, arms), np.int64),
        conversions_sum=np.zeros((means, arms), np.int64),
        regret_sum=np.zeros((means, 2), np.int64),
    )


def compiled(spec: PolicySpec) -> tuple[Any, Any, Any]:
    """Return a policy's machine code: choose, update, and the loop made of both."""
    return spec.choose.compiled(choose_signature()), spec.update.compiled(update_signature()), compiled_advance(spec)


def curve_checkpoints(scenario: Scenario) -> Whole:
    """Return the cumulative sends at which means are kept: up to 200, however many replications there are."""
    return spread(scenario.sends, min(MOST_CHECKPOINTS, scenario.sends))


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
