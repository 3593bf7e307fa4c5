"""What is published on changing rates and on late or batched answers, and closed forms of both.

Papers whose own programs and settings are not known to the last detail are held to the order of their results, with
paired margins; closed forms are held to the value. Every statistical check says how often it fails a correct engine.
"""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from engine import Scenario, simulate
from engine.simulation import trace
from tests.engine.changing import surely_less
from tests.engine.scenarios import scenario

RARE = stats.norm.isf(1e-6)
"""Standard errors beyond which a correct engine falls once in a million seeds."""

Numbers = NDArray[np.float64]


def regrets(asked: Scenario) -> Numbers:
    """Expected regret at the end, (policies, replications)."""
    return simulate(asked).regret[:, :, -1]


def equals(found: Numbers, expected: float) -> bool:
    """Whether the mean of these campaigns is the expected value, as far as chance allows."""
    return bool(abs(found.mean() - expected) <= RARE * found.std(ddof=1) / math.sqrt(len(found)) + 1e-9)


# Changing rates


def test_policies_that_forget_win_where_rates_switch() -> None:
    """Order only. Garivier and Moulines (2011), section 4: the third line is best from 3,000 to 5,000 of 10,000 sends.

    SW-UCB and D-UCB do significantly better than methods like Exp3, and SW-UCB better than UCB1.
    """
    sends = 10_000
    window, gamma = int(4 * math.sqrt(sends * math.log(sends))), 1 - 1 / (4 * math.sqrt(sends))
    changes = [{"arm": "line 2", "at": 3_000, "rate": 0.9}, {"arm": "line 2", "at": 5_000, "rate": 0.4}]
    asked = scenario(
        {"name": "sliding_window_ucb", "window": window, "xi": 0.6},
        {"name": "discounted_ucb", "gamma": gamma, "xi": 0.6},
        "ucb1",
        "exp3",
        rates=(0.5, 0.3, 0.4),
        sends=sends,
        replications=400,
        world={"name": "change_point", "changes": changes},
    )
    windowed, discounted, ucb1, exp3 = regrets(asked)
    assert surely_less(windowed, discounted, RARE)
    assert surely_less(windowed, ucb1, RARE)
    assert surely_less(windowed, exp3, RARE)
    assert surely_less(discounted, exp3, RARE)


WORLDS: list[dict[str, Any]] = [
    {"name": "stationary"},
    {"name": "change_point", "changes": [{"arm": "line 1", "at": 700, "rate": 0.6}]},
    {"name": "change_point", "random_changes": 4},
    {"name": "drifting", "drift": 2.0},
    {"name": "drifting", "how": "random_walk", "wander": 2.0},
    {"name": "inflated_opens"},
    {"name": "seasonal", "contrast": 1.0},
]


@pytest.mark.parametrize("world", WORLDS, ids=[world["name"] for world in WORLDS])
def test_an_even_split_gets_the_mean_of_all_lines_at_every_moment(world: dict[str, Any]) -> None:
    """Closed form: conversions are the sum of the lines' mean rate, regret that of what the best is above it."""
    asked = scenario("ab_split", rates=(0.2, 0.3, 0.1), sends=2_000, replications=2_000, sends_per_hour=20, world=world)
    course, result = asked.course(), simulate(asked)
    rates = course.rates[0, np.repeat(course.rows, np.diff(course.ends, prepend=0))]
    assert equals(result.conversions[0, :, -1].sum(axis=1), rates.mean(axis=1).sum())
    assert equals(result.regret[0, :, -1], (rates.max(axis=1) - rates.mean(axis=1)).sum())


def worn(asked: Scenario) -> Numbers:
    """The rate of each line at its first, second, ... own send: (sends, K)."""
    course = asked.course()
    fresh = course.kept ** np.arange(asked.sends)[:, np.newaxis]
    rates: Numbers = course.rates[0, 0] * (course.lowest + (1 - course.lowest) * fresh)
    return rates


FATIGUE = {"name": "fatigue", "half_life": 200, "lowest": 0.1}


def test_an_even_split_wears_all_lines_out_alike() -> None:
    """Closed form: each block of sends has every line once."""
    asked = scenario("ab_split", rates=(0.5, 0.4, 0.2), sends=1_500, replications=2_000, world=FATIGUE)
    assert equals(simulate(asked).conversions[0, :, -1].sum(axis=1), worn(asked)[:500].sum())


def test_the_best_line_of_the_moment_is_the_best_plan_where_lines_wear_out() -> None:
    """Heidari, Kearns and Roth (2016), Tight policy regret bounds: with decaying lines, the greedy choice is optimal.

    So the oracle's campaign takes the largest of all the rates that the lines go through, whichever they belong to.
    """
    asked = scenario("oracle", rates=(0.5, 0.4, 0.2), sends=1_500, world=FATIGUE)
    falling = worn(asked)
    best_plan = np.sort(falling.ravel())[::-1][:1_500].sum()
    counts = np.bincount(trace(asked, 0).arms, minlength=3)
    greedy = sum(falling[:count, arm].sum() for arm, count in enumerate(counts))
    assert greedy == pytest.approx(best_plan, rel=1e-12)
    assert (counts > 0).all()
    assert equals(simulate(asked.with_changes(replications=2_000)).conversions[0, :, -1].sum(axis=1), best_plan)


# Answers in batches

TEN_LINES = (0.5, *[0.4] * 9)
BATCHED = ("thompson", "ucb1", "kl_ucb")


@cache
def batched(every: int, sends: int = 20_000, policies: tuple[str, ...] = BATCHED) -> Numbers:
    """Regrets of policies on ten lines that learn every so many sends, (policies, replications)."""
    return regrets(scenario(*policies, rates=TEN_LINES, sends=sends, replications=300, update_every=every))


def test_thompson_bears_batches_better_than_bounds_do() -> None:
    """Order only. Chapelle and Li (2011), An empirical evaluation of Thompson sampling, section 3.

    The longer the delay, the more times as large is the regret of a tight bound; Thompson sampling randomises, and does
    not send a whole batch to one line.
    """
    at_once, in_batches = batched(1), batched(1_000)
    extra = in_batches - at_once
    assert surely_less(extra[0], extra[1], RARE)
    assert surely_less(extra[0], extra[2], RARE)
    assert surely_less(at_once[2] * in_batches[0].mean(), in_batches[2] * at_once[0].mean(), RARE)


@pytest.mark.parametrize("every", [10, 100, 1_000])
def test_batches_cost_at_most_a_batch_of_each_worse_line(every: int) -> None:
    """Joulani, Gyorgy and Szepesvari (2013), Online learning under delayed feedback: an added cost, not a multiplied one.

    Of UCB policies, at most the sum of the gaps times the most answers that are ever outstanding. Their theorem is on
    bounds of the regret; here its measured mean must keep to it as well.
    """
    extra = batched(every)[1:] - batched(1)[1:]
    error = extra.std(axis=1, ddof=1) / math.sqrt(extra.shape[1])
    assert (extra.mean(axis=1) - RARE * error <= 0.9 * every).all()


def test_the_cost_of_batches_does_not_grow_with_the_campaign() -> None:
    """The same theorem: four times as many sends, with the regret of UCB1 much higher, and the cost of batches is not."""
    lengths, alone = (10_000, 40_000), ("ucb1",)
    at_once, in_batches = ([batched(every, sends, alone)[0] for sends in lengths] for every in (1, 500))
    short, long = (late - known for late, known in zip(in_batches, at_once, strict=True))
    error = math.hypot(*(some.std(ddof=1) / math.sqrt(len(some)) for some in (short, long)))
    assert long.mean() - short.mean() < 0.5 * short.mean() + RARE * error
    assert at_once[1].mean() > 1.2 * at_once[0].mean()
