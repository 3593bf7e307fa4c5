"""Your campaign: what a file that somebody brings shows, and what every policy would have made of the same recipients."""

from components.comparing import COMPARISON
from components.pages.campaign.callbacks import register
from components.pages.campaign.layout import RULES, layout, other_part
from engine.evaluation.work import STUDY

JOBS = (COMPARISON, STUDY)
"""The kinds of job that the page starts."""

__all__ = ["JOBS", "RULES", "layout", "other_part", "register"]
