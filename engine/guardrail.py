"""The contract of a guardrail: a promise that holds at every send, whatever the policy."""

from dataclasses import dataclass

from engine.fields import Setting


class GuardrailParameters(Setting):
    """What the settings of every guardrail share."""

    name: str


@dataclass(frozen=True)
class GuardrailSpec:
    """A guardrail as the registry sees it."""

    name: str
    title: str
    plain: str
    parameters: type[GuardrailParameters]
