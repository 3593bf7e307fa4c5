"""Blocks of replications: the unit of work, which any thread, process or machine can do with the same outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import rails
from engine.books import new_desk
from engine.earlier import earlier_of
from engine.errors import SimulationError
from engine.kernel import is_plain, kernel
from engine.money import prices_of, purse_of
from engine.plan import ENDINGS, Kept, Plan, Sums, Watch, no_watch
from engine.policy import PolicySpec, Situation, State
from engine.recurring import rounds_of
from engine.result import Whole
from engine.scenario import MOST_CHECKPOINTS, Scenario, spread
from engine.sending import NOTHING_WRONG, compiled_sending, never_asked, sending_signature
from engine.stretch import compiled_advance
from engine.waiting import waiting_of
from engine.world import Course

MOST_RATES = 1_000_000
"""Numbers that the rates of the replications run in one go may take; 8 MB."""


@dataclass(frozen=True)
class Block:
    """Some replications of one policy. Any split into blocks gives the same result."""

    policy: int
    first: int
    count: int


@dataclass(frozen=True, eq=False)
class Part:
    """What one block found."""

    block: Block
    kept: Kept
    sums: Sums


@dataclass(frozen=True)
class BlockTask:
    """A block to be run somewhere."""

    scenario: Scenario
    block: Block
    ends_only: bool = False

    def run(self) -> Part:
        """Simulate it."""
        return run_block(self.scenario, self.block, ends_only=self.ends_only)


def run_block(
    scenario: Scenario, block: Block, *, part: Part | None = None, watch: Watch | None = None, ends_only: bool = False
) -> Part:
    """Simulate a block; the interpreter is free meanwhile.

    Args:
        scenario: the question.
        block: which policy, which replications.
        part: where to write, all zeros; a new one when left out.
        watch: filled with single sends of the block's last replication.
        ends_only: of each replication, keep the last checkpoint alone.

    Raises:
        SimulationError: the policy broke its contract.
    """
    spec, part = scenario.specs[block.policy], part or blank_part(scenario, block, ends_only=ends_only)
    watch = watch or no_watch()
    template = template_of(scenario, block.policy)
    for first, count, plan in _plans(scenario, block, ends_only=ends_only):
        done = first - block.first
        some = Kept(*(array[done : done + count] for array in part.kept))
        status = kernel()(
            *compiled(spec, plain=is_plain.function(plan, watch)),
            template,
            plan,
            np.uint64(scenario.seed),
            first,
            some,
            part.sums,
            watch,
            new_desk(plan),
        )
        if status != NOTHING_WRONG:
            raise SimulationError(
                f"policies.{block.policy}: {spec.name} chose a line that may not be sent. Report this defect."
            )
    return part


def kept_checkpoints(scenario: Scenario, *, ends_only: bool) -> Whole:
    """Return the cumulative sends at which something is kept of each replication."""
    return spread(scenario.sends, 1) if ends_only else scenario.checkpoints


def blank_part(scenario: Scenario, block: Block, kept: Kept | None = None, *, ends_only: bool = False) -> Part:
    """Return a part of zeros; what is kept of each replication is written to `kept` when it is given."""
    return Part(block, kept or blank_kept(scenario, block.count, ends_only=ends_only), blank_sums(scenario))


def blank_kept(scenario: Scenario, *lead: int, ends_only: bool = False) -> Kept:
    """Return zeros for replications; `lead` are the first axes, which end with how many there are."""
    arms, points = len(scenario.arms), len(kept_checkpoints(scenario, ends_only=ends_only))
    delayed = lead if scenario.is_delayed else (*lead[:-1], 0)
    told = lead if scenario.has_endings else (*lead[:-1], 0)
    priced = lead if scenario.has_money else (*lead[:-1], 0)
    complained = lead if scenario.counts_complaints else (*lead[:-1], 0)
    credited = lead if scenario.recurring is not None else (*lead[:-1], 0)
    suited = lead if scenario.is_segmented else (*lead[:-1], 0)
    return Kept(
        sends=np.zeros((*lead, points, arms), np.int32),
        conversions=np.zeros((*lead, points, arms), np.int32),
        regret=np.zeros((*lead, points), np.int64),
        known=np.zeros((*delayed, points, arms), np.int32),
        endings=np.zeros((*told, ENDINGS), np.int64),
        apart=np.zeros((*told, 2 * len(rails.TOLD_APART) + 1, arms), np.int32),
        revenue=np.zeros((*priced, points), np.int64),
        complained=np.zeros((*complained, points), np.int32),
        credited=np.zeros((*credited, points, arms)),
        suited=np.zeros((*suited, points), np.int32),
    )


def blank_sums(scenario: Scenario, *lead: int) -> Sums:
    """Return zeros for sums over replications."""
    arms, means = len(scenario.arms), len(curve_checkpoints(scenario))
    segments = len(scenario.segmentation) if scenario.is_segmented else 0
    return Sums(
        sends=np.zeros((*lead, means, arms), np.int64),
        conversions=np.zeros((*lead, means, arms), np.int64),
        regret=np.zeros((*lead, means, 2), np.int64),
        known=np.zeros((*lead, means if scenario.is_delayed else 0, arms), np.int64),
        revenue=np.zeros((*lead, means if scenario.has_money else 0, 2), np.int64),
        sends_within=np.zeros((*lead, segments, arms), np.int64),
        conversions_within=np.zeros((*lead, segments, arms), np.int64),
    )


def compiled(spec: PolicySpec, *, plain: bool) -> tuple[Any, Any]:
    """Return a policy's machine code: the loop of the common case, and the general one unless `plain` will do."""
    return compiled_advance(spec), never_asked.compiled(sending_signature()) if plain else compiled_sending(spec)


def curve_checkpoints(scenario: Scenario) -> Whole:
    """Return the cumulative sends at which means are kept: up to 200, however many replications there are."""
    return spread(scenario.sends, min(MOST_CHECKPOINTS, scenario.sends))


def template_of(scenario: Scenario, policy: int) -> State:
    """Return a policy's memory before the first send."""
    situation = Situation(
        len(scenario.arms),
        scenario.sends,
        scenario.sends_between_decisions,
        scenario.segmentation,
        purse_of(scenario).base,
        earlier_of(scenario),
    )
    return scenario.specs[policy].prepare(scenario.policies[policy], situation)


def _plans(scenario: Scenario, block: Block, *, ends_only: bool = False) -> Iterator[tuple[int, int, Plan]]:
    """Yield the block's replications in steps whose rates fit in memory: the first, how many, and the plan of them."""
    step, first = block.count, block.first
    one = scenario.world_course(block.first, 1)
    if one.rates.size > 0:
        step = max(1, min(block.count, MOST_RATES // one.rates[0].size))
    while first < block.first + block.count:
        count = min(step, block.first + block.count - first)
        yield first, count, _plan(scenario, scenario.world_course(first, count), ends_only=ends_only)
        first += count


def _plan(scenario: Scenario, course: Course, *, ends_only: bool) -> Plan:
    grid, kept_at, averaged_at = _grid(scenario, ends_only=ends_only)
    rows = course.rates.shape[1]
    every_line = np.uint64(2 ** len(scenario.arms) - 1)
    return Plan(
        every=min(scenario.sends_between_decisions, scenario.sends),
        ends=np.ascontiguousarray(course.ends, np.int64),
        rows=np.ascontiguousarray(course.rows, np.int64),
        rates=np.ascontiguousarray(course.rates, np.float64),
        seen=np.zeros((0, 0, 0)) if course.seen is None else np.ascontiguousarray(course.seen, np.float64),
        present=np.full(rows, every_line) if course.present is None else np.ascontiguousarray(course.present),
        kept=float(course.kept),
        lowest=float(course.lowest),
        complaint_rates=scenario.complaint_rates,
        rails=rails.template(scenario),
        waiting=waiting_of(scenario),
        audience=scenario.segmentation.audience(),
        prices=prices_of(scenario),
        purse=purse_of(scenario),
        rounds=rounds_of(scenario),
        regret_unit=scenario.regret_unit,
        grid=grid,
        kept_at=kept_at,
        averaged_at=averaged_at,
    )


def _grid(scenario: Scenario, *, ends_only: bool) -> tuple[Whole, Whole, Whole]:
    """Return all sends at which something is written.

    And for each its place among the kept and the averaged ones, or -1.
    """
    kept, averaged = kept_checkpoints(scenario, ends_only=ends_only), curve_checkpoints(scenario)
    grid = np.union1d(kept, averaged)
    return grid, _places(grid, kept), _places(grid, averaged)


def _places(grid: Whole, among: Whole) -> Whole:
    return np.where(np.isin(grid, among), np.searchsorted(among, grid), -1).astype(np.int64)
