"""The pages, each once: address, name in the bar, layout and callbacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dash import Dash
from dash.development.base_component import Component

from components import running, wording, wording_audit, wording_campaign, wording_compare, wording_stress
from components.controls import editing
from components.controls.editing import Rules
from components.pages import audit, campaign, compare, stress, time_machine


@dataclass(frozen=True)
class Page:
    """What the server needs to know of a page; an empty `nav` leaves it out of the bar.

    `rules` are for the panel, `jobs` are the kinds of job that it starts, `other_part` is what it shows only when there is
    something to show.
    """

    path: str
    title: str
    nav: str
    layout: Callable[..., Component]
    register: Callable[[Dash], None]
    rules: Rules | None
    jobs: tuple[str, ...]
    other_part: Callable[[], Component] | None


def _page(path: str, title: str, module: Any) -> Page:
    rules, jobs = getattr(module, "RULES", None), getattr(module, "JOBS", ())
    return Page(path, title, title, module.layout, module.register, rules, jobs, getattr(module, "other_part", None))


PAGES: Final = (
    _page("/", wording.TIME_MACHINE, time_machine),
    _page("/compare", wording_compare.COMPARE, compare),
    _page("/stress", wording_stress.STRESS, stress),
    _page("/campaign", wording_campaign.CAMPAIGN, campaign),
    _page("/audit", wording_audit.AUDIT, audit),
)


def register(app: Dash) -> None:
    """Connect every page, the panel that they share, and the way to leave their jobs."""
    running.register(app, [kind for page in PAGES for kind in page.jobs])
    for page in PAGES:
        page.register(app)
    editing.register(app, {page.rules.page: page.rules for page in PAGES if page.rules})
