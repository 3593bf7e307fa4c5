"""What `make audit` says, with the real program asking a service of our own."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.advisories import DEPLOYED, NOT_CHECKED, Verdict, look_up, verdict

ADVISORY = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-0001"],
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}
Answer = Callable[[str], tuple[int, bytes]]
Ask = Callable[..., Verdict]


def nothing_known(_name: str) -> tuple[int, bytes]:
    return 200, b"{}"


def flask_is_hit(name: str) -> tuple[int, bytes]:
    return 200, json.dumps({"vulns": [ADVISORY]} if name == "flask" else {}).encode()


@pytest.fixture
def asked_for() -> list[tuple[str, str]]:
    """The packages and versions that the service was asked for."""
    return []


@pytest.fixture
def ask(tmp_path: Path, asked_for: list[tuple[str, str]]) -> Iterator[Ask]:
    """Look pins up at a service that answers as told."""
    servers: list[ThreadingHTTPServer] = []

    def run(answer: Answer, pins: str | Path = "flask==3.1.3\nclick==8.5.1\n", **options: Any) -> Verdict:
        class Service(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                asked_for.append((question["package"]["name"], question["version"]))
                status, body = answer(question["package"]["name"])
                with contextlib.suppress(ConnectionError):  # who asked may have given up
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return at(server.server_port, pins, **options)

    def at(port: int, pins: str | Path, **options: Any) -> Verdict:
        requirements = pins if isinstance(pins, Path) else tmp_path / "requirements.txt"
        if isinstance(pins, str):
            requirements.write_text(pins, encoding="utf-8")
        return look_up(requirements, "--osv-url", f"http://127.0.0.1:{port}/v1/query", **options)

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def test_every_deployed_package_is_asked_for_in_the_version_that_is_deployed(
    ask: Ask, asked_for: list[tuple[str, str]]
) -> None:
    found = ask(nothing_known, DEPLOYED)
    pins = [line.split()[0] for line in DEPLOYED.read_text("utf-8").splitlines() if line[:1].isalpha()]
    assert sorted("==".join(one) for one in asked_for) == sorted(pins)
    assert found == (True, f"Advisories: none for the {len(pins)} deployed packages.")


def test_an_advisory_fails_with_its_names_and_what_mends_it(ask: Ask) -> None:
    passes, text = ask(flask_is_hit)
    assert not passes
    assert text.splitlines() == ["Advisories:", "flask 3.1.3: CVE-2026-0001, GHSA-aaaa-bbbb-cccc; mended in 99.1."]


def test_where_the_service_is_away_one_line_says_so_and_nothing_fails(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("flask==3.1.3\n", encoding="utf-8")
    with socket.socket() as bound:  # and nobody listens
        bound.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{bound.getsockname()[1]}/v1/query"
        assert look_up(requirements, "--osv-url", address) == (True, NOT_CHECKED)
    assert len(NOT_CHECKED.splitlines()) == 1


def test_a_name_that_nobody_knows_is_a_service_that_is_away(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("flask==3.1.3\n", encoding="utf-8")
    assert look_up(requirements, "--osv-url", "http://nobody.invalid/v1/query") == (True, NOT_CHECKED)


@pytest.mark.parametrize("answer", [(503, b"busy"), (403, b"no"), (200, b"<p>Please sign in.</p>")])
def test_an_answer_of_somebody_else_is_no_answer(ask: Ask, answer: tuple[int, bytes]) -> None:
    assert ask(lambda _name: answer) == (True, NOT_CHECKED)


def test_a_service_that_never_answers_is_not_waited_for(ask: Ask) -> None:
    over = threading.Event()

    def never(_name: str) -> tuple[int, bytes]:
        over.wait()
        return nothing_known("")

    try:
        assert ask(never, most_seconds=3.0) == (True, NOT_CHECKED)
    finally:
        over.set()


def test_what_cannot_be_looked_up_at_all_fails(ask: Ask, asked_for: list[tuple[str, str]]) -> None:
    passes, text = ask(nothing_known, "flask>=3\n")
    assert not passes
    assert "flask" in text
    assert asked_for == []


def test_what_the_service_does_not_know_does_not_count_as_checked() -> None:
    told = {"dependencies": [{"name": "flask", "skip_reason": "nobody knows it"}], "fixes": []}
    assert verdict(json.dumps(told), "") == (True, "Advisories:\nflask: not checked; nobody knows it")


def test_it_is_a_part_of_make_test() -> None:
    makefile = (DEPLOYED.parent / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\ntest:")[2].partition("\n\n")[0]
    assert "audit" in recipe.partition("\n")[2].split()
