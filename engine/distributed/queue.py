"""The queue between web and workers: Celery, with Redis as its broker. A message is nothing but a task's name."""

from collections.abc import Callable
from typing import Any, Final

from celery import Celery
from kombu.exceptions import OperationalError

from engine.distributed.line import ANSWER_SECONDS, CONNECT_SECONDS, QUEUE_PREFIX, certificates
from engine.executor import available_cores
from engine.settings import settings
from engine.stores import AwayError

RUN: Final = "run"
"""The name of the one task that workers know."""

VISIBLE_AGAIN_SECONDS: Final = 60
"""What a worker took and did not finish goes back into the queue after so long."""


def celery_app(queue: str) -> Celery:
    """Return the Celery application of a queue."""
    found = settings()
    url = "memory://" if found.redis_url is None else found.redis_url.get_secret_value()
    app = Celery("bandit-time-machine", broker=url, set_as_current=False)
    app.conf.update(
        task_default_queue=queue,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,  # answers take another way: see the executor
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_pool="threads",
        worker_concurrency=found.worker_tasks or available_cores(),
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_use_ssl=certificates(url, trusts_any=found.redis_trusts_any),
        broker_transport_options={
            "visibility_timeout": VISIBLE_AGAIN_SECONDS,
            "socket_timeout": ANSWER_SECONDS,
            "socket_connect_timeout": CONNECT_SECONDS,
            "retry_on_timeout": False,
            "global_keyprefix": QUEUE_PREFIX,
        },
        task_publish_retry=False,
    )
    return app


def sender(queue: str) -> Callable[[str], None]:
    """Return a function that asks the workers of a queue to run a task."""
    app = celery_app(queue)

    def send(identity: str) -> None:
        try:
            app.send_task(RUN, args=[identity], queue=queue, ignore_result=True)
        except (OperationalError, OSError) as trouble:
            raise AwayError("The queue cannot be reached.") from trouble

    return send


def task_of(app: Celery, run: Callable[[str], Any]) -> None:
    """Let workers of an application run tasks so."""
    app.task(name=RUN)(run)
