"""Every word of the campaign page: bringing a file, what it shows, whether to trust it, what policies would have made of it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from components.formats import count, decimal, listing, number_word, percent, signed
from components.wording import Contender, Emphasis, Notice, Words, about, sentence
from components.wording_compare import in_campaigns
from components.wording_goals import Goal
from engine.emergence import EARLY

CAMPAIGN: Final = "Your campaign"

# Bringing a file

BRING_TITLE: Final = "What would your own campaign have brought?"
BRING_LEAD: Final = (
    "Bring the results of a test that you sent. You see what they show and how sure that is, and what each policy would "
    "have made of the same recipients."
)
DROP: Final = "Drop a file here, or"
CHOOSE: Final = "Choose a file"
REPLACE: Final = "Replace file"
LIMITS: Final = "CSV, TSV or XLSX, up to 20 MB."
TOO_LARGE: Final = "This file is larger than 20 MB. Leave out columns, or sum the rows by variant."
SENDING: Final = "Sending …"
READING: Final = "Reading …"
AWAY: Final = "The server does not answer. Nothing was kept; try again in a moment."
PRIVACY_TITLE: Final = "Your file stays yours"
PRIVACY: Final = (
    "Only this browser can see it. It is deleted two hours after you last looked at it, or at once when you say so.",
    "What was worked out from it is forgotten within two hours; no file is kept for more than twelve.",
    "It is read on this server and passed on to nobody; nothing in it is logged.",
    "Links carry a number that only this browser understands. Names and totals enter a link when you allow it.",
)
FORMS_TITLE: Final = "Two kinds of file are understood"
BY_VARIANT: Final = "A row a variant, as mailing tools export it"
BY_RECIPIENT: Final = "A row a recipient: times, values and groups may stand beside it"
EXAMPLES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    BY_VARIANT: (
        ("Subject line", "Sent", "Opens", "Orders", "Revenue"),
        ("Last chance", "4,980", "1,121", "96", "$3,840"),
    ),
    BY_RECIPIENT: (("Variant", "Sent at", "Converted", "Device"), ("Last chance", "2026-03-14 09:30", "yes", "Mobile")),
}
FORGIVING: Final = (
    "Columns are found by their names, and you can correct what each one means. Decimal commas, currency and percent "
    "signs, totals and blank rows are understood."
)
SAMPLES_TITLE: Final = "No file at hand? Try one of these"


class Sample(NamedTuple):
    """A file that comes with the application."""

    title: str
    text: str


SAMPLES: Final[dict[str, Sample]] = {
    "two-e-mails-2008": Sample(
        "Two e-mails and none, 2008",
        "64,000 customers of a shop and who visited within two weeks. A real test, a row a variant.",
    ),
    "a-shop-recipient-by-recipient": Sample(
        "A shop, recipient by recipient", "2,400 rows with times, order values, devices and kinds of customer. Made up."
    ),
    "too-close-to-call": Sample(
        "Too close to call", "Three lines that hardly differ, with semicolons and a row of totals. Made up."
    ),
}
SAMPLE_FILE: Final = "The file itself"
SAMPLE_FILES: Final = tuple(f"{name}.csv" for name in SAMPLES)
SAMPLE_CREDIT: Final = "Data: K. Hillstrom, MineThatData e-mail test, 2008."

# The file

A_CAMPAIGN: Final = "A campaign from a link"
SHARE: Final = "Allow totals in links"
UNSHARE: Final = "Keep totals out of links"
DELETE: Final = "Delete now"
FROM_A_LINK: Final = "These counts came with a link. The file that they are from stayed where it was."
SAMPLE_NOTE: Final = "A sample that comes with this application: links may carry it."
CONFIRMED: Final = "Confirmed"
CONFIRM: Final = "That is right"
CHANGE: Final = "Read it again"
COLUMN_ROLE: Final = "What {title} means"
COLUMNS_DECK: Final = "Say what a column means if we got it wrong."
TO_BE_SAID: Final = "One thing to settle before this file can be read"
TO_BE_SAID_LEAD: Final = "Say what the columns mean, and read it again. Nothing is guessed."

LOG_ROLES: Final[dict[str, str]] = {
    "arm": "Line sent",
    "propensity": "Its chance",
    "chance": "Chance of a line",
    "reward": "Reward",
    "value": "Value",
    "send": "Number of the send",
    "time": "Time",
    "context": "Context",
    "ignore": "Not used",
}
"""What columns of a log may be."""
ROLES: Final[dict[str, str]] = {
    "variant": "Line",
    "sends": "Sends",
    "opens": "Opens",
    "clicks": "Clicks",
    "conversions": "Goal, in numbers",
    "conversion_rate": "Goal, as a rate",
    "revenue": "Revenue",
    "converted": "Goal, yes or no",
    "value": "Value",
    "sent_at": "Sent at",
    "converted_at": "Converted at",
    "audience": "Audience",
    "device": "Device",
    "time_of_day": "Time of day",
    "segment": "Other groups",
    "ignore": "Not used",
}


def privacy(*, shared: bool, is_log: bool = False) -> tuple[str, str]:
    """The two sentences about a file that was brought: who sees it, and what links carry."""
    if is_log:
        shared = False
    links = "Links carry its names and totals." if shared else "Links carry a number, no names or totals."
    return (
        "Only this browser can see your file; it is deleted two hours after you last looked.",
        f"It is not logged. {links}",
    )


def file_words(filename: str, shape: str, rows: int) -> str:
    """What was brought.

    >>> file_words("spring.csv", "variants", 3), file_words("spring.csv", "recipients", 64_000)
    ('spring.csv: 3 lines', 'spring.csv: 64,000 recipients')
    """
    return f"{filename}: {count(rows)} {'lines' if shape == 'variants' else 'recipients'}"


def columns_title(used: int, columns: int) -> str:
    """The finding over the columns.

    >>> columns_title(4, 12), columns_title(3, 3)
    ('4 of 12 columns are used', 'All 3 columns are used')
    """
    return (
        f"All {count(columns)} columns are used"
        if used == columns
        else f"{count(used)} of {count(columns)} columns are used"
    )


def how_read(notes: int) -> str:
    """What opens the list of what was decided.

    >>> how_read(1), how_read(6)
    ('How it was read: one thing to know', 'How it was read: six things to know')
    """
    return f"How it was read: {number_word(notes)} thing{'s' * (notes > 1)} to know"


GONE: Final = Notice("This file is no longer kept.", "Bring it again to go on.")
NOT_DELETED: Final = Notice(
    "The file could not be deleted.", "The server's disk does not play along. Try again in a moment."
)
CANNOT_READ: Final = "With these columns it cannot be read."

NOT_HERE: Final = Notice(
    "This file is not in this browser.", "It was brought in another one, or has been deleted. Bring the file again."
)

# A log of decisions

LOG_TITLE: Final = "Or bring a log of decisions"
LOG_TEXT: Final = (
    "A row a send: which line, with what chance, and what came of it. From such a log one can say what sending another way "
    "would have earned, and where the log cannot tell."
)
CHOOSE_LOG: Final = "Choose a log"
OWN_LOG: Final = "Bring your own log"
NO_CHANCES: Final = "The log does not say with which chance each line was sent."
NO_CHANCES_TEXT: Final = "If every line was as likely as any other, say so: then all five methods can be used."
WAS_EVEN: Final = "The split was even"
LOG_FOOT: Final = (
    "Sources: Li et al. (2010), Horvitz and Thompson (1952), Swaminathan and Joachims (2015), Dudík et al. (2014)."
)
STUDY_LATER: Final = "Judging a log of this campaign follows once all campaigns are in."
STUDYING: Final = "Writing a log of this campaign and judging it …"
STUDY_STOPPED: Final = "Stopped before the log was judged."
MINIMUM_SHARE: Final = "Add a minimum share"


def log_best(name: str, value: str, earned: str, *, is_rate: bool) -> Words:
    """The verdict on a log."""
    if is_rate:
        return [
            "Always sending ",
            Emphasis(name),
            " would have converted ",
            Emphasis(value),
            f", against {earned} in this log.",
        ]
    return [
        "Always sending ",
        Emphasis(name),
        " would have brought ",
        Emphasis(value),
        f" a send, against {earned} in this log.",
    ]


def log_best_deck(interval: str, filename: str, sends: int, *, is_above: bool) -> Words:
    """How sure that is."""
    words: Words = ["90% interval ", Emphasis(interval), f", from the {count(sends)} sends of {filename}. "]
    return [*words, "That is clearly more." if is_above else "So the difference may be chance."]


def log_unclear(sends: int) -> Words:
    """The verdict on a log that can judge no line."""
    return [f"These {count(sends)} sends cannot tell what any line would have earned."]


def log_unclear_deck(filename: str) -> Words:
    """Why."""
    return [
        f"In {filename} too few sends, or too uneven chances, stand for each line. A longer log, or one with a minimum share, can."
    ]


# What happened

LINE: Final = "Line"
RATE_AXIS: Final = "Conversion rate, 90% interval"
RATE: Final = "Rate"
INTERVAL: Final = "90% interval"
CONVERTED: Final = "Conversions"
RECIPIENTS: Final = "Sends"
REVENUE: Final = "Revenue"
BEST: Final = "Chance to be best"
HAPPENED_DECK: Final = "Share of each line’s recipients who converted, best first."
SURE, LIKELY, LEANING = 0.99, 0.95, 0.8


def happened_title(leader: str, best: float) -> str:
    """The finding, by the leader's chance to be best.

    >>> happened_title("Mens E-Mail", 0.9999), happened_title("A", 0.6)
    ('What happened: Mens E-Mail won, beyond doubt', 'What happened: no line clearly won; A is just ahead')
    """
    if best >= SURE:
        said = f"{leader} won, beyond doubt"
    elif best >= LIKELY:
        said = f"{leader} won, very likely"
    elif best >= LEANING:
        said = f"{leader} is ahead, but not for sure"
    else:
        said = f"no line clearly won; {leader} is just ahead"
    return f"What happened: {said}"


def chance(share: float) -> str:
    """A chance that is never rounded to none or all.

    >>> chance(0.99999), chance(0.00001), chance(0.734)
    ('over 99.9%', 'under 0.1%', '73.4%')
    """
    least, most = 0.001, 0.999
    if share > most:
        return f"over {percent(most)}"
    return f"under {percent(least)}" if share < least else percent(share)


# Can you trust it?

CHECKS: Final = "Can you trust it?"
_SMALLEST_P: Final = 0.001
DIFFER_P: Final = 0.05


class Check(NamedTuple):
    """One thing that was looked at: what it says, and whether that is fine."""

    title: str
    text: str
    is_fine: bool = False


def p_value(p: float) -> str:
    """A p-value as it is written.

    >>> p_value(0.00002), p_value(0.0421), p_value(0.9)
    ('p < .001', 'p = .042', 'p = .90')
    """
    if p < _SMALLEST_P:
        return f"p < {decimal(_SMALLEST_P, 3).removeprefix('0')}"
    digits = 3 if p < 0.1 else 2  # noqa: PLR2004
    return f"p = {decimal(p, digits).removeprefix('0')}"


def lines_differ(p: float | None, lines: int) -> Check:
    """Whether the lines have one rate."""
    test = "Two-proportion test" if lines == 2 else f"Chi-square test, {lines - 1} degrees of freedom"  # noqa: PLR2004
    if p is None:
        return Check("Too few conversions to tell lines apart", "Fewer than five would be expected for some line.")
    if p < DIFFER_P:
        return Check("The lines differ", f"{test}, {p_value(p)}", is_fine=True)
    return Check("The lines may all be alike", f"{test}, {p_value(p)}: chance alone often makes such differences")


def split_held(p: float | None, *, suspicious: bool) -> Check:
    """Whether the recipients were split evenly."""
    if p is None:
        return Check("Too few sends to check the split", "Fewer than five a line would be expected.")
    if suspicious:
        why = "Unless it was planned so, find out why before you trust the rest."
        return Check("The split was not even", f"Sample-ratio check, {p_value(p)}. {why}")
    return Check("The split was even", f"Sample-ratio check, {p_value(p)}", is_fine=True)


def lead(first: str, second: str, mean: float, low: float, high: float, differ: float | None) -> Check:
    """How far the best line is above the next: picked after the fact, it counts only where the lines differ at all.

    >>> lead("A", "B", 0.0314, 0.0249, 0.0370, 0.0001)
    Check(title='A is ahead of B', text='+3.1 points, 90% interval +2.5 to +3.7', is_fine=True)
    """
    digits = 1 if mean >= 0.01 else 2  # noqa: PLR2004
    points = [signed(100 * share, digits) for share in (mean, low, high)]
    text = f"{points[0]} points, 90% interval {points[1]} to {points[2]}"
    if low > 0.0 and differ is not None and differ < DIFFER_P:
        return Check(f"{first} is ahead of {second}", text, is_fine=True)
    why = "which includes zero" if low <= 0.0 else "but the lines together may all be alike"
    return Check(f"{first} and {second} are too close to call", f"{text}, {why}")


def emerged(leader: str, early: str | None, since: int, sure_since: int | None, sends: int) -> Check:
    """When the line that led in the end came to the front.

    >>> emerged("A", "A", 400, 1_200, 10_000).title, emerged("A", "A", 6_000, None, 10_000).title
    ('A led early and stayed ahead', 'A led early, fell back and came back')
    >>> emerged("A", "A", 400, 1_200, 10_000).text
    'For good from 400 of 10,000 sends on; hardly by chance from 1,200 on.'
    """
    if early == leader:
        stayed = since <= sends * EARLY
        title = f"{leader} led early and stayed ahead" if stayed else f"{leader} led early, fell back and came back"
    else:
        title = f"{leader} took the lead later" if early is None else f"{leader} came from behind"
    sure = (
        "but never so far that chance is ruled out"
        if sure_since is None
        else f"hardly by chance from {count(sure_since)} on"
    )
    after = f" After a tenth {early} led." if early is not None and early != leader else ""
    text = f"For good from {count(since)} of {count(sends)} sends on; {sure}.{after}"
    return Check(title, text, is_fine=sure_since is not None)


NOT_TIMED: Final = Check("When did the leader emerge?", "The file has no send times, so this cannot be said.")

# What policies would have made of it

WAITING: Final = "Running your campaign under every policy"
USE_TITLE: Final = "Use it everywhere"
USE_TEXT: Final = "Every page can run on these rates, drawn anew in each campaign within what your counts leave open."
REPLAY: Final = "Replay it"
TO_COMPARE: Final = "Compare"
TO_STRESS: Final = "Stress test"
POLICIES: Final = "What each policy would have made of your campaign"
STOPPED: Final = "Stopped. What was run so far is shown."
BROKE_OFF: Final = "It broke off. What was run so far is shown."
LONG_TITLE: Final = "Your campaign is ready to be run under every policy"
LONG_TEXT: Final = "It is a large one, so that this takes a while: press the button when you want it."
FOOT_LEVEL: Final = "Intervals are 90%."
FOOT_BEST: Final = "Chance to be best by integration, uniform prior."
FOOT_SAME: Final = "Every policy meets the same recipients."
AS_PRIOR: Final = "Use as a prior"
AS_PRIOR_TITLE: Final = (
    "Policies that start the next campaign from a tenth of what this one told, beside the same without it"
)
POLICIES_DECK: Final = (
    "Extra {unit} over an even split of the same recipients, {campaigns} campaigns; rates are drawn anew for each, so that "
    "what your counts leave open is in the intervals."
)
DOWNLOAD_OF: Final = {
    "happened": "Download the lines as CSV",
    "policies": "Download the policies as CSV",
    "log": "Download the estimates as CSV",
}


def progress_title(done: int, total: int) -> str:
    """How far it is.

    >>> progress_title(180, 400)
    '180 of 400 campaigns'
    """
    return f"{count(done)} of {count(total)} campaigns"


def progress_text(left: float | None) -> str:
    """What is left.

    >>> progress_text(12.3), progress_text(None)
    ('12 seconds left.', 'Starting.')
    """
    return "Starting." if left is None else f"{sentence(about(left))} left."


def use(leader: Contender, mean: float, sends: int, goal: Goal, *, running: bool) -> Words:
    """The verdict when a policy clearly beats an even split."""
    return [
        "On your campaign ",
        Emphasis(leader.label, leader.place),
        " would have brought ",
        Emphasis(goal.amount(goal.mean_difference(mean)), leader.place),
        f" from the same {count(sends)} recipients{', so far' if running else ''}.",
    ]


SURELY: Final = 0.9
"""Where a policy beats an even split in fewer campaigns, the verdict itself says so."""


def hope(leader: Contender, mean: float, below: float, goal: Goal, *, running: bool) -> Words:
    """The verdict when a policy beats an even split on average, but far from always."""
    return [
        "On your campaign ",
        Emphasis(leader.label, leader.place),
        " would have brought ",
        Emphasis(goal.amount(goal.mean_difference(mean)), leader.place),
        f" on average{' so far' if running else ''}, and less than an even split {in_campaigns(below)}.",
    ]


def use_deck(spread: tuple[float, float], share: float | None, total: float, beats: float | None, goal: Goal) -> Words:
    """What stands under it: how far that may be off, and how much it is of what an even split brings."""
    words: Words = [
        "9 in 10 campaigns: ",
        Emphasis(goal.between(*spread)),
        ", what your counts leave open included. ",
    ]
    if share is not None:
        words.append(f"That is {percent(share, 0)} more than the {goal.amount(goal.mean(total))} of an even split. ")
    return words if beats is None else [*words, f"It beat the even split {in_campaigns(beats)}."]


def stay(*, running: bool) -> Words:
    """The verdict when nothing clearly beats an even split."""
    return [f"On your campaign no policy would clearly have beaten an even split{' so far' if running else ''}."]


def stay_deck(best: str, mean: float, low: float, high: float, goal: Goal) -> Words:
    """What stands under it: the best attempt."""
    return [
        f"The best of them, {best}, would have brought ",
        Emphasis(goal.amount(goal.mean_difference(mean))),
        f" on average, 90% interval {goal.mean_between(low, high)}. Lines that are this close leave little to gain.",
    ]


def also(names: Sequence[str]) -> str:
    """Policies that cannot be told from the leader."""
    return f"Too close to it to choose by this alone: {listing(list(names))}."


def policies_title(leader: str, share: float, *, clear: bool) -> str:
    """The finding: how much of what could be had the leader gets.

    >>> policies_title("Thompson sampling", 0.974, clear=True)
    'What each policy would have made of it: Thompson sampling gets 97% of what was possible'
    """
    said = f"{leader} gets {percent(share, 0)} of what was possible" if clear else "none clearly beats an even split"
    return f"What each policy would have made of it: {said}"
