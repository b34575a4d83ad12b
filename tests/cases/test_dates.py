"""Partial dates: what a source left open stays open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.cases.dates import EventDate, PartialDate, Precision


def test_it_works() -> None:
    when = EventDate.read("2016-10-22")

    assert (when.earliest, when.latest) == (date(2016, 10, 22), date(2016, 10, 22))
    assert (when.year, when.month, when.precision) == (2016, 10, Precision.DAY)


def test_a_month_spans_all_its_days() -> None:
    when = EventDate.read("2016-02")

    assert (when.earliest, when.latest) == (date(2016, 2, 1), date(2016, 2, 29))
    assert (when.month, when.precision) == (2, Precision.MONTH)


def test_a_year_has_no_month() -> None:
    when = EventDate.read("2016")

    assert (when.earliest, when.latest) == (date(2016, 1, 1), date(2016, 12, 31))
    assert (when.year, when.month, when.precision) == (2016, None, Precision.YEAR)


def test_a_range_over_new_year_has_no_year() -> None:
    when = EventDate.read("2015-10/2016-06")

    assert (when.earliest, when.latest) == (date(2015, 10, 1), date(2016, 6, 30))
    assert (when.year, when.month, when.precision) == (None, None, Precision.RANGE)


def test_a_range_within_a_month_has_that_month() -> None:
    assert EventDate.read("2016-06-03/2016-06-09").month == 6


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2016-13",
        "2016-02-30",
        "2016-00",
        "2016-01-00",
        "16",
        "22.10.2016",
        "2016-1",
        "0000",
        "2016/",
        "/2016",
        "٢٠١٦",
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"written|month|day|year"):
        EventDate.read(written)


def test_a_range_that_runs_back_is_refused() -> None:
    with pytest.raises(ValueError, match="before its start"):
        EventDate.read("2016-06/2015-10")


def test_a_day_without_its_month_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its month"):
        PartialDate(2016, None, 5)


partial_dates = st.dates().map(lambda day: PartialDate(day.year, day.month, day.day)) | st.builds(
    PartialDate, st.integers(1, 9999), st.none() | st.integers(1, 12)
)


@given(partial_dates)
def test_what_is_written_is_read_again(when: PartialDate) -> None:
    assert EventDate.read(str(EventDate(when))) == EventDate(when)


@given(partial_dates, partial_dates)
def test_the_first_day_never_lies_after_the_last(one: PartialDate, other: PartialDate) -> None:
    start, end = sorted((one, other), key=lambda when: (when.earliest, when.latest))

    when = EventDate(start, end)

    assert when.earliest <= when.latest
    assert EventDate.read(str(when)) == when
