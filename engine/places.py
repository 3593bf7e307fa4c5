"""Where this process keeps answers and notes, and where its jobs run: a folder and threads, or Redis and its workers.

What the environment says is all that decides; nothing else differs.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from engine.board import Board, DiskBoard, SharedBoard
from engine.executor import Executor, ThreadExecutor, available_cores
from engine.locations import cache_folder, source_digest
from engine.settings import settings
from engine.stores import AnswerStore

if TYPE_CHECKING:
    from engine.distributed.line import Line


def answer_store() -> AnswerStore | Path:
    """Return where answers are kept; a folder, or a store of another kind."""
    line = shared_line()
    if line is None:
        return cache_folder()
    from engine.distributed.answers import RedisAnswers

    megabytes = settings().redis_megabytes
    return RedisAnswers(line, None if megabytes is None else megabytes * 1_000_000)


def board() -> Board:
    """Return what jobs of all processes know of one another."""
    line = shared_line()
    if line is None:
        return DiskBoard(cache_folder())
    from engine.distributed.board import RedisNotes

    return SharedBoard(RedisNotes(line))


def executor() -> Executor:
    """Return where tasks run."""
    line = shared_line()
    if line is None:
        return ThreadExecutor()
    from engine.distributed.executor import RemoteExecutor
    from engine.distributed.queue import sender

    return RemoteExecutor(line, sender(queue_name()), shared_secret(), queue_name())


def hands() -> int:
    """Return how many tasks the workers that are there run at the same time; AwayError when Redis is away."""
    line = shared_line()
    if line is None:
        return available_cores()
    from engine.distributed.executor import hands_of
    from engine.distributed.roll import Roll

    return sum(map(hands_of, Roll(line, f"workers:{queue_name()}").present()))


def shared_line() -> "Line | None":
    """Return the line to the Redis that all processes share, if the environment names one."""
    url = settings().redis_url
    if url is None:
        return None
    # What a process without Redis does not need, it does not load.
    from engine.distributed.line import line_to

    return line_to(url.get_secret_value())


def shared_secret() -> str:
    """Return what only web and workers know, by which they know each other."""
    found = settings()
    secret = found.secret_key or found.redis_url
    return "" if secret is None else secret.get_secret_value()


def queue_name() -> str:
    """Return the queue of the processes that run this very source and share a secret: others would not understand."""
    secret = hashlib.sha256(b"queue " + shared_secret().encode()).hexdigest()
    return f"btm-{source_digest(Path(__file__).parent)[:8]}-{secret[:8]}"
