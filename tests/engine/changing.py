"""Campaigns whose rates change: one send at a time to look into, or many at once."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import engine
from engine.choosing import all_may
from engine.native import address_of, native
from engine.policy import Situation, State, choose_signature, update_signature
from engine.rng import POLICY, RESPONSES, SEND_STRIDE, response, stream_key
from tests.engine.contract import Player

Numbers = NDArray[np.float64]
History = list[tuple[int, int]]
"""What was sent and answered: (arm, answer) for each send."""


def two_switches(sends: int = 10_000) -> Numbers:
    """Garivier and Moulines (2011), section 4.1: the third line is the best from 3,000 to 5,000 of 10,000 sends."""
    rates = np.tile([0.5, 0.3, 0.4], (sends, 1))
    rates[3 * sends // 10 : 5 * sends // 10, 2] = 0.9
    return rates


def responses_to(rates: Numbers, seed: int) -> NDArray[np.int64]:
    """Whether each recipient would respond to each line: (sends, K) of 0 and 1."""
    return (np.random.default_rng(seed).random(rates.shape) < rates).astype(np.int64)


def campaign(player: Player, answers: NDArray[np.int64]) -> History:
    """What the player sent, told at once, and what was answered."""
    history: History = []
    for t, row in enumerate(answers):
        arm = player.choose(t, key=(t + 1) * 0x9E3779B97F4A7C15 % 2**64)
        player.learn(t, arm, 1, int(row[arm]))
        history.append((arm, int(row[arm])))
    return history


@native
def play(choose: Any, update: Any, template: State, rates: Numbers, seed: np.uint64, regret: Numbers) -> None:
    """Write the expected regret of each campaign."""
    K = rates.shape[1]
    state = np.empty_like(template)
    memory = address_of(state)
    for campaign in range(regret.shape[0]):
        state[:] = template
        responses = stream_key(seed, np.uint64(campaign), RESPONSES)
        own = stream_key(seed, np.uint64(campaign), POLICY)
        for t in range(rates.shape[0]):
            arm = choose(memory, K, t, 0, all_may(K), own + np.uint64(t) * SEND_STRIDE)
            answer = 1.0 if response(responses, t, arm) < rates[t, arm] else 0.0
            update(memory, K, t, t, 0, arm, 1.0, answer)
            regret[campaign] += rates[t].max() - rates[t, arm]


@cache
def _compiled_play() -> Any:
    from numba import types as nb

    choose, update = nb.FunctionType(choose_signature()), nb.FunctionType(update_signature())
    f8 = nb.float64
    return play.compiled(nb.void(choose, update, f8[::1], f8[:, ::1], nb.uint64, f8[::1]))


def regrets(name: str, rates: Numbers, campaigns: int, seed: int = 5, **settings: Any) -> Numbers:
    """Expected regret of each of many campaigns; every policy meets the same recipients."""
    spec = engine.POLICIES[name]
    situation = Situation(rates.shape[1], len(rates), 1)
    template = spec.prepare(spec.parameters.model_validate({"name": name, **settings}), situation)
    out = np.zeros(campaigns)
    choose, update = spec.choose.compiled(choose_signature()), spec.update.compiled(update_signature())
    _compiled_play()(choose, update, template, rates, np.uint64(seed), out)
    return out


def surely_less(some: Numbers, others: Numbers, deviations: float) -> bool:
    """Whether the paired mean difference lies this many standard errors below zero."""
    difference = some - others
    return bool(difference.mean() < -deviations * difference.std() / np.sqrt(len(difference)))
