"""Guide: the theory, how to read the charts, guidance, the checklist, questions, the glossary, the references."""

from components.pages.guide.callbacks import register
from components.pages.guide.layout import layout

__all__ = ["layout", "register"]
