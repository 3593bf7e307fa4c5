"""Audit: every send of one campaign, why it went as it did, and how to prove it."""

from components.pages.audit.callbacks import register
from components.pages.audit.layout import RULES, layout
from components.pages.audit.report import OFFER
from engine.logs.work import KIND

JOBS = (KIND,)
"""The kinds of job that the page starts."""

OFFERS = (OFFER,)
"""What can be taken away."""

__all__ = ["JOBS", "OFFERS", "RULES", "layout", "register"]
