"""An attacker with a solver: everything published in, the range of each hidden cell out."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from amparo.statistics.family import CountedTable, Family, Protected
from amparo.statistics.published import HIERARCHIES, MOST_DIMENSIONS, PUBLISHED
from amparo.statistics.suppression import Flags, Lines


def find_ranges(
    family: Family, protected: Protected, threshold: int = 3, measure: str = "acts", most: int = 40
) -> Iterator[tuple[float, float]]:
    """The least and most that `most` of the small counts can be, by all sums that hold between published cells.

    The attacker knows the method: a hidden cell of up to two dimensions counts at least one; in the finest tables it
    may be any of those that are not there. Sums along a dimension with several values to a record do not hold, so they
    are no help.
    """
    seen, hidden, chosen = _as_published(family, protected)
    counts = seen.counts(measure)
    unknown = np.flatnonzero(hidden)
    place = {int(cell): number for number, cell in enumerate(unknown)}
    finest = np.concatenate([np.full(len(t), len(d) == MOST_DIMENSIONS) for d, t in seen.tables.items()])
    bounds = [(0 if finest[cell] else 1, None) for cell in unknown]
    sums = [line for lines in seen.lines(exact_only=True) for line in _sums(lines)]
    matrix, right = lil_matrix((len(sums), len(unknown))), np.zeros(len(sums))
    for number, (parent, children) in enumerate(sums):
        for cell, sign in ((parent, -1), *((child, 1) for child in children)):
            if cell in place:
                matrix[number, place[cell]] += sign
            else:
                right[number] -= sign * counts[cell]
    matrix = matrix.tocsr()
    kept = np.flatnonzero(np.diff(matrix.indptr))
    matrix, right = matrix[kept], right[kept]
    for cell in np.random.default_rng(1).permutation(np.flatnonzero(chosen & (counts < threshold)))[:most]:
        goal = np.zeros(len(unknown))
        goal[place[int(cell)]] = 1
        ends = [linprog(sign * goal, A_eq=matrix, b_eq=right, bounds=bounds, method="highs") for sign in (1, -1)]
        assert ends[0].status == 0, ends[0].message
        yield ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf


def _as_published(family: Family, protected: Protected) -> tuple[Family, Flags, Flags]:
    """The family from outside: with every cell that might be there; what is not shown; what of it is really hidden."""
    tables: dict[tuple[str, ...], CountedTable] = {}
    hidden, chosen, start = [], [], 0
    # Groups before what they hold: a cell can only be there if the group that it belongs to can.
    parts = {part for part, _whole in HIERARCHIES}
    for dimensions in sorted(protected.tables, key=lambda each: (len(each), len(parts & set(each)))):
        table = family.tables[dimensions]
        secret = protected.hidden[table.start : table.start + len(table)]
        cells = {tuple(codes): number for number, codes in enumerate(table.codes.tolist())}
        codes = list(cells) if len(dimensions) < MOST_DIMENSIONS else _possible(family, tables, dimensions)
        found = [cells.get(tuple(each), -1) for each in codes]
        numbers = np.array(codes, dtype=np.int64).reshape(len(codes), len(dimensions))
        keys = family.keys(dimensions, list(numbers.T), len(codes))
        order = np.argsort(keys)
        places = np.array(found, dtype=np.int64)[order]
        counts = {m: np.where(places >= 0, values[places], 0) for m, values in table.counts.items()}
        tables[dimensions] = CountedTable(dimensions, numbers[order], keys[order], counts, start)
        hidden.append((places < 0) | secret[places])
        chosen.append((places >= 0) & secret[places])
        start += len(codes)
    return Family(family.codes, family.groups, tables), np.concatenate(hidden), np.concatenate(chosen)


def _possible(family: Family, tables: dict, dimensions: tuple[str, ...]) -> list[tuple[int, ...]]:
    """All cells of a finest table whose published margins are not zero."""
    ranges = [range(len(family.codes[each])) for each in dimensions]
    margins = []
    for left_out in range(len(dimensions)):
        rest = tuple(each for place, each in enumerate(dimensions) if place != left_out)
        if rest in tables:
            margins.append((left_out, {tuple(codes) for codes in tables[rest].codes.tolist()}))
    return [
        codes
        for codes in product(*ranges)
        if all(codes[:out] + codes[out + 1 :] in there for out, there in margins)
        and _fits_hierarchies(family, tables, dimensions, codes)
    ]


def _fits_hierarchies(family: Family, tables: dict, dimensions: tuple[str, ...], codes: tuple[int, ...]) -> bool:
    said = dict(zip(dimensions, codes, strict=True))
    for part, whole in HIERARCHIES:
        if part not in said:
            continue
        group = family.codes[whole].index(family.groups[part, whole][family.codes[part][said[part]]])
        wider = {each: code for each, code in said.items() if each != part} | {whole: group}
        names = tuple(each for each in PUBLISHED if each in wider)
        if names in tables:
            there = {tuple(each) for each in tables[names].codes.tolist()}
            if tuple(wider[each] for each in names) not in there:
                return False
    return True


def _sums(lines: Lines) -> Iterator[tuple[int, list[int]]]:
    order = np.argsort(lines.parents, kind="stable")
    parents, starts = np.unique(lines.parents[order], return_index=True)
    for parent, children in zip(parents, np.split(lines.children[order], starts[1:]), strict=True):
        yield int(parent), children.tolist()
