"""Words to paste: verdict, how sure, scenario and link, in four sentences or so."""

from components.report.text import text
from tests.components.report.reports import EVIL, GIVEN, report


def test_it_has_the_verdict_the_uncertainty_the_scenario_and_the_link() -> None:
    assert text(report(), GIVEN).splitlines() == [
        f"Use {EVIL}.",
        "90% interval, +1 to +3.",
        "Scenario: 2 subject lines, 1,000 sends, A/B split and ε-greedy; 1 guardrail; seed 42.",
        "See and repeat it: https://example.test/compare?s=token",
    ]


def test_what_is_private_has_a_digest_instead_of_a_link() -> None:
    said = text(report(is_private=True), GIVEN)
    assert said.endswith("Result 9f3c…e71a, version 0.1.0.")
    assert "https" not in said
