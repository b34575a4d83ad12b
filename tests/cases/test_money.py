"""Money: an exact amount with its currency."""

from decimal import Decimal

import pytest

from amparo.cases.money import Money, add_up, currencies, read_amount


def test_it_works() -> None:
    assert read_amount("1200.50") == Decimal("1200.50")
    assert Money(Decimal("1234.5"), "KES").shown("en") == "1,234.50\u00a0KES"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 200,50", "1200.50"),
        ("1.200", None),
        ("1,200", "1200"),
        ("1,200,300.5", "1200300.5"),
        ("1\u202f200,5", "1200.5"),
        ("١٢٠٠٫٥", "1200.5"),
        ("0", "0"),
        ("-5", None),
        ("1e5", None),
        ("NaN", None),
        ("", None),
        ("12.345", None),
        ("9" * 16, None),
    ],
)
def test_an_amount_is_read_as_it_is_written_in_each_language(written: str, amount: str | None) -> None:
    if amount is None:
        with pytest.raises(ValueError, match="An amount is written"):
            read_amount(written)
    else:
        assert read_amount(written) == Decimal(amount)


def test_a_currency_is_one_that_there_is() -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(Decimal(1), "XXZ")


def test_currencies_are_never_added_to_each_other() -> None:
    sums = add_up([Money(Decimal(1), "KES"), Money(Decimal("2.5"), "EUR"), Money(Decimal(3), "KES")])

    assert sums == (Money(Decimal("2.5"), "EUR"), Money(Decimal(4), "KES"))


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_currency_has_a_name_in_each_language(language: str) -> None:
    assert currencies(language).keys() == currencies("en").keys()
    assert all(currencies(language).values())
