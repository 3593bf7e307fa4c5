"""What a marketer reads on the charts of Compare, in one place.

Plain words, past tense for results. Three uncertainties are never mixed: "90% of campaigns" is how far single
campaigns spread, "90% interval" is how well a mean is known, and a tie is a mean whose interval includes zero.
"""

from collections.abc import Sequence
from typing import Final

from components.formats import count, decimal, interval, listing, number_word, percent, signed
from components.theme import arm_letter
from components.wording_recommendation import share_of_campaigns

NOTHING_TO_FIND: Final = "Nothing to find: all lines convert alike"


def counted(number: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "campaign"), counted(612, "campaign")
    ('1 campaign', '612 campaigns')
    """
    return f"{count(number)} {noun if number == 1 else noun + 's'}"


def mean_of(campaigns: int) -> str:
    """What a mean is taken over; one campaign has none.

    >>> mean_of(612), mean_of(1)
    ('mean of 612 campaigns', 'one campaign')
    """
    return "one campaign" if campaigns == 1 else f"mean of {counted(campaigns, 'campaign')}"


# Conversions missed (regret)

REGRET_NOTHING: Final = "Nothing to miss: all lines convert alike"
REGRET_EMPTY: Final = "No campaigns yet. Run the scenario to see what each policy missed."
BEST_SLOPE: Final = "best possible slope"


_FEW: Final = 10


def missed(number: float, highest: float) -> str:
    """Conversions missed, with a decimal when even the highest of them is small.

    >>> missed(75.2, 1430), missed(0.94, 1.2)
    ('75', '0.9')
    """
    return decimal(number, 1) if highest < _FEW else count(number)


def regret_title(labels: Sequence[str], number: str, *, stops_early: bool) -> str:
    """The finding, about the policy that missed the fewest conversions, or about all that missed as few.

    >>> regret_title(["Thompson sampling"], "75", stops_early=True)
    'Thompson sampling stops missing conversions early: 75 by the end'
    >>> regret_title(["ε-greedy"], "218", stops_early=False)
    'ε-greedy missed the fewest conversions: 218'
    >>> regret_title(["ε-greedy", "UCB1"], "1", stops_early=False)
    'ε-greedy and UCB1 missed the fewest conversions: 1 each'
    """
    names = listing(list(labels))
    if len(labels) > 1:
        return f"{names} missed the fewest conversions: {number} each"
    if stops_early:
        return f"{names} stops missing conversions early: {number} by the end"
    return f"{names} missed the fewest conversions: {number}"


def regret_deck(campaigns: int, level: float, banded: Sequence[str], *, has_slope: bool, is_clipped: bool) -> str:
    """The measure, what the bands and the dotted line are, and that a line leaves the chart.

    >>> regret_deck(1, 0.9, [], has_slope=False, is_clipped=False)
    'Conversions missed by not sending the best line (regret), one campaign.'
    """
    parts = [f"Conversions missed by not sending the best line (regret), {mean_of(campaigns)}."]
    if banded:
        name = "Band" if len(banded) == 1 else "Bands"
        parts.append(f"{name}: {percent(level, 0)} of campaigns, for {listing(list(banded))}.")
    if has_slope:
        parts.append("Dotted: the slowest rise that is possible in the long run (Lai and Robbins).")
    if is_clipped:
        parts.append("An arrow marks a line that goes on above the chart.")
    return " ".join(parts)


def regret_beyond(label: str, end: str) -> str:
    """The label of a line that leaves the chart at the top.

    >>> regret_beyond("A/B split", "1,430")
    '↑ A/B split, 1,430 by the end'
    """
    return f"↑ {label}, {end} by the end"


def regret_summary(sends: int, campaigns: int, ends: Sequence[tuple[str, str]]) -> str:
    """What every policy missed by the end, the fewest first, for a screen reader."""
    parts = ", ".join(f"{label} {end}" for label, end in ends)
    return f"Conversions missed by the end of {count(sends)} sends, {mean_of(campaigns)}: {parts}."


# Extra conversions, campaign by campaign

SPREAD_NOTHING: Final = "Only one policy: there is nothing to compare it with"
SPREAD_EMPTY: Final = "Add a second policy to compare."


def spread_title(label: str, against: str, wins: int, ties: int, losses: int, extra: float) -> str:
    """The finding: how often the policy in question got more than the baseline.

    >>> spread_title("Thompson sampling", "A/B", 300, 0, 0, 1354)
    'Thompson sampling beat A/B in every campaign'
    >>> spread_title("ε-greedy", "A/B", 120, 3, 77, 2), spread_title("ε-greedy", "A/B", 0, 0, 1, -12)
    ('ε-greedy beat A/B in 60% of campaigns', 'In the one campaign, ε-greedy got 12 conversions fewer than A/B')
    """
    campaigns = wins + ties + losses
    if ties == campaigns:
        return f"{label} got exactly as many conversions as {against}"
    if campaigns == 1:
        return f"In the one campaign, {label} got {_more(extra)} than {against}"
    if losses == campaigns:
        return f"{label} fell behind {against} in every campaign"
    often = share_of_campaigns(wins / campaigns)
    return f"{label} beat {against} in {often}{'' if wins in (0, campaigns) else ' of campaigns'}"


def spread_deck(against: str, campaigns: int, level: float) -> str:
    """The measure, what a dot and what the shape is."""
    measure = f"Extra conversions over {against}, on the same recipients."
    if campaigns == 1:
        return f"{measure} One campaign has no spread to show."
    dots = f"One dot is 1% of {counted(campaigns, 'campaign')}; pale dots are outside the middle {percent(level, 0)}."
    return (
        f"{measure} {dots} At the right: that {percent(level, 0)}, and in bold the mean, which the large shape marks."
    )


def spread_axis(against: str) -> str:
    """What the axis measures."""
    return f"extra conversions over {against}"


def spread_dot(value: float) -> str:
    """One dot's number."""
    return f"1% of campaigns: about {signed(value)}"


def spread_mean(value: float) -> str:
    """The large shape's number."""
    return f"mean {signed(value)}"


def spread_summary(label: str, against: str, mean: float, spread: tuple[float, float], level: float) -> str:
    """One policy's row, for a screen reader."""
    return (
        f"{label}: {signed(mean)} conversions over {against} on average; "
        f"{percent(level, 0)} of campaigns fell between {signed(spread[0])} and {signed(spread[1])}."
    )


def _more(extra: float) -> str:
    return f"{counted(abs(round(extra)), 'conversion')} {'more' if extra > 0 else 'fewer'}"


# Where each policy sends the mail

ALLOCATION_EMPTY: Final = "No traffic yet."
ALL_LINES_ALIKE: Final = "all lines are equally good"


def allocation_title(label: str, share: float, lines: Sequence[int]) -> str:
    """The finding: whose traffic went to the best line most; `lines` are the best ones, none when that varies.

    >>> allocation_title("Thompson sampling", 0.89, [2])
    'Thompson sampling sent 89% of the mail to the best line, C'
    >>> allocation_title("UCB1", 0.65, [0, 2]), allocation_title("UCB1", 0.65, [])
    ('UCB1 sent 65% of the mail to the best lines, A and C', 'UCB1 sent 65% of the mail to the best line')
    """
    letters = [arm_letter(line) for line in lines]
    which = "the best lines" if len(letters) > 1 else "the best line"
    named = f", {listing(letters)}" if letters else ""
    return f"{label} sent {percent(share, 0)} of the mail to {which}{named}"


def allocation_deck(campaigns: int, best: int, others: int, *, alike: bool) -> str:
    """The measure, the width and the order of the stacks.

    `best` lines are equally good (0: it varies), all if `alike`; `others` lines are drawn together.
    """
    whose = "share of sends to each line" if campaigns == 1 else "mean share of sends to each line"
    parts = [f"{whose[0].upper()}{whose[1:]}, from the first send to the last."]
    if best == 0:
        parts.append("Which line is best differs from campaign to campaign.")
    elif not alike:
        parts.append("The best line is at the bottom." if best == 1 else "The best lines are at the bottom.")
    if others:
        parts.append(f"Grey, at the top: the {counted(others, 'line')} with the least mail.")
    return " ".join(parts)


def allocation_caption(share: float, best: int) -> str:
    """Under a policy's stack: what went to the best line, of `best` that are equally good (0: it varies).

    >>> allocation_caption(0.89, 1), allocation_caption(0.4, 2)
    ('89% to the best line', '40% to the best lines')
    """
    return f"{percent(share, 0)} to the best line{'s' if best > 1 else ''}"


def other_lines(number: int) -> str:
    """The grey part of a stack.

    >>> other_lines(56), other_lines(1)
    ('56 other lines', '1 other line')
    """
    return counted(number, "other line")


def allocation_hover(line: str, share: float, first: int, last: int) -> str:
    """A stretch of one line's band."""
    return f"<b>{line}</b><br>{percent(share, 0)} of sends {count(first)} to {count(last)}"


def allocation_summary(label: str, parts: Sequence[tuple[str, float]], caption: str) -> str:
    """One policy's stack at its end, for a screen reader."""
    shares = ", ".join(f"{name} {percent(share, 0)}" for name, share in parts)
    return f"{label}: {caption}. Of the last sends: {shares}."


# Would another scenario change the answer?

SENSITIVITY_QUESTION: Final = "Would another scenario change the answer?"
SENSITIVITY_WAITING: Final = "The other scenarios have not been simulated yet."
NOT_SIMULATED: Final = "not simulated yet"
TIE: Final = "tie"


def sensitivity_title(leaders: Sequence[str], ties: int, scenarios: int) -> str:
    """The finding over all `scenarios` so far; `leaders` are those of the decided ones, the present one's first.

    >>> sensitivity_title(["UCB1"], 0, 9)
    'The answer holds: UCB1 leads in all nine scenarios'
    >>> sensitivity_title(["UCB1"], 2, 9)
    'UCB1 leads in seven of nine scenarios; two are ties'
    >>> sensitivity_title(["UCB1", "Softmax"], 1, 9)
    'The answer depends on the scenario: UCB1 or Softmax leads'
    >>> sensitivity_title([], 9, 9)
    'No scenario has a clear leader: all nine are ties'
    """
    if scenarios == 0:
        return SENSITIVITY_QUESTION
    if not leaders:
        return f"No scenario has a clear leader: {_all(scenarios, 'is a tie', 'are ties')}"
    if len(leaders) > 1:
        names = f"{', '.join(leaders[:-1])} or {leaders[-1]}"
        return f"The answer depends on the scenario: {names} leads"
    if ties == 0:
        every = "the one scenario" if scenarios == 1 else f"all {number_word(scenarios)} scenarios"
        return f"The answer holds: {leaders[0]} leads in {every}"
    led = f"{number_word(scenarios - ties)} of {number_word(scenarios)} scenarios"
    return f"{leaders[0]} leads in {led}; {number_word(ties)} {'is a tie' if ties == 1 else 'are ties'}"


def sensitivity_deck(level: float, against: str, *, has_setting: bool) -> str:
    """The measure, its interval, and how a tie and the present scenario look."""
    parts = [f"The leader’s lead over its best rival in conversions, {percent(level, 0)} interval of the mean."]
    if has_setting:
        parts.append(f"For a policy’s own setting: its extra over {against}.")
    parts.append("Hollow: a tie, the interval includes zero. Shaded: your scenario.")
    return " ".join(parts)


def sensitivity_point(label: str, rival: str, lead: float, low: float, high: float, *, is_tie: bool) -> str:
    """One scenario's numbers.

    >>> sensitivity_point("UCB1", "Softmax", 48, 12.2, 84, is_tie=False)
    'UCB1 +48 over Softmax, +12 to +84'
    >>> sensitivity_point("UCB1", "Softmax", 4, -12, 20, is_tie=True)
    'tie: UCB1 +4 over Softmax, −12 to +20'
    """
    return f"{'tie: ' if is_tie else ''}{label} {signed(lead)} over {rival}, {interval(low, high)}"


def sensitivity_summary(heading: str, points: Sequence[tuple[str, str]]) -> str:
    """One strip, value by value, for a screen reader."""
    return f"{heading}. {'; '.join(f'{value}: {text}' for value, text in points)}."


def _all(number: int, one: str, many: str) -> str:
    return f"the one {one}" if number == 1 else f"all {number_word(number)} {many}"
