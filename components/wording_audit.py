"""Every word of the Audit page: that each send has its reason on record, why one went as it did, and how to prove it."""

from collections.abc import Sequence
from typing import Any, Final

from components.formats import NOTHING, count, decimal, listing, percent, prose, seconds
from components.theme import arm_letter
from components.wording import Emphasis, Notice, Words, about
from components.wording_goals import Goal
from engine.catalogue import GUARDRAILS
from engine.logs.checks import ChanceCheck

AUDIT: Final = "Audit"
WAITING: Final = "The verdict appears here"
WRITING_LEAD: Final = "Every decision is made again, and how likely each line was is worked out with it."


def writing(sends: int) -> str:
    """What stands in for the verdict as long as the log is written."""
    return f"Writing down {count(sends)} sends"


POLICY: Final = "Policy to audit"
CAMPAIGN: Final = "Campaign"
LOG: Final = "The decision log"
GRID: Final = "The decision log, a row a send"
LOG_CSV: Final = "Log, CSV"
LOG_PARQUET: Final = "Log, Parquet"
SHEET: Final = "Printable sheet"
NO_FILES: Final = "Names too long for a link: files and the sheet’s link are not there."
SHOWING: Final = "Filter, sort and page on the server: the page holds a few rows of the log at a time."
GO_TO: Final = "Go to send"
EARLIER: Final = "Earlier rows"
LATER: Final = "Later rows"
FILTERS: Final = "Filters"
FROM: Final = "From send"
TO: Final = "To send"
SEGMENT: Final = "Segment"
LINE: Final = "Line sent"
DECIDED_BY: Final = "Decided by"
OUTCOME: Final = "Outcome"
ANY: Final = "any"
CONVERTED: Final = "converted"
NO_REPLY: Final = "no reply"
NO_ROWS: Final = "No send fits these filters."
LOADING: Final = "Loading"
COLUMNS: Final = {
    "send": "Send",
    "segment": SEGMENT,
    "arm": LINE,
    "chances": "Chance of each line",
    "propensity": "Chance of this one",
    "guardrail": DECIDED_BY,
    "reward": OUTCOME,
    "value": "Brought",
    "reward_at": "Known after",
}
RATES_CSV: Final = "The corrected rates as a CSV file"
DIGEST: Final = "Digest"
RERUN: Final = "Re-run and compare"
NOT_RUN_AGAIN: Final = "Not run again yet."
ACTIONS: Final = "What the guardrails did"
SHEET_TITLE: Final = "Audit sheet"
REPRODUCE: Final = "How to reproduce it"
SCENARIO: Final = "The scenario in full"
MARGINAL: Final = "Chances are marginal over the policy’s draws, holdout and minimum share included."
NEUTRAL: Final = "Files neutralise spreadsheet formulas."
FROM_NOUGHT: Final = "Sends are numbered from 0, as in the file."


def summary(lines: int, sends: int, policies: Sequence[str], seed: int) -> str:
    """The scenario in one line.

    >>> summary(5, 10_000, ["A/B split", "Thompson sampling"], 42)
    '5 subject lines / 10,000 sends / A/B split and Thompson sampling / luck seed 42'
    """
    most = 3
    named = listing(list(policies)) if len(policies) <= most else f"{len(policies)} policies"
    return " / ".join((f"{lines} subject lines", f"{count(sends)} sends", named, f"luck seed {seed}"))


def run_button(sends: int) -> str:
    """The one primary button.

    >>> run_button(10_000)
    'Log 10,000 sends'
    """
    return f"Log {count(sends)} sends"


def verdict(sends: int) -> Words:
    """The first sentence.

    >>> from components.wording import plain
    >>> plain(verdict(10_000))
    'Each of the 10,000 sends has a reason on record, and a re-run gives the same result.'
    """
    if sends == 1:
        return ["The one send has a reason on record, and a re-run gives the same result."]
    return [f"Each of the {count(sends)} sends has a reason on record, and a re-run gives the same result."]


def mismatch(sends: int) -> Words:
    """The first sentence when a re-run did not give the same."""
    return [f"A re-run of these {count(sends)} sends did not give the same result. Do not rely on this log."]


_TAKEN: Final = {
    "holdout": "were held out",
    "minimum_share": "kept the minimum share",
    "segment_fairness": "kept the share in each segment",
    "burn_in": "were burn-in",
    "wrap_up_ab": "were the wrap-up split",
    "stop_rule": "went to the winner after the test had ended",
}


def followed(label: str, decided: Sequence[tuple[str, int]]) -> Words:
    """Who decided how many sends; an empty name is the policy.

    >>> from components.wording import plain
    >>> plain(followed("Thompson sampling", [("", 8_077), ("minimum_share", 950), ("holdout", 0)]))
    '8,077 sends followed Thompson sampling, 950 kept the minimum share.'
    """
    parts: list[list[Any]] = []
    for name, sends in decided:
        if name and not sends:
            continue
        what = _TAKEN.get(name, f"were decided by {guardrail(name)}") if name else f"sends followed {label}"
        parts.append([Emphasis(count(sends)), f" {what}"])
    words: list[Any] = []
    for place, part in enumerate(parts):
        words += ([" and " if place == len(parts) - 1 and len(parts) > 2 else ", "] if place else []) + part  # noqa: PLR2004
    return [*words, "."]


def checked(check: ChanceCheck | None) -> str:
    r"""Whether sends agree with their chances.

    >>> checked({"statistic": 4.0, "degrees": 4, "p": 0.41, "is_suspicious": False})
    'Lines were sent as often as their logged chances say (p\xa0=\xa0.41).'
    """
    if check is None:
        return "Hardly any send was left to chance, so there is nothing to test the chances by."
    if check["is_suspicious"]:
        return (
            f"Lines were not sent as often as their logged chances say ({p_value(check['p'])}): fewer than 1 in 100 "
            "honest logs are this far off."
        )
    return f"Lines were sent as often as their logged chances say ({p_value(check['p'])})."


def p_value(p: float) -> str:
    r"""A p-value as papers write it, unbroken.

    >>> p_value(0.414), p_value(0.0004), p_value(0.9999)
    ('p\xa0=\xa0.41', 'p\xa0<\xa0.001', 'p\xa0>\xa0.99')
    """
    least, most = 0.001, 0.995
    if p < least:
        return f"p\xa0<\xa0{_without_zero(least, 3)}"
    return f"p\xa0>\xa0{_without_zero(0.99, 2)}" if p >= most else f"p\xa0=\xa0{_without_zero(p, 2)}"


def _without_zero(p: float, digits: int) -> str:
    return decimal(p, digits).removeprefix("0")


def check_print(check: ChanceCheck | None) -> str:
    """The test in small print."""
    if check is None:
        return "No test of the chances: nothing was left to them."
    return (
        f"Test of the chances: the sums of what was sent minus its logged chance are a martingale; their squares, normed by "
        f"their conditional variance, add up to {decimal(check['statistic'], 1)}, a chi-square with {check['degrees']} "
        "degrees of freedom if the log is honest."
    )


def guardrail(name: str) -> str:
    """A guardrail's name in running text.

    >>> guardrail("minimum_share"), guardrail("")
    ('minimum share', '')
    """
    title = GUARDRAILS[name].title if name else ""
    return title[:1].lower() + title[1:]


def deck(order: Sequence[int]) -> str:
    """What the rows of the log show.

    >>> deck([2, 0, 1])
    'One row a send. The pointer marks the line sent. Bars in the order C, A, B. Sends are numbered from 0, as in the file.'
    """
    shown = [arm_letter(arm) for arm in order]
    most = 8
    letters = ", ".join(shown[:most]) + (f" and {len(shown) - most} more" if len(shown) > most else "")
    return f"One row a send. The pointer marks the line sent. Bars in the order {letters}. {FROM_NOUGHT}"


def shown(first: int, last: int, total: int) -> str:
    """Which rows are on the page.

    >>> shown(1, 15, 10_000), shown(0, 0, 0)
    ('1 to 15 of 10,000', 'No send fits these filters.')
    """
    return f"{count(first)} to {count(last)} of {count(total)}" if total else NO_ROWS


# Waiting and running


def asks_first(sends: int, needed: float) -> Notice:
    """A log that takes long waits for the button."""
    return Notice(
        f"This asks for the exact chances of {count(sends)} sends.",
        f"That is about {about(needed)} of work. Nothing runs until you say so.",
        (run_button(sends), "Show the Classic scenario"),
    )


def failed(reason: str) -> Notice:
    """The log broke off."""
    return Notice("The log could not be made.", prose(reason))


def progress_title(done: int, total: int, *, stopped: bool) -> str:
    """How far the log is.

    >>> progress_title(500, 10_000, stopped=False), progress_title(10_000, 10_000, stopped=False)
    ('500 of 10,000 sends', '10,000 sends logged')
    """
    if done == total:
        return f"{count(total)} sends logged"
    words = f"{count(done)} of {count(total)} sends"
    return f"Stopped at {words}" if stopped else words


def progress_text(left: float | None) -> str:
    """What is to come."""
    return "Starting." if left is None else f"About {about(left)} left. The log is shown when all chances are there."


STOPPED_TEXT: Final = "What was worked out is kept: it goes on from there."
FAILED_TEXT: Final = "It broke off. What was worked out is kept."


# Why one send went as it did


def why_title(send: int, arm: int) -> str:
    """The heading of the panel.

    >>> why_title(4712, 0)
    'Why send 4,712 got line A'
    """
    return f"Why send {count(send)} got line {arm_letter(arm)}"


def why_words(label: str, by: str, arm: int, believed: dict[str, Any] | None, eligible: Sequence[int]) -> str:
    """What decided, in a sentence or two; `eligible` are the lines among which the policy could choose.

    >>> drew = {"by": "draw", "chosen_by": [0.52, 0.517, 0.6]}
    >>> why_words("Thompson", "", 0, drew | {"chosen_by": [0.52, 0.517]}, [0, 1])
    'Thompson drew a believable rate for each line and sent the highest. A drew 0.520, just above B with 0.517.'
    >>> why_words("Thompson", "", 0, drew, [0, 1]).partition("0.517. ")[2]
    'C drew 0.600, but could not be sent this time: a guardrail or its absence kept it out.'
    >>> why_words("Thompson", "holdout", 0, None, [0, 1])
    'The holdout took this recipient out of the policy’s hands and chose a line at random.'
    """
    if by:
        return _TOOK.get(by, f"The {guardrail(by)} decided about this recipient, not the policy.")
    if believed is None:
        return f"{label} does not go by what it has seen: it chose by its own rule."
    numbers, kind = believed["chosen_by"], believed["by"]
    rule = _RULES[kind].format(label=label)
    if any(numbers[place] is None for place in eligible):
        return f"{rule} Some lines had not been tried yet, and those come first."
    rivals = [place for place in eligible if place != arm]
    kept_out = [
        place for place in range(len(numbers)) if place not in eligible and (numbers[place] or 0.0) > numbers[arm]
    ]
    said = [rule, *([_against(kind, numbers, arm, max(rivals, key=lambda place: numbers[place]))] if rivals else [])]
    if kept_out:
        best = max(kept_out, key=lambda place: numbers[place])
        said.append(
            f"{arm_letter(best)} {_VERBS[kind]} {decimal(numbers[best], 3)}, but could not be sent this time: a guardrail or its "
            "absence kept it out."
        )
    return " ".join(said)


def _against(kind: str, numbers: Sequence[float], arm: int, rival: int) -> str:
    """How the line that was sent stood against the best of the others that could have been."""
    if kind in ("rate", "score"):
        leads = numbers[arm] >= numbers[rival]
        return f"{arm_letter(arm)} {'was the best so far' if leads else 'was sent by chance: it was not the best'}."
    verb, own, other = _VERBS[kind], decimal(numbers[arm], 3), decimal(numbers[rival], 3)
    if numbers[arm] < numbers[rival]:
        return (
            f"{arm_letter(rival)} {verb} {other}, above {arm_letter(arm)} with {own}, but this policy sets its leader aside now "
            "and then to keep testing."
        )
    close = "just " if numbers[rival] >= _CLOSE * numbers[arm] else ""
    return f"{arm_letter(arm)} {verb} {own}, {close}above {arm_letter(rival)} with {other}."


_CLOSE: Final = 0.95
_VERBS: Final = {"draw": "drew", "bound": "reached", "rate": "had", "score": "had"}
_RULES: Final = {
    "draw": "{label} drew a believable rate for each line and sent the highest.",
    "bound": "{label} took the highest rate that each line could plausibly have and sent the highest.",
    "rate": "{label} goes by the rates seen so far.",
    "score": "{label} goes by a score of its own for each line.",
}
_TOOK: Final = {
    "holdout": "The holdout took this recipient out of the policy’s hands and chose a line at random.",
    "minimum_share": "The minimum share took this recipient, so that every line keeps its share, and chose at random.",
    "segment_fairness": "Segment fairness took this recipient, so that every line keeps its share in the segment.",
    "burn_in": "Burn-in took this recipient: some lines had not had their first sends yet.",
    "wrap_up_ab": "The wrap-up splits the last sends evenly, whatever the policy has learnt.",
    "stop_rule": "The test had ended: the rest goes to its winner.",
}


def belief_note(by: str, known: int, *, has_bands: bool, is_own: bool) -> str:
    """What the marks of the chart mean.

    >>> belief_note("draw", 4_700, has_bands=True, is_own=True)
    'Band: what was believed after 4,700 sends, 90%. Tick: this send’s draw.'
    """
    band = f"Band: what was believed after {count(known)} sends, 90%." if has_bands else "Dot: the rate seen so far."
    tick = {"draw": "Tick: this send’s draw.", "bound": "Tick: the highest plausible rate."}.get(by, "")
    return f"{band} {tick}".strip() if is_own else f"{band} The policy was not asked."


def chance_title(chance: float) -> str:
    """The heading of the steps.

    >>> chance_title(0.0904)
    'How its chance was 9.0%'
    """
    return f"How its chance was {percent(chance)}"


def own_step(label: str, eligible: int, lines: int) -> str:
    """The first step.

    >>> own_step("Thompson", 5, 5), own_step("Thompson", 3, 5)
    ('Thompson’s own chance', 'Thompson’s own chance, among the 3 lines that it may choose')
    """
    among = "" if eligible == lines else f", among the {eligible} lines that it may choose"
    return f"{label}’s own chance{among}"


def guard_step(name: str) -> str:
    """The chance once one more guardrail is counted in.

    >>> guard_step("holdout")
    'With the holdout'
    """
    return f"With the {guardrail(name)}"


ACTING: Final = "Guardrail acting on this send"
NONE: Final = "none"
LEARNT: Final = "Learned from"
WOULD: Final = "Would this recipient have converted?"
ONLY_HERE: Final = "Known only in a simulation, where every policy meets the same answers."
ONLY_HERE_LATE: Final = f"{ONLY_HERE} Some would have come too late to count."
YES: Final = "yes"
NO: Final = "no"
AWAY: Final = "not there"


def learnt(sends: int, conversions: int) -> str:
    """What the policy knew.

    >>> learnt(3_991, 1_800), learnt(1, 1), learnt(0, 0)
    ('3,991 sends, 1,800 conversions', '1 send, 1 conversion', 'nothing yet')
    """
    if not sends:
        return "nothing yet"
    return f"{count(sends)} send{'s' if sends != 1 else ''}, {count(conversions)} conversion{'s' if conversions != 1 else ''}"


# Corrected rates


def rates_title(covered: int, told: int, lines: int) -> str:
    """What the corrected rates say, against the truth.

    >>> rates_title(5, 5, 5)
    'Corrected by the logged chances, all 5 intervals cover the truth'
    >>> rates_title(4, 5, 5), rates_title(0, 0, 5)
    ('Corrected by the logged chances, 4 of 5 intervals cover the truth', 'The log cannot correct what learning biases')
    """
    if not told:
        return "The log cannot correct what learning biases"
    whole = f"all {told}" if covered == told and told > 1 else f"{covered} of {told}"
    few = f" ({lines - told} of {lines} lines cannot be corrected)" if told < lines else ""
    return f"Corrected by the logged chances, {whole} interval{'s' if told > 1 or covered != told else ''} cover the truth{few}"


RATES_DECK: Final = (
    "Conversion rate with its 90% interval. Grey: naive rate, which learning can bias. Letter: corrected by the logged chances "
    "(SNIPS). Dotted: the true rate of this simulation, on average over its sends."
)
RATES_HEADS: Final = ("Line", "Sends", "Naive", "Corrected", "Truth", "Effective sends")
RATES_AXIS: Final = "Conversion rate, 90% interval"


def not_reached(letters: Sequence[str]) -> str:
    """Why some lines have no corrected rate.

    >>> not_reached(["B", "C"])
    'B and C had no chance at some of the sends, so no method can say what they would have brought there.'
    """
    return (
        f"{listing(list(letters))} had no chance at some of the sends, so no method can say what "
        f"{'they' if len(letters) > 1 else 'it'} would have brought there."
    )


# Guardrails


def acted(name: str, sends: int, total: int) -> str:
    """How much one guardrail decided.

    >>> acted("holdout", 495, 10_000)
    'Holdout: 495 sends (5.0%).'
    """
    return f"{GUARDRAILS[name].title}: {count(sends)} sends ({percent(sends / max(total, 1))})."


def left_out(contacts: int, sends: int) -> str:
    """What a frequency cap kept back."""
    return f"Frequency cap: {count(contacts - sends)} of {count(contacts)} contacts got no e-mail and have no row."


def paused(arm: int, after: int) -> str:
    """A line that was taken out."""
    return f"Pause rule: line {arm_letter(arm)} was taken out after {count(after)} sends."


def stopped(winner: int, after: int) -> str:
    """The end of the test."""
    return f"Stop rule: after {count(after)} sends line {arm_letter(winner)} had won and got the rest."


NO_GUARDRAIL: Final = "No guardrail was on: every send followed the policy."
NEVER_ACTED: Final = "The guardrails that are on had no reason to act."


# Digest and sheet


def digest_note(version: str) -> str:
    """What the digest is of."""
    return f"sha256 of every send, engine {version}"


def grouped(digest: str) -> list[str]:
    """The digest in lines of four groups of eight.

    >>> grouped("0123456789abcdef" * 4)
    ['01234567 89abcdef 01234567 89abcdef', '01234567 89abcdef 01234567 89abcdef']
    """
    parts = [digest[place : place + 8] for place in range(0, len(digest), 8)]
    return [" ".join(parts[place : place + 4]) for place in range(0, len(parts), 4)]


def same(took: float, chances: int, *, is_same: bool) -> tuple[str, str]:
    """What a re-run found: a headline, and how long it took.

    >>> same(0.81, 200, is_same=True)
    ('Same digest', 'in 0.8 s; 200 chances worked out again agree')
    """
    if is_same:
        return "Same digest", f"in {seconds(took)}; {count(chances)} chances worked out again agree"
    return "Not the same", f"in {seconds(took)}: the log that is shown was not made by this scenario and engine"


def sheet_facts(
    label: str, campaign: int, sends: int, conversions: int, goal: Goal, value: float
) -> list[tuple[str, str]]:
    """Counts on the sheet."""
    brought = [] if goal.name == "conversions" else [(goal.named, goal.number(value))]
    return [
        ("Policy", label),
        ("Campaign", count(campaign)),
        ("Sends", count(sends)),
        ("Conversions", count(conversions)),
        *brought,
    ]


def at(known: int) -> str:
    """When a conversion was known.

    >>> at(4713), at(0)
    ('4,713', '–')
    """
    return count(known) if known else NOTHING
