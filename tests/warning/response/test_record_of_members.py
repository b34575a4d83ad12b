"""How drills and alerts of members go, in numbers: for a network or GANHRI, and never of one institution by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import Institution
from amparo.warning.models import Alert, Call, Drill, LevelChange
from amparo.warning.response.record_of_members import count_record_of_members
from tests.factories import make_institution, sign_in
from tests.warning.alerting import clock_at, make_focal_point

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
LAST_MONTH = datetime(2026, 2, 12, 9, tzinfo=UTC)


def make_network(countries: tuple[str, ...]) -> tuple[Institution, list[Institution]]:
    """RINDHCA, and an NHRI in each of `countries`."""
    network = make_institution("rindhca", "network")
    make_focal_point(network)
    members = []
    for country in countries:
        founded = make_institution(f"invented-{country.lower()}")
        founded.institution.country = country
        founded.institution.save()
        make_focal_point(founded)
        members.append(founded.institution)
    return network.institution, members


def call_about(whose: Institution, told: datetime, minutes: int | None, **columns: object) -> Alert:
    alert = Alert.objects.create(
        institution=whose,
        country=whose.country,
        area="unknown",
        kind="threats",
        level="emergency",
        detected_on=told.date(),
        opened_at=told,
        **columns,
    )
    Call.objects.create(
        alert=alert,
        round=LevelChange.objects.create(alert=alert, level="emergency", set_at=told),
        institution=whose,
        told_at=told,
        answer_by=told + timedelta(hours=2),
        answered_at=None if minutes is None else told + timedelta(minutes=minutes),
    )
    return alert


def hold_drill_of(whose: Institution, minutes: int | None, told: datetime = LAST_MONTH) -> None:
    alert = call_about(whose, told, minutes, is_drill=True, state="closed")
    Drill.objects.create(institution=whose, month=told.date().replace(day=1), alert=alert)


def close_alert_of(whose: Institution, outcome: str, minutes: int | None = 30, lead: int | None = None) -> None:
    harmed = None if lead is None else (LAST_MONTH + timedelta(days=lead)).date()
    closed = {"state": "closed", "outcome": outcome, "closed_at": LAST_MONTH, "harmed_on": harmed}
    call_about(whose, LAST_MONTH - timedelta(days=1), minutes, **closed)


FIVE = ("COL", "CRI", "CHL", "MEX", "GTM")


def test_it_works(client: Client) -> None:
    network, members = make_network(FIVE)
    for each, minutes in zip(members, (15, 30, 45, 150, None), strict=True):
        hold_drill_of(each, minutes)
    outcomes = ("harm-averted", "harm-occurred", "danger-passed", "false-alarm", "harm-lessened")
    for number, (each, outcome) in enumerate(zip(members, outcomes, strict=True)):
        close_alert_of(each, outcome, 30 + number, lead=number)

    with clock_at(NOW):
        record = count_record_of_members(network)
        sign_in(client, network.members.get())
        page = client.get(reverse("alert-record")).content.decode()

    assert record is not None
    assert (record.members, record.in_post, record.with_deputy) == (5, 5, 0)
    february = record.drills[0]
    assert (february.month, february.called, february.answered, february.in_time) == (date(2026, 2, 1), 5, 4, 3)
    # Four answered: of so few the median would be of single ones.
    assert february.minutes is None
    assert record.drills[1].called is None
    # Four were right or false.
    assert (record.precision, record.lead) == (None, 3)
    assert (record.without_harm, record.answered_in_time, record.minutes) == (None, 1.0, 32)
    assert "5 members." in page
    shown = page.split("<main")[1]
    assert [each.code for each in members if each.code in shown] == []


def test_four_members_are_too_few(client: Client) -> None:
    network, members = make_network(FIVE[:4])
    for each in members:
        hold_drill_of(each, 15)
        close_alert_of(each, "harm-averted")

    with clock_at(NOW):
        record = count_record_of_members(network)
        sign_in(client, network.members.get())
        page = client.get(reverse("alert-record")).content.decode()

    assert record is not None
    assert not record.is_enough
    assert {each.called for each in record.drills} == {None}
    assert (record.precision, record.answered_in_time, record.minutes) == (None, None, None)
    assert "4 members work with this installation: too few" in page
    assert "Drills of our members" not in page


def test_many_alerts_of_one_member_are_of_one() -> None:
    network, members = make_network(FIVE)
    for _ in range(9):
        close_alert_of(members[0], "false-alarm")

    with clock_at(NOW):
        record = count_record_of_members(network)

    assert record is not None
    assert (record.false_alarms, record.answered_in_time, record.minutes) == (None, None, None)


def test_from_one_day_to_the_next_nothing_changes_within_a_month() -> None:
    """Else whoever looks each day would see who answered late today."""
    network, members = make_network(FIVE)
    for each in members:
        hold_drill_of(each, 15)
        close_alert_of(each, "harm-averted")
    with clock_at(NOW):
        before = count_record_of_members(network)
    told = NOW - timedelta(days=1)
    hold_drill_of(members[0], None, told)
    call_about(members[0], told, None, state="closed", outcome="false-alarm", closed_at=NOW)

    with clock_at(NOW):
        assert count_record_of_members(network) == before
    with clock_at(NOW + timedelta(days=30)):
        later = count_record_of_members(network)
    assert later is not None
    assert later != before
    assert later.drills[0].called is None


def test_members_are_those_of_the_region_and_of_ganhri_all() -> None:
    network, members = make_network(FIVE)
    ganhri = make_institution("ganhri", "ganhri").institution
    far = make_institution("far").institution
    Institution.objects.filter(pk=far.pk).update(country="NPL")

    with clock_at(NOW):
        of_network, of_all = count_record_of_members(network), count_record_of_members(ganhri)
        assert count_record_of_members(members[0]) is None
    assert of_network is not None
    assert of_all is not None
    assert (of_network.members, of_all.members) == (5, 6)


def test_an_institution_reads_its_own_drills(client: Client) -> None:
    _network, members = make_network(FIVE[:1])
    hold_drill_of(members[0], 15)
    hold_drill_of(members[0], 150, LAST_MONTH - timedelta(days=40))
    hold_drill_of(members[0], None, LAST_MONTH - timedelta(days=80))
    Call.objects.filter(answered_at=None).update(passed_on_at=LAST_MONTH)
    sign_in(client, members[0].members.get())

    page = client.get(reverse("alert-record")).content.decode()
    assert "Of the last 3 drills, answered: 2; within the time: 1 (33%)." in page
    assert "Median time to the answer: 82.5 minutes." in page
    assert "Our members" not in page


def test_more_members_cost_no_more_queries(client: Client) -> None:
    network, members = make_network(FIVE)
    for each in members:
        hold_drill_of(each, 15)
        close_alert_of(each, "harm-averted")
    with clock_at(NOW):
        sign_in(client, network.members.get())
        client.get(reverse("alert-record"))
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("alert-record"))
        for country in ("BOL", "ECU", "HND"):
            founded = make_institution(f"more-{country.lower()}")
            Institution.objects.filter(pk=founded.institution.pk).update(country=country)
            make_focal_point(founded)
            hold_drill_of(founded.institution, 30)
            close_alert_of(founded.institution, "false-alarm")
        with CaptureQueriesContext(connection) as many:
            client.get(reverse("alert-record"))
    assert len(many) == len(few)
