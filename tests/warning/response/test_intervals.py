"""7-1-7: incomplete is not late, a negative interval is an error."""

from datetime import date

from amparo.warning.response.intervals import find_intervals, sum_up

FIRST = date(2020, 5, 1)


def verdicts(*days: date | None) -> list[tuple[str, int | None]]:
    return [(each.verdict, each.days) for each in find_intervals(*days)]  # type: ignore[arg-type]


def test_it_works() -> None:
    found = verdicts(FIRST, date(2020, 5, 8), date(2020, 5, 9), date(2020, 5, 16))
    assert found == [("in-time", 7), ("in-time", 1), ("in-time", 7)]


def test_a_day_more_is_late() -> None:
    found = verdicts(FIRST, date(2020, 5, 9), date(2020, 5, 11), date(2020, 5, 19))
    assert [verdict for verdict, _days in found] == ["late", "late", "late"]


def test_what_is_missing_is_incomplete() -> None:
    assert verdicts(None, FIRST, FIRST, None) == [("incomplete", None), ("in-time", 0), ("incomplete", None)]


def test_what_goes_backwards_is_an_error() -> None:
    assert verdicts(date(2020, 5, 2), FIRST, FIRST, None)[0] == ("error", -1)


def test_over_several_alerts_errors_and_gaps_are_apart() -> None:
    alerts = [
        find_intervals(FIRST, date(2020, 5, 3), date(2020, 5, 3), date(2020, 5, 4)),
        find_intervals(FIRST, date(2020, 5, 21), date(2020, 5, 21), None),
        find_intervals(None, FIRST, FIRST, None),
        find_intervals(date(2020, 5, 2), FIRST, FIRST, None),
    ]
    detection, _notification, response = sum_up(alerts)
    assert (detection.in_time, detection.late, detection.incomplete, detection.error) == (1, 1, 1, 1)
    assert detection.median_days == 11
    assert detection.share == 0.5
    assert (response.in_time, response.incomplete, response.share) == (1, 3, 1)
    assert sum_up([])[0].share is None
