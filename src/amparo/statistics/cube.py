"""Counts by any dimensions, as Ibis expressions: the same on DuckDB, PostgreSQL and Spark. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from amparo.statistics.code_sets import BITS, codes_in, mask_of
from amparo.statistics.firsts import FOLDED, KILLINGS, find_flag, stands_once
from amparo.statistics.grains import (
    PARTS_OF_YEAR,
    ROLLED_UP,
    codes_below,
    name_number,
    part_of_year,
    read_number,
    roll_up,
)
from amparo.vocabularies.catalogue import UNKNOWN as UNKNOWN

MULTIVALUED = frozenset({"profile", "perpetrator", "perpetrator_group", "source"})
# Held as small integers in the coded plane; "unknown" where null.
NUMBERED = frozenset({"year", "month"})
# Counted by number, and named afterwards: what is null is not known.
_BY_NUMBER = NUMBERED | set(PARTS_OF_YEAR)
COLUMNS = {
    "victims": "victim_id",
    "acts": "act_id",
    "incidents": "incident_id",
    "killings": "victim_id",
    "persons": "person",
}
# What is counted where only some kinds of act count: of "killings", the victims of these.
KINDS = {"killings": KILLINGS}
# A cell is told by its codes, in the order of the dimensions asked for.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by cell, and the count of all that is counted.

    Cells of single-valued dimensions add up to `total` where a thing has one code of each (a victim has one sex, and
    acts of several kinds); with a multi-valued one (a victim with two profiles stands in two cells) they may add up to
    more.
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

    A plane with the flags of `firsts.mark_firsts` is counted by them where they count the same.
    """
    where = where or {}
    if not by:
        total = int(_total(plane, measure, where).to_pyarrow().as_py() or 0)
        return Counts((), {(): total} if total else {}, total)
    found = count_expression(plane, measure, by, where).to_pyarrow()
    cells = _cells(found, by)
    if _adds_up(plane, measure, by, where):
        return Counts(tuple(by), cells, int(pc.sum(found["n"]).as_py() or 0))
    return Counts(tuple(by), cells, int(_total(plane, measure, where).to_pyarrow().as_py() or 0))


def count_expression(
    plane: ir.Table, measure: str, by: Sequence[str], where: Mapping[str, Sequence[str]] | None = None
) -> ir.Table:
    """The expression of a count: columns `by`, and `n`. Years and their parts are numbers there, and so are several
    codes of a record that are counted together (`code_sets`).
    """
    column, flag = COLUMNS[measure], _flag(plane, measure, by, where or {})
    chosen = _rows_counted(plane, measure, where or {}, flag)
    together = {name: chosen[bits] for name in by if (bits := _bits_of(plane, measure, name))}
    wanted = spread(chosen, by, {} if flag else {"thing": chosen[column]}, together)
    return wanted.group_by(*by).agg(n=wanted.count() if flag else wanted.thing.nunique())


def spread(
    rows: ir.Table, by: Sequence[str], besides: Mapping[str, ir.Value], together: Mapping[str, ir.Value] | None = None
) -> ir.Table:
    """`rows` with the columns `besides` and `by`, one row for each code where a record has several; but dimensions of
    `together` with what stands there.
    """
    together = together or {}
    apart = [name for name in by if name in MULTIVALUED and name not in together]
    wanted = rows.select(**besides, **{name: together.get(name, _column(rows, name)) for name in by})
    for name in apart:
        wanted = wanted.mutate(**{name: wanted[name].unnest()})
    rolled = {name: roll_up(wanted[name], name) for name in apart if name in ROLLED_UP}
    return wanted.mutate(**rolled) if rolled else wanted


def list_cells(found: pa.Table, by: Sequence[str]) -> list[Cell]:
    """The cell of each row of a counted expression whose rows stand for one cell each."""
    return list(zip(*(_codes_of(found[name], name) for name in by), strict=True))


def restrict(plane: ir.Table, where: Mapping[str, Sequence[str]]) -> ir.Table:
    """The rows of `plane` whose codes are among those of `where`."""
    conditions = [_is_among(plane, name, codes) for name, codes in where.items()]
    return plane.filter(*conditions) if conditions else plane


def _is_among(plane: ir.Table, name: str, codes: Sequence[str]) -> ir.BooleanValue:
    if name in _BY_NUMBER:
        numbers = [number for code in codes if (number := read_number(name, code)) is not None]
        column = _column(plane, name)
        return column.isin(numbers) | column.isnull() if UNKNOWN in codes else column.isin(numbers)
    if name in ROLLED_UP:
        name, codes = ROLLED_UP[name][0], codes_below(name, codes)
    if name in MULTIVALUED:
        if BITS.get(name) in plane.columns:
            return plane[BITS[name]] & mask_of(name, codes) != 0
        return ibis.or_(*(plane[name].contains(code) for code in codes))
    return plane[name].isin(list(codes))


def _column(plane: ir.Table, name: str) -> ir.Value:
    """The column of a dimension: of the plane, or made from its columns."""
    if name in PARTS_OF_YEAR:
        return part_of_year(plane, name)
    if name in ROLLED_UP:
        column = plane[ROLLED_UP[name][0]]
        # Of several values to a record, each is rolled up once it stands alone.
        return column if name in MULTIVALUED else roll_up(column, name)
    return plane[name]


def _flag(plane: ir.Table, measure: str, by: Sequence[str], where: Mapping[str, Sequence[str]]) -> str | None:
    folded = {name for name in by if name in FOLDED and not _bits_of(plane, measure, name)}
    flag = None if folded else find_flag(measure, [name for name in by if name not in FOLDED], where)
    return flag if flag in plane.columns else None


def _bits_of(plane: ir.Table, measure: str, name: str) -> str | None:
    """The column in which all codes of `name` of a record are one number, where counts by it can be taken apart."""
    column = ROLLED_UP[name][0] if name in ROLLED_UP else name
    bits = BITS.get(column)
    return bits if bits in plane.columns and stands_once(measure, column) else None


def _rows_counted(plane: ir.Table, measure: str, where: Mapping[str, Sequence[str]], flag: str | None) -> ir.Table:
    """The rows of `where`: those of a flag, or all that the measure looks at."""
    conditions = [_is_among(plane, name, codes) for name, codes in where.items()]
    if measure in KINDS and flag != "first_killing_of_victim":
        conditions.append(plane.act.isin(list(KINDS[measure])))
    if flag:
        conditions.append(plane[flag])
    return plane.filter(*conditions) if conditions else plane


def _total(plane: ir.Table, measure: str, where: Mapping[str, Sequence[str]]) -> ir.IntegerScalar:
    flag = _flag(plane, measure, (), where)
    chosen = _rows_counted(plane, measure, where, flag)
    return chosen.count() if flag else chosen[COLUMNS[measure]].nunique()


def _adds_up(plane: ir.Table, measure: str, by: Sequence[str], where: Mapping[str, Sequence[str]]) -> bool:
    """Whether each thing stands in one cell, so that the total is the sum: told by one flag for both."""
    flag = _flag(plane, measure, by, where)
    return bool(flag) and not MULTIVALUED & set(by) and flag == _flag(plane, measure, (), where)


def _cells(found: pa.Table, by: Sequence[str]) -> dict[Cell, int]:
    """The cells of a counted expression. A number of several codes counts in the cell of each of them."""
    numbers = found["n"].to_numpy().tolist()
    codes = [_codes_of(found[name], name) for name in by]
    together = [place for place, each in enumerate(codes) if each and isinstance(each[0], tuple)]
    if not together:
        return {cell: n for cell, n in zip(zip(*codes, strict=True), numbers, strict=True) if n}
    cells: defaultdict[Cell, int] = defaultdict(int)
    for *told, n in zip(*codes, numbers, strict=True):
        for cell in product(*(each if place in together else (each,) for place, each in enumerate(told))):
            cells[cell] += n
    return {cell: n for cell, n in cells.items() if n}


def _codes_of(column: pa.ChunkedArray, name: str) -> list[Any]:
    """The codes of each row; tuples of them where they are several in one number."""
    if not len(column):
        return []
    # By dictionary: a table of many cells has few codes.
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    words: list[Any] = coded.dictionary.to_pylist()
    if name in _BY_NUMBER:
        words = [name_number(name, number) for number in words]
    elif name in MULTIVALUED and pa.types.is_integer(column.type):
        words = [_codes_together(name, number) for number in words]
    return [words[place] for place in coded.indices.to_numpy(zero_copy_only=False).tolist()]


def _codes_together(name: str, number: int) -> tuple[str, ...]:
    if name not in ROLLED_UP:
        return tuple(codes_in(name, number))
    column, wider = ROLLED_UP[name]
    return tuple({wider.get(code, code) for code in codes_in(column, number)})
