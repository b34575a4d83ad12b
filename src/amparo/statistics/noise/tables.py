"""Counts of acts against persons, of which each person's part is bounded. Pure.

What one person can change must be known before looking: so every table has all codes of its vocabularies, whether
anybody stands there or not; and of the acts against one person no more than `most` are counted, a number that is
stated and never taken from the records. Of a person with more, that many are drawn by chance. Each act stands in one
cell of each table: with or without one person, the counts of all tables differ by `most` times their number at most.

Groups and institutions are left out: how many persons they hold is not known, so no bound would be theirs.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from random import Random

import pyarrow as pa

from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary

# Tables by these may be asked for; each act has one code of each.
DIMENSIONS = ("year", "country", "act_group", "sex", "age_band", "target", "status")
_VOCABULARIES = {
    "country": "countries",
    "sex": "sex",
    "age_band": "age-bands",
    "target": "targets",
    "status": "information-status",
}
# Before the first year asked for, or after the last.
OTHER_YEARS = "other"

TableSet = tuple[str, ...]
Cell = tuple[TableSet, tuple[str, ...]]


@dataclass(frozen=True)
class BoundedCounts:
    """The counts of all cells, zeros too, in an order that the records do not change.

    `distance` is the most that all counts together can differ by, with or without one person.
    """

    cells: tuple[Cell, ...]
    counts: tuple[int, ...]
    distance: int


@lru_cache
def list_codes(dimension: str, years: range) -> tuple[str, ...]:
    """All codes that there can be: known without the records."""
    if dimension == "year":
        return (*(str(year) for year in years), OTHER_YEARS, UNKNOWN)
    if dimension == "act_group":
        return tuple(code for code, term in get_vocabulary("acts").terms.items() if not term.broader)
    return tuple(get_vocabulary(_VOCABULARIES[dimension]).terms)


def count_bounded(
    plane: pa.Table, tables: Sequence[TableSet], years: range, most: int, chance: Random
) -> BoundedCounts:
    """Count the acts against persons in `plane` (columns as of `cases.coded_plane`), `most` a person at most."""
    columns = {each: plane[each].to_pylist() for each in {*DIMENSIONS, "person", "act_id"}}
    kept = _keep_most(columns["person"], columns["act_id"], most, chance)
    cells = tuple((table, codes) for table in tables for codes in product(*(list_codes(each, years) for each in table)))
    found: Counter[Cell] = Counter()
    for row in kept:
        for table in tables:
            found[table, tuple(_code(columns, each, row, years) for each in table)] += 1
    return BoundedCounts(cells, tuple(found[cell] for cell in cells), most * len(tables))


def _keep_most(persons: Sequence[int | None], acts: Sequence[int | None], most: int, chance: Random) -> list[int]:
    """The places of the acts that are counted."""
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for row, (person, act) in enumerate(zip(persons, acts, strict=True)):
        if person is not None and act is not None:
            rows[person].append(row)
    return [row for each in rows.values() for row in (each if len(each) <= most else chance.sample(each, most))]


def _code(columns: Mapping[str, Sequence[object]], dimension: str, row: int, years: range) -> str:
    code = columns[dimension][row]
    if dimension == "year":
        return UNKNOWN if code is None else str(code) if code in years else OTHER_YEARS
    # What is no code of the vocabulary any more has no cell of its own: that there was one would tell of it.
    return str(code) if str(code) in list_codes(dimension, years) else UNKNOWN
