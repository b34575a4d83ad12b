"""What releases of the same dataset mean for a figure of indicator 16.10.1: who gets it may hold them too. Pure.

A figure counts some of what several published cells count: of all in the country in that year, of that violation, of
that sex. `place` names them by dimension and code.

- Where one of these cells is not shown, the figure would be a bound for it: it is not shown either.
- Where one counts 1 to threshold - 1 more, subtracting would tell of these few: the figure is not shown.
- Where one counts as many, the figure is known, shown or not: nothing can hide behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from amparo.statistics.differencing import EarlierRelease, EarlierTable
from amparo.statistics.published import MOST_DIMENSIONS, TableSet

MEASURE = "victims"
_NOT_SHOWN = -1
Cells = Mapping[tuple[str, ...], int]


class Beside:
    """The cells of releases that figures of `country` may be subtracted from."""

    def __init__(self, releases: Sequence[EarlierRelease], country: str) -> None:
        self.country = country
        self.tables = [
            (dimensions, self._read(dimensions, table))
            for release in releases
            for dimensions, table in release.tables.items()
        ]

    def _read(self, dimensions: TableSet, table: EarlierTable) -> Cells:
        counts = table.counts[MEASURE].tolist()
        if not dimensions:
            return {(): counts[0]} if counts else {}
        places = zip(*(table.codes[each] for each in dimensions), strict=True)
        country = dimensions.index("country") if "country" in dimensions else None
        return {
            codes: count
            for codes, count in zip(places, counts, strict=True)
            if country is None or codes[country] == self.country
        }

    def is_given_away(self, place: Mapping[str, str], count: int, threshold: int) -> bool:
        """Whether a figure of `place` must not be shown."""
        return any(seen is None or 0 < seen - count < threshold for seen in self._seen(place))

    def is_told(self, place: Mapping[str, str], count: int) -> bool:
        """Whether a release tells the figure."""
        return any(seen == count for seen in self._seen(place))

    def _seen(self, place: Mapping[str, str]) -> Iterator[int | None]:
        """The counts of all cells that hold the figure, None where one is not shown."""
        wider = {frozenset(some) for size in range(MOST_DIMENSIONS + 1) for some in combinations(sorted(place), size)}
        for dimensions, cells in self.tables:
            if frozenset(dimensions) in wider:
                seen = cells.get(tuple(place[each] for each in dimensions), _NOT_SHOWN)
                yield None if seen == _NOT_SHOWN else seen
