"""Letting another institution have a report: as far as the reporter agreed, and until she withdraws."""

import pytest
from django.urls import reverse

from amparo.channel.models import Channel, ConsentGiven, Message, Report
from amparo.channel.triage.referring import sections_of, withdraw_referrals
from amparo.files.models import SealedFile
from amparo.files.places import place_of
from amparo.files.services import open_file
from amparo.institutions.models import this_hour
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import LogEntry, SectionKey
from tests.channel.triage.conftest import Desk, make_desk
from tests.channel.triage.test_report_files import PHOTO, add_file
from tests.factories import give_mailbox, make_institution, make_report, write_as_reporter

pytestmark = pytest.mark.django_db

STORY = "An invented threat by telephone."
ANSWERS = {"what": STORY, "country": "XDM"}


@pytest.fixture
def network() -> Founded:
    founded = make_institution("invented-network", kind="network")
    Channel.objects.create(institution=founded.institution)
    return founded


def refer(desk: Desk, report: Report, to: Founded) -> str:
    address = reverse("inbox-refer", args=[report.pk])
    response = desk.client.post(address, {"to": to.institution.code}, follow=True)
    content: str = response.content.decode()
    return content


def test_it_works(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"], urgency="danger-now")
    give_mailbox(report)
    message = write_as_reporter(report, "An invented message.")

    refer(desk, report, network)

    there = make_desk(network)
    referred = Report.objects.get(referred_from=report)
    content = there.client.get(reverse("inbox-report", args=[referred.pk])).content.decode()
    assert STORY in content
    assert "An invented message." in content
    assert str(referred.pk) in there.client.get(reverse("inbox")).content.decode()
    report.refresh_from_db()
    assert (report.status, referred.status, referred.urgency) == ("referred", "new", "danger-now")
    assert vault.open_sections([message.section], network.unlocked)


def test_sent_twice_is_once(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])

    refer(desk, report, network)
    refer(desk, report, network)

    assert Report.objects.filter(referred_from=report).count() == 1
    assert LogEntry.objects.filter(action="report-referred").count() == 1


@pytest.mark.parametrize("consents", [[], ["ganhri"], ["public", "sca", "special-procedures"]])
def test_without_a_consent_for_it_nothing_goes(desk: Desk, network: Founded, consents: list[str]) -> None:
    report = make_report(desk.founded, ANSWERS, consents=consents)

    content = refer(desk, report, network)

    assert not Report.objects.filter(referred_from=report).exists()
    assert not SectionKey.objects.filter(holder=network.institution.key_pair).exists()
    assert "has not agreed" in content
    assert "ask=network" in content


def test_a_withdrawn_consent_counts_no_more(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    ConsentGiven.objects.update(withdrawn_at=this_hour())

    refer(desk, report, network)

    assert not Report.objects.filter(referred_from=report).exists()


@pytest.mark.parametrize(("country", "goes"), [("XDM", True), ("COL", False), (None, False)])
def test_a_consent_for_the_nhri_is_for_that_of_the_country(network: Founded, country: str | None, goes: bool) -> None:
    desk, nhri = make_desk(network), make_institution()
    Channel.objects.create(institution=nhri.institution)
    answers = {"what": STORY} | ({"country": country} if country else {})
    report = make_report(network, answers, consents=["nhri"])

    refer(desk, report, nhri)

    assert Report.objects.filter(referred_from=report, institution=nhri.institution).exists() is goes


def test_asking_begins_a_message_in_the_reporters_language(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS)
    give_mailbox(report)

    content = desk.client.get(reverse("inbox-report", args=[report.pk]), {"ask": "network"}).content.decode()
    strange = desk.client.get(reverse("inbox-report", args=[report.pk]), {"ask": "<b>x"}).content.decode()

    assert "Without your yes nothing is shared" in content
    assert "<b>x" not in strange


def test_both_can_write_to_the_mailbox(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    reporter = give_mailbox(report)
    refer(desk, report, network)
    there, referred = make_desk(network), Report.objects.get(referred_from=report)

    there.client.post(reverse("inbox-message", args=[referred.pk]), {"text": "Invented words of the network."})

    message = Message.objects.get()
    assert message.report == report
    for holder in (reporter, desk.founded.unlocked, network.unlocked):
        assert vault.open_sections([message.section], holder)
    referred.refresh_from_db()
    assert referred.status == "acknowledged"


def test_withdrawing_closes_it_there_at_once(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    give_mailbox(report)
    write_as_reporter(report, "An invented message.")
    refer(desk, report, network)
    there, referred = make_desk(network), Report.objects.get(referred_from=report)

    assert withdraw_referrals(report, "network") == 1

    content = there.client.get(reverse("inbox-report", args=[referred.pk])).content.decode()
    assert STORY not in content
    assert "An invented message." not in content
    assert "withdrew her consent" in content
    referred.refresh_from_db()
    assert (referred.status, referred.outcome) == ("rejected", "no-consent")
    assert not SectionKey.objects.filter(holder=network.institution.key_pair).exists()


def test_the_next_opening_gives_new_data_keys(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    reporter = give_mailbox(report)
    message = write_as_reporter(report, "An invented message.")
    refer(desk, report, network)
    old = {each.pk: vault.data_key_of(each, network.unlocked) for each in sections_of(report)}
    withdraw_referrals(report, "network")

    desk.client.get(reverse("inbox-report", args=[report.pk]))

    report.refresh_from_db()
    assert not report.new_keys_due
    for section in sections_of(report):
        assert vault.data_key_of(section, desk.founded.unlocked) != old[section.pk]
    message.section.refresh_from_db()
    assert vault.open_sections([message.section], reporter)


def test_who_agreed_again_lets_it_have_the_report_again(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    refer(desk, report, network)
    ConsentGiven.objects.update(withdrawn_at=this_hour())
    withdraw_referrals(report, "network")
    ConsentGiven.objects.create(report=report, recipient="network")

    refer(desk, report, network)

    referred = Report.objects.get(referred_from=report)
    assert (referred.status, referred.outcome) == ("new", "")
    report.section.refresh_from_db()
    assert vault.open_sections([report.section], network.unlocked)


def test_another_recipients_consent_leaves_the_referral(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network", "ganhri"])
    refer(desk, report, network)

    assert withdraw_referrals(report, "ganhri") == 0

    assert vault.open_sections([report.section], network.unlocked)


def test_an_institution_that_does_not_exist_is_not_found(desk: Desk) -> None:
    report = make_report(desk.founded, ANSWERS)

    for code in ("no-such", desk.founded.institution.code, ""):
        assert desk.client.post(reverse("inbox-refer", args=[report.pk]), {"to": code}).status_code == 404


def test_an_institution_that_receives_no_reports_is_not_offered(desk: Desk) -> None:
    other = make_institution("invented-archive", kind="network")
    report = make_report(desk.founded, ANSWERS, consents=["network"])

    content = desk.client.get(reverse("inbox-refer", args=[report.pk])).content.decode()

    assert "invented-archive" not in content
    assert desk.client.post(reverse("inbox-refer", args=[report.pk]), {"to": other.institution.code}).status_code == 404


def test_files_get_new_keys_too(desk: Desk, network: Founded) -> None:
    report = make_report(desk.founded, ANSWERS, consents=["network"])
    file = add_file(report)
    refer(desk, report, network)
    assert vault.data_key_of(file.section, network.unlocked)
    before = place_of(file).read_bytes()
    withdraw_referrals(report, "network")

    with pytest.raises(SectionKey.DoesNotExist):
        vault.data_key_of(file.section, network.unlocked)
    desk.client.get(reverse("inbox-report", args=[report.pk]))

    file = SealedFile.objects.select_related("section").get(pk=file.pk)
    assert place_of(file).read_bytes() != before
    assert b"".join(open_file(file, desk.founded.unlocked)) == PHOTO
