"""Drills: once a month at an hour nobody knows, called as a real alert, ended by themselves; who answered when."""

from datetime import UTC, date, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.config.duties import DUTIES
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.alerts.calling import answer, pass_on_late
from amparo.warning.duty import drills
from amparo.warning.duty.drills import drill_rate, drills_of, planned_at, read_drills, run_drills
from amparo.warning.models import Alert, Call, Drill, FocalPoint
from tests.factories import make_institution, make_member, sign_in
from tests.warning.alerting import clock_at, make_chain, make_focal_point

pytestmark = pytest.mark.django_db
MAY = date(2020, 5, 1)
HOUR = timedelta(hours=1)


def when(founded: Founded, month: date = MAY, zone: str = "UTC") -> datetime:
    return planned_at(founded.institution, month, zone)


def test_it_works(founded: Founded, client: Client) -> None:
    user, due = make_focal_point(founded), when(founded)
    assert run_drills in DUTIES
    with clock_at(due - timedelta(minutes=1)):
        assert run_drills() == 0
    with clock_at(due):
        assert run_drills() == 1
        assert run_drills() == 0
    call = Call.objects.get()
    assert call.alert.is_drill
    assert (call.told_at, call.answer_by) == (due, due + 2 * HOUR)
    with clock_at(due + HOUR):
        answer(user, call.pk)
        assert run_drills() == 1
        assert run_drills() == 0
    assert Alert.objects.get().state == "closed"
    held = read_drills(drills_of(founded.institution))
    assert [(each.month, each.minutes, each.answered_by, each.in_time) for each in held] == [
        (MAY, 60, user.username, True)
    ]
    assert drill_rate(held).share == 1
    sign_in(client, user)
    page = client.get(reverse("drills")).content.decode()
    assert "Indicator M4" in page
    assert ">60<" in page
    assert list(LogEntry.objects.filter(action__startswith="drill-").values_list("action", flat=True)) == [
        "drill-held",
        "drill-ended",
    ]


def test_silence_goes_to_deputies_and_no_further() -> None:
    chain = make_chain()
    founded = chain["nhri"]
    due = when(founded)
    for other in ("network", "ganhri", "un-office"):
        FocalPoint.objects.filter(institution=chain[other].institution).update(left_on=date(2020, 1, 1))
    with clock_at(due):
        assert run_drills() == 1
    for hours in (1, 2, 5):
        with clock_at(due + hours * HOUR):
            pass_on_late()
    call = Call.objects.get()
    assert call.deputies_told_at == due + HOUR
    with clock_at(due + 5 * HOUR):
        assert run_drills() == 1
    held = read_drills(drills_of(founded.institution))[0]
    assert (held.minutes, held.in_time, held.is_open) == (None, False, False)
    assert drill_rate([held]).share == 0


def test_each_month_draws_its_own_working_hour(founded: Founded) -> None:
    months = [date(2020, number, 1) for number in range(1, 13)]
    drawn = [when(founded, month, "America/Bogota").astimezone(ZoneInfo("America/Bogota")) for month in months]
    assert all(each.weekday() < 5 and 8 <= each.hour < 17 for each in drawn)
    assert [each.date().replace(day=1) for each in drawn] == months
    assert len({(each.day, each.hour) for each in drawn}) > 6
    assert drawn == [when(founded, month, "America/Bogota") for month in months]
    assert drawn[0] != when(make_institution(), months[0], "America/Bogota")


def test_a_worker_that_was_away_is_late_for_three_days_and_then_lets_it_be(founded: Founded) -> None:
    make_focal_point(founded)
    due = when(founded)
    with clock_at(due + timedelta(days=4)):
        assert run_drills() == 0
    with clock_at(due + timedelta(days=2)):
        assert run_drills() == (1 if (due + timedelta(days=2)).month == 5 else 0)


def test_off_where_nobody_is_in_post(founded: Founded, client: Client) -> None:
    user = make_member(founded)
    FocalPoint.objects.create(institution=founded.institution)
    with clock_at(when(founded)):
        assert run_drills() == 0
    sign_in(client, user)
    assert "Drills are off" in client.get(reverse("drills")).content.decode()
    page = client.post(reverse("drill-now"), follow=True).content.decode()
    assert "nobody whom a drill could call" in page
    assert not Drill.objects.exists()


@pytest.mark.parametrize("dies_at", ["begin_round", "_note"])
def test_a_worker_that_is_killed_loses_and_repeats_nothing(founded: Founded, dies_at: str) -> None:
    make_focal_point(founded)
    with clock_at(when(founded)):
        with mock.patch.object(drills, dies_at, side_effect=SystemExit), pytest.raises(SystemExit):
            run_drills()
        assert not Alert.objects.exists()
        assert run_drills() == 1
        assert run_drills() == 0
    assert Call.objects.count() == 1


def test_now_counts_as_this_months_and_once(founded: Founded, client: Client) -> None:
    sign_in(client, make_focal_point(founded))
    client.post(reverse("drill-now"))
    assert Drill.objects.get().alert.opened_by is not None
    page = client.post(reverse("drill-now"), follow=True).content.decode()
    assert "This month has had its drill already" in page
    assert Drill.objects.count() == Call.objects.count() == 1
    assert run_drills() == 0
    assert "not yet" in page


def test_a_case_worker_reads_and_holds_none_and_others_see_none(founded: Founded, client: Client) -> None:
    make_focal_point(founded)
    sign_in(client, make_member(founded, role="case-worker"))
    assert client.post(reverse("drill-now")).status_code == 403
    there = make_focal_point(make_institution())
    with clock_at(datetime(2020, 5, 18, 12, tzinfo=UTC)):
        drills.hold_drill(there)
    page = client.get(reverse("drills")).content.decode()
    assert "No drill yet" in page
    assert there.username not in page


def test_a_constant_number_of_queries(founded: Founded, client: Client) -> None:
    user = make_focal_point(founded)
    sign_in(client, user)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("drills")).status_code == 200
        return len(queries)

    def hold(month: int) -> None:
        with clock_at(datetime(2020, month, 18, 12, tzinfo=UTC)):
            drill = drills.hold_drill(user)
            answer(user, drill.alert.calls.get().pk)

    hold(1)
    hold(2)
    few = count()
    for month in range(3, 11):
        hold(month)
    assert count() == few
