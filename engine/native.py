"""Functions that Numba compiles when a simulation first needs them.

Importing the engine must stay light, so nothing here imports Numba until a compiled function is called. The machine
code is kept on disk, in a folder named after the source it was made from: Numba itself only notices a change in the
file of the compiled function, not in the files of the functions which that one calls. What a build has made
(`engine.machine_code`) is read first.
"""

import logging
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar, overload

from engine.locations import cache_folder
from engine.machine_code import CPU, ENGINE, built_folder, folder_of
from engine.settings import settings

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Native(Generic[P, R]):
    """A typed stand-in for a function that is compiled at first use."""

    def __init__(
        self, function: Callable[P, R], *, on_disk: bool, inline: bool = False, outermost: bool = False
    ) -> None:
        self.function = function
        self._inline = inline
        self._on_disk = on_disk
        self._outermost = outermost
        self._dispatcher: Any = None

    @property
    def dispatcher(self) -> Any:
        """Numba's compiled counterpart; other compiled functions can call it."""
        # Under Numba's own lock and no other: Numba asks for this in the middle of compiling a caller, holding it.
        if self._dispatcher is None:
            with _compiler_lock():
                if self._dispatcher is None:
                    self._dispatcher = self._made()
        return self._dispatcher

    def _made(self) -> Any:
        import numba

        _choose_cpu()
        _teach_numba_addresses()
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
        if self._inline:
            options["forceinline"] = True
        dispatcher = numba.njit(**options)(self.function)
        if self._on_disk:
            _keep(dispatcher, outermost=self._outermost)
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        """Numba reads this when compiled code refers to the function by its name."""
        return self.dispatcher._numba_type_

    def compiled(self, signature: Any) -> Any:
        """Return the dispatcher, compiled (or loaded from disk) for exactly this signature and for no other."""
        with _compiler_lock():
            if signature.args not in self.dispatcher.overloads:
                self.dispatcher.compile(signature)
                # Left open, it would compile itself anew for every function that is passed to it.
                self.dispatcher.disable_compile()
        return self.dispatcher

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the compiled function."""
        result: R = self.dispatcher(*args, **kwargs)
        return result


@overload
def native(function: Callable[P, R], /) -> Native[P, R]: ...
@overload
def native(
    *, on_disk: bool = False, inline: bool = False, outermost: bool = False
) -> Callable[[Callable[P, R]], Native[P, R]]: ...
def native(
    function: Callable[P, R] | None = None, /, *, on_disk: bool = False, inline: bool = False, outermost: bool = False
) -> Any:
    """Mark a function for compilation.

    `on_disk` is for those that Python calls by an explicit signature; `inline` for those that are called for every send
    and take so much that handing it over costs more than the work; `outermost` for large ones that no compiled function
    calls by name: loaded from disk they take a quarter of the memory, and Numba cannot build them into another.
    """
    if function is None:
        return lambda wrapped: Native(wrapped, on_disk=on_disk, inline=inline, outermost=outermost)
    return Native(function, on_disk=on_disk)


def rebound(
    function: Callable[P, R],
    name: str,
    *,
    on_disk: bool = False,
    inline: bool = False,
    outermost: bool = False,
    **meanings: Any,
) -> Native[P, R]:
    """Return a copy of a function in which these global names mean something else; on disk it is known by `name`.

    One text then serves many parts, and each copy is compiled together with its part.
    """
    copy = FunctionType(function.__code__, function.__globals__ | meanings, function.__name__)
    copy.__qualname__ = name
    copy.__module__ = function.__module__
    copy.__dict__["meanings"] = meanings
    return Native(copy, on_disk=on_disk, inline=inline, outermost=outermost)


def _compiler_lock() -> Any:
    """Return the lock that Numba holds while it compiles."""
    # The package first: who asks for a module inside it holds that module while waiting for the package, and the thread
    # that imports the package needs the module.
    import numba  # noqa: F401
    from numba.core.compiler_lock import global_compiler_lock

    return global_compiler_lock


@cache
def _choose_cpu() -> None:
    """Let Numba use what was built, which is for a plain CPU; must come before it compiles or loads anything."""
    if built_folder() is not None:
        import numba

        config: Any = numba.config
        config.CPU_NAME, config.CPU_FEATURES = CPU, ""


def _keep(dispatcher: Any, *, outermost: bool) -> None:
    """Keep a function's machine code on disk: in files of ours that can be moved, else in Numba's own."""
    built, kept = built_folder(), machine_code_folder()
    if dispatcher.py_func.__module__.startswith(f"{ENGINE.name}."):
        try:
            from engine.code_files import keep

            keep(dispatcher, built, kept, outermost=outermost)
        except (ImportError, AttributeError, TypeError) as trouble:
            log.warning("Numba keeps its files otherwise than it did, a build's cannot be used: %r", trouble)
        else:
            return
    if kept is not None:
        dispatcher.enable_caching()


@cache
def machine_code_folder() -> Path | None:
    """Point Numba's cache at a folder that changes whenever any engine source changes; None if none can be written.

    Numba would then go on to folders beside the sources, or refuse to compile at all.
    """
    import numba

    folder = folder_of(settings().machine_code_folder or cache_folder() / "numba")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as trouble:
        if built_folder() is None:
            log.warning("Machine code cannot be kept in %s, every process compiles for itself: %s", folder, trouble)
        return None
    config: Any = numba.config
    config.CACHE_DIR = str(folder)
    return folder


def address_of(array: Any) -> Any:
    """Return a bare pointer to a contiguous array's first element; only compiled code can call this."""
    raise NotImplementedError("Only compiled code can take an address.")


def offset(pointer: Any, count: int) -> Any:
    """Return a bare pointer moved on by so many elements; only compiled code can call this."""
    raise NotImplementedError("Only compiled code can move a pointer.")


@cache
def _teach_numba_addresses() -> None:
    from numba.core import types
    from numba.extending import intrinsic
    from numba.extending import overload as implement

    @intrinsic
    def data_pointer(_context: Any, array: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return context.make_array(signature.args[0])(context, builder, arguments[0]).data

        return types.CPointer(array.dtype)(array), generate

    @intrinsic
    def moved_pointer(_context: Any, pointer: Any, count: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.gep(arguments[0], [arguments[1]])

        return pointer(pointer, count), generate

    # Numba compares bare signatures, and does not take a bare intrinsic for an implementation.
    @implement(address_of, inline="always")
    def _address_of(array):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
        return lambda array: data_pointer(array)  # type: ignore[call-arg]  # noqa: PLW0108

    @implement(offset, inline="always")
    def _offset(pointer, count):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
        return lambda pointer, count: moved_pointer(pointer, count)  # type: ignore[call-arg]  # noqa: PLW0108
