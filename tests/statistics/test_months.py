"""A month in releases: counted as a part of its year, in coarse tables only, named in the reader's language."""

import numpy as np
import pytest

from amparo.portal.presentation import ordered
from amparo.statistics.dimensions import DIMENSIONS
from amparo.statistics.family import Family, count_family
from amparo.statistics.published import COARSE_ONLY, published_sets
from tests.statistics.attack import find_ranges
from tests.statistics.planes import make_plane, with_months

MONTH = DIMENSIONS["calendar_month"]


@pytest.fixture(scope="module")
def counted() -> Family:
    return count_family(with_months(make_plane(80, 2), 2))


def test_it_works(counted: Family) -> None:
    months = counted.tables["calendar_month",]
    years = counted.tables["year",]
    year_of = [counted.groups["calendar_month", "year"][code] for code in counted.codes["calendar_month"]]

    sums = dict.fromkeys(counted.codes["year"], 0)
    for (code,), n in zip(months.codes, months.counts["acts"], strict=True):
        sums[year_of[code]] += int(n)

    said = [sums[counted.codes["year"][code]] for (code,) in years.codes]
    assert said == years.counts["acts"].tolist()


def test_a_month_that_is_not_known_is_one_of_its_year(counted: Family) -> None:
    codes = counted.codes["calendar_month"]

    assert "2019-XX" in codes
    assert "2019-03" in codes
    assert [code for code in codes if counted.groups["calendar_month", "year"][code] == "unknown"] == ["unknown"]


def test_months_stand_in_coarse_tables_only() -> None:
    with_month = {frozenset(each) - {"calendar_month"} for each in published_sets() if "calendar_month" in each}

    assert with_month == {frozenset(), *(frozenset({each}) for each in COARSE_ONLY["calendar_month"])}


def test_a_solver_tells_no_month(counted: Family) -> None:
    protected = counted.hide(3)

    assert ("calendar_month",) in protected.tables
    table = counted.tables["calendar_month",]
    assert protected.hidden[table.start : table.start + len(table)][np.asarray(table.counts["acts"]) < 3].all()
    ranges = list(find_ranges(counted, protected, most=20))
    assert [(low, high) for low, high in ranges if high - low < 0.99] == []


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Mar 2016"), ("fr", "mars 2016"), ("es", "mar 2016"), ("ar", "مارس 2016")]
)
def test_a_month_is_named_in_the_readers_language(language: str, label: str) -> None:
    assert MONTH.label("2016-03", language) == label


def test_other_codes_have_words_too() -> None:
    assert MONTH.label("2016-XX", "en") == "2016, month not known"
    assert MONTH.label("unknown", "en") == DIMENSIONS["year"].label("unknown", "en")
    assert MONTH.label("2016-13", "en") == "2016-13"


def test_months_come_in_the_order_of_time() -> None:
    assert ordered("calendar_month", ("2017-01", "unknown", "2016-XX", "2016-12"), lambda _code: 0) == [
        "2016-12",
        "2016-XX",
        "2017-01",
        "unknown",
    ]
