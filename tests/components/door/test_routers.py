"""What routers in front say of a visitor is believed of as many as there are."""

import pytest

from components.door import health
from engine.health import Checks
from tests.components.door.asking import client

SAID = {
    "X-Forwarded-For": "198.51.100.7, 203.0.113.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "time.example",
}


@pytest.mark.parametrize(
    ("proxies", "believed"),
    [("0", "127.0.0.1 False localhost"), ("1", "203.0.113.1 True time.example"), ("2", "198.51.100.7 False localhost")],
)
def test_routers_are_believed(proxies: str, believed: str) -> None:
    assert client(BTM_PROXIES=proxies).get("/who", headers=SAID).text == believed


def test_a_server_that_can_work_is_ready() -> None:
    answer = client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True})


def test_one_that_cannot_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECKS", Checks({"cache folder": lambda: False, "nothing": lambda: True}))
    answer = client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"ready": False, "problems": ["cache folder"]})
    assert answer.headers["Cache-Control"] == "no-store"
