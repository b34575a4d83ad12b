"""Amounts of money as people of four languages write them, read exactly to the digit. Pure."""

import re
import unicodedata
from decimal import Decimal

# Languages in which the comma parts thousands, and the point decimals. In the others it is the other way round.
_COMMA_GROUPS = frozenset({"en", "ar"})
_GROUPING_MARKS = re.compile(r"[\s\u00a0\u202f\u2009'’\u066c]")
_PLAIN_MARKS = str.maketrans({"\u066b": ".", "\u060c": ","})
# The budget of a State in a small currency has seventeen.
MOST_DIGITS, _MOST_DECIMALS = 21, 2


class AmountNotRead(ValueError):
    """The text is no amount. `code` says why: "no-amount", "negative", "ambiguous", "too-long"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_amount(written: str, language: str, most_digits: int = MOST_DIGITS) -> Decimal:
    """The amount in "1 234,5", "1,234.5" or "١٬٢٣٤٫٥". Raises `AmountNotRead`. `most_digits` before its mark.

    Where both marks occur the last one parts the decimals. One mark alone before exactly three digits could part
    either: it is taken for thousands where the language writes them so, and refused as ambiguous otherwise, for a
    figure that is a thousand times too small is worse than being asked again.
    """
    text = read_digits(_GROUPING_MARKS.sub("", written.strip())).translate(_PLAIN_MARKS)
    if text.startswith(("-", "−", "(")):
        raise AmountNotRead("negative")
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", text):
        raise AmountNotRead("no-amount")
    whole, decimals = _part(text, "," if language in _COMMA_GROUPS else ".")
    if len(whole) > most_digits or len(decimals) > _MOST_DECIMALS:
        raise AmountNotRead("too-long")
    return Decimal(f"{whole}.{decimals or 0}")


def read_digits(written: str) -> str:
    """`written` with the digits of any script as Western ones."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in written)


def _part(text: str, grouping: str) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    marks = re.findall(r"[.,]", text)
    if not marks:
        return text, ""
    if len(set(marks)) == 1 and len(marks) > 1:
        return _ungroup(text, marks[0]), ""
    if len(set(marks)) == 2:
        whole, _, decimals = text.rpartition(marks[-1])
        if marks[-1] in whole:
            raise AmountNotRead("no-amount")
        return _ungroup(whole, marks[0]), decimals
    whole, mark, rest = text.partition(marks[0])
    if len(rest) != 3 or len(whole) > 3 or whole.startswith("0"):
        return whole, rest
    if mark == grouping:
        return whole + rest, ""
    raise AmountNotRead("ambiguous")


def _ungroup(text: str, mark: str) -> str:
    first, *groups = text.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        raise AmountNotRead("no-amount")
    return "".join((first, *groups))
