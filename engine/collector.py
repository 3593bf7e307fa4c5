"""Parts become a result, in whatever order they come in, and at any time the result of the first replications."""

import numpy as np

from engine.blocks import Block, Part, blank_part, curve_checkpoints
from engine.result import Counts, Result, Whole
from engine.scenario import Scenario


class Collector:
    """Puts parts in their places. Not thread-safe: one thread collects.

    Every policy has the same blocks of replications, and they cover all of them without gaps.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._result = _empty(scenario)
        self._waiting: dict[int, list[Part]] = {}
        self.done = 0
        """Replications from the first on that are there for every policy."""

    def part(self, block: Block) -> Part:
        """Return a blank part that lies in the result itself: what is written into it need not be copied."""
        return blank_part(self._result.scenario, block, self._places(block))

    def add(self, part: Part) -> None:
        """Take in a part."""
        block = part.block
        sends, conversions, regret = self._places(block)
        if not np.may_share_memory(sends, part.sends):
            sends[:] = part.sends
            conversions[:] = part.conversions
            regret[:] = part.regret
        self._waiting.setdefault(block.first, []).append(part)
        while len(self._waiting.get(self.done, ())) == len(self._result.scenario.policies):
            parts = self._waiting.pop(self.done)
            for one in parts:
                self._add_sums(one)
            self.done += parts[0].block.count

    def result(self) -> Result:
        """Return the result of all replications.

        Raises:
            ValueError: some are still missing.
        """
        if self.done < self._result.scenario.replications:
            raise ValueError(f"{self.done} of {self._result.scenario.replications} replications are there.")
        return self._result

    def so_far(self) -> Result:
        """Return the result of the first `done` replications, at least one, at the checkpoints of the whole."""
        whole = self._result
        return Result(
            whole.scenario.with_changes(replications=self.done),
            checkpoints=whole.checkpoints,
            sends=whole.sends[:, : self.done],
            conversions=whole.conversions[:, : self.done],
            regret_units=whole.regret_units[:, : self.done],
            curve_checkpoints=whole.curve_checkpoints,
            sends_sum=whole.sends_sum.copy(),
            conversions_sum=whole.conversions_sum.copy(),
            regret_sum=whole.regret_sum.copy(),
        )

    def _places(self, block: Block) -> tuple[Counts, Counts, Whole]:
        result, mine = self._result, (block.policy, slice(block.first, block.first + block.count))
        return result.sends[mine], result.conversions[mine], result.regret_units[mine]

    def _add_sums(self, part: Part) -> None:
        policy, result = part.block.policy, self._result
        result.sends_sum[policy] += part.sends_sum
        result.conversions_sum[policy] += part.conversions_sum
        result.regret_sum[policy] += part.regret_sum


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
