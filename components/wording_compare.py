"""Every word of Compare: recommendation, progress, leaderboard, charts.

Plain words, past tense for results, "so far" while campaigns come in. Three uncertainties are never mixed: "9 in 10
campaigns" (or "90% of campaigns") is how far single campaigns spread, "90% interval" is how well an average is known,
and a tie is an average whose interval includes zero.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from components.formats import count, listing, number_word, percent, prose, seconds
from components.theme import arm_letter
from components.wording import Contender, Emphasis, Notice, Words, about
from components.wording_goals import CONVERSIONS as CONVERTED
from components.wording_goals import Goal
from engine.errors import BusyError, WorkError
from engine.verdict import FEWEST_CAMPAIGNS

COMPARE: Final = "Compare"
ALWAYS: Final = "every campaign"
NEVER: Final = "no campaign"
BUSY: Final = "The server is busy."


class Lead(NamedTuple):
    """What one policy got more than another, a campaign on average, with an interval of that."""

    mean: float
    low: float | None
    high: float | None


class Levels(NamedTuple):
    """How sure intervals are: each of them, and all comparisons with one policy together."""

    each: float
    together: float
    comparisons: int


def share_of_campaigns(share: float) -> str:
    """How often something happened, as a table says it; never rounded to always or never.

    >>> share_of_campaigns(1.0), share_of_campaigns(0.0), share_of_campaigns(0.98), share_of_campaigns(0.9996)
    ('every campaign', 'no campaign', '98%', '99.96%')
    """
    if share in (0.0, 1.0):
        return ALWAYS if share else NEVER
    for digits in (0, 1, 2, 3):
        text = percent(share, digits)
        if text not in (percent(0.0, digits), percent(1.0, digits)):
            return text
    return "nearly all" if share > 1 / 2 else "almost none"


def in_campaigns(share: float) -> str:
    """The same in a sentence.

    >>> in_campaigns(1.0), in_campaigns(0.98)
    ('in every campaign', 'in 98% of campaigns')
    """
    words = share_of_campaigns(share)
    return f"in {words}" if share in (0.0, 1.0) else f"in {words} of campaigns"


def gained(mean: float, goal: Goal = CONVERTED) -> str:
    """An average difference with its unit.

    >>> from components.wording_goals import REVENUE
    >>> gained(1358.2), gained(-3.21), gained(1.0), gained(-3.21, REVENUE)
    ('+1,358 conversions', '−3.2 conversions', '+1.0 conversions', '−3.21 of revenue')
    """
    return goal.amount(goal.mean_difference(mean))


def _bounds(lead: Lead, goal: Goal) -> str:
    return goal.mean_between(lead.low or 0.0, lead.high or 0.0)


def summary(lines: int, sends: int, world_seed: int | None, seed: int, policies: int) -> str:
    """The scenario in one line.

    >>> summary(5, 10_000, 42, 7, 6)
    '5 subject lines / 10,000 sends / world seed 42, luck seed 7 / 6 policies'
    """
    seeds = f"luck seed {seed}" if world_seed is None else f"world seed {world_seed}, luck seed {seed}"
    return " / ".join((f"{lines} subject lines", f"{count(sends)} sends", seeds, f"{policies} policies"))


# The recommendation


def use(
    leader: Contender, baseline: Contender, mean: float, beats: float, goal: Goal = CONVERTED, *, running: bool
) -> Words:
    """The verdict when one policy is clearly better than all others."""
    return [
        "Use ",
        Emphasis(leader.label, leader.place),
        ": ",
        Emphasis(gained(mean, goal), leader.place),
        f" over {baseline.short}, and it beat {baseline.short} {in_campaigns(beats)}{' so far' if running else ''}.",
    ]


def use_deck(
    spread: tuple[float, float],
    average: Lead,
    level: float,
    runner_up: Contender | None,
    beats: float | None,
    goal: Goal = CONVERTED,
) -> Words:
    """What stands under it: how far campaigns spread, how well the average is known, and the runner-up."""
    words: Words = [
        "9 in 10 campaigns gained ",
        Emphasis(goal.between(*spread)),
        ". The average is known to ",
        f"{_bounds(average, goal)} ({at_level(level)}).",
    ]
    if runner_up is not None and beats is not None:
        words += [f" Against the runner-up, {runner_up.noun}, it won ", Emphasis(_of_campaigns(beats)), "."]
    return words


def _of_campaigns(share: float) -> str:
    words = share_of_campaigns(share)
    return words if share in (0.0, 1.0) else f"{words} of campaigns"


def close(names: list[Contender], baseline: Contender, mean: float, goal: Goal = CONVERTED, *, running: bool) -> Words:
    """The verdict when several policies are clearly better than the baseline, and none than the others."""
    first, *others = [Emphasis(named.label, named.place) for named in names]
    words: Words = [f"No clear winner {'so far ' if running else ''}among ", first]
    for place, other in enumerate(others):
        words += [" and " if place == len(others) - 1 else ", ", other]
    return [*words, f": each is clearly ahead of {baseline.short}, by up to ", Emphasis(gained(mean, goal)), "."]


def alone_in_front(
    leader: Contender, baseline: Contender, mean: float, goal: Goal = CONVERTED, *, running: bool
) -> Words:
    """The verdict when only the leader is clearly better than the baseline, but not than policies that are unclear."""
    return [
        Emphasis(leader.label, leader.place),
        f" is ahead{' so far' if running else ''}: ",
        Emphasis(gained(mean, goal), leader.place),
        f" over {baseline.short}, but not clearly ahead of every other policy.",
    ]


def close_deck(leader: Contender, rival: Contender, lead: Lead, levels: Levels, goal: Goal = CONVERTED) -> Words:
    """How close it is, and what to do."""
    advice = " Take either, or add campaigns to tell them apart." if _includes_zero(lead) else ""
    return [*_standing(leader.label, rival.noun, lead, levels, goal), advice, _all_hold(lead, levels)]


def _standing(label: str, against: str, lead: Lead, levels: Levels, goal: Goal) -> Words:
    """What one policy got more or less than another, and how sure that is."""
    if _never_differ(lead):
        return [f"{label} got exactly {goal.level} as {against} in every campaign."]
    number = goal.mean(abs(lead.mean))
    bounds = f"{at_level(levels.each)}, {_bounds(lead, goal)}"
    if goal.is_nothing(lead.mean):
        return [f"{label} is level with {against} on average ({bounds})."]
    side = "ahead of" if lead.mean > 0.0 else "behind"
    sure = f", but the {bounds}, includes zero." if _includes_zero(lead) else f" ({bounds})."
    return [f"{label} is ", Emphasis(goal.amount(number)), f" {side} {against}{sure}"]


def _never_differ(lead: Lead) -> bool:
    return lead.mean == lead.low == lead.high == 0.0


def _includes_zero(lead: Lead) -> bool:
    return lead.low is None or lead.high is None or lead.low <= 0.0 <= lead.high


def _all_hold(lead: Lead, levels: Levels) -> str:
    """Why an interval is wider than others on the page.

    >>> lead = Lead(3.0, -1.0, 7.0)
    >>> _all_hold(lead, Levels(0.98, 0.9, 5)), _all_hold(lead, Levels(0.9, 0.9, 1))
    (' At 98% for each, all five comparisons hold together at 90%.', '')
    """
    if levels.comparisons < 2 or _never_differ(lead):  # noqa: PLR2004  # one holds together with itself
        return ""
    which = "both" if levels.comparisons == 2 else f"all {number_word(levels.comparisons)}"  # noqa: PLR2004
    return f" At {_level(levels.each)} for each, {which} comparisons hold together at {_level(levels.together)}."


def stay(baseline: Contender, *, worse: bool, running: bool) -> Words:
    """The verdict when nothing is clearly better than the baseline."""
    reason = (
        "every other policy here earns less"
        if worse
        else f"no policy here is clearly better than {baseline.noun if baseline.is_even_split else 'it'}"
    )
    return ["Stay with ", Emphasis(baseline.short, baseline.place), f": {reason}{' so far' if running else ''}."]


def stay_deck(best: Contender, baseline: Contender, lead: Lead, levels: Levels, goal: Goal = CONVERTED) -> Words:
    """How the best of the others did."""
    standing = _standing(f"The best of them, {best.label},", baseline.short, lead, levels, goal)
    return [*standing, _all_hold(lead, levels)]


def all_alike(lines: int, goal: Goal = CONVERTED, *, running: bool) -> Words:
    """The verdict when all lines are equally good: nothing can be found."""
    alike = f"all {number_word(lines)} lines {_do(goal)} alike"
    return [f"Nothing to find: {alike}, and no policy gains{_so_far(running)}."]


def _do(goal: Goal) -> str:
    """What lines do for a goal."""
    return "earn" if goal.is_money else "convert"


def _so_far(running: bool) -> str:  # noqa: FBT001  # a word's own switch
    return " so far" if running else ""


def false_winners(label: str, share: float, campaigns: int) -> Words:
    """How often a policy would have announced a winner that is none."""
    return [
        f" {label} still ended with a line that looks at least 95% sure to be best ",
        Emphasis(in_campaigns(share)),
        f" (of {count(campaigns)}): a false winner.",
    ]


def early(done: int, *, running: bool) -> tuple[Words, Words]:
    """Too few campaigns to say anything: the sentence, and what helps."""
    sentence = f"Too early to say: {count(done)} of at least {FEWEST_CAMPAIGNS} campaigns so far."
    helps = "More are on their way." if running else "Add more."
    return [sentence], [f"A verdict needs at least {FEWEST_CAMPAIGNS} campaigns. {helps}"]


NOTHING_TO_COMPARE: Final = "Add a second policy. A comparison needs at least two."
ONLY_REFERENCES: Final = "Add another policy that can be used; the oracle is only a reference."
WAITING: Final = "The recommendation appears here"


def no_even_split(baseline: Contender) -> str:
    """What the others are measured against, where that is not an even split."""
    return f" There is no A/B split here, so {baseline.label} is what the others are measured against."


# The progress


def progress_title(done: int, total: int, *, stopped: bool) -> str:
    """The heading of the progress.

    >>> progress_title(612, 1000, stopped=False), progress_title(1000, 1000, stopped=False)
    ('612 of 1,000 campaigns', '1,000 campaigns')
    """
    if done == total:
        return f"{count(total)} campaigns"
    words = f"{count(done)} of {count(total)} campaigns"
    return f"Stopped at {words}" if stopped else words


def progress_text(left: float | None, counted: int, stable_since: int | None, compared: int) -> str:
    """What is to come, and what stands already."""
    time = "Starting." if left is None else f"About {about(left)} left."
    words = f"{time} Everything below already counts the {count(counted)}." if counted else time
    return f"{words} {_order(stable_since, compared)}".strip() if counted >= FEWEST_CAMPAIGNS else words


def _order(stable_since: int | None, compared: int) -> str:
    if stable_since is None or compared < 2:  # noqa: PLR2004  # an order needs two
        return ""
    who = "top three" if compared > 3 else f"{number_word(compared)}"  # noqa: PLR2004  # so many are watched
    if stable_since <= 1:
        return f"The order of the {who} has never changed."
    return f"The order of the {who} has not changed since campaign {count(stable_since)}."


def finished_text(took: float, stable_since: int | None, compared: int, *, was_cached: bool) -> str:
    """What stands under the heading once all campaigns are in."""
    source = "From the cache." if was_cached else f"Simulated in {seconds(took)}."
    return f"{source} {_order(stable_since, compared)}".strip()


STOPPED_TEXT: Final = "Everything below counts the campaigns that were done."
FAILED_TEXT: Final = "It broke off. Everything below counts the campaigns that were done."
CANCEL: Final = "Cancel"
RUN_AGAIN: Final = "Run all of them"


def add_more(campaigns: int) -> str:
    """The button that asks for more."""
    return f"Run {count(campaigns)} campaigns"


def failed(reason: str) -> Notice:
    """The run broke off."""
    return Notice("The comparison could not be run.", prose(reason))


def too_much(error: WorkError) -> Notice:
    """More than the server does at once, ever or at the moment."""
    title = BUSY if isinstance(error, BusyError) else "This is more than is simulated at once."
    reason = prose(str(error))
    return Notice(title, reason[:1].upper() + reason[1:])


def waits(why: str) -> str:
    """What a job waits for."""
    return f"{why} What is done is kept, and it goes on by itself as soon as it can."


def asks_first(policies: int, sends: int, campaigns: int, work: str) -> Notice:
    """A comparison that takes long waits for the button."""
    return Notice(
        f"This asks for {count(campaigns)} campaigns of {count(sends)} sends under {number_word(policies)} policies.",
        f"That is about {work} of work. Nothing runs until you say so.",
        (run_button(campaigns), "Show the Classic scenario"),
    )


def run_button(campaigns: int) -> str:
    """The one primary button.

    >>> run_button(1000), run_button(1)
    ('Run 1,000 campaigns', 'Run 1 campaign')
    """
    return f"Run {count(campaigns)} campaign{'s' if campaigns != 1 else ''}"


STRIPS_TOO_MUCH: Final = (
    "Trying other scenarios would be more work than is done at once. Compare fewer policies or sends."
)
STRIPS_STOPPED: Final = "Stopped before all other scenarios were tried."
STRIPS_LATER: Final = "Other scenarios are tried when all campaigns are in."


def strips_progress(share: float) -> str:
    """How far the other scenarios are."""
    return f"Trying other scenarios: {percent(share, 0)} done."


# The leaderboard

POLICY: Final = "Policy"
EXTRA: Final = "Extra"
SPREAD: Final = "9 in 10 campaigns"
BEATS: Final = "Beats {baseline} in"
WORSE: Final = "Ends below {baseline}"
PICKS: Final = "Picks the best line"
PICKS_AT_END: Final = "Picks the line best at the end"
PICKS_OVERALL: Final = "Picks the line best overall"
PICKS_OVERALL_AT_END: Final = "Picks the line best overall at the end"
TO_BEST: Final = "Sends to the best line"
TO_BEST_THEN: Final = "Sends to the line best at the time"
TO_BEST_FOR_EACH: Final = "Sends to the line best for the recipient"
TO_BEST_FOR_EACH_THEN: Final = "Sends to the line best for the recipient at the time"
SETTLES: Final = "Settles after"
MISSED: Final = "Missed (regret)"
RECOMMENDED: Final = "recommended"
LEADS: Final = "in front"
CEILING: Final = "the ceiling"
BASELINE: Final = "baseline"
LEADERBOARD: Final = "Leaderboard"
NO_SETTINGS: Final = "no settings"
NOT_SETTLED: Final = "not yet"
NOT_KNOWN: Final = "–"
AT_ONCE: Final = "at once"
OPEN: Final = "open in the Time Machine"


def leaderboard_title(kind: str, leader: Contender | None, baseline: Contender, better: int, others: int) -> str:
    """The finding of the leaderboard."""
    if kind == "none" or leader is None or not others:
        return LEADERBOARD
    if better == 0:
        return f"No policy is clearly better than {baseline.noun}"
    if better == others:
        all_of_them = "Every learning policy beats" if others > 1 else f"{leader.label} beats"
        tail = f"; {leader.label} does so by most" if kind == "use" and others > 1 else ""
        return f"{all_of_them} {baseline.noun}{tail}"
    beat = "beats" if better == 1 else "beat"
    return f"{number_word(better).capitalize()} of {number_word(others)} policies clearly {beat} {baseline.noun}"


def leaderboard_deck(campaigns: int, baseline: Contender) -> str:
    """What the whiskers are."""
    return (
        f"Means of {count(campaigns)} campaigns on the same recipients. "
        f"Whiskers: where 9 in 10 campaigns end. Hollow: not clearly different from {baseline.short}."
    )


def picks(*, moves: bool, segmented: bool) -> str:
    """The heading over the chance to pick the best line; who picks one for all goes by all recipients together."""
    if segmented:
        return PICKS_OVERALL_AT_END if moves else PICKS_OVERALL
    return PICKS_AT_END if moves else PICKS


def to_best(*, moves: bool, segmented: bool) -> str:
    """The heading over the share of sends to the best line."""
    if segmented:
        return TO_BEST_FOR_EACH_THEN if moves else TO_BEST_FOR_EACH
    return TO_BEST_THEN if moves else TO_BEST


def axis_title(baseline: Contender, goal: Goal = CONVERTED) -> str:
    """Over the whiskers."""
    return f"Extra {goal.unit} over {baseline.short}"


def line_to_beat(mean: float, goal: Goal = CONVERTED) -> str:
    """Beside the baseline's mark.

    >>> from components.wording_goals import NET_VALUE
    >>> line_to_beat(3894.4), line_to_beat(-108_005.2, NET_VALUE)
    ('3,894 conversions to beat', '−108,005 of net value to beat')
    """
    return f"{goal.amount(goal.number(mean))} to beat"


def shortfall(share: float, mean: float | None, goal: Goal = CONVERTED) -> str:
    """How often and by how much a policy ends below the baseline.

    >>> shortfall(0.12, 41.3), shortfall(0.0, None)
    ('12%, by 41', 'never')
    >>> shortfall(1.0, 674.2)
    'always, by 674'
    """
    if mean is None:
        return "never"
    return f"{'always' if share == 1.0 else share_of_campaigns(share)}, by {goal.mean(mean)}"


CSV_OF: Final = {
    "leaderboard": "The leaderboard as a CSV file",
    "regret": "Regret along the campaign as a CSV file",
    "spread": "What policies got extra, by percentile, as a CSV file",
    "allocation": "Shares of the sends as a CSV file",
    "strips": "The other scenarios as a CSV file",
    "prices": "The price list of guardrails as a CSV file",
}
PNG: Final = "PNG"
PNG_OF: Final = {
    "regret": "Regret along the campaign as a picture",
    "spread": "What policies got extra, campaign by campaign, as a picture",
}
REGRET: Final = "What policies missed along the campaign"
SPREAD_CHART: Final = "What policies got extra, campaign by campaign"
ALLOCATION: Final = "Where each policy sends the mail"
STRIPS: Final = "Would another scenario change the answer?"
STRIP_LABELS: Final = {"sends": "Number of sends", "gap": "Gap between the two best lines, percentage points"}
POINTS: Final = "percentage points"
EVEN_SPLIT: Final = "an even split"
ADD_USUAL: Final = "Compare with the other usual policies"
EMPTY_TEXT: Final = "Press the button, and every policy meets the same recipients, campaign after campaign."


def strip_of_setting(label: str, symbol: str) -> str:
    """The name of a strip about a policy's own setting."""
    return f"{symbol} of {label}"


SAME_RECIPIENTS: Final = "All policies meet the same recipients, so differences are paired."
LEVELS: Final = (
    "Intervals are 90% unless they say otherwise; a recommendation needs all its comparisons to hold at 90% together."
)


def digest(digest: str) -> str:
    """The result's fingerprint."""
    return f"Result {digest[:4]}…{digest[-4:]}"


BEST_AT_THE_TIME: Final = "the line that was best at the time"
BEST_FOR_EACH: Final = "the line that was best for each recipient"


def best_line(*, moves: bool, segmented: bool) -> str:
    """The line that a send is judged by.

    >>> best_line(moves=False, segmented=False), best_line(moves=True, segmented=True)
    ('the best line', 'the line that was best for each recipient at the time')
    """
    if segmented:
        return f"{BEST_FOR_EACH} at the time" if moves else BEST_FOR_EACH
    return BEST_AT_THE_TIME if moves else "the best line"


RECIPIENTS_DIFFER: Final = (
    "Recipients differ. “Best for the recipient” is the line that people of that segment like most; “best overall” is the "
    "one to take if everybody had to get the same, which a policy that tells recipients apart does not ask."
)
RATES_CHANGE: Final = {
    "seasonal": "Rates change with the hour and the day of the week.",
    "drifting": "Rates change: every line drifts along the campaign.",
    "change_point": "Rates change all at once during the campaign.",
    "fatigue": "Rates change: a line converts less the more often it is sent.",
    "rotating": "Lines join and leave during the campaign.",
    "inflated_opens": "Policies learn from opens, some of them by machines; conversions here are clicks.",
}
"""What a reader should know before anything else, by world."""
_JUDGED: Final = (
    "“Best at the time” is the line that was best when an e-mail left. “Picks” asks for the line that is best when the "
    "campaign ends: a policy can earn most and still be caught out there."
)


def rates_change(world: str) -> str:
    """One line where the best line is that of a moment.

    >>> rates_change("drifting")[:51]
    'Rates change: every line drifts along the campaign.'
    """
    return f"{RATES_CHANGE.get(world, 'Rates change along the campaign.')} {_JUDGED}"


def too_late(lost: Sequence[tuple[str, float]]) -> str:
    """The small print on conversions after their window, a campaign on average, most first.

    >>> too_late([("A/B split", 104.2), ("UCB1", 0.25), ("Softmax", 99.6)])
    'Came too late to count, a campaign on average: 104 conversions under A/B split, 100 under Softmax and 0.2 under UCB1.'
    """
    ordered = sorted(lost, key=lambda pair: -pair[1])
    parts = [f"{CONVERTED.mean(number)} under {label}" for label, number in ordered]
    parts[0] = parts[0].replace(" under", " conversions under", 1)
    return f"Came too late to count, a campaign on average: {listing(parts)}."


# The charts


def nothing_to_find(goal: Goal = CONVERTED) -> str:
    """The heading where all lines are equally good."""
    return f"Nothing to find: all lines {_do(goal)} alike"


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


# What was missed (regret)

REGRET_EMPTY: Final = "No campaigns yet. Run the scenario to see what each policy missed."
BEST_SLOPE: Final = "best possible slope"


_FEW: Final = 10


def nothing_to_miss(goal: Goal = CONVERTED) -> str:
    """The heading where all lines are equally good."""
    return f"Nothing to miss: all lines {_do(goal)} alike"


def missed(number: float, highest: float, goal: Goal = CONVERTED) -> str:
    """What was missed, with decimals when even the highest amount is small.

    >>> from components.wording_goals import REVENUE
    >>> missed(75.2, 1430), missed(0.94, 1.2), missed(0.94, 1.2, REVENUE), missed(0.94, 1430, REVENUE)
    ('75', '0.9', '0.94', '1')
    """
    return goal.written(number, missed_digits(highest, goal))


def missed_digits(highest: float, goal: Goal = CONVERTED) -> int:
    """Decimals of what was missed."""
    return (2 if goal.is_money else 1) if highest < _FEW else 0


def regret_title(labels: Sequence[str], number: str, goal: Goal = CONVERTED, *, stops_early: bool) -> str:
    """The finding, about the policy that missed the least, or about all that missed as little.

    >>> regret_title(["Thompson sampling"], "75", stops_early=True)
    'Thompson sampling stops missing conversions early: 75 by the end'
    >>> regret_title(["ε-greedy"], "218", stops_early=False)
    'ε-greedy missed the fewest conversions: 218'
    >>> regret_title(["ε-greedy", "UCB1"], "1", stops_early=False)
    'ε-greedy and UCB1 missed the fewest conversions: 1 each'
    """
    names = listing(list(labels))
    if len(labels) > 1:
        return f"{names} missed {goal.least}: {number} each"
    if stops_early:
        return f"{names} stops missing {goal.unit} early: {number} by the end"
    return f"{names} missed {goal.least}: {number}"


def regret_deck(
    campaigns: int,
    level: float,
    banded: Sequence[str],
    goal: Goal = CONVERTED,
    *,
    best: str,
    has_slope: bool,
    is_clipped: bool,
) -> str:
    """The measure, what the bands and the dotted line are, and that a line leaves the chart.

    >>> regret_deck(1, 0.9, [], best="the best line", has_slope=False, is_clipped=False)
    'Conversions missed by not sending the best line (regret), one campaign.'
    """
    parts = [f"{goal.named} missed by not sending {best} (regret), {mean_of(campaigns)}."]
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


def regret_summary(sends: int, campaigns: int, ends: Sequence[tuple[str, str]], goal: Goal = CONVERTED) -> str:
    """What every policy missed by the end, the least first, for a screen reader."""
    parts = ", ".join(f"{label} {end}" for label, end in ends)
    return f"{goal.named} missed by the end of {count(sends)} sends, {mean_of(campaigns)}: {parts}."


# What policies got extra, campaign by campaign

SPREAD_NOTHING: Final = "Only one policy: there is nothing to compare it with"
SPREAD_EMPTY: Final = "Add a second policy to compare."


def spread_title(label: str, against: str, record: tuple[int, int, int], extra: float, goal: Goal = CONVERTED) -> str:
    """The finding: how often the policy in question got more than the baseline, ties counted half.

    >>> spread_title("Thompson sampling", "A/B", (300, 0, 0), 1354)
    'Thompson sampling beat A/B in every campaign'
    >>> spread_title("ε-greedy", "A/B", (120, 4, 76), 2), spread_title("ε-greedy", "A/B", (0, 0, 1), -12)
    ('ε-greedy beat A/B in 61% of campaigns', 'In the one campaign, ε-greedy got 12 conversions fewer than A/B')
    """
    wins, ties, losses = record
    campaigns = sum(record)
    if ties == campaigns:
        return f"{label} got exactly {goal.level} as {against}"
    if campaigns == 1:
        return f"In the one campaign, {label} got {_more(extra, goal)} than {against}"
    if losses == campaigns:
        return f"{label} fell behind {against} in every campaign"
    often = share_of_campaigns((wins + ties / 2) / campaigns)
    return f"{label} beat {against} in {often}{'' if wins in (0, campaigns) else ' of campaigns'}"


def spread_deck(against: str, campaigns: int, level: float, goal: Goal = CONVERTED) -> str:
    """The measure, what a dot and what the shape is."""
    measure = f"Extra {goal.unit} over {against}, on the same recipients."
    if campaigns == 1:
        return f"{measure} One campaign has no spread to show."
    dots = f"One dot is 1% of {counted(campaigns, 'campaign')}; pale dots are outside the middle {percent(level, 0)}."
    return (
        f"{measure} {dots} At the right: that {percent(level, 0)}, and in bold the mean, which the large shape marks."
    )


def spread_axis(against: str, goal: Goal = CONVERTED) -> str:
    """What the axis measures."""
    return f"extra {goal.unit} over {against}"


def spread_dot(value: float, goal: Goal = CONVERTED) -> str:
    """One dot's number."""
    return f"1% of campaigns: about {goal.difference(value)}"


def spread_mean(value: float, goal: Goal = CONVERTED) -> str:
    """The large shape's number."""
    return f"mean {goal.difference(value)}"


def spread_summary(
    label: str, against: str, mean: float, spread: tuple[float, float], level: float, goal: Goal = CONVERTED
) -> str:
    """One policy's row, for a screen reader."""
    low, high = (goal.difference(end) for end in spread)
    return (
        f"{label}: {goal.amount(goal.difference(mean))} over {against} on average; "
        f"{percent(level, 0)} of campaigns fell between {low} and {high}."
    )


def _more(extra: float, goal: Goal) -> str:
    if goal.is_money:
        return f"{goal.number(abs(extra))} {'more' if extra > 0 else 'less'} {goal.unit}"
    return f"{counted(abs(round(extra)), 'conversion')} {'more' if extra > 0 else 'fewer'}"


# Where each policy sends the mail

ALLOCATION_EMPTY: Final = "No traffic yet."
ALL_LINES_ALIKE: Final = "all lines are equally good"


def allocation_title(label: str, share: float, lines: Sequence[int], *, moves: bool, segmented: bool = False) -> str:
    """The finding: whose traffic went to the best line most; `lines` are the best ones, none when that varies.

    >>> allocation_title("Thompson sampling", 0.89, [2], moves=False)
    'Thompson sampling sent 89% of the mail to the best line, C'
    >>> allocation_title("UCB1", 0.65, [0, 2], moves=False), allocation_title("UCB1", 0.65, [], moves=False)
    ('UCB1 sent 65% of the mail to the best lines, A and C', 'UCB1 sent 65% of the mail to the best line')
    >>> allocation_title("UCB1", 0.65, [0], moves=True)
    'UCB1 sent 65% of the mail to the line that was best at the time'
    >>> allocation_title("LinUCB", 0.93, [0], moves=False, segmented=True)
    'LinUCB sent 93% of the mail to the line that was best for each recipient'
    """
    if moves or segmented:
        return f"{label} sent {percent(share, 0)} of the mail to {best_line(moves=moves, segmented=segmented)}"
    letters = [arm_letter(line) for line in lines]
    which = "the best lines" if len(letters) > 1 else "the best line"
    named = f", {listing(letters)}" if letters else ""
    return f"{label} sent {percent(share, 0)} of the mail to {which}{named}"


def allocation_deck(
    campaigns: int, best: int, others: int, *, alike: bool, moves: bool, segmented: bool = False
) -> str:
    """The measure, the width and the order of the stacks.

    `best` lines are equally good (0: it varies), all if `alike`; `others` lines are drawn together.
    """
    whose = "share of sends to each line" if campaigns == 1 else "mean share of sends to each line"
    parts = [f"{whose[0].upper()}{whose[1:]}, from the first send to the last."]
    ends = f"{' overall' if segmented else ''}{' at the end' if moves else ''}"
    if best == 0:
        parts.append(f"Which line is best{ends} differs from campaign to campaign.")
    elif ends:
        parts.append(f"At the bottom: the {'line that is' if best == 1 else 'lines that are'} best{ends}.")
    elif not alike:
        parts.append("The best line is at the bottom." if best == 1 else "The best lines are at the bottom.")
    if others:
        parts.append(f"Grey, at the top: the {counted(others, 'line')} with the least mail.")
    return " ".join(parts)


def allocation_caption(share: float, best: int, *, moves: bool, segmented: bool = False) -> str:
    """Under a policy's stack: what went to the best line, of `best` that are equally good (0: it varies).

    >>> allocation_caption(0.89, 1, moves=False), allocation_caption(0.4, 2, moves=False)
    ('89% to the best line', '40% to the best lines')
    >>> allocation_caption(0.89, 1, moves=True)
    '89% to the line best at the time'
    """
    if segmented:
        return f"{percent(share, 0)} to the line best for the recipient{' at the time' if moves else ''}"
    if moves:
        return f"{percent(share, 0)} to the line best at the time"
    return f"{percent(share, 0)} to the best line{'s' if best > 1 else ''}"


def other_lines(number: int) -> str:
    """The grey part of a stack.

    >>> other_lines(56), other_lines(1)
    ('56 other lines', '1 other line')
    """
    return counted(number, "other line")


def allocation_stretch(first: int, last: int) -> str:
    """A part of the campaign.

    >>> allocation_stretch(201, 400), allocation_stretch(1, 1)
    ('sends 201 to 400', 'send 1')
    """
    return f"send {count(first)}" if first == last else f"sends {count(first)} to {count(last)}"


def allocation_summary(label: str, parts: Sequence[tuple[str, float]], caption: str) -> str:
    """One policy's stack at its end, for a screen reader."""
    shares = ", ".join(f"{name} {percent(share, 0)}" for name, share in parts)
    return f"{label}: {caption}. Of the last sends: {shares}."


# Would another scenario change the answer?

SENSITIVITY_WAITING: Final = "The other scenarios have not been simulated yet."
NOT_SIMULATED: Final = "not simulated yet"
NO_RIVAL: Final = "Sends and the gap between lines are not varied: that takes two policies that can be used."
NOTHING_VARIED: Final = "There is nothing to vary here."
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
        return STRIPS
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


def sensitivity_deck(
    of_settings: set[bool],
    campaigns: int,
    level: float,
    goal: Goal = CONVERTED,
    *,
    together: float,
    is_short: bool,
) -> str:
    """The measure, its intervals, and how a tie and the present scenario look.

    `of_settings` says whether strips are about settings: all, none, or some of them; `is_short`, whether the rest of the
    page counts more campaigns.
    """
    setting = f"extra over {EVEN_SPLIT}"
    measure = "The leader’s lead over its best rival" if False in of_settings else f"The policy’s {setting}"
    parts = [f"{measure} in {goal.unit}, mean of {counted(campaigns, 'campaign')} at each value."]
    if of_settings == {False, True}:
        parts.append(f"For a policy’s own setting: its {setting}.")
    parts.append(
        f"Whiskers: {at_level(level)} of the mean, so that all of them hold together at {percent(together, 0)}."
    )
    parts.append("Hollow: a tie, the interval includes zero. Shaded: your scenario.")
    if is_short:
        parts.append("With fewer campaigns than above, a lead that is sure there can be a tie here.")
    return " ".join(parts)


def at_level(level: float) -> str:
    """An interval's level; never rounded to certainty.

    >>> at_level(0.9), at_level(1 - 0.1 / 3), at_level(1 - 0.1 / 77)
    ('90% interval', '96.7% interval', '99.9% interval')
    """
    return f"{_level(level)} interval"


def _level(level: float) -> str:
    is_whole = abs(100 * level - round(100 * level)) < 1e-6  # noqa: PLR2004  # what rounding leaves
    return percent(level, 0 if is_whole else 1)


def sensitivity_point(label: str, rival: str, lead: Lead, goal: Goal = CONVERTED, *, is_tie: bool) -> str:
    """One scenario's numbers.

    >>> sensitivity_point("UCB1", "Softmax", Lead(48, 12.2, 84), is_tie=False)
    'UCB1 +48 over Softmax, +12 to +84'
    >>> sensitivity_point("UCB1", "Softmax", Lead(4, -12, 20), is_tie=True)
    'tie: UCB1 +4 over Softmax, −12 to +20'
    """
    bounds = goal.between(lead.low or 0.0, lead.high or 0.0)
    return f"{'tie: ' if is_tie else ''}{label} {goal.difference(lead.mean)} over {rival}, {bounds}"


def sensitivity_summary(heading: str, level: float, points: Sequence[tuple[str, str]]) -> str:
    """One strip, value by value, for a screen reader."""
    return f"{heading}, {at_level(level)}s. {'; '.join(f'{value}: {text}' for value, text in points)}."


def _all(number: int, one: str, many: str) -> str:
    return f"the one {one}" if number == 1 else f"all {number_word(number)} {many}"
