"""Real servers for tests and measurements: Redis, workers, the Procfile's web line, an application; and faults."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import psutil
import redis
from werkzeug.serving import make_server

from engine.locations import cache_folder
from engine.settings import settings

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 240.0
PAUSE_SECONDS = 0.05
OWN_VARIABLES = ("REDIS_URL", "BTM_", "NUMBA_", "PORT", "WEB_")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """Look again and again until something holds, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without what sets the program, but with the same machine code."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OWN_VARIABLES)}
    code = settings().machine_code_folder or cache_folder() / "numba"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(code)} | variables


class RedisServer:
    """A Redis of one's own; without a disk, so that what it held is gone when it was stopped."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise RuntimeError("redis-server: found none; install it (Debian: apt-get install redis-server).")
        self._program = found
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for `REDIS_URL`."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> None:
        """Start it, empty."""
        command = [
            self._program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self._folder),
        ]
        self._process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
        until(self.is_there, "Redis answers")

    def is_there(self) -> bool:
        """Whether it answers."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """Take it away, with all it held."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it answer nothing, though it is there."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Yield a Redis that runs."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def served(application: WSGIApplication) -> Iterator[str]:
    """Serve an application from a thread of this process, where a test can reach into it; yields its address."""
    server = make_server("127.0.0.1", 0, _whole(application), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _whole(application: WSGIApplication) -> WSGIApplication:
    """Read an answer and close it before any of it is sent: Werkzeug's server forgets to where the client has left."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        pieces = application(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            getattr(pieces, "close", lambda: None)()

    return answer


@contextmanager
def process_of(line: str, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one line of the Procfile as a host does, in a session of its own, so that a test can kill all of it.

    What follows the line's name is put behind the command.
    """
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    name, _, options = line.partition(" ")
    command = next(text.partition(": ")[2] for text in lines if text.startswith(f"{name}: "))
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"{command} {options}"],
            cwd=ROOT,
            env=environment(**variables),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


@contextmanager
def web(log: Path, **variables: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the web line, and yield its address once it answers."""
    port = variables.pop("PORT", None) or str(free_port())
    with process_of("web", log, PORT=port, **variables) as process:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answer_of(f"{url}/healthz") == (200, "OK"), "the web line answers")
        yield url, process


def busy_seconds(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of a core that a process and what it started have taken."""
    whole = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(one.cpu_times().user for one in whole)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answer_of(url: str, seconds: float = 5.0) -> tuple[int, str]:
    """Return the status and the text that an address answers; 0 where nobody does."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, ""
