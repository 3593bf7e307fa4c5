import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import formats

NUMBERS = st.floats(-1e12, 1e12)


@given(NUMBERS)
def test_a_minus_is_a_true_minus_and_zero_has_no_sign(number: float) -> None:
    for text in (
        formats.count(number),
        formats.signed(number),
        formats.percent(number),
        formats.short(number),
    ):
        assert "-" not in text
        assert not text.startswith(("+0%", "−0%")), text
    assert formats.signed(number) not in {"+0", "−0"}


@given(NUMBERS)
def test_a_difference_always_carries_its_sign(number: float) -> None:
    text = formats.signed(number)
    assert text[0] == ("+" if round(number) > 0 else "−" if round(number) < 0 else "0")


@given(st.integers(-(10**12), 10**12))
def test_a_count_can_be_read_back(number: int) -> None:
    assert int(formats.count(number).replace(",", "").replace("−", "-")) == number


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_ever_reads_nan_or_inf(number: float) -> None:
    for text in (formats.count(number), formats.signed(number, 1), formats.percent(number)):
        assert "nan" not in text
        assert "inf" not in text


@given(st.floats(0, 1e5))
def test_durations_have_a_unit(duration_seconds: float) -> None:
    assert formats.seconds(duration_seconds).endswith((" s", " ms"))


@pytest.mark.parametrize(
    ("duration_seconds", "text"), [(0.0994, "99 ms"), (0.0996, "0.1 s"), (9.94, "9.9 s"), (9.96, "10 s")]
)
def test_durations_change_their_unit_without_a_gap(duration_seconds: float, text: str) -> None:
    assert formats.seconds(duration_seconds) == text


@given(st.integers(0, 10**9 - 10**6))
def test_short_counts_stay_short(number: int) -> None:
    assert len(formats.short(number)) <= 5


@given(st.floats(1, 1e9))
def test_about_means_two_significant_digits(number: float) -> None:
    assert math.isclose(formats.rounded(number), number, rel_tol=0.051)
