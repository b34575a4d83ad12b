"""Destroying a report now: by typing its number, for good, with only a count left."""

import pytest
from django.urls import reverse

from amparo.channel.models import Channel, ConsentGiven, DestroyedReports, Mailbox, Message, Report
from amparo.channel.triage.referring import refer, withdraw_referrals
from amparo.channel.triage.services import set_destruction
from amparo.institutions.models import this_hour
from amparo.vault.models import LogEntry, Section, SectionKey
from tests.channel.triage.conftest import Desk
from tests.factories import give_mailbox, make_institution, make_report, write_as_reporter

pytestmark = pytest.mark.django_db


def destroy(desk: Desk, report: Report, number: str | None = None) -> int:
    typed = str(report.pk)[:8] if number is None else number
    return desk.client.post(reverse("inbox-destroy", args=[report.pk]), {"number": typed}).status_code


def test_it_works(desk: Desk) -> None:
    report = make_report(desk.founded, status="acknowledged")
    give_mailbox(report)
    write_as_reporter(report, "An invented message.")

    assert destroy(desk, report) == 302

    left = (Report, Message, Mailbox, Section, SectionKey)
    assert [model.objects.count() for model in left] == [0] * len(left)
    counted = DestroyedReports.objects.get()
    assert (counted.status, counted.number) == ("acknowledged", 1)
    ordered = LogEntry.objects.get(action="destruction-ordered")
    assert ordered.actor == desk.user.pk
    assert LogEntry.objects.filter(action="report-destroyed").exists()


@pytest.mark.parametrize("typed", ["", "yes", "00000000"])
def test_without_its_number_nothing_is_destroyed(desk: Desk, typed: str) -> None:
    report = make_report(desk.founded)

    assert destroy(desk, report, typed) == 422

    assert Report.objects.filter(pk=report.pk).exists()


def test_asking_for_the_page_destroys_nothing(desk: Desk) -> None:
    report = make_report(desk.founded)

    assert desk.client.get(reverse("inbox-destroy", args=[report.pk])).status_code == 200

    assert Report.objects.filter(pk=report.pk).exists()


def test_another_institutions_report_stays(desk: Desk) -> None:
    report = make_report(make_institution())

    assert destroy(desk, report) == 404

    assert Report.objects.filter(pk=report.pk).exists()


def test_what_another_institution_works_with_stays_until_it_is_withdrawn(desk: Desk) -> None:
    network = make_institution("invented-network", kind="network")
    Channel.objects.create(institution=network.institution)
    report = make_report(desk.founded, consents=["network"])
    refer(desk.user, report.pk, network.institution, desk.founded.unlocked)

    destroy(desk, report)
    assert Report.objects.count() == 2

    ConsentGiven.objects.update(withdrawn_at=this_hour())
    withdraw_referrals(report, "network")
    destroy(desk, report)
    assert Report.objects.count() == 0


def test_destroyed_twice_is_not_found(desk: Desk) -> None:
    report = make_report(desk.founded)
    destroy(desk, report)

    assert destroy(desk, report) == 404
    with pytest.raises(Report.DoesNotExist):
        set_destruction(desk.user, report.pk, this_hour().date(), "still-needed")
