"""What is told of requests: a line each, with nothing in it that a visitor would not want told."""

import logging

import pytest

from app import create_app
from engine import journal
from engine.journal import note_scenario
from engine.presets import DEFAULT, PRESETS
from tests.components.door.asking import PASSWORD, client
from tests.components.door.conftest import Written

CLASSIC = PRESETS[DEFAULT].scenario


def test_a_request_is_a_line(written: Written) -> None:
    client().get("/", headers={"X-Request-Id": "router-0123456789"})
    (line,) = written.requests()
    assert {name: line[name] for name in ("level", "request", "method", "path", "status")} == {
        "level": "info", "request": "router-0123456789", "method": "GET", "path": "/", "status": 200,
    }  # fmt: skip
    assert line["ms"] >= 0
    assert set(line) == {"time", "level", "from", "message", "request", "method", "path", "status", "ms", "visitor"}


@pytest.mark.parametrize("told", ["", "short", "x" * 65, "a b c d e f g", "12345678\u00e9", 'x","level":"none'])
def test_a_number_that_is_none_is_replaced(written: Written, told: str) -> None:
    given = client().get("/", headers={"X-Request-Id": told}).headers["X-Request-Id"]
    assert len(given) == 16
    assert written.requests()[0]["request"] == given


def test_the_router_s_number_comes_back() -> None:
    assert client().get("/no-such", headers={"X-Request-Id": "abcd-1234"}).headers["X-Request-Id"] == "abcd-1234"


def test_what_is_asked_for_and_who_asks_stay_out_of_it(written: Written) -> None:
    asking = client(BTM_PASSWORD=PASSWORD)
    asking.get("/compare?s=1-secret-scenario", headers={"Accept": "text/html", "X-File-Name": "secret-file"})
    asking.post("/sign-in", data={"password": "secret-guess"})
    asking.post("/sign-in", data={"password": PASSWORD})
    asking.post("/take", data=b"secret-rows")
    asking.get("/")
    text = written.getvalue()
    assert "secret" not in text
    assert PASSWORD not in text
    assert "127.0.0.1" not in text
    assert len({line["visitor"] for line in written.requests()}) == 1


def test_a_visitor_is_the_same_in_every_process_that_has_the_same_secret(written: Written) -> None:
    for _ in range(2):
        client(BTM_PASSWORD=PASSWORD).get("/sign-in")
    client(BTM_PASSWORD="another one 2").get("/sign-in")
    first, second, third = (line["visitor"] for line in written.requests())
    assert first == second != third


def test_health_checks_are_quiet(written: Written) -> None:
    asking = client()
    asking.get("/readyz")
    assert written.requests() == []


def test_a_fault_is_told_by_its_kind_and_place_and_not_in_its_words(written: Written) -> None:
    asking = client()

    def fault() -> str:
        try:
            cells: dict[str, str] = {}
            return cells["a cell of somebody's file"]
        except KeyError as error:
            raise ValueError("another cell") from error

    asking.application.add_url_rule("/fault", "fault", fault)
    number = asking.get("/fault?s=secret").headers["X-Request-Id"]
    error = next(line for line in written.lines() if line["level"] == "error")
    assert (error["request"], error["error"], error["because"][0]["error"]) == (number, "ValueError", "KeyError")
    assert any("fault" in place for place in error["where"])
    assert "cell" not in written.getvalue()
    assert "secret" not in written.getvalue()


def test_a_callback_tells_its_place_and_the_scenario_s_digest(written: Written) -> None:
    app = create_app()
    asking = app.server.test_client()
    asking.get("/")
    name, callback = next((name, one) for name, one in app.callback_map.items() if "hero.children" in name)
    values = [{"scenario": CLASSIC.to_dict(), "n": 0}, None]
    places = [{"id": one["id"], "property": one["property"]} for one in callback["inputs"] + callback["state"]]
    told = [one | {"value": value} for one, value in zip(places, values, strict=True)]
    outputs = [{"id": one.component_id, "property": one.component_property} for one in callback["output"]]
    body = {"output": name, "outputs": outputs, "inputs": told[:1], "state": told[1:], "changedPropIds": []}
    assert asking.post("/_dash-update-component", json=body).status_code == 200
    line = written.requests()[-1]
    assert line["scenario"] == CLASSIC.digest()
    assert line["output"].startswith("hero.children and ")
    asking.get("/")
    assert "scenario" not in written.requests()[-1], "a request ends with its notes"


def test_a_scenario_is_noted_where_there_is_no_request_too() -> None:
    note_scenario("abc")
    assert journal.notes() is None


def test_in_the_words_of_others_there_is_no_question_and_no_visitor(written: Written) -> None:
    logging.getLogger("gunicorn.error").error("Error handling request %s", "/compare?s=secret")
    logging.getLogger("gunicorn.error").warning("Invalid request from ip=%s: %s", "203.0.113.1", "no")
    told = [line["message"] for line in written.lines()]
    assert told == ["Error handling request /compare", "Invalid request from ip no"]
