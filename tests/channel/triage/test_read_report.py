"""A report's page: what it says for who holds the key, who may know, what was done with it; each opening in the log."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from amparo.channel.models import ConsentGiven, Report
from amparo.vault.models import LogEntry, SectionKey
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import give_mailbox, make_institution, make_report, write_as_reporter

pytestmark = pytest.mark.django_db

NAME = "Inventada Ejemplo"
ANSWERS = {
    "what": "An invented threat\nby telephone.",
    "victim_name": NAME,
    "acts": ["threat", "harassment"],
    "country": "XDM",
    "still_going_on": "yes",
}


def read(desk: Desk, report: Report) -> str:
    response = desk.client.get(reverse("inbox-report", args=[report.pk]))
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def actions_on(report: Report) -> list[str]:
    return list(
        LogEntry.objects.filter(record=f"report:{report.pk}").order_by("number").values_list("action", flat=True)
    )


def test_it_works(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"], urgency="danger-soon")

    content = read(desk, report)

    for said in (NAME, "What happened", "An invented threat", "Threat", "Harassment", "yes"):
        assert said in content
    assert "Regional network of NHRIs" in content
    assert "Danger within days" in content


def test_opening_is_noted_and_in_the_log(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)

    read(desk, report)
    read(desk, report)

    report.refresh_from_db()
    assert report.opened_at is not None
    assert report.opened_at.minute == 0
    assert actions_on(report) == ["report-opened", "section-opened", "section-opened"]
    entry = LogEntry.objects.filter(action="section-opened").latest("number")
    assert (entry.actor, entry.institution) == (desk.user.pk, desk.founded.institution.code)
    assert desk.user.username in read(desk, report)


def test_without_the_keys_it_says_so_and_how_to_open_them(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    close_keys(desk)

    content = read(desk, report)

    assert NAME not in content
    assert "sign in again" in content
    report.refresh_from_db()
    assert report.opened_at is None
    assert actions_on(report) == []


def test_consents_say_when_they_were_given_and_withdrawn(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network", "ganhri"])
    ConsentGiven.objects.filter(recipient="ganhri").update(withdrawn_at=timezone.now())

    content = read(desk, report)

    assert "<s>GANHRI</s>" in content
    assert "withdrawn on" in content


def test_messages_are_read_now(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    give_mailbox(report)
    message = write_as_reporter(report, "An invented message.")

    assert "An invented message." in read(desk, report)

    message.refresh_from_db()
    assert message.read_at is not None


def test_markup_in_a_report_is_text(desk: Desk) -> None:
    report = make_report(desk.founded, {"what": "<script>invented()</script>", "victim_name": "<b>x"})

    content = read(desk, report)

    assert "<script>invented" not in content
    assert "<b>x" not in content


def test_what_a_browser_sealed_is_read_as_carefully_as_any_input(desk: Desk) -> None:
    strange = {"what": ["a", {"b": 1}], "acts": "threat", "country": "no-such", "unknown": "x", "sex": 7, "when": ""}
    report = make_report(desk.founded, strange)

    content = read(desk, report)

    assert "no-such" in content
    assert desk.client.get(reverse("inbox-accept", args=[report.pk])).status_code == 200


def test_a_damaged_message_closes_no_other_part(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    give_mailbox(report)
    damaged = write_as_reporter(report, "An invented message.")
    damaged.section.ciphertext = bytes(damaged.section.ciphertext)[:-1] + b"x"
    damaged.section.save()

    content = read(desk, report)

    assert NAME in content
    assert "Closed to this session" in content


def test_a_report_sealed_to_another_key_says_so(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)
    SectionKey.objects.filter(section=report.section).delete()

    content = read(desk, report)

    assert "cannot be opened" in content
    assert NAME not in content


def test_another_institutions_report_does_not_exist(desk: Desk) -> None:
    report = make_report(make_institution(), ANSWERS)

    for name in ("inbox-report", "inbox-accept", "inbox-refer"):
        response = desk.client.get(reverse(name, args=[report.pk]))
        assert response.status_code == 404
        assert NAME not in response.content.decode()
    for name in ("inbox-acknowledge", "inbox-message", "inbox-reject", "inbox-reopen", "inbox-retention"):
        assert desk.client.post(reverse(name, args=[report.pk]), {"text": "x"}).status_code == 404
    report.refresh_from_db()
    assert report.status == "new"


def test_who_may_not_answer_reports_reads_none() -> None:
    founded = make_institution()
    report = make_report(founded, ANSWERS)
    desk = make_desk(founded, role="analyst")

    response = desk.client.get(reverse("inbox-report", args=[report.pk]))

    assert response.status_code == 403
    assert NAME not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_messages(
    desk: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = make_report(desk.founded, ANSWERS)
    give_mailbox(report)
    for number in range(12):
        write_as_reporter(report, f"An invented message {number}.")
    read(desk, report)

    with django_assert_max_num_queries(36):
        read(desk, report)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(desk: Desk, language: str) -> None:
    report = make_report(desk.founded, ANSWERS)

    for place in ("", "accept/", "refer/"):
        response = desk.client.get(f"/{language}/desk/inbox/{report.pk}/{place}")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
