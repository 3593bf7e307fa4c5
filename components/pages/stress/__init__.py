"""Stress test: how each policy bears what can go otherwise than planned, and what guardrails cost."""

from components.pages.stress.callbacks import register
from components.pages.stress.layout import RULES, layout
from components.pages.stress.menu import MENU, TOGETHER
from components.pages.stress.report import OFFER
from components.pages.stress.work import STRESS

JOBS = (STRESS, MENU, TOGETHER)
"""The kinds of job that the page starts."""

OFFERS = (OFFER,)
"""What can be taken away."""

__all__ = ["JOBS", "OFFERS", "RULES", "layout", "register"]
