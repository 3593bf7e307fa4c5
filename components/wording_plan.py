"""The words of the Plan page: what to use with so many sends, from when on, and what it earns."""

from collections.abc import Mapping, Sequence
from typing import Final

from components.formats import (
    compact,
    count,
    decimal,
    listing,
    money_interval,
    percent,
    price,
    prose,
    rounded,
    signed_money,
)
from components.wording import Contender, Emphasis, Notice, Words
from components.wording_goals import Goal

PLAN: Final = "Plan"
WAITING: Final = "Your plan is being worked out."
EMPTY_TEXT: Final = "Press “Plan” to see how many sends it takes, and what testing earns on the way."
CHART: Final = "Chance of ending on the right line, by how many e-mails are sent"
BAR: Final = "What you expect"
STOPPED: Final = "Stopped. The figures are of the campaigns that were done."

FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "lines": ("Lines", ""),
    "usual": ("Usual rate", "%"),
    "difference": ("Smallest difference that matters", "points"),
    "sends": ("List", "sends"),
    "worth": ("A conversion is worth", ""),
    "right": ("Be right in", "% of campaigns"),
    "favourite": ("Sure of a favourite", "%"),
}
"""Label and unit of each field of the bar."""
HINTS: Final[Mapping[str, str]] = {
    "lines": "How many subject lines you would test.",
    "usual": "What share of recipients usually converts; the best line is ahead of it.",
    "difference": "By how many percentage points the best line should be ahead to be worth finding.",
    "sends": "How many recipients you have.",
    "worth": "In your currency. Left empty, the plan counts conversions alone.",
    "right": "How often the line that looks best at the end should be the right one.",
    "favourite": "How sure you are, before any test, that the line you would send untested is the best one.",
}
AT_ONCE: Final = "replies at once"
EARN_MOST: Final = "Earn most"
SUREST: Final = "Surest pick"
DO_NOT_TEST: Final = "do not test"
EXPORT: Final = "Export schedule"
READY: Final = "Ready to send?"
GRID_LATER: Final = "The grid follows once the plan is complete."
NO_GRID: Final = "The scenario leaves no room for these values. Choose others."
GRID_STOPPED: Final = "Stopped. Change something to fill the grid."
NO_SPREAD: Final = "The cadence of the scenario leaves no room for it."
METHOD: Final = "Right line and extra conversions come from the same simulation as Compare."
LINE_AHEAD: Final = "A two-proportion test, 5% two-sided, summed over all outcomes: no approximation."


def bad_aims(problem: str) -> Notice:
    """The address asks for something that no plan can aim at."""
    return Notice("The link asks for what no plan can aim at.", f"{prose(problem)} The usual aims are used instead.")


def summary(sends: int, lines: int, seed: int) -> str:
    """The scenario in a line."""
    return f"{count(sends)} sends / {lines} lines / seed {seed}"


def run_button(campaigns: int) -> str:
    """The button under the panel."""
    return f"Plan with {count(campaigns)} campaigns"


def asks_first(sizes: int, policies: int, campaigns: int, about: str) -> Notice:
    """A plan that takes long waits for the button."""
    text = (
        f"It looks at {sizes} sizes with {policies} policies in {count(campaigns)} campaigns each, about {about}. "
        "Fewer campaigns or a smaller list take less."
    )
    return Notice("This plan takes a while.", text, ("Plan it", "Start from Classic"))


def failed(error: str | None) -> Notice:
    """The job broke off."""
    why = prose(error) if error else "Something went wrong on the server."
    return Notice("The plan could not be finished.", why, ("Try again",))


# The bar


def field_problem(name: str, got: str, allowed: str) -> str:
    """What is wrong with what was typed into the bar."""
    label, _ = FIELDS[name]
    return f"{label}: got {got}; must be {allowed}."


# The verdict


def _so_far(*, running: bool) -> str:
    return " so far" if running else ""


def use(policy: Contender, sends: int, gain: str, against: str, below: str | None, *, running: bool) -> Words:
    """A policy earns more than the even split."""
    sentence: Words = [
        f"With {count(sends)} sends use ",
        Emphasis(policy.label, policy.place),
        f": {_so_far(running=running).lstrip() + ', ' if running else ''}it picks the right line {against} and earns ",
        Emphasis(gain, policy.place),
        " on the way.",
    ]
    return [*sentence, *([f" Below {below} do not test."] if below else [])]


def against_even(difference: int) -> str:
    """How often a policy is right beside the even split: 1 or -1 where that is sure."""
    return {1: "more often than A/B", -1: "less often than A/B"}.get(difference, "as often as A/B")


def use_deck(
    right: float, even: float, spread: str, money: str | None, also: tuple[str, float] | None, below: str | None
) -> Words:
    """The figures behind the recommendation, with their uncertainty."""
    deck: Words = ["It is right in ", Emphasis(_whole(right)), f" of campaigns, A/B in {_whole(even)}. "]
    deck += ["In nine campaigns of ten the gain is ", Emphasis(spread), f", worth {money}." if money else "."]
    if also:
        label, often = also
        deck.append(f" {label} earns as much but is right in only {_whole(often)}.")
    return [*deck, *([f" Below {below} sends, send the line you believe in."] if below else [])]


def split(sends: int, *, running: bool) -> Words:
    """Nothing earns noticeably more than the even split."""
    return [
        f"With {count(sends)} sends an even split is enough{_so_far(running=running)}: no policy earns noticeably more."
    ]


def split_deck(even: float, below: str | None) -> Words:
    """How often the even split is right."""
    deck: Words = ["A/B ends on the right line in ", Emphasis(_whole(even)), " of campaigns."]
    return [*deck, *([f" Below {below} sends, send the line you believe in."] if below else [])]


def skip(sends: int, *, running: bool) -> Words:
    """Testing is not worth it."""
    return [f"With {count(sends)} sends do not test{_so_far(running=running)}: send the line you believe in."]


def skip_deck(best: float, favourite: float, test_from: str | None, largest: int) -> Words:
    """Why, and from when on it is."""
    deck: Words = [
        "The surest policy ends on the right line in only ",
        Emphasis(_whole(best)),
        f" of campaigns, and no policy earns more than a favourite of which you are {_whole(favourite)} sure.",
    ]
    later = f" Testing pays from about {test_from} sends on." if test_from else ""
    return [*deck, later or f" Nor does testing pay with {count(largest)} sends, the most that was looked at."]


NOTHING_TO_FIND: Final = "There is nothing to find: your lines are expected to convert alike."
NOTHING_DECK: Final = "Enter a difference that would matter, or send the line you like."


def early(campaigns: int) -> Words:
    """Too few campaigns to say anything."""
    return [f"Looking at the first {count(campaigns)} campaigns." if campaigns else "Planning your campaign."]


EARLY_DECK: Final = "The plan follows as soon as twenty are there."


def gain(amount: str, goal: Goal) -> str:
    """The mean gain, with its unit."""
    return goal.amount(amount)


def about_sends(sends: float) -> str:
    """A number of sends that is no more exact than its simulation.

    >>> about_sends(4905.98), about_sends(15690.7)
    ('4,900', '16,000')
    """
    return count(rounded(sends))


def money(mean: float, low: float, high: float) -> str:
    """What a gain is worth, and what it is in nine campaigns of ten."""
    return f"{signed_money(mean, 0)} ({money_interval(low, high, 0)})"


# The chart of chances


def chances_title(label: str | None, target: float, at: float | None, largest: int, *, from_start: bool) -> str:
    """The finding: who gets there first."""
    often = _nine_in_ten(target)
    if label is None or at is None:
        return f"No policy is right in {often} up to {count(largest)} sends"
    if from_start:
        return f"{label} is right in {often} with {about_sends(at)} sends already"
    return f"{label} is right in {often} from {about_sends(at)} sends"


def _nine_in_ten(target: float) -> str:
    return f"{compact(round(100 * target, 1))}% of campaigns"


def chances_deck(campaigns: int, error: float, *, has_power: bool, level: float) -> str:
    """The measure, its Monte Carlo error, and what the dashed line is."""
    points = max(0.1, round(100 * error, 1))
    deck = (
        f"Chance that the line chosen at the end is truly the best; {count(campaigns)} campaigns at each size, "
        f"give or take {compact(points)} {'point' if points == 1 else 'points'} ({percent(level, 0)} interval)."
    )
    return deck + (" Dashed: the A/B test also proves the best line against the next." if has_power else "")


def chances_summary(target: float, told: Sequence[tuple[str, float, float | None]], sends: int) -> str:
    """Every policy's chance with the list, and what it needs."""
    parts = [
        f"{label} {_whole(right)}, "
        + (f"from about {about_sends(needed)} sends for {_whole(target)}" if needed else f"never {_whole(target)} here")
        for label, right, needed in told
    ]
    return f"With {count(sends)} sends the line chosen at the end is the right one: {'; '.join(parts)}."


YOUR_TARGET: Final = "your target"
YOUR_LIST: Final = "your list"
PROVES: Final = "A/B proves it"
NOT_WORTH: Final = "do not<br>test"


# Beside it


SPREADS: Final = "If replies are slow, spread the sends"


def spreads_deck(label: str, sends: int, goal: Goal, level: float, half_hours: str, *, is_own: bool) -> str:
    """What the rows are."""
    when = (
        f"half of the replies take more than {half_hours}" if not is_own else "replies come as late as in your scenario"
    )
    return f"Extra {goal.unit} from {count(sends)} sends with {label} if {when}; {percent(level, 0)} of campaigns."


def spread_name(hours: float | None, batches: int) -> str:
    """A way to spread the sends.

    >>> spread_name(1.0, 1), spread_name(24.0, 8), spread_name(72.0, 12), spread_name(None, 0)
    ('Within the hour', '8 batches in one day', '12 batches over 3 days', 'No waiting, as in the chart')
    """
    if hours is None:
        return "No waiting, as in the chart"
    if batches == 1:
        return "Within the hour" if hours <= 1 else f"All at once, over {_span(hours)}"
    return f"{batches} batches {'in one day' if hours == _DAY else 'over ' + _span(hours)}"


_DAY: Final = 24.0
_WEEK: Final = 168.0


def _span(hours: float) -> str:
    if hours == _WEEK:
        return "a week"
    days = hours / _DAY
    return f"{compact(days)} days" if days >= 1 else f"{compact(hours)} hours"


def reality_check(kept: float | None, batches: int, hours: float) -> str:
    """The advice beside the spreads."""
    fact = (
        "What is sent within the hour is an even split, whatever the policy: no reply is back before the last message "
        "has left."
    )
    if kept is None:
        return fact
    return f"{fact} {_span(hours).capitalize()} in {batches} batches keep {_whole(kept)} of the gain."


REALITY: Final = "A reality check"
CLASSICAL: Final = "The classical answer"


def classical(gap: float, a_line: int, in_all: int, days: float | None, a_day: float | None) -> str:
    """What a test needs that proves the difference."""
    text = (
        f"An A/B test that proves {points(gap)} (5%, two-sided, 80% power) needs {count(a_line)} sends a line, "
        f"{count(in_all)} in all"
    )
    if days is None or a_day is None:
        return f"{text}."
    whole = max(1, -(-int(days * 100) // 100))
    return f"{text}: {whole} {'day' if whole == 1 else 'days'} at {count(a_day)} a day."


def points(gap: float) -> str:
    """A difference of rates.

    >>> points(0.02), points(0.0025), points(0.01)
    ('2 points', '0.25 points', '1 point')
    """
    written = compact(round(100 * gap, 4))
    return f"{written} {'point' if written == '1' else 'points'}"


PROOFS: Final = "What it costs to prove the gain"


def proofs_deck(label: str) -> str:
    """What the columns are."""
    return (
        f"Price with {label}, and the chance that a test (5%, one-sided) shows that it was better than an even split."
    )


def proof_name(guardrail: str | None, share: float) -> tuple[str, str]:
    """A way to prove, and what it is."""
    if guardrail is None:
        return "No proof", "just earn it"
    if guardrail == "holdout":
        return f"Holdout {_whole(share)}", "always an even split"
    return "Wrap-up A/B", f"last {_whole(share)}, even split"


PROOF_COLUMNS: Final = ("", "Conversions", "Money", "Proves it")


def proof_note(holdout: float, pooled: int | None, price: str, *, enough: str | None) -> str:
    """Whether one campaign can prove the gain, and how many can."""
    if enough:
        return f"{enough} proves the gain in four campaigns of five."
    if pooled is None:
        return "No number of campaigns like this would prove so small a gain."
    return (
        f"One campaign of this size cannot be relied on to prove the gain. Keep a {_whole(holdout)} holdout in "
        f"{count(pooled)} campaigns and pool them: that proves it four times in five, for {price}."
    )


# The table and the schedule


def table_title(sends: int) -> str:
    """Over the table of policies."""
    return f"From {count(sends)} sends, policy by policy"


def table_columns(target: float, goal: Goal, *, has_money: bool) -> tuple[str, ...]:
    """The headings of the table."""
    money_column = ("Money",) if has_money else ()
    return (
        "Policy",
        "Right line",
        f"Sends for {_whole(target)}",
        f"Extra {goal.unit}",
        "90% of campaigns",
        *money_column,
        "Beats a favourite",
    )


FAVOURITE_HINT: Final = "How sure you would have to be of a favourite for it to earn as much, sent untested."


def needed(sends: float | None, largest: int, *, from_start: bool) -> str:
    """From how many sends on.

    >>> needed(4905.9, 16000, from_start=False), needed(None, 16000, from_start=False), needed(500.0, 16000, from_start=True)
    ('4,900', 'over 16,000', 'under 500')
    """
    if sends is None:
        return f"over {count(largest)}"
    return f"under {count(sends)}" if from_start else about_sends(sends)


SCHEDULE: Final = "Expected schedule"


def schedule_deck(batches: int, label: str) -> str:
    """What the bars are."""
    return f"Share of each line in the {batches} batches with {label}, on average. Dark: the line in the lead."


SCHEDULE_FOOT: Final = (
    "For tools with fixed splits: enter one row, send the batch, upload the counts, take the next row. The file holds all "
    "rows and the rule behind them."
)


def ready(batches: int, hours: float, each: int) -> str:
    """What the exported schedule is."""
    return (
        f"{batches} batches over {_span(hours)}, about {count(each)} sends each. Start with an even split, bring the counts "
        "after each batch, take the next split."
    )


def schedule_summary(shares: Sequence[float]) -> str:
    """The bars in words."""
    return f"The line in the lead gets {_whole(shares[0])} of the first batch and {_whole(shares[-1])} of the last."


# The grid


GRID: Final = "What to use"
GRIDS: Final[Mapping[str, str]] = {
    "difference_sends": "By difference and list size",
    "epsilon_sends": "By ε and list size",
    "delay_batches": "By delay and batches",
}
GRID_TITLES: Final[Mapping[str, str]] = {
    "difference_sends": "What to use, by difference and list size",
    "epsilon_sends": "Which ε to use, by list size",
    "delay_batches": "What to use, by delay and number of batches",
}
GRID_ROWS: Final[Mapping[str, str]] = {"difference": "Best line ahead by", "epsilon": "ε", "delay": "Half reply within"}


def grid_deck(goal: Goal, campaigns: int) -> str:
    """What a cell says."""
    return (
        f"In each cell: the policy, its extra {goal.unit} over an even split, and how often it ends on the right line. Near "
        f"ties go to the surer policy. {count(campaigns)} campaigns a cell."
    )


def grid_value(what: str, value: float) -> str:
    """A value of an axis.

    >>> grid_value("difference", 0.02), grid_value("sends", 8000.0), grid_value("delay", 0.5), grid_value("batches", 1.0)
    ('2 points', '8,000', '30 min', 'at once')
    """
    if what == "difference":
        return points(value)
    if what == "epsilon":
        return compact(value)
    if what == "delay":
        return f"{compact(value)} h" if value >= 1 else f"{compact(60 * value)} min"
    if what == "batches":
        return "at once" if value == 1 else f"{count(value)} batches"
    return count(value)


def grid_cell(label: str, extra: str, right: float) -> str:
    """A cell for those who listen."""
    return f"{label}: {extra}, right in {_whole(right)}"


UNDER: Final = "right under 75%"
BETWEEN: Final = "75 to 90%"
OVER: Final = "90% or more"
EVEN: Final = "A/B"
EVEN_IS_ENOUGH: Final = "A/B is enough"


def grid_working(share: float) -> str:
    """How far the grid is."""
    return f"Filling the grid: {_whole(share)} done."


def give_or_take(half: float | None, *, is_share: bool = False) -> str:
    """Half of the 90% interval that the simulation leaves a mean.

    >>> give_or_take(0.0112, is_share=True), give_or_take(1.62), give_or_take(None)
    ('± 1.1', '± 1.6', '')
    """
    if half is None:
        return ""
    return f"± {decimal(100 * half if is_share else half, 1)}"


def money_foot(worth: float) -> str:
    """Where money comes from."""
    return f"Money is conversions × {price(worth)}; what sending costs is not counted."


def digest(text: str) -> str:
    """What proves the plan."""
    return f"Scenario {text[:12]}"


def notes(campaigns: int, worth: float | None, *, has_money: bool) -> list[str]:
    """The small print."""
    money_note = [money_foot(worth)] if worth is not None and not has_money else []
    return [
        *money_note,
        METHOD,
        "±: 90% interval of what is simulated.",
        LINE_AHEAD,
        f"{count(campaigns)} campaigns at each size.",
    ]


def whole(share: float) -> str:
    """A share in whole per cent; what is not quite all of them is not written as all."""
    return _whole(share)


def _whole(share: float) -> str:
    almost_all, almost_none = 0.995, 0.005
    if share >= almost_all:
        return "99%+"
    if 0.0 < share < almost_none:
        return "under 1%"
    return percent(share, 0)


def guards(titles: Sequence[str]) -> str:
    """The guardrails that are on."""
    return listing(list(titles)) if titles else "no guardrails"


# Buttons and progress

PNG: Final = "PNG"
PNG_OF_CHANCES: Final = "Save the chart as a picture"
CSV_OF: Final[Mapping[str, str]] = {
    "chances": "Download every policy's chance at each size",
    "spreads": "Download the gain in each spread",
    "grid": "Download every policy in each cell",
    "proofs": "Download what each proof costs",
    "plan": "Download what each policy does with the list",
    "schedule": "Download the schedule, a row a batch",
}
SCHEDULE_LATER: Final = "The schedule follows with the spread of the send."


def progress_title(counted: int, total: int, *, stopped: bool) -> str:
    """How many campaigns are there."""
    done = f"{count(counted)} of {count(total)} campaigns"
    return f"{done}, stopped" if stopped else done


def progress_text(seconds_left: float | None) -> str:
    """How long it still takes."""
    if seconds_left is None:
        return "The figures become sharper while campaigns come in."
    return f"About {max(1, round(seconds_left))} seconds left. The figures become sharper while campaigns come in."


def finished(took: str, *, was_cached: bool) -> str:
    """How long it took."""
    return "From the cache." if was_cached else f"Worked out in {took}."
