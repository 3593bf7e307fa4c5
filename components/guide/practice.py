"""Practical guidance, how to run it for real, and what this application cannot say."""

from typing import Final

from components.guide.backing import Figure, Item, Read, Seen

GUIDANCE: Final = (
    Item(
        "Start with Thompson sampling and an even split beside it",
        (
            "It needs no tuning, and the even split shows what learning was worth. Change policy only if "
            "Compare or the Stress test gives a reason."
        ),
        (Figure("leaderboard"), Read("chapelle-2011")),
    ),
    Item(
        "Send slowly enough to learn",
        (
            "A policy learns from what has arrived. Spread the send over several times the hours in which"
            " most replies come, or it is sent blind."
        ),
        (Seen("late"), Figure("sensitivity")),
    ),
    Item(
        "Let it run over whole weeks, or let it forget",
        (
            "What runs for less than a week measures the days it ran on. What runs for longer meets a "
            "season and needs a window or a discount."
        ),
        (Seen("wrong-season"), Seen("season")),
    ),
    Item(
        "Give every line a minimum share",
        (
            "2 to 5% keep slow starters alive, and make a log from which other policies can be judged "
            "later. It costs little where there are few lines."
        ),
        (Seen("slow-starter"), Figure("price-list"), Read("li-2011")),
    ),
    Item(
        "Write fewer, more different lines",
        (
            "Ten lines that say the same differ by less than luck does. Three that differ clearly can be "
            "told apart within one campaign."
        ),
        (Figure("sensitivity"), Seen("small-list")),
    ),
    Item(
        "Decide by the goal that you have",
        (
            "Opens are made by machines, orders differ in value. The measure that is learnt from is the "
            "measure that grows."
        ),
        (Seen("opens"), Seen("money")),
    ),
    Item(
        "Do not stop because one line is ahead",
        ("A leader after a day is often a lucky one. Wait for the stop rule, or for the interval to exclude zero."),
        (Figure("luck"), Seen("nothing-to-find")),
    ),
    Item(
        "Try it on last year first",
        (
            "Your campaign takes the counts of a past campaign, or a log of decisions, and says what "
            "policies would have earned. It costs nothing to be wrong there."
        ),
        (Seen("real"), Figure("estimates")),
    ),
)

LOOP: Final = (
    Item(
        "Take what is known",
        "Conversions that have arrived since the last decision, each with the send that caused it.",
        (Figure("decision-log"),),
    ),
    Item(
        "Update the policy",
        ("Add trials and conversions, forget what is too old. Its whole memory is some numbers for each line."),
        (Read("russo-2018", "section 3"),),
    ),
    Item(
        "Work out the chances",
        "For each segment the chance of each line, after guardrails. They add up to one.",
        (Figure("why"),),
    ),
    Item(
        "Draw a line for each recipient",
        "With a random number of the recipient\u2019s own, so that a repeat gives the same draw.",
        (Seen("audit"),),
    ),
    Item(
        "Log, then send",
        ("Recipient, time, segment, line, chance, who decided, which version. Written before the send, never after."),
        (Read("agarwal-2016", "section 3"),),
    ),
    Item(
        "Watch",
        ("Sample ratio, drift, complaints, and whether answers still arrive. An alarm falls back to the even split."),
        (Figure("drift"), Read("sculley-2015")),
    ),
)

PRODUCTION: Final = (
    Item(
        "Calibrate before the first send",
        (
            "Take a past campaign, set priors from it with a weight well below one, and try guardrails on"
            " it in the Stress test until their price is acceptable. An earlier campaign of another "
            "season misleads: the page says when its counts and the new ones disagree."
        ),
        (Figure("estimates"), Figure("guardrail-menu"), Read("ibrahim-2000")),
    ),
    Item(
        "Monitor drift, and act on it",
        (
            "Run a change detector on each line\u2019s answers, and set its false alarms to what you can "
            "look into. A change of one line is a reason to forget; a change of all lines at once is "
            "usually the list, the day or the tracking."
        ),
        (Figure("drift"), Read("besson-2022"), Read("gama-2014")),
    ),
    Item(
        "Log for the audit, with propensities",
        (
            "A send without its chance is lost for every later question. Log the chance after guardrails,"
            " not the policy\u2019s own, and keep the version of the rules beside it."
        ),
        (Figure("decision-log"), Read("bottou-2013"), Read("li-2011")),
    ),
    Item(
        "Make it repeatable",
        (
            "Derive randomness from the recipient and the campaign, not from the clock. Then a decision "
            "can be worked out again, and a fault can be told from bad luck."
        ),
        (Seen("audit"),),
    ),
    Item(
        "Keep a way back",
        (
            "If answers stop arriving, or the check of the sample ratio fails, send the even split. It is"
            " always right, only slower."
        ),
        (Read("sculley-2015"), Read("fabijan-2019")),
    ),
)

LIMITS: Final = (
    Item(
        "Recipients do not talk to each other",
        (
            "One recipient\u2019s answer never depends on what another got. Where people forward e-mails "
            "or see each other\u2019s offers, real gains can be smaller or larger."
        ),
        (Read("kohavi-2020", "chapter 22"),),
    ),
    Item(
        "True rates are what you enter",
        (
            "A simulation says what follows from the rates, not whether they are right. Rates from a past"
            " campaign carry their own uncertainty, which Your campaign draws anew in each repeat."
        ),
        (Seen("real"), Figure("line-rates")),
    ),
    Item(
        "Nothing is learnt about the long term",
        (
            "A line that wins today may tire a list over months. Fatigue within a campaign can be "
            "simulated, trust over years cannot."
        ),
        (Seen("fatigue"), Read("kohavi-2020", "chapter 23")),
    ),
    Item(
        "Estimates from a log need overlap",
        (
            "Where the log never sent a line in a group of recipients, no method can say what it would "
            "have earned there. The page says so instead of giving a number."
        ),
        (Figure("estimates"), Read("dudik-2014")),
    ),
    Item(
        "Forecasts are about many campaigns",
        (
            "A policy that is better in 90% of campaigns is worse in one of ten. The spread of the dots "
            "is what can happen to you once."
        ),
        (Figure("luck"), Figure("extra-spread")),
    ),
    Item(
        "The references prove more than you can use",
        (
            "Proofs of regret are for long campaigns and steady rates. At a few thousand sends the "
            "constants decide, which is why everything here is simulated."
        ),
        (Read("lattimore-2020", "chapter 16"), Figure("regret-bands")),
    ),
)
