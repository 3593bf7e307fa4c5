"""MABWiser: a prediction and a partial fit for every send, which is the only way to update after each.

It has no simulator of campaigns: its `Simulator` replays logged decisions. So `as_used` is the loop that its
documentation shows, with lists and a history, and `alone` is the same with arrays that are made once.
"""

from functools import partial

import numpy as np
from mabwiser.mab import MAB, LearningPolicy

from tests.benchmarks.programs.answering import Choose, Ran, Task, Update, bare_loop, serve, timed


def alone(task: Task) -> Ran:
    """Predict, then fit one response, without making a list."""
    line, response = np.zeros(1, int), np.zeros(1, int)

    def begin(rng: np.random.Generator) -> tuple[Choose, Update]:
        bandit = bandit_of(task, rng)

        def update(sent: int, answer: int) -> None:
            line[0], response[0] = sent, answer
            bandit.partial_fit(line, response)

        return bandit.predict, update

    return bare_loop(task, begin)


def as_used(task: Task) -> Ran:
    """Predict, draw the response, fit it and note both."""
    rng = np.random.default_rng(task.seed)
    campaigns = [timed(partial(campaign, task, rng)) for _ in range(task.campaigns)]
    seconds, regrets = zip(*campaigns, strict=True)
    return Ran(sum(seconds), sum(regrets) / task.campaigns)


def campaign(task: Task, rng: np.random.Generator) -> float:
    """Return the regret of one campaign."""
    bandit = bandit_of(task, rng)
    lines: list[int] = []
    responses: list[int] = []
    for _ in range(task.sends):
        line = bandit.predict()
        response = int(rng.random() < task.rates[line])
        bandit.partial_fit([line], [response])
        lines.append(line)
        responses.append(response)
    return task.regret([lines.count(line) for line in range(len(task.rates))])


def bandit_of(task: Task, rng: np.random.Generator) -> MAB:
    """Return a bandit that has seen nothing; it must be fitted before it predicts."""
    thompson = task.policy == "thompson"
    policy = LearningPolicy.ThompsonSampling() if thompson else LearningPolicy.EpsilonGreedy(task.epsilon)
    bandit = MAB(list(range(len(task.rates))), policy, seed=int(rng.integers(2**31)))
    bandit.fit(np.array([], int), np.array([], int))
    return bandit


if __name__ == "__main__":
    serve(alone=alone, as_used=as_used)
