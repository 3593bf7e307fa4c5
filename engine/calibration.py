"""A campaign that somebody ran as a scenario: its lines, as many sends, and rates as far as its counts tell them."""

from typing import Any

from engine.campaign import Campaign
from engine.scenario import MOST_SENDS, Scenario


def calibrated(campaign: Campaign, **fields: Any) -> Scenario:
    r"""Return the scenario in which every campaign has rates of its own, drawn from what the counts leave open.

    So the file's own uncertainty is carried through all results.

    Args:
        campaign: the counts.
        fields: of the scenario, such as `policies` or `sends`; left out, an even split against Thompson sampling over as
            many sends as the campaign had.

    Raises:
        ScenarioError: fields that do not fit.

    >>> from engine.campaign import read_campaign
    >>> found = calibrated(read_campaign(b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n", "test.csv"))
    >>> found.sends, found.rates(0, found.replications).mean(axis=0).round(3).tolist()
    (2000, [0.041, 0.056])
    """
    lines = zip(campaign.arms, campaign.sends.tolist(), campaign.conversions.tolist(), strict=True)
    raw = {
        "arms": [{"name": name, "history": {"sends": sends, "conversions": won}} for name, sends, won in lines],
        "world": {"name": "stationary", "redraw": True},
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": min(int(campaign.sends.sum()), MOST_SENDS),
    }
    return Scenario.from_dict(raw | fields)
