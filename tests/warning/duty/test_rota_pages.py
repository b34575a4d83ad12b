"""The rota: added by the person's own clock, taken over, removed and put back; what nobody covers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.warning.duty.demo import seed_demo_rota
from amparo.warning.duty.rota import find_gaps, on_duty
from amparo.warning.models import DutyShift, FocalPoint
from amparo.warning.times import this_quarter
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import make_focal_point
from tests.warning.duty.desks import fill

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# A Monday.
NOON = datetime(2020, 5, 18, 12, tzinfo=UTC)


@pytest.fixture
def user(founded: Founded, client: Client) -> User:
    user = make_focal_point(founded, time_zone="America/Bogota", from_hour=8, to_hour=18)
    sign_in(client, user)
    return user


def point_of(user: User) -> FocalPoint:
    return FocalPoint.objects.get(user=user)


def make_shift(user: User, start: datetime, hours: int = 8) -> DutyShift:
    return DutyShift.objects.create(focal_point=point_of(user), starts_at=start, ends_at=start + hours * HOUR)


def test_it_works(client: Client, founded: Founded, user: User) -> None:
    deputy = make_focal_point(founded, rank=2, time_zone="America/Bogota")
    address = reverse("shift-new")
    year = this_quarter().year + 1
    said = fill(
        client, address, who=point_of(deputy).pk, starts_at=f"{year}-05-17T18:07", ends_at=f"{year}-05-18T06:00"
    )
    made = client.post(address, said)
    client.post(address, said)
    shift = DutyShift.objects.get()
    assert shift.starts_at == datetime(year, 5, 17, 23, tzinfo=UTC)
    assert shift.ends_at == datetime(year, 5, 18, 11, tzinfo=UTC)
    assert on_duty(founded.institution, shift.starts_at) == [point_of(deputy)]
    page = client.get(made["Location"]).content.decode()
    assert deputy.username in page
    assert "23:00 – " in page
    assert "18:00 – " in page
    removed = client.post(reverse("shift-remove", args=[shift.pk]))
    assert not DutyShift.objects.exists()
    token = client.get(removed["Location"]).context["removed"]
    client.post(reverse("shift-put-back"), {"removed": token})
    client.post(reverse("shift-put-back"), {"removed": token})
    back = DutyShift.objects.get()
    assert (back.starts_at, back.ends_at, back.token) == (shift.starts_at, shift.ends_at, shift.token)


def test_what_is_left_of_a_shift_is_taken_over(client: Client, founded: Founded, user: User) -> None:
    deputy, now = make_focal_point(founded, rank=2), this_quarter()
    shift = make_shift(deputy, now - 2 * HOUR)
    coming = make_shift(deputy, now + 24 * HOUR)
    for each in (shift, coming, coming):
        client.post(reverse("shift-take-over", args=[each.pk]))
    assert list(DutyShift.objects.values_list("focal_point__user", "starts_at", "ends_at")) == [
        (deputy.pk, now - 2 * HOUR, now),
        (user.pk, now, now + 6 * HOUR),
        (user.pk, now + 24 * HOUR, now + 32 * HOUR),
    ]


def test_who_is_in_no_post_takes_nothing_over(client: Client, founded: Founded, user: User) -> None:
    shift = make_shift(user, this_quarter() + HOUR)
    sign_in(client, make_member(founded, role="case-worker"))
    answer = client.post(reverse("shift-take-over", args=[shift.pk]), follow=True)
    assert "Only who is in the directory" in answer.content.decode()
    assert client.post(reverse("shift-remove", args=[shift.pk])).status_code == 403
    assert client.get(reverse("shift-new")).status_code == 403
    shift.refresh_from_db()
    assert shift.focal_point.user == user


def test_a_shift_that_has_ended_is_nobodys_to_take_over(client: Client, founded: Founded, user: User) -> None:
    deputy = make_focal_point(founded, rank=2)
    shift = make_shift(deputy, this_quarter() - 20 * HOUR)
    client.post(reverse("shift-take-over", args=[shift.pk]))
    assert DutyShift.objects.get().focal_point.user == deputy


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2020-05-17T18:00", "2020-05-17T20:00", "ends_at"),
        ("2999-05-17T18:00", "2999-05-17T18:10", "ends_at"),
        ("2999-05-17T18:00", "2999-08-17T18:00", "ends_at"),
        ("tomorrow", "2999-08-17T18:00", "starts_at"),
        ("2999-05-17T18:00", "", "ends_at"),
    ],
)
def test_bad_times_are_told_at_their_field(client: Client, user: User, start: str, end: str, wrong: str) -> None:
    address = reverse("shift-new")
    answer = client.post(address, fill(client, address, who=point_of(user).pk, starts_at=start, ends_at=end))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert start in answer.content.decode()
    assert not DutyShift.objects.exists()


def test_another_institutions_shifts_are_not_there(client: Client, user: User) -> None:
    there = make_focal_point(make_institution())
    shift = make_shift(there, this_quarter() + HOUR)
    for name in ("shift-take-over", "shift-remove"):
        assert client.post(reverse(name, args=[shift.pk])).status_code == 404
    assert there.username not in client.get(reverse("rota")).content.decode()
    address = reverse("shift-new")
    said = fill(client, address, who=point_of(there).pk, starts_at="2999-05-17T18:00", ends_at="2999-05-18T18:00")
    assert client.post(address, said).status_code == 422


def test_what_was_signed_by_nobody_or_for_others_is_not_put_back(client: Client, user: User) -> None:
    shift = make_shift(user, this_quarter() + HOUR)
    removed = client.post(reverse("shift-remove", args=[shift.pk]))
    token = client.get(removed["Location"]).context["removed"]
    other = Client()
    sign_in(other, make_focal_point(make_institution()))
    other.post(reverse("shift-put-back"), {"removed": token})
    client.post(reverse("shift-put-back"), {"removed": f"{token}x"})
    assert not DutyShift.objects.exists()


def test_an_empty_rota_says_what_to_do_and_a_bad_week_is_this_one(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(founded))
    page = client.get(reverse("rota"), {"week": "0001-01-01"}).content.decode()
    assert "Put somebody in first" in page
    assert client.get(reverse("rota"), {"week": "soon"}).context["monday"].weekday() == 0
    assert "Put somebody in first" in client.get(reverse("shift-new")).content.decode()


def test_gaps_are_shown_on_the_page(client: Client, user: User) -> None:
    assert "A call then still goes to the first" in client.get(reverse("rota")).content.decode()
    FocalPoint.objects.update(from_hour=0, to_hour=24)
    assert "Somebody is there at every hour" in client.get(reverse("rota")).content.decode()


def test_gaps_are_what_neither_hours_nor_shifts_cover() -> None:
    point = FocalPoint(time_zone="Asia/Kathmandu", week_days=[0, 1, 2, 3, 4], from_hour=9, to_hour=17)
    monday = NOON.replace(hour=0)
    shift = DutyShift(starts_at=monday, ends_at=monday + 3 * HOUR)
    # Nine o'clock in Kathmandu is a quarter past three in universal time.
    assert find_gaps([point], [shift], monday, 1) == [
        (monday + 3 * HOUR, monday + 3.25 * HOUR),
        (monday + 11.25 * HOUR, monday + 24 * HOUR),
    ]
    assert find_gaps([], [], monday, 2) == [(monday, monday + 48 * HOUR)]
    point.left_on = monday.date()
    assert find_gaps([point], [], monday, 1) == [(monday, monday + 24 * HOUR)]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    point = FocalPoint(time_zone="UTC", week_days=[0], from_hour=20, to_hour=6)
    monday = NOON.replace(hour=0)
    assert find_gaps([point], [], monday, 2) == [
        (monday, monday + 20 * HOUR),
        (monday + 30 * HOUR, monday + 48 * HOUR),
    ]


def test_a_constant_number_of_queries(client: Client, founded: Founded, user: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("rota"))
        return len(queries)

    make_shift(user, this_quarter())
    few = count()
    for number in range(6):
        make_shift(make_focal_point(founded, rank=2), this_quarter() + number * HOUR)
    assert count() == few


def test_the_demonstration_has_a_week_of_shifts_once(client: Client, founded: Founded, user: User) -> None:
    deputy = make_focal_point(founded, rank=2)
    seed_demo_rota(user, deputy)
    seed_demo_rota(user, deputy)
    assert DutyShift.objects.count() == 7
    assert all(day.begin for day in client.get(reverse("rota")).context["days"])
