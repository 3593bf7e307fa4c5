"""What every page has for first visits and later ones: the scenarios as cards and those that the browser keeps."""

from components.visit.parts import parts, register

__all__ = ["parts", "register"]
