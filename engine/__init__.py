"""Bandit Time Machine's simulator: every policy on the very same recipients. This module is its public door."""

from engine.beliefs import chance_to_be_best, expected_loss, value_remaining
from engine.catalogue import GUARDRAILS, POLICIES, WORLDS
from engine.comparison import compare, summarise
from engine.errors import CountsError, EngineError, LinkError, ScenarioError, SimulationError
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
    "CountsError",
    "EngineError",
    "LinkError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "chance_to_be_best",
    "compare",
    "expected_loss",
    "from_link",
    "simulate",
    "summarise",
    "to_link",
    "value_remaining",
]
