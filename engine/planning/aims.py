"""What a plan is to reach, and what is believed before it."""

from typing import Any, Self

from pydantic import Field, ValidationError

from engine.errors import PlanError
from engine.fields import Setting
from engine.money import HIGHEST_VALUE
from engine.problems import problems_of


class Aims(Setting):
    """What a team wants of a test, beside its scenario."""

    right: float = Field(
        default=0.9,
        ge=0.5,
        le=0.999,
        title="Be right in",
        description="Share of campaigns in which the line that looks best at the end should be the right one.",
        json_schema_extra={"unit": "of campaigns"},
    )
    favourite: float = Field(
        default=0.5,
        ge=0,
        le=1,
        title="Sure of a favourite",
        description="How sure you are, before any test, that the line you would send untested is the best one.",
    )

    worth: float | None = Field(
        default=None,
        gt=0,
        le=HIGHEST_VALUE,
        title="A conversion is worth",
        description="In your currency; left empty, the plan counts conversions alone. A scenario with money has its own.",
    )

    @classmethod
    def from_dict(cls, raw: Any) -> Self:
        """Return the aims that a plain dict describes.

        Raises:
            PlanError: anything is unknown, of the wrong type or out of range.

        >>> Aims.from_dict({"right": 2.0})
        Traceback (most recent call last):
        engine.errors.PlanError: right: got 2.0; must be a number from 0.5 to 0.999. Enter at most 0.999.
        """
        if not isinstance(raw, dict):
            raise PlanError({"": f"got {type(raw).__name__}; must be a dict with right and favourite."})
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise PlanError(problems_of(error, cls)) from None
