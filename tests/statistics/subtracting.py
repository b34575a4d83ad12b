"""An attacker who holds two releases: what plain subtraction gives, and what a solver makes of both."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from amparo.statistics.differencing import EarlierRelease, EarlierTable
from amparo.statistics.family import MEASURES, Family, Protected
from amparo.statistics.published import MOST_DIMENSIONS
from tests.statistics.attack import _as_published, _sums

_SWEEPS = 10
_TOLD = 0.99
Cell = tuple[tuple[str, ...], tuple[str, ...]]


def as_published(family: Family, protected: Protected, release: str = "2026-1") -> EarlierRelease:
    """What everybody can read of a release."""
    tables = {}
    for dimensions in protected.tables:
        table = family.tables[dimensions]
        hidden = protected.hidden[table.start : table.start + len(table)]
        kept = ~hidden if len(dimensions) == MOST_DIMENSIONS else np.ones(len(table), dtype=np.bool_)
        codes = {
            each: [family.codes[each][code] for code in column]
            for each, column in zip(dimensions, table.codes[kept].T, strict=True)
        }
        counts = {measure: np.where(hidden, -1, table.counts[measure])[kept] for measure in MEASURES}
        tables[dimensions] = EarlierTable(codes, counts)
    return EarlierRelease(release, tables)


def subtract(before: EarlierRelease, after: EarlierRelease, measure: str = "acts") -> dict[Cell, int]:
    """What each cell has changed by that both show; of tables of up to two dimensions also where one shows a zero."""
    found: dict[Cell, int] = {}
    for dimensions in before.tables.keys() & after.tables.keys():
        old, new = (_shown(each.tables[dimensions], dimensions, measure) for each in (before, after))
        for codes in old.keys() | new.keys():
            absent = None if len(dimensions) == MOST_DIMENSIONS else 0
            one, other = old.get(codes, absent), new.get(codes, absent)
            if one not in (None, -1) and other not in (None, -1):
                found[dimensions, codes] = other - one
    return found


def _shown(table: EarlierTable, dimensions: tuple[str, ...], measure: str) -> dict[tuple[str, ...], int]:
    cells = zip(*(table.codes[each] for each in dimensions), strict=True) if dimensions else [()] * len(table)
    return dict(zip(cells, table.counts[measure].tolist(), strict=True))


@dataclass(frozen=True)
class _Side:
    """A release as a solver sees it: its cells with their counts (None where not known), and which add up to which."""

    counts: dict[Cell, int | None]
    true: dict[Cell, int]
    sums: list[tuple[Cell, list[Cell]]]


def _see(family: Family, protected: Protected, measure: str) -> _Side:
    seen, hidden, _chosen = _as_published(family, protected)
    cells: list[Cell] = []
    for dimensions, table in seen.tables.items():
        names = [family.codes[each] for each in dimensions]
        cells += [
            (dimensions, tuple(name[code] for name, code in zip(names, row, strict=True)))
            for row in table.codes.tolist()
        ]
    true = [int(count) for count in seen.counts(measure)]
    counts = {cell: None if secret else n for cell, n, secret in zip(cells, true, hidden.tolist(), strict=True)}
    lines = [line for lines in seen.lines(exact_only=True) for line in _sums(lines)]
    sums = [(cells[parent], [cells[child] for child in children]) for parent, children in lines]
    return _Side(counts, dict(zip(cells, true, strict=True)), sums)


def find_ranges_of_both(
    before: tuple[Family, Protected],
    after: tuple[Family, Protected],
    *,
    threshold: int = 3,
    measure: str = "acts",
    most: int = 30,
    only_grew: bool = True,
) -> Iterator[tuple[str, Cell, float, float]]:
    """The ranges of `most` of each: the small counts of either release, and the small changes between them.

    With `only_grew` the attacker supposes that no count fell. Yields "before", "after" or "change", the cell, the least
    and the most.
    """
    sides = [_see(*each, measure) for each in (before, after)]
    place: dict[tuple[int, Cell], int] = {}
    for number, side in enumerate(sides):
        for cell, count in side.counts.items():
            if count is None:
                place[number, cell] = len(place)
    equal, limits = _Rows(place), _Rows(place)
    for number, side in enumerate(sides):
        for parent, children in side.sums:
            equal.add([(1, number, child) for child in children] + [(-1, number, parent)], sides)
    if only_grew:
        for cell in sides[0].counts.keys() & sides[1].counts.keys():
            limits.add([(1, 0, cell), (-1, 1, cell)], sides)
    bounds = [(0 if len(cell[0]) == MOST_DIMENSIONS else 1, None) for _number, cell in place]
    a_eq, b_eq = equal.matrix()
    a_ub, b_ub = limits.matrix()

    goals = list(_find_goals(sides, place, threshold, most))
    rows = np.zeros((len(goals), len(place)))
    for number, goal in enumerate(goals):
        for column, sign in goal.terms:
            rows[number, column] = sign
    low, high = np.full(len(goals), np.inf), np.full(len(goals), -np.inf)

    def solve(wanted: np.ndarray) -> None:
        found = linprog(wanted, a_ub, b_ub, a_eq, b_eq, bounds, method="highs-ds")
        if found.status == 3:
            return
        assert found.status == 0, found.message
        values = rows @ found.x
        np.minimum(low, values, out=low)
        np.maximum(high, values, out=high)

    draw = np.random.default_rng(2)
    # Solutions far apart show of most numbers that they can be this or that; the others are asked for singly.
    for _ in range(_SWEEPS):
        signs = np.where(high - low >= 1, 0, draw.uniform(0.2, 1, len(goals)) * draw.choice((1, -0.01), len(goals)))
        solve(np.clip(signs @ rows, 0, None) + 1e-3)
    for number in np.flatnonzero(high - low < _TOLD):
        ends = []
        for sign in (1, -1):
            found = linprog(sign * rows[number], a_ub, b_ub, a_eq, b_eq, bounds, method="highs-ds")
            ends.append(found.fun * sign if found.status == 0 else -np.inf * sign)
        low[number], high[number] = ends
    for goal, least, greatest in zip(goals, low, high, strict=True):
        yield goal.kind, goal.cell, least + goal.known, greatest + goal.known


@dataclass(frozen=True)
class _Goal:
    """A number that nobody should know: `known` and the unknowns of `terms`."""

    kind: str
    cell: Cell
    known: int
    terms: list[tuple[int, int]]


def _find_goals(sides: list[_Side], place: dict[tuple[int, Cell], int], threshold: int, most: int) -> Iterator[_Goal]:
    draw = np.random.default_rng(1)
    for number, name in enumerate(("before", "after")):
        side = sides[number]
        small = sorted(each for each, n in side.counts.items() if n is None and 0 < side.true[each] < threshold)
        for at in draw.permutation(len(small))[:most]:
            yield _Goal(name, small[at], 0, [(place[number, small[at]], 1)])
    both = sides[0].counts.keys() & sides[1].counts.keys()
    changed = sorted(cell for cell in both if 0 < abs(sides[1].true[cell] - sides[0].true[cell]) < threshold)
    for at in draw.permutation(len(changed))[:most]:
        cell = changed[at]
        signs = ((0, -1), (1, 1))
        known = sum(sign * (sides[n].counts[cell] or 0) for n, sign in signs)
        yield _Goal("change", cell, known, [(place[n, cell], sign) for n, sign in signs if (n, cell) in place])


class _Rows:
    """Rows of a system, what is known taken to the right."""

    def __init__(self, place: dict[tuple[int, Cell], int]) -> None:
        self.place = place
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.signs: list[float] = []
        self.right: list[float] = []

    def add(self, terms: list[tuple[int, int, Cell]], sides: list[_Side]) -> None:
        known = sum(sign * (sides[number].counts[cell] or 0) for sign, number, cell in terms)
        unknown = [(sign, self.place[number, cell]) for sign, number, cell in terms if (number, cell) in self.place]
        if unknown:
            self.rows += [len(self.right)] * len(unknown)
            self.columns += [column for _sign, column in unknown]
            self.signs += [sign for sign, _column in unknown]
            self.right.append(-known)

    def matrix(self) -> tuple[csr_array | None, np.ndarray | None]:
        if not self.right:
            return None, None
        shape = (len(self.right), len(self.place))
        return csr_array((self.signs, (self.rows, self.columns)), shape=shape), np.array(self.right)
