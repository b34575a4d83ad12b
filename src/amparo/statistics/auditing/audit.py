"""The audit of a release by attack: every cell that is not shown, bounded from everything published. Pure.

All tables of a dataset are one system: what no table tells by itself, several may tell together. `find_scopes` gives
its parts, which whoever mends a release looks at first, because they are quick.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amparo.statistics.auditing.published_view import Counts, Numbers, SeenDataset, SeenTable
from amparo.statistics.auditing.ranges import Contradiction, RangeFinder, Width
from amparo.statistics.auditing.ties import System, Unknowns, find_measured, find_wider
from amparo.statistics.published import MOST_DIMENSIONS, TableSet
from amparo.statistics.suppression import Flags

# A fifth, as p %-rules ask of estimates of a contribution: Hundepool et al. 2012, chapter 4. Below five a whole number
# is more than that.
SHARE = 0.2
_WORST = 20


@dataclass(frozen=True, slots=True)
class CellRange:
    """What can be told of a cell that is not shown: between `low` and `high`, in `measures`."""

    dataset: str
    dimensions: TableSet
    codes: tuple[str, ...]
    measures: tuple[str, ...]
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far the two ends are apart."""
        return self.high - self.low

    @property
    def is_told(self) -> bool:
        """Whether there is one whole number in it."""
        return bool(np.floor(self.high + 1e-6) <= np.ceil(self.low - 1e-6))


@dataclass(frozen=True)
class Audit:
    """What an attack found: how many numbers it attacked, and those whose range is narrower than wanted."""

    attacked: int = 0
    narrow: tuple[CellRange, ...] = ()
    narrowest: float | None = None
    solved: int = 0

    @property
    def told(self) -> int:
        """How many cells are told."""
        return sum(each.is_told for each in self.narrow)

    @property
    def holds(self) -> bool:
        """Whether no range is too narrow."""
        return not self.narrow

    def __add__(self, other: "Audit") -> "Audit":
        widths = [each for each in (self.narrowest, other.narrowest) if each is not None]
        return Audit(
            self.attacked + other.attacked,
            self.narrow + other.narrow,
            min(widths, default=None),
            self.solved + other.solved,
        )

    def describe(self) -> dict[str, Any]:
        """What a release's manifest says of its audit."""
        return {
            "method": "linear programming over all ties, docs/methods.md",
            "numbers_attacked": self.attacked,
            "narrowest": None if self.narrowest is None else round(self.narrowest, 3),
        }

    def worst(self, most: int = _WORST) -> list[CellRange]:
        """The narrowest ranges."""
        return heapq.nsmallest(most, self.narrow, key=lambda each: each.width)


def width_for(threshold: int) -> Width:
    """How wide the ranges of a release with this threshold must be."""
    return Width(SHARE, 2 * threshold - 1)


def find_scopes(seen: SeenDataset) -> list[list[TableSet]]:
    """Parts of the system that are mended first: all wide tables, then each finest one with what is wider."""
    wide = [dimensions for dimensions in seen.tables if len(dimensions) < MOST_DIMENSIONS]
    finest = [dimensions for dimensions in seen.tables if len(dimensions) == MOST_DIMENSIONS]
    wider = {dimensions: find_wider(dimensions, seen.tables) for dimensions in finest}
    covered = {each for dimensions, those in wider.items() for each in those if each != dimensions}
    return [wide, *(sorted(wider[dimensions]) for dimensions in finest if dimensions not in covered)]


def audit_dataset(
    seen: SeenDataset, earlier: Sequence[SeenDataset] = (), *, progress: Callable[[int, int], None] | None = None
) -> Audit:
    """Attack everything that `seen` does not show, with what `earlier` releases of the dataset showed besides.

    All tables are one system: what no table tells by itself, several may tell together. `progress` is told of how many
    numbers the range is still to be found, and of how many there are.
    """
    known = [each for each in earlier if never_falls(each, seen)]
    return _attack(System(seen, tuple(seen.tables), find_measured(seen)), known, progress)


def _attack(system: System, earlier: Sequence[SeenDataset], progress: Callable[[int, int], None] | None) -> Audit:
    unknowns = with_earlier(system, system.gather(), earlier)
    if not len(unknowns):
        return Audit()
    try:
        return _bound(system, _all_there(system, unknowns), progress)
    except Contradiction:
        return _bound(system, unknowns, progress)


def _all_there(system: System, unknowns: Unknowns) -> Unknowns:
    """As who knows how the list was made may suppose: of what is listed and not shown, nothing is zero."""
    wide = np.tile(~system.finest, len(system.measured))[unknowns.places]
    return replace(unknowns, least=np.maximum(unknowns.least, wide.astype(np.float64)))


def _bound(system: System, unknowns: Unknowns, progress: Callable[[int, int], None] | None) -> Audit:
    finder = RangeFinder(unknowns, width_for(system.seen.threshold))
    finder.find(np.ones(len(unknowns), dtype=np.bool_), progress)
    return conclude(system, unknowns, finder)


def conclude(system: System, unknowns: Unknowns, finder: RangeFinder, wanted: Flags | None = None) -> Audit:
    """What was found out about the unknowns of a system, or of those that are `wanted`."""
    which = np.ones(len(unknowns), dtype=np.bool_) if wanted is None else wanted
    wide = finder.is_wide() | ~which
    narrow = tuple(
        _describe(system, int(unknowns.places[number]), finder.low[number], finder.high[number])
        for number in np.flatnonzero(~wide)
    )
    # A range that begins at zero tells nothing, however far it goes.
    widths = (finder.high - finder.low)[which & (finder.low >= 1e-6)]
    return Audit(int(which.sum()), narrow, float(widths.min()) if len(widths) else None, finder.solved)


def _describe(system: System, place: int, low: float, high: float) -> CellRange:
    dimensions, codes, measures = system.describe(place)
    return CellRange(system.seen.dataset, dimensions, codes, measures, float(low), float(high))


def never_falls(earlier: SeenDataset, later: SeenDataset) -> bool:
    """Whether no count that both releases show became less: then whoever attacks takes it that none did."""
    for dimensions, before, after in _in_both(earlier, later):
        counts, since = earlier.tables[dimensions].counts[before], later.tables[dimensions].counts[after]
        if (since < counts).any():
            return False
    return True


def _in_both(earlier: SeenDataset, later: SeenDataset) -> Iterator[tuple[TableSet, Numbers, Numbers]]:
    """The places of cells that both list, by table."""
    for dimensions in earlier.tables.keys() & later.tables.keys():
        before, after = earlier.tables[dimensions], later.tables[dimensions]
        keys = _keys_of(earlier, before, later)
        places = np.full(len(before), -1, dtype=np.int64)
        places[keys >= 0] = after.find(keys[keys >= 0])
        yield dimensions, np.flatnonzero(places >= 0), places[places >= 0]


def _keys_of(earlier: SeenDataset, table: SeenTable, later: SeenDataset) -> Numbers:
    """The keys that the cells of an earlier table have in the later release; -1 of those whose codes it has not."""
    columns = []
    known = np.ones(len(table), dtype=np.bool_)
    for dimension, column in zip(table.dimensions, table.codes.T, strict=True):
        numbers = {code: number for number, code in enumerate(later.codes[dimension])}
        renumbered = np.array([numbers.get(code, -1) for code in earlier.codes[dimension]], dtype=np.int64)[column]
        known &= renumbered >= 0
        columns.append(renumbered)
    return np.where(known, later.keys(table.dimensions, columns, len(table)), -1)


def with_earlier(system: System, unknowns: Unknowns, earlier: Sequence[SeenDataset]) -> Unknowns:
    """`unknowns`, none of them less than an earlier release showed."""
    return replace(unknowns, least=np.maximum(unknowns.least, known_before(system, earlier)[unknowns.places]))


def known_before(system: System, earlier: Sequence[SeenDataset]) -> Counts:
    """The most that any earlier release showed of each number; 0 where none did."""
    known = np.zeros(system.size * len(system.measured))
    for release in earlier:
        for dimensions in system.tables.keys() & release.tables.keys():
            before, table = release.tables[dimensions], system.tables[dimensions]
            keys = _keys_of(release, before, system.seen)
            places = np.full(len(before), -1, dtype=np.int64)
            places[keys >= 0] = table.find(keys[keys >= 0])
            there = places >= 0
            for number, measure in enumerate(system.measured):
                where = places[there] + system.starts[dimensions] + number * system.size
                known[where] = np.fmax(known[where], before.counts[there, measure.column])
    return known
