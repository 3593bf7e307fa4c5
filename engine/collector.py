"""Parts become a result, in whatever order they come in, and at any time the result of the first replications."""

import numpy as np

from engine.blocks import Block, Part, blank_kept, blank_part, blank_sums, curve_checkpoints, kept_checkpoints
from engine.plan import Kept, Sums
from engine.result import Result
from engine.scenario import Scenario


class Collector:
    """Puts parts in their places. Not thread-safe: one thread collects.

    Every policy has the same blocks of replications, and they cover all of them without gaps. With `ends_only`, parts and
    result hold the last checkpoint alone.
    """

    def __init__(self, scenario: Scenario, *, ends_only: bool = False) -> None:
        self._result = _empty(scenario, ends_only=ends_only)
        self._waiting: dict[int, list[Part]] = {}
        self.done = 0
        """Replications from the first on that are there for every policy."""

    def part(self, block: Block) -> Part:
        """Return a blank part that lies in the result itself: what is written into it need not be copied."""
        return blank_part(self._result.scenario, block, self._places(block))

    def add(self, part: Part) -> list[list[Part]]:
        """Take in a part; return the rounds, one part a policy, that are complete with it and come next."""
        block = part.block
        for place, brought in zip(self._places(block), part.kept, strict=True):
            if not np.may_share_memory(place, brought):
                place[:] = brought
        self._waiting.setdefault(block.first, []).append(part)
        complete: list[list[Part]] = []
        while len(self._waiting.get(self.done, ())) == len(self._result.scenario.policies):
            complete.append(self._waiting.pop(self.done))
            for one in complete[-1]:
                self._add_sums(one)
            self.done += complete[-1][0].block.count
        return complete

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
            curve_checkpoints=whole.curve_checkpoints,
            kept=Kept(*(array[:, : self.done] for array in whole.kept)),
            sums=Sums(*(array.copy() for array in whole.sums)),
        )

    def _places(self, block: Block) -> Kept:
        mine = slice(block.first, block.first + block.count)
        return Kept(*(array[block.policy, mine] for array in self._result.kept))

    def _add_sums(self, part: Part) -> None:
        for sums, more in zip(self._result.sums, part.sums, strict=True):
            sums[part.block.policy] += more


def _empty(scenario: Scenario, *, ends_only: bool) -> Result:
    policies = len(scenario.policies)
    return Result(
        scenario,
        checkpoints=kept_checkpoints(scenario, ends_only=ends_only),
        curve_checkpoints=curve_checkpoints(scenario),
        kept=blank_kept(scenario, policies, scenario.replications, ends_only=ends_only),
        sums=blank_sums(scenario, policies),
    )
