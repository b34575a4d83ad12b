"""Days far above the others, dates heaped on a first, nearly all from one source: and what is not called so."""

import random
from datetime import date, timedelta

import pytest
from scipy.stats import binom

from amparo.quality.outliers import (
    LEAST_VALUES,
    chance_of_as_many,
    find_high,
    first_of_january,
    first_of_month,
    nearly_all_from_one,
)

FIRST = date(2020, 3, 1)


def days(*counts: int) -> dict[date, int]:
    return {FIRST + timedelta(days=place): count for place, count in enumerate(counts)}


def test_it_works() -> None:
    found = find_high(days(3, 4, 5, 3, 4, 5, 4, 3, 4, 120))

    assert [(each.key, each.count) for each in found] == [(FIRST + timedelta(days=9), 120)]
    # 0.6745 × (120 − 4) / 1: median 4, median absolute deviation 1 (Iglewicz and Hoaglin, 1993).
    assert found[0].score == pytest.approx(0.6745 * 116, abs=0.1)


def test_usual_ups_and_downs_do_not_stand_out() -> None:
    chance = random.Random(1)  # noqa: S311
    assert find_high(days(*(chance.randint(1, 9) for _ in range(200)))) == []


def test_a_day_that_is_low_is_not_listed() -> None:
    assert find_high(days(*[50, 51, 52] * 4, 0)) == []


def test_where_most_days_are_alike_the_mean_deviation_stands_in() -> None:
    assert [each.count for each in find_high(days(*[1] * 20, 2, 40))] == [40]


def test_a_handful_is_nothing_odd() -> None:
    assert find_high(days(*[1] * 50, 9)) == []


def test_where_all_days_are_alike_none_stands_out() -> None:
    assert find_high(days(*[7] * 50)) == []


def test_a_few_days_say_nothing() -> None:
    assert find_high(days(*[1] * (LEAST_VALUES - 2), 500)) == []
    assert find_high({}) == []


def test_years_entered_as_1_january_are_found() -> None:
    dates = dict.fromkeys((date(2019, 1, 1) + timedelta(days=each * 3) for each in range(100)), 1)
    dates[date(2019, 1, 1)] = 30

    found = first_of_january(dates)

    assert (found.number, found.heaped) == (129, 30)
    assert found.ratio == pytest.approx(30 / (129 / 365.2425))
    assert found.stands_out
    assert not first_of_month(dates).stands_out


def test_dates_by_chance_are_not_heaped() -> None:
    chance = random.Random(3)  # noqa: S311
    for _ in range(30):
        drawn = [date(2015, 1, 1) + timedelta(days=chance.randrange(2000)) for _ in range(400)]
        dates = {day: drawn.count(day) for day in drawn}

        assert not first_of_january(dates).stands_out
        assert not first_of_month(dates).stands_out


def test_few_dates_have_no_ratio() -> None:
    assert first_of_month(days(1, 1)).ratio is None
    assert not first_of_month(days(1, 1)).stands_out
    assert first_of_january({}).ratio is None


@pytest.mark.parametrize(("found", "number", "share"), [(0, 30, 0.1), (5, 30, 0.1), (40, 400, 0.03), (30, 30, 0.5)])
def test_the_chance_is_that_of_the_binomial(found: int, number: int, share: float) -> None:
    assert chance_of_as_many(found, number, share) == pytest.approx(binom.sf(found - 1, number, share), abs=1e-9)


def test_one_source_that_has_nearly_all_is_named() -> None:
    found = nearly_all_from_one({"press": 95, "ngo": 5}, 100)

    assert found is not None
    assert (found.key, found.count, found.share) == ("press", 95, 0.95)
    assert nearly_all_from_one({"press": 89, "ngo": 11}, 100) is None
    assert nearly_all_from_one({"press": 19}, 19) is None
    assert nearly_all_from_one({}, 100) is None
