"""A/B or bandit: which to use when, and how to report what it brought."""

from typing import Final

from components.guide.backing import Figure, Item, Read, Seen

USE_A_TEST: Final = (
    Item(
        "The answer outlives the campaign",
        (
            "A new price, a new brand voice, a decision that stands for a year: a clean comparison is "
            "worth more than the conversions that it costs."
        ),
        (Read("kohavi-2020", "chapter 2"),),
    ),
    Item(
        "Several measures matter at once",
        (
            "A policy goes for one goal. Where orders, revenue and complaints may point in different "
            "directions, an even split shows all of them undistorted."
        ),
        (Seen("money"),),
    ),
    Item(
        "Nothing is known before it is over",
        (
            "Where everything leaves within minutes, or answers take longer than the send, there is no "
            "time to learn, and a policy is an uneven split at best."
        ),
        (Seen("late"), Read("chapelle-2014")),
    ),
    Item(
        "The list is small",
        (
            "A test of 4% against 5% needs more than 20,000 sends for a power of 95%. With a few thousand neither "
            "way finds the winner reliably; an even split at least says honestly how little is known."
        ),
        (Seen("small-list"), Read("scott-2015")),
    ),
)

USE_A_BANDIT: Final = (
    Item(
        "The lines expire with the campaign",
        (
            "Subject lines of a sale are worth nothing next week. What counts is what this campaign "
            "brings, not what is known afterwards."
        ),
        (Seen("learning-pays"), Read("scott-2015")),
    ),
    Item(
        "There are many lines",
        (
            "An even split over five lines sends four in five e-mails to lines that are not the best. The"
            " more lines, the more a policy saves."
        ),
        (Seen("learning-pays"), Figure("traffic")),
    ),
    Item(
        "Audiences differ",
        (
            "Where groups like different lines, one winner for everybody costs more than any test can "
            "show. A policy that knows the group finds a winner for each."
        ),
        (Seen("audiences"), Read("li-2010")),
    ),
    Item(
        "It runs for long, and rates move",
        (
            "Triggered and recurring e-mails never end. A policy that forgets follows the season; a test "
            "that ended last month does not."
        ),
        (Seen("season"), Read("garivier-2011b")),
    ),
)

REPORTING: Final = (
    Item(
        "Hold some recipients out from the start",
        (
            "A holdout of 5 to 10% gets the even split and teaches nothing. Compare the policy\u2019s "
            "recipients with it: both are random samples of the same list, so the difference is the "
            "uplift."
        ),
        (Seen("holdout"), Read("kohavi-2020", "chapter 2")),
    ),
    Item(
        "End with a wrap-up A/B where you can",
        (
            "The last sends are split evenly and analysed alone. They say whether the winner still wins "
            "at the end, which the totals of a learning campaign cannot."
        ),
        (Seen("guardrails"), Seen("wrong-season")),
    ),
    Item(
        "Never read uplift off the lines\u2019 own rates",
        (
            "After learning, a line\u2019s naive rate is biased, because bad luck stopped its sends and "
            "good luck did not. Report the corrected rates, or the holdout\u2019s."
        ),
        (Figure("rates-corrected"), Read("nie-2018"), Seen("paradox")),
    ),
    Item(
        "Give the interval, its level, and against what",
        (
            "\u201c+4%, 90% interval +1 to +7%, over an even split of the same list\u201d can be checked."
            " \u201cUp 4%\u201d cannot. If the interval includes zero, say that it is not decided."
        ),
        (Figure("leaderboard"), Read("kohavi-2020", "chapter 17")),
    ),
    Item(
        "Look at the sample ratio first",
        (
            "If lines were not sent as often as their chances say, something took recipients away, and no"
            " rate of that campaign can be trusted."
        ),
        (Figure("decision-log"), Read("fabijan-2019")),
    ),
    Item(
        "Say which guardrails were on, and what they cost",
        (
            "A gain under guardrails is smaller than one without. Both numbers belong in the report: what"
            " was earned, and what the safety was worth."
        ),
        (Figure("price-list"), Seen("guardrails")),
    ),
)
