"""The pages, each once: address, name in the bar, layout and callbacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dash import Dash
from dash.development.base_component import Component

from components import (
    running,
    wording,
    wording_audit,
    wording_campaign,
    wording_compare,
    wording_guide,
    wording_plan,
    wording_saved,
    wording_stress,
)
from components.controls import editing
from components.controls.editing import Rules
from components.pages import audit, campaign, compare, guide, plan, saved, stress, time_machine
from components.report import door
from components.report.door import Offer


@dataclass(frozen=True)
class Page:
    """What the server needs to know of a page; an empty `nav` leaves it out of the bar.

    `rules` are for the panel, `jobs` are the kinds of job that it starts, `offers` are what can be taken away, `other_part` is
    what it shows only when there is something to show.
    """

    path: str
    title: str
    nav: str
    layout: Callable[..., Component]
    register: Callable[[Dash], None]
    rules: Rules | None
    jobs: tuple[str, ...]
    offers: tuple[Offer, ...]
    other_part: Callable[[], Component] | None


def _page(path: str, title: str, module: Any, *, in_bar: bool = True) -> Page:
    rules, jobs, offers = getattr(module, "RULES", None), getattr(module, "JOBS", ()), getattr(module, "OFFERS", ())
    other_part, nav = getattr(module, "other_part", None), title if in_bar else ""
    return Page(path, title, nav, module.layout, module.register, rules, jobs, offers, other_part)


PAGES: Final = (
    _page("/", wording.TIME_MACHINE, time_machine),
    _page("/compare", wording_compare.COMPARE, compare),
    _page("/stress", wording_stress.STRESS, stress),
    _page("/plan", wording_plan.PLAN, plan),
    _page("/campaign", wording_campaign.CAMPAIGN, campaign),
    _page("/audit", wording_audit.AUDIT, audit),
    _page("/saved", wording_saved.SIDE_BY_SIDE, saved, in_bar=False),
    _page("/guide", wording_guide.GUIDE, guide),
)


def register(app: Dash) -> None:
    """Connect every page, the panel that they share, and the way to leave their jobs."""
    running.register(app, [kind for page in PAGES for kind in page.jobs])
    for page in PAGES:
        page.register(app)
    door.register(app, [offer for page in PAGES for offer in page.offers])
    editing.register(app, {page.rules.page: page.rules for page in PAGES if page.rules})
