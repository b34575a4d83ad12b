"""The list of an institution's reports: what waits, urgent and old first, and nothing that is sealed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from amparo.channel.models import Channel
from amparo.channel.triage.views import REPORTS_PER_PAGE
from tests.channel.triage.conftest import Desk, make_desk
from tests.factories import give_mailbox, make_institution, make_report, write_as_reporter

pytestmark = pytest.mark.django_db

NAME = "Inventada Ejemplo"


def shown(desk: Desk, **asked: str) -> str:
    response = desk.client.get(reverse("inbox"), asked)
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def test_it_works(desk: Desk) -> None:
    report = make_report(desk.founded, {"what": f"{NAME} was threatened."}, urgency="danger-now", language="es")

    content = shown(desk)

    assert reverse("inbox-report", args=[report.pk]) in content
    assert "Life or liberty in danger now" in content
    assert "Español" in content
    assert NAME not in content


def test_urgent_and_old_reports_stand_first(desk: Desk) -> None:
    now = timezone.now()
    calm = make_report(desk.founded, urgency="not-urgent", received_at=now - timedelta(days=9))
    young = make_report(desk.founded, urgency="danger-now", received_at=now)
    old = make_report(desk.founded, urgency="danger-now", received_at=now - timedelta(days=2))
    unknown = make_report(desk.founded, received_at=now - timedelta(days=1))

    content = shown(desk)

    places = [content.index(str(each.pk)) for each in (old, young, unknown, calm)]
    assert places == sorted(places)


def test_what_should_have_been_answered_is_marked(desk: Desk) -> None:
    Channel.objects.create(institution=desk.founded.institution, answer_days=2)
    make_report(desk.founded, received_at=timezone.now() - timedelta(days=1))
    assert "answer overdue" not in shown(desk)

    make_report(desk.founded, received_at=timezone.now() - timedelta(days=3))
    assert shown(desk).count("answer overdue") == 1


def test_new_messages_are_counted(desk: Desk) -> None:
    report = make_report(desk.founded, opened_at=timezone.now(), status="acknowledged")
    give_mailbox(report)
    assert 'class="unread"' not in shown(desk)

    write_as_reporter(report, "An invented message.")

    content = shown(desk)
    assert 'class="unread"' in content
    assert "An invented message." not in content


def test_it_can_be_asked_for_less(desk: Desk) -> None:
    spanish = make_report(desk.founded, language="es", urgency="danger-soon", opened_at=timezone.now())
    closed = make_report(desk.founded, status="rejected", outcome="spam")

    assert str(spanish.pk) in shown(desk, language="es")
    assert str(spanish.pk) not in shown(desk, language="ar")
    assert str(spanish.pk) not in shown(desk, urgency="not-urgent")
    assert str(spanish.pk) not in shown(desk, unread="on")
    assert str(closed.pk) not in shown(desk)
    assert str(closed.pk) in shown(desk, status="rejected")
    assert str(closed.pk) in shown(desk, status="all")


@pytest.mark.parametrize("asked", [{"status": "x"}, {"page": "999999"}, {"urgency": "'"}, {"page": "-1"}])
def test_what_is_not_understood_shows_what_waits(desk: Desk, asked: dict[str, str]) -> None:
    report = make_report(desk.founded)

    assert str(report.pk) in shown(desk, **asked)


def test_the_list_is_paginated_in_the_database(desk: Desk, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(REPORTS_PER_PAGE + 3):
        make_report(desk.founded)

    with django_assert_num_queries(6):  # session, user, institution, days to answer, count, reports
        first = shown(desk)
    second = shown(desk, page="2")

    assert first.count('name="report"') == REPORTS_PER_PAGE
    assert second.count('name="report"') == 3


def test_an_empty_inbox_says_what_to_do(desk: Desk) -> None:
    content = shown(desk)

    assert reverse("channel-poster") in content
    assert reverse("notices") in content


def test_other_institutions_reports_are_not_there(desk: Desk) -> None:
    other = make_report(make_institution())

    assert str(other.pk) not in shown(desk, status="all")


@pytest.mark.parametrize("role", ["analyst", "editor", "auditor", "administrator"])
def test_who_answers_no_reports_sees_no_inbox(role: str) -> None:
    desk = make_desk(role=role)

    assert desk.client.get(reverse("inbox")).status_code == 403


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Desk, language: str) -> None:
    make_report(desk.founded)

    response = desk.client.get(f"/{language}/desk/inbox/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


class TestSpam:
    def test_it_works(self, desk: Desk) -> None:
        reports = [make_report(desk.founded) for _ in range(3)]

        chosen = {"report": [str(each.pk) for each in reports[:2]]}
        content = desk.client.post(reverse("inbox-spam"), chosen, follow=True).content.decode()

        for each in reports:
            each.refresh_from_db()
        assert [(each.status, each.outcome) for each in reports] == [("rejected", "spam")] * 2 + [("new", "")]
        assert reports[0].destroy_on is not None
        assert reverse("inbox-undo") in content

    def test_it_can_be_undone_for_some_minutes(self, desk: Desk) -> None:
        report = make_report(desk.founded)
        desk.client.post(reverse("inbox-spam"), {"report": str(report.pk)})

        content = desk.client.post(reverse("inbox-undo"), follow=True).content.decode()

        report.refresh_from_db()
        assert (report.status, report.outcome, report.destroy_on) == ("new", "", None)
        assert reverse("inbox-undo") not in content

    def test_other_institutions_reports_are_left_as_they_are(self, desk: Desk) -> None:
        other = make_report(make_institution())

        desk.client.post(reverse("inbox-spam"), {"report": str(other.pk)})

        other.refresh_from_db()
        assert other.status == "new"

    def test_a_case_is_no_spam(self, desk: Desk) -> None:
        report = make_report(desk.founded, status="accepted")

        desk.client.post(reverse("inbox-spam"), {"report": str(report.pk)})

        report.refresh_from_db()
        assert report.status == "accepted"

    def test_what_is_no_identifier_is_not_found(self, desk: Desk) -> None:
        assert desk.client.post(reverse("inbox-spam"), {"report": "x"}).status_code == 404
