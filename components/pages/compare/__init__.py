"""Compare: two to eight policies over many campaigns, a recommendation and how sure it is."""

from components.comparing import COMPARISON
from components.pages.compare.callbacks import register
from components.pages.compare.layout import RULES, layout
from components.pages.compare.prices import PRICES
from components.pages.compare.report import OFFER
from components.pages.compare.strips import STRIPS

JOBS = (COMPARISON, STRIPS, PRICES)
"""The kinds of job that the page starts."""

OFFERS = (OFFER,)
"""What can be taken away."""

__all__ = ["JOBS", "OFFERS", "RULES", "layout", "register"]
