"""SMPyBandits: its policies called in a bare loop, and its `Evaluator` in one process with responses drawn beforehand.

Its epsilon-greedy is another algorithm: it sends the line with the most conversions in all instead of the best rate,
and what it tries at random is never the last line.
"""

import random
from typing import Any

import numpy as np
from SMPyBandits.Arms import Bernoulli
from SMPyBandits.Environment import Evaluator
from SMPyBandits.Policies import EpsilonGreedy, Thompson

from tests.benchmarks.programs.answering import Choose, Ran, Task, Update, bare_loop, serve, timed


def alone(task: Task) -> Ran:
    """Run the policy without the evaluator."""
    seed_globally(task.seed)
    archetype, parameters = policy_of(task)
    policy = archetype(len(task.rates), **parameters)

    def begin(rng: np.random.Generator) -> tuple[Choose, Update]:  # noqa: ARG001 - it draws from the global generators
        policy.startGame()
        return policy.choice, policy.getReward

    return bare_loop(task, begin)


def as_used(task: Task) -> Ran:
    """Run the library's own evaluator."""
    seed_globally(task.seed)
    seconds, evaluator = timed(lambda: evaluate(task))
    return Ran(seconds, task.regret(evaluator.pulls[0][0].tolist()) / task.campaigns)


def evaluate(task: Task) -> Evaluator:
    """Return the evaluator after its run."""
    archetype, parameters = policy_of(task)
    evaluator = Evaluator(
        {
            "horizon": task.sends,
            "repetitions": task.campaigns,
            "n_jobs": 1,
            "verbosity": 0,
            "environment": [{"arm_type": Bernoulli, "params": task.rates}],
            "policies": [{"archtype": archetype, "params": parameters}],
            "cache_rewards": True,
        }
    )
    evaluator.startAllEnv()
    return evaluator


def policy_of(task: Task) -> tuple[Any, dict[str, float]]:
    """Return the library's policy and its parameters."""
    return (Thompson, {}) if task.policy == "thompson" else (EpsilonGreedy, {"epsilon": task.epsilon})


def seed_globally(seed: int) -> None:
    """Seed both generators that the library draws from."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the library uses this one


if __name__ == "__main__":
    serve(alone=alone, as_used=as_used)
