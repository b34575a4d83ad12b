"""Counts by any dimensions, as Ibis expressions: the same on DuckDB and on any engine that Ibis speaks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

UNKNOWN = "unknown"
MULTIVALUED = frozenset({"profile", "perpetrator", "source"})
# Held as small integers in the coded plane; "unknown" where null.
NUMBERED = frozenset({"year", "month"})
COLUMNS = {"victims": "victim_id", "acts": "act_id", "incidents": "incident_id"}
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
    total = int(chosen[COLUMNS[measure]].nunique().to_pyarrow().as_py())
    if not by:
        return Counts((), {(): total} if total else {}, total)
    columns = count_expression(chosen, measure, by).to_pyarrow().to_pydict()
    codes = zip(*(columns[name] for name in by), strict=True)
    cells = {cell: n for cell, n in zip(codes, columns["n"], strict=True) if n}
    return Counts(tuple(by), cells, total)


def count_expression(plane: ir.Table, measure: str, by: Sequence[str]) -> ir.Table:
    """The expression of a count: columns `by` and `n`."""
    column = COLUMNS[measure]
    wanted = plane.select(*{name: plane[name] for name in (column, *by)}.values())
    for name in by:
        if name in MULTIVALUED:
            wanted = wanted.mutate(**{name: wanted[name].unnest()})
    named = {name: _as_code(wanted, name) for name in by if name in NUMBERED}
    wanted = wanted.mutate(**named) if named else wanted
    return wanted.group_by(*by).agg(n=wanted[column].nunique())


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
            plane = plane.filter(plane[name].isin(list(codes)))
    return plane


def _as_code(table: ir.Table, name: str) -> ir.Value:
    return table[name].cast("string").fill_null(UNKNOWN)
