"""No delay: every conversion is known at once."""

from typing import Literal

from engine.delay import DelayParameters, DelaySpec


class Parameters(DelayParameters):
    """No settings."""

    name: Literal["none"]


SPEC = DelaySpec(
    name="none",
    title="Known at once",
    plain="Every conversion is known before the next e-mail leaves.",
    parameters=Parameters,
)
