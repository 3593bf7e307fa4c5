"""Counter-based randomness: every number is a hash of what it is for, so nothing depends on the order of work.

A recipient's response to a line is a hash of (seed, replication, send, arm) and so is the same whatever a policy
did before, on any thread. Policies draw from a stream of their own. The hash is the finaliser of SplitMix64 over a
counter (Steele, Lea and Flood 2014).
"""

import math

import numpy as np

from engine.arithmetic import exp, log
from engine.native import native

GAMMA = np.uint64(0x9E3779B97F4A7C15)  # the odd step of SplitMix64's counter
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_TWO_TO_MINUS_53 = 2.0**-53

ARM_SLOTS = np.uint64(64)  # counters set aside for one send: at most 64 arms

SEND_STRIDE = np.uint64((int(GAMMA) << 14) % 2**64)
"""Step of a policy's own counter from send to send: room for 16,384 random numbers a send."""

NORMAL_ROOM = np.uint64(64 * int(GAMMA) % 2**64)
"""Counters set aside for one normal draw; needing more has no chance worth a thought."""

# What a stream is for. A number once given is never used for anything else.
RESPONSES = np.uint64(1)
POLICY = np.uint64(2)
WORLD = np.uint64(3)
COURSE = np.uint64(4)  # how rates change, of worlds that draw it
DELAYS = np.uint64(5)
RAILS = np.uint64(6)  # whom a guardrail takes, and what it sends them
COMPLAINTS = np.uint64(7)
SEGMENTS = np.uint64(8)
RECIPIENTS = np.uint64(9)  # which of them a send goes to, where they get several
ORDERS = np.uint64(10)  # how much a conversion is worth
SHOCKS = np.uint64(11)

MOST_REJECTIONS = 1000
"""Chance of reaching it is below 10^-1000; a loop without the interpreter's lock must still end."""


@native
def mix(x: np.uint64) -> np.uint64:
    """Hash 64 bits to 64 bits, one to one."""
    z = (x ^ (x >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@native
def stream_key(seed: np.uint64, replication: np.uint64, purpose: np.uint64) -> np.uint64:
    """Return the start of the stream for one purpose in one replication."""
    return mix(mix(mix(seed + GAMMA) + replication * GAMMA) + purpose * GAMMA)


@native
def unit(bits: np.uint64) -> float:
    """Turn 64 random bits into a uniform number in [0, 1) of 53 bits."""
    return np.float64(np.int64(bits >> _S11)) * _TWO_TO_MINUS_53


@native
def open_unit(bits: np.uint64) -> float:
    """Turn 64 random bits into a uniform number in (0, 1], whose logarithm is finite."""
    return (np.float64(np.int64(bits >> _S11)) + 0.5) * _TWO_TO_MINUS_53


@native
def below(bits: np.uint64, n: int) -> int:
    """Turn 64 random bits into one of 0 .. n - 1, each with the same chance (to 2^-53)."""
    return int(unit(bits) * n)


@native
def response(responses: np.uint64, t: int, arm: int) -> float:
    """Return the uniform number in [0, 1) that decides whether recipient `t` responds to `arm`: below its rate, yes."""
    return unit(mix(responses + (np.uint64(t) * ARM_SLOTS + np.uint64(arm) + _ONE) * GAMMA))


def _ziggurat_tables(layers: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """Return the layer edges of the normal density and the ratios of neighbours.

    After Marsaglia and Tsang 2000 and Doornik 2005.
    """
    edge, area = 3.6541528853610088, 4.92867323399e-3
    python_exp, python_log = exp.function, log.function
    x = np.zeros(layers + 1)
    density = python_exp(-0.5 * edge * edge)
    x[0], x[1] = area / density, edge
    for i in range(2, layers):
        x[i] = math.sqrt(-2.0 * python_log(area / x[i - 1] + density))
        density = python_exp(-0.5 * x[i] * x[i])
    return x, x[1:] / x[:-1]


_EDGES, _RATIOS = _ziggurat_tables()
_TAIL = 3.6541528853610088
_LAYER_BITS = np.uint64(0xFF)


@native
def normal(key: np.uint64) -> tuple[float, np.uint64]:
    """Return an exact standard normal draw and the key to go on with (ziggurat, 256 layers)."""
    for _ in range(MOST_REJECTIONS):
        key += GAMMA
        bits = mix(key)
        layer = bits & _LAYER_BITS
        u = 2.0 * unit(bits) - 1.0
        x = u * _EDGES[layer]
        if abs(u) < _RATIOS[layer]:
            return x, key
        key += GAMMA
        if layer == _ZERO:
            far = -log(open_unit(mix(key))) / _TAIL
            key += GAMMA
            if -2.0 * log(open_unit(mix(key))) > far * far:
                return (_TAIL + far if u > 0.0 else -_TAIL - far), key
        else:
            outer = exp(-0.5 * (_EDGES[layer] * _EDGES[layer] - x * x))
            inner = exp(-0.5 * (_EDGES[layer + _ONE] * _EDGES[layer + _ONE] - x * x))
            if inner + unit(mix(key)) * (outer - inner) < 1.0:
                return x, key
    return 0.0, key


@native
def gamma_at_once(d: float, c: float, key: np.uint64) -> tuple[float, bool]:
    """Return what `gamma_from` returns, and whether its first try was accepted without a rare case.

    Else the number means nothing. Short, without loops, so that a caller's loop over arms stays fast; about 97 in 100
    tries succeed.
    """
    bits = mix(key + GAMMA)
    layer = bits & _LAYER_BITS
    u = 2.0 * unit(bits) - 1.0
    x = u * _EDGES[layer]
    v = 1.0 + c * x
    square = x * x
    accepted = (
        (abs(u) < _RATIOS[layer]) & (v > 0.0) & (open_unit(mix(key + GAMMA + GAMMA)) < 1.0 - 0.0331 * square * square)
    )
    return d * (v * v * v), accepted


@native
def gamma_from(d: float, c: float, key: np.uint64) -> tuple[float, np.uint64]:
    """Return an exact Gamma(shape) draw for shape >= 1, with d = shape - 1/3 and c = 1 / sqrt(9 d) worked out before.

    Marsaglia and Tsang (2000), A simple method for generating gamma variables.
    """
    for _ in range(MOST_REJECTIONS):
        x, key = normal(key)
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        key += GAMMA
        u = open_unit(mix(key))
        square = x * x
        if u < 1.0 - 0.0331 * square * square:
            return d * v, key
        if log(u) < 0.5 * square + d * (1.0 - v + log(v)):
            return d * v, key
    return d, key


@native
def log_gamma_draw(shape: float, key: np.uint64) -> tuple[float, np.uint64]:
    """Return the logarithm of an exact Gamma(shape) draw, for any shape > 0.

    Small shapes would underflow as numbers.
    """
    boost = 0.0
    if shape < 1.0:
        key += GAMMA
        boost = log(open_unit(mix(key))) / shape
        shape += 1.0
    d = shape - 1.0 / 3.0
    draw, key = gamma_from(d, 1.0 / np.sqrt(9.0 * d), key)
    return log(draw) + boost, key


@native
def beta(alpha: float, beta: float, key: np.uint64) -> tuple[float, np.uint64]:
    """Return an exact Beta(alpha, beta) draw and the key to go on with, as a ratio of two Gamma draws."""
    if alpha >= 1.0 and beta >= 1.0:
        d = alpha - 1.0 / 3.0
        x, key = gamma_from(d, 1.0 / np.sqrt(9.0 * d), key)
        d = beta - 1.0 / 3.0
        y, key = gamma_from(d, 1.0 / np.sqrt(9.0 * d), key)
        return x / (x + y), key
    log_x, key = log_gamma_draw(alpha, key)
    log_y, key = log_gamma_draw(beta, key)
    return 1.0 / (1.0 + exp(log_y - log_x)), key
