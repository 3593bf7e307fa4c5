"""The address is the whole scenario, and whatever somebody puts there instead gives the default and a reason."""

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address import query_of, visit
from engine import LinkError, to_link
from engine.presets import DEFAULT, PRESETS

CLASSIC = PRESETS[DEFAULT].scenario
OTHER = CLASSIC.with_changes(sends=1_234, seed=7)


def token_of(content: bytes, version: str = "1") -> str:
    return version + base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


def test_no_query_is_the_default() -> None:
    assert visit({}) == (CLASSIC, None)
    assert visit({"utm_source": "mail"}) == (CLASSIC, None)


def test_the_default_needs_no_query() -> None:
    assert query_of(CLASSIC) == ""


@pytest.mark.parametrize("scenario", [OTHER, PRESETS["real_campaign"].scenario])
def test_the_query_of_a_scenario_leads_back_to_it(scenario: Any) -> None:
    query = query_of(scenario)
    assert query.startswith("?s=")
    assert visit({"s": query.removeprefix("?s=")}) == (scenario, None)


HOSTILE: dict[str, Any] = {
    "empty": "",
    "garbage": "garbage",
    "list": ["1abc", "1def"],
    "dict": {"a": 1},
    "number": 5,
    "none": None,
    "ten megabytes": "1" * 10_000_000,
    "zip bomb": token_of(b" " * 50_000_000),
    "older version": to_link(OTHER).replace("1", "0", 1),
    "newer version": to_link(OTHER).replace("1", "2", 1),
    "cut short": to_link(OTHER)[:-9],
    "not base64": "1%%%???",
    "not ascii": "1é☃",
    "not utf-8": token_of(b"\xff\xfe\xfd"),
    "deep nesting": token_of(b"[" * 60_000),
    "not a number": token_of(b'{"arms": NaN}'),
    "a huge number": token_of(b'{"sends": 1' + b"0" * 5_000 + b"}"),
    "not a scenario": token_of(json.dumps([1, 2]).encode()),
    "bad scenario": token_of(json.dumps({"arms": [{"name": "A", "rate": 7}], "policies": []}).encode()),
    "script": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_address_gives_the_default_and_a_short_reason(name: str) -> None:
    found = visit({"s": HOSTILE[name]})
    assert found.scenario == CLASSIC
    assert found.problem is not None
    assert len(found.problem) < 500


@given(st.text(max_size=60))
def test_any_text_gives_a_page(token: str) -> None:
    assert visit({"s": token}).scenario == CLASSIC


def test_a_scenario_that_does_not_fit_is_refused() -> None:
    arms = [{"name": "".join(chr(0x4E00 + (n * 7919 + k * 104_729) % 20_000) for k in range(100))} for n in range(64)]
    with pytest.raises(LinkError, match="at most 7,000"):
        query_of(CLASSIC.with_changes(arms=arms))
