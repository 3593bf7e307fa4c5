"""A policy's two functions, one send at a time, on a state that a test can look into."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import engine
from engine.native import address_of, native
from engine.policy import Situation, State, choose_signature, update_signature
from engine.rng import mix


@native
def ask(choose: Any, state: State, K: int, t: int, eligible: np.uint64, key: np.uint64) -> int:
    return int(choose(address_of(state), K, t, 0, eligible, key))


@native
def ask_afresh(choose: Any, template: State, K: int, t: int, eligible: np.uint64, out: NDArray[np.int64]) -> None:
    state = template.copy()
    for i in range(out.shape[0]):
        state[:] = template
        out[i] = choose(address_of(state), K, t, 0, eligible, mix(np.uint64(i + 1)))  # 0 hashes to itself


@native
def tell(update: Any, state: State, K: int, t: int, sent: int, arm: int, trials: float, reward: float) -> None:
    update(address_of(state), K, t, sent, 0, arm, trials, reward)


@cache
def _compiled() -> tuple[Any, Any, Any]:
    from numba import types as nb

    choose, update = nb.FunctionType(choose_signature()), nb.FunctionType(update_signature())
    i8, u8, f8 = nb.int64, nb.uint64, nb.float64
    functions = (
        ask.compiled(i8(choose, f8[::1], i8, i8, u8, u8)),
        ask_afresh.compiled(nb.void(choose, f8[::1], i8, i8, u8, i8[::1])),
        tell.compiled(nb.void(update, f8[::1], i8, i8, i8, i8, f8, f8)),
    )
    for function in functions:
        function.disable_compile()
    return functions


def all_of(K: int) -> int:
    """The mask in which every line may be sent."""
    return (1 << K) - 1


class Player:
    """One policy with its own memory."""

    def __init__(self, name: str, K: int, sends: int = 1_000, **settings: Any) -> None:
        spec = engine.POLICIES[name]
        self.K = K
        self.state = spec.prepare(spec.parameters.model_validate({"name": name, **settings}), Situation(K, sends, 1))
        self._choice_probabilities = spec.choice_probabilities
        self._choose = spec.choose.compiled(choose_signature())
        self._update = spec.update.compiled(update_signature())

    def choose(self, t: int = 0, eligible: int | None = None, key: int = 1) -> int:
        mask = np.uint64(all_of(self.K) if eligible is None else eligible)
        return int(_compiled()[0](self._choose, self.state, self.K, t, mask, np.uint64(key)))

    def choices_afresh(self, times: int, t: int = 0, eligible: int | None = None) -> NDArray[np.int64]:
        """What it would send for many keys, each time from the state it is in now."""
        out = np.zeros(times, np.int64)
        mask = np.uint64(all_of(self.K) if eligible is None else eligible)
        _compiled()[1](self._choose, self.state, self.K, t, mask, out)
        return out

    def chances(self, t: int = 0, eligible: int | None = None) -> NDArray[np.float64]:
        """The chances that it tells for send t, in the state it is in now."""
        mask = all_of(self.K) if eligible is None else eligible
        return self._choice_probabilities(self.state, self.K, t, 0, mask)

    def learn(self, sent: int, arm: int, trials: float, reward: float, t: int | None = None) -> None:
        _compiled()[2](
            self._update, self.state, self.K, sent if t is None else t, sent, arm, float(trials), float(reward)
        )
