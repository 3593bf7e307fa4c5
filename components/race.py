"""Reads the shown run's payload: final counts, windows of sends, which policy and line a sentence is about.

Indexing only; whatever needs statistics is in the payload already. A policy's counts are rows of K (lines),
one row a frame.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from components.theme import policy_slots
from components.wording import Contender, Gain

Race = dict[str, Any]
"""The shown run, as the page stores it."""

Luck = dict[str, Any]
"""The summary of the repeat campaigns, as the page stores it."""

EVEN_SPLIT: Final = "ab_split"
ORACLE: Final = "oracle"
WINDOW_COUNT: Final = 20
TOLD_APART: Final = 8
"""Lines that one picture can tell apart: there are that many greens."""


BY_LINE: Final = ("sends", "conversions", "low", "high")
"""Measures with a number a frame and line."""
DRAWN_ONLY: Final = ("low", "high")
"""Those that no text shows."""
DRAWN_STEPS: Final = 700
"""Steps up to the highest of them: on a chart of 300 pixels, half a step is a fifth of a pixel."""


class Window(NamedTuple):
    """One stretch of sends under one policy; counts hold one number a line."""

    start: int
    end: int
    sends: list[int]
    conversions: list[int]


def packed(race: Race) -> Race:
    """The run as it crosses the wire, which takes a fifth less: each line's numbers together, none finer than is drawn.

    `assets/js/race.js` unpacks it.
    """
    lines = line_count(race)
    top = max((bound for policy in race["policies"] for bound in policy["high"] if bound), default=1.0)
    decimals = max(0, math.ceil(math.log10(DRAWN_STEPS / top)))
    return race | {"policies": [_packed(policy, lines, decimals) for policy in race["policies"]]}


def _packed(policy: dict[str, Any], lines: int, decimals: int) -> dict[str, Any]:
    every = policy | {name: [_rounded(number, decimals) for number in policy[name]] for name in DRAWN_ONLY}
    return every | {name: [number for line in range(lines) for number in every[name][line::lines]] for name in BY_LINE}


def _rounded(number: float | None, decimals: int) -> float | None:
    return None if number is None else round(number, decimals)


def line_count(race: Race) -> int:
    """How many subject lines the run has."""
    return len(race["arms"])


def row(race: Race, policy: int, measure: str, frame: int = -1) -> list[Any]:
    """One frame of a policy's `measure`, one number a line; the last frame unless another is asked for."""
    lines = line_count(race)
    place = range(len(race["at"]))[frame] * lines
    return list(race["policies"][policy][measure][place : place + lines])


def conversions(race: Race, policy: int) -> int:
    """All conversions of a policy at the end of the run."""
    return sum(row(race, policy, "conversions"))


def conversions_by_frame(race: Race, policy: int) -> list[int]:
    """Conversions of all lines of a policy together, one number a frame."""
    return [sum(row(race, policy, "conversions", frame)) for frame in range(len(race["at"]))]


def emails(race: Race, policy: int) -> int:
    """All e-mails that a policy sent by the end of the run: a frequency cap leaves contacts out."""
    return sum(row(race, policy, "sends"))


def gained(race: Race, policy: int) -> float:
    """What a policy got by the end of the run, in the unit of the goal."""
    known = race["policies"][policy]["gained"]
    return conversions(race, policy) if known is None else float(known[-1])


def gained_by_frame(race: Race, policy: int) -> list[float]:
    """What a policy got so far, one number a frame."""
    known = race["policies"][policy]["gained"]
    return [float(number) for number in conversions_by_frame(race, policy)] if known is None else list(known)


def over_baseline(race: Race, policy: int) -> float:
    """What a policy got above the baseline, on the same recipients."""
    return round(gained(race, policy) - gained(race, race["baseline"]), 2)


def moves(race: Race) -> bool:
    """Whether true rates change along the campaign by themselves, or lines join and leave."""
    return race["rates"] is not None and not race["wears_out"]


def rates_at(race: Race, frame: int = -1) -> list[float | None]:
    """The true rates at a frame, the last unless another is asked for; None for a line that is not there."""
    if race["rates"] is None:
        return [arm["rate"] for arm in race["arms"]]
    lines = line_count(race)
    place = range(len(race["at"]))[frame] * lines
    return list(race["rates"][place : place + lines])


def to_best(race: Race, policy: int) -> int:
    """Sends of a policy to a line that was truly best at that moment."""
    known = race["policies"][policy]["to_best"]
    if known is not None:
        return int(known[-1])
    sends = row(race, policy, "sends")
    return sum(sends[line] for line in best_lines(race))


def best_lines(race: Race) -> list[int]:
    """The truly best line, and every line that is exactly as good; where rates move, the best over the campaign.

    Where recipients differ, the best for all of them together.
    """
    if moves(race):
        return [race["best"]]
    top = race["arms"][race["best"]]["worth"]
    return [line for line, arm in enumerate(race["arms"]) if arm["worth"] == top]


def are_all_alike(race: Race) -> bool:
    """Whether all lines convert alike from the first send to the last, so that nothing can be gained."""
    is_steady = race["rates"] is None and not race["wears_out"] and race["segments"] is None
    return is_steady and len(best_lines(race)) == line_count(race)


def stacking_order(race: Race) -> list[int]:
    """The best line first, then the scenario's order."""
    best = race["best"]
    return [best, *(line for line in range(line_count(race)) if line != best)]


def told_apart(race: Race) -> list[int]:
    """The lines that a picture names, in stacking order: all, or the seven most sent when there are many."""
    if line_count(race) <= TOLD_APART:
        return stacking_order(race)
    # The baseline is left out: an even split sends as much to every line, and would choose by chance.
    sends = [row(race, policy, "sends") for policy in challengers(race)] or [row(race, 0, "sends")]
    most = [max(counts) for counts in zip(*sends, strict=True)]
    ranked = sorted(range(line_count(race)), key=lambda line: (line != race["best"], -most[line], line))
    named = set(ranked[: TOLD_APART - 1])
    return [line for line in stacking_order(race) if line in named]


def is_oracle(policy: dict[str, Any]) -> bool:
    """Whether this is the ceiling rather than something that can be used."""
    return bool(policy["name"] == ORACLE)


def challengers(race: Race | Luck) -> list[int]:
    """Every policy but the baseline, in the order asked."""
    return [place for place in range(len(race["policies"])) if place != race["baseline"]]


def racing_order(race: Race) -> list[int]:
    """Policies with the baseline first, as the replay lists them."""
    return [race["baseline"], *challengers(race)]


def slots(race: Race | Luck) -> list[int | None]:
    """The colour slot of each policy, None for the oracle."""
    return policy_slots([policy["name"] for policy in race["policies"]])


def focus(race: Race | Luck) -> int:
    """The policy that the verdict is about: the first challenger, the oracle only if there is no other."""
    others = challengers(race)
    return next((place for place in others if not is_oracle(race["policies"][place])), others[0] if others else 0)


def windows(race: Race, policy: int, at_most: int = WINDOW_COUNT) -> list[Window]:
    """The run cut into stretches of (nearly) the same number of sends."""
    last = len(race["at"]) - 1
    amount = min(at_most, last)
    frames = [round(step * last / amount) for step in range(amount + 1)]
    return [_window(race, policy, first, end) for first, end in pairwise(frames)]


def _window(race: Race, policy: int, first: int, end: int) -> Window:
    def gained(measure: str) -> list[int]:
        before, after = row(race, policy, measure, first), row(race, policy, measure, end)
        return [now - then for then, now in zip(before, after, strict=True)]

    return Window(race["at"][first], race["at"][end], gained("sends"), gained("conversions"))


def window_sends(race: Race) -> int | None:
    """How many sends a window holds; None when they differ by more than rounding."""
    cut = windows(race, race["baseline"])
    sizes = {window.end - window.start for window in cut}
    return race["sends"] // len(cut) if max(sizes) - min(sizes) <= 1 else None


def majority_from(race: Race, policy: int, lines: list[int]) -> int | None:
    """Sends after which `lines` together keep more than half of every window; None if they never do."""
    start: int | None = None
    for window in reversed(windows(race, policy)):
        if 2 * sum(window.sends[line] for line in lines) <= sum(window.sends):
            break
        start = window.start
    return start


def favourite(race: Race, policy: int) -> int | None:
    """The line that keeps more than half of the traffic until the end, if there is one."""
    last = windows(race, policy)[-1].sends
    line = max(range(len(last)), key=last.__getitem__)
    return line if majority_from(race, policy, [line]) is not None else None


def contender(race: Race | Luck, policy: int) -> Contender:
    """A policy as sentences name it."""
    entry = race["policies"][policy]
    return Contender(entry["label"], policy, entry["name"] == EVEN_SPLIT, is_oracle(entry))


def gain_of(luck: Luck, policy: int) -> Gain:
    """A policy's gain over the baseline, as sentences read it."""
    entry = luck["policies"][policy]
    return Gain(
        entry["extra_mean"],
        entry["extra_low"],
        entry["extra_high"],
        entry["extra_mean_low"],
        entry["extra_mean_high"],
        entry["wins"],
        entry["ties"],
        entry["losses"],
    )


def records(race: Race) -> Iterator[dict[str, Any]]:
    """The whole run as rows: a policy, a line and a step each, cumulative."""
    for policy, entry in enumerate(race["policies"]):
        for frame, sends in enumerate(race["at"]):
            counts = zip(
                race["arms"],
                row(race, policy, "sends", frame),
                row(race, policy, "conversions", frame),
                strict=True,
            )
            for arm, sent, converted in counts:
                yield {
                    "sends": sends,
                    "policy": entry["label"],
                    "line": arm["name"],
                    "line_sends": sent,
                    "line_conversions": converted,
                }
