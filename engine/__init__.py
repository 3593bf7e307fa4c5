"""Bandit Time Machine's simulator: every policy on the very same recipients. This module is its public door."""

from engine.catalogue import GUARDRAILS, POLICIES, WORLDS
from engine.errors import EngineError, LinkError, ScenarioError, SimulationError
from engine.link import from_link, to_link
from engine.result import Result
from engine.scenario import Scenario
from engine.simulation import simulate
from engine.version import VERSION

__version__ = VERSION

__all__ = [
    "GUARDRAILS",
    "POLICIES",
    "WORLDS",
    "EngineError",
    "LinkError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "from_link",
    "simulate",
    "to_link",
]
