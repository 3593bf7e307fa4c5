"""Whatever somebody sends to the callbacks, the answer is no 500, and pages go on as before."""

import copy
import random
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app

APP = create_app()
PATH = "/_dash-update-component"
NONSENSE: list[Any] = [
    None,
    True,
    -1,
    1e308,
    "",
    "x",
    [],
    {},
    [[]],
    {"id": 1},
    "..",
    {"scenario": {"arms": 3}, "n": "x"},
    [[1]],
]


@pytest.fixture
def client() -> FlaskClient:
    found: FlaskClient = APP.server.test_client()
    found.get("/")
    return found


def asked(name: str) -> dict[str, Any]:
    """A body as a page sends it, with no values."""
    callback = APP.callback_map[name]
    outputs = callback["output"] if isinstance(callback["output"], list) else [callback["output"]]
    told = [{"id": _identity(one.component_id), "property": one.component_property} for one in outputs]
    return {
        "output": name,
        "outputs": told if name.startswith("..") else told[0],
        "inputs": [one | {"value": None} for one in _places(callback["inputs"])],
        "state": [one | {"value": None} for one in _places(callback["state"])],
        "changedPropIds": [],
    }


def _identity(identity: Any) -> Any:
    return {key: str(part) for key, part in identity.items()} if isinstance(identity, dict) else identity


def _places(told: list[Any]) -> list[dict[str, Any]]:
    return [{"id": one["id"], "property": one["property"]} for one in told]


def server_callbacks() -> list[str]:
    return [name for name, callback in APP.callback_map.items() if "callback" in callback]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"123", b'"x"', b"{}", b'{"output":1}', b'{"output":"x.y","inputs":[]}', b"\xff\xfe",
        b'{"output":"..","outputs":[],"inputs":[],"changedPropIds":[]}', b"[" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(PATH, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert b"Traceback" not in answer.data


@pytest.mark.parametrize("part", ["outputs", "inputs", "state", "changedPropIds"])
def test_a_question_with_a_wrong_part_is_refused(client: FlaskClient, part: str) -> None:
    whole = asked(next(name for name in server_callbacks() if APP.callback_map[name]["state"]))
    mistakes: list[Any] = [None, 1, "x", {}, [1], [[]] * 9]
    for wrong in mistakes:
        assert client.post(PATH, json=whole | {part: wrong}).status_code == 400


def test_whatever_stands_in_it_there_is_no_500(client: FlaskClient) -> None:
    draw = random.Random(5)
    for name in server_callbacks():
        for _ in range(6):
            body = copy.deepcopy(asked(name))
            for one in (*body["inputs"], *body["state"]):
                one["value"] = draw.choice(NONSENSE)
            body["changedPropIds"] = [f"{one['id']}.{one['property']}" for one in body["inputs"][:1]]
            assert client.post(PATH, json=body).status_code in {200, 204, 400}, (name, body)
    assert client.get("/").status_code == 200


KEEPERS = ("shown.data", "campaign-place.data", "prices-wanted.data")
"""Stores of which anything but what a page put there changes nothing."""


def test_a_store_of_the_wrong_kind_changes_nothing_and_is_no_error(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for name in server_callbacks():
        for wrong in ({"scenario": {"arms": 3}, "checked": 0, "seconds": 1}, {"x": 1}, 7, ["x"]):
            body = asked(name)
            places = [one for one in (*body["inputs"], *body["state"]) if f"{one['id']}.{one['property']}" in KEEPERS]
            for one in places:
                one["value"] = wrong
            if places and not any(one["id"] == "asked" for one in (*body["inputs"], *body["state"])):
                body["changedPropIds"] = [f"{one['id']}.{one['property']}" for one in body["inputs"][:1]]
                client.post(PATH, json=body)
    assert [record.exc_info for record in caplog.records if "could not be answered" in record.message] == []
