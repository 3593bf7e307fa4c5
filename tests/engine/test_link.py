"""A link is the whole scenario, and whatever somebody sends instead is refused cheaply."""

import base64
import json
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import LinkError, Scenario, from_link, to_link
from engine.presets import PRESETS
from tests.engine.scenarios import scenario, scenario_dicts


def token_of(content: bytes, version: str = "1") -> str:
    return version + base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


@given(scenario_dicts())
def test_link_and_back(raw: dict[str, Any]) -> None:
    asked = Scenario.from_dict(raw)
    assert from_link(to_link(asked)) == asked


def test_links_are_short_and_need_no_escaping() -> None:
    token = to_link(PRESETS["real_campaign"].scenario)
    assert len(token) < 400
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: "1" + base64.urlsafe_b64encode(raw).decode()))
def test_any_text_is_a_scenario_or_a_link_error(token: str) -> None:
    with pytest.raises(LinkError, match="link"):
        from_link(token)


@given(st.data())
def test_a_damaged_link_is_refused_or_another_valid_scenario(data: st.DataObject) -> None:
    token = list(to_link(scenario("ab_split", "thompson")))
    place = data.draw(st.integers(0, len(token) - 1))
    token[place] = data.draw(st.sampled_from("Aa0-_=é"))
    with suppress(LinkError):
        assert isinstance(from_link("".join(token)), Scenario)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("1" * 10_000_000, "at most 7,000"),
        (token_of(b" " * 2_000_000), "unpacks to more than"),
        (token_of(json.dumps(scenario("ab_split").to_dict()).encode(), "0"), "version"),
        (to_link(scenario("ab_split"))[:-9], "Copy"),
        (token_of(b"[" * 50_000), "damaged"),
        (token_of(b"{}"), "arms"),
        (token_of(b'{"arms": NaN}'), "arms"),
        (token_of(b"\xff\xfe"), "damaged"),
        ("", "nothing"),
        (None, "nothing"),
        (["x", "y"], "nothing"),
    ],
    ids=[
        "10 MB",
        "unpacks large",
        "old version",
        "cut short",
        "nested",
        "empty",
        "NaN",
        "not UTF-8",
        "no text",
        "None",
        "list",
    ],
)
def test_hostile_links_are_refused_with_a_reason(token: Any, reason: str) -> None:
    with pytest.raises(LinkError, match=reason):
        from_link(token)


def test_a_link_that_unpacks_to_50_megabytes_is_refused() -> None:
    token = token_of(b"a" * 50_000_000)
    with pytest.raises(LinkError, match=r"at most|unpacks"):
        from_link(token)


def test_names_too_long_for_an_address_are_refused_kindly() -> None:
    arms = [
        {"name": "".join(chr(0x4E00 + (7919 * (n + 1) * (k + 3)) % 20_000) for k in range(98)) + f"{n:02}"}
        for n in range(64)
    ]
    asked = Scenario.from_dict({"arms": arms, "policies": [{"name": "ab_split"}]})
    with pytest.raises(LinkError, match="Shorten"):
        to_link(asked)
