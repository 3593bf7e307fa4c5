"""Every word that a marketer reads: constants, and small pure functions where numbers join in.

Plain, short, past tense for results, "so far" while running. Two uncertainties are never mixed:
"90% of repeat campaigns" is how far single campaigns spread, a "confidence interval" is how well the average
is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from components.formats import (
    NOTHING,
    compact,
    count,
    large,
    listing,
    number_word,
    percent,
    prose,
    rounded,
    signed_percent,
)
from components.theme import arm_letter
from components.wording_goals import CONVERSIONS as CONVERTED
from components.wording_goals import Goal
from engine import POLICIES, Scenario
from engine.fields import Knob
from engine.presets import PRESETS


@dataclass(frozen=True)
class Emphasis:
    """Words that stand out: in the hue of a policy (its place in the scenario), else in bold."""

    text: str
    policy: int | None = None


Words = list[str | Emphasis]
Luck = Literal["very lucky", "lucky", "ordinary", "unlucky", "very unlucky"]


@dataclass(frozen=True)
class Notice:
    """Something the visitor should know: what, what it means, and the words on its buttons."""

    title: str
    text: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contender:
    """A policy as a sentence names it; `place` is its place in the scenario."""

    label: str
    place: int
    is_even_split: bool = False
    is_oracle: bool = False

    @property
    def noun(self) -> str:
        """What is used or replaced: "had you used ... instead of ..."."""
        return "an even split" if self.is_even_split else self.label

    @property
    def short(self) -> str:
        """Where space is tight, and after "over" or "stay with"."""
        return "A/B" if self.is_even_split else self.label


@dataclass(frozen=True)
class Gain:
    """How a policy did against the baseline over the repeat campaigns."""

    mean: float
    low: float
    high: float
    mean_low: float
    mean_high: float
    wins: int
    ties: int
    losses: int

    @property
    def campaigns(self) -> int:
        """How many repeat campaigns there were."""
        return self.wins + self.ties + self.losses

    @property
    def is_tie(self) -> bool:
        """Whether no campaign told the two apart."""
        return self.wins == 0 and self.losses == 0

    @property
    def is_decided(self) -> bool:
        """Whether nine campaigns in ten agree on the sign."""
        return self.low > 0 or self.high < 0

    @property
    def leaning(self) -> int:
        """The sign of the average if its confidence interval excludes zero, else 0."""
        return 1 if self.mean_low > 0 else -1 if self.mean_high < 0 else 0


def plain(words: Words) -> str:
    """The words without their emphasis, for a title or a screen reader.

    >>> plain(["Had you used ", Emphasis("ε-greedy", 1), "."])
    'Had you used ε-greedy.'
    """
    return "".join(part if isinstance(part, str) else part.text for part in words)


# The name of the product and its pages

PRODUCT: Final = "Bandit Time Machine"
PRODUCT_SHORT: Final = "Time Machine"
TIME_MACHINE: Final = "Time Machine"
LEVEL: Final = 0.9

# The frame around every page

DESCRIPTION: Final = (
    "See what your last e-mail campaign would have earned if a bandit policy had split the traffic, "
    "on the very same recipients."
)
PREVIEW_ALT: Final = "The Time Machine: what an even split did and what ε-greedy could have done, side by side."
NEEDS_SCRIPTS: Final = "Bandit Time Machine draws its results in your browser. Please switch JavaScript on."
SKIP: Final = "Skip to the results"
PAGES_LABEL: Final = "Pages"
MENU: Final = "Menu"
COPY_LINK: Final = "Copy link"
LINK_COPIED: Final = "Copied"
OWN_LINK_COPIED: Final = "Copied: for this browser only"
LINK_NOT_COPIED: Final = "Copy the address bar"
NO_LINK_SHORT: Final = "No link to this scenario"
NUMBERS_MENU: Final = "Numbers and currency"
NUMBERS: Final = "Numbers"
AS_MY_BROWSER: Final = "As my browser"
CURRENCY: Final = "Currency"
NO_CURRENCY: Final = "None"
CURRENCY_HINT: Final = (
    "A currency is written beside amounts; nothing is converted. Tables for spreadsheets keep plain numbers."
)
TO_DARK: Final = "Switch to the dark theme"
TO_LIGHT: Final = "Switch to the light theme"
NOT_FOUND_TITLE: Final = "Page not found"
NOT_FOUND_TEXT: Final = "Nothing lives at this address. It may have been mistyped, or the page may have moved."
NOT_FOUND_LINK: Final = "Go to the Time Machine"
EDIT_SCENARIO: Final = "Edit"
EDIT_SCENARIO_MORE: Final = " scenario"
PANEL_LABEL: Final = "Scenario"
CLOSE_PANEL: Final = "Close the scenario"

# Verdict


def had_you_used(challenger: Contender, baseline: Contender, sends: int, extra: float, goal: Goal = CONVERTED) -> Words:
    """The shown run in one sentence, coloured."""
    opening: Words = (
        ["Had you always sent ", Emphasis("the best line", challenger.place)]
        if challenger.is_oracle
        else ["Had you used ", Emphasis(challenger.label, challenger.place)]
    )
    return [
        *opening,
        f" instead of {baseline.noun}, the same {count(sends)} recipients would have {goal.got} ",
        Emphasis(f"{goal.compared(extra)}.", challenger.place),
    ]


def verdict(
    challenger: Contender,
    baseline: Contender,
    sends: int,
    extra: float,
    gain: Gain | None,
    alike: int = 0,
    goal: Goal = CONVERTED,
) -> Words:
    """The hero sentence; neutral in colour until nine repeat campaigns in ten agree.

    `alike` is how many lines there are if all convert alike.
    """
    if gain is None or gain.is_decided:
        return had_you_used(challenger, baseline, sends, extra, goal)
    if alike:
        return [f"Nothing to find: all {number_word(alike)} lines convert alike, so no policy can gain."]
    if gain.is_tie:
        level = f" {goal.brought} exactly as {goal.as_much} as {baseline.noun}."
        return ["No difference: ", _named(challenger), level]
    opening: Words = ["Too close to call for one campaign, but on average ", _named(challenger)]
    if gain.leaning > 0:
        return [*opening, " came out ahead."]
    if gain.leaning < 0:
        return [*opening, " fell behind."]
    return [f"Too close to call. Stay with {baseline.short} or send more."]


def checking(replications: int | None) -> Words:
    """The deck while the repeat campaigns are still being simulated."""
    campaigns = "repeat campaigns" if replications is None else f"{count(replications)} repeat campaigns"
    return [f"Checking how typical that is: simulating {campaigns}."]


def verdict_deck(
    challenger: Contender,
    baseline: Contender,
    sends: int,
    extra: float,
    luck: Luck,
    gain: Gain,
    goal: Goal = CONVERTED,
    *,
    other_gains: bool = False,
) -> Words:
    """Whether the shown run was typical, and what the repeat campaigns say.

    Who loses stays with the baseline, unless one of the `other` policies `gains`.
    """
    if gain.is_tie:
        return [f"All {count(gain.campaigns)} repeat campaigns ended level."]
    stay = "" if other_gains else f" Stay with {baseline.short}."
    if gain.is_decided:
        return _decided_deck(challenger, stay, luck, gain, goal)
    return [*_this_run(challenger, baseline, sends, extra, goal), *_undecided_deck(challenger, gain, stay, goal)]


def _decided_deck(challenger: Contender, stay: str, luck: Luck, gain: Gain, goal: Goal) -> Words:
    words: Words = [
        f"{_typical(luck)}: over {count(gain.campaigns)} repeat campaigns ",
        "the gain averages " if gain.low > 0 else "the difference averages ",
        Emphasis(_average(gain.mean, goal)),
        f" (90% of them: {goal.between(gain.low, gain.high)}), and {_subject(challenger)} ",
        *_record(gain),
        ".",
    ]
    return words if gain.low > 0 else [*words, stay]


def _undecided_deck(challenger: Contender, gain: Gain, stay: str, goal: Goal) -> Words:
    words: Words = [
        f" Over {count(gain.campaigns)} repeat campaigns the difference averages ",
        Emphasis(_average(gain.mean, goal)),
        f", but 90% of them range over {goal.between(gain.low, gain.high)}, which includes zero; ",
        f"{_subject(challenger)} ",
        *_record(gain),
        ".",
    ]
    if not gain.leaning:
        return words
    advice = "" if gain.leaning > 0 else stay
    known = goal.changes(gain.mean_low, gain.mean_high, _digits(gain.mean))
    return [*words, f" The average itself is surer: its 90% confidence interval is {known}.{advice}"]


def _this_run(challenger: Contender, baseline: Contender, sends: int, extra: float, goal: Goal) -> Words:
    who = "the best line throughout" if challenger.is_oracle else challenger.label
    return [
        f"These {count(sends)} recipients would have {goal.got} {goal.compared(extra)}",
        f" with {who} {'as' if extra == 0 else 'than'} with {baseline.noun}.",
    ]


def _named(challenger: Contender) -> Emphasis:
    return Emphasis(_subject(challenger), challenger.place)


def _subject(challenger: Contender) -> str:
    return "always sending the best line" if challenger.is_oracle else challenger.label


def _record(gain: Gain) -> Words:
    """How many campaigns were won: "wins all 400", "wins 260 of 400 and ties 3"."""
    if gain.wins == gain.campaigns:
        return ["wins ", Emphasis(f"all {count(gain.campaigns)}")]
    if gain.losses == gain.campaigns:
        return ["loses ", Emphasis(f"all {count(gain.campaigns)}")]
    won: Words = ["wins ", Emphasis(f"{count(gain.wins)} of {count(gain.campaigns)}")]
    return won if gain.ties == 0 else [*won, f" and ties {count(gain.ties)}"]


def did_better(label: str, mean: float, baseline_mean: float, goal: Goal = CONVERTED) -> Words:
    """One more sentence when another policy gained more on average; `baseline_mean` is the focus policy's."""
    still = " still" if baseline_mean > 0 else ""
    return [f" {label} did better{still}: ", Emphasis(_average(mean, goal)), " on average."]


_FEW: Final = 10


def _digits(mean: float) -> int:
    """A small average has a decimal: rounded, it could read 0 and still be sure."""
    return 1 if abs(mean) < _FEW else 0


def _average(mean: float, goal: Goal) -> str:
    return goal.change(mean, _digits(mean))


def _typical(luck: Luck) -> str:
    return {
        "very lucky": "That is much luckier than usual",
        "lucky": "That is luckier than usual",
        "ordinary": "That is typical",
        "unlucky": "That is unluckier than usual",
        "very unlucky": "That is much unluckier than usual",
    }[luck]


# Luck

_LUCK_FROM: Final[dict[Luck, float]] = {"very lucky": 0.95, "lucky": 0.8}
_UNLUCKY: Final = 0.2
_VERY_UNLUCKY: Final = 0.05


def luck_of(beaten: float, tied: float = 0.0) -> Luck:
    """How lucky a run was that beat the share `beaten` of repeat campaigns and tied with the share `tied`.

    >>> luck_of(0.55), luck_of(0.97), luck_of(0.02), luck_of(0.0, tied=1.0)
    ('ordinary', 'very lucky', 'very unlucky', 'ordinary')
    """
    # A run that ties with many campaigns could stand anywhere among them: take the place nearest the middle.
    place = min(max(0.5, beaten), beaten + tied)
    for band, least in _LUCK_FROM.items():
        if place >= least:
            return band
    return "very unlucky" if place <= _VERY_UNLUCKY else "unlucky" if place <= _UNLUCKY else "ordinary"


def luck_title(luck: Luck) -> str:
    """The heading over the dots."""
    return f"How lucky was this run? {luck.capitalize()}"


def luck_deck(beaten: float, campaigns: int, tied: float = 0.0) -> str:
    """Where the run stands, and what a dot is.

    >>> luck_deck(0.55, 400)
    'It beat 55% of 400 repeat campaigns. One dot is four of them.'
    >>> luck_deck(0.0, 20, tied=1.0)
    'It tied with all 20 repeat campaigns. Five dots are one of them.'
    """
    if tied >= 1:
        return f"It tied with all {count(campaigns)} repeat campaigns. {_dot(campaigns)}"
    return f"It beat {percent(beaten, 0)} of {count(campaigns)} repeat campaigns. {_dot(campaigns)}"


def _dot(campaigns: int) -> str:
    if campaigns % 100 == 0 and campaigns > 0:
        return f"One dot is {number_word(campaigns // 100)} of them."
    if campaigns and 100 % campaigns == 0:
        return f"{number_word(100 // campaigns).capitalize()} dots are one of them."
    return "One dot is 1% of them."


LUCK_TITLE_CHECKING: Final = "How lucky was this run?"
LUCK_SPREAD: Final = "thick: 90% of campaigns"
LUCK_EMPTY: Final = "No repeat campaigns yet."


def luck_deck_checking(replications: int | None) -> str:
    """Under the heading, while the dots are missing."""
    return (
        "Simulating repeat campaigns."
        if replications is None
        else f"Simulating {count(replications)} repeat campaigns."
    )


def luck_axis(baseline: Contender, goal: Goal = CONVERTED) -> str:
    """What the dots measure."""
    return f"extra {goal.unit} over {baseline.short}"


def luck_run(extra: float, goal: Goal = CONVERTED) -> str:
    """The label of the shown run among the dots."""
    return f"this run, {goal.difference(extra)}"


def luck_summary(
    challenger: Contender, baseline: Contender, gain: Gain, extra: float, beaten: float, goal: Goal = CONVERTED
) -> str:
    """What the dots show, for a screen reader."""
    return (
        f"Extra {goal.unit} of {challenger.label} over {baseline.short} in {count(gain.campaigns)} "
        f"repeat campaigns: {goal.difference(gain.mean)} on average; "
        f"90% of campaigns fell between {goal.difference(gain.low)} and {goal.difference(gain.high)}. "
        f"This run, {goal.difference(extra)}, beat {percent(beaten, 0)} of them."
    )


# Key numbers

OF_SENDS: Final = "of sends converted"
TO_BEST_LINE: Final = "went to the best line"
TO_BEST_LINES: Final = "went to the best lines"
MISSED: Final = "missed (regret)"
CONVERSIONS_OF_SENDS: Final = "conversions, of sends"
EMAILS: Final = "e-mails sent"


def kpi_heading(contender: Contender, *, is_baseline: bool) -> str:
    """What the block is about, before the policy's name."""
    if is_baseline:
        return "What actually happened"
    return "The most that was possible" if contender.is_oracle else "What could have happened"


def kpi_extra(extra: float, baseline_total: float, goal: Goal = CONVERTED) -> str:
    """The difference to the baseline, with the relative difference where there is one.

    >>> kpi_extra(1266, 3894), kpi_extra(0, 3894), kpi_extra(5, 0)
    ('+1,266 (+32.5%)', 'no difference', '+5')
    """
    if extra == 0:
        return "no difference"
    relative = f" ({signed_percent(extra / baseline_total)})" if baseline_total > 0 else ""
    return f"{goal.difference(extra)}{relative}"


# Traffic

OTHER_LINES: Final = "other lines"
TRAFFIC_NOTHING_TO_FIND: Final = "Nothing to find: all lines convert alike"
TRAFFIC_EMPTY: Final = "No traffic yet. Run the scenario to see where the sends went."


def traffic_title(
    label: str, best: Sequence[str], after: int | None, other: str | None, within: int | None = None
) -> str:
    """The finding: `best` are letters; `after` sends they kept the majority, else line `other` did, or none.

    A majority from the first stretch on was there `within` its sends; None when it was there from the first send on.

    >>> traffic_title("ε-greedy", ["C"], 1034, None)
    'ε-greedy found line C after about 1,000 sends'
    >>> traffic_title("ε-greedy", ["C"], 0, None, within=500)
    'ε-greedy found line C within the first 500 sends'
    >>> traffic_title("ε-greedy", ["C"], None, "A")
    'ε-greedy settled on line A and missed the best line, C'
    """
    lines = _lines(best)
    if after == 0:
        return (
            f"{label} sent nearly all to {lines} from the start"
            if within is None
            else f"{label} found {lines} within the first {count(within)} sends"
        )
    if after is not None:
        return f"{label} found {lines} after about {count(rounded(after))} sends"
    if other is not None:
        missed = "the best line" if len(best) == 1 else "the best lines"
        return f"{label} settled on line {other} and missed {missed}, {listing(list(best))}"
    return f"{label} never settled on one line"


def traffic_mostly(label: str, share: float, best: Sequence[str]) -> str:
    """The finding where a policy preferred the best lines without keeping to them, as under guardrails.

    >>> traffic_mostly("ε-greedy", 0.564, ["C"]), traffic_mostly("ε-greedy", 0.564, ["A", "C"])
    ('ε-greedy sent 56% to the best line, C', 'ε-greedy sent 56% to the best lines, A and C')
    """
    which = "the best line" if len(best) == 1 else "the best lines"
    return f"{label} sent {percent(share, 0)} to {which}, {listing(list(best))}"


def traffic_deck(window_sends: int | None, windows: int) -> str:
    """What a bar is."""
    if window_sends == 1:
        return "Which line each send went to."
    if window_sends is not None:
        return f"Share of each {count(window_sends)} sends given to each line."
    return f"Share of sends given to each line, in {number_word(windows)} stretches of the run."


def traffic_hover(line: str, first: int, last: int, share: float, sends: int, conversions: int) -> str:
    """One bar's numbers."""
    rate = percent(conversions / sends) if sends else NOTHING
    place = f"Send {count(first)}" if first == last else f"Sends {count(first)} to {count(last)}"
    return (
        f"<b>{line}</b><br>{place}: {percent(share)} of the traffic<br>"
        f"{_counted(sends, 'send')}, {_counted(conversions, 'conversion')}, {rate} converted"
    )


def _counted(number: int, noun: str) -> str:
    return f"{count(number)} {noun if number == 1 else noun + 's'}"


def _lines(letters: Sequence[str]) -> str:
    return f"line {letters[0]}" if len(letters) == 1 else f"lines {listing(list(letters))}"


# Conversions line by line

LINE_CONVERSIONS_TITLE: Final = "Where the conversions came from"
LINE_CONVERSIONS_EMPTY: Final = "No conversions yet. Run the scenario to see where they came from."


def line_conversions_title(label: str, share: float | None, letter: str) -> str:
    """The finding: which line brought most of a policy's conversions.

    >>> line_conversions_title("ε-greedy", 0.927, "C"), line_conversions_title("ε-greedy", None, "C")
    ('Line C brought 93% of ε-greedy’s conversions', 'Where the conversions came from')
    """
    if share is None:
        return LINE_CONVERSIONS_TITLE
    return f"Line {letter} brought {percent(share, 0)} of {label}’s conversions"


def line_conversions_deck(named: int, lines: int) -> str:
    """What a curve is; `named` of `lines` carry a letter."""
    text = "Cumulative conversions of each line, on one scale."
    return text if named == lines else f"{text} The {number_word(named)} most sent are named, the rest are grey."


def total_conversions(number: int) -> str:
    """A panel's total.

    >>> total_conversions(5160), total_conversions(1)
    ('5,160 conversions', '1 conversion')
    """
    return _counted(number, "conversion")


# Table

TABLE_TITLE: Final = "Line by line"
TABLE_CAPTION: Final = (
    "Sends, conversions and seen conversion rate of every subject line under each policy, best line first."
)
SUBJECT_LINE: Final = "Subject line"
TRUE_RATE: Final = "True rate"
TRUE_RATE_SHORT: Final = "True"
SENDS: Final = "Sends"
CONVERSIONS_HEADING: Final = "Conversions"
SEEN_RATE: Final = "Seen rate"
SEEN_SHORT: Final = "seen, sends"
BEST_LINE: Final = "best line"
ALL_LINES: Final = "All lines"
DOWNLOAD_CSV: Final = "CSV"


# The scenario panel

SCENARIO: Final = "Scenario"
OWN_SCENARIO: Final = "Your own"
OWN_SCENARIO_HINT: Final = "Lines and rates of your own. Pick a scenario to start from another."
LINES_AND_RATES: Final = "Subject lines and true rates"
EDIT: Final = "Edit"
DONE: Final = "Done"
EDIT_LINES: Final = "Rename lines, set their rates, remove them"
RATE_HINT: Final = "Rates in per cent. A rate left empty is drawn from the range below."
YES: Final = "Yes"
ADD_LINE: Final = "Add a line"
NAME_OF: Final = "Name of"
RATE_OF: Final = "True rate, in per cent, of"
REMOVE: Final = "Remove"
POLICIES_LABEL: Final = "Policies on the same recipients"
ADD_POLICY: Final = "+ Add"
ADD_POLICY_LABEL: Final = "Add a policy"
ALWAYS_THERE: Final = "Always there: what the others are compared with"
LAST_CHALLENGER: Final = "A comparison needs two: add another policy before you take this one away"
RATES_LEFT_OPEN: Final = "Rates left empty"
NEW_LUCK: Final = "Another seed: the same campaign with other luck"
NEW_RATES: Final = "Another world seed: other true rates"


_CHOICES: Final = {
    "arrival": "On arrival",
    "window_closed": "Window closed",
    "by_place": "By turns",
    "drawn": "By chance",
    "independent": "Unrelated",
    "value_remaining": "Value left",
}


def choice(name: str) -> str:
    """One of the values that a setting can have, as its list shows it.

    >>> choice("by_place"), choice("random_walk")
    ('By turns', 'Random walk')
    """
    return _CHOICES.get(name, name.replace("_", " ").capitalize())


def line_name(place: int) -> str:
    """A line by its letter.

    >>> line_name(2)
    'line C'
    """
    return f"line {arm_letter(place)}"


def world_seed_now(seed: object) -> str:
    """What the closed row about the rates shows."""
    return f"seed {seed}"


def scenario_summary(lines: int, sends: int, settings: str, seed: int) -> str:
    """The scenario in one line.

    >>> scenario_summary(5, 10_000, "ε 0.1", 42)
    '5 lines, 10,000 sends, ε 0.1, seed 42'
    """
    return ", ".join(part for part in (f"{lines} lines", f"{count(sends)} sends", settings, f"seed {seed}") if part)


WORKING: Final = "Simulating."
NOT_VALID: Final = "This cannot be run yet. The page still shows the last valid run."
WAITING: Final = "The result appears here"
TRAFFIC: Final = "Where the sends went"


def policy_title(name: str) -> str:
    """A policy's plain name."""
    return POLICIES[name].title if name in POLICIES else name


def summary_of(scenario: Scenario) -> tuple[str, str]:
    """The name of a scenario, and its settings in one line."""
    name = next((preset.title for preset in PRESETS.values() if preset.scenario.arms == scenario.arms), OWN_SCENARIO)
    epsilon = next(
        (policy.model_dump()["epsilon"] for policy in scenario.policies if policy.name == "epsilon_greedy"),
        None,
    )
    settings = "" if epsilon is None else f"ε {compact(epsilon)}"
    return name, scenario_summary(len(scenario.arms), scenario.sends, settings, scenario.seed)


def not_run(work: float) -> str:
    """Under the button, while the results on the page are not of this scenario."""
    return f"Not run yet: about {about(work)} of work."


def problem(path: str, text: str) -> str:
    """A problem as it stands at its field; rates are typed in per cent.

    >>> problem("arms.0.rate", "got 1.5; must be a number from 0 to 1. Enter at most 1.")
    'Must be from 0 to 100%. Leave it empty to draw it.'
    >>> problem("sends", "got 0; must be a whole number from 1 to 1,000,000. Enter at least 1.")
    'Got 0; must be a whole number from 1 to 1,000,000. Enter at least 1.'
    >>> problem("sends", "got None; must be a whole number from 1 to 1,000,000. Change it.")
    'Got no number; must be a whole number from 1 to 1,000,000. Enter one.'
    """
    if path.endswith(".rate"):
        return "Must be from 0 to 100%. Leave it empty to draw it."
    if text.startswith("got None;"):  # an empty field, or letters where a number belongs
        text = text.replace("got None;", "got no number;", 1).replace("Change it.", "Enter one.")
    return sentence(text)


def sentence(text: str) -> str:
    """The text with a capital at its start.

    >>> sentence("got 0; must be 1."), sentence("")
    ('Got 0; must be 1.', '')
    """
    return text[:1].upper() + text[1:]


EMPTY_TITLE: Final = "Nothing has been run yet"
EMPTY_TEXT: Final = "Press the button, and the same recipients get every policy’s e-mails."

# Notices


def bad_link(reason: str) -> Notice:
    """The link could not be read, so the default scenario is shown."""
    why = sentence(prose(reason.removeprefix("link: ")))
    return Notice("This link could not be read.", f"{why} The page shows the Classic scenario instead.")


def too_many_policies(asked: int, shown: int = 4) -> Notice:
    """The link compares more policies than one race can show."""
    return Notice(
        f"This link compares {number_word(asked)} policies.",
        f"A race shows at most {number_word(shown)}, so the page shows the first {number_word(shown)}.",
    )


def large_link(policies: int, sends: int, seconds: float) -> Notice:
    """A link that would start heavy work asks first."""
    return Notice(
        f"This link asks for {large(policies * sends)} sends.",
        f"That is {number_word(policies)} policies over {count(sends)} sends each, "
        f"about {about(seconds)} of work. "
        "Nothing runs until you say so.",
        (run_button(sends), "Show the Classic scenario"),
    )


def changed_several(sends: int) -> Notice:
    """More than one control differs from the results on the page."""
    return Notice("You changed the scenario.", "The page shows the earlier one until you run it.", (run_button(sends),))


def no_link(reason: str) -> Notice:
    """No address can hold the scenario that the page shows."""
    if reason.startswith("campaign: "):
        return Notice("No link leads to this scenario.", sentence(prose(reason.removeprefix("campaign: "))))
    return Notice(
        "The lines' names are too long for a link.",
        "The page shows this scenario, but it can be neither shared nor reloaded. Shorten some names to get a link.",
    )


def invalid(reason: str) -> Notice:
    """The scenario on the controls cannot be run."""
    return Notice(prose(reason), "The page still shows the last valid run.")


ADD_A_LINE: Final = Notice(
    "Add a second subject line",
    "A comparison needs at least two lines. Type one, or start from a real campaign.",
    ("Add a line", "Load the e-mail test of 2008"),
)
SERVICE_AWAY: Final = Notice(
    "The server does not answer.",
    "What you changed is kept, and is sent again as soon as the network is back.",
    ("Try again",),
)


def run_button(sends: int) -> str:
    """The one primary button.

    >>> run_button(10_000), run_button(1_000_000)
    ('Run 10,000 sends', 'Run 1,000,000 sends')
    """
    return f"Run {_counted(sends, 'send')}"


def up_to_date(duration: str, *, from_cache: bool) -> str:
    """The line under the button once the page shows what the controls say."""
    return f"The page shows this scenario. {f'From the cache, {duration}' if from_cache else duration}"


_MINUTES_FROM_SECONDS: Final = 90


def about(seconds: float) -> str:
    """A rough duration.

    >>> about(1.2), about(17.4), about(474)
    ('1 second', '17 seconds', '8 minutes')
    """
    if seconds < _MINUTES_FROM_SECONDS:
        whole = max(1, round(seconds))
        return f"{whole} second{'s' if whole != 1 else ''}"
    return f"{round(seconds / 60)} minutes"


def settings_now(settings: Iterable[tuple[Knob, Any]]) -> str:
    """A policy's settings in a few words; what it is told of recipients only where that is left out, and history where it counts.

    >>> from engine import POLICIES
    >>> from engine.fields import knobs
    >>> told = knobs(POLICIES["lin_ucb"].parameters)
    >>> settings_now([(told["exploration"], 0.5), (told["audience"], True), (told["device"], False)])
    'α 0.5, without device'
    >>> history = knobs(POLICIES["ucb1"].parameters)["history"]
    >>> settings_now([(history, 0.0)]), settings_now([(history, 0.3)])
    ('', 'history 0.3')
    """
    return ", ".join(filter(None, (_setting_now(knob, value) for knob, value in settings)))


def _setting_now(knob: Knob, value: Any) -> str:
    if knob.needs and value == knob.default:
        return ""
    name = knob.symbol or knob.title.lower()
    if isinstance(value, bool):
        return "" if value else f"without {name}"
    return f"{name} {compact(value) if isinstance(value, int | float | None) else value}"


# What a preset calls a conversion and a line, where it is not what the page's words say

PRESET_NOTES: Final = {
    "real_campaign": (
        "Here a conversion is a visit to the shop within two weeks, and line C is no e-mail at all: "
        "a policy soon gives it up, a shop may want to keep it as a control group."
    )
}

# Small print

SAME_RECIPIENTS: Final = (
    "Every policy meets the same recipients with the same pre-drawn responses, so the difference is theirs alone."
)


def provenance(world_seed: int | None, seed: int, digest: str) -> str:
    """Where the numbers come from; rates that were given have no world seed.

    >>> provenance(42, 7, "9f3c0011e71a")
    'Rates: world seed 42. Luck: seed 7. Result 9f3c…e71a'
    """
    rates = "Rates: as given." if world_seed is None else f"Rates: world seed {world_seed}."
    return f"{rates} Luck: seed {seed}. Result {digest[:4]}…{digest[-4:]}"
