"""Money: an exact amount with its currency. Amounts of different currencies are never added. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pycountry
from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency

# Thirteen digits before the point: the budget of the largest State in the smallest currency.
_WRITTEN = re.compile(r"\d{1,15}(?:\.\d{1,2})?", re.ASCII)
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


def read_amount(written: str) -> Decimal:
    """The amount in "1200", "1 200.50" or "1200,5". Raises ValueError for anything else, a negative one too."""
    plain = "".join(str(int(each)) if each.isdecimal() else each for each in written.strip())
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", plain)
    # A comma with one or two digits after it is the decimal sign of most languages; with three it divides thousands.
    plain = re.sub(r"[,٫](\d{1,2})$", r".\1", plain)
    plain = re.sub(r"[,٬](?=\d{3}(?:\D|$))", "", plain)
    if not _WRITTEN.fullmatch(plain):
        raise ValueError("An amount is written 1200 or 1200.50.")
    return Decimal(plain)


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
