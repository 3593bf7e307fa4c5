"""Every word of the Stress test: the verdict, the table, the chart of one stress, and the menu of guardrails.

Gains are shares of what the baseline gets, conversions or money, so that stresses under which everybody converts less can be compared;
"points" are differences between such shares.
"""

from collections.abc import Sequence
from typing import Final

from components.formats import (
    compact,
    count,
    decimal,
    interval,
    listing,
    number_word,
    percent,
    prose,
    seconds,
    signed_percent,
)
from components.wording import Contender, Emphasis, Notice, Words, about
from components.wording_compare import gained
from components.wording_goals import CONVERSIONS as CONVERTED
from components.wording_goals import Goal
from engine.stresses import PLANNED, STRESSES, Stress

STRESS: Final = "Stress test"
WAITING: Final = "The verdict appears here"
TABLE: Final = "What each stress does to the gain, policy by policy"
POLICY: Final = "Policy"
CHOOSE: Final = "Choose stresses and policies"
STRESSES_SHOWN: Final = "Stresses"
POLICIES_SHOWN: Final = "Policies"
ALL: Final = "Show all"
CSV_OF: Final = {
    "table": "The table as a CSV file",
    "along": "The chart's data as a CSV file",
    "menu": "The prices of guardrails as a CSV file",
}
CHART: Final = "Share of sends to the best line at the time, along the campaign"
OPEN: Final = "Open in the Time Machine"
SAME_RECIPIENTS: Final = "Every cell uses the same recipients as its baseline, so differences are paired."
DEFINED: Final = "How stresses are defined"
NOT_THERE: Final = "…"
NOT_POSSIBLE: Final = "–"
NOTHING_TO_COMPARE: Final = "Choose a policy to stress beside the baseline."
NOTHING_TO_COMPARE_DECK: Final = "A stress test compares at least one policy with what you do today."

_POINT: Final = 0.01
_TO_SEE: Final = 0.005
_NEARLY_NOTHING: Final = 0.0005


def summary(lines: int, sends: int, seeds: str, policies: str, campaigns: int) -> str:
    """The scenario in one line."""
    return " / ".join(
        (f"{lines} subject lines", f"{count(sends)} sends", seeds, policies, f"{count(campaigns)} campaigns a cell")
    )


def seeds(world_seed: int | None, seed: int) -> str:
    """Where rates and luck come from.

    >>> seeds(42, 7), seeds(None, 7)
    ('world seed 42, luck seed 7', 'luck seed 7')
    """
    return f"luck seed {seed}" if world_seed is None else f"world seed {world_seed}, luck seed {seed}"


def contestants(policies: int, *, has_even_split: bool) -> str:
    """Who is in the table.

    >>> contestants(6, has_even_split=True), contestants(1, has_even_split=True), contestants(8, has_even_split=False)
    ('6 policies and A/B', '1 policy and A/B', '8 policies')
    """
    counted = f"{policies} polic{'y' if policies == 1 else 'ies'}"
    return f"{counted} and A/B" if has_even_split else counted


def run_button(campaigns: int, stresses: int) -> str:
    """The one primary button.

    >>> run_button(400, 8)
    'Run 400 campaigns a stress'
    """
    return (
        f"Run {count(campaigns)} campaign{'s' if campaigns != 1 else ''} {'a stress' if stresses > 1 else ''}".rstrip()
    )


def asks_first(stresses: int, policies: int, sends: int, campaigns: int, work: str) -> Notice:
    """A test that takes long waits for the button."""
    return Notice(
        f"This asks for {number_word(stresses)} times {count(campaigns)} campaigns of {count(sends)} sends under "
        f"{number_word(policies)} policies.",
        f"That is about {work} of work. Nothing runs until you say so.",
        (run_button(campaigns, stresses), "Show the Classic scenario"),
    )


def failed(reason: str) -> Notice:
    """The run broke off."""
    return Notice("The stress test could not be run.", prose(reason))


def bad_choice(unknown: Sequence[str]) -> Notice:
    """The address names stresses or policies that are not there.

    >>> bad_choice(["storm"]).text
    'The address asks for storm, which is not there. All the others are shown.'
    """
    many = len(unknown) > 1
    asks = listing([one[:20] for one in unknown[:3]])
    return Notice(
        "Part of this link was not understood.",
        f"The address asks for {asks}, which {'are' if many else 'is'} not there. All the others are shown.",
    )


# The progress


def progress_title(done: int, stresses: int, *, stopped: bool) -> str:
    """How many columns are complete.

    >>> progress_title(3, 8, stopped=False), progress_title(8, 8, stopped=False), progress_title(3, 8, stopped=True)
    ('3 of 8 columns', '8 columns', 'Stopped at 3 of 8 columns')
    """
    if done == stresses:
        return f"{stresses} column{'s' if stresses != 1 else ''}"
    words = f"{done} of {stresses} columns"
    return f"Stopped at {words}" if stopped else words


def progress_text(left: float | None) -> str:
    """What is to come."""
    return "Starting." if left is None else f"About {about(left)} left. Columns appear as they come."


def finished_text(took: float, campaigns: int, *, was_cached: bool) -> str:
    """What stands under the heading once all columns are there."""
    source = "From the cache." if was_cached else f"Simulated in {seconds(took)}."
    return f"{source} {count(campaigns)} campaign{'s' if campaigns != 1 else ''} a cell."


STOPPED_TEXT: Final = "Columns that were done are shown."
FAILED_TEXT: Final = "It broke off. Columns that were done are shown."


# The verdict


def choose(leader: Contender, keeps: Sequence[str], loses: Sequence[str], *, level: bool, running: bool) -> Words:
    """The sentence about the policy that leads as planned and is also the robust choice.

    >>> from components.wording import plain
    >>> thompson = Contender("Thompson sampling", 1)
    >>> plain(choose(thompson, ["late", "season"], ["change"], level=False, running=False))
    'Thompson sampling keeps its lead when replies are late or seasons shift, but not when the winner changes.'
    >>> plain(choose(thompson, [], [], level=False, running=True))
    'Thompson sampling leads as planned so far.'
    """
    return [Emphasis(leader.label, leader.place), *_kept(keeps, loses, level=level, running=running)]


def _kept(keeps: Sequence[str], loses: Sequence[str], *, level: bool, running: bool) -> Words:
    lead = "stays in front" if level else "keeps its lead"
    so_far = " so far" if running else ""
    if not keeps:
        but = f", but not when {_when(loses)}" if loses else ""
        return [f" {'is in front' if level else 'leads'} as planned{so_far}{but}."]
    but = f", but not when {_when(loses)}" if loses else ""
    return [f" {lead}{so_far} when {_when(keeps)}{but}."]


def _when(stresses: Sequence[str]) -> str:
    """Stresses as a sentence goes on after "when".

    >>> _when(["late"]), _when(["late", "season", "close"])
    ('replies are late', 'replies are late, seasons shift or rates are close')
    """
    clauses = [STRESSES[name].when for name in stresses]
    return " or ".join(filter(None, (", ".join(clauses[:-1]), clauses[-1])))


def alternative(robust: Contender, stress: str, gains: float, gives_up: float, *, is_sure: bool) -> Words:
    """Who does better under a stress, and what that costs as planned.

    >>> from components.wording import plain
    >>> plain(alternative(Contender("Discounted Thompson", 2), "change", 0.15, 0.02, is_sure=True))
    'If you expect that the winner changes, use Discounted Thompson: it gains 15 points more there and gives up 2 as planned. '
    """
    if gives_up < 0.0 and abs(gives_up) >= _TO_SEE:
        price = f"and gains {_points(-gives_up)} more as planned"
    else:
        price = (
            f"and gives up {_points(gives_up)} as planned" if is_sure else "and gives up nothing measurable as planned"
        )
    gained = _points(gains)
    return [
        f"If you expect that {STRESSES[stress].when}, use ",
        Emphasis(robust.label, robust.place),
        f": it gains {gained} point{'' if gained == '1' else 's'} more there {price}. ",
    ]


def _points(share: float) -> str:
    """A difference of shares in points, with a decimal while it is small.

    >>> _points(0.152), _points(0.021), _points(0.0004)
    ('15', '2.1', 'under 0.1')
    """
    if abs(share) < _NEARLY_NOTHING:
        return f"under {decimal(0.1, 1)}"
    points = 100 * abs(share)
    return compact(round(points, 1)) if points < 10 else count(points)  # noqa: PLR2004


def worst_case(stress: str, share: float) -> Words:
    """The worst case of the policy that is recommended.

    >>> from components.wording import plain
    >>> plain(worst_case("close", 0.082)), plain(worst_case(PLANNED, 0.082))
    ('Its smallest gain is +8% when rates are close. ', 'It gains least as planned: +8%. ')
    """
    gained = gain(share)
    if stress == PLANNED:
        return ["It gains least as planned: ", Emphasis(gained), ". "]
    what = "smallest gain" if share > 0.0 else "worst case"
    return [f"Its {what} is ", Emphasis(gained), f" when {STRESSES[stress].when}. "]


def nobody(stresses: Sequence[str], baseline: Contender) -> Words:
    """Stresses under which nothing beats the baseline."""
    return [f"No policy beats {baseline.short} when {_when(stresses)}. "]


def harmed(label: str, stress: str, share: float) -> Words:
    """What the recommended policy loses where it is misled, or where nobody gains."""
    advice = " Let policies learn from what counts." if STRESSES[stress].misleads else ""
    return [f"When {STRESSES[stress].when}, {label} loses ", Emphasis(gain(abs(share)).lstrip("+")), f".{advice} "]


def stay(baseline: Contender, *, running: bool) -> Words:
    """Nothing beats the baseline as planned."""
    so_far = " so far" if running else ""
    return ["Stay with ", Emphasis(baseline.short, baseline.place), f": no policy clearly beats it as planned{so_far}."]


def stay_deck(robust: Contender | None, stresses: Sequence[str]) -> Words:
    """Who would gain under stress."""
    if robust is None or not stresses:
        return [
            "Under no stress is the gain of any policy clear either. Send more, or add campaigns to tell them apart."
        ]
    return [f"Under stress {robust.label} would gain most reliably: when {_when(stresses)}."]


def no_even_split(baseline: Contender) -> str:
    """What the others are measured against, where that is not an even split."""
    return f"There is no room for an A/B split here, so {baseline.label} is what the others are measured against. "


# The table


def table_title(baseline: Contender) -> str:
    """What the table is about."""
    return f"What each stress does to the gain over {baseline.short}"


def table_deck(baseline: Contender, goal: Goal = CONVERTED) -> str:
    """The measure, its intervals, and what rings and empty cells mean."""
    whose = "A/B’s" if baseline.is_even_split else f"the {goal.unit} of {baseline.label}"
    return (
        f"Extra {goal.unit} as a share of {whose}, with 90% interval. Ringed: best in that column, or level with the best. "
        "No fill: the interval includes zero."
    )


def alike_elsewhere(labels: Sequence[str]) -> str:
    """Below the table: policies that can show what they do in one column only.

    >>> alike_elsewhere(["Thompson by segment"]), alike_elsewhere(["LinUCB", "UCB1"])[:20]
    ('Thompson by segment tells recipients apart; where all are alike, it does what others do.', 'LinUCB and UCB1 tell')
    """
    tells, does = ("tells", "it does") if len(labels) == 1 else ("tell", "they do")
    return f"{listing(list(labels))} {tells} recipients apart; where all are alike, {does} what others do."


def in_the_red(baseline: Contender, stresses: Sequence[Stress], goal: Goal) -> str:
    """Below the table: where the baseline has less than nothing, of which its gains are shares.

    >>> from components.wording_goals import NET_VALUE
    >>> in_the_red(Contender("A/B split", 0, is_even_split=True), [STRESSES["close"]], NET_VALUE)
    'The net value of A/B is below zero in: close rates. Gains there are shares of the size of that loss.'
    """
    where = listing([within(stress) for stress in stresses])
    return f"The {goal.unit} of {baseline.short} is below zero in: {where}. Gains there are shares of the size of that loss."


def small_print(level: float, comparisons: int) -> str:
    """What the level means over the whole table.

    >>> small_print(1 - 0.1 / 48, 48)
    'A cell holds at 90% on its own: of 48, about 5 may miss. Rings and verdict take 99.8% each: all hold together at 90%.'
    """
    may_miss = round(comparisons / 10)
    alone = f"A cell holds at 90% on its own: of {comparisons}, about {may_miss} may miss."
    if comparisons == 1:
        return "The interval holds at 90%."
    return f"{alone} Rings and verdict take {percent(level, 1)} each: all hold together at 90%."


def gain(share: float) -> str:
    """A gain as a share of the baseline, with a decimal while it is small.

    >>> gain(0.352), gain(-0.044), gain(0.012), gain(0.0)
    ('+35%', '−4%', '+1.2%', '0.0%')
    """
    return signed_percent(share, _digits(share))


def bounds(low: float, high: float) -> str:
    """An interval of gains; what is not zero is not rounded to it.

    >>> bounds(0.323, 0.381), bounds(0.002, 0.061), bounds(-0.012, 0.071)
    ('+32 to +38', '+0.2 to +6.1', '−1 to +7')
    """
    digits = 1 if min(abs(low), abs(high)) < _TO_SEE else 0
    return interval(100 * low, 100 * high, digits)


def short_bounds(low: float, high: float) -> str:
    """The same in a cell, whose number above has the sign: with a decimal where both ends would read alike.

    >>> short_bounds(0.323, 0.381), short_bounds(0.3489, 0.3531), short_bounds(-0.1589, -0.1551)
    ('+32 to +38', '34.9 to 35.3', '−15.9 to −15.5')
    >>> short_bounds(1.002, 1.034)
    '100 to 103'
    """
    whole = bounds(low, high)
    whole = whole.replace("+", "") if low >= 1.0 else whole
    first, _, last = whole.partition(" to ")
    return whole if first != last else interval(100 * low, 100 * high, 1).replace("+", "")


def _digits(share: float) -> int:
    return 1 if abs(share) < 2 * _POINT else 0


def worst(share: float) -> str:
    """Under a policy's name: its worst case over the stresses."""
    return f"at worst {gain(share)}"


def cell(
    label: str,
    stress: str,
    mean: float | None,
    extra: float,
    ends: tuple[float, float] | None,
    note: str,
    goal: Goal = CONVERTED,
) -> str:
    """What a cell says aloud.

    >>> cell("UCB1", "late replies", 0.352, 1353.0, (0.32, 0.38), "Best in its column")
    'UCB1, late replies: +35%, +1,353 conversions, 90% interval +32 to +38 per cent. Best in its column.'
    >>> cell("UCB1", "late replies", 0.03, 120.0, (-0.012, 0.071), "")
    'UCB1, late replies: undecided, +3%, +120 conversions, 90% interval −1 to +7 per cent.'
    """
    if mean is None or ends is None:
        return f"{label}, {stress}: {gained(extra, goal)}, no interval."
    undecided = "undecided, " if ends[0] <= 0.0 <= ends[1] else ""
    told = f"{undecided}{gain(mean)}, {gained(extra, goal)}, 90% interval {bounds(*ends)} per cent."
    return f"{label}, {stress}: {told}{f' {note}.' if note else ''}"


BEST: Final = "Best in its column"
LEVEL_WITH_BEST: Final = "Level with the best of its column"


def awaited(label: str, stress: str) -> str:
    """A cell that is still to come."""
    return f"{label}, {stress}: not simulated yet."


def impossible(label: str, stress: str, reason: str) -> str:
    """A cell of a stress for which the scenario leaves no room."""
    return f"{label}, {stress}: not possible. {reason}"


def within(stress: Stress) -> str:
    """A stress within a sentence.

    >>> within(STRESSES["late"])
    'late replies'
    """
    return stress.title[:1].lower() + stress.title[1:]


LEGEND: Final = (
    ("l3", "loses over 10%"),
    ("l1", "loses"),
    ("undecided", "undecided"),
    ("g1", "gains under 8%"),
    ("g3", "16 to 24%"),
    ("g5", "30% or more"),
    ("ring", "best, or level with it"),
)


def no_room(stress: Stress, reason: str) -> str:
    """Below the table: why a column is empty.

    >>> no_room(STRESSES["close"], "The lines are as close as that already.")
    'Close rates: The lines are as close as that already.'
    """
    return f"{stress.title}: {reason}"


def paced(stresses: Sequence[Stress], pace: int) -> str:
    """A pace that had to be chosen.

    >>> paced([STRESSES["season"], STRESSES["late"]], 60)
    'Your scenario has no pace: for weekly season and late replies the send takes a week, 60 an hour.'
    """
    return (
        f"Your scenario has no pace: for {listing([within(stress) for stress in stresses])} the send takes a week, "
        f"{count(pace)} an hour."
    )


def gives_way(what: str, stresses: Sequence[Stress]) -> str:
    """Own settings that do not hold under some stresses.

    >>> gives_way("world", [STRESSES["drift"]]), gives_way("delay", [STRESSES["late"]])
    ('How your rates behave gives way to the stress in: rates drift.', 'Your own delay gives way to the stress in: late replies.')
    """
    own = {
        "world": "How your rates behave gives way",
        "delay": "Your own delay gives way",
        "segments": "Your own segments give way",
    }
    return f"{own[what]} to the stress in: {listing([within(stress) for stress in stresses])}."


def shown_of(shown: int, there: int, what: str) -> str:
    """How many are ticked.

    >>> shown_of(8, 8, "stresses"), shown_of(3, 8, "stresses")
    ('all 8 stresses', '3 of 8 stresses')
    """
    return f"all {there} {what}" if shown == there else f"{shown} of {there} {what}"


# One stress along the campaign


def along_title(
    stress: Stress,
    label: str,
    share: float,
    notice: int | None,
    *,
    turned: bool,
    is_even: bool,
    segmented: bool = False,
) -> str:
    """The finding of the chart.

    >>> along_title(STRESSES["change"], "Thompson", 0.6, 2900, turned=True, is_even=False)
    'Winner changes: Thompson needs 2,900 sends to notice'
    >>> along_title(STRESSES["change"], "Thompson", 0.6, None, turned=True, is_even=False)
    'Winner changes: Thompson does not notice before the end'
    >>> along_title(STRESSES["late"], "Thompson", 0.724, None, turned=False, is_even=False)
    'Late replies: Thompson sends 72% to the line that is best at the time'
    """
    if turned and not is_even:
        return f"{stress.title}: {label} {notices(notice)}"
    best = "is best for the recipient" if segmented else "is best at the time"
    return f"{stress.title}: {label} sends {percent(share, 0)} to the line that {best}"


def notices(sends: int | None) -> str:
    """How long a policy takes to notice a change."""
    if sends is None:
        return "does not notice before the end"
    return f"needs {count(sends)} sends to notice"


def to_notice(sends: int | None) -> str:
    """The same below a line's name."""
    return "not noticed by the end" if sends is None else f"{count(sends)} sends to notice"


ANY_CELL: Final = "Choose any cell above to see its story."


def along_deck(campaigns: int, *, turned: bool, segmented: bool = False) -> str:
    """The measure."""
    noticed = " Noticed: half of the share before the change is back." if turned else ""
    whom = " for the recipient" if segmented else ""
    return (
        f"Share of sends to the line that is best{whom} at that moment, mean of {count(campaigns)} campaigns.{noticed}"
    )


def turn(before: Sequence[str], after: Sequence[str]) -> str:
    """A change of the best line, by letters.

    >>> turn(["C"], ["D"]), turn(["A", "B"], ["B"])
    ('winner changes from C to D', 'winner changes from A and B to B')
    """
    return f"winner changes from {listing(list(before))} to {listing(list(after))}"


def along_summary(stress: Stress, ends: Sequence[tuple[str, float]], *, segmented: bool = False) -> str:
    """What the chart shows, for a screen reader."""
    shares = ", ".join(f"{label} {percent(share, 0)}" for label, share in ends)
    best = "best for the recipient" if segmented else "best at the time"
    return f"{stress.title}. Share of all sends that went to the line that was {best}: {shares}."


def open_words(label: str, stress: Stress) -> str:
    """What the link to the scenario of a cell adds for a screen reader.

    >>> open_words("UCB1", STRESSES["late"])
    ': UCB1, late replies'
    """
    return f": {label}, {within(stress)}"


# The menu of guardrails

MENU: Final = "What each guardrail costs"
MENU_LATER: Final = "Guardrails are priced when the table is complete."
MENU_TOO_MUCH: Final = "Pricing the guardrails would be more work than is done at once. Ask for fewer sends."
MENU_STOPPED: Final = "Stopped before all guardrails were priced."
FREE: Final = "free"
YOURS: Final = "yours"
TOGETHER: Final = "Together"
ADD: Final = "Add to scenario"
ADDED: Final = "These are in your scenario already."
TICK_SOME: Final = "Tick guardrails above to see what they cost together."
NO_MIX: Final = "These do not go together. Untick one."
TICKS: Final = "Guardrails to take together"
CADENCE: Final = "Decide less often"


def menu_deck(sends: int, label: str, goal: Goal = CONVERTED) -> str:
    """The measure."""
    return (
        f"{_capital(goal.more_or_fewer)} in {count(sends)} sends with {label}, paired, 90% interval. "
        "Hollow: no measurable price."
    )


def menu_working(share: float) -> str:
    """How far the prices are."""
    return f"Pricing the guardrails: {percent(share, 0)} done."


def cadence(update_every: object) -> str:
    """A rhythm of decisions.

    >>> cadence("hourly"), cadence(500)
    ('once an hour', 'every 500 sends')
    """
    names = {"hourly": "once an hour", "twice_daily": "twice a day", "daily": "once a day"}
    return names.get(str(update_every)) or f"every {count(float(str(update_every)))} sends"


def paced_menu(pace: int) -> str:
    """The pace that the clock needed."""
    return f"Your scenario has no pace: for decisions by the hour the send takes a week, {count(pace)} an hour."


def together(names: Sequence[str], change: str, ends: str, total: str, relation: str) -> Words:
    """What some guardrails cost together."""
    return [
        f"{_capital(listing(list(names)))} {'change' if len(names) > 1 else 'changes'} the result by ",
        Emphasis(change),
        f" ({ends}){relation.format(total=total)}.",
    ]


def relation(change: float, total: float | None, half_width: float, several: int) -> str:
    """How that compares with the sum of their prices; nothing for a single one.

    >>> relation(-221.0, -300.0, 20.0, 3)
    ', less than their sum, {total}, because they protect the same sends'
    >>> relation(-221.0, -215.0, 20.0, 3)
    ', about their sum, {total}'
    """
    if total is None or several < 2:  # noqa: PLR2004  # a sum needs two
        return ""
    if abs(change - total) <= half_width:
        return ", about their sum, {total}"
    if abs(change) < abs(total):
        return ", less than their sum, {total}, because they protect the same sends"
    return ", more than their sum, {total}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
