"""How often an address may ask, with a real Redis, without one, and with one that does not answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage

from components import uploads
from components.door import rates
from components.door.rates import Counter
from tests.components.door.asking import BY_HAND, PASSWORD, client
from tests.components.door.conftest import Written
from tests.servers import free_port, redis_server

FEW = RateLimitItemPerMinute(3)
A_FEW = {"BTM_REQUESTS_A_MINUTE": "60"}
HERE = "127.0.0.1"


SLACK = 2
"""Two counters slide less than exactly: where a minute ends in between, as many more are let through."""


def refused_within(limit: int, ask: Callable[[], int]) -> bool:
    """Whether all below a limit are let through, and one soon above it is not."""
    return all(ask() != 429 for _ in range(limit)) and any(ask() == 429 for _ in range(SLACK + 1))


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


def test_above_the_limit_the_answer_is_429_with_a_sentence_and_a_time() -> None:
    asking = client(**A_FEW)
    assert refused_within(60, lambda: asking.get("/").status_code)
    answer = asking.get("/")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.get_json()["error"] == "Too many requests came from your network. Wait a moment, then go on."
    by_hand = asking.get("/", headers=BY_HAND)
    assert (by_hand.status_code, by_hand.mimetype) == (429, "text/html")
    assert "Too many requests came from your network." in by_hand.text


def test_each_address_has_its_own_count() -> None:
    asking = client(BTM_PROXIES="1", **A_FEW)
    assert refused_within(60, lambda: asking.get("/", headers={"X-Forwarded-For": "203.0.113.1"}).status_code)
    assert asking.get("/", headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 200


def test_who_says_to_be_another_is_counted_as_oneself() -> None:
    asking = client(BTM_PROXIES="1", **A_FEW)
    said = (f"198.51.100.{n}, 203.0.113.1" for n in range(100))
    assert refused_within(60, lambda: asking.get("/", headers={"X-Forwarded-For": next(said)}).status_code)


class Watched(MemoryStorage):
    """Notes whether two threads are in it at once, which it does not bear: it would start one timer twice."""

    met = threading.Event()
    inside = 0

    def acquire_sliding_window_entry(self, *args: Any, **kwargs: Any) -> bool:
        type(self).inside += 1
        if self.inside > 1:
            self.met.set()
        self.met.wait(0.2)  # in vain where the other is kept out
        try:
            return super().acquire_sliding_window_entry(*args, **kwargs)
        finally:
            type(self).inside -= 1


def test_threads_count_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MemoryStorage", Watched)
    counter, start = Counter(), threading.Barrier(2)

    def ask(_: int) -> int:
        start.wait()
        return counter.seconds_to_wait(RateLimitItemPerMinute(2), "all", "one")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(2))) == [0, 0]
    assert not Watched.met.is_set()
    assert counter.left(RateLimitItemPerMinute(2), "all", "one") == 0


def test_assets_and_health_checks_cost_nothing() -> None:
    asking = client(**A_FEW)
    for path in ("/assets/a", "/healthz", "/readyz"):
        assert 429 not in {asking.get(path).status_code for _ in range(31)}
    assert asking.get("/").status_code == 200


def test_attempts_to_sign_in_and_files_have_tighter_limits() -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    assert refused_within(10, lambda: asking.post("/sign-in", data={"password": "guess"}).status_code)
    assert asking.post("/sign-in", data={"password": PASSWORD}).status_code == 429, "not even with the right one"
    assert asking.get("/sign-in").status_code == 200
    bringing = client()
    assert refused_within(rates.UPLOADS_AN_HOUR, lambda: bringing.post(uploads.PATH).status_code)
    assert "many files" in bringing.post(uploads.PATH).get_json()["error"]


def test_processes_that_share_a_redis_share_the_count(redis_url: str) -> None:
    one, other = Counter(redis_url), Counter(redis_url)
    asked = [counter.seconds_to_wait(FEW, "shared", "a") for counter in (one, other, one)]
    assert asked == [0, 0, 0]
    assert other.seconds_to_wait(FEW, "shared", "a") > 0
    assert other.seconds_to_wait(FEW, "shared", "b") == 0


@pytest.fixture
def silent_redis() -> Iterator[str]:
    """It takes connections and says nothing."""
    with socket.socket() as silent:
        silent.bind((HERE, 0))
        silent.listen()
        yield f"redis://user:secret-of-redis@{HERE}:{silent.getsockname()[1]}/0"


def test_without_an_answer_from_redis_the_process_counts_by_itself(silent_redis: str, written: Written) -> None:
    counter = Counter(silent_redis)
    assert refused_within(3, lambda: 429 if counter.seconds_to_wait(FEW, "all", "a") else 200)
    told = [line["message"] for line in written.lines()]  # threads of other tests may speak of a Redis of theirs
    assert sum("counted in this process alone" in text for text in told) == 1  # one attempt, not one a request
    assert "secret-of-redis" not in written.getvalue()


def test_a_redis_that_is_gone_stops_nobody() -> None:
    asking = client(REDIS_URL=f"redis://{HERE}:{free_port()}/0")
    assert asking.get("/").status_code == 200
