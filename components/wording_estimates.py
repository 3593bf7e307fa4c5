"""The words for what a log of decisions can say of lines and of other ways to send."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.formats import count, decimal, listing, number_word, percent

METHODS: Final[Mapping[str, tuple[str, str]]] = {
    "replay": ("Replay", "matching sends only"),
    "ips": ("IPS", "weighted by chance"),
    "snips": ("SNIPS", "weights sum to one"),
    "dm": ("Direct", "a model only"),
    "dr": ("Doubly robust", "model and weights"),
}
"""Each method and what it goes by."""
REFUSED: Final[Mapping[str, str]] = {
    "needs_chances": "needs the chances",
    "left_to_chance": "compares decisions only",
    "no_chance": "had no chance at times",
    "nothing": "nothing to go by",
}
"""Why a method says nothing."""
TABLE: Final = "What five methods say of each line"
METHOD: Final = "Method"
SENT: Final = "Sent by this log"
EFFECTIVE: Final = "Effective sends"
HEAVIEST: Final = "Largest weight"
EFFECTIVE_MEANS: Final = "Effective sends: how many sends would say as much if all counted alike."
HEAVIEST_MEANS: Final = "Largest weight: for so many recipients a single send stands."
AS_THEY_FELL: Final = (
    "Replay and the direct method take sends as they fell; where rates moved while the log learned, trust the others."
)
OTHERS: Final = "Other ways to send, by the same log"
OTHER: Final = "Way to send"
JUDGED_BY: Final = "Judged by"
ESTIMATE: Final = "Estimate"
INTERVAL: Final = "90% interval"
TRUTH: Final = "Truth"
EVEN: Final = "Even split"
FIGURES: Final = "All figures as a table"
LINE: Final = "Line"
REMEDY: Final = "Give every line a minimum share, such as 2%, and the next log can tell."
WITHOUT_CHANCES: Final = (
    "The file does not say with which chance each line was sent. Replay and the direct method go without, as if luck alone had "
    "decided who got which line; the other three need the chances."
)
_UNEVEN: Final = 2.0
"""Intervals that differ by less than this say about as much."""
_FEW: Final = 3
_SMALL: Final = 0.01
_CENTS_TO: Final = 100.0


def title(known: str, others: Sequence[str], sharper: float) -> str:
    """The finding: the line that is known best, those that are not known, and how much surer the best is than the worst.

    >>> title("A", ["C"], 1.0), title("A", ["B", "C"], 1.0)
    ('This log knows A well, and C hardly at all', 'This log knows A well, and B and C hardly at all')
    >>> title("A", [], 1.4), title("", ["A", "B"], 1.0)
    ('This log knows every line about equally well', 'This log is too short to judge any line')
    >>> title("A", [], 6.2)
    'This log knows A best: about 6 times as closely as the line it knows least'
    """
    if not known:
        return "This log is too short to judge any line"
    if others:
        many = f"{number_word(len(others))} other lines"
        return f"This log knows {known} well, and {listing(list(others)) if len(others) < _FEW else many} hardly at all"
    if sharper < _UNEVEN:
        return "This log knows every line about equally well"
    return f"This log knows {known} best: about {count(sharper)} times as closely as the line it knows least"


def deck(found: Mapping[str, Any]) -> str:
    """What is drawn.

    >>> log = {"is_rate": True, "sends": 500, "level": 0.9}
    >>> deck(log | {"policy": "UCB1", "campaign": 900, "wears_out": False}).partition(", 90% interval.")[0]
    'Rate of each line as five methods read it from the first 500 of 900 sends of UCB1'
    >>> deck({"is_rate": False, "sends": 900, "level": 0.9})
    'What a send of each line brings as five methods read it from 900 sends, 90% interval.'
    """
    what = "Rate of each line" if found["is_rate"] else "What a send of each line brings"
    sends, policy = count(found["sends"]), found.get("policy")
    whole = found.get("campaign", found["sends"])
    cut = f"the first {sends} of {count(whole)}" if found["sends"] < whole else sends
    log = f"{cut} sends" + (f" of {policy}" if policy else "")
    text = f"{what} as five methods read it from {log}, {percent(found['level'], 0)} interval."
    return f"{text} {_dotted(found)}" if policy else text


def _dotted(found: Mapping[str, Any]) -> str:
    tired = ", of lines as tired as they were" if found["wears_out"] else ""
    return f"Dotted: the truth{tired}, known here because we made the log."


def value(number: float | None, *, is_rate: bool) -> str:
    """An estimate: a rate, or an amount a send.

    >>> value(0.18276, is_rate=True), value(0.00412, is_rate=True), value(1.5, is_rate=False), value(None, is_rate=True)
    ('18.28%', '0.412%', '1.50', '–')
    """
    if number is None or is_rate:
        return percent(number, 2 if number is None or number >= _SMALL or number == 0 else 3)
    return decimal(number, 0 if abs(number) >= _CENTS_TO else 2)


def between(low: float | None, high: float | None, *, is_rate: bool) -> str:
    """An interval.

    >>> between(0.178, 0.1836, is_rate=True), between(None, None, is_rate=True)
    ('17.80% to 18.36%', '–')
    """
    if low is None or high is None:
        return "–"
    return f"{value(low, is_rate=is_rate)} to {value(high, is_rate=is_rate)}"


def ticks(places: Sequence[float]) -> list[str]:
    """Amounts along an axis, with the decimals that its steps need.

    >>> ticks([0.0, 0.5]), ticks([100.0, 200.0])
    (['0.0', '0.5'], ['100', '200'])
    """
    digits = next((few for few in range(4) if all(abs(one - round(one, few)) < 10**-6 for one in places)), 4)
    return [decimal(one, digits) for one in places]


def always(name: str) -> str:
    """A line as something to do.

    >>> always("No E-Mail")
    'Always No E-Mail'
    """
    return f"Always {name}"


def truth(number: float | None, *, is_rate: bool) -> str:
    """Beside the line's name.

    >>> truth(0.1062, is_rate=True), truth(None, is_rate=True)
    ('truth 10.62%', '')
    """
    return "" if number is None else f"truth {value(number, is_rate=is_rate)}"


def share(sends: int, of: int) -> str:
    """How much of the log a line is.

    >>> share(62591, 64000), share(230, 64000), share(0, 10), share(3, 64000)
    ('97.8% of the log', '0.36% of the log', 'never', '0.005% of the log')
    """
    if not sends:
        return "never"
    part = sends / of
    return f"{percent(part, 1 if part >= _SMALL else 2 if part >= _SMALL**2 else 3)} of the log"


def weight(number: float) -> str:
    """The largest weight.

    >>> weight(3.21), weight(571.2), weight(0.0)
    ('3.2', '571', '–')
    """
    return "–" if number == 0 else decimal(number, 1 if number < 10 else 0)  # noqa: PLR2004


def spoken(number: str, interval: str) -> str:
    """A cell for those who listen.

    >>> spoken("18.28%", "17.80% to 18.36%"), spoken("18.28%", "–")
    ('18.28%, 17.80% to 18.36%', '18.28%, too few sends for an interval')
    """
    return f"{number}, {'too few sends for an interval' if interval == '–' else interval}"


def held(holding: int, intervals: int) -> str:
    """How many of the intervals hold the truth.

    >>> held(14, 15)
    '14 of 15 intervals hold the truth. The five of a line rest on the same answers, so they err together.'
    >>> held(5, 5)
    'All 5 intervals hold the truth.'
    """
    if holding == intervals:
        return f"All {intervals} intervals hold the truth."
    return f"{holding} of {intervals} intervals hold the truth. The five of a line rest on the same answers, so they err together."


def thin(lines: Sequence[tuple[str, int, float]], of: int) -> tuple[str, str]:
    """What is said where the log hardly knows lines: their names, sends and effective sends; what it means.

    >>> thin([("No E-Mail", 230, 29.2)], 64000)[0]
    'This log hardly ever sent No E-Mail: 230 of 64,000 sends. No method can say what it would have earned.'
    >>> thin([("No E-Mail", 230, 29.2)], 64000)[1]
    'The hatched figures rest on about 29 effective sends; an interval takes 30.'
    >>> thin([("B", 0, 0.0)], 500)[0], thin([("B", 40, 9.0)], 500)[0].partition(". ")[0]
    ('This log never sent B. No method can say what it would have earned.', 'This log has little on B: 40 of 500 sends')
    >>> thin([("B", 0, 0.0), ("C", 12, 4.0)], 500)[0]
    'This log hardly knows B (never sent) and C (12 of 500 sends). No method can say what they would have earned.'
    """
    effective = max(one for _, _, one in lines)
    if len(lines) > 1:
        told = [f"{name} ({_of(sends, of) if sends else 'never sent'})" for name, sends, _ in lines]
        found = f"This log hardly knows {_some(told)}. No method can say what they would have earned."
    else:
        name, sends, _ = lines[0]
        how = "has little on" if sends >= _SMALL * of else "hardly ever sent"
        hardly = f"{how} {name}: {_of(sends, of)}" if sends else f"never sent {name}"
        found = f"This log {hardly}. No method can say what it would have earned."
    rest = f"about {count(effective)} effective sends{' or fewer' if len(lines) > 1 else ''}; an interval takes 30"
    return found, f"The hatched figures rest on {rest}." if effective >= 1 else ""


def no_chance(lines: Sequence[tuple[str, float]]) -> str:
    """Lines that had no chance in a part of the sends.

    >>> no_chance([("A", 0.6)]).partition(". ")[0]
    'A had no chance in 60% of the sends'
    >>> no_chance([("A", 0.6), ("B", 0.2)]).partition("; ")[0]
    'A and B had no chance in up to 60% of the sends. What is said of them supposes that they would have earned as much there'
    """
    parts = [part for _, part in lines]
    most = percent(max(parts), 0)
    upto = "" if percent(min(parts), 0) == most else "up to "
    it = "it supposes that it" if len(lines) == 1 else "them supposes that they"
    return (
        f"{_some([name for name, _ in lines])} had no chance in {upto}{most} of the sends. What is said of {it} would have earned "
        "as much there; IPS and doubly robust cannot suppose that."
    )


def _of(sends: int, of: int) -> str:
    return f"{count(sends)} of {count(of)} sends"


def _some(told: Sequence[str]) -> str:
    """The first few of a list, and how many more there are."""
    more = [f"{number_word(len(told) - _FEW)} more"] if len(told) > _FEW else []
    return listing([*told[:_FEW], *more])


def ended(label: str) -> str:
    """A fixed split.

    >>> ended("ε-greedy")
    'Split that ε-greedy ended with'
    """
    return f"Split that {label} ended with"


def learns(label: str, used: int) -> str:
    """A policy that was replayed.

    >>> learns("UCB1", 1234)
    'UCB1, learning anew from 1,234 sends'
    """
    return f"{label}, learning anew from {count(used)} sends"


def summary(name: str, method: str, number: str, interval: str, true: str) -> str:
    """A line for those who cannot see the picture.

    >>> summary("A", "Doubly robust", "18.28%", "17.80% to 18.36%", "truth 18.28%")
    'A: 18.28% by doubly robust, 17.80% to 18.36%, truth 18.28%.'
    """
    parts = [f"{number} by {method.lower()}", "no interval" if interval == "–" else interval, true]
    return f"{name}: {', '.join(filter(None, parts))}."
