"""What visitors brought, each for the one who brought it alone, until a time after the last look at it.

On the shelf lie the file as it came, what it says, and the scenarios that were made of it. Whoever does not name the
owner's token finds nothing, and of the token itself only a hash is kept.
"""

import hashlib
import json
import logging
import os
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, TypeVar

import orjson
from filelock import FileLock, Timeout

from engine.cache import shared
from engine.errors import BusyError, DataError, ScenarioError
from engine.files.decoding import MOST_BYTES, refuse_size
from engine.files.shown import shown
from engine.locations import cache_folder
from engine.reading import LogTold, Told, read_apart, read_log_apart
from engine.scenario import Scenario
from engine.stores import TROUBLES, DiskStore

log = logging.getLogger(__name__)

T = TypeVar("T")

KEPT_SECONDS: Final = 2 * 60 * 60.0
"""After the last look."""
REMEMBERED_SECONDS: Final = 30 * 24 * 60 * 60.0
"""How long it is known, by a hash, that a line is somebody's own, so that no link tells of it once its file is gone."""
MOST_BYTES_TOGETHER: Final = 400_000_000
"""Of all files on the shelf; another one has to wait."""
MOST_WAITING_SECONDS: Final = 30.0
"""For the turn to be read."""
SWEEP_SECONDS: Final = 10 * 60.0
MOST_LETTERS: Final = 120
"""Of a file's name that are kept."""
_PLACE: Final = re.compile(r"([0-9a-f]{20})(?:\.([0-9a-f]{16}))?")
_BLOCK: Final = 1 << 16


@dataclass(frozen=True)
class Brought:
    """A file on the shelf: a campaign, or a log of decisions."""

    identity: str  # 20 hex digits
    owner: str  # hash of the token
    filename: str
    size: int  # bytes
    roles: dict[str, str]  # of columns, as the visitor said
    is_confirmed: bool  # whether the visitor said that the columns were understood
    is_shared: bool  # whether links may carry its names and counts
    campaign: Told | None  # what it says, if it is a campaign
    log: LogTold | None = None  # if it is a log
    is_even: bool = False  # whether the visitor said that a log without chances is of an even split

    @property
    def scenario(self) -> Scenario | None:
        """The campaign as a scenario; None as long as a question about its columns is open, and of a log."""
        raw = None if self.campaign is None else self.campaign["scenario"]
        return None if raw is None else Scenario.from_dict(raw)

    @property
    def told(self) -> Told:
        """What a campaign says; who asks knows that it is one."""
        if self.campaign is None:
            raise TypeError(f"{self.identity} is a log")
        return self.campaign


class Source(NamedTuple):
    """Where the counts in a scenario come from."""

    is_own: bool  # from a file that its owner brought, now or not long ago
    file: Brought | None  # the file, if it is still there


class Shelf:
    """Files by place and owner; thread- and process-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = DiskStore(folder, "brought", eviction_policy="none")

    # Files

    def bring(
        self, owner: str, stream: IO[bytes], filename: str, *, is_shared: bool = False, is_log: bool = False
    ) -> Brought:
        """Read a file, of a campaign or a log of decisions, and keep it, or keep nothing.

        Raises:
            DataError: it cannot be read; names row, column and what to do.
            BusyError: others are being read, or the shelf is full.
        """
        name = os.path.basename(filename.replace("\\", "/"))[-MOST_LETTERS:] or "file"  # noqa: PTH119  # not a path of ours
        self.sweep()
        if (self._ask("volume") or 0) > MOST_BYTES_TOGETHER:
            raise BusyError(
                "file: the server holds as many files as it can. Try again in an hour, or run your own copy."
            )
        with tempfile.NamedTemporaryFile(prefix="brought-", suffix=".tmp") as kept:
            size = _copied(stream, kept, name)
            campaign = log = None
            if is_log:
                log = self._in_turn(lambda: read_log_apart(Path(kept.name), name))
            else:
                campaign = self._in_turn(lambda: read_apart(Path(kept.name), name))
            found = Brought(
                identity=secrets.token_hex(10),
                owner=hashed(owner),
                filename=name,
                size=size,
                roles={},
                is_confirmed=False,
                is_shared=is_shared,
                campaign=campaign,
                log=log,
            )
            kept.seek(0)
            if not self._kept(found, kept):
                raise BusyError("file: the server cannot keep it at the moment. Try again later.")
        return found

    def look(self, place: str, owner: str | None) -> Brought | None:
        """Return what lies at a place, and keep it for longer; None where nothing does for this owner."""
        identity, _ = parted(place)
        if identity is None or owner is None:
            return None
        record = self._get(f"{identity} record")
        if record is None:
            return None
        found = Brought(**orjson.loads(record))
        if not secrets.compare_digest(found.owner, hashed(owner)):
            return None
        for what in ("record", "file"):
            self._ask("touch", f"{identity} {what}", KEPT_SECONDS)
        return found

    def read_again(self, found: Brought, roles: Mapping[str, str], *, is_even: bool = False) -> Brought:
        """Read a file anew with what its owner says of its columns, and of a log whether its split was even.

        Raises:
            DataError: with these roles it cannot be read; what lay there before stays.
            BusyError: others are being read.
        """
        with self._opened_file(found) as file:
            path, name = Path(file.name), found.filename
            if found.campaign is None:
                log = self._in_turn(lambda: read_log_apart(path, name, roles, even=is_even))
                return self._changed(replace(found, log=log, roles=dict(roles), is_confirmed=True, is_even=is_even))
            told = self._in_turn(lambda: read_apart(path, name, roles))
        return self._changed(replace(found, campaign=told, roles=dict(roles), is_confirmed=not told["questions"]))

    def confirm(self, found: Brought) -> Brought:
        """Note that the columns were understood."""
        return self._changed(replace(found, is_confirmed=True))

    def share(self, found: Brought, *, is_shared: bool) -> Brought:
        """Note whether links may carry names and counts."""
        return self._changed(replace(found, is_shared=is_shared))

    def delete(self, found: Brought) -> None:
        """Take a file and all that was made of it away."""
        for name in list(self._ask("iterkeys") or ()):
            if name.startswith(found.identity):
                self._ask("delete", name)

    # Scenarios

    def source_of(self, scenario: Scenario, owner: str | None) -> Source:
        """Return whether counts of one of the owner's files are in a scenario, and that file if it is still there."""
        for line in _lines(scenario) if owner is not None else ():
            identity = self._get(_name_of_line(hashed(str(owner)), *line))
            if identity is not None:
                return Source(is_own=True, file=self.look(identity.decode(), owner))
        return Source(is_own=False, file=None)

    def put_scenario(self, found: Brought, scenario: Scenario) -> str | None:
        """Keep a scenario beside its file, and return its place; None where the disk does not play along."""
        if scenario == found.scenario:
            return found.identity
        digest = scenario.digest()[:16]
        name = f"{found.identity} scenario {digest}"
        content = orjson.dumps(scenario.essentials())
        kept = self._ask("set", name, content, KEPT_SECONDS)
        return f"{found.identity}.{digest}" if kept else None

    def scenario_at(self, place: str, owner: str | None) -> Scenario | None:
        """Return the scenario at a place, for its owner; None where there is none."""
        found = self.look(place, owner)
        _, digest = parted(place)
        if found is None or digest is None:
            return None if found is None else found.scenario
        name = f"{found.identity} scenario {digest}"
        content = self._get(name)
        if content is None:
            return None
        self._ask("touch", name, KEPT_SECONDS)
        try:
            return Scenario.from_dict(orjson.loads(content))
        except ScenarioError:  # of another version
            return None

    # Time

    def sweep(self) -> None:
        """Take away what nobody looked at for long, here and in the answers that were worked out from it."""
        self._ask("expire")

    def close(self) -> None:
        """Close the files; the shelf opens them again when asked."""
        self._store.close()

    # How

    def _in_turn(self, read: Callable[[], T]) -> T:
        """Read a file when it is its turn: reading takes memory, so there is one at a time."""
        lock = self._folder / "locks" / "reading.lock"
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(lock, timeout=MOST_WAITING_SECONDS, thread_local=False):
                return read()
        except Timeout:
            raise BusyError("file: others are being read. Try again in a minute.") from None

    def _kept(self, found: Brought, file: IO[bytes]) -> bool:
        return bool(
            self._ask("set", f"{found.identity} file", file, KEPT_SECONDS, read=True) and self._noted(found),
        )

    def _changed(self, found: Brought) -> Brought:
        self._noted(found)
        return found

    def _noted(self, found: Brought) -> bool:
        for line in _lines(found.scenario) if found.scenario is not None else ():
            self._ask("set", _name_of_line(found.owner, *line), found.identity.encode(), REMEMBERED_SECONDS)
        return bool(self._ask("set", f"{found.identity} record", orjson.dumps(asdict(found)), KEPT_SECONDS))

    def _opened_file(self, found: Brought) -> Any:
        file = self._ask("get", f"{found.identity} file", read=True)
        if file is None:
            raise DataError(f"{shown(found.filename)}: it is no longer kept. Bring it again.")
        return file

    def _get(self, name: str) -> bytes | None:
        content = self._ask("get", name)
        return content if isinstance(content, bytes) else None

    def _ask(self, do: str, *what: Any, **how: Any) -> Any:
        """Ask the store for something; None where the disk does not play along."""
        try:
            return getattr(self._store.opened(), do)(*what, **how)
        except TROUBLES as trouble:
            self._store.gave_trouble(trouble)
            return None


Line = tuple[str, int, int]
"""Name, sends, conversions."""


def _lines(scenario: Scenario) -> list[Line]:
    known = [(arm.name, arm.history) for arm in scenario.arms]
    return [(name, history.sends, history.conversions) for name, history in known if history is not None]


def _name_of_line(owner: str, name: str, sends: int, conversions: int) -> str:
    """Return where it is noted that a line is of a file: a hash, which tells neither name nor counts."""
    return f"line {hashed(json.dumps([owner, name, sends, conversions]))}"


def parted(place: str) -> tuple[str | None, str | None]:
    """Return the file and the scenario that a place names, if it is one.

    >>> parted("0123456789abcdef0123"), parted("0123456789abcdef0123.0123456789abcdef"), parted("x")
    (('0123456789abcdef0123', None), ('0123456789abcdef0123', '0123456789abcdef'), (None, None))
    """
    found = _PLACE.fullmatch(place)
    return (found[1], found[2]) if found else (None, None)


def hashed(token: str) -> str:
    """Return what is kept of an owner's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _copied(stream: IO[bytes], to: IO[bytes], filename: str) -> int:
    """Copy a stream, no further than is read of a file."""
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > MOST_BYTES:
            break
        to.write(block)
    to.flush()
    refuse_size(size, filename)
    return size


@cache
def shelf() -> Shelf:
    """Return this process's door to the shelf that all processes share."""
    return Shelf(cache_folder())


@cache
def keep_sweeping() -> threading.Thread:
    """Sweep from time to time, as long as the process lives; also where nobody comes any more."""

    def sweep() -> None:
        while True:
            shelf().sweep()
            shared().forget_old()
            time.sleep(SWEEP_SECONDS)

    thread = threading.Thread(target=sweep, name="sweep", daemon=True)
    thread.start()
    return thread
