"""Validation errors in our own words: field, what was got, what is allowed."""

from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.catalogue import DELAYS, GUARDRAILS, POLICIES, WORLDS
from engine.fields import LONGEST_SHOWN, Knob, described, knobs, plain
from engine.registry import Registry

MOST_PROBLEMS = 20

_FAMILIES: dict[str, Registry[Any]] = {
    "policies": POLICIES,
    "world": WORLDS,
    "guardrails": GUARDRAILS,
    "delay": DELAYS,
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    """Return dotted field path -> sentence, at most twenty, in the order of the fields."""
    problems: dict[str, str] = {}
    details = error.errors(include_url=False)
    for detail in [detail for detail in details if not _follows_from_another(detail, details)][:MOST_PROBLEMS]:
        path, text = _problem(detail, model)
        problems.setdefault(path, text)
    return problems


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list is also called too short when its items are wrong: only the items are worth telling."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == detail["loc"] for other in details
    )


def _problem(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    location = _without_tags(detail["loc"])
    path = ".".join(_shown(part) for part in location)
    if detail["type"] == "sentence":
        return _split_sentence(path, detail["msg"])
    if detail["type"] in ("unknown_name", "not_named"):
        return _unknown_name(path, detail)
    declared = _declared(detail["loc"], model)
    if detail["type"] == "string_unicode" and (declared is None or declared.kind != "text"):
        # Half a character as the name of a field: what is reported is the place of the field, and its name as input.
        return ".".join(part for part in (path, _shown(detail["input"])) if part), "there is no such field. Remove it."
    write = _SENTENCES.get(detail["type"], _not_allowed)
    return path, write(detail, declared)


def _without_tags(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Drop what pydantic adds: a member's name after its family ("policies", 0, "thompson", "alpha"), a union's branch."""
    out: list[int | str] = []
    for place, part in enumerate(location):
        before = location[place - 1] if place else None
        family = _FAMILIES.get(str(location[0])) if location else None
        is_member = (
            family is not None
            and place in (1, 2)
            and (before in ("world", "delay") or isinstance(before, int))
            and part in family
        )
        is_branch = before == "update_every"
        if not (is_member or is_branch):
            out.append(part)
    return tuple(out)


def _shown(part: int | str) -> str:
    """Write one step of a path; a stranger can call a field anything, at any length."""
    text = str(part)
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def _split_sentence(path: str, text: str) -> tuple[str, str]:
    """A check over several fields names the field itself, before a colon."""
    field, colon, rest = text.partition(": ")
    if colon and field.replace("_", "").replace(".", "").isalnum():
        return (f"{path}.{field}" if path else field), rest
    return path, text


def _unknown_name(path: str, detail: ErrorDetails) -> tuple[str, str]:
    context = detail["ctx"]
    if detail["type"] == "not_named":
        return (
            path,
            f"got {described(detail['input'])}; must be a dict with the name of a {context['noun']} and its settings.",
        )
    if not context["choices"]:
        return path, f"got {context['got']}; this version has no {context['noun']}s. Remove it."
    return (
        f"{path}.name",
        f"got {context['got']}; must be one of {context['choices']}. Choose a {context['noun']} that exists.",
    )


def _missing(_detail: ErrorDetails, knob: Knob | None) -> str:
    return f"missing; must be {_allowed(knob)}. Add it."


def _unknown_field(detail: ErrorDetails, _knob: Knob | None) -> str:
    return f"got {described(detail['input'])}; there is no such field. Check the spelling or remove it."


def _too_few(detail: ErrorDetails, _knob: Knob | None) -> str:
    context = detail["ctx"]
    return f"got {context['actual_length']}; at least {context['min_length']} are needed. Add more."


def _too_many(detail: ErrorDetails, _knob: Knob | None) -> str:
    context = detail["ctx"]
    return f"got {context['actual_length'] or 'more'}; at most {context['max_length']} are allowed. Remove some."


def _not_a_list(detail: ErrorDetails, _knob: Knob | None) -> str:
    return f"got {described(detail['input'])}; must be a list. Give a list, even for one."


def _not_a_dict(detail: ErrorDetails, _knob: Knob | None) -> str:
    return f"got {described(detail['input'])}; must be a dict of settings. Give name and values."


def _not_allowed(detail: ErrorDetails, knob: Knob | None) -> str:
    return f"got {described(detail['input'])}; must be {_allowed(knob)}. {_remedy(detail['input'], knob)}"


def _remedy(got: Any, knob: Knob | None) -> str:
    """Say what to enter instead, as exactly as the declaration allows."""
    if knob is None or not isinstance(got, int | float) or isinstance(got, bool):
        return "Change it."
    if knob.low is not None and got < knob.low:
        return f"Enter at least {plain(knob.low)}."
    if knob.above is not None and got <= knob.above:
        return f"Enter more than {plain(knob.above)}."
    if knob.high is not None and got > knob.high:
        return f"Enter at most {plain(knob.high)}."
    return "Change it."


_SENTENCES: dict[str, Callable[[ErrorDetails, Knob | None], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
    "invalid_key": _unknown_field,
    "too_short": _too_few,
    "too_long": _too_many,
    "tuple_type": _not_a_list,
    "model_type": _not_a_dict,
    "model_attributes_type": _not_a_dict,
}


def _allowed(knob: Knob | None) -> str:
    return knob.allowed if knob is not None else "another value"


def _declared(location: tuple[int | str, ...], model: type[BaseModel]) -> Knob | None:
    """Follow a location through the models to the setting that it names."""
    current: Any = model
    found: Knob | None = None
    family: Registry[Any] | None = None
    for part in location:
        if not isinstance(part, str):
            continue
        if _is_model(current) and part in current.model_fields:
            found = knobs(current)[part]
            current = _item_type(current.model_fields[part].annotation)
            family = _FAMILIES.get(part)
        elif family is not None and part in family:
            current = family[part].parameters
    return found


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _item_type(annotation: Any) -> Any:
    arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return _item_type(arguments[0]) if arguments else annotation
