"""What a reporter agrees to is a consent in the vault: from sending on, for messages too, and until she withdraws."""

from importlib import import_module

import pytest
from django.apps import apps

from amparo.channel.consents import PURPOSE_FOR, sections_of
from amparo.channel.form import recipients
from amparo.channel.models import ConsentGiven, Report
from amparo.channel.services import NewReport, change_consents, receive_report, send_message
from amparo.channel.triage.referring import refer, withdraw_referrals
from amparo.vault import services as vault
from amparo.vault.models import Consent, SectionKey, SharedFor
from amparo.vault.receipts import make_receipt
from amparo.vocabularies.catalogue import get_vocabulary
from tests.factories import give_mailbox, make_channel, make_institution, make_member, make_report, write_as_reporter

pytestmark = pytest.mark.django_db

ANSWERS = {"what": "An invented threat by telephone.", "country": "XDM"}


def test_it_works() -> None:
    channel = make_channel()
    new = NewReport("defender", "es", consents=frozenset({"network", "public"}), answers=dict(ANSWERS))

    report = receive_report(channel, new, submission=bytes(32), receipt=make_receipt())

    given = {(each.recipient, each.purpose, each.how, each.language) for each in vault.consents_of([report.section])}
    assert given == {
        ("network", "support-protection", "safe-channel", "es"),
        ("public", "publication-without-name", "safe-channel", "es"),
    }


@pytest.mark.parametrize(("about", "kind"), [("defender", "nhri"), ("nhri", "network")])
def test_each_recipient_of_the_form_has_a_purpose_that_exists(about: str, kind: str) -> None:
    known = get_vocabulary("consent-purposes").terms

    assert {PURPOSE_FOR[code] for code in recipients(about, kind)} <= set(known)


def test_what_is_agreed_to_later_holds_for_all_that_was_said() -> None:
    report = make_report(make_institution(), ANSWERS)
    give_mailbox(report)
    message = write_as_reporter(report, "An invented message.")

    change_consents(report, ["ganhri"])
    assert {each.section_id for each in Consent.objects.all()} == {report.section_id, message.section_id}
    change_consents(report, [])

    assert not vault.valid_consents().exists()


def test_a_message_goes_where_its_report_may_go_and_no_further() -> None:
    own, network = make_institution(), make_institution(kind="network")
    make_channel(network)
    report = make_report(own, ANSWERS, consents=["network"])
    give_mailbox(report)
    refer(make_member(own), report.pk, network.institution, own.unlocked)
    first = send_message(report.mailbox, "An invented message.")
    assert vault.open_sections([first.section], network.unlocked)

    withdraw_referrals(report, "network", own.unlocked)
    second = send_message(report.mailbox, "Another invented message.")

    first.section.refresh_from_db()
    assert vault.open_sections([first.section, second.section], network.unlocked) == {}
    assert len(vault.open_sections([first.section, second.section], own.unlocked)) == 2


def test_reports_from_before_are_taken_over() -> None:
    own, network = make_institution(), make_institution(kind="network")
    make_channel(network)
    report = make_report(own, ANSWERS, consents=["network", "sca"])
    refer(make_member(own), report.pk, network.institution, own.unlocked)
    Consent.objects.all().delete()
    SharedFor.objects.all().delete()

    import_module("amparo.channel.migrations.0002_consents_in_the_vault").let_the_vault_know(apps, None)

    assert {(each.recipient, each.purpose) for each in vault.consents_of(sections_of(report))} == {
        ("network", "support-protection"),
        ("sca", "accreditation-review"),
    }
    assert SharedFor.objects.get().key.holder == network.institution.key_pair
    assert vault.open_sections([report.section], network.unlocked)
    ConsentGiven.objects.filter(recipient="network").delete()
    withdraw_referrals(Report.objects.get(pk=report.pk), "network", own.unlocked)
    assert not SectionKey.objects.filter(holder=network.institution.key_pair).exists()
