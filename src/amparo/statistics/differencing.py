"""What earlier releases have told already, and what a new one must hide so that subtracting tells nothing more. Pure.

Somebody who holds two releases subtracts them: a difference of 1 is one person, in every table by which she is counted.
The differences obey the same sums as the counts. So what the two tell together is safe if each is safe by itself, and:

1. no cell is shown in both whose count has changed by 1 to threshold - 1, up or down, in any measure;
2. nothing is hidden behind a cell whose count an earlier release has told. Who supposes that a total that did not
   change has no parts that did knows the parts that were shown before, whether they are shown again or not. Such a
   cell is `told`;
3. what an earlier release hid stays hidden until its count is beyond all that it could have been then: shown, it would
   be a bound for what was hidden with it there;
4. a count can only have grown, supposes who attacks, since it was shown: `least` holds how far it can be lower.

Too small a change of the whole is refused: whatever changes with it would show where the one or two records lie.
Every earlier release counts, each by itself. `docs/decisions/0018-subtracting-releases.md` gives the reasons.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from amparo.statistics.family import MEASURES, MULTIVALUED, Family, Foreknown
from amparo.statistics.published import MOST_DIMENSIONS, PUBLISHED, TableSet
from amparo.statistics.suppression import Flags, Indices, Lines

# What is said of a victim, or of an act: of anything wider it says more than one thing, and no sums.
_OF_VICTIMS = frozenset({"target", "sex", "age_band"})
_OF_ACTS = frozenset({"act", "act_group"})
_NOT_ADDED = {"incidents": _OF_VICTIMS | _OF_ACTS, "victims": _OF_ACTS, "acts": frozenset[str]()}
_NOT_SHOWN = -1
_ROUNDS = 2


class TooLittleChanged(Exception):
    """So few records have changed since an earlier release that any new figure would tell of them."""

    def __init__(self, release: str, measure: str) -> None:
        super().__init__(release, measure)
        self.release = release
        self.measure = measure


@dataclass(frozen=True, slots=True)
class EarlierTable:
    """One table as it was published: a code per dimension and cell; counts per measure, -1 where not shown."""

    codes: Mapping[str, Sequence[str]]
    counts: Mapping[str, Indices]

    def __len__(self) -> int:
        return len(next(iter(self.counts.values())))


@dataclass(frozen=True, slots=True)
class EarlierRelease:
    """What an earlier release published of one dataset, by table set."""

    release: str
    tables: Mapping[TableSet, EarlierTable]


@dataclass(frozen=True, slots=True)
class _Since:
    """The cells of a family as an earlier release has them: `shown` there (zeros too), or `hidden`; else not published.

    `before[measure]` is the count where it was shown, `changes[measure]` what it has changed by.
    `moved[measure]` is the most that any table shows to have come, or gone.
    """

    shown: Flags
    hidden: Flags
    before: Mapping[str, Indices]
    changes: Mapping[str, Indices]
    moved: Mapping[str, int]


def show_all(family: Family, name: str) -> EarlierRelease:
    """`family` as if everything of it were published."""
    tables = {}
    for dimensions, table in family.tables.items():
        words = (np.array(family.codes[each], dtype=object) for each in dimensions)
        codes = {
            each: known[column].tolist() for each, known, column in zip(dimensions, words, table.codes.T, strict=True)
        }
        tables[dimensions] = EarlierTable(codes, table.counts)
    return EarlierRelease(name, tables)


def are_nearly_the_same(family: Family, other: EarlierRelease, threshold: int) -> bool:
    """Whether two lists hold the same but for 1 to `threshold` - 1 records, as far as their figures tell.

    Subtracted, they would tell of these few. Lists too short to be told apart by chance are never taken to be the same.
    """
    if not {("country",), ("year",)} <= other.tables.keys() or family.counts("victims")[0] < 2 * threshold:
        return False
    return 0 < max(_compare(family, other).moved.values()) < threshold


def read_earlier(cells: Path, dataset: str, release: str) -> EarlierRelease:
    """What the file `cells.parquet` of `release` shows of `dataset`."""
    table = pq.read_table(cells, filters=[("dataset", "=", dataset)]).combine_chunks()
    names = np.array(table["dimensions"].to_pylist(), dtype=object)
    starts = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist()] if len(names) else []
    tables = {}
    for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
        dimensions = tuple(each for each in str(names[start]).split(",") if each)
        tables[dimensions] = _read_table(table.slice(start, end - start), dimensions)
    return EarlierRelease(release, tables)


def _read_table(cells: pa.Table, dimensions: TableSet) -> EarlierTable:
    codes = {each: cells[f"code_{place}"].to_pylist() for place, each in enumerate(dimensions, start=1)}
    counts = {measure: cells[measure].fill_null(_NOT_SHOWN).to_numpy() for measure in MEASURES}
    return EarlierTable(codes, counts)


def find_foreknown(family: Family, earlier: Sequence[EarlierRelease], threshold: int) -> Foreknown | None:
    """What a release of `family` must hide, and can't hide behind, because of `earlier` ones; None without any.

    Raises TooLittleChanged.
    """
    if not earlier:
        return None
    tied = list(family.tied_lines())
    lines = [each for _tables, each in tied]
    to_hide, told = np.zeros(family.size, dtype=np.bool_), np.zeros(family.size, dtype=np.bool_)
    least = family.least.copy()
    for each in earlier:
        since = _compare(family, each)
        _check_enough(family, since, each.release, threshold)
        changed = _changed_little(since, threshold)
        told &= ~changed
        to_hide |= changed
        for measure, change in since.changes.items():
            same = since.shown & (change == 0)
            told |= same & _find_held(same, lines)
            to_hide |= since.hidden & (family.counts(measure) < _find_most(family, since, measure, tied))
            grown = since.shown & (change >= 0)
            least[grown] = np.minimum(least, change + 1)[grown]
    tables = frozenset(dimensions for each in earlier for dimensions, _cells in _known_tables(family, each))
    return Foreknown(to_hide, told & ~to_hide, least, tables)


def _changed_little(since: _Since, threshold: int) -> Flags:
    little = np.zeros(len(since.shown), dtype=np.bool_)
    for change in since.changes.values():
        little |= (change != 0) & (np.abs(change) < threshold)
    return since.shown & little


def _find_held(same: Flags, lines: Sequence[Lines]) -> Flags:
    """The cells that are part of one of `same`, or of a part of one, and so on."""
    held = np.zeros_like(same)
    while True:
        before = int(held.sum())
        for each in lines:
            held[each.children] |= (same | held)[each.parents]
        if int(held.sum()) == before:
            return held


def _find_most(
    family: Family, since: _Since, measure: str, tied: Sequence[tuple[tuple[TableSet, TableSet], Lines]]
) -> NDArray[np.float64]:
    """The most that each count can have been, by each sum for itself, where the earlier release did not show it."""
    most = np.where(since.shown, since.before[measure], np.inf).astype(np.float64)
    for _ in range(_ROUNDS):
        for (finer, wider), line in tied:
            (dimension,) = set(finer) - set(wider)
            children = since.hidden[line.children]
            if not children.any():
                continue
            left = most[line.parents]
            if dimension not in {*MULTIVALUED, *_NOT_ADDED[measure]}:
                least = np.where(children, len(finer) < MOST_DIMENSIONS, since.before[measure][line.children])
                sums = np.bincount(line.parents, weights=least, minlength=family.size)
                left = left - sums[line.parents] + least
            most[line.children] = np.where(children, np.minimum(most[line.children], left), most[line.children])
    return most


def _check_enough(family: Family, since: _Since, release: str, threshold: int) -> None:
    everything = family.tables[()]
    for measure, moved in since.moved.items():
        change = abs(int(since.changes[measure][everything.start])) if len(everything) else 0
        if 0 < change < threshold or 0 < moved < threshold:
            raise TooLittleChanged(release, measure)


def _compare(family: Family, earlier: EarlierRelease) -> _Since:
    shown, hidden = np.zeros(family.size, dtype=np.bool_), np.zeros(family.size, dtype=np.bool_)
    before = {measure: np.zeros(family.size, dtype=np.int64) for measure in MEASURES}
    gone: dict[tuple[str, TableSet], int] = {}
    for dimensions, cells in _known_tables(family, earlier):
        table = family.tables[dimensions]
        there = slice(table.start, table.start + len(table))
        # What a published table does not have is zero; but in the finest it may be hidden.
        finest = len(dimensions) == MOST_DIMENSIONS
        shown[there], hidden[there] = not finest, finest
        places = _find_places(family, dimensions, cells)
        found = places >= 0
        for measure, counts in cells.counts.items():
            seen = counts != _NOT_SHOWN
            before[measure][places[found & seen]] = counts[found & seen]
            shown[places[found]], hidden[places[found]] = seen[found], ~seen[found]
            gone[measure, dimensions] = int(counts[seen & ~found].sum())
    changes = {measure: np.where(shown, family.counts(measure) - before[measure], 0) for measure in MEASURES}
    moved = {measure: _most_moved(family, measure, changes[measure], gone) for measure in MEASURES}
    return _Since(shown, hidden, before, changes, moved)


def _known_tables(family: Family, earlier: EarlierRelease) -> Iterator[tuple[TableSet, EarlierTable]]:
    """The tables that both have; the order in which dimensions are written down may have changed."""
    for written, cells in earlier.tables.items():
        dimensions = tuple(each for each in PUBLISHED if each in written)
        if len(dimensions) == len(written) and dimensions in family.tables:
            yield dimensions, cells


def _find_places(family: Family, dimensions: TableSet, cells: EarlierTable) -> Indices:
    """The number of each cell in `family`, -1 where it has none."""
    table, known = family.tables[dimensions], np.ones(len(cells), dtype=np.bool_)
    columns = []
    for dimension in dimensions:
        numbers = {code: number for number, code in enumerate(family.codes[dimension])}
        column = np.array([numbers.get(code, -1) for code in cells.codes[dimension]], dtype=np.int64)
        known &= column >= 0
        columns.append(column)
    if not len(table):
        return np.full(len(cells), -1, dtype=np.int64)
    keys = family.keys(dimensions, columns, len(cells))
    places = np.minimum(np.searchsorted(table.keys, keys), len(table) - 1)
    found = known & (table.keys[places] == keys)
    return np.where(found, places + table.start, -1).astype(np.int64)


def _most_moved(
    family: Family, measure: str, change: NDArray[np.int64], gone: Mapping[tuple[str, TableSet], int]
) -> int:
    most = 0
    for dimensions, table in family.tables.items():
        if (measure, dimensions) in gone and not {*MULTIVALUED, *_NOT_ADDED[measure]} & {*dimensions}:
            changes = change[table.start : table.start + len(table)]
            came, went = changes[changes > 0].sum(), -changes[changes < 0].sum() + gone[measure, dimensions]
            most = max(most, int(came), int(went))
    return most
