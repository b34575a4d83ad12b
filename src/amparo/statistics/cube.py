"""Counts by any dimensions, as Ibis expressions: the same on DuckDB, PostgreSQL and other engines. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from amparo.statistics.published import MONTH_UNKNOWN
from amparo.vocabularies.catalogue import get_vocabulary

UNKNOWN = "unknown"
MULTIVALUED = frozenset({"profile", "perpetrator", "source"})
# Held as small integers in the coded plane; "unknown" where null.
NUMBERED = frozenset({"year", "month"})
COLUMNS = {"victims": "victim_id", "acts": "act_id", "incidents": "incident_id", "killings": "victim_id"}
# What is counted where only some kinds of act count: of "killings", the victims of these.
KINDS = {"killings": get_vocabulary("acts").with_narrower("killing")}
# Made from year and month, and how many months each has. "unknown" where year or month is; a calendar month of a known
# year "2016-XX".
GRAINS = {"half": 6, "quarter": 3, "calendar_month": 1}
# The kind of act one step below its group: "threat" for a death threat, itself where there is no step between.
ACT_FAMILY = "act_family"
# A cell is told by its codes, in the order of the dimensions asked for.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by cell, and the count of all that is counted.

    Cells of single-valued dimensions add up to `total`; with a multi-valued one (a victim with two profiles stands in
    two cells) they may add up to more.
    """

    by: tuple[str, ...]
    cells: Mapping[Cell, int]
    total: int


def count(
    plane: ir.Table,
    measure: str,
    by: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
) -> Counts:
    """Distinct things of `measure` in `plane` (columns as of `cases.coded_plane`), by `by`, for rows whose codes are
    among those of `where`. Raises KeyError for an unknown measure or dimension.
    """
    chosen = restrict(plane, where or {})
    if measure in KINDS:
        chosen = chosen.filter(chosen.act.isin(list(KINDS[measure])))
    total = int(chosen[COLUMNS[measure]].nunique().to_pyarrow().as_py())
    if not by:
        return Counts((), {(): total} if total else {}, total)
    columns = count_expression(chosen, measure, by).to_pyarrow().to_pydict()
    codes = zip(*(columns[name] for name in by), strict=True)
    cells = {cell: n for cell, n in zip(codes, columns["n"], strict=True) if n}
    return Counts(tuple(by), cells, total)


def count_expression(plane: ir.Table, measure: str, by: Sequence[str]) -> ir.Table:
    """The expression of a count of the rows of `plane`: columns `by` and `n`."""
    column = COLUMNS[measure]
    wanted = plane.select(plane[column], *(_column(plane, name) for name in by))
    for name in by:
        if name in MULTIVALUED:
            wanted = wanted.mutate(**{name: wanted[name].unnest()})
    named = {name: _as_code(wanted, name) for name in by if name in NUMBERED}
    wanted = wanted.mutate(**named) if named else wanted
    return wanted.group_by(*by).agg(n=wanted[column].nunique())


def _column(plane: ir.Table, name: str) -> ir.Value:
    """The column of a dimension: of the plane, or made from its columns."""
    if name in GRAINS:
        return _grain(plane, name)
    if name == ACT_FAMILY:
        kinds = get_vocabulary("acts")
        below = {code: family for code in kinds.terms if (family := _act_family(code)) != code}
        return plane.act.cases(*below.items(), else_=plane.act).name(name)
    return plane[name]


def _act_family(code: str) -> str:
    """The ancestor of an act one step below its group, or the act itself."""
    terms = get_vocabulary("acts").terms
    while (broader := terms[code].broader) and terms[broader].broader:
        code = broader
    return code


def _grain(plane: ir.Table, name: str) -> ir.Value:
    year, month = plane.year.cast("int64"), plane.month.cast("int64")
    number = (month - 1) // GRAINS[name] + 1
    if name == "calendar_month":
        # As in releases: a month that is not known still is one of its year.
        text = year.cast("string") + "-" + number.cast("string").lpad(2, "0").fill_null(MONTH_UNKNOWN)
    else:
        text = year.cast("string") + ("-H" if name == "half" else "-Q") + number.cast("string")
    return ibis.coalesce(text, ibis.literal(UNKNOWN)).name(name)


def restrict(plane: ir.Table, where: Mapping[str, Sequence[str]]) -> ir.Table:
    """The rows of `plane` whose codes are among those of `where`."""
    for name, codes in where.items():
        if name in MULTIVALUED:
            has = [plane[name].contains(code) for code in codes]
            plane = plane.filter(ibis.or_(*has))
        elif name in NUMBERED:
            numbers = [int(code) for code in codes if code != UNKNOWN]
            condition = plane[name].isin(numbers)
            plane = plane.filter(condition | plane[name].isnull() if UNKNOWN in codes else condition)
        else:
            plane = plane.filter(_column(plane, name).isin(list(codes)))
    return plane


def _as_code(table: ir.Table, name: str) -> ir.Value:
    return table[name].cast("string").fill_null(UNKNOWN)
