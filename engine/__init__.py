"""Bandit Time Machine's simulator: every policy on the very same recipients. This module is its public door."""

from engine.beliefs import chance_to_be_best, expected_loss, value_remaining
from engine.campaign import Campaign, read_campaign, recognise
from engine.catalogue import GUARDRAILS, POLICIES, WORLDS
from engine.comparison import compare, summarise
from engine.decision_log import decision_log
from engine.errors import (
    CountsError,
    DataError,
    EngineError,
    LinkError,
    LogError,
    ScenarioError,
    SimulationError,
    TargetError,
)
from engine.evaluation.evaluate import Estimate, evaluate
from engine.evaluation.uploads import UploadedLog, read_decision_log
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
    "Campaign",
    "CountsError",
    "DataError",
    "EngineError",
    "Estimate",
    "LinkError",
    "LogError",
    "Result",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "TargetError",
    "UploadedLog",
    "chance_to_be_best",
    "compare",
    "decision_log",
    "evaluate",
    "expected_loss",
    "from_link",
    "read_campaign",
    "read_decision_log",
    "recognise",
    "simulate",
    "summarise",
    "to_link",
    "value_remaining",
]
