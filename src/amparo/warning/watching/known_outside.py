"""What others know already: counts as released, and counts that were told of findings before. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from amparo.warning.months import Month
from amparo.warning.watching.narrowing import Bounds, Node, Sum
from amparo.warning.watching.strata import COUNTRY, Stratum

# Incidents, victims.
Pair = tuple[int, int]
Key = tuple[Stratum, Month]
ALL = Stratum((), ())


@dataclass(frozen=True, slots=True)
class Told:
    """A count of incidents as it is told: between `low` and `high`."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Released:
    """What one release shows of a country: `until` is the last month that was counted for it.

    `kinds` are the kinds of series that it publishes by months: of them a month that is not in `months` was counted as
    zero. None is a month, or a total of a year, that it does not show.
    """

    until: Month
    years: Mapping[tuple[Stratum, int], Pair | None] = field(default_factory=dict)
    months: Mapping[Key, Pair | None] = field(default_factory=dict)
    kinds: frozenset[tuple[str, ...]] = frozenset()

    def holds(self, stratum: Stratum, month: Month) -> bool:
        """Whether it publishes that month of that series, shown or not."""
        return stratum.by in self.kinds and month <= self.until

    def month(self, stratum: Stratum, month: Month) -> Pair | None:
        """What it shows of a month that it `holds`; None where it does not show it."""
        return self.months.get((stratum, month), (0, 0))


@dataclass(frozen=True, slots=True)
class KnownOutside:
    """What others know: `releases` of the dataset, the newest first, and counts `told` of findings before.

    Where a release cannot be read any more (`is_unreadable`), nobody can tell what a number would tell beside it.
    """

    releases: tuple[Released, ...] = ()
    told: Mapping[Key, Told] = field(default_factory=dict)
    is_unreadable: bool = False

    def released(self, stratum: Stratum, month: Month) -> Pair | str:
        """What the newest release that has this month of this series shows; "hidden", or "not-released"."""
        for each in self.releases:
            if each.holds(stratum, month):
                return each.month(stratum, month) or "hidden"
        return "not-released"

    def hides(self, stratum: Stratum, month: Month) -> bool:
        """Whether a release holds this month back, or that of something wider: then no number is told either.

        A total that is held back protects something small; whoever tells it, or a part of it, tells of that.
        """
        own = self.released(stratum, month)
        if own != "not-released":
            return own == "hidden"
        return any(self.released(whole, month) == "hidden" for whole in _wider(stratum)) or self._hides_year(
            stratum, month
        )

    def _hides_year(self, stratum: Stratum, month: Month) -> bool:
        return any(
            total is None and year == month.year and whole.holds(stratum)
            for release in self.releases
            if release.until >= month
            for (whole, year), total in release.years.items()
        )


def _wider(stratum: Stratum) -> Iterator[Stratum]:
    """All countries together, the country, and the other half by itself."""
    yield ALL
    for name, code in zip(stratum.by, stratum.codes, strict=True):
        if len(stratum.by) > 1:
            yield Stratum((name,), (code,))


def describe_year(
    year: int, cells: Mapping[Key, Told], known: KnownOutside, new: Key
) -> tuple[dict[Node, Bounds], list[Sum]]:
    """What others know of a year of the country of the cell `new`, and the sums that it stands in: for `narrow`.

    `cells` is all that is shown. A node is a series and a month, or what is left of one beside its parts.
    """
    stratum, when = new
    country = Stratum(COUNTRY, (stratum.country,))
    # Where no total of the year is known, a month says nothing of another.
    is_alone = not any(its == year for release in known.releases for _each, its in release.years)
    months = [when] if is_alone else [Month(year, number) for number in range(1, 13)]
    of_year = {(each, month) for each, month in cells if month in months and country.holds(each)}
    parts = {each for each, _month in of_year} | {
        each for release in known.releases for each, its in release.years if its == year and country.holds(each)
    }
    parts = (parts | {stratum}) - {country}
    bounds: dict[Node, Bounds] = {key: (cells[key].low, cells[key].high) for key in of_year}
    sums: list[Sum] = []
    for month in months:
        released = known.released(country, month)
        if isinstance(released, tuple) and (country, month) != new:
            bounds[country, month] = (released[0], released[0])
        sums += _sums_of_month(country, parts, month)
    sums += _sums_of_wider(stratum, when, cells, known, bounds)
    for number, release in enumerate(known.releases):
        for (each, its), total in release.years.items():
            if its == year and total is not None and country.holds(each):
                bounds[each, number] = (total[0], total[0])
                sums.append(Sum((each, number), tuple((each, month) for month in months if month <= release.until)))
    return bounds, sums


def _sums_of_month(country: Stratum, parts: Collection[Stratum], month: Month) -> Iterator[Sum]:
    """A month of a country is each part of it and what is not; and all parts of a kind, and what is left."""
    for part in sorted(parts):
        yield Sum((country, month), ((part, month), (part, "not", month)))
    for by in sorted({part.by for part in parts}):
        alike = tuple((part, month) for part in sorted(parts) if part.by == by)
        if len(alike) > 1:
            yield Sum((country, month), (*alike, (by, "rest", month)))


def _sums_of_wider(
    new: Stratum, month: Month, cells: Mapping[Key, Told], known: KnownOutside, bounds: dict[Node, Bounds]
) -> Iterator[Sum]:
    """What a release shows of that month beyond the country: all countries together, and kinds of act in all."""
    for whole in _wider(new):
        released = known.released(whole, month)
        if whole.by == COUNTRY or not isinstance(released, tuple):
            continue
        bounds[whole, month] = (released[0], released[0])
        there = {Stratum(COUNTRY, (new.country,)) if whole == ALL else new}
        for each, when in cells:
            if when == month and len(each.by) == len(whole.by) + 1 and "country" in each.by and whole.holds(each):
                there.add(each)
                bounds.setdefault((each, month), (cells[each, month].low, cells[each, month].high))
        yield Sum((whole, month), (*((each, month) for each in sorted(there)), (whole, "rest", month)))
