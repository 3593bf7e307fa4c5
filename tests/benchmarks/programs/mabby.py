"""mabby: its strategies called in a bare loop, and its `Simulation` with the one metric that is needed."""

from functools import partial
from typing import Any

import numpy as np
from mabby import BernoulliArm, Metric, Simulation
from mabby.strategies import BetaTSStrategy, EpsilonGreedyStrategy

from tests.benchmarks.programs.answering import Choose, Ran, Task, Update, bare_loop, serve, timed


def alone(task: Task) -> Ran:
    """Run the strategy without its agent and statistics."""
    strategy = strategy_of(task)

    def begin(rng: np.random.Generator) -> tuple[Choose, Update]:
        strategy.prime(len(task.rates), task.sends)
        return partial(strategy.choose, rng), partial(strategy.update, rng=rng)

    return bare_loop(task, begin)


def as_used(task: Task) -> Ran:
    """Run the library's own simulation."""
    bandit = BernoulliArm.bandit(p=task.rates, seed=task.seed)
    simulation = Simulation(bandit=bandit, strategies=[strategy_of(task)], seed=task.seed)
    seconds, statistics = timed(lambda: simulation.run(task.campaigns, task.sends, [Metric.CUM_REGRET]))
    return Ran(seconds, float(statistics[simulation.agents[0]][Metric.CUM_REGRET][-1]))


def strategy_of(task: Task) -> Any:
    """Return the library's strategy."""
    return BetaTSStrategy() if task.policy == "thompson" else EpsilonGreedyStrategy(task.epsilon)


if __name__ == "__main__":
    serve(alone=alone, as_used=as_used)
