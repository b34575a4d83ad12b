"""Acknowledging a report, writing to the reporter, closing and reopening it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.channel.models import Channel, Message, Report
from amparo.vault import services as vault
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, sign_in
from tests.factories import give_mailbox, make_report

pytestmark = pytest.mark.django_db

WORDS = "Invented question: can you be reached on Friday?"


@pytest.fixture
def report(desk: Desk) -> Report:
    return make_report(desk.founded)


def post(desk: Desk, name: str, report: Report, **said: str) -> str:
    response = desk.client.post(reverse(name, args=[report.pk]), said, follow=True)
    report.refresh_from_db()
    content: str = response.content.decode()
    return content


def logged(action: str) -> int:
    return LogEntry.objects.filter(action=action).count()


def test_acknowledging_twice_is_once(desk: Desk, report: Report) -> None:
    post(desk, "inbox-acknowledge", report)
    post(desk, "inbox-acknowledge", report)

    assert report.status == "acknowledged"
    assert report.acknowledged_at is not None
    assert report.acknowledged_at.minute == 0
    assert logged("report-acknowledged") == 1


def test_a_message_opens_for_the_reporter_and_the_institution(desk: Desk, report: Report) -> None:
    reporter = give_mailbox(report)

    content = post(desk, "inbox-message", report, text=WORDS)

    message = Message.objects.get()
    for holder in (reporter, desk.founded.unlocked):
        assert vault.open_sections([message.section], holder) == {message.section_id: {"text": WORDS}}
    assert not message.from_reporter
    assert report.status == "acknowledged"
    assert WORDS in content


def test_a_message_sent_twice_is_one(desk: Desk, report: Report) -> None:
    give_mailbox(report)

    post(desk, "inbox-message", report, text=WORDS)
    post(desk, "inbox-message", report, text=WORDS)
    post(desk, "inbox-message", report, text="Something else, invented.")

    assert Message.objects.count() == 2


def test_with_closed_keys_the_words_are_kept(desk: Desk, report: Report) -> None:
    give_mailbox(report)
    close_keys(desk)

    content = post(desk, "inbox-message", report, text=WORDS)

    assert Message.objects.count() == 0
    assert WORDS in content
    assert "keys are closed" in content


def test_without_a_mailbox_nothing_is_sent_and_the_words_are_kept(desk: Desk, report: Report) -> None:
    content = post(desk, "inbox-message", report, text=WORDS)

    assert Message.objects.count() == 0
    assert "no mailbox" in content


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_no_words_or_too_many_are_said_to_be_wrong(desk: Desk, report: Report, text: str) -> None:
    give_mailbox(report)

    content = post(desk, "inbox-message", report, text=text)

    assert Message.objects.count() == 0
    assert "errorlist" in content


def test_not_taking_up_has_a_reason_and_a_day_of_destruction(desk: Desk, report: Report) -> None:
    Channel.objects.create(institution=desk.founded.institution, kept_days=30)
    reporter = give_mailbox(report)

    post(desk, "inbox-reject", report, outcome="outside-mandate", words=WORDS)
    post(desk, "inbox-reject", report, outcome="outside-mandate", words=WORDS)

    assert (report.status, report.outcome) == ("rejected", "outside-mandate")
    assert report.destroy_on == timezone.now().date() + timedelta(days=30)
    message = Message.objects.get()
    assert vault.open_sections([message.section], reporter)[message.section_id] == {"text": WORDS}
    assert logged("report-rejected") == 1


@pytest.mark.parametrize("outcome", ["", "no-such", "spam"])
def test_not_taking_up_without_a_reason_is_refused(desk: Desk, report: Report, outcome: str) -> None:
    content = post(desk, "inbox-reject", report, outcome=outcome)

    assert report.status == "new"
    assert "errorlist" in content


def test_what_was_closed_can_be_reopened(desk: Desk, report: Report) -> None:
    post(desk, "inbox-acknowledge", report)
    post(desk, "inbox-reject", report, outcome="outside-mandate")

    post(desk, "inbox-reopen", report)
    post(desk, "inbox-reopen", report)

    assert (report.status, report.outcome, report.closed_at, report.destroy_on) == ("acknowledged", "", None, None)
    assert logged("report-reopened") == 1


def test_the_day_of_destruction_can_be_moved_with_a_reason(desk: Desk, report: Report) -> None:
    post(desk, "inbox-reject", report, outcome="outside-mandate")
    day = timezone.now().date() + timedelta(days=700)

    post(desk, "inbox-retention", report, day=day.isoformat(), reason="legal-proceedings")

    assert report.destroy_on == day
    assert LogEntry.objects.get(action="destruction-set").facts == {"days": 700, "reason": "legal-proceedings"}


def test_an_open_report_gets_no_day_of_destruction(desk: Desk, report: Report) -> None:
    day = timezone.now().date() + timedelta(days=7)

    post(desk, "inbox-retention", report, day=day.isoformat(), reason="still-needed")

    assert report.destroy_on is None


@pytest.mark.parametrize(("days", "reason"), [(0, "still-needed"), (-5, "still-needed"), (5, "because")])
def test_a_day_that_is_over_or_no_reason_is_refused(desk: Desk, report: Report, days: int, reason: str) -> None:
    post(desk, "inbox-reject", report, outcome="outside-mandate")
    rule = report.destroy_on
    day = timezone.now().date() + timedelta(days=days)

    content = post(desk, "inbox-retention", report, day=day.isoformat(), reason=reason)

    assert report.destroy_on == rule
    assert "errorlist" in content


def test_steps_are_taken_by_forms_of_ours_only(desk: Desk, report: Report) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, desk.user)

    for name in ("inbox-acknowledge", "inbox-reject", "inbox-message", "inbox-accept", "inbox-refer"):
        assert client.post(reverse(name, args=[report.pk]), {"text": "x"}).status_code == 403
        if name not in ("inbox-accept", "inbox-refer"):
            assert client.get(reverse(name, args=[report.pk])).status_code == 405

    report.refresh_from_db()
    assert report.status == "new"
