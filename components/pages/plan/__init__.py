"""Plan: how many sends it takes to pick the right line, what testing earns on the way, and when not to test."""

from components.pages.plan.callbacks import register
from components.pages.plan.layout import RULES, layout
from components.pages.plan.report import OFFER
from components.pages.plan.work import GRID, PLAN

JOBS = (PLAN, GRID)
"""The kinds of job that the page starts."""

OFFERS = (OFFER,)
"""What can be taken away."""

__all__ = ["JOBS", "OFFERS", "RULES", "layout", "register"]
