"""What an earlier release told in a table that is not published any more still tells small counts; not with us."""

from dataclasses import replace

import pyarrow as pa
import pytest

from amparo.statistics.auditing.mending import mend
from amparo.statistics.differencing import EarlierRelease, find_foreknown
from amparo.statistics.family import Family, Protected, count_family
from amparo.statistics.published import TableSet
from tests.statistics.planes import make_plane
from tests.statistics.subtracting import as_published

LATIN_AMERICA = ("BRA", "COL", "MEX")
BY_REGION: TableSet = ("regional_group", "year")
SETS: list[TableSet] = [(), ("country",), ("regional_group",), ("year",), ("country", "year"), BY_REGION]


WITH_PROFILES: list[TableSet] = [
    *SETS,
    ("profile",),
    ("sex",),
    ("profile", "year"),
    ("sex", "year"),
    ("profile", "sex"),
]


def count(rows: list[dict], sets: list[TableSet] = SETS) -> Family:
    return count_family(pa.Table.from_pylist(rows, schema=make_plane(1, 1).schema), sets)


@pytest.fixture(scope="module")
def counted() -> tuple[Family, Family]:
    """A list, and the same with a year more."""
    rows = make_plane(200, 4).to_pylist()
    return count([each for each in rows if each["year"] != 2021]), count(rows)


def protect(family: Family, without: TableSet | None, earlier: EarlierRelease | None, *, remember: bool) -> Protected:
    foreknown = find_foreknown(family, [earlier], 3) if earlier else None
    if foreknown and not remember:
        foreknown = replace(foreknown, tables=frozenset())
    hidden = family.hide(3, foreknown)
    kept = Protected(hidden.hidden, tuple(each for each in hidden.tables if each != without))
    return mend(family, kept, 3, foreknown)[0]


def find_alone(family: Family, protected: Protected, before: EarlierRelease) -> set[str]:
    """The years in which one count of the region's countries is all that is missing to a total told before."""
    table = before.tables[BY_REGION]
    codes = zip(table.codes["regional_group"], table.codes["year"], table.counts["acts"].tolist(), strict=True)
    shown = {year for region, year, count in codes if region == "latin-america-caribbean" and count >= 0}
    after = as_published(family, protected).tables["country", "year"]
    cells = zip(after.codes["country"], after.codes["year"], after.counts["acts"].tolist(), strict=True)
    hidden = [year for country, year, count in cells if country in LATIN_AMERICA and count < 0]
    return {year for year in shown if hidden.count(year) == 1}


def test_a_table_that_is_not_published_again_still_ties_the_others(counted: tuple[Family, Family]) -> None:
    first, second = counted
    before = as_published(first, protect(first, None, None, remember=True))
    assert BY_REGION in before.tables

    forgetful = protect(second, BY_REGION, before, remember=False)
    mindful = protect(second, BY_REGION, before, remember=True)

    assert find_alone(second, forgetful, before)
    assert not find_alone(second, mindful, before)
    assert BY_REGION not in mindful.tables
    assert ("country", "year") in mindful.tables


@pytest.mark.parametrize(("number", "seed"), [(60, 15), (120, 13)])
def test_a_breakdown_goes_where_an_earlier_release_would_tell_its_small_counts(number: int, seed: int) -> None:
    rows = make_plane(number, seed).to_pylist()
    last = max(each["year"] for each in rows if each["year"])
    first, second = (count(some, WITH_PROFILES) for some in ([each for each in rows if each["year"] != last], rows))
    before = as_published(first, protect(first, None, None, remember=True))
    assert ("profile",) in before.tables

    mindful = protect(second, None, before, remember=True)

    assert ("profile",) in protect(second, None, before, remember=False).tables
    assert not any("profile" in dimensions for dimensions in mindful.tables)
    assert {(), ("country",), ("sex",), ("year",)} <= set(mindful.tables)
