"""Attacking a release with a solver: what everything published tells of each cell that is not shown. Pure.

The attacker has the published file and knows the method (docs/methods.md): that a hidden cell of a table of up to two
dimensions counts at least one; that sums along a dimension of one value to a record, and along hierarchies, hold; that
nothing counts more than the total. All tables of up to two dimensions are one linear system; each of the finest tables
is attacked together with all its margins, its cells being those that these leave possible.

A cell is *told* where its least and its greatest value are one and the same whole number. Solving twice for each cell
would take hours: each solution under a random objective shows at once two values for many cells; only what is left
after some rounds is solved for by itself (as the "audit" of M. Fischetti, J. J. Salazar, "Models and algorithms for
optimizing cell suppression in tabular data with linear constraints", J. Amer. Statist. Assoc. 95, 2000).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from amparo.statistics.family import CountedTable, Family
from amparo.statistics.published import HIERARCHIES, MOST_DIMENSIONS, PUBLISHED, TableSet
from amparo.statistics.suppression import Flags, Indices
from amparo.vocabularies.catalogue import get_vocabulary
from amparo.vocabularies.places import ganhri_network, regional_group

ROUNDS = 12
# Below this a range holds one whole number only.
_WIDTH = 1 - 1e-6
_SEED = 20181012


def _act_group(code: str) -> str:
    acts = get_vocabulary("acts")
    return acts.top(code) if code in acts.terms else code


_GROUP_OF = {
    ("act", "act_group"): _act_group,
    ("country", "regional_group"): regional_group,
    ("country", "network"): ganhri_network,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A hidden cell that the rest tells: its table, its codes, and the range that is left to it."""

    dimensions: TableSet
    codes: tuple[str, ...]
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attack on one dataset and measure found: how many cells were hidden and attacked, and those told."""

    dataset: str
    measure: str
    hidden: int
    told: tuple[Told, ...]


@dataclass(frozen=True)
class PublishedCells:
    """One dataset of a release from outside, for one measure: `known` counts, and which cells are not shown."""

    family: Family
    measure: str
    hidden: Flags

    def told(self, rounds: int = ROUNDS) -> Iterator[Told]:
        """The cells that the sums between these tables tell."""
        counts = self.family.counts(self.measure)
        unknown = np.flatnonzero(self.hidden)
        if not len(unknown):
            return
        finest = np.concatenate([np.full(len(t), len(d) == MOST_DIMENSIONS) for d, t in self.family.tables.items()])
        system = _System.of(self.family, counts, unknown, finest[unknown])
        low, high = system.find_ranges(rounds)
        for place in np.flatnonzero(high - low < _WIDTH):
            dimensions, codes = _name(self.family, int(unknown[place]))
            yield Told(dimensions, codes, float(low[place]), float(high[place]))


@dataclass(frozen=True)
class _System:
    """`matrix @ x = right` for the unknown cells x, each within its bounds."""

    matrix: csr_matrix
    right: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def of(cls, family: Family, counts: Indices, unknown: Indices, may_be_none: Flags) -> "_System":
        place = np.full(family.size, -1, dtype=np.int64)
        place[unknown] = np.arange(len(unknown))
        rows, columns, signs, right, start = [], [], [], [], 0
        for lines in family.lines(exact_only=True):
            parents, line = np.unique(lines.parents, return_inverse=True)
            for cells, on, sign in ((lines.children, line, 1.0), (parents, np.arange(len(parents)), -1.0)):
                is_unknown = place[cells] >= 0
                rows.append(start + on[is_unknown])
                columns.append(place[cells[is_unknown]])
                signs.append(np.full(int(is_unknown.sum()), sign))
                known = np.bincount(on[~is_unknown], weights=counts[cells[~is_unknown]], minlength=len(parents))
                right.append((start, -sign * known))
            start += len(parents)
        total = np.zeros(start)
        for first, values in right:
            total[first : first + len(values)] += values
        matrix = csr_matrix(
            (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))), shape=(start, len(unknown))
        )
        kept = np.flatnonzero(np.diff(matrix.indptr))
        least = np.where(may_be_none, 0.0, 1.0)
        return cls(matrix[kept], total[kept], least, np.full(len(unknown), float(max(counts.max(initial=1), 1))))

    def find_ranges(self, rounds: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The least and greatest value seen of each cell; exact where they are less than one apart."""
        number = len(self.least)
        low, high = np.full(number, np.inf), np.full(number, -np.inf)
        random = np.random.default_rng(_SEED)
        for _ in range(rounds):
            left = high - low < _WIDTH
            if not left.any():
                break
            goal = np.where(left, random.normal(size=number), 0.0)
            for sign in (1.0, -1.0):
                found = self._solve(sign * goal)
                low, high = np.minimum(low, found), np.maximum(high, found)
        for cell in np.flatnonzero(high - low < _WIDTH):
            goal = np.zeros(number)
            goal[cell] = 1.0
            low[cell] = min(low[cell], self._solve(goal)[cell])
            if high[cell] - low[cell] < _WIDTH:
                high[cell] = max(high[cell], self._solve(-goal)[cell])
        return low, high

    def _solve(self, goal: NDArray[np.float64]) -> NDArray[np.float64]:
        bounds = np.column_stack([self.least, self.most])
        found = linprog(goal, A_eq=self.matrix, b_eq=self.right, bounds=bounds, method="highs")
        if found.status != 0:
            raise ArithmeticError(f"The published cells do not add up: {found.message}")
        values: NDArray[np.float64] = found.x
        return values


def audit_file(path: Path, datasets: Sequence[str], measures: Sequence[str], rounds: int = ROUNDS) -> Iterator[Audit]:
    """Attack each dataset of a file `cells.parquet`, measure by measure."""
    for dataset in datasets:
        rows = pq.read_table(path, filters=[("dataset", "==", dataset)])
        for measure in measures:
            outside = _read(rows.to_pydict(), measure)
            told, hidden = [], 0
            for part in _parts(outside, measure):
                hidden += int(part.hidden.sum())
                told += list(part.told(rounds))
            # A cell of two dimensions is attacked with its own tables and again as a margin of finer ones.
            yield Audit(dataset, measure, hidden, tuple(dict.fromkeys(told)))


Cells = Mapping[tuple[str, ...], int | None]


def _read(rows: Mapping[str, Sequence[object]], measure: str) -> dict[TableSet, dict[tuple[str, ...], int | None]]:
    found: dict[TableSet, dict[tuple[str, ...], int | None]] = {}
    codes = [rows[f"code_{number}"] for number in range(1, MOST_DIMENSIONS + 1)]
    for place, written in enumerate(rows["dimensions"]):
        dimensions = tuple(filter(None, str(written).split(",")))
        cell = tuple(str(column[place]) for column in codes[: len(dimensions)])
        count = rows[measure][place]
        found.setdefault(dimensions, {})[cell] = None if count is None else int(str(count))
    return found


def _parts(outside: Mapping[TableSet, Cells], measure: str) -> Iterator[PublishedCells]:
    """All tables of up to two dimensions together; then each finest table with its margins."""
    wide = {dimensions: cells for dimensions, cells in outside.items() if len(dimensions) < MOST_DIMENSIONS}
    yield _as_family(wide, measure)
    for dimensions, cells in outside.items():
        if len(dimensions) < MOST_DIMENSIONS:
            continue
        subsets = (part for size in range(MOST_DIMENSIONS) for part in combinations(dimensions, size))
        around = {part: wide[part] for part in subsets if part in wide}
        possible: dict[tuple[str, ...], int | None] = dict.fromkeys(_possible(dimensions, around))
        if possible:
            yield _as_family({**around, dimensions: possible | dict(cells)}, measure)


def _possible(dimensions: TableSet, around: Mapping[TableSet, Cells]) -> Iterator[tuple[str, ...]]:
    """The cells of a finest table whose published margins are there, that is, not zero."""
    first, second, third = dimensions
    codes = {each: [code for (code,) in around.get((each,), {})] for each in dimensions}
    pairs = {pair: around.get(pair) for pair in combinations(dimensions, 2)}
    for one in codes[first]:
        for other in codes[second]:
            if pairs[first, second] is not None and (one, other) not in (pairs[first, second] or {}):
                continue
            for last in codes[third]:
                fits = (pairs[first, third] is None or (one, last) in (pairs[first, third] or {})) and (
                    pairs[second, third] is None or (other, last) in (pairs[second, third] or {})
                )
                if fits:
                    yield one, other, last


def _as_family(outside: Mapping[TableSet, Cells], measure: str) -> PublishedCells:
    ordered = sorted(outside, key=lambda each: (len(each), [PUBLISHED.index(part) for part in each]))
    found: dict[str, set[str]] = {each: set() for each in PUBLISHED}
    for dimensions in ordered:
        for cell in outside[dimensions]:
            for dimension, code in zip(dimensions, cell, strict=True):
                found[dimension].add(code)
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for part, whole in HIERARCHIES:
        groups[part, whole] = {code: _GROUP_OF[part, whole](code) for code in found[part]}
        found[whole].update(groups[part, whole].values())
    codes = {each: tuple(sorted(found[each])) for each in PUBLISHED}
    numbers = {each: {code: number for number, code in enumerate(codes[each])} for each in PUBLISHED}
    family = Family(codes, groups, {})
    hidden: list[Flags] = []
    for dimensions in ordered:
        cells = outside[dimensions]
        columns = np.array(
            [[numbers[each][code] for each, code in zip(dimensions, cell, strict=True)] for cell in cells],
            dtype=np.int64,
        ).reshape(len(cells), len(dimensions))
        keys = family.keys(dimensions, list(columns.T), len(cells))
        order = np.argsort(keys)
        counts = np.array([0 if count is None else count for count in cells.values()], dtype=np.int64)[order]
        start = family.size if family.tables else 0
        # `size` is kept once it was asked for: it is asked for anew of each table.
        family.__dict__.pop("size", None)
        family.tables[dimensions] = CountedTable(dimensions, columns[order], keys[order], {measure: counts}, start)
        hidden.append(np.array([count is None for count in cells.values()], dtype=np.bool_)[order])
    family.__dict__.pop("size", None)
    return PublishedCells(family, measure, np.concatenate(hidden) if hidden else np.zeros(0, dtype=np.bool_))


def _name(family: Family, cell: int) -> tuple[TableSet, tuple[str, ...]]:
    for dimensions, table in family.tables.items():
        if table.start <= cell < table.start + len(table):
            numbers = table.codes[cell - table.start]
            return dimensions, tuple(family.codes[each][n] for each, n in zip(dimensions, numbers, strict=True))
    raise KeyError(cell)
