"""Scenarios to start from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.scenario import Scenario


@dataclass(frozen=True)
class Preset:
    """A named scenario, a sentence on what it shows, and where its numbers come from.

    `explanation` holds a few plain sentences for those who see the result and wonder.
    """

    name: str
    title: str
    sentence: str
    source: str
    raw: dict[str, Any]
    explanation: str = ""

    @cached_property
    def scenario(self) -> Scenario:
        """The validated scenario."""
        return Scenario.from_dict(self.raw)


_CLASSIC_LINES = (
    "Limited Time Offer!",
    "You Won't Believe This...",
    "Exclusive Deal Inside",
    "Last Chance to Save",
    "Free Gift Waiting",
)

# Kevin Hillstrom's MineThatData e-mail challenge, 2008: 64,000 customers, one of three treatments at random each;
# counted once from the published file: customers, and those who visited the site within two weeks.
_HILLSTROM = {
    "Men's e-mail": (21_307, 3_894),
    "Women's e-mail": (21_387, 3_238),
    "No e-mail": (21_306, 2_262),
}

PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="classic",
            title="Classic",
            sentence="Five subject lines with very different rates: an even split against ε-greedy.",
            source="Rates drawn evenly from 10% to 60% with world seed 42.",
            raw={
                "arms": [{"name": name} for name in _CLASSIC_LINES],
                "world": {"name": "stationary", "draw": "uniform", "low": 0.1, "high": 0.6, "world_seed": 42},
                "policies": [{"name": "ab_split"}, {"name": "epsilon_greedy", "epsilon": 0.1}],
                "sends": 10_000,
                "seed": 42,
            },
        ),
        Preset(
            name="real_campaign",
            title="A real campaign",
            sentence="The e-mail test of a real shop, 2008: 64,000 customers, three treatments, who visited the site.",
            source=(
                "K. Hillstrom, The MineThatData E-Mail Analytics And Data Mining Challenge, 2008: "
                "visits within two weeks."
            ),
            raw={
                "arms": [{"name": name, "rate": visits / sent} for name, (sent, visits) in _HILLSTROM.items()],
                "policies": [
                    {"name": "ab_split"},
                    {"name": "epsilon_greedy", "epsilon": 0.1},
                    {"name": "thompson"},
                ],
                "sends": 64_000,
                "seed": 42,
            },
        ),
        Preset(
            name="small_differences",
            title="Small differences",
            sentence="4% against 5%, and as many sends as a classical test of that difference needs: can a policy gain?",
            source=(
                "S. L. Scott, Multi-armed bandit experiments, Google Analytics Help, 2013: 4% against 5% takes "
                "22,330 observations for a power of 95%."
            ),
            raw={
                "arms": [{"name": "What you send today", "rate": 0.04}, {"name": "The new line", "rate": 0.05}],
                "policies": [
                    {"name": "ab_split"},
                    {"name": "epsilon_greedy", "epsilon": 0.1},
                    {"name": "thompson"},
                ],
                "sends": 22_330,
                "seed": 42,
            },
        ),
        Preset(
            name="nothing_to_find",
            title="Nothing to find",
            sentence="An A/A test: three identical lines. How often does a policy crown a false winner?",
            source="Invented: three lines of 5%.",
            raw={
                "arms": [{"name": f"The same line, copy {copy}", "rate": 0.05} for copy in (1, 2, 3)],
                "policies": [
                    {"name": "ab_split"},
                    {"name": "epsilon_greedy", "epsilon": 0.1},
                    {"name": "thompson"},
                ],
                "sends": 10_000,
                "seed": 42,
            },
        ),
        Preset(
            name="late_conversions",
            title="Late conversions",
            sentence="Half of the replies take more than four hours, and the send takes a day: can a policy still gain?",
            source="Invented: rates of 4% to 6%; half of the conversions come within four hours, nearly all in three days.",
            raw={
                "arms": [
                    {"name": "Order today", "rate": 0.04},
                    {"name": "A gift for you", "rate": 0.05},
                    {"name": "Only this weekend", "rate": 0.06},
                    {"name": "New in our shop", "rate": 0.045},
                ],
                "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy", "epsilon": 0.1}],
                "sends": 20_000,
                "sends_per_hour": 800,
                "delay": {"name": "log_normal", "median_hours": 4.0, "spread": 3.0, "window_hours": 72.0},
                "seed": 42,
            },
            explanation=(
                "A policy learns only from replies that have come, so the first hours are sent nearly blind. It still "
                "gains here, but only about half of what it would gain if every reply came at once. Sending more slowly "
                "gives it more time to learn; sending everything within minutes would leave it none."
            ),
        ),
        Preset(
            name="changing_season",
            title="Changing season",
            sentence="Two weeks in which the best line changes with the hour: policies that forget beat one that does not.",
            source="Invented: three lines of 10%, 10% and 8% over the week, one for mornings, one for evenings and weekends.",
            raw={
                "arms": [
                    {"name": "Good morning", "rate": 0.1},
                    {"name": "For your evening", "rate": 0.1},
                    {"name": "News of the day", "rate": 0.08},
                ],
                "world": {"name": "seasonal", "contrast": 0.6, "start_day": "monday", "start_hour": 8},
                "policies": [
                    {"name": "ab_split"},
                    {"name": "sliding_window_thompson", "window": 2_000},
                    {"name": "thompson"},
                    {"name": "discounted_thompson"},
                ],
                "sends": 60_000,
                "sends_per_hour": 180,
                "seed": 42,
            },
        ),
        Preset(
            name="wrong_season",
            title="Season crowns the wrong line",
            sentence="A test on a weekend crowns the weekend's line, and the week that follows pays for it.",
            source="Invented: 10% and 8.5% over the week; the worse line is the better one at weekends.",
            raw={
                "arms": [{"name": "Plan your week", "rate": 0.1}, {"name": "Time for yourself", "rate": 0.085}],
                "world": {"name": "seasonal", "contrast": 0.4, "start_day": "saturday", "start_hour": 8},
                "policies": [
                    {"name": "ab_split"},
                    {"name": "test_then_winner", "test_share": 0.25},
                    {"name": "sliding_window_thompson", "window": 3_000},
                ],
                "sends": 42_000,
                "sends_per_hour": 250,
                "seed": 42,
            },
            explanation=(
                "Over a whole week line A is better. But the campaign starts on a Saturday, and at weekends line B is "
                "better: a test of the first quarter crowns B, and from Monday on the winner is the wrong one. Run a test "
                "over a whole week, so that every hour has its say; or use a policy that forgets, which follows the change; "
                "or end with a wrap-up A/B, which shows whether the winner still wins."
            ),
        ),
        Preset(
            name="different_audiences",
            title="Different audiences",
            sentence="New subscribers like one line, loyal customers another: what does one winner for everybody cost?",
            source="Invented: lines of about 4% over everybody, from 2.6% to 5.6% in one audience or the other.",
            raw={
                "arms": [
                    {"name": "20% off your first order", "rate": 0.04},
                    {"name": "First look for members", "rate": 0.04},
                    {"name": "Our summer favourites", "rate": 0.038},
                ],
                "segments": {
                    "audience": [
                        {"name": "New subscribers", "share": 0.55, "multipliers": [1.3, 0.7, 1.0]},
                        {"name": "Loyal customers", "share": 0.45, "multipliers": [0.65, 1.4, 1.0]},
                    ]
                },
                "policies": [{"name": "ab_split"}, {"name": "segment_thompson"}, {"name": "thompson"}],
                "sends": 20_000,
                "seed": 42,
            },
            explanation=(
                "Over everybody the three lines are nearly level, so a policy that treats all alike finds next to nothing to "
                "gain, however well it learns. The same policy with a belief for each audience gains about a quarter: it sends "
                "each line to those who like it. An audience is worth telling apart when its best line is another one, not when "
                "it merely converts more."
            ),
        ),
        Preset(
            name="simpsons_paradox",
            title="Simpson’s paradox",
            sentence="A line that looks twice as good in the totals, and would be the wrong one for everybody.",
            source=(
                "Invented: 4% and 2.5% on phones, 10% and 12% on desktops. The effect: E. H. Simpson, The interpretation of "
                "interaction in contingency tables, JRSS B 13, 1951."
            ),
            raw={
                "arms": [
                    {"name": "Tap to see your gift", "rate": 0.04},
                    {"name": "The full catalogue inside", "rate": 0.025},
                ],
                "segments": {
                    "device": [
                        {"name": "Mobile", "share": 0.7},
                        {"name": "Desktop", "share": 0.3, "multipliers": [2.5, 4.8]},
                    ]
                },
                "policies": [{"name": "ab_split"}, {"name": "segment_thompson"}, {"name": "thompson"}],
                "sends": 30_000,
                "seed": 42,
            },
            explanation=(
                "A policy that knows the device sends A to phones and B to desktops, where everything converts more. Its totals "
                "then show B far ahead, although A is the better line for everybody: crowning B from these totals would be "
                "wrong. The totals of a policy that tells recipients apart say whom a line was sent to. Compare lines within "
                "each segment, or in a holdout, which is split evenly."
            ),
        ),
        Preset(
            name="orders_or_money",
            title="Orders or money",
            sentence="The line with most orders brings least: three lines judged by what is left after every cost.",
            source="Invented: orders of 14 to 32, an e-mail for half a cent, 60 lost with each reader who unsubscribes.",
            raw={
                "arms": [
                    {"name": "Everything under 10", "rate": 0.06, "order_value": 14.0},
                    {"name": "Treat yourself", "rate": 0.04, "order_value": 32.0},
                    {"name": "Last chance!!!", "rate": 0.055, "order_value": 26.0, "complaint_rate": 0.006},
                ],
                "money": {"order_value": 25.0, "spread": 0.6, "send_cost": 0.005, "unsubscribe_cost": 60.0},
                "goal": "net_value",
                "policies": [
                    {"name": "ab_split"},
                    {"name": "normal_thompson"},
                    {"name": "thompson"},
                    {"name": "epsilon_greedy", "epsilon": 0.1},
                ],
                "sends": 20_000,
                "seed": 42,
            },
            explanation=(
                "Line A gets most orders and line C most revenue, but A’s orders are small and C drives readers away: after all "
                "costs, B brings most. Money is noisier than orders, for a few large ones move the sum. Thompson for amounts "
                "measures that noise and gains most; plain Thompson takes every amount for as uncertain as a coin and hardly "
                "learns."
            ),
        ),
        Preset(
            name="whose_conversion",
            title="Whose conversion was it?",
            sentence="Six e-mails a reader, and the first one gets the credit: what does the credit rule do to learning?",
            source="Invented: lines of 4% to 7.5%, six e-mails to each of 4,000 readers over a week.",
            raw={
                "arms": [
                    {"name": "We miss you", "rate": 0.04},
                    {"name": "Three ideas for the weekend", "rate": 0.06},
                    {"name": "Your basket is waiting", "rate": 0.075},
                ],
                "recurring": {"recipients": 4_000, "credit": "first_touch", "lookback_hours": 168.0},
                "policies": [{"name": "ab_split"}, {"name": "thompson"}],
                "sends": 24_000,
                "sends_per_hour": 150,
                "seed": 42,
            },
            explanation=(
                "The first e-mail gets the credit for what a later one caused, so good lines share their conversions with "
                "whatever was sent before, and all look nearly alike. Thompson still gains, but would gain far more with credit "
                "to the last e-mail, the one that was answered. First touch can be right where a first contact does the work; "
                "this campaign has no such effect."
            ),
        ),
        Preset(
            name="guardrails_on",
            title="Guardrails on",
            sentence="Burn-in, minimum and maximum share, holdout and wrap-up A/B at once: what does safety cost?",
            source="Invented: rates of 8% to 12%, and guardrails as a careful team would set them.",
            raw={
                "arms": [
                    {"name": "What you always send", "rate": 0.09},
                    {"name": "A question", "rate": 0.1},
                    {"name": "A number", "rate": 0.12},
                    {"name": "A joke", "rate": 0.08},
                ],
                "policies": [{"name": "ab_split"}, {"name": "thompson"}, {"name": "epsilon_greedy", "epsilon": 0.1}],
                "sends": 20_000,
                "guardrails": [
                    {"name": "burn_in", "sends": 200},
                    {"name": "minimum_share", "share": 0.05},
                    {"name": "maximum_share", "share": 0.6},
                    {"name": "holdout", "share": 0.05},
                    {"name": "wrap_up_ab", "share": 0.1},
                ],
                "seed": 42,
            },
            explanation=(
                "Each guardrail keeps some recipients from the policy: it still gains, but clearly less than without them. "
                "What that buys: no line is judged too early or shut out, none takes everything, and two clean "
                "measurements stand beside the result. The price list below says what each of them costs."
            ),
        ),
    )
}

DEFAULT = "classic"


def preset_of(scenario: Scenario) -> str | None:
    """Return the name of the preset that a scenario equals."""
    return next((name for name, preset in PRESETS.items() if preset.scenario == scenario), None)
