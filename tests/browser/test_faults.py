"""What goes wrong with machines and networks, done to real processes: what the visitor sees, and that nothing is lost."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from components.address import query_of
from engine import Scenario
from tests.servers import answer_of, free_port, kill, process_of, redis_server, until, web

pytestmark = pytest.mark.browser

PATIENCE_MS = 240_000
HOST = "127.0.0.1"
QUICK = Scenario.from_dict(
    {
        "arms": [{"name": "Plain", "rate": 0.1}, {"name": "Personal", "rate": 0.4}],
        "policies": [{"name": "ab_split"}, {"name": "thompson"}],
        "sends": 1_000,
        "replications": 100,
    }
)
LONG = QUICK.with_changes(sends=100_000, replications=1_000)
SLOW_CLIENTS = 40
FILE = b"variant,sends,orders\nPlain,900,90\nPersonal,800,30\n"


def open_compare(page: Page, url: str, scenario: Scenario) -> None:
    page.goto(f"{url}/compare{query_of(scenario)}")


def expect_finished(page: Page, campaigns: int) -> None:
    expect(page.locator("#progress strong")).to_have_text(f"{campaigns:,} campaigns", timeout=PATIENCE_MS)


def counted(page: Page) -> int:
    found = re.match(r"([\d,]+) of", page.locator("#progress strong").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def some_are_there(page: Page) -> int:
    expect(page.locator("#progress strong")).to_have_text(re.compile(r"^[1-9][\d,]* of "), timeout=PATIENCE_MS)
    return counted(page)


def sent(url: str, content: bytes) -> socket.socket:
    """Begin a request, and leave it there."""
    client = socket.create_connection((HOST, int(url.rpartition(":")[2])), timeout=30)
    client.sendall(content)
    return client


# Slow clients, and those that leave


class Place(NamedTuple):
    """A web process, and where it writes."""

    url: str
    folder: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """What clients do harm to, one after the other."""
    folder = tmp_path_factory.mktemp("clients")
    with web(folder / "log", BTM_CACHE_DIR=str(folder / "cache")) as (url, _):
        yield Place(url, folder)


def test_clients_that_send_slowly_keep_nobody_waiting(place: Place) -> None:
    head = b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "
    body = b"POST /_dash-update-component HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n{"
    large = b"POST /campaign-files HTTP/1.1\r\nHost: here\r\nX-File-Name: a.csv\r\nContent-Length: 9000000\r\n\r\n"
    slow = [sent(place.url, (head, body, large + bytes(70_000))[n % 3]) for n in range(SLOW_CLIENTS)]
    for _ in range(3):
        assert answer_of(f"{place.url}/healthz", seconds=30.0) == (200, "OK")
        assert answer_of(place.url, seconds=30.0)[0] == 200
    for client in slow:
        client.close()


def test_a_head_that_never_ends_is_not_waited_for(place: Place) -> None:
    client = sent(place.url, b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ")
    with client, suppress(ConnectionResetError):
        assert client.recv(1) == b""


def test_a_request_in_several_pieces_is_answered(place: Place) -> None:
    client = sent(place.url, b"POST /jobs/leave HTTP/1.1\r\nHost: here\r\nContent-Le")
    for piece in (b"ngth: 17\r\nConnection: close\r\n", b"\r\n", b'{"visitor"', b':"ann1"}'):
        client.sendall(piece)
    with client:
        assert client.recv(100).startswith(b"HTTP/1.1 204")


def test_who_sends_far_too_much_hears_so(place: Place) -> None:
    """Rather than a line that is cut off in the middle of sending."""
    head = (
        b"POST /_dash-update-component HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 20000000\r\n\r\n"
    )
    with sent(place.url, head + bytes(20_000_000)) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_clients_that_leave_do_no_harm(place: Place) -> None:
    for content in (
        b"GET / HTTP/1.1\r\nHost: here\r\n\r\n",
        b"POST /campaign-files HTTP/1.1\r\nHost: here\r\nX-File-Name: a.csv\r\nContent-Length: 9000000\r\n\r\n" + FILE,
        b"POST /_dash-update-component HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n{",
        b"",
    ):
        for _ in range(12):
            sent(place.url, content).close()
    assert answer_of(f"{place.url}/readyz", seconds=30.0) == (200, '{"ready":true}')
    assert "Traceback" not in (place.folder / "log").read_text("utf-8")
    incoming = place.folder / "cache"
    until(lambda: not any(path.is_file() for path in incoming.rglob("incoming/*")), "nothing of theirs is left")


# The disk


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """A disk of a megabyte, where this user may make one; else a folder."""
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
        ).returncode
    )
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_costs_only_what_would_be_kept(tmp_path: Path, page: Page) -> None:
    with (
        tiny_disk(tmp_path / "disk") as disk,
        web(tmp_path / "log", BTM_CACHE_DIR=str(disk / "cache")) as (url, _),
    ):
        open_compare(page, url, QUICK)
        expect_finished(page, 100)
        fill(disk)
        open_compare(page, url, QUICK.with_changes(seed=2))
        expect_finished(page, 100)
        page.goto(url)
        page.wait_for_selector("#main h1")
        page.goto(f"{url}/campaign")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose a file").click()
        chooser.value.set_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": FILE})
        expect(page.locator("#main")).to_contain_text("cannot keep it at the moment", timeout=PATIENCE_MS)
        assert answer_of(f"{url}/readyz")[0] == 503


def fill(disk: Path) -> None:
    """Leave no room; on a disk of usual size, let nothing be written any more."""
    if os.statvfs(disk).f_blocks * os.statvfs(disk).f_frsize > 2**21:
        pytest.skip("only root can make a disk that is soon full")
    with (disk / "filling").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_cache_folder_that_is_deleted_is_made_again(tmp_path: Path, page: Page) -> None:
    cache = tmp_path / "cache"
    with web(tmp_path / "log", BTM_CACHE_DIR=str(cache)) as (url, _):
        open_compare(page, url, QUICK)
        expect_finished(page, 100)
        shutil.rmtree(cache)
        open_compare(page, url, QUICK.with_changes(seed=3))
        expect_finished(page, 100)
        assert answer_of(f"{url}/readyz") == (200, '{"ready":true}')
        assert cache.is_dir()


# The web process


def test_a_web_process_that_is_killed_in_the_middle_of_a_job_loses_nothing(tmp_path: Path, page: Page) -> None:
    port, cache = str(free_port()), str(tmp_path / "cache")
    with web(tmp_path / "log", PORT=port, BTM_CACHE_DIR=cache) as (url, process):
        open_compare(page, url, LONG)
        before = some_are_there(page)
        kill(process)
        expect(page.locator("html.server-away")).to_have_count(1, timeout=PATIENCE_MS)
        with web(tmp_path / "log", PORT=port, BTM_CACHE_DIR=cache):
            expect(page.locator("html.server-away")).to_have_count(0, timeout=PATIENCE_MS)
            until(lambda: counted(page) >= before or page.locator("#progress .is-running").count() == 0, "it goes on")
            expect_finished(page, 1_000)


# Redis and workers


def test_a_visitor_reads_what_is_away_and_loses_nothing(tmp_path: Path, page: Page) -> None:
    variables = {"BTM_CACHE_DIR": str(tmp_path / "cache")}
    with redis_server(tmp_path) as redis:
        variables["REDIS_URL"] = redis.url
        with web(tmp_path / "web.log", **variables) as (url, _):
            assert answer_of(f"{url}/readyz") == (503, '{"ready":false,"problems":["worker"]}')
            with process_of("worker", tmp_path / "worker.log", **variables):
                until(lambda: answer_of(f"{url}/readyz")[0] == 200, "a worker is there")
                open_compare(page, url, LONG)
                before = some_are_there(page)
                redis.kill()
                told = page.locator("#progress .hint")
                expect(told).to_contain_text("What is done is kept, and it goes on by itself", timeout=PATIENCE_MS)
                assert counted(page) >= before
                assert '"Redis"' in answer_of(f"{url}/readyz", seconds=30.0)[1]
                redis.start()
                expect_finished(page, 1_000)
        with web(tmp_path / "other.log", **variables) as (url, _):
            # Another web process, without a worker: the answer lies in Redis.
            open_compare(page, url, LONG)
            expect_finished(page, 1_000)
