"""Coarser dimensions made from the columns of the coded plane: families and groups of codes, parts of a year. Pure."""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from amparo.statistics.published import MONTH_UNKNOWN
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary


def _act_family(code: str) -> str:
    """The ancestor of an act one step below its group, or the act itself: "threat" for a death threat."""
    terms = get_vocabulary("acts").terms
    while (broader := terms[code].broader) and terms[broader].broader:
        code = broader
    return code


def _tops(vocabulary: str) -> dict[str, str]:
    terms = get_vocabulary(vocabulary)
    return {code: terms.top(code) for code in terms.terms}


ACT_FAMILIES = {code: _act_family(code) for code in get_vocabulary("acts").terms}
# Made from codes of a column: which, and what each of its codes becomes; a code of no vocabulary stays what it is.
ROLLED_UP: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "act_family": ("act", ACT_FAMILIES),
    "target_group": ("target", _tops("targets")),
    "perpetrator_group": ("perpetrator", _tops("alleged-perpetrators")),
}
# Parts of a year: how many months each has, and what stands before its number. "unknown" where year or month is; a
# calendar month of a known year, as in releases, "2016-XX".
PARTS_OF_YEAR = {"half": (6, "-H"), "quarter": (3, "-Q"), "calendar_month": (1, "-")}


def roll_up(column: ir.StringValue, name: str) -> ir.StringValue:
    """The codes of the dimension `name`, from those of its column."""
    changed = {code: wider for code, wider in ROLLED_UP[name][1].items() if code != wider}
    return column.cases(*changed.items(), else_=column)


def codes_below(name: str, codes: Sequence[str]) -> list[str]:
    """The codes of the column of the dimension `name` that become one of `codes`."""
    wider = ROLLED_UP[name][1]
    return [code for code in {*wider, *codes} if wider.get(code, code) in codes]


def part_of_year(plane: ir.Table, name: str) -> ir.IntegerValue:
    """The half-year, quarter or month of a year as one number: 201902 for the second of 2019, 201900 for a month of it
    that is not known; null where nothing is known.
    """
    months, _ = PARTS_OF_YEAR[name]
    year, month = plane.year.cast("int64"), plane.month.cast("int64")
    if name == "calendar_month":
        return year * 100 + month.fill_null(0)
    # No whole-number division: engines round it differently.
    passed = ((month > last).ifelse(1, 0) for last in range(months, 12, months))
    # The month takes part even where it decides nothing: a half-year of no month is not known.
    return year * 100 + sum(passed, ibis.literal(1, "int64")) + month * 0


def name_number(name: str, number: int | None) -> str:
    """The code of a numbered dimension: "2019" for a year, "2019-Q2" for a quarter."""
    if number is None:
        return UNKNOWN
    if name not in PARTS_OF_YEAR:
        return str(number)
    year, part = divmod(number, 100)
    if name == "calendar_month":
        return f"{year}-{f'{part:02}' if part else MONTH_UNKNOWN}"
    return f"{year}{PARTS_OF_YEAR[name][1]}{part}"


def read_number(name: str, code: str) -> int | None:
    """The number behind a code: of `name_number`; None where it is none."""
    if name not in PARTS_OF_YEAR:
        return int(code) if code.isascii() and code.isdigit() else None
    year, _, part = code.replace(MONTH_UNKNOWN, "0").partition(PARTS_OF_YEAR[name][1])
    return int(year) * 100 + int(part) if year.isdigit() and part.isdigit() else None
