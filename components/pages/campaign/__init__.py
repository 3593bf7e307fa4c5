"""Your campaign: what a file that somebody brings shows, and what every policy would have made of the same recipients."""

from components.comparing import COMPARISON
from components.pages.campaign.callbacks import register
from components.pages.campaign.layout import RULES, layout, other_part
from components.pages.campaign.report import LOG_OFFER, OFFER
from engine.evaluation.work import STUDY

JOBS = (COMPARISON, STUDY)
"""The kinds of job that the page starts."""

OFFERS = (OFFER, LOG_OFFER)
"""What can be taken away."""

__all__ = ["JOBS", "OFFERS", "RULES", "layout", "other_part", "register"]
