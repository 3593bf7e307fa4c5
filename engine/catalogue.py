"""The three families: every policy, world and guardrail that exists."""

from engine import guardrails, policies, worlds
from engine.guardrail import GuardrailSpec
from engine.policy import PolicySpec
from engine.registry import Registry
from engine.world import WorldSpec

POLICIES: Registry[PolicySpec] = Registry(policies, PolicySpec, "policy")
WORLDS: Registry[WorldSpec] = Registry(worlds, WorldSpec, "world")
GUARDRAILS: Registry[GuardrailSpec] = Registry(guardrails, GuardrailSpec, "guardrail")
