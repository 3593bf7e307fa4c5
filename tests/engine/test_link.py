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


@given(st.binary(max_size=300))
def test_any_content_is_a_scenario_or_a_link_error(content: bytes) -> None:
    with pytest.raises(LinkError, match="link"):
        from_link(token_of(content))


json_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["arms", "policies", "world", "sends", "seed", "junk"]), json_junk))
def test_any_json_is_a_scenario_or_a_link_error_that_can_be_shown(content: dict[str, Any]) -> None:
    with pytest.raises(LinkError) as caught:
        from_link(token_of(json.dumps(content).encode()))
    assert str(caught.value).encode()


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


@pytest.mark.parametrize(
    "content",
    [{"x" * 60_000: 1}, {"arms": [{"x" * 30_000: 1}] * 2}, {"\ud800" * 5_000: 1}, {f"k{n}": 1 for n in range(1_500)}],
    ids=["one long field", "two long fields", "no text", "many fields"],
)
def test_what_a_stranger_sends_is_not_repeated_at_length(content: dict[str, Any]) -> None:
    with pytest.raises(LinkError) as caught:
        from_link(token_of(json.dumps(content).encode()))
    length = len(str(caught.value))
    assert length < 3_000


def test_a_field_of_a_later_version_is_named() -> None:
    later = scenario("ab_split").to_dict() | {"weather": "rain"}
    with pytest.raises(LinkError, match="weather: got 'rain'; there is no such field"):
        from_link(token_of(json.dumps(later).encode()))


def test_the_same_question_has_the_same_link() -> None:
    one = scenario("ab_split", "thompson")
    assert to_link(one) == to_link(Scenario.from_dict(one.to_dict()))


# A link that somebody keeps works for as long as this version of links does.
KEPT = {
    "classic": "1eNpVjssKgmAQRl9lmk0b8QFcdiUIWiRIRMikow78F3F-pRDfPVeh63POxzcidVYxeY7oyDImeBUrgUtIxTLcqoq7DU7RHz98D5l32wA7NsIDQ9qIxnG8lI6fwvQqMzwwGbg4lZKXwpU0wL4hVzAED3caVvjUMcNZqgAZSRBX4_SKsPVGCuHVW3rn2hoJy5pbFeNdXs8r5XdOpx9noE2h",  # noqa: E501
    "real_campaign": "1eNp1jssKwjAURH9F7sZNlZtHk7T_oFsXIiXaiwbyoulGSv_dupEKup2Zc5gJ7BAKtOcJog0ELRwobsuGdsE6DxUMdlxS3DPDda2MRKlloxjXc_VBTin8gWomEYURkqE0YoUc0481KqY018pwIQUiny8V5OTdzdHXRXvtSvZuhJWQcnE-xe4-EPXPdTM-UsglRXjrCsV-canlFs4vYztL6A",  # noqa: E501
}


@pytest.mark.parametrize("name", sorted(KEPT))
def test_links_of_the_first_version_still_work(name: str) -> None:
    assert from_link(KEPT[name]) == PRESETS[name].scenario


def test_the_largest_scenario_with_plain_names_has_a_link() -> None:
    raw: dict[str, Any] = {
        "arms": [{"name": f"Subject line number {n}", "rate": 0.01 + n / 1_000} for n in range(64)],
        "policies": [{"name": "thompson", "alpha": n + 0.5, "label": f"policy number {n}"} for n in range(8)],
    }
    asked = Scenario.from_dict(raw)
    assert from_link(to_link(asked)) == asked


def test_names_too_long_for_an_address_are_refused_kindly() -> None:
    arms = [
        {"name": "".join(chr(0x4E00 + (7919 * (n + 1) * (k + 3)) % 20_000) for k in range(98)) + f"{n:02}"}
        for n in range(64)
    ]
    asked = Scenario.from_dict({"arms": arms, "policies": [{"name": "ab_split"}]})
    with pytest.raises(LinkError, match="Shorten"):
        to_link(asked)


@pytest.mark.parametrize("more", ["A", "AAAA", "=", " ", ".", "%20"])
def test_text_stuck_to_a_link_is_no_part_of_it(more: str) -> None:
    with pytest.raises(LinkError, match="nothing else"):
        from_link(to_link(scenario("ab_split")) + more)
