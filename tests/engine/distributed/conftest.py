"""A real Redis for these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.distributed.line import Line
from tests.servers import RedisServer, redis_server


@pytest.fixture(scope="session")
def one_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis that all tests of this process share."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def line(one_redis: RedisServer) -> Iterator[Line]:
    """A line to a Redis that is there, and empty."""
    line = Line(one_redis.url)
    line.ask(lambda redis: redis.flushall())
    yield line
    line.close()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that a test may kill."""
    with redis_server(tmp_path) as server:
        yield server
