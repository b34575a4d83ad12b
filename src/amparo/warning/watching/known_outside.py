"""What others know already: counts as released, and counts that were told of findings before. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from amparo.warning.months import Month
from amparo.warning.watching.strata import Stratum

# Incidents, victims.
Pair = tuple[int, int]
Key = tuple[Stratum, Month]
ALL = Stratum((), ())


@dataclass(frozen=True, slots=True)
class Told:
    """A count of incidents as it is told: between `low` and `high`. `victims` is None where nobody is told of them."""

    low: int
    high: int
    victims: int | None = None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def __add__(self, other: "Told") -> "Told":
        both = None if self.victims is None or other.victims is None else self.victims + other.victims
        return Told(self.low + other.low, self.high + other.high, both)

    def __sub__(self, other: "Told") -> "Told":
        both = None if self.victims is None or other.victims is None else self.victims - other.victims
        return Told(self.low - other.high, self.high - other.low, both)


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

    def released_in(self, month: Month) -> dict[Stratum, Told]:
        """The counts of a month that the newest release with it shows."""
        found: dict[Stratum, Told] = {}
        for release in self.releases:
            for (stratum, when), pair in release.months.items():
                if when == month and pair is not None and month <= release.until:
                    found.setdefault(stratum, Told(pair[0], pair[0], pair[1]))
        return found


def _wider(stratum: Stratum) -> Iterator[Stratum]:
    """All countries together, the country, and the other half by itself."""
    yield ALL
    for name, code in zip(stratum.by, stratum.codes, strict=True):
        if len(stratum.by) > 1:
            yield Stratum((name,), (code,))
