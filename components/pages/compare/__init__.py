"""Compare: two to eight policies over many campaigns, a recommendation and how sure it is."""

from components.pages.compare.callbacks import register
from components.pages.compare.layout import RULES, layout

__all__ = ["RULES", "layout", "register"]
