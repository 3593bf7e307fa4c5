"""Audit: every send of one campaign, why it went as it did, and how to prove it."""

from components.pages.audit.callbacks import register
from components.pages.audit.layout import RULES, layout
from engine.logs.work import KIND

JOBS = (KIND,)
"""The kinds of job that the page starts."""

__all__ = ["JOBS", "RULES", "layout", "register"]
