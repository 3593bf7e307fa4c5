"""Delays of conversions, one a file."""
