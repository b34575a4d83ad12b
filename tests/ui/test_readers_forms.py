"""Numbers, dates and labels as the reader of each language writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from amparo.cases.dates import EventDate
from amparo.ui.templatetags.ui import day, label, number, partial_date, percent


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "1,234,567"), ("fr", "1\u202f234\u202f567"), ("es", "1.234.567"), ("ar", "1,234,567")],
)
def test_it_works(language: str, shown: str) -> None:
    with translation.override(language):
        assert number(1_234_567) == shown


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_zero_is_said_and_nothing_is_not(language: str) -> None:
    with translation.override(language):
        assert number(0) == "0"
        assert number(None) == ""
        assert percent(None) == ""
        assert day(None) == ""


@pytest.mark.parametrize(("language", "shown"), [("en", "41%"), ("fr", "41\xa0%"), ("es", "41\xa0%")])
def test_a_share_is_per_cent(language: str, shown: str) -> None:
    with translation.override(language):
        assert percent(0.412) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "November 24, 2026"),
        ("fr", "24 novembre 2026"),
        ("es", "24 de noviembre de 2026"),
        ("ar", "24 نوفمبر 2026"),
    ],
)
def test_a_day_in_words(language: str, shown: str) -> None:
    with translation.override(language):
        assert day(date(2026, 11, 24)) == shown
        assert day(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2016", "2016"), ("2016-10", "octobre 2016"), ("2016-10-22", "22 octobre 2016")],
)
def test_a_date_says_no_more_than_is_known(text: str, shown: str) -> None:
    with translation.override("fr"):
        assert partial_date(EventDate.read(text)) == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "not known"), ("es", "se desconoce")])
def test_a_date_that_is_not_known_is_said_to_be_so(language: str, shown: str) -> None:
    with translation.override(language):
        assert partial_date(None) == shown


def test_a_span_of_time_has_both_ends() -> None:
    with translation.override("en"):
        assert partial_date(EventDate.read("2016-10/2017")) == "between October 2016 and 2017"


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_code_is_shown_by_its_label(language: str) -> None:
    with translation.override(language):
        shown = label("killing", "acts")

    assert shown
    assert shown != "killing"


def test_a_code_that_the_vocabulary_no_longer_has_stays_readable() -> None:
    assert label("former-code", "acts") == "former-code"


def test_a_language_of_no_catalogue_reads_english() -> None:
    with translation.override("de"):
        assert number(1234) == "1,234"
