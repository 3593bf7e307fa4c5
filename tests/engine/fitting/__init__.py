"""Tests of the engine's estimates from single recipients."""
