"""The door for files: a place for what can be read, an error for what cannot, and to nobody else what somebody brought."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook

from app import create_app
from components import address, own, uploads
from components.address import GONE, query_of, visit
from engine import LinkError, Scenario, shelf
from engine.presets import DEFAULT, PRESETS
from engine.shelf import Shelf

PLAIN = b"variant,sends,orders\nPlain,1000,40\nPlayful,1000,55\n"
CLASSIC = PRESETS[DEFAULT].scenario
SERVER = create_app().server


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    found = Shelf(tmp_path)
    for module in (own, uploads, address):
        monkeypatch.setattr(module, "shelf", lambda: found)
    yield found
    found.close()


@pytest.fixture
def visitor(held: Shelf) -> FlaskClient:  # noqa: ARG001
    client: FlaskClient = SERVER.test_client()
    return client


def bring(visitor: FlaskClient, content: bytes = PLAIN, name: str = "spring.csv") -> Any:
    return visitor.post(uploads.PATH, data=content, headers={uploads.NAME_HEADER: name})


def seen_by(visitor: FlaskClient) -> Any:
    """A request of the visitor's, in which to ask what they have."""
    cookie = visitor.get_cookie(own.COOKIE)
    headers = {"Cookie": f"{own.COOKIE}={cookie.value}"} if cookie else {}
    return SERVER.test_request_context(headers=headers)


def test_a_file_gets_a_place_for_this_browser_alone(visitor: FlaskClient) -> None:
    answer = bring(visitor)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    place = answer.get_json()["place"]
    said = answer.headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Secure" not in said
    with seen_by(visitor):
        found = own.brought(place)
        assert found is not None
        assert found.filename == "spring.csv"
    with seen_by(SERVER.test_client()):
        assert own.brought(place) is None


def test_over_a_safe_line_the_cookie_keeps_to_safe_lines(visitor: FlaskClient) -> None:
    asked: dict[str, Any] = {"data": PLAIN, "headers": {uploads.NAME_HEADER: "a", "X-Forwarded-Proto": "https"}}
    safe = visitor.post(uploads.PATH, base_url="https://localhost", **asked)
    assert "Secure" in safe.headers["Set-Cookie"]
    pretended = visitor.post(uploads.PATH, **asked)
    assert "Secure" not in pretended.headers["Set-Cookie"], "no router is there whose word counts"


def test_one_browser_keeps_several(visitor: FlaskClient) -> None:
    places = [bring(visitor).get_json()["place"] for _ in range(2)]
    with seen_by(visitor):
        assert all(own.brought(place) for place in places)


def test_names_may_have_all_letters(visitor: FlaskClient) -> None:
    place = bring(visitor, name="Fr%C3%BChling%20%E2%98%80.csv").get_json()["place"]
    with seen_by(visitor):
        found = own.brought(place)
        assert found is not None
        assert found.filename == "Frühling ☀.csv"


def workbook() -> bytes:
    book = Workbook()
    for row in (["Variant", "Sent", "Orders"], ["A", 100, 4], ["B", 90, 7]):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbooks_are_taken(visitor: FlaskClient) -> None:
    assert bring(visitor, workbook(), "spring.xlsx").status_code == 201


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "spring.csv: got an empty file"),
        (b"<html><body>Log in</body></html>", "got a web page, not a table"),
        (b"variant,sends,orders\nA,10,11\nB,10,1\n", "row 2, orders: got 11, more than its 10 sends"),
        (b"a" * 20_000_001, "got 20.0 MB; at most 20 MB are read"),
        (b"PK\x03\x04" + b"\x00" * 50, "got a workbook that is damaged or cut short"),
        (b"\x00\x01\x02" * 400, "got something that is no text"),
    ],
)
def test_others_are_refused_and_not_kept(visitor: FlaskClient, held: Shelf, content: bytes, said: str) -> None:
    answer = bring(visitor, content)
    assert answer.status_code == 422
    assert said in answer.get_json()["error"]
    assert "Set-Cookie" not in answer.headers
    assert held._ask("iterkeys") is None or list(held._ask("iterkeys")) == []


def test_a_request_without_our_header_is_no_upload(visitor: FlaskClient) -> None:
    """Another site's form cannot send it."""
    assert "X-File-Name: missing" in visitor.post(uploads.PATH, data=PLAIN).get_json()["error"]


def test_a_full_server_says_so(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_BYTES_TOGETHER", -1)
    answer = bring(visitor)
    assert answer.status_code == 503
    assert "as many files as it can" in answer.get_json()["error"]


@pytest.mark.parametrize("name", uploads.SAMPLES)
def test_samples_are_read_like_files(visitor: FlaskClient, name: str) -> None:
    answer = visitor.post(f"{uploads.PATH}?sample={name}", headers={uploads.NAME_HEADER: name})
    with seen_by(visitor):
        found = own.brought(answer.get_json()["place"])
        assert found is not None
        assert found.is_shared
        assert found.told["questions"] == []
        assert found.scenario is not None


def test_other_samples_there_are_not(visitor: FlaskClient) -> None:
    answer = visitor.post(f"{uploads.PATH}?sample=../README", headers={uploads.NAME_HEADER: "x"})
    assert answer.status_code == 422
    assert "must be one of two-e-mails-2008" in answer.get_json()["error"]


def test_nothing_of_a_file_is_logged(visitor: FlaskClient) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    root.addHandler(handler)
    before, root.level = root.level, logging.DEBUG
    bring(visitor, PLAIN.replace(b"Playful", b"Secret line"))
    bring(visitor, b"variant,sends,orders\nSecret line,x,y\nB,1,1\n")
    root.removeHandler(handler)
    root.level = before
    assert "Secret" not in written.getvalue()


# In the address


def scenario_of(place: str) -> Scenario:
    found = own.scenario_at(place)
    assert found is not None
    return found


def test_an_address_names_the_place_alone(visitor: FlaskClient) -> None:
    place = bring(visitor).get_json()["place"]
    with seen_by(visitor):
        scenario = scenario_of(place)
        assert query_of(scenario) == f"?c={place}"
        assert visit({"c": place}) == (scenario, None)
        other = scenario.with_changes(seed=7)
        query = query_of(other)
        assert query.startswith(f"?c={place}.")
        assert visit({"c": query.removeprefix("?c=")}) == (other, None)


def test_elsewhere_it_leads_nowhere(visitor: FlaskClient) -> None:
    place = bring(visitor).get_json()["place"]
    with seen_by(SERVER.test_client()):
        assert visit({"c": place}) == (CLASSIC, GONE)
    for nonsense in ("", "../..", ["a"], {"b": 1}, place.upper()):
        assert visit({"c": nonsense}) == (CLASSIC, GONE)


def test_shared_totals_enter_the_address(visitor: FlaskClient, held: Shelf) -> None:
    place = bring(visitor).get_json()["place"]
    with seen_by(visitor):
        found, scenario = own.brought(place), scenario_of(place)
        assert found is not None
        held.share(found, is_shared=True)
        query = query_of(scenario)
        assert query.startswith("?s=")
        assert query.endswith(f"&c={place}")
    with seen_by(SERVER.test_client()):
        assert visit({"s": query.removeprefix("?s=").partition("&")[0], "c": place}) == (scenario, None)


def test_once_deleted_no_address_tells_of_it(visitor: FlaskClient, held: Shelf) -> None:
    place = bring(visitor).get_json()["place"]
    with seen_by(visitor):
        found, scenario = own.brought(place), scenario_of(place)
        assert found is not None
        held.delete(found)
        with pytest.raises(LinkError, match="its file is no longer kept"):
            query_of(scenario.with_changes(seed=9))
        assert query_of(CLASSIC.with_changes(seed=9)).startswith("?s=")
