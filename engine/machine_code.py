"""The machine code that a build has made: it lies beside the program, moves along with it, and is only ever read.

A host builds in one place and runs in another, on another kind of CPU and perhaps where nothing can be written. So what a
build compiles is for a plain CPU and is found by the engine's source, not by where that source lies. A list made at the
end of the build names every file with its digest: a folder that is not whole, or was made from another source, by another
compiler or for another kind of machine, is left alone, and everything is compiled as if it were not there.
"""

import hashlib
import json
import logging
import platform
import sys
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from engine.locations import source_digest
from engine.settings import settings

log = logging.getLogger(__name__)

ENGINE: Final = Path(__file__).parent
BUILT: Final = ENGINE.parent / ".machine-code"
LIST: Final = "complete.json"
CPU: Final = "generic"
"""What a build compiles for: any CPU of the machine's architecture."""


@dataclass(frozen=True)
class Maker:
    """All that machine code depends on besides the function itself."""

    source: str
    python: str
    numba: str
    llvmlite: str
    machine: str
    cpu: str


def maker() -> Maker:
    """Return what a build would be made by, here and now."""
    return Maker(
        source=source_digest(ENGINE),
        python=str(sys.implementation.cache_tag),
        numba=version("numba"),
        llvmlite=version("llvmlite"),
        machine=f"{sys.platform}-{platform.machine()}",
        cpu=CPU,
    )


def built_folder() -> Path | None:
    """Return the folder of this source's machine code if a build has made it and it can be used, else None."""
    return None if settings().machine_code_folder else _checked(BUILT)


@cache
def _checked(built: Path) -> Path | None:
    if not built.is_dir():
        return None
    try:
        trouble = _trouble(built)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as unreadable:
        trouble = f"it cannot be read ({unreadable!r})"
    if trouble:
        log.warning("The machine code in %s is not used, and all is compiled anew: %s.", built, trouble)
        return None
    return folder_of(built)


def _trouble(built: Path) -> str | None:
    """Say why a folder cannot be used, or None."""
    asked = settings().cpu
    if asked not in {None, CPU}:
        return f"it is for a plain CPU, and NUMBA_CPU_NAME asks for {asked}"
    told: dict[str, Any] = json.loads((built / LIST).read_text("utf-8"))
    other = [name for name, value in asdict(maker()).items() if told["maker"].get(name) != value]
    if other:
        return f"it was made for another {' and '.join(other)}"
    wrong = [name for name, digest in told["files"].items() if _digest(folder_of(built) / name) != digest]
    return f"{wrong[0]} is not as it was made" if wrong else None


def complete(built: Path) -> int:
    """List what a build has made, without which nothing of it is used; return how many bytes it takes."""
    paths = sorted(folder_of(built).iterdir())
    text = json.dumps({"maker": asdict(maker()), "files": {path.name: _digest(path) for path in paths}}, indent=0)
    (built / LIST).write_text(text, "utf-8")
    return sum(path.stat().st_size for path in paths)


def folder_of(base: Path) -> Path:
    """Return the folder for machine code of this source, within one for that of any source."""
    return base / source_digest(ENGINE)[:16]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
