"""Who is on duty: by the rota, by rank, in her hours, by her own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from amparo.warning.duty.rota import is_in_hours, on_duty
from amparo.warning.models import DutyShift, FocalPoint
from tests.factories import make_institution
from tests.warning.alerting import make_focal_point

# A Monday.
NOON = datetime(2020, 5, 18, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_it_works() -> None:
    founded = make_institution()
    first, second = make_focal_point(founded), make_focal_point(founded, rank=2)
    assert [point.user for point in on_duty(founded.institution, NOON)] == [first]
    deputy = FocalPoint.objects.get(user=second)
    DutyShift.objects.create(focal_point=deputy, starts_at=NOON, ends_at=NOON + timedelta(hours=8))
    assert on_duty(founded.institution, NOON) == [deputy]
    assert [point.user for point in on_duty(founded.institution, NOON + timedelta(hours=8))] == [first]


@pytest.mark.django_db
def test_who_left_or_was_shut_out_is_not_called() -> None:
    founded = make_institution()
    make_focal_point(founded, left_on=date(2020, 5, 18))
    gone = make_focal_point(founded, rank=2)
    gone.is_active = False
    gone.save()
    make_focal_point(founded, rank=3, in_post_since=date(2020, 6, 1))
    there = make_focal_point(founded, rank=4)
    assert [point.user for point in on_duty(founded.institution, NOON)] == [there]


@pytest.mark.django_db
def test_out_of_everybodys_hours_the_first_is_called_all_the_same() -> None:
    founded = make_institution()
    first = make_focal_point(founded, from_hour=8, to_hour=10)
    make_focal_point(founded, rank=2, from_hour=20, to_hour=22)
    assert [point.user for point in on_duty(founded.institution, NOON)] == [first]


@pytest.mark.django_db
def test_nobody_in_post_is_nobody() -> None:
    assert on_duty(make_institution().institution, NOON) == []


@pytest.mark.parametrize(
    ("zone", "days", "hours", "there"),
    [
        ("UTC", [], (0, 24), True),
        ("UTC", [0], (9, 17), True),
        ("UTC", [1], (9, 17), False),
        ("UTC", [], (12, 13), True),
        ("UTC", [], (13, 17), False),
        ("America/Bogota", [], (7, 8), True),
        ("America/Bogota", [], (12, 13), False),
        ("Asia/Manila", [], (18, 6), True),
        ("UTC", [], (18, 6), False),
    ],
)
def test_hours_are_by_her_own_clock(zone: str, days: list[int], hours: tuple[int, int], *, there: bool) -> None:
    point = FocalPoint(time_zone=zone, week_days=days, from_hour=hours[0], to_hour=hours[1])
    assert is_in_hours(point, NOON) is there
