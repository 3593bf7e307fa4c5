"""PyMAB: its experiment, compiled from Rust, and the compiled loop alone without the result that is made from it."""

from typing import Any

import numpy as np
from pymab import BanditEnvironment, BernoulliReward, Experiment, ExperimentConfig
from pymab._backend import run_native_experiment
from pymab.policies import BernoulliThompsonSamplingPolicy, EpsilonGreedyPolicy

from tests.benchmarks.programs.answering import Ran, Task, serve, timed


def alone(task: Task) -> Ran:
    """Run the compiled loop behind the library's door: faster than its policies called one send at a time."""
    experiment = experiment_of(task)
    seconds, output = timed(
        lambda: run_native_experiment(
            environment=experiment.environment,
            policies=experiment.policies,
            horizon=task.sends,
            n_replicates=task.campaigns,
            seed=task.seed,
            reward_coupling=experiment.config.reward_coupling,
            record_contexts=False,
        )
    )
    return Ran(seconds, regret_of(task, output.actions))


def as_used(task: Task) -> Ran:
    """Run the library's own experiment."""
    experiment = experiment_of(task)
    seconds, result = timed(experiment.run)
    return Ran(seconds, regret_of(task, result.actions))


def experiment_of(task: Task) -> Experiment:
    """Return the library's experiment, which insists on the compiled loop."""
    return Experiment(
        environment=BanditEnvironment(means=np.array(task.rates), reward_model=BernoulliReward()),
        policies={task.policy: policy_of(task)},
        config=ExperimentConfig(
            horizon=task.sends, n_replicates=task.campaigns, seed=task.seed, record_contexts=False, backend="rust"
        ),
    )


def policy_of(task: Task) -> Any:
    """Return the library's policy."""
    K = len(task.rates)
    thompson = task.policy == "thompson"
    return (
        BernoulliThompsonSamplingPolicy(n_arms=K) if thompson else EpsilonGreedyPolicy(n_arms=K, epsilon=task.epsilon)
    )


def regret_of(task: Task, lines: Any) -> float:
    """Return the mean regret of a campaign from the line of every send."""
    sent = np.bincount(np.asarray(lines, int).ravel(), minlength=len(task.rates))
    return task.regret(sent.tolist()) / task.campaigns


if __name__ == "__main__":
    serve(alone=alone, as_used=as_used)
