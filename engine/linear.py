"""Linear models of a line's rate by features of the recipient: ridge regression, one model for each line.

The features of a segment are a constant and one 0 or 1 for each group but the first of each dimension. A line's model is
the inverse of its design matrix, A^-1 with A = I + sum of x x', and what its successes add up to, b = sum of reward x;
its estimate for a recipient is x' A^-1 b, with the standard deviation sqrt(x' A^-1 x). As every feature is 0 or 1, few of
them 1, products go over the features that are 1 alone.

Sources: Li, Chu, Langford and Schapire (2010), A contextual-bandit approach to personalized news article recommendation,
algorithm 1 (disjoint models); the inverse is kept by Sherman and Morrison (1950).
"""

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.native import native
from engine.policy import HEADER, PolicyParameters, Situation, State
from engine.segments import DIMENSIONS, Segmentation

Floats = NDArray[np.float64]

SIZE = 1
"""Header slot: how many features there are, d."""
WIDTH = 2
"""Header slot: slots of a segment in the table of features, 1 + the most features that are 1 together."""
MODELS = 3
"""Header slot: where the lines' models start, each of d d + 2 d slots: A^-1 by rows, b, and A^-1 b."""
SCRATCH = 4
"""Header slot: where there is room for d numbers, and after them for a score of each line."""

TABLE = HEADER


class ContextParameters(PolicyParameters):
    """What every policy that tells recipients apart may be told of them."""

    audience: bool = Field(default=True, title="Audience", description="Whether it knows the recipient's audience.")
    device: bool = Field(default=True, title="Device", description="Whether it knows the recipient's device.")
    time_of_day: bool = Field(
        default=True, title="Time of day", description="Whether it knows when the recipient reads."
    )

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that it knows."""
        return tuple(name for name in DIMENSIONS if getattr(self, name))

    def features(self, segmentation: Segmentation) -> tuple[str, ...]:
        """Return what it is told of a recipient: a constant, and whether it is in each group but a dimension's first."""
        return segmentation.indicators(self.dimensions)[0]


def linear_state(parameters: ContextParameters, situation: Situation, first: float) -> State:
    """Return a state in which nothing is known of any line; `first` goes to header slot 0."""
    _, features = situation.segments.indicators(parameters.dimensions)
    d, most = features.shape[1], int(features.sum(axis=1).max())
    table = len(features) * (1 + most)
    models = TABLE + table
    state = np.zeros(models + situation.arms * (d * d + 2 * d) + d + situation.arms)
    state[[0, SIZE, WIDTH, MODELS, SCRATCH]] = first, d, 1 + most, models, models + situation.arms * (d * d + 2 * d)
    rows = state[TABLE : TABLE + table].reshape(len(features), 1 + most)
    for row, own in zip(rows, features, strict=True):
        ones = np.flatnonzero(own)
        row[0] = len(ones)
        row[1 : 1 + len(ones)] = ones
    for arm in range(situation.arms):
        start = models + arm * (d * d + 2 * d)
        state[start : start + d * d] = np.eye(d).ravel()
    return state


@native
def estimate(state: State, segment: int, arm: int) -> tuple[float, float]:
    """Return a line's estimated rate for a segment, and the standard deviation of that, in rewards' own."""
    d = int(state[SIZE])
    table = TABLE + segment * int(state[WIDTH])
    start = int(state[MODELS]) + arm * (d * d + 2 * d)
    ones, mean, square = int(state[table]), 0.0, 0.0
    for i in range(1, 1 + ones):
        feature = int(state[table + i])
        mean += state[start + d * d + d + feature]
        row = start + feature * d
        for j in range(1, 1 + ones):
            square += state[row + int(state[table + j])]
    return mean, np.sqrt(max(square, 0.0))


@native
def scores_at(state: State) -> int:
    """Return where there is room for a score of each line."""
    return int(state[SCRATCH]) + int(state[SIZE])


@native
def learn(state: State, segment: int, arm: int, trials: float, reward: float) -> None:
    """Add a send of a line to the recipient's segment, or what came of it."""
    d = int(state[SIZE])
    table = TABLE + segment * int(state[WIDTH])
    start = int(state[MODELS]) + arm * (d * d + 2 * d)
    ones, scratch = int(state[table]), int(state[SCRATCH])
    if trials > 0.0:
        see(state, d, table, start, scratch, trials)
    if reward != 0.0:
        for i in range(1, 1 + ones):
            state[start + d * d + int(state[table + i])] += reward
    for row in range(d):
        total = 0.0
        for column in range(d):
            total += state[start + row * d + column] * state[start + d * d + column]
        state[start + d * d + d + row] = total


@native
def see(state: State, d: int, table: int, start: int, scratch: int, trials: float) -> None:
    """Take a send into the inverse: A^-1 becomes A^-1 - n (A^-1 x) (A^-1 x)' / (1 + n x' A^-1 x)."""
    ones, square = int(state[table]), 0.0
    for row in range(d):
        total = 0.0
        for i in range(1, 1 + ones):
            total += state[start + row * d + int(state[table + i])]
        state[scratch + row] = total
    for i in range(1, 1 + ones):
        square += state[scratch + int(state[table + i])]
    factor = trials / (1.0 + trials * square)
    for row in range(d):
        by = factor * state[scratch + row]
        for column in range(d):
            state[start + row * d + column] -= by * state[scratch + column]


def estimates(state: State, K: int, segment: int) -> tuple[Floats, Floats]:
    """Return every line's estimated rate for a segment and its standard deviation, (K,) each."""
    d, width = int(state[SIZE]), int(state[WIDTH])
    row = state[TABLE + segment * width : TABLE + (segment + 1) * width]
    ones = row[1 : 1 + int(row[0])].astype(np.int64)
    models = state[int(state[MODELS]) :][: K * (d * d + 2 * d)].reshape(K, d * d + 2 * d)
    inverses = models[:, : d * d].reshape(K, d, d)
    square = inverses[:, ones][:, :, ones].sum(axis=(1, 2))
    return models[:, d * d + d :][:, ones].sum(axis=1), np.sqrt(np.maximum(square, 0.0))
