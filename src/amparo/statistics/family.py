"""The family of tables that a release publishes, counted: all cells of all tables, with what ties them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from amparo.statistics.published import HIERARCHIES, MONTH_UNKNOWN, MOST_DIMENSIONS, PUBLISHED, TableSet, published_sets
from amparo.statistics.suppression import Flags, Guard, Indices, Lines, Slices, find_costs, find_small

UNKNOWN = "unknown"
MEASURES = {"victims": "victim_id", "acts": "act_id", "incidents": "incident_id"}
MULTIVALUED = ("profile", "perpetrator")
# The share of what wider tables show that a further table may cost them.
# Tables by one of `NEVER_LOST` it may cost nothing.
MOST_LOST = 0.01
NEVER_LOST = frozenset({"year", "sex", "age_band", "profile", "act", "act_group", "target", "status"})
_CALENDAR_MONTH = f"year || '-' || coalesce(lpad(month::VARCHAR, 2, '0'), '{MONTH_UNKNOWN}')"


@dataclass(frozen=True)
class CountedTable:
    """One table set's cells: `codes[:, i]` are numbers of codes of the i-th dimension; `keys` are sorted and unique."""

    dimensions: TableSet
    codes: NDArray[np.int64]
    keys: Indices
    counts: Mapping[str, Indices]
    start: int

    def __len__(self) -> int:
        return len(self.keys)

    def keep(self, which: Flags) -> "CountedTable":
        """The same table with these cells only."""
        counts = {measure: numbers[which] for measure, numbers in self.counts.items()}
        return CountedTable(self.dimensions, self.codes[which], self.keys[which], counts, self.start)


@dataclass(frozen=True, slots=True)
class Protected:
    """What disclosure control decided: `hidden` by number of cell, and the table sets that are published."""

    hidden: Flags
    tables: tuple[TableSet, ...]


@dataclass(frozen=True, slots=True)
class Foreknown:
    """What earlier releases mean for this one (`differencing`), by number of cell: what to hide; what they have told,
    behind which nothing hides; how far counts can be lower, plus one; and which table sets one of them has.
    """

    to_hide: Flags
    told: Flags
    least: Indices
    tables: frozenset[TableSet] = frozenset()


@dataclass(frozen=True)
class Family:
    """All cells with a count above zero. A cell's number is its table's `start` and its place in it.

    `groups[part, whole]` tells the code of `whole` that each code of `part` belongs to.
    """

    codes: Mapping[str, tuple[str, ...]]
    groups: Mapping[tuple[str, str], Mapping[str, str]]
    tables: dict[TableSet, CountedTable]

    @cached_property
    def size(self) -> int:
        return sum(len(table) for table in self.tables.values())

    def counts(self, measure: str) -> Indices:
        """The counts of `measure`, by number of cell."""
        return np.concatenate([table.counts[measure] for table in self.tables.values()])

    def find_small(self, threshold: int) -> Flags:
        """The cells to hide for themselves: below `threshold`, and in the finest tables below twice that."""
        counts = [self.counts(measure) for measure in MEASURES]
        small, smaller = find_small(counts, 2 * threshold), find_small(counts, threshold)
        finest = np.concatenate([np.full(len(t), len(d) == MOST_DIMENSIONS) for d, t in self.tables.items()])
        return np.where(finest, small, smaller)

    @cached_property
    def least(self) -> Indices:
        """Each cell's smallest count above zero in any measure: what an attacker may choose to look at."""
        counts = np.stack([self.counts(measure) for measure in MEASURES])
        least: Indices = np.where(counts > 0, counts, np.iinfo(np.int64).max).min(axis=0)
        return least

    def hide(self, threshold: int, foreknown: Foreknown | None = None) -> "Protected":
        """Which cells are not shown, and which tables are withheld whole; after what earlier releases have told.

        Tables join the release from the widest to the finest. One that would take a figure out of a wider table stands
        back: how many women were killed matters more than their sectors by status. Those of earlier releases come
        first: what they show ties cells whether they are published again or not.
        """
        small = self.find_small(threshold)
        sizes = self.counts("victims")
        costs = find_costs(sizes, self._weights(), list(self.lines()))
        guard = Guard(self.least, costs)
        if foreknown:
            small, guard = small | foreknown.to_hide, Guard(foreknown.least, costs, foreknown.told)
        lines = [(guard.order(each), frozenset(tied)) for tied, each in self.tied_lines()]
        slices = [(each, frozenset(tied)) for tied, each in self._slices()]
        taken: list[TableSet] = []
        hidden = np.zeros(self.size, dtype=np.bool_)
        core = self._cells_of([each for each in self.tables if len(each) <= 1 and NEVER_LOST.issuperset(each)])
        for together in self._in_order(foreknown.tables if foreknown else frozenset()):
            waiting = [together]
            wider = self._cells_of(taken)
            while waiting:
                some = waiting.pop()
                there = {*taken, *some}
                trial = guard.copy()
                tried = trial.protect(
                    hidden | (small & self._cells_of(some)),
                    [each for each, tied in lines if tied <= there],
                    [each for each, tied in slices if tied <= there],
                )
                lost = np.zeros_like(hidden) if tried is None else tried & ~hidden & wider
                cheap = sizes[lost].sum() <= MOST_LOST * sizes[wider].sum() and not (lost & core).any()
                if tried is not None and cheap:
                    taken, hidden, guard = [*taken, *some], tried, trial
                elif len(some) > 1:
                    half = len(some) // 2
                    waiting += [some[half:], some[:half]]
        return Protected(hidden, tuple(dimensions for dimensions in self.tables if dimensions in taken))

    def _in_order(self, earlier: frozenset[TableSet]) -> Iterator[list[TableSet]]:
        """All table sets, those tried together in one list."""
        for is_earlier in (True, False):
            for size in range(MOST_DIMENSIONS + 1):
                some = [each for each in self.tables if len(each) == size and (each in earlier) == is_earlier]
                if some:
                    yield some

    def _weights(self) -> Indices:
        # A total is worth a thousand cells of a table by one dimension more. A country is one of many: where either can
        # go, a small country is a lesser loss than all women.
        weights = np.ones(self.size, dtype=np.int64)
        for dimensions, table in self.tables.items():
            worth = 1000 ** (MOST_DIMENSIONS - len(dimensions)) * (1 if "country" in dimensions else 30)
            weights[table.start : table.start + len(table)] = worth
        return weights

    def _cells_of(self, tables: Sequence[TableSet]) -> Flags:
        cells = np.zeros(self.size, dtype=np.bool_)
        for dimensions in tables:
            table = self.tables[dimensions]
            cells[table.start : table.start + len(table)] = True
        return cells

    def _radix(self, dimension: str) -> int:
        return len(self.codes[dimension])

    def keys(self, dimensions: TableSet, columns: Sequence[NDArray[np.int64]], number: int) -> Indices:
        """One number for each of `number` cells, told from its codes' numbers."""
        keys = np.zeros(number, dtype=np.int64)
        for dimension, column in zip(dimensions, columns, strict=True):
            keys = keys * self._radix(dimension) + column
        return keys

    def _find(self, dimensions: TableSet, columns: Sequence[NDArray[np.int64]], number: int) -> Indices:
        """The numbers of the cells with these codes."""
        table = self.tables[dimensions]
        keys = self.keys(dimensions, columns, number)
        return np.searchsorted(table.keys, keys).astype(np.int64) + table.start

    def lines(self, *, exact_only: bool = False) -> Iterator[Lines]:
        """All sums between cells; with `exact_only` without those along a dimension of several values to a record."""
        return (lines for _tied, lines in self.tied_lines(exact_only=exact_only))

    def tied_lines(self, *, exact_only: bool = False) -> Iterator[tuple[tuple[TableSet, TableSet], Lines]]:
        for table in self.tables.values():
            cells = np.arange(table.start, table.start + len(table), dtype=np.int64)
            said = dict(zip(table.dimensions, table.codes.T, strict=True))
            for dimension in table.dimensions:
                parents = [] if exact_only and dimension in MULTIVALUED else [_without(said, dimension)]
                for part, whole in HIERARCHIES:
                    if part == dimension:
                        group = self._group_of(part, whole)[said[part]]
                        parents.append(_without(said, dimension) | {whole: group})
                for parent in parents:
                    wider = tuple(each for each in PUBLISHED if each in parent)
                    if wider in self.tables:
                        columns = [parent[each] for each in wider]
                        yield (table.dimensions, wider), Lines(cells, self._find(wider, columns, len(table)))

    def _group_of(self, part: str, whole: str) -> NDArray[np.int64]:
        groups = self.groups[part, whole]
        return np.array([self.codes[whole].index(groups[code]) for code in self.codes[part]], dtype=np.int64)

    def _slices(self) -> Iterator[tuple[tuple[TableSet, ...], Slices]]:
        for table in self.tables.values():
            for first, second in combinations(table.dimensions, 2):
                by_first, by_second = (_rest(table.dimensions, each) for each in (second, first))
                rest = _rest(by_first, first)
                tied = (table.dimensions, by_first, by_second, rest)
                if all(each in self.tables for each in tied):
                    yield tied, self._slice(tied, first, second)

    def _slice(self, tied: tuple[TableSet, ...], first: str, second: str) -> Slices:
        rest = tied[-1]
        rows_in_slice, columns_in_slice = self._radix(first) + 1, self._radix(second) + 1
        offset = len(self.tables[rest]) * rows_in_slice
        cells, rows, columns, is_margin = [], [], [], []
        for dimensions in tied:
            part = self.tables[dimensions]
            codes = dict(zip(dimensions, part.codes.T, strict=True))
            where = self._find(rest, [codes[each] for each in rest], len(part)) - self.tables[rest].start
            total_row = np.full(len(part), rows_in_slice - 1, dtype=np.int64)
            total_column = np.full(len(part), columns_in_slice - 1, dtype=np.int64)
            cells.append(np.arange(part.start, part.start + len(part), dtype=np.int64))
            rows.append(where * rows_in_slice + codes.get(first, total_row))
            columns.append(offset + where * columns_in_slice + codes.get(second, total_column))
            is_margin.append(np.full(len(part), (first in dimensions) != (second in dimensions)))
        return Slices(np.concatenate(cells), np.concatenate(rows), np.concatenate(columns), np.concatenate(is_margin))


def _rest(dimensions: TableSet, dimension: str) -> TableSet:
    return tuple(each for each in dimensions if each != dimension)


def _without(said: Mapping[str, NDArray[np.int64]], dimension: str) -> dict[str, NDArray[np.int64]]:
    return {each: codes for each, codes in said.items() if each != dimension}


def count_family(plane: pa.Table, sets: Sequence[TableSet] | None = None) -> Family:
    """Count all published tables of `plane` (columns as of `cases.coded_plane`), or those of `sets`."""
    connection = duckdb.connect(":memory:")
    connection.register("records", plane)
    connection.execute(f"CREATE VIEW plane AS SELECT *, {_CALENDAR_MONTH} AS calendar_month FROM records")  # noqa: S608
    codes, views = _number_codes(connection)
    # Which code belongs to which group is read from the records: the two columns stand side by side there.
    groups = {}
    for part, whole in HIERARCHIES:
        pairs = f"SELECT DISTINCT {_as_code(part)}, {_as_code(whole)} FROM plane"  # noqa: S608
        groups[part, whole] = dict(connection.execute(pairs).fetchall())
    family = Family(codes, groups, {})
    for dimensions in published_sets() if sets is None else sets:
        start = sum(len(table) for table in family.tables.values())
        family.tables[dimensions] = _count_table(connection, views, family, dimensions, start)
    return family


def _as_code(column: str) -> str:
    return f"coalesce({column}::VARCHAR, '{UNKNOWN}')"


def _number_codes(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, tuple[str, ...]], dict[frozenset[str], str]]:
    """Numbered codes of each dimension, and the tables with numbers for codes, by the multi-valued ones unnested."""
    codes: dict[str, tuple[str, ...]] = {}
    for dimension in PUBLISHED:
        column = f"unnest({dimension})" if dimension in MULTIVALUED else _as_code(dimension)
        found = connection.execute(f"SELECT DISTINCT {column} AS code FROM plane ORDER BY code").fetchall()  # noqa: S608
        codes[dimension] = tuple(code for (code,) in found)
        numbered = pa.table({"code": list(codes[dimension]), "number": range(len(found))}) if found else None
        connection.register(
            f"codes_{dimension}", numbered or pa.table({"code": pa.array([], pa.string()), "number": []})
        )
    single = [dimension for dimension in PUBLISHED if dimension not in MULTIVALUED]
    views: dict[frozenset[str], str] = {}
    for size in range(len(MULTIVALUED) + 1):
        for unnested in combinations(MULTIVALUED, size):
            name = "_".join(("numbered", *unnested))
            views[frozenset(unnested)] = name
            columns = ", ".join(
                [f"{_as_code(each)} AS {each}" for each in single] + [f"unnest({each}) AS {each}" for each in unnested]
            )
            joins = " ".join(
                f"JOIN codes_{each} AS c_{each} ON c_{each}.code = p.{each}" for each in (*single, *unnested)
            )
            numbers = ", ".join(f"c_{each}.number AS {each}" for each in (*single, *unnested))
            connection.execute(
                f"CREATE TABLE {name} AS SELECT act_id, victim_id, incident_id, {numbers} "  # noqa: S608
                f"FROM (SELECT act_id, victim_id, incident_id, {columns} FROM {_crossed(unnested)}) AS p {joins}"
            )
    return codes, views


def _crossed(unnested: Sequence[str]) -> str:
    """The plane with the lists of `unnested` cut to one value a row, each with each."""
    table = "plane"
    for number, each in enumerate(unnested):
        table = (
            f"(SELECT t{number}.* REPLACE ([v{number}] AS {each}) FROM "  # noqa: S608
            f"(SELECT *, unnest({each}) AS v{number} FROM {table}) AS t{number})"
        )
    return table


def _count_table(
    connection: duckdb.DuckDBPyConnection,
    views: Mapping[frozenset[str], str],
    family: Family,
    dimensions: TableSet,
    start: int,
) -> CountedTable:
    view = views[frozenset(dimensions) & frozenset(MULTIVALUED)]
    columns = ", ".join(dimensions)
    counted = ", ".join(f"count(DISTINCT {column}) AS {measure}" for measure, column in MEASURES.items())
    grouped = f"GROUP BY {columns}" if dimensions else ""
    listed = f"{columns}, " if dimensions else ""
    found = connection.execute(f"SELECT {listed}{counted} FROM {view} {grouped}").fetchnumpy()  # noqa: S608
    number = len(found["victims"])
    codes = np.zeros((number, len(dimensions)), dtype=np.int64)
    for position, dimension in enumerate(dimensions):
        codes[:, position] = found[dimension]
    keys = family.keys(dimensions, list(codes.T), number)
    order = np.argsort(keys)
    counts = {measure: np.asarray(found[measure], dtype=np.int64)[order] for measure in MEASURES}
    return CountedTable(dimensions, codes[order], keys[order], counts, start)
