"""Disclosure control of one table by itself, with all its margins: for figures that are asked for once. Pure.

It promises nothing of what the table tells beside a release of the same data: what is published goes into a release.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from amparo.statistics.cube import Cell, Counts
from amparo.statistics.suppression import Indices, Lines, Slices, find_small, protect

Dimensions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """What may be shown of a table: the cells with their counts, and the total (None where not shown). What is neither
    shown nor zero is hidden; of a table by three dimensions, zeros are not told apart from what is hidden.
    """

    by: tuple[str, ...]
    shown: dict[Cell, int]
    hidden: frozenset[Cell]
    total: int | None
    # The sums over one dimension or more, which stand in a cell as None; only those that may be shown.
    sums: dict[tuple[str | None, ...], int]


@dataclass(frozen=True, slots=True)
class _Margin:
    """The sums over all dimensions but some: the place of each finest cell in it, one finest cell of each, the sums."""

    place: Indices
    one_of: Indices
    sums: Indices
    start: int


def protect_table(counts: Counts, threshold: int) -> ProtectedTable | None:
    """`counts` without those from 1 to `threshold` - 1 (by three dimensions, up to twice that), and without those that
    would tell them; None where that cannot be had.

    All sums over the cells are taken as known: where things have several codes of a dimension the margins are less than
    the sums, which then hides more than needed, and never less.
    """
    if not counts.cells:
        return ProtectedTable(counts.by, {}, frozenset(), counts.total, {})
    cells, words = list(counts.cells), range(len(counts.by))
    sizes = np.fromiter(counts.cells.values(), np.int64, len(cells))
    codes = [np.unique([cell[place] for cell in cells], return_inverse=True)[1].astype(np.int64) for place in words]
    margins = _add_up(codes, sizes)
    finest = margins[tuple(words)]
    every = np.concatenate([margin.sums for margin in margins.values()])
    small = find_small([every], threshold)
    if len(counts.by) > 2:
        small[finest.start : finest.start + len(cells)] = find_small([finest.sums], 2 * threshold)
    weights = np.concatenate([np.full(len(each.sums), 1000 ** (3 - len(d)), np.int64) for d, each in margins.items()])
    hidden = protect(small, every, every, weights, list(_lines(margins)), list(_slices(margins, codes)))
    if hidden is None:
        return None
    flags = hidden[finest.start + finest.place].tolist()
    return ProtectedTable(
        counts.by,
        {cell: n for (cell, n), is_hidden in zip(counts.cells.items(), flags, strict=True) if not is_hidden},
        frozenset(cell for cell, is_hidden in zip(cells, flags, strict=True) if is_hidden),
        None if hidden[margins[()].start] else counts.total,
        {
            tuple(code if place in kept else None for place, code in enumerate(cells[one])): n
            for kept, each in margins.items()
            if len(kept) < len(words)
            for one, n, is_hidden in zip(
                each.one_of.tolist(), each.sums.tolist(), hidden[each.start :].tolist(), strict=False
            )
            if not is_hidden
        },
    )


def _add_up(codes: Sequence[Indices], sizes: Indices) -> dict[Dimensions, _Margin]:
    """The sums over each set of dimensions, from the total to the cells themselves."""
    margins: dict[Dimensions, _Margin] = {}
    start = 0
    for many in range(len(codes) + 1):
        for kept in combinations(range(len(codes)), many):
            keys = np.zeros(len(sizes), dtype=np.int64)
            for place in kept:
                keys = keys * (codes[place].max() + 1) + codes[place]
            _, one_of, place_of = np.unique(keys, return_index=True, return_inverse=True)
            sums = np.bincount(place_of, weights=sizes).astype(np.int64)
            margins[kept] = _Margin(place_of.astype(np.int64), one_of.astype(np.int64), sums, start)
            start += len(sums)
    return margins


def _lines(margins: dict[Dimensions, _Margin]) -> Iterator[Lines]:
    for kept, margin in margins.items():
        for left_out in kept:
            wider = margins[_without(kept, left_out)]
            children = np.arange(margin.start, margin.start + len(margin.sums), dtype=np.int64)
            yield Lines(children, wider.start + wider.place[margin.one_of])


def _slices(margins: dict[Dimensions, _Margin], codes: Sequence[NDArray[np.int64]]) -> Iterator[Slices]:
    """Each two-way table with its margins: one for each cell of the other dimensions."""
    for kept in margins:
        for first, second in combinations(kept, 2):
            rest = margins[_without(_without(kept, first), second)]
            rows_in_slice, columns_in_slice = int(codes[first].max()) + 2, int(codes[second].max()) + 2
            offset = len(rest.sums) * rows_in_slice
            cells, rows, columns, is_margin = [], [], [], []
            for dimensions in (
                kept,
                _without(kept, second),
                _without(kept, first),
                _without(_without(kept, first), second),
            ):
                part = margins[dimensions]
                slice_of = rest.place[part.one_of]
                row = codes[first][part.one_of] if first in dimensions else rows_in_slice - 1
                column = codes[second][part.one_of] if second in dimensions else columns_in_slice - 1
                cells.append(np.arange(part.start, part.start + len(part.sums), dtype=np.int64))
                rows.append(slice_of * rows_in_slice + row)
                columns.append(offset + slice_of * columns_in_slice + column)
                is_margin.append(np.full(len(part.sums), (first in dimensions) != (second in dimensions)))
            yield Slices(*(np.concatenate(each) for each in (cells, rows, columns, is_margin)))


def _without(kept: Dimensions, left_out: int) -> Dimensions:
    return tuple(each for each in kept if each != left_out)
