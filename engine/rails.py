"""All guardrails together, as the loop over sends asks them: the functions of their files, chained in order of rank.

Every link of a chain is a copy of the same text, in which the names in capitals and the two functions are those of one
guardrail; all of a chain is compiled together with the loop.
"""

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.catalogue import GUARDRAILS
from engine.choosing import random_arm
from engine.guardrail import ON, SLOTS, Block, GuardrailSpec
from engine.native import Native, native, rebound
from engine.rng import GAMMA, mix, unit

if TYPE_CHECKING:
    from engine.scenario import Scenario

NOBODY: int = np.int64(-1)  # type: ignore[assignment]  # a literal would compile all that it meets once more

BY_RANK: tuple[GuardrailSpec, ...] = tuple(sorted(GUARDRAILS.values(), key=lambda spec: (spec.rank, spec.name)))
"""All guardrails; the place here is that of the block, and the number by which a taken send is known."""

START = 0  # what each link puts in these places
PLACE = 0
KEYS = np.uint64(0)
earlier: Any = None
own: Any = None


@native
def nobody_takes(
    rails: Block, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64, key: np.uint64
) -> tuple[int, int]:
    """Begin the chain: the policy decides."""
    return NOBODY, NOBODY


def take_link(
    rails: Block, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64, key: np.uint64
) -> tuple[int, int]:
    """Return the arm for recipient t and who decided, or twice NOBODY."""
    arm, by = earlier(rails, K, t, sent, within, here, active, key)
    if arm == NOBODY and rails[START + ON] != 0.0:
        share, among = own(rails, START, K, t, sent, within, here, active)
        if share > 0.0 and unit(mix(key + KEYS)) < share:
            return random_arm(among, K, key + KEYS + GAMMA), PLACE
    return arm, by


@native
def nobody_asked(
    rails: Block, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64, shares: Any, masks: Any
) -> None:
    """Begin the chain: nothing to write."""


def inquire_link(
    rails: Block, K: int, t: int, sent: Any, within: Any, here: int, active: np.uint64, shares: Any, masks: Any
) -> None:
    """Write what each guardrail would take of recipient t, and among which lines it would split that."""
    earlier(rails, K, t, sent, within, here, active, shares, masks)
    if rails[START + ON] != 0.0:
        share, among = own(rails, START, K, t, sent, within, here, active)
        shares[PLACE] = share
        masks[PLACE] = among


@native
def nobody_skipped(rails: Block, t: int, latest: int, previous: Any, ring: int) -> bool:
    """Begin the chain: everybody gets an e-mail."""
    return False


def skip_link(rails: Block, t: int, latest: int, previous: Any, ring: int) -> bool:
    """Tell whether this recipient is left out."""
    if earlier(rails, t, latest, previous, ring):
        return True
    return bool(rails[START + ON] != 0.0 and own(rails, START, t, latest, previous, ring))


@native
def all_allowed(rails: Block, K: int, t: int, sent: np.ndarray, active: np.uint64, allowed: np.uint64) -> np.uint64:
    """Begin the chain: every active line may be chosen."""
    return allowed


def allow_link(rails: Block, K: int, t: int, sent: np.ndarray, active: np.uint64, allowed: np.uint64) -> np.uint64:
    """Return the mask of lines among which the policy may choose, never none."""
    mask = earlier(rails, K, t, sent, active, allowed)
    if rails[START + ON] != 0.0:
        narrower = own(rails, START, K, t, sent, active, mask)
        if narrower != np.uint64(0):
            mask = narrower
    return np.uint64(mask)


@native
def none_paused(rails: Block, K: int, arm: int, sent: np.ndarray, complaints: np.ndarray) -> bool:
    """Begin the chain: the line stays."""
    return False


def pause_link(rails: Block, K: int, arm: int, sent: np.ndarray, complaints: np.ndarray) -> bool:
    """Tell whether the line just sent is taken out of the campaign."""
    if earlier(rails, K, arm, sent, complaints):
        return True
    return bool(rails[START + ON] != 0.0 and own(rails, START, K, arm, sent, complaints))


@native
def nothing_settled(
    rails: Block, K: int, t: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64, key: np.uint64
) -> None:
    """Begin the chain: nobody looks."""


def settle_link(
    rails: Block, K: int, t: int, trials: np.ndarray, rewards: np.ndarray, active: np.uint64, key: np.uint64
) -> None:
    """Let each guardrail look at what is known."""
    earlier(rails, K, t, trials, rewards, active, key)
    if rails[START + ON] != 0.0:
        own(rails, START, K, t, trials, rewards, active, key + KEYS)


@native
def nobody_listens(rails: Block) -> bool:
    """Begin the chain: nobody looks."""
    return False


def listen_link(rails: Block) -> bool:
    """Tell whether any guardrail looks at what is known, so that it must be counted."""
    return bool(rails[START + ON] != 0.0 or earlier(rails))


def counters_of(name: str) -> np.uint64:
    """Return where a guardrail's own counters start: whether it takes the recipient, and what it sends.

    By its name, so that guardrails added later leave the luck of the others alone.
    """
    return np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


def _chain(first: Native[..., Any], link: Any, of: str, called: str = "") -> Native[..., Any]:
    whole = first
    for place, spec in enumerate(BY_RANK):
        function = getattr(spec, of)
        if function is not None:
            meanings: dict[str, Any] = {"START": place * SLOTS, "PLACE": place, "KEYS": counters_of(spec.name)}
            whole = rebound(link, f"{called or of}_{spec.name}", inline=True, earlier=whole, own=function, **meanings)
    return whole


skip: Any = _chain(nobody_skipped, skip_link, "skips")
take: Any = _chain(nobody_takes, take_link, "takes")
inquire: Any = _chain(nobody_asked, inquire_link, "takes")
allow: Any = _chain(all_allowed, allow_link, "allows")
pause: Any = _chain(none_paused, pause_link, "pauses")
settle: Any = _chain(nothing_settled, settle_link, "settles")
listen: Any = _chain(nobody_listens, listen_link, "settles", called="listens")


def template(scenario: "Scenario") -> Block:
    """Return the blocks of all guardrails, one after the other, or nothing when none is on."""
    if not scenario.guardrails:
        return np.zeros(0)
    blocks = np.zeros((len(BY_RANK), SLOTS))
    for parameters in scenario.guardrails:
        spec = GUARDRAILS[parameters.name]
        numbers = spec.prepare(parameters, scenario)
        block = blocks[place_of(spec.name)]
        block[ON] = 1.0
        block[ON + 1 : ON + 1 + len(numbers)] = numbers
    return blocks.ravel()


@cache
def place_of(name: str) -> int:
    """Return the number by which a guardrail is known among all of them."""
    return next(place for place, spec in enumerate(BY_RANK) if spec.name == name)


UNTOLD = np.array([not spec.is_learnt for spec in BY_RANK])
IS_TOLD_APART = np.array([spec.is_told_apart for spec in BY_RANK])
APART = np.cumsum(IS_TOLD_APART) - 1
"""For each place, which of the counts kept apart is its own, where `is_told_apart`."""
TOLD_APART = tuple(spec.name for spec in BY_RANK if spec.is_told_apart)
