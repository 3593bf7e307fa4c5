"""The Time Machine: what an even split did, and what others could have done on the very same recipients."""

from components.pages.time_machine.callbacks import register
from components.pages.time_machine.layout import layout

__all__ = ["layout", "register"]
