"""The glossary: every special term of the application, in a sentence for its popover and what else there is to say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Term:
    """A special term; `forms` are how texts write it, in small letters.

    One that is `everyday` stands in nearly every text: it is a link only where somebody meets it first.
    """

    slug: str
    name: str
    short: str
    more: str
    forms: tuple[str, ...]
    everyday: bool = False


_LISTED = (
    Term(
        "ab-split",
        "A/B split",
        "Every line gets the same share of the sends, in random order.",
        "It teaches evenly and never reacts. Here it is what the policies are compared with.",
        ("a/b split", "even split"),
        everyday=True,
    ),
    Term(
        "aa-test",
        "A/A test",
        "A test of identical lines, in which there is nothing to find.",
        "It shows how often a method sees a winner where there is none.",
        ("a/a test",),
    ),
    Term(
        "attribution-window",
        "Attribution window",
        "How long after a send a conversion still counts for it.",
        "What comes later is lost to the count, for every policy alike.",
        ("attribution window", "counted within", "window closed"),
    ),
    Term(
        "bandit",
        "Bandit",
        "A way to split traffic that learns while it sends: good lines get more, poor ones less.",
        ("The name comes from slot machines, the one-armed bandits, of which one would like to know the best."),
        ("bandits", "bandit"),
        everyday=True,
    ),
    Term(
        "baseline",
        "Baseline",
        "What a policy is compared with: the A/B split if there is one, else the first policy.",
        "A gain is always a gain over the baseline, on the same recipients.",
        ("baseline",),
        everyday=True,
    ),
    Term(
        "believed-rate",
        "Believable rate",
        "A rate that agrees with what has been seen so far; with few sends many rates do.",
        "The range of such rates is what statisticians call a posterior.",
        ("believable rate", "believable rates", "posterior"),
    ),
    Term(
        "burn-in",
        "Burn-in",
        "A number of sends that every line gets before anything is decided.",
        "It keeps early luck from deciding. It costs what the poor lines would not have got otherwise.",
        ("burn-in",),
    ),
    Term(
        "chance-to-be-best",
        "Chance to be best",
        "How probable it is, by what was seen, that this line has the highest true rate.",
        "It is worked out by integration over believable rates, not by simulation.",
        ("chance to be best",),
    ),
    Term(
        "change-detector",
        "Change detector",
        "A running test of whether a line’s rate has changed.",
        ("Two kinds are used here: GLR compares before with after at each moment, CUSUM adds up deviations."),
        ("change detector", "cusum", "glr"),
    ),
    Term(
        "confidence-interval",
        "Confidence interval",
        "How well an average is known: it narrows as more campaigns are simulated.",
        "It is not the spread of single campaigns, which stays however many are simulated.",
        ("confidence interval",),
    ),
    Term(
        "credit-rule",
        "Credit rule",
        "Which of several e-mails to the same person gets the credit for a conversion.",
        "First touch, last touch, or shared by all. What gets no credit teaches nothing.",
        ("credit rule", "credit to the first", "credit to the last", "last touch", "first touch"),
    ),
    Term(
        "delay",
        "Delay",
        "The hours between a send and its conversion.",
        "A policy only learns from what has arrived; what is sent meanwhile is sent on older knowledge.",
        ("late conversions", "delays", "delay"),
        everyday=True,
    ),
    Term(
        "digest",
        "Digest",
        "A fingerprint of a result: the same question always gives the same one.",
        "Two people with the same digest look at the same numbers, to the last send.",
        ("digest",),
    ),
    Term(
        "direct-method",
        "Direct method",
        "Estimates what another policy would have earned from the rates that were seen.",
        "It varies little, but carries over whatever is biased in those rates.",
        ("direct method",),
    ),
    Term(
        "discount",
        "Discount",
        "Older sends count for less: each weighs a little less than the one after it.",
        "A discount of 0.9995 remembers about 2,000 sends.",
        ("discounted", "discount"),
    ),
    Term(
        "doubly-robust",
        "Doubly robust",
        "Combines the direct method with a correction by the logged chances.",
        "It is right if either of the two is.",
        ("doubly robust",),
    ),
    Term(
        "drift",
        "Drift",
        "True rates that move while the campaign runs.",
        "A policy that trusts old answers keeps sending yesterday’s winner.",
        ("drifting", "drifts", "drift"),
    ),
    Term(
        "effective-sends",
        "Effective sends",
        "How many sends would say as much if all counted alike (effective sample size).",
        "A few sends with large weights leave few effective ones, and a wide interval.",
        ("effective sends", "effective sample size"),
    ),
    Term(
        "explore",
        "Exploration",
        "Sends that are there to learn: to lines that do not lead at the moment.",
        "Its counterpart is exploitation: sends to the line that leads.",
        ("exploration", "explores", "explore"),
    ),
    Term(
        "false-winner",
        "False winner",
        "A line that a policy settles on although another one is better or equal.",
        "With identical lines every winner is a false one.",
        ("false winners", "false winner", "false alarms", "false alarm"),
    ),
    Term(
        "fatigue",
        "Fatigue",
        "A line that converts less the more often it is sent.",
        "The others stay fresh meanwhile, so the best line changes because it is used.",
        ("wears out", "wear out", "fatigue"),
        everyday=True,
    ),
    Term(
        "frequency-cap",
        "Frequency cap",
        "Nobody gets more than so many e-mails in so many hours.",
        "Contacts beyond that are left out, the same ones for every policy.",
        ("frequency cap",),
    ),
    Term(
        "guardrail",
        "Guardrail",
        "A promise that holds at every send, whatever the policy has learnt.",
        "Each one has a price: conversions lost against the same campaign without it.",
        ("guardrails", "guardrail"),
        everyday=True,
    ),
    Term(
        "holdout",
        "Holdout",
        ("A share of recipients, drawn at random, that always gets the even split and teaches the policy nothing."),
        "Its rates are a clean measurement, because nobody chose who is in it.",
        ("holdout", "held out"),
    ),
    Term(
        "interval",
        "90% interval",
        "From the 5% to the 95% mark: nine in ten campaigns, or believable values, lie within.",
        "An interval that includes zero says that the sign is not decided.",
        ("90% interval", "90% intervals", "range of outcomes"),
    ),
    Term(
        "inverse-propensity",
        "Inverse propensity (IPS)",
        ("Each send counts in inverse proportion to its logged chance, so that rare choices speak for all like them."),
        ("Self-normalised (SNIPS), the weights are made to add up to the number of sends, which is steadier."),
        ("self-normalised", "inverse propensity", "snips", "ips"),
    ),
    Term(
        "lai-robbins",
        "Lai-Robbins slope",
        "The slowest growth of regret that a policy can have which does well everywhere.",
        "It is a reference for long campaigns; in short ones a lucky policy may stay below.",
        ("lai-robbins", "best possible slope"),
    ),
    Term(
        "largest-weight",
        "Largest weight",
        "For how many recipients the most heavily weighted send stands.",
        "If it is large, one recipient’s answer can move the whole estimate.",
        ("largest weight",),
    ),
    Term(
        "marginal",
        "Marginal chance",
        "The chance before any random draw of the policy, averaged over all of them.",
        "It is the chance that a log needs, because the draws themselves are not repeated.",
        ("marginal",),
    ),
    Term(
        "maximum-share",
        "Maximum share",
        "No line gets more than this share of the traffic.",
        "It limits what one mistake, or one complaint-prone line, can do.",
        ("maximum share",),
    ),
    Term(
        "minimum-share",
        "Minimum share",
        "Every line keeps at least this share of the traffic to the end.",
        "It keeps slow starters alive, and makes a log from which other policies can be judged.",
        ("minimum share", "minimum exposure"),
    ),
    Term(
        "naive-rate",
        "Naive rate",
        "Conversions divided by sends, as if the policy had not chosen who gets what.",
        ("After a learning policy it is biased: usually too low, for lines that were dropped after bad luck."),
        ("naive rate", "naive"),
    ),
    Term(
        "net-value",
        "Net value",
        "Revenue less what sends and lost readers cost.",
        "The line with most orders need not be the one with most net value.",
        ("net value",),
    ),
    Term(
        "off-policy",
        "Corrected estimate",
        "What another policy would have earned, worked out from a log of decisions.",
        "Sends that the other policy would have made more often count for more (off-policy evaluation).",
        ("corrected by the logged chances", "corrected rates", "corrected", "off-policy"),
    ),
    Term(
        "oracle",
        "Oracle",
        "A reference that always sends the truly best line.",
        "Nobody can use it: it shows the most that was possible.",
        ("oracle",),
    ),
    Term(
        "overlap",
        "Overlap",
        "A log has sent each line to each kind of recipient often enough to judge it there.",
        "Where it has not, no method can say what the line would have earned.",
        ("no overlap", "need overlap"),
    ),
    Term(
        "paired",
        "Paired",
        ("Both policies meet the same recipients with the same answers, so that their difference is theirs alone."),
        "Pairing takes the luck of the recipients out of the comparison.",
        ("same recipients", "paired"),
    ),
    Term(
        "pause-rule",
        "Pause rule",
        "A line that draws too many complaints is stopped for good.",
        "The last line left is never stopped.",
        ("pause rule", "paused"),
    ),
    Term(
        "policy",
        "Policy",
        "A rule that says which line each recipient gets.",
        "The A/B split is one too: it never learns.",
        ("policies", "policy"),
        everyday=True,
    ),
    Term(
        "power",
        "Power",
        "The chance that a test finds a difference that is really there.",
        "It grows with the sends and with the size of the difference.",
        ("statistical power", "80% power", "power of"),
    ),
    Term(
        "prior",
        "Prior",
        "What a policy believes before the first send.",
        ("Left alone, all rates count as equally likely. An earlier campaign can take its place, with a weight."),
        ("weight of history", "prior conversions", "prior misses", "uniform prior", "priors", "prior"),
    ),
    Term(
        "propensity",
        "Propensity",
        "The chance with which a recipient was sent a line, at the moment of the decision.",
        "A log with propensities can say later what other policies would have earned.",
        ("logged chances", "logged chance", "propensities", "propensity", "chance of each line", "chance of this one"),
    ),
    Term(
        "regret",
        "Regret",
        "Conversions missed by not always sending the truly best line.",
        "It counts expected conversions, so luck is not in it; \u201cas it turned out\u201d it is.",
        ("missed (regret)", "regret"),
    ),
    Term(
        "repeat-campaigns",
        "Repeat campaigns",
        "The same campaign simulated again with other luck.",
        (
            "How far they spread says how typical one campaign is. Many of them make averages exact: "
            "their Monte Carlo error shrinks."
        ),
        ("repeat campaigns", "monte carlo error", "replications"),
    ),
    Term(
        "replay",
        "Replay (of a log)",
        "Keeps only those sends of a log that another policy would have made as well.",
        "It is simple, and right after an even split; it throws most of a log away.",
        ("replay and", "replay method"),
    ),
    Term(
        "sample-ratio",
        "Sample-ratio check",
        "Whether lines were sent as often as the plan says.",
        "If not, something took recipients away, and rates cannot be compared.",
        ("sample-ratio check", "sample ratio"),
    ),
    Term(
        "season",
        "Season",
        "Rates that follow the hour and the day of the week.",
        "A test that does not cover whole weeks measures the hours it ran in.",
        ("days and weeks", "season"),
        everyday=True,
    ),
    Term(
        "seed",
        "Seed",
        "The number from which all chance of a simulation is drawn.",
        (
            "The world seed decides true rates, the luck seed decides how the campaign goes. The same "
            "seeds give the same campaign."
        ),
        ("world seed", "luck seed", "seeds", "seed"),
        everyday=True,
    ),
    Term(
        "segment",
        "Segment",
        "A group of recipients that can be told apart: by audience, device or time of day.",
        "It is worth telling apart where another line is best, not where everything converts more.",
        ("segments", "segment"),
        everyday=True,
    ),
    Term(
        "segment-fairness",
        "Segment fairness",
        "The minimum share holds inside every segment.",
        "So that no audience sees one line alone.",
        ("segment fairness",),
    ),
    Term(
        "simpsons-paradox",
        "Simpson’s paradox",
        "A line that is ahead in the totals and behind in every segment.",
        "It happens when a line was sent to those who convert more anyway.",
        ("simpson’s paradox",),
    ),
    Term(
        "stationary",
        "Stationary",
        "True rates that stay the same for the whole campaign.",
        "Policies that never forget rely on it.",
        ("stationary", "stationarity", "steady rates"),
    ),
    Term(
        "stop-rule",
        "Stop rule",
        "Ends the test once a line is almost surely the best, or hardly anything is left to gain.",
        "From then on the winner gets all that remains, and nothing more is learnt.",
        ("stop rule",),
    ),
    Term(
        "true-rate",
        "True rate",
        "The chance of a conversion that the simulation works with.",
        "Policies never see it; in a real campaign nobody does.",
        ("true rates", "true rate"),
        everyday=True,
    ),
    Term(
        "uplift",
        "Uplift",
        "How much more one way of sending brings than another.",
        "Report it with its interval, and say against what.",
        ("uplift",),
    ),
    Term(
        "value-remaining",
        "Value remaining",
        "How much better another line may still be than the leader, at the outside.",
        "Taken at the 95% mark of what is believed: once it is small, going on testing cannot pay.",
        ("value remaining", "value left", "left to gain"),
    ),
    Term(
        "window",
        "Window",
        "A policy with a window looks at the last so many sends only.",
        "Short windows follow quickly and know little; long ones know much and follow late.",
        ("sliding-window", "window"),
    ),
    Term(
        "bias",
        "Bias",
        "An error that more data does not take away.",
        "Rates are biased when who was sent a line depended on how it had done so far.",
        ("unbiased", "biased", "bias"),
    ),
    Term(
        "chi-square",
        "Chi-square test",
        "A test of whether counts differ by more than chance explains.",
        "Its p-value says how often chance alone would give a difference as large.",
        ("chi-square", "degrees of freedom", "martingale", "conditional variance", "p-value"),
    ),
    Term(
        "percentile",
        "Percentile",
        "The value below which so many of a hundred campaigns lie.",
        "The 5th and the 95th percentile are the ends of a 90% interval.",
        ("percentiles", "percentile"),
    ),
    Term(
        "standard-deviation",
        "Standard deviation",
        "How far values typically lie from their average.",
        "Of an estimate: how far it may typically be off.",
        ("standard deviations", "standard deviation"),
    ),
    Term(
        "delay-shape",
        "Exponential, log-normal",
        (
            "Two shapes that waiting can have: most answers at once and ever fewer later, or hardly any "
            "at first, most within hours, a few after days."
        ),
        "Both are set by how long a typical answer takes.",
        ("exponential", "log-normal"),
    ),
    Term(
        "square-root-scale",
        "Square-root scale",
        "An axis that is stretched near zero, so that small shares can be told apart.",
        "Twice the distance is four times the share.",
        ("square-root scale",),
    ),
    Term(
        "wrap-up",
        "Wrap-up A/B",
        "The end of the campaign is a plain even split, analysed alone.",
        "It shows whether the effect holds once the policy has settled.",
        ("wrap-up a/b", "wrap-up"),
    ),
)

TERMS: Final[Mapping[str, Term]] = {term.slug: term for term in sorted(_LISTED, key=lambda term: term.name.lower())}
"""By name, so that letters with a hyphen in their slug do not change the order."""

_FORMS: Final = {form: term for term in _LISTED for form in term.forms}
_ANY: Final = re.compile(
    r"(?<![\w-])(?:" + "|".join(re.escape(form) for form in sorted(_FORMS, key=len, reverse=True)) + r")(?![\w-])",
    re.IGNORECASE,
)


def anchor(term: Term) -> str:
    """The id of its place in the guide."""
    return f"term-{term.slug}"


def found_in(text: str) -> list[tuple[int, int, Term]]:
    """Where a text names which terms: from, to, and the term; each as often as it is named.

    >>> [(text_part, term.slug) for text_part, term in ((" regret (missed)"[a:b], c) for a, b, c in found_in(" regret (missed)"))]
    [('regret', 'regret')]
    """
    return [(hit.start(), hit.end(), _FORMS[hit.group().lower()]) for hit in _ANY.finditer(text)]
