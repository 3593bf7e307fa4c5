"""Words for policies that start from an earlier campaign: what it counts for, whether it would mislead, what it was worth."""

from typing import Final

from components.formats import compact, count, listing, percent
from components.theme import arm_letter
from components.wording_goals import CONVERSIONS as CONVERTED
from components.wording_goals import Goal
from engine.priors import PriorCheck, PriorWorth, RememberedLine

HEADING: Final = "Starting from an earlier campaign"
LINE: Final = "Subject line"
THEN: Final = "Then"
LEFT_OPEN: Final = "Still believed possible"
NOW: Final = "Now"
NOT_SENT: Final = "not sent then"
DRAWN_ANEW: Final = "drawn anew in each campaign"
NOTHING: Final = "nothing is ruled out"
TABLE: Final = (
    "Each line's rate in the earlier campaign, what that leaves open at the weight that it has, and its rate now"
)

_NEARLY: Final = 0.999
_NARROW: Final = 0.001


def title(check: PriorCheck) -> str:
    """The finding."""
    label, best = check["label"], check["best"] or []
    several = len(best) > 1
    if check["misleads"] == "leader":
        favoured = _lines([check["leader"]])
        return f"History would mislead {label}: it favours {favoured}, and {_lines(best)} {'are' if several else 'is'} best now"
    if check["misleads"] == "new":
        return f"History says nothing of {_lines(best)}, and {'those are' if several else 'that is'} best now"
    if check["misleads"] == "rates":
        right = ", but favours the right line" if check["best"] is not None else ""
        return f"History is out of date for {label}{right}"
    if check["misleads"] == "unknown":
        return f"Whether history would mislead {label} cannot be known here"
    return f"History would not mislead {label}"


def warning(check: PriorCheck) -> str:
    """What that means, and what to do about it."""
    if check["misleads"] == "leader":
        return f"{_belief(check)} {_outweighed(check)} A smaller weight shortens that."
    if check["misleads"] == "new":
        them = "it" if len(check["best"] or []) == 1 else "them"
        return f"{check['label']} has to find {them} among lines that it believes it knows. A smaller weight leaves more open."
    if check["misleads"] == "rates":
        places = [place for place, line in enumerate(check["lines"]) if line["is_surprising"]]
        told = " ".join(_outside(check["lines"][place], place) for place in places)
        return f"{told} A smaller weight leaves more open."
    if check["misleads"] == "unknown":
        return "Rates of now are drawn anew in each campaign: history is right in some of them and wrong in others."
    leader = _capital(_lines([check["leader"]]))
    return f"{leader} did best then and is best now, and every rate of now lies within what history leaves open."


def counted(check: PriorCheck) -> str:
    """What the earlier campaign counts for."""
    sends = sum(line["sends"] for line in check["lines"])
    if check["weight"] == 1.0:
        return f"A send of the earlier campaign counts in full: {count(sends)} sends."
    as_many = sum(line["counted"] for line in check["lines"])
    return f"A send of the earlier campaign counts as {compact(check['weight'])}: its {count(sends)} sends as {count(as_many)}."


def then(line: RememberedLine) -> str:
    """How a line did in the earlier campaign, in a cell."""
    return NOT_SENT if line["expected"] is None else f"{percent(line['expected'])} of {count(line['sends'])}"


def left_open(line: RememberedLine) -> str:
    """What history leaves open of a line's rate, in a cell."""
    if line["low"] is None or line["high"] is None:
        return NOTHING
    digits = 1 if line["high"] - line["low"] >= _NARROW else 2
    return f"{percent(line['low'], digits)} to {percent(line['high'], digits)}"


def now(line: RememberedLine) -> str:
    """A line's rate now, in a cell."""
    if line["rate"] is None:
        return DRAWN_ANEW
    return f"{percent(line['rate'])}{', outside' if line['is_surprising'] else ''}"


def small_print(check: PriorCheck) -> str:
    """What "possible" means."""
    level = percent(check["level"], 0)
    return f"Possible at {level} for all lines together. Rates of now are those of the first send, over all recipients."


def worth(found: PriorWorth, label: str, goal: Goal = CONVERTED) -> str:
    """What starting from history brought, against the same policy that starts from nothing."""
    difference = found["difference"]
    mean, low, high = difference["mean"], difference["low"], difference["high"]
    if low is None or high is None:
        size = goal.amount(goal.mean_difference(mean))
        return f"In a single campaign, starting from history made a difference of {size} for {label}."
    if low == high == 0.0:
        return f"Starting from history changed nothing for {label}."
    interval = f"90% interval {goal.mean_between(low, high)}"
    if low <= 0.0 <= high:
        return f"What starting from history brought {label} is not measurable ({interval} {goal.unit} a campaign)."
    if mean > 0.0:
        size = goal.amount(goal.mean_difference(mean))
        return f"Starting from history brought {label} {size} a campaign over starting from nothing ({interval})."
    size = goal.amount(goal.mean(-mean))
    return f"Starting from history cost {label} {size} a campaign against starting from nothing ({interval})."


def _belief(check: PriorCheck) -> str:
    chance = check["leader_chance"]
    sure = "near certainty" if chance >= _NEARLY else f"a chance of {percent(chance, 0)}"
    return f"At the first send it holds {_lines([check['leader']])} for the best with {sure}."


def _outweighed(check: PriorCheck) -> str:
    best = check["best"] or []
    takes = "takes" if len(best) == 1 else "take"
    sends = count(check["outweighed_after"] or 0)
    return f"On average, {_lines(best)} {takes} the lead for good once each line has had {sends} sends."


def _outside(line: RememberedLine, place: int) -> str:
    return f"Line {arm_letter(place)} converts {percent(line['rate'])} now, outside the {left_open(line)} that history leaves open."


def _lines(places: list[int]) -> str:
    return f"line{'s' * (len(places) > 1)} {listing([arm_letter(place) for place in places])}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
