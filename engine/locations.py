"""Where what can be made again is kept, and which source it was made from."""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from engine.settings import settings


def cache_folder() -> Path:
    """Return the folder for cached results and machine code: `BTM_CACHE_DIR`, else one in the user's cache."""
    chosen = settings().cache_folder
    if chosen:
        return chosen
    try:
        home = Path.home()
    except RuntimeError:  # a container without a home
        home = Path("/nonexistent")
    base = os.environ.get("XDG_CACHE_HOME") or (home / ".cache" if os.access(home, os.W_OK) else tempfile.gettempdir())
    return Path(base) / "bandit-time-machine"


@cache
def source_digest(package: Path) -> str:
    """Return the sha256 of all source below a folder, in a fixed order."""
    sources = sorted(package.rglob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
