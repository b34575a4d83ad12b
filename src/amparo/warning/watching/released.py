"""What the public has of a dataset: what its releases show by months and years, for what may be told of findings."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, OpenRelease, PublishedTable, TableQuery, open_release
from amparo.warning.months import Month, read_month
from amparo.warning.watching.known_outside import ALL, Key, KnownOutside, Pair, Released, Told
from amparo.warning.watching.strata import COUNTRY, WATCHED, Stratum

_MONTHS, _YEARS = "calendar_month", "year"
Totals = dict[tuple[Stratum, int], Pair | None]


def read_known(dataset: str, countries: Collection[str], told: Mapping[Key, Told] | None = None) -> KnownOutside:
    """What others know of `dataset`, of these countries: all its releases, and what was `told` of findings."""
    try:
        found = [_read_release(each, dataset, countries) for each in Release.objects.all()]
    except NotPublished:
        return KnownOutside(is_unreadable=True)
    return KnownOutside(tuple(each for each in found if each is not None), dict(told or {}))


def _read_release(release: Release, dataset: str, countries: Collection[str]) -> Released | None:
    """What `release` counted of `dataset`; None where it has none, or repeats what an earlier one counted."""
    opened = open_release(release)
    if dataset not in opened.datasets or "counted_for" in opened.about(dataset):
        return None
    until = Month(release.published_at.year, release.published_at.month)
    kinds, months = _read_months(release.identifier, release.manifest_sha256, dataset)
    years: Totals = {}
    for country in sorted(set(countries)):
        years |= _read_years(release.identifier, release.manifest_sha256, dataset, country)
    return Released(until, years, months, kinds)


@lru_cache(maxsize=32)
def _read_months(
    identifier: str, manifest_sha256: str, dataset: str
) -> tuple[frozenset[tuple[str, ...]], dict[Key, Pair | None]]:
    """The kinds of series that a release has by months, and their counts."""
    opened = _open(identifier, manifest_sha256)
    kinds: set[tuple[str, ...]] = set()
    months: dict[Key, Pair | None] = {}
    for column in (None, "country", "act_group"):
        by = (column,) if column else ()
        tables = _read(opened, dataset, _MONTHS, column)
        if tables is None:
            continue
        kinds.add(by)
        for written, code, pair in _cells(tables, column):
            if (month := read_month(written)) is not None:
                months[Stratum(by, (code,)) if code else ALL, month] = pair
    return frozenset(kinds), months


@lru_cache(maxsize=256)
def _read_years(identifier: str, manifest_sha256: str, dataset: str, country: str) -> Totals:
    """The totals of the years of a country and of its parts."""
    opened = _open(identifier, manifest_sha256)
    years: Totals = {}
    for by in WATCHED:
        part = next((name for name in by if name != "country"), None)
        tables = _read(opened, dataset, _YEARS, part, country)
        for written, code, pair in _cells(tables, part) if tables else ():
            # Of the finest tables nobody can tell what is hidden from what is zero.
            if written.isdecimal() and (pair is not None or by == COUNTRY):
                years[Stratum(by, (country, code) if code else (country,)), int(written)] = pair
    return years


def _read(
    opened: OpenRelease, dataset: str, rows: str, columns: str | None, country: str | None = None
) -> tuple[PublishedTable, PublishedTable] | None:
    """Incidents and victims; None where the release has no such table. Raises `NotPublished` where it is damaged."""
    where = {"country": country} if country else {}
    incidents, victims = (TableQuery(dataset, each, rows, columns, where) for each in ("incidents", "victims"))
    try:
        return opened.read(incidents), opened.read(victims)
    except NotPublished as refused:
        if refused.code == "damaged":
            raise
        return None


def _cells(
    tables: tuple[PublishedTable, PublishedTable], column: str | None
) -> Iterator[tuple[str, str | None, Pair | None]]:
    """Each row and column with its pair of counts, without the totals beside them."""
    incidents, victims = tables
    for (row, code), number in incidents.cells.items():
        if row is None or (code is None) != (column is None):
            continue
        people = victims.cells.get((row, code))
        yield row, code, None if number is None or people is None else (number, people)


def _open(identifier: str, manifest_sha256: str) -> OpenRelease:
    return open_release(Release.objects.get(identifier=identifier, manifest_sha256=manifest_sha256))
