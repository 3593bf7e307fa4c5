"""What a setting allows, read from its declaration: errors, controls and the guide all say the same."""

import types
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

LONGEST_SHOWN = 60
"""Characters of somebody's input that an error repeats."""
MOST_DIGITS = 20


class Setting(BaseModel):
    """Base of all settings: exact types only, unchangeable, no unknown fields, no infinities."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Knob:
    """One setting, as declared: its kind, range, unit, wording and default.

    `relevant_when` names another setting beside it and the value at which it matters; `needs` what the scenario must have.
    """

    name: str
    kind: Literal["integer", "number", "text", "list", "choice", "switch", "other"]
    title: str
    help: str
    unit: str
    default: Any
    low: float | None
    high: float | None
    above: float | None
    step: float | None
    choices: tuple[str, ...]
    optional: bool
    relevant_when: tuple[str, Any] | None
    needs: str
    symbol: str
    allowed_in_words: str

    @property
    def allowed(self) -> str:
        """Say in words which values are allowed."""
        if self.allowed_in_words:
            return self.allowed_in_words
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "switch":
            return "true or false"
        noun = {"integer": "a whole number", "number": "a number", "text": "text", "list": "a list"}.get(
            self.kind, "a value"
        )
        return " ".join(part for part in (noun, self._range) if part)

    @property
    def _range(self) -> str:
        low = plain(self.low) if self.low is not None else None
        high = plain(self.high) if self.high is not None else None
        if self.kind == "text":
            return f"of {low or 0} to {high} characters" if high else ""
        if self.kind == "list":
            return f"of {low or 0} to {high}" if high else ""
        if self.above is not None:
            return f"above {plain(self.above)}" + (f" and up to {high}" if high else "")
        if low is not None and high is not None:
            return f"from {low} to {high}"
        if low is not None:
            return f"of at least {low}"
        return f"of at most {high}" if high is not None else ""


_NEVER_SEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
"""Soft hyphens and spaces without width; joiners stay, emoji and some scripts need them."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""
_TURNS_TEXT_AROUND = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def readable(text: str) -> str:
    """Return a name with its spaces tidied, in composed letters; refuse what cannot be read or moves the cursor.

    >>> readable("  Free \u200b gift ")
    'Free gift'
    """
    text = " ".join(unicodedata.normalize("NFC", text.translate(_NEVER_SEEN)).split())
    if not any(_is_seen(letter) for letter in text):
        raise PydanticCustomError(
            "sentence", "{text}", {"text": "got only spaces; must be a name that can be read. Type one."}
        )
    if any(_controls(letter) for letter in text):
        raise PydanticCustomError(
            "sentence", "{text}", {"text": "got control characters; must be plain text. Remove them."}
        )
    return text


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cf", "Mn", "Me", "Zs"} and letter not in _BLANKS


def _controls(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} or unicodedata.bidirectional(letter) in _TURNS_TEXT_AROUND


def described(value: Any) -> str:
    """Write a value shortly and without risk: never more than 60 characters, never somebody's own __repr__."""
    if value is None or isinstance(value, bool | int | float | str):
        text = repr(value) if not isinstance(value, int) or abs(value) < 10**MOST_DIGITS else "a number of many digits"
        return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
    return f"a {type(value).__name__}"


def plain(number: float) -> str:
    """Write a bound the way people do.

    >>> plain(1_000_000), plain(0.01), plain(1.0)
    ('1,000,000', '0.01', '1')
    """
    return f"{int(number):,}" if float(number).is_integer() else f"{number:g}"


def knobs(model: type[BaseModel]) -> dict[str, Knob]:
    """Return the settings of a model, in the order of declaration."""
    return {name: knob(name, field) for name, field in model.model_fields.items()}


def knob(name: str, field: FieldInfo) -> Knob:
    """Read one field's declaration."""
    annotation, optional = _without_none(field.annotation)
    bounds = {key: getattr(item, key) for item in field.metadata for key in _BOUNDS if hasattr(item, key)}
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    choices = get_args(annotation) if get_origin(annotation) is Literal else ()
    return Knob(
        name=name,
        kind="choice" if choices else "list" if get_origin(annotation) is tuple else _KINDS.get(annotation, "other"),
        title=field.title or name.replace("_", " ").capitalize(),
        help=field.description or "",
        unit=str(extra.get("unit", "")),
        default=None if field.is_required() else field.get_default(call_default_factory=True),
        low=bounds.get("ge", bounds.get("min_length")),
        high=bounds.get("le", bounds.get("max_length")),
        above=bounds.get("gt"),
        step=_step(extra.get("step")),
        choices=tuple(str(choice) for choice in choices),
        optional=optional,
        relevant_when=_pair(extra.get("relevant_when")),
        needs=str(extra.get("needs", "")),
        symbol=str(extra.get("symbol", "")),
        allowed_in_words=str(extra.get("allowed", "")),
    )


_BOUNDS = ("ge", "le", "gt", "min_length", "max_length")
_KINDS: dict[Any, Literal["integer", "number", "text", "switch"]] = {
    int: "integer",
    float: "number",
    str: "text",
    bool: "switch",
}


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [argument for argument in get_args(annotation) if argument is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return annotation, False


def _pair(condition: Any) -> tuple[str, Any] | None:
    return (str(condition[0]), condition[1]) if isinstance(condition, list) else None


def _step(step: Any) -> float | None:
    return step if isinstance(step, int | float) else None
