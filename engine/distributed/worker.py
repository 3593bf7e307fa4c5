"""The program of a worker: `celery --app engine.distributed.worker worker`. Any number may run, on any machine."""

import logging
import os
import secrets
import threading
from typing import Any, Final

from celery.signals import setup_logging, worker_ready, worker_shutting_down

from engine.distributed.executor import worker_entry
from engine.distributed.line import Line
from engine.distributed.queue import celery_app, task_of
from engine.distributed.roll import Roll
from engine.distributed.working import Worker
from engine.errors import SettingsError
from engine.journal import write_lines
from engine.places import queue_name, shared_line, shared_secret
from engine.presets import DEFAULT, PRESETS
from engine.warming import prepare


def _needed_line() -> Line:
    line = shared_line()
    if line is None:
        raise SettingsError("REDIS_URL: missing; a worker takes its tasks from there. Set it, or start no worker.")
    return line


def _begin(sender: Any, **_: Any) -> None:
    _roll.enter(worker_entry(_name, int(sender.controller.concurrency or 1)))
    first = [policy.name for policy in PRESETS[DEFAULT].scenario.policies]
    threading.Thread(target=prepare, args=(first,), name="warm", daemon=True).start()


def _log(**_: Any) -> None:
    write_lines(logging.WARNING)


def _end(**_: Any) -> None:
    for entry in _roll.own():
        _roll.leave(entry)


app: Final = celery_app(queue_name())
_worker: Final = Worker(_needed_line(), shared_secret())
_roll: Final = Roll(_needed_line(), f"workers:{queue_name()}")
_name: Final = f"{os.getpid()}-{secrets.token_hex(4)}"
task_of(app, _worker.run)

setup_logging.connect(_log, weak=False)
worker_ready.connect(_begin, weak=False)
worker_shutting_down.connect(_end, weak=False)
