"""What others were told of a dataset beside its releases, such as in alerts: a release must not hide behind it. Pure.

A count that somebody has read hides nothing, and counts as if it were shown. Where it has changed by little since, the
new one is not shown: the difference would be one or two persons.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from amparo.statistics.family import UNKNOWN, Family, Foreknown
from amparo.statistics.published import TableSet

# By dimensions and codes: between how many and how many incidents, as told.
ToldCounts = Mapping[tuple[TableSet, tuple[str, ...]], tuple[int, int]]


def add_told(family: Family, foreknown: Foreknown | None, told: ToldCounts, threshold: int) -> Foreknown | None:
    """`foreknown` with what was told elsewhere of cells of `family`."""
    cells = [(place, *counts) for key, counts in told.items() for place in _find_places(family, *key)]
    if not cells:
        return foreknown
    known = foreknown or _nothing(family)
    to_hide, is_told = known.to_hide.copy(), known.told.copy()
    incidents = family.counts("incidents")
    for place, low, high in cells:
        apart = max(low - int(incidents[place]), int(incidents[place]) - high, 0)
        if apart == 0:
            is_told[place] = True
        elif apart < threshold:
            to_hide[place] = True
    return replace(known, to_hide=to_hide, told=is_told & ~to_hide)


def _nothing(family: Family) -> Foreknown:
    none = np.zeros(family.size, dtype=np.bool_)
    return Foreknown(none, none, family.least.copy())


def _find_places(family: Family, dimensions: TableSet, codes: tuple[str, ...]) -> Iterator[int]:
    """The numbers of a cell, and of the same one without its country where there is only that country."""
    said = dict(zip(dimensions, codes, strict=True))
    ways = [said]
    if [each for each in family.codes["country"] if each != UNKNOWN] == [said.get("country")]:
        ways.append({name: code for name, code in said.items() if name != "country"})
    for way in ways:
        for table in family.tables.values():
            if set(table.dimensions) != set(way) or not len(table):
                continue
            if any(way[each] not in family.codes[each] for each in table.dimensions):
                continue
            numbers = [np.array([family.codes[each].index(way[each])], dtype=np.int64) for each in table.dimensions]
            key = int(family.keys(table.dimensions, numbers, 1)[0])
            place = int(np.searchsorted(table.keys, key))
            if place < len(table) and int(table.keys[place]) == key:
                yield table.start + place
