"""Money: an exact amount with its currency."""

from decimal import Decimal

import pytest

from amparo.cases.money import Money, add_up, currencies


def test_it_works() -> None:
    assert Money(Decimal("1234.5"), "KES").shown("en") == "1,234.50\u00a0KES"


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
