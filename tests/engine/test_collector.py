"""Parts come in any order, and the first replications can be had at any time."""

import random
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Scenario, simulate
from engine.blocks import Block, BlockTask, Part, run_block
from engine.collector import Collector
from engine.executor import ThreadExecutor
from engine.plan import Kept
from tests.engine.scenarios import scenario, scenario_dicts

ASKED = scenario("ab_split", "thompson", "epsilon_greedy", sends=300, replications=40)
SIZES = (7, 1, 20, 12)


def blocks() -> list[Block]:
    starts = np.cumsum((0, *SIZES))[:-1].tolist()
    return [Block(policy, first, count) for first, count in zip(starts, SIZES, strict=True) for policy in range(3)]


@pytest.mark.parametrize("order", range(5))
def test_parts_in_any_order_make_the_same_result(order: int) -> None:
    shuffled = random.Random(order).sample(blocks(), len(blocks()))
    collector = Collector(ASKED)
    for block in shuffled:
        collector.add(run_block(ASKED, block))
    result = collector.result()
    assert result.digest() == simulate(ASKED).digest()
    assert np.array_equal(result.curves.regret, simulate(ASKED).curves.regret)


@pytest.mark.parametrize("order", range(3))
def test_parts_in_their_place_make_the_same_result(order: int) -> None:
    """Some are written where they belong, others are brought."""
    collector = Collector(ASKED)
    for number, block in enumerate(random.Random(order).sample(blocks(), len(blocks()))):
        part = collector.part(block) if number % 2 else None
        collector.add(run_block(ASKED, block, part=part))
    assert collector.result().digest() == simulate(ASKED).digest()


def test_the_first_replications_are_those_of_a_smaller_question() -> None:
    """At every step: what is there equals a simulation of just these replications, means included."""
    collector, shown = Collector(ASKED), []
    for block in blocks():
        collector.add(run_block(ASKED, block))
        if collector.done and collector.done not in shown:
            shown.append(collector.done)
            some, alone = collector.so_far(), simulate(ASKED.with_changes(replications=collector.done))
            assert np.array_equal(some.sends[:, :, -1], alone.sends[:, :, -1])
            assert np.array_equal(some.regret[:, :, -1], alone.regret[:, :, -1])
            assert np.array_equal(some.curves.conversions, alone.curves.conversions)
            assert np.array_equal(some.curves.regret, alone.curves.regret)
    assert shown == np.cumsum(SIZES).tolist()


@given(scenario_dicts(everything=True))
@settings(max_examples=20, deadline=None)
def test_of_the_ends_alone_nothing_is_other_than_in_the_whole(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    collector, whole = Collector(asked, ends_only=True), simulate(asked)
    for policy in range(len(asked.policies)):
        collector.add(BlockTask(asked, Block(policy, 0, asked.replications), ends_only=True).run())
    ends = collector.result()
    assert ends.checkpoints.tolist() == [asked.sends]
    for name, alone, along in zip(Kept._fields, ends.kept, whole.kept, strict=True):
        has_checkpoints = (
            along.ndim > 2 and along.shape[2] == len(whole.checkpoints) and name not in ("endings", "apart")
        )
        assert np.array_equal(alone, along[:, :, -1:] if has_checkpoints else along), name
    assert all(np.array_equal(alone, along) for alone, along in zip(ends.sums, whole.sums, strict=True))
    assert np.array_equal(ends.totals, whole.totals)


def test_what_comes_later_does_not_change_an_earlier_view() -> None:
    collector = Collector(ASKED)
    for block in blocks()[:3]:
        collector.add(run_block(ASKED, block))
    early = collector.so_far()
    before = early.curves.conversions.copy()
    digest = early.digest()
    for block in blocks()[3:]:
        collector.add(run_block(ASKED, block))
    assert np.array_equal(early.curves.conversions, before)
    assert collector.so_far().digest() == collector.result().digest()
    assert early.digest() == digest


def test_a_gap_holds_back_what_follows() -> None:
    collector = Collector(ASKED)
    for block in blocks()[1:]:
        collector.add(run_block(ASKED, block))
    assert collector.done == 0
    with pytest.raises(ValueError, match="0 of 40"):
        collector.result()
    collector.add(run_block(ASKED, blocks()[0]))
    assert collector.done == 40


def test_threads_run_what_is_submitted_and_can_be_started_again() -> None:
    executor = ThreadExecutor(2)
    for _ in range(2):
        futures: list[Future[Part]] = [executor.submit(BlockTask(ASKED, block)) for block in blocks()]
        collector = Collector(ASKED)
        for future in futures:
            collector.add(future.result())
        assert collector.result().digest() == simulate(ASKED).digest()
        executor.close()
