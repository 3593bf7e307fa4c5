"""The families: every policy, world, guardrail and delay that exists."""

from engine import delays, guardrails, policies, worlds
from engine.delay import DelaySpec
from engine.guardrail import GuardrailSpec
from engine.policy import PolicySpec
from engine.registry import Registry
from engine.world import WorldSpec

POLICIES: Registry[PolicySpec] = Registry(policies, PolicySpec, "policy")
WORLDS: Registry[WorldSpec] = Registry(worlds, WorldSpec, "world")
GUARDRAILS: Registry[GuardrailSpec] = Registry(guardrails, GuardrailSpec, "guardrail")
DELAYS: Registry[DelaySpec] = Registry(delays, DelaySpec, "delay")
