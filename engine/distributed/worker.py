"""The program of a worker: `celery --app engine.distributed.worker worker`. Any number may run, on any machine."""

import logging
import os
import secrets
import sys
import threading
import time
from functools import cache
from typing import Any, Final

from celery.signals import setup_logging, worker_init, worker_ready, worker_shutting_down

from engine.distributed.executor import worker_entry
from engine.distributed.hearing import LOOK_SECONDS, Hearing
from engine.distributed.line import QUEUE_PREFIX, Line
from engine.distributed.queue import celery_app, task_of
from engine.distributed.roll import Roll
from engine.distributed.working import Worker
from engine.errors import SettingsError
from engine.journal import write_lines
from engine.places import queue_name, shared_line, shared_secret
from engine.presets import DEFAULT, PRESETS
from engine.stores import AwayError
from engine.warming import prepare

log = logging.getLogger(__name__)

NO_REDIS: Final = "REDIS_URL: missing; a worker takes its tasks from there. Set it, or start no worker."


@cache
def _line() -> Line:
    line = shared_line()
    if line is None:
        raise SettingsError(NO_REDIS)
    return line


@cache
def _worker() -> Worker:
    return Worker(_line(), shared_secret())


@cache
def _roll() -> Roll:
    return Roll(_line(), f"workers:{queue_name()}")


@cache
def _hearing() -> Hearing:
    queue = f"{QUEUE_PREFIX}{queue_name()}"
    return Hearing(lambda: int(_line().ask(lambda redis: redis.llen(queue))))


def _run(identity: str) -> None:
    try:
        with _hearing().taken():
            _worker().run(identity)
    except AwayError:
        log.info("Redis went away during a task: whoever asked asks again.")


def _look(**_: Any) -> None:
    try:
        _line()
    except SettingsError as missing:
        raise SystemExit(str(missing)) from None  # an error would only be logged, and the worker wait for ever


def _begin(sender: Any, **_: Any) -> None:
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    _roll().enter(worker_entry(name, int(sender.controller.concurrency or 1)))
    first = [policy.name for policy in PRESETS[DEFAULT].scenario.policies]
    threading.Thread(target=prepare, args=(first,), name="warm", daemon=True).start()
    threading.Thread(target=_listen, name="hearing", daemon=True).start()


def _listen() -> None:
    while not _hearing().is_deaf():
        time.sleep(LOOK_SECONDS)
    log.warning("Messages wait, and this worker does not hear them: it starts anew.")
    _leave()
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606  # the very command that this process was started with


def _log(**_: Any) -> None:
    write_lines(logging.WARNING)


def _end(**_: Any) -> None:
    _leave()


def _leave() -> None:
    for entry in _roll().own():
        _roll().leave(entry)


app: Final = celery_app(queue_name())
task_of(app, _run)

setup_logging.connect(_log, weak=False)
worker_init.connect(_look, weak=False)
worker_ready.connect(_begin, weak=False)
worker_shutting_down.connect(_end, weak=False)
