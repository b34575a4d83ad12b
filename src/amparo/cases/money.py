"""Money: an exact amount with its currency. Amounts of different currencies are never added. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pycountry
from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

MOST_DIGITS, DECIMAL_PLACES = 17, 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency of ISO 4217. Raises ValueError for a code that is none."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in currencies():
            raise ValueError("A currency is a code of ISO 4217, such as KES.")

    def shown(self, language: str) -> str:
        """The amount as a reader of `language` writes it, with the code of its currency."""
        written = format_currency(
            self.amount, self.currency, "#,##0.00\u00a0¤¤", language, currency_digits=False, numbering_system="latn"
        )
        return str(written)


@lru_cache(maxsize=8)
def currencies(language: str = "en") -> dict[str, str]:
    """The currencies in use, code → name in `language`, by their names."""
    try:
        names = Locale(language).currencies
    except UnknownLocaleError:
        names = Locale("en").currencies
    named = {each.alpha_3: str(names.get(each.alpha_3, each.name)) for each in pycountry.currencies}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def add_up(sums: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, by its code."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in sums:
        found[each.currency] += each.amount
    return tuple(Money(amount, currency) for currency, amount in sorted(found.items()))
