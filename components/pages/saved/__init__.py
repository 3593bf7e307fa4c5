"""Two saved scenarios side by side: what differs, and what every policy made of either."""

from components.pages.saved.callbacks import register
from components.pages.saved.layout import layout, other_part

__all__ = ["layout", "other_part", "register"]
