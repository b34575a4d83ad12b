"""Amounts as people write them: exact, in the form of four languages, and refused where they could mean two things."""

from decimal import Decimal

import pytest

from amparo.cases.amounts import AmountNotRead, read_amount


@pytest.mark.parametrize(
    ("written", "language", "amount"),
    [
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234\u202f567,50", "fr", "1234567.50"),
        ("1,234.5", "en", "1234.5"),
        ("1.234.567,89", "es", "1234567.89"),
        ("1.234", "es", "1234"),
        ("1,234", "en", "1234"),
        ("1234.50", "fr", "1234.50"),
        ("٣٬٢٤٥٬٦٠٠٫٥", "ar", "3245600.5"),
        ("۱۲۳۴", "ar", "1234"),
        ("1'000'000", "en", "1000000"),
        ("3621300000000000", "en", "3621300000000000"),
        ("0", "en", "0"),
        ("1200,50", "fr", "1200.50"),
    ],
)
def test_it_works(written: str, language: str, amount: str) -> None:
    assert read_amount(written, language) == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "language", "code"),
    [
        ("1.234", "en", "ambiguous"),
        ("1,234", "fr", "ambiguous"),
        ("-5", "en", "negative"),
        ("about 5", "en", "no-amount"),
        ("1,23,456", "en", "no-amount"),
        ("1.2.3,4,5", "en", "no-amount"),
        ("5.12345", "en", "too-long"),
        ("1e5", "en", "no-amount"),
        ("NaN", "en", "no-amount"),
        ("9" * 22, "en", "too-long"),
        ("²", "en", "no-amount"),
        ("", "en", "no-amount"),
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(written: str, language: str, code: str) -> None:
    with pytest.raises(AmountNotRead) as refused:
        read_amount(written, language)

    assert refused.value.code == code
