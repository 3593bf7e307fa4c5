"""The way from a report back to its page."""

from typing import NamedTuple

from components.address import PLACE_ALONE, query_of
from engine import LinkError, Scenario


class WayBack(NamedTuple):
    """A path with its query, None where no address can hold the scenario, and whether it opens for the visitor alone."""

    address: str | None
    is_private: bool


def way_back(path: str, scenario: Scenario, **choices: str) -> WayBack:
    """Return the way to a page that shows a scenario, with what the page keeps beside it."""
    try:
        query = query_of(scenario, opening=None)
    except LinkError:
        return WayBack(None, is_private=False)
    more = "".join(f"&{name}={value}" for name, value in choices.items())
    return WayBack(f"{path}{query}{more}", is_private=query.startswith(PLACE_ALONE))
