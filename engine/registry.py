"""Families of interchangeable parts, found by scanning their folder: adding one is adding a file."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from engine.fields import Setting, described


class Spec(Protocol):
    """What every member of a family declares as `SPEC`."""

    @property
    def name(self) -> str:
        """The slug, equal to the file's name."""
        ...

    @property
    def parameters(self) -> type[Setting]:
        """The model of its settings."""
        ...


S = TypeVar("S", bound=Spec)


class Registry(Mapping[str, S], Generic[S]):
    """Name -> spec of one family, in a stable order (alphabetical)."""

    def __init__(self, package: ModuleType, kind: type[S], noun: str) -> None:
        self.noun = noun
        self._specs = {spec.name: spec for spec in _scan(package, kind)}

    def __getitem__(self, name: str) -> S:
        return self._specs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def __repr__(self) -> str:
        return f"<{self.noun}s: {', '.join(self._specs)}>"


def _scan(package: ModuleType, kind: type[S]) -> Iterator[S]:
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        spec = getattr(module, "SPEC", None)
        if not isinstance(spec, kind):
            raise TypeError(f"{module.__name__} must define SPEC, a {kind.__name__}; got {spec!r}.")
        if spec.name != found.name:
            raise TypeError(
                f"{module.__name__}: SPEC.name is {spec.name!r}; it must be the file's name, links depend on it."
            )
        yield spec


class OneOf:
    """Annotation for a field that holds the parameters of one member, told apart by its `name`."""

    def __init__(self, registry: Registry[Any]) -> None:
        self.registry = registry

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        models = {name: handler.generate_schema(spec.parameters) for name, spec in self.registry.items()}
        chosen = core_schema.tagged_union_schema(models, discriminator="name") if models else core_schema.any_schema()
        return core_schema.no_info_before_validator_function(
            self._check_name, chosen, serialization=core_schema.plain_serializer_function_ser_schema(_dump)
        )

    def _check_name(self, value: Any) -> Any:
        name = value.get("name") if isinstance(value, dict) else getattr(value, "name", None)
        if not isinstance(value, dict | Setting):
            raise PydanticCustomError("not_named", "{noun}", {"noun": self.registry.noun})
        if not isinstance(name, str) or name not in self.registry:
            choices = ", ".join(self.registry)
            context = {"noun": self.registry.noun, "got": described(name), "choices": choices}
            raise PydanticCustomError("unknown_name", "{noun} {got} {choices}", context)
        return value


def _dump(value: Setting) -> dict[str, Any]:
    return value.model_dump(mode="json")
