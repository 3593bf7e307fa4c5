"""Machine code as files that can be moved: Numba's own cache, with other names for its files.

Numba finds what it has compiled by the path of the source; this finds it by the engine's source digest and by the module,
the name and the line of the function. It rests on inner parts of Numba: whoever imports it must do without it when
they have changed.
"""

import hashlib
from pathlib import Path
from types import FunctionType
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache, _Cache, _CacheLocator

from engine.locations import source_digest
from engine.machine_code import ENGINE


def keep(dispatcher: Any, built: Path | None, kept: Path | None, *, outermost: bool) -> None:
    """Let a dispatcher read what was built, and read and write what is kept; either may be missing.

    What is `outermost` is called by no compiled function but by its address.
    """
    function = dispatcher.py_func
    caches = [_files_in(folder, outermost=outermost)(function) if folder else NullCache() for folder in (built, kept)]
    dispatcher._cache = BuiltAndKept(*caches)  # noqa: SLF001  # Numba has no other way to hand it one


class BuiltAndKept(_Cache):
    """What was built comes first and is never written; all else is kept elsewhere."""

    def __init__(self, built: Any, kept: Any) -> None:
        self._built = built
        self._kept = kept

    @property
    def cache_path(self) -> str | None:
        """The folder that is read first."""
        path: str | None = self._built.cache_path or self._kept.cache_path
        return path

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature, or None."""
        found = self._built.load_overload(sig, target_context)
        return self._kept.load_overload(sig, target_context) if found is None else found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled."""
        self._kept.save_overload(sig, data)

    def enable(self) -> None:
        """Read and write again."""
        self._built.enable()
        self._kept.enable()

    def disable(self) -> None:
        """Neither read nor write."""
        self._built.disable()
        self._kept.disable()

    def flush(self) -> None:
        """Forget what is kept."""
        self._kept.flush()


def _files_in(folder: Path, *, outermost: bool) -> Any:
    """Return Numba's cache class for files in this folder."""

    class InFolder(Locator):
        where = folder

    class Rules(CompileResultCacheImpl):
        _locator_classes: list[type[object]] = [InFolder]  # noqa: RUF012  # as in the class above it

        def rebuild(self, target_context: Any, payload: Any) -> Any:
            loaded = super().rebuild(target_context, payload)  # type: ignore[no-untyped-call]
            return _lighter(loaded) if outermost else loaded

    class Files(FunctionCache):
        _impl_class = Rules

    return Files


def _lighter(loaded: Any) -> Any:
    """Drop what is needed only to compile this function into another: three quarters of a loop's memory."""
    for part in ("_shared_module", "_compiled_object"):
        if hasattr(loaded.library, part):
            setattr(loaded.library, part, None)
    return loaded


class Locator(_CacheLocator):
    """Where the files of one function lie, and what they are made from."""

    where: Path

    def __init__(self, function: FunctionType, file: str) -> None:
        self._py_file = file  # Numba names it in a warning
        self._name = f"{function.__module__}-{function.__code__.co_firstlineno}{_bound(function)}"

    @classmethod
    def from_function(cls, function: FunctionType, file: str) -> "Locator":
        """Return the locator of a function."""
        return cls(function, file)

    def get_cache_path(self) -> str:
        """The folder."""
        return str(self.where)

    def get_source_stamp(self) -> str:
        """What the files are made from: any engine file may be compiled into them."""
        return source_digest(ENGINE)

    def get_disambiguator(self) -> str:
        """What tells functions of one name apart."""
        return self._name


def _bound(function: Any) -> str:
    """Return what tells copies of one text apart in which global names mean different things."""
    meanings = getattr(function, "meanings", None)
    return f"-{hashlib.sha256(_told(meanings).encode()).hexdigest()[:8]}" if meanings else ""


def _told(meanings: dict[str, Any]) -> str:
    """Write down what names mean: functions by their places, all else as it prints."""
    return ", ".join(f"{name}={_place(meaning)}" for name, meaning in sorted(meanings.items()))


def _place(meaning: Any) -> str:
    function = getattr(meaning, "function", meaning)
    if not callable(function):
        return repr(meaning)
    return f"{function.__module__}.{function.__qualname__}({_told(getattr(function, 'meanings', {}))})"
