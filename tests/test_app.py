"""The server's promises: addresses, headers, caching, compression, and independence of two applications."""

import gzip
import re
import struct
from pathlib import Path

import brotli
import psutil
import pytest
from flask import Flask
from plotly.offline import get_plotlyjs_version
from werkzeug.test import Client, TestResponse

import app as application
from components.pages import PAGES, Page

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def server() -> Flask:
    built: Flask = application.create_app().server
    return built


class Visitor:
    """Asks through the WSGI door, so that WhiteNoise takes part, and closes what it gets."""

    def __init__(self, server: Flask) -> None:
        self._client = Client(server.wsgi_app, TestResponse)

    def get(self, path: str, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(path, headers=named, buffered=True)


@pytest.fixture
def client(server: Flask) -> Visitor:
    return Visitor(server)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_page_answers(client: Visitor, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/html")


@pytest.mark.parametrize("path", ["/no-such-page", "/compare/no/such", "/not-found", "/favicon.ico", "/..%2fetc"])
def test_unknown_addresses_answer_404_with_the_whole_shell(client: Visitor, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert 'id="react-entry-point"' in response.text


@pytest.mark.parametrize("path", ["/healthz", "/_dash-layout", "/_dash-dependencies", "/assets/js/theme.js"])
def test_what_is_no_page_is_left_alone(client: Visitor, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_health_check_is_plain(client: Visitor) -> None:
    assert client.get("/healthz").text == "OK"


def test_a_page_carries_language_description_and_security_headers(client: Visitor) -> None:
    response = client.get("/")
    assert '<html lang="en"' in response.text
    assert '<meta name="description" content="' in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_tells_its_title_and_a_preview_before_any_script_runs(client: Visitor, page: Page) -> None:
    text = client.get(f"{page.path}?s=secret").text
    assert f"<title>{page.title} - Bandit Time Machine</title>" in text
    told = dict(re.findall(r'<meta property="([a-z:]+)" content="([^"]*)">', text))
    assert told["og:title"] == f"{page.title} - Bandit Time Machine"
    assert told["og:image"].startswith("http://localhost/assets/preview.png?m=")
    assert "secret" not in str(told)
    image = client.get(told["og:image"].removeprefix("http://localhost"))
    width, height = struct.unpack(">II", image.data[16:24])
    assert (image.mimetype, width, height) == ("image/png", 1_200, 630)
    assert len(image.data) < 300_000


def test_head_scripts_run_before_those_of_dash(client: Visitor) -> None:
    text = client.get("/").text
    places = [text.index(name) for name in ("js/theme.js", "js/plotly-url.js", "_dash-component-suites")]
    assert places == sorted(places)
    assert text.count("js/theme.js") == 1


def test_no_placeholder_is_left(client: Visitor) -> None:
    assert re.findall(r"__\w+__", client.get("/").text) == []


def test_every_asset_a_page_names_is_there_and_stays_for_a_year(client: Visitor) -> None:
    addresses = re.findall(r'(?:src|href)="(/assets/[^"]+)"', client.get("/").text)
    assert len(addresses) > 5
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "immutable" in response.headers["Cache-Control"], address


def test_an_asset_that_has_not_changed_is_not_sent_again(client: Visitor) -> None:
    first = client.get("/assets/js/shell.js", accept_encoding="br")
    assert first.headers["Content-Encoding"] == "br"
    again = client.get("/assets/js/shell.js", accept_encoding="br", if_none_match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_unstamped_assets_stay_for_a_day_only(client: Visitor) -> None:
    assert client.get("/assets/icons/plus.svg").headers["Cache-Control"] == "public, max-age=86400"


def test_an_asset_is_closed_before_the_server_sends_it(server: Flask) -> None:
    """Werkzeug's own server closes nothing where a browser resets its connection."""
    with server.test_request_context("/assets/icons/plus.svg"):
        answer = server.full_dispatch_request()
        assert answer.data.startswith(b"<svg")
        assert "plus.svg" not in {Path(one.path).name for one in psutil.Process().open_files()}


def test_the_vendored_plotly_is_of_plotlys_own_version() -> None:
    assert (ROOT / "assets" / application.PLOTLY).is_file()
    assert get_plotlyjs_version().encode() in (ROOT / "assets" / application.PLOTLY).read_bytes()[:200]


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_vendored_files_are_served_compressed(client: Visitor, coding: str) -> None:
    response = client.get(f"/assets/{application.PLOTLY}", accept_encoding=coding)
    assert response.headers["Content-Encoding"] == coding
    assert len(response.data) < 520_000


@pytest.mark.parametrize("path", sorted((ROOT / "assets" / "vendor").rglob("*.min.*s")), ids=lambda path: path.name)
def test_compressed_files_hold_the_same_as_the_plain_ones(path: Path) -> None:
    plain = path.read_bytes()
    assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == plain
    assert brotli.decompress(Path(f"{path}.br").read_bytes()) == plain


def test_every_vendored_thing_has_its_licence() -> None:
    for folder in (ROOT / "assets" / "vendor").iterdir():
        assert (folder / "LICENSE").is_file(), folder


def test_what_dash_makes_is_compressed(client: Visitor) -> None:
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        assert client.get(path, accept_encoding="br").headers["Content-Encoding"] == "br"


def test_two_applications_live_side_by_side() -> None:
    first, second = application.create_app(), application.create_app()
    assert first.server is not second.server
    for built in (first, second):
        assert Visitor(built.server).get("/").status_code == 200


def test_the_module_gives_one_server() -> None:
    assert application.server is application.server
    assert isinstance(application.server, Flask)


def test_the_module_gives_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sever'"):
        _ = application.sever
