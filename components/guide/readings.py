"""How to read each chart and table of each page. A chart of `components/charts` without an entry fails a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Reading:
    """A chart or table: where it is, what it is called there in plain words, how to read it, and what misleads.

    `drawn_by` names its module in `components/charts` or `components/cards`.
    """

    name: str
    page: str
    title: str
    read: str
    careful: str
    drawn_by: str


_TIME_MACHINE, _COMPARE, _STRESS = "/", "/compare", "/stress"
_PLAN, _CAMPAIGN, _AUDIT = "/plan", "/campaign", "/audit"

_LISTED = (
    Reading(
        "luck",
        _TIME_MACHINE,
        "How lucky was this run?",
        (
            "Each dot is 1% of repeat campaigns, placed by its extra over the baseline; the dark one is "
            "the run on the page. The thick line spans 90% of campaigns."
        ),
        (
            "A dot left of zero is a campaign that the baseline won. How far the dots spread is luck, and"
            " does not shrink with more campaigns."
        ),
        "charts.luck",
    ),
    Reading(
        "race",
        _TIME_MACHINE,
        "The race",
        (
            "Each square is one recipient, in the order of sending; filled squares converted. A tick "
            "marks a recipient whom only one policy converted. In the bars, pale is the share of sends "
            "and solid the part that converted."
        ),
        "It is one campaign. The dots above say how typical it was.",
        "cards.stage",
    ),
    Reading(
        "conversions",
        _TIME_MACHINE,
        "Conversions so far",
        (
            "One rising line a policy; the gap between two lines is the lead at that send. The pale part "
            "is still to come in the replay."
        ),
        "Lines that run close together for long are level, whatever the last number says.",
        "charts.conversions",
    ),
    Reading(
        "regret",
        _TIME_MACHINE,
        "Missed by not sending the best line",
        (
            "The straight line is the even split: it misses the same with every send. A line that bends "
            "and flattens has learnt."
        ),
        (
            "It counts expected conversions, so a lucky run is not rewarded. What luck made of it is told"
            " as \u201cas it turned out\u201d."
        ),
        "charts.regret",
    ),
    Reading(
        "traffic",
        _TIME_MACHINE,
        "Where the sends went",
        (
            "Each column is a stretch of the campaign and adds up to all its sends; the best line is at "
            "the bottom. A policy has found it when the bottom fills the column."
        ),
        "A full column early can also be early luck: look whether it is the best line\u2019s letter.",
        "charts.traffic",
    ),
    Reading(
        "reward-dynamics",
        _TIME_MACHINE,
        "More traffic, a surer rate",
        (
            "Each mark is one line under one policy: to the right, the more it was sent; upwards, the "
            "higher its seen rate. The whisker is the 90% interval, the dotted line the true rate."
        ),
        "The share axis is stretched near zero (square root), so that rarely sent lines can be seen.",
        "charts.reward_dynamics",
    ),
    Reading(
        "line-conversions",
        _TIME_MACHINE,
        "Where the conversions came from",
        (
            "One panel a policy, one curve a line, on one scale. A curve that goes flat belongs to a line"
            " that is no longer sent."
        ),
        "A steep curve says that a line was sent much, not that its rate is high.",
        "charts.line_conversions",
    ),
    Reading(
        "drift",
        _TIME_MACHINE,
        "Which rate changed when",
        (
            "Observed rates along the campaign, with a mark where a change showed, and a table of how far"
            " and how fast each policy followed."
        ),
        (
            "A change can only show in answers: it is noticed after it has happened, and later for lines "
            "that are seldom sent."
        ),
        "charts.rates_over_time",
    ),
    Reading(
        "lines",
        _TIME_MACHINE,
        "Line by line",
        ("Sends, conversions and seen rate of each line under each policy, with the true rate beside them."),
        "Seen rates of lines with few sends are mostly luck.",
        "cards.line_table",
    ),
    Reading(
        "price-list",
        _TIME_MACHINE,
        "What each guardrail costs",
        (
            "Conversions lost against the same campaigns without that guardrail, with the 90% interval. "
            "Hollow marks: no price could be measured."
        ),
        "Prices do not add up: two guardrails can take the same sends.",
        "cards.price_list",
    ),
    Reading(
        "leaderboard",
        _COMPARE,
        "The leaderboard",
        (
            "A row a policy: the mark is its average extra over the baseline, the whisker spans 90% of "
            "campaigns. Further right is better; a whisker that crosses zero means that the baseline won "
            "some campaigns."
        ),
        (
            "Overlapping whiskers do not mean that two policies are level: differences are paired, and "
            "the column \u201cBeats A/B in\u201d counts campaign by campaign."
        ),
        "cards.leaderboard",
    ),
    Reading(
        "regret-bands",
        _COMPARE,
        "When policies stop missing conversions",
        (
            "Mean regret along the campaign; the band spans 90% of campaigns. The dotted slope is the "
            "best that any policy can do in the long run."
        ),
        "A wide band says that the policy is sometimes stuck on the wrong line.",
        "charts.regret_bands",
    ),
    Reading(
        "sensitivity",
        _COMPARE,
        "Would another scenario change the answer?",
        (
            "One number of the scenario is varied; each mark is the lead over the best rival there, with "
            "its interval. The shaded column is your scenario."
        ),
        "A hollow mark is a tie: read nothing into its place.",
        "charts.sensitivity",
    ),
    Reading(
        "extra-spread",
        _COMPARE,
        "How single campaigns spread",
        "A row of dots a policy, each dot 1% of campaigns, placed by its extra over the baseline.",
        "Two rows with the same average can differ in how bad the bad ones are.",
        "charts.extra_spread",
    ),
    Reading(
        "allocation",
        _COMPARE,
        "Where each policy sends the mail",
        "Mean share of each line from the first send to the last, the best line at the bottom.",
        "A mean over campaigns: a smooth picture can hide campaigns that went wrong altogether.",
        "charts.allocation",
    ),
    Reading(
        "stress-table",
        _STRESS,
        "What each stress does to the gain",
        (
            "A row a policy, a column a stress; the number is the gain over the baseline in the same "
            "stress. Hatched cells lose. A ring marks the best of a column."
        ),
        "A cell without fill is not decided: its interval includes zero.",
        "cards.stress_table",
    ),
    Reading(
        "best-share",
        _STRESS,
        "How it follows the best line",
        (
            "Share of sends to whichever line is best at the time. It falls where the best line changes, "
            "and how fast it climbs again is how fast the policy noticed."
        ),
        "Under some stresses the best line differs by recipient: then it is the best line for each.",
        "charts.best_share",
    ),
    Reading(
        "guardrail-menu",
        _STRESS,
        "A menu of usual guardrails",
        "Each is priced alone on your scenario: the mark is what it would cost, with its interval.",
        "It is the price as planned. Under a stress a guardrail may well pay for itself.",
        "cards.guardrail_menu",
    ),
    Reading(
        "chances",
        _PLAN,
        "Chance of ending on the right line",
        (
            "A curve a policy: how often the line chosen at the end is truly the best, by how many e-mails are sent. Where it "
            "crosses your target you have enough. The dashed line is another question: how often the A/B test proves the best "
            "line against the next."
        ),
        "Being right is not the same as earning most: two policies may be right as often, and one earns more on the way.",
        "charts.chances",
    ),
    Reading(
        "spreads",
        _PLAN,
        "If replies are slow",
        (
            "A row for each way to spread the send over time. The mark is the mean gain over an even split, the whisker spans 90% "
            "of campaigns, and the bars below show which share the line in the lead gets in each batch."
        ),
        "A whisker across zero is no doubt about the mean: it is how far single campaigns spread.",
        "cards.plan_spreads",
    ),
    Reading(
        "plan-grid",
        _PLAN,
        "What to use",
        (
            "A cell for each pair of values: the mark says which policy, the number what it earns over an even split, the share "
            "how often it ends on the right line. The fill says how sure that is; the ring is your scenario."
        ),
        "“Do not test” is about this list alone. What you learn may still be worth it for the next ones.",
        "cards.plan_grid",
    ),
    Reading(
        "proofs",
        _PLAN,
        "What it costs to prove the gain",
        (
            "A row for each way to prove it: the conversions that it costs, and how often a test then shows that the policy was "
            "better than an even split."
        ),
        "A gain that one campaign cannot prove is still there; pool several campaigns.",
        "cards.plan_proofs",
    ),
    Reading(
        "line-rates",
        _CAMPAIGN,
        "Rates of your lines",
        "The mark is the seen rate, the whisker its 90% interval, by the counts of your file.",
        ("Overlapping whiskers are no proof that lines are level; the chance to be best says how sure the leader is."),
        "cards.line_rates",
    ),
    Reading(
        "estimates",
        _CAMPAIGN,
        "What others would have earned, by your log",
        (
            "One row a method; the dot is the estimate for always sending that line, with its interval. "
            "Effective sends say how much of the log speaks for it."
        ),
        ("Where there is no overlap, hatched, no method can tell. Methods that agree are a good sign, not a proof."),
        "cards.estimates",
    ),
    Reading(
        "decision-log",
        _AUDIT,
        "The decision log",
        (
            "A row a send. The bar shows the chance that each line had, the pointer the line that was "
            "sent, and the column beside it who decided."
        ),
        "Chances are marginal: over all random draws of the policy, after guardrails.",
        "cards.audit_sheet",
    ),
    Reading(
        "why",
        _AUDIT,
        "Why a send got its line",
        (
            "The band is what was believed of each line, the tick what was drawn or reckoned from it; the"
            " furthest tick was sent. Below: how its chance came about, step by step."
        ),
        "A tick far from its band\u2019s middle is exploration, not a mistake.",
        "cards.why_send",
    ),
    Reading(
        "rates-corrected",
        _AUDIT,
        "Corrected rates",
        (
            "The grey square is the naive rate, the letter the corrected one, the dotted line the truth "
            "of this simulation."
        ),
        "Corrected rates of rarely sent lines have wide intervals: few sends speak for many.",
        "cards.line_rates",
    ),
)

READINGS: Final[Mapping[str, Reading]] = {one.name: one for one in _LISTED}
