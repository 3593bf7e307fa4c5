"""Scenarios to start from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.scenario import Scenario


@dataclass(frozen=True)
class Preset:
    """A named scenario, a sentence on what it shows, and where its numbers come from."""

    name: str
    title: str
    sentence: str
    source: str
    raw: dict[str, Any]

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
    )
}

DEFAULT = "classic"


def preset_of(scenario: Scenario) -> str | None:
    """Return the name of the preset that a scenario equals."""
    return next((name for name, preset in PRESETS.items() if preset.scenario == scenario), None)
