"""What stakeholders ask. Each answer names a demonstration in which it can be watched; a test looks whether it shows."""

from dataclasses import dataclass
from typing import Final

from components.guide.backing import Item, Read, Seen


@dataclass(frozen=True)
class Question:
    """A question and its answer."""

    slug: str
    asked: str
    answer: Item


def _question(slug: str, asked: str, answer: str, *backed_by: Seen | Read) -> Question:
    return Question(slug, asked, Item(asked, answer, backed_by))


FAQ: Final = (
    _question(
        "too-early",
        "Will it turn learning off too early?",
        (
            "No policy here stops learning by itself. What stops early is a short test: with only 5% of "
            "the list it crowned the wrong line in about a quarter of campaigns, where Thompson sampling,"
            " which keeps some doubt, ended on the right one nearly always."
        ),
        Seen("short-test"),
        Read("russo-2018", "section 3"),
    ),
    _question(
        "stop-rule",
        "And when we do want it to stop?",
        (
            "Use a stop rule with a minimum time. Asked for a 95% chance to be best, and not before 2,000 "
            "sends, it ended the test in nearly every campaign, and on the truly best line in more than 95 of "
            "100 of them. It can still be wrong, and after it nothing is learnt any more."
        ),
        Seen("stop-rule"),
        Read("scott-2010"),
    ),
    _question(
        "slow-starters",
        "Is it fair to slow starters?",
        (
            "Not by itself. A line that starts poorly and becomes the best half-way gets hardly any sends"
            " by then: in about half of the campaigns Thompson sampling did not come back to it in time. "
            "With a "
            "minimum share of 10% it stays in the game, and a policy that forgets then finds it every "
            "time."
        ),
        Seen("slow-starter"),
        Seen("slow-starter-shut-out"),
    ),
    _question(
        "season",
        "What about season?",
        (
            "Take a policy that forgets. Where the best line changed with the hour, sliding-window and "
            "discounted Thompson gained nearly twice as much as Thompson sampling, which sends what was "
            "best on average."
        ),
        Seen("season"),
        Read("trovo-2020"),
    ),
    _question(
        "weekend",
        "Can we not just test first and then send the winner?",
        (
            "You can, if the test covers whole weeks. A test that ran on a weekend crowned the "
            "weekend\u2019s line, and from Monday on it lost more than it had found: it ended below the "
            "even split in every campaign."
        ),
        Seen("wrong-season"),
    ),
    _question(
        "fatigue",
        "What if a line wears out?",
        (
            "Then there is less to find. A line that tires by being sent gives way to a fresh one, so the"
            " traffic spreads by itself, and learning gains only a small part of what it gains while "
            "rates are steady. It did not lose either."
        ),
        Seen("fatigue"),
    ),
    _question(
        "measure",
        "Can we still measure cleanly?",
        (
            "Yes, with a holdout. Its recipients are drawn at random and get the even split, so its rates"
            " are right on average, line by line. The rates of the lines that the policy gave up are too "
            "low, for it gave them up after bad luck."
        ),
        Seen("holdout"),
        Read("nie-2018"),
    ),
    _question(
        "no-difference",
        "What if the lines do not differ at all?",
        (
            "Then nothing is won and nothing is lost: but for luck, policies earned what the even split "
            "earned. But each of them crowned a false winner now and then, so a leader alone is"
            " no finding."
        ),
        Seen("nothing-to-find"),
        Read("kohavi-2020", "chapter 19"),
    ),
    _question(
        "small",
        "Our list is small. Is it worth it?",
        (
            "Perhaps not. With 2,000 sends and 4% against 5%, learning gained a few conversions on "
            "average, and the even split was ahead in about four campaigns of ten. Ask Compare with your "
            "own numbers before you decide."
        ),
        Seen("small-list"),
    ),
    _question(
        "late",
        "Our conversions come days later. Does that break it?",
        (
            "It makes it slower, not wrong. With half of the replies after more than four hours, and a "
            "send that takes a day, about half of the gain was left. Sending more slowly brings more of "
            "it back."
        ),
        Seen("late"),
        Read("chapelle-2014"),
    ),
    _question(
        "batches",
        "We can only decide once a day.",
        (
            "That costs less than one might think. With a decision once in 1,000 sends, Thompson sampling"
            " kept most of its gain, because it splits each batch in proportion to its doubt."
        ),
        Seen("batches"),
        Read("chapelle-2011", "section 3"),
    ),
    _question(
        "audiences",
        "Our audiences differ. Will one winner hurt some of them?",
        (
            "It can. Where two audiences like different lines, a policy that treats all alike found next "
            "to nothing, while one that knows the audience gained about a quarter. Totals can even point "
            "to the wrong line for everybody."
        ),
        Seen("audiences"),
        Seen("paradox"),
        Read("simpson-1951"),
    ),
    _question(
        "cost-of-safety",
        "What do guardrails cost?",
        (
            "Something, and the page says how much. Five guardrails at once took a little less than half "
            "of the gain in this scenario, and left the rest. Each of them has its own price in the list."
        ),
        Seen("guardrails"),
    ),
    _question(
        "one-line",
        "Can one line take everything?",
        ("Only if you let it. A maximum share of 60% held in every campaign, at a cost of about a tenth of the gain."),
        Seen("cap"),
    ),
    _question(
        "complaints",
        "What if a line annoys people?",
        (
            "A pause rule takes it out once its complaints pass your limit, whatever it earns. The line "
            "that drew half as many complaints again as allowed was stopped in nearly every campaign, and"
            " got only a few sends in a hundred."
        ),
        Seen("pause"),
    ),
    _question(
        "opens",
        "We optimise for opens. Is that all right?",
        (
            "Be careful. Where machines open half of the e-mails, and the line with most opens is clicked"
            " least, a policy that learnt from opens earned fewer clicks than an even split, in every "
            "campaign. Learn from what you want to have."
        ),
        Seen("opens"),
    ),
    _question(
        "money",
        "We care about revenue, not orders.",
        (
            "Then say so in the goal. The line with most orders brought the least net value; a policy "
            "that measures the noise of amounts gained several times as much as one that takes an amount "
            "for a yes or no."
        ),
        Seen("money"),
        Read("honda-2014"),
    ),
    _question(
        "proof",
        "Can we prove afterwards what it did?",
        (
            "Yes. Each send is on record with the chance that each line had, the chances add up to one, "
            "and a re-run gives the same digest to the last send."
        ),
        Seen("audit"),
        Read("agarwal-2016"),
    ),
    _question(
        "real",
        "Does this hold for real campaigns, or only for invented ones?",
        (
            "The rates of this one are those of a real shop. On them Thompson sampling would have gained "
            "more than 2,000 visits over an even split of 64,000 customers. It is still a simulation: it "
            "takes the measured rates as true and steady."
        ),
        Seen("real"),
        Read("hillstrom-2008"),
    ),
)
