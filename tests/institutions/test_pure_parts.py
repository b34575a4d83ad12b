"""Codes of apps, one-time codes, device families and QR codes: the parts that know nothing of Django."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.institutions.codes import ALPHABET, make_code, read_code
from amparo.institutions.devices import device_family
from amparo.institutions.qr import qr_svg
from amparo.institutions.totp import STEP_SECONDS, code_at, matching_step, plain_digits

# The secret of RFC 6238, appendix B: "12345678901234567890" in base32.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, SHA-1; its eight digits end with our six.
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // STEP_SECONDS) == code
    assert matching_step(SECRET, code, seconds) == seconds // STEP_SECONDS


def test_a_clock_may_be_wrong_by_one_step_and_no_more() -> None:
    code, now = code_at(SECRET, 1000), 1000 * STEP_SECONDS

    found = [matching_step(SECRET, code, now + off * STEP_SECONDS) for off in (-2, -1, 0, 1, 2)]

    assert found == [None, 1000, 1000, 1000, None]


def test_a_code_is_worth_something_once() -> None:
    code, now = code_at(SECRET, 1000), 1000 * STEP_SECONDS

    assert matching_step(SECRET, code, now, after=999) == 1000
    assert matching_step(SECRET, code, now, after=1000) is None


@pytest.mark.parametrize("typed", ["123456", "123 456", "١٢٣٤٥٦", "۱۲۳ ۴۵۶", "123-456", " 123456 "])
def test_digits_of_any_script_are_understood(typed: str) -> None:
    assert plain_digits(typed) == "123456"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_compared_and_breaks_nothing(typed: str) -> None:
    assert matching_step(SECRET, plain_digits(typed), 59) in (None, 0, 1, 2)


@pytest.mark.parametrize(
    "change", [str, str.upper, lambda code: code.replace("-", " "), lambda code: f"https://x/#{code}"]
)
def test_a_code_is_read_however_it_is_copied(change) -> None:  # type: ignore[no-untyped-def]
    code = make_code(28)

    assert read_code(change(code)) == code
    assert len(set(code) - {"-"} - set(ALPHABET)) == 0


@given(st.text(max_size=400))
def test_what_is_no_code_is_read_as_one_that_opens_nothing(typed: str) -> None:
    assert set(read_code(typed)) <= {*ALPHABET, "-"}


@pytest.mark.parametrize(
    ("user_agent", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU like Mac OS X) Version/17.5 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_by_its_family_and_never_by_its_version(user_agent: str, family: str) -> None:
    assert device_family(user_agent) == family


def test_a_qr_code_has_nothing_that_the_policy_forbids() -> None:
    drawn = qr_svg("otpauth://totp/Amparo:invented?secret=GEZDGNBV", "An invented title")

    assert re.search(r"style=|<style|<script|on\w+=|href", drawn) is None
    assert drawn.count("<path") == 1
    assert "otpauth" not in drawn
