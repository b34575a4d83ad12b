"""What ties the cells of published tables to each other, as a system of linear equations and bounds. Pure.

A measure counts things of one level: an incident has victims, a victim has acts. Along a dimension that says one thing
of each (the sex of a victim, for victims and for acts) cells add up to their total. Along any other (the kind of act,
for victims; profiles, for everything) none is more than the total, and together they are no less. In one cell there
are no more incidents than victims, and no more victims than acts, where each incident there has a victim, each victim
an act; an incident of which no victim is known can stand under "unknown" only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from scipy.sparse import csr_array

from amparo.statistics.auditing.published_view import Counts, Numbers, SeenDataset, SeenTable
from amparo.statistics.family import MEASURES, MULTIVALUED, UNKNOWN
from amparo.statistics.published import HIERARCHIES, MOST_DIMENSIONS, PUBLISHED, TableSet
from amparo.statistics.suppression import Flags

# What a dimension is said of: 0 an incident, 1 a victim, 2 an act. Every other one is said of an incident.
_LEVEL_OF_DIMENSION = {"target": 1, "profile": 1, "sex": 1, "age_band": 1, "act": 2, "act_group": 2}
_LEVEL_OF_MEASURE = {"incidents": 0, "victims": 1, "acts": 2}


@dataclass(frozen=True)
class Measured:
    """Measures that are the same in every cell, taken as one: its `column` of counts, its levels `first` to `level`."""

    names: tuple[str, ...]
    column: int
    first: int
    level: int


@dataclass(frozen=True)
class Unknowns:
    """A system of linear equations over the numbers that are not shown; `places[i]` says which the i-th is.

    `equal @ x == equal_to`, `at_most @ x <= limit`, `least <= x <= most`.
    """

    places: Numbers
    equal: csr_array
    equal_to: Counts
    at_most: csr_array
    limit: Counts
    least: Counts
    most: Counts

    def __len__(self) -> int:
        return len(self.places)


def find_measured(seen: SeenDataset) -> tuple[Measured, ...]:
    """The measures of `seen` that differ, from incidents to acts.

    Where there are as many victims as incidents, and no incident is without one, each has exactly one: the two are the
    same in every cell. So with acts and victims.
    """
    order = sorted(_LEVEL_OF_MEASURE, key=lambda measure: _LEVEL_OF_MEASURE[measure])
    places = {measure: place for place, measure in enumerate(MEASURES)}
    total = seen.tables[()].counts[0] if () in seen.tables and len(seen.tables[()]) else np.full(len(MEASURES), np.nan)
    groups: list[list[str]] = []
    for measure in order:
        if (
            groups
            and total[places[measure]] == total[places[groups[-1][0]]]
            and is_known_of_all(seen, _LEVEL_OF_MEASURE[measure])
        ):
            groups[-1].append(measure)
        else:
            groups.append([measure])
    return tuple(
        Measured(tuple(names), places[names[0]], _LEVEL_OF_MEASURE[names[0]], _LEVEL_OF_MEASURE[names[-1]])
        for names in groups
    )


def is_known_of_all(seen: SeenDataset, level: int) -> bool:
    """Whether some table says that nothing is without a victim (level 1) or an act (2): it has no row "unknown"."""
    return any(
        said >= level
        and (dimension,) in seen.tables
        and _number_of_unknown(seen, dimension) not in seen.tables[dimension,].codes[:, 0]
        for dimension, said in _LEVEL_OF_DIMENSION.items()
    )


def find_refinements(dimensions: TableSet) -> Iterator[tuple[TableSet, str, str | None]]:
    """The table sets one step wider: without a dimension, or with the group instead of its part; and which."""
    for dimension in dimensions:
        yield tuple(each for each in dimensions if each != dimension), dimension, None
        for part, whole in HIERARCHIES:
            if part == dimension and whole not in dimensions:
                wider = {whole if each == part else each for each in dimensions}
                yield tuple(each for each in PUBLISHED if each in wider), dimension, whole


def find_wider(dimensions: TableSet, published: Mapping[TableSet, SeenTable]) -> set[TableSet]:
    """`dimensions` and every published table set that it refines."""
    found: set[TableSet] = set()
    waiting = [dimensions]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [wider for wider, *_ in find_refinements(one)]
    return found & published.keys()


class System:
    """The cells of some published tables, with those that may be there besides, and their ties.

    A number's place, for a cell and a measure: `cell + size * measure`. `counts` has NaN for what is not shown; `equal
    @ x == 0` and `at_most @ x <= 0` for all numbers x, shown or not. `finest` are cells that may be zero.
    """

    def __init__(self, seen: SeenDataset, chosen: Iterable[TableSet], measured: Sequence[Measured]) -> None:
        self.seen = seen
        self.measured = tuple(measured)
        self.tables: dict[TableSet, SeenTable] = {}
        self.starts: dict[TableSet, int] = {}
        self.size = 0
        # Groups before their parts, so that what cannot be there in the wider table is left out of the finer one.
        parts = {part for part, _whole in HIERARCHIES}
        for dimensions in sorted(set(chosen), key=lambda each: (len(each), len(parts & set(each)), each)):
            table = seen.tables[dimensions]
            if len(dimensions) == MOST_DIMENSIONS:
                table = self._with_possible(table)
            self.tables[dimensions], self.starts[dimensions] = table, self.size
            self.size += len(table)
        counts = np.concatenate([table.counts for table in self.tables.values()])
        self.counts = np.concatenate([counts[:, each.column] for each in self.measured])
        self.finest = np.concatenate([np.full(len(t), len(d) == MOST_DIMENSIONS) for d, t in self.tables.items()])
        self.least = np.concatenate([~self.finest & self._has(each.first) for each in self.measured]).astype(np.float64)
        self.equal, self.at_most = self._rows(equal=True), self._rows(equal=False)

    def gather(self, hidden: Flags | None = None) -> Unknowns:
        """The system over what is not shown: numbers without a count, and those of the cells that are `hidden`."""
        there = np.isnan(self.counts)
        if hidden is not None:
            there = there | np.tile(hidden, len(self.measured))
        unknown = np.flatnonzero(there)
        filled = np.where(there, 0.0, self.counts)
        equal, equal_to = _restrict(self.equal, filled, unknown)
        at_most, limit = _restrict(self.at_most, filled, unknown)
        return Unknowns(unknown, equal, equal_to, at_most, limit, self.least[unknown], np.full(len(unknown), np.inf))

    def describe(self, number: int) -> tuple[TableSet, tuple[str, ...], tuple[str, ...]]:
        """The dimensions, the codes and the measures of a number."""
        measure, cell = divmod(number, self.size)
        dimensions = self.table_of(cell)
        codes = self.tables[dimensions].codes[cell - self.starts[dimensions]]
        named = tuple(self.seen.codes[each][code] for each, code in zip(dimensions, codes, strict=True))
        return dimensions, named, self.measured[measure].names

    def table_of(self, cell: int) -> TableSet:
        """The table in which a cell stands."""
        names, starts = list(self.starts), list(self.starts.values())
        place = int(np.searchsorted(starts, cell, side="right")) - 1
        # Of tables without a cell the start is the next one's.
        return names[place]

    def _with_possible(self, table: SeenTable) -> SeenTable:
        """A finest table with every further cell whose published margins are not zero."""
        codes = self._possible(table.dimensions)
        keys = self.seen.keys(table.dimensions, list(codes.T), len(codes))
        for wider, dimension, whole in find_refinements(table.dimensions):
            if wider in self.tables:
                parents = self._find_parents(table.dimensions, codes, wider, dimension, whole)
                codes, keys = codes[parents >= 0], keys[parents >= 0]
        new = table.find(keys) < 0
        counts = np.concatenate([table.counts, np.full((int(new.sum()), len(MEASURES)), np.nan)])
        return self.seen.make_table(table.dimensions, np.concatenate([table.codes, codes[new]]), counts)

    def _possible(self, dimensions: TableSet) -> Numbers:
        pairs = [pair for pair in combinations(range(len(dimensions)), 2) if _named(dimensions, pair) in self.tables]
        if not pairs:
            grid = np.indices([len(self.seen.codes[each]) for each in dimensions])
            return grid.reshape(len(dimensions), -1).T.astype(np.int64)
        sizes = {pair: self._size_across(dimensions, pair) for pair in pairs}
        pair = min(pairs, key=lambda each: sizes[each])
        (other,) = set(range(len(dimensions))) - set(pair)
        inside, number = self.tables[_named(dimensions, pair)].codes, len(self.seen.codes[dimensions[other]])
        codes = np.empty((len(inside) * number, len(dimensions)), dtype=np.int64)
        codes[:, list(pair)] = np.repeat(inside, number, axis=0)
        codes[:, other] = np.tile(np.arange(number), len(inside))
        return codes

    def _size_across(self, dimensions: TableSet, pair: tuple[int, int]) -> int:
        (other,) = set(range(len(dimensions))) - set(pair)
        return len(self.tables[_named(dimensions, pair)]) * len(self.seen.codes[dimensions[other]])

    def _find_parents(
        self, dimensions: TableSet, codes: Numbers, wider: TableSet, dimension: str, whole: str | None
    ) -> Numbers:
        said = dict(zip(dimensions, codes.T, strict=True))
        dropped = said.pop(dimension)
        if whole is not None:
            said[whole] = self.seen.groups[dimension, whole][dropped]
        keys = self.seen.keys(wider, [said[each] for each in wider], len(codes))
        found = self.tables[wider].find(keys)
        return np.where(said[whole] < 0, -1, found) if whole is not None else found

    def _lines(self) -> Iterator[tuple[Numbers, Numbers, str]]:
        """Children and parents by number of cell, and the dimension along which they add up."""
        for dimensions, table in self.tables.items():
            for wider, dimension, whole in find_refinements(dimensions):
                if wider in self.tables:
                    parents = self._find_parents(dimensions, table.codes, wider, dimension, whole)
                    children = np.arange(len(table), dtype=np.int64) + self.starts[dimensions]
                    there = parents >= 0
                    yield children[there], parents[there] + self.starts[wider], dimension

    def _rows(self, *, equal: bool) -> csr_array:
        gathered = _Rows()
        for children, parents, dimension in self._lines():
            for place, measure in enumerate(self.measured):
                exact = dimension not in MULTIVALUED and _LEVEL_OF_DIMENSION.get(dimension, 0) <= measure.level
                if exact == equal:
                    offset = place * self.size
                    gathered.add_sums(children + offset, parents + offset, 1.0 if exact else -1.0)
                    if not exact:
                        gathered.add_pairs(children + offset, parents + offset)
        if not equal:
            for less, more in pairwise(range(len(self.measured))):
                cells = np.flatnonzero(self._has(self.measured[more].first))
                gathered.add_pairs(cells + less * self.size, cells + more * self.size)
        return gathered.as_matrix(self.size * len(self.measured))

    def _has(self, level: int) -> Flags:
        """The cells in which everything counted has something of `level`: a victim (1), an act (2)."""
        if level == 0 or is_known_of_all(self.seen, level):
            return np.ones(self.size, dtype=np.bool_)
        found = []
        for dimensions, table in self.tables.items():
            has = np.zeros(len(table), dtype=np.bool_)
            for place, dimension in enumerate(dimensions):
                if _LEVEL_OF_DIMENSION.get(dimension, 0) >= level:
                    has |= table.codes[:, place] != _number_of_unknown(self.seen, dimension)
            found.append(has)
        return np.concatenate(found)


class _Rows:
    """Rows of a sparse matrix, added in blocks."""

    def __init__(self) -> None:
        self.number = 0
        self._parts: list[tuple[Numbers, Numbers, Counts]] = []

    def add_sums(self, children: Numbers, parents: Numbers, sign: float) -> None:
        """A row for each parent: its children by `sign`, itself by the contrary."""
        unique, line = np.unique(parents, return_inverse=True)
        self._add(line.astype(np.int64), children, sign)
        self._add(np.arange(len(unique)), unique, -sign)
        self.number += len(unique)

    def add_pairs(self, less: Numbers, more: Numbers) -> None:
        """A row for each pair: one minus the other."""
        self._add(np.arange(len(less)), less, 1.0)
        self._add(np.arange(len(less)), more, -1.0)
        self.number += len(less)

    def _add(self, rows: Numbers, columns: Numbers, sign: float) -> None:
        self._parts.append((rows + self.number, columns, np.full(len(rows), sign)))

    def as_matrix(self, columns: int) -> csr_array:
        if not self._parts:
            return csr_array((0, columns))
        rows, places, signs = (np.concatenate(each) for each in zip(*self._parts, strict=True))
        return csr_array((signs, (rows, places)), shape=(self.number, columns))


def _named(dimensions: TableSet, places: Sequence[int]) -> TableSet:
    return tuple(dimensions[place] for place in places)


def _number_of_unknown(seen: SeenDataset, dimension: str) -> int:
    codes = seen.codes[dimension]
    return codes.index(UNKNOWN) if UNKNOWN in codes else -1


def _restrict(rows: csr_array, filled: Counts, unknown: Numbers) -> tuple[csr_array, Counts]:
    """The rows over `unknown` only, and what is known taken to the other side; without rows that say nothing more."""
    right: Counts = -(rows @ filled)
    rows = csr_array(rows[:, unknown])
    kept = np.flatnonzero(np.diff(rows.indptr))
    return csr_array(rows[kept]), right[kept]
