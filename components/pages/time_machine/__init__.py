"""The Time Machine: what an even split did, and what others could have done on the very same recipients."""

from components.pages.time_machine.callbacks import register
from components.pages.time_machine.layout import RULES, layout
from components.pages.time_machine.report import OFFER

OFFERS = (OFFER,)
"""What can be taken away."""

__all__ = ["OFFERS", "RULES", "layout", "register"]
