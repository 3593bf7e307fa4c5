"""The words of what a visitor takes away: the menu, and what a report says beside the page's own words."""

from collections.abc import Sequence
from typing import Final

from components.formats import count, listing

REPORT: Final = "Report"
HTML: Final = "Report (HTML)"
HTML_TEXT: Final = "Opens without a network, prints to PDF"
TABLES: Final = "All tables"
TABLES_TEXT: Final = "For spreadsheets"
XLSX: Final = "XLSX"
XLSX_TITLE: Final = "All tables as one workbook"
CSV: Final = "CSV"
CSV_TITLE: Final = "All tables as CSV files in one ZIP"
CHARTS: Final = "Charts (PNG)"
CHARTS_TEXT: Final = "All of this page in one ZIP"
TEXT: Final = "Text to paste"
TEXT_TEXT: Final = "For a chat or a slide"
TEXT_LABEL: Final = "The result in a few sentences"
COPY: Final = "Copy text"
COPIED: Final = "Copied"
NOT_COPIED: Final = "Select the text and copy it"
WORKING: Final = "One moment."
SAVED: Final = "Saved as {name}."
NO_CHARTS: Final = "This page shows no chart at the moment."
AWAY: Final = "The server did not answer. Try again in a moment."

NOTHING_YET: Final = "There is no result to report yet. Run the scenario first."
GONE: Final = "The server no longer keeps this result. Run the scenario again, then ask for the report."

BY: Final = "Bandit Time Machine"
SCENARIO: Final = "The scenario"
METHOD: Final = "How this was worked out, and what it cannot say"
PROVENANCE: Final = "Where these numbers come from"
RACE: Final = "The campaign, send by send"
NOT_ALL_COLUMNS: Final = "none yet: not all columns of the table were in"
NOT_ALL_OF_PLAN: Final = "none yet: not all figures of the plan were in"
FILE: Final = "File"
NOT_CHECKED: Final = "none yet: the repeat campaigns had not come in"
CHART_DATA: Final = "The numbers"
LINE: Final = "Line"
LINES: Final = "Subject lines"
NAME: Final = "Subject line"
RATE: Final = "True rate"
BEFORE: Final = "Earlier campaign"
COMPLAINTS: Final = "Complaints"
ORDER_VALUE: Final = "Order value"
POLICIES: Final = "Policies"
SENDS: Final = "Sends"
CAMPAIGNS: Final = "Campaigns"
SEEDS: Final = "Seeds"
PACE: Final = "Pace"
NO_GUARDRAILS: Final = "None"
DRAWN_ANEW: Final = "drawn anew for each campaign"

DIGEST: Final = "Result digest"
SCENARIO_DIGEST: Final = "Scenario digest"
VERSION: Final = "Version"
DATE: Final = "Date"
LINK: Final = "Link"
NO_LINK: Final = "No link: the names are too long for an address, or what was brought is no longer kept."
PRIVATE_LINK: Final = (
    "No link: the counts are from a file of your own, and links do not carry them unless you allow it."
)
VERDICT: Final = "Verdict"
HOW_SURE: Final = "How sure that is"
PAGE: Final = "Page"

METHOD_TEXT: Final = (
    (
        "All policies met the same recipients. What each recipient would do with each subject line was fixed before the first "
        "send, so a difference between two policies is theirs alone and not the luck of who was asked."
    ),
    (
        "A campaign was simulated from the rates and circumstances stated above. With the same scenario, seed and version the same "
        "numbers come out again, to the last digit; the digest stands for all of them."
    ),
    (
        "Intervals are at 90% unless another level stands beside them. They tell how much the luck of a campaign matters, not "
        "whether the rates and circumstances that were assumed are right."
    ),
    (
        "Real recipients may answer otherwise: rates differ from those assumed, lines wear out, and people talk to one another. "
        "Take the result as a comparison of ways to send, and confirm it with a test of your own before much depends on it."
    ),
)
COUNTED_TEXT: Final = (
    "What the file says was counted, not simulated: its intervals tell how much luck there is in so many sends.",
)
LONG_TABLE: Final = "{rows} rows: they stand in the tables for spreadsheets."


def title(verdict: str) -> str:
    """The title of the file.

    >>> title("Stay with A/B.")
    'Stay with A/B. (Bandit Time Machine)'
    """
    return f"{verdict} ({BY})"


def by(page: str) -> str:
    """Whose report it is, and of which page.

    >>> by("Compare"), by("Time Machine")
    ('Bandit Time Machine: Compare', 'Bandit Time Machine')
    """
    return BY if BY.endswith(page) else f"{BY}: {page}"


def rate_drawn(rate: str) -> str:
    """A true rate that nobody gave.

    >>> rate_drawn("48.7%")
    '48.7% (drawn)'
    """
    return f"{rate} (drawn)"


def counted_before(sends: int, conversions: int) -> str:
    """The counts of an earlier campaign.

    >>> counted_before(20_000, 812)
    '812 of 20,000'
    """
    return f"{count(conversions)} of {count(sends)}"


def seeds(luck: int, world: int | None) -> str:
    """What decides chance.

    >>> seeds(7, 42), seeds(7, None)
    ('luck 7, rates 42', 'luck 7')
    """
    return f"luck {luck}" + ("" if world is None else f", rates {world}")


def simulated(lines: int, sends: int, policies: Sequence[str], circumstances: str, seed: int) -> str:
    """The scenario in one sentence.

    >>> simulated(5, 10_000, ["A/B split", "ε-greedy"], "", 7)
    'Scenario: 5 subject lines, 10,000 sends, A/B split and ε-greedy; seed 7.'
    >>> simulated(2, 500, ["A/B split", "UCB1"], "replies late, 1 guardrail", 7)
    'Scenario: 2 subject lines, 500 sends, A/B split and UCB1; replies late, 1 guardrail; seed 7.'
    """
    around = f"{circumstances}; " if circumstances else ""
    return f"Scenario: {lines} subject lines, {count(sends)} sends, {listing(list(policies))}; {around}seed {seed}."


def see(link: str) -> str:
    """Where it can be seen and repeated."""
    return f"See and repeat it: {link}"


def result(digest: str, version: str) -> str:
    """What the numbers can be compared by.

    >>> result("9f3c0011e71a", "0.1.0")
    'Result 9f3c…e71a, version 0.1.0.'
    """
    return f"Result {shortened(digest)}, version {version}."


def shortened(digest: str) -> str:
    """A digest as the pages' small print writes it; words stay whole."""
    return digest if " " in digest else f"{digest[:4]}…{digest[-4:]}"


def by_the_end(ends: Sequence[tuple[str, str]]) -> str:
    """What curves say, in words.

    >>> by_the_end([("A/B split", "3,894"), ("ε-greedy", "5,160")])
    'By the end: A/B split 3,894, ε-greedy 5,160.'
    """
    return f"By the end: {', '.join(f'{label} {number}' for label, number in ends)}."


def incomplete(counted: int, wanted: int) -> str:
    """What stands for a digest while campaigns are missing.

    >>> incomplete(180, 1_000)
    'none yet: 180 of 1,000 campaigns were counted'
    """
    return f"none yet: {count(counted)} of {count(wanted)} campaigns were counted"


def group(name: str, share: str, multiplier: str, by_line: str) -> str:
    """Some of the recipients.

    >>> group("Mobile", "60%", "0.8", ""), group("New", "40%", "1", "A 1.5, B 1")
    ('Mobile: 60% of recipients, rates times 0.8', 'New: 40% of recipients, rates times 1, by line A 1.5, B 1')
    """
    return f"{name}: {share} of recipients, rates times {multiplier}" + (f", by line {by_line}" if by_line else "")


def long_table(rows: int) -> str:
    """What stands for a table that is too long to print."""
    return LONG_TABLE.format(rows=count(rows))
