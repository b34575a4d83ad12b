"""Coming back: status, messages both ways, consents, leaving for good."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from amparo.cases.models import Evidence, Incident
from amparo.channel.browser_key import COOKIE
from amparo.channel.destruction import destroy_due
from amparo.channel.messages import LONGEST_MESSAGE
from amparo.channel.models import (
    ConsentGiven,
    DestroyedReports,
    Mailbox,
    Message,
    OpenMailbox,
    Report,
    ReportFile,
)
from amparo.channel.services import current_consents
from amparo.files.models import SealedFile
from amparo.files.services import open_file, read_facts
from amparo.institutions.models import this_hour
from amparo.institutions.services import Founded
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, LogEntry, Section, SectionKey
from tests.channel.reporting import (
    LEAVE,
    MAILBOX,
    STORY,
    hidden_fields,
    old_token,
    open_mailbox,
    parsed,
    send_and_copy,
    text_of,
)
from tests.factories import make_channel, make_incident, make_institution

pytestmark = pytest.mark.django_db

ANSWER = "An invented answer: are you safe now?"
MORE = "An invented second message."
PHOTO = b"\xff\xd8\xff\xe0 invented bytes"


def report_and_open(client: Client, founded: Founded | None = None, **said: object) -> str:
    receipt = send_and_copy(client, make_channel(founded), **said)
    assert open_mailbox(client, receipt).status_code == 200
    return receipt


def answer(founded: Founded, text: str = ANSWER) -> Message:
    report = Report.objects.get()
    holders = [founded.institution.key_pair, report.mailbox.key_pair]
    section = vault.keep_section({"text": text}, "message", holders)
    return Message.objects.create(report=report, section=section, from_reporter=False, sent_at=this_hour())


def write(client: Client, **said: object) -> object:
    return client.post(MAILBOX, {**hidden_fields(client.get(MAILBOX)), "action": "send", "text": MORE, **said})


def test_it_works(client: Client) -> None:
    founded = make_institution()
    receipt = send_and_copy(client, make_channel(founded))
    answer(founded)

    page = open_mailbox(Client(), receipt)

    assert ANSWER in page.content.decode()
    assert "Nobody has opened it yet" in text_of(page)
    assert Message.objects.get().read_at == this_hour()
    # What she reported is sealed to the institution only: her mailbox, found by somebody else, does not repeat it.
    assert STORY not in page.content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(client: Client, language: str) -> None:
    report_and_open(client)

    page = client.get(f"/{language}/report/mailbox/")

    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()


def test_the_status_is_said_in_words_with_what_it_means(client: Client) -> None:
    report_and_open(client)
    Report.objects.update(status="rejected", outcome="outside-mandate", acknowledged_at=this_hour())

    page = text_of(client.get(MAILBOX))

    assert "Not taken up. The institution does not take it up, and says why." in page
    assert "Outside the mandate: The institution may not act on it by law." in page
    assert "Acknowledged" in page


def test_a_message_with_a_file_is_sealed_to_the_institution_and_to_the_reporter(client: Client) -> None:
    founded = make_institution()
    report_and_open(client, founded)

    sent = write(client, files=SimpleUploadedFile("invented-photo.jpg", PHOTO))

    assert sent.status_code == 302
    message = Message.objects.get()
    file = message.files.get().file
    mailbox = Mailbox.objects.get()
    for section in (message.section, file.section):
        assert set(section.keys.values_list("holder", flat=True)) == {
            founded.institution.key_pair_id,
            mailbox.key_pair_id,
        }
    assert message.from_reporter
    assert vault.open_sections([message.section], founded.unlocked)[message.section_id] == {"text": MORE}
    assert read_facts(file, founded.unlocked).name == "invented-photo.jpg"
    assert b"".join(open_file(file, founded.unlocked)) == PHOTO
    page = text_of(client.get(MAILBOX))
    assert MORE in page
    assert "invented-photo.jpg" in page
    assert LogEntry.objects.filter(action="message-sent").count() == 1


def test_a_message_that_is_sent_twice_is_one(client: Client) -> None:
    report_and_open(client)
    form = {**hidden_fields(client.get(MAILBOX)), "action": "send", "text": MORE}

    assert [client.post(MAILBOX, form).status_code for _ in range(2)] == [302, 302]

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"text": "  "}, "Please write something, or add a file."),
        ({"text": "x" * (LONGEST_MESSAGE + 3)}, "This message is 3 characters too long"),
        ({"token": "invented"}, "open for too long"),
        ({"token": ""}, "open for too long"),
    ],
)
def test_a_message_that_cannot_be_sent_comes_back(client: Client, said: dict[str, str], told: str) -> None:
    report_and_open(client)

    page = write(client, **said)

    assert page.status_code == 422
    assert told in text_of(page)
    assert parsed(page).xpath("//textarea[@id='text']")[0].text.lstrip("\n") == said.get("text", MORE)
    assert not Message.objects.exists()


def test_a_message_on_a_page_of_yesterday_comes_back(client: Client) -> None:
    report_and_open(client)

    assert write(client, token=old_token()).status_code == 422


def test_after_half_an_hour_the_mailbox_is_closed_and_the_message_not_lost(client: Client) -> None:
    receipt = report_and_open(client)
    form = {**hidden_fields(client.get(MAILBOX)), "action": "send", "text": MORE}
    OpenMailbox.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    closed = client.post(MAILBOX, form)
    again = client.post(MAILBOX, {"action": "open", "receipt": receipt, "text": MORE})

    assert closed.status_code == 403
    assert "Your mailbox was closed after half an hour" in text_of(closed)
    assert MORE in closed.content.decode()
    assert "Your message was not sent yet" in text_of(again)
    assert MORE in again.content.decode()
    assert not Message.objects.exists()


def test_closing_closes_it(client: Client) -> None:
    report_and_open(client)

    client.post(MAILBOX, {"action": "close"})

    assert not OpenMailbox.objects.exists()
    assert "Your receipt" in text_of(client.get(MAILBOX))


def test_leaving_closes_it(client: Client) -> None:
    report_and_open(client)
    key = client.cookies[COOKIE].value

    client.get(LEAVE)

    client.cookies[COOKIE] = key
    assert "Your receipt" in text_of(client.get(MAILBOX))
    assert not OpenMailbox.objects.exists()


def test_consents_are_withdrawn_and_given_again_and_each_is_kept(client: Client) -> None:
    report_and_open(client, consents=["network", "public"])
    report = Report.objects.get()

    client.post(MAILBOX, {"action": "agree", "consents": ["network", "ganhri"]})
    assert current_consents(report) == {"network", "ganhri"}
    client.post(MAILBOX, {"action": "agree", "consents": ["public", "network", "ganhri"]})

    assert current_consents(report) == {"network", "ganhri", "public"}
    public = ConsentGiven.objects.filter(recipient="public").order_by("pk")
    assert [each.withdrawn_at is None for each in public] == [False, True]
    ticked = parsed(client.get(MAILBOX)).xpath("//input[@name='consents'][@checked]/@value")
    assert set(ticked) == {"network", "ganhri", "public"}
    actions = LogEntry.objects.order_by("number").values_list("action", flat=True)
    assert [each for each in actions if each.startswith("consent-")] == [
        "consent-given",
        "consent-withdrawn",
        "consent-given",
    ]


def test_a_consent_that_does_not_exist_is_not_kept(client: Client) -> None:
    report_and_open(client)

    client.post(MAILBOX, {"action": "agree", "consents": ["own-neighbour", "sca"]})

    assert not ConsentGiven.objects.exists()


def test_nothing_is_deleted_without_the_word(client: Client) -> None:
    report_and_open(client)

    page = client.post(MAILBOX, {"action": "delete", "confirmation": "yes"})

    assert page.status_code == 422
    assert "Nothing was deleted" in text_of(page)
    assert Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deleting_leaves_a_count_and_nothing_else(client: Client) -> None:
    founded = make_institution()
    bytes_before = {path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()}
    sections, key_pairs = Section.objects.count(), KeyPair.objects.count()
    receipt = report_and_open(
        client, founded, consents=["public"], files=SimpleUploadedFile("invented-photo.jpg", PHOTO)
    )
    write(client, files=SimpleUploadedFile("invented-second.jpg", PHOTO))
    answer(founded)

    page = client.post(MAILBOX, {"action": "delete", "confirmation": " Delete "})

    assert "It is deleted" in text_of(page)
    for model in (Report, Mailbox, OpenMailbox, Message, ReportFile, SealedFile, ConsentGiven, SectionKey):
        assert not model.objects.exists(), model
    assert (Section.objects.count(), KeyPair.objects.count()) == (sections, key_pairs)
    assert {path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()} == bytes_before
    assert open_mailbox(Client(), receipt).status_code == 422
    counted = DestroyedReports.objects.get()
    assert (counted.institution, counted.about, counted.status, counted.number) == (
        founded.institution,
        "defender",
        "new",
        1,
    )
    assert counted.month.day == 1


def test_of_a_report_that_became_a_case_the_case_stays_and_may_be_shared_with_nobody(client: Client) -> None:
    founded = make_institution()
    receipt = report_and_open(
        client, founded, consents=["public"], files=SimpleUploadedFile("invented-photo.jpg", PHOTO)
    )
    report = Report.objects.get()
    report.incident, report.status = make_incident(founded, name="Invented Person One"), "accepted"
    report.save()
    Evidence.objects.create(incident=report.incident, file=report.files.get().file, added_at=this_hour())
    write(client)
    assert "has made a case of your report" in text_of(client.get(MAILBOX))

    page = client.post(MAILBOX, {"action": "delete", "confirmation": "delete"})

    assert "stays sealed with the institution" in text_of(page)
    assert Incident.objects.count() == Report.objects.count() == SealedFile.objects.count() == 1
    assert not Mailbox.objects.exists()
    assert not Message.objects.exists()
    assert current_consents(report) == frozenset()
    assert ConsentGiven.objects.get().withdrawn_at is not None
    assert open_mailbox(Client(), receipt).status_code == 422


def test_a_closed_report_is_destroyed_on_its_day(client: Client) -> None:
    today = timezone.now().date()
    for day in (today, today + timedelta(days=1), None):
        send_and_copy(Client(), make_channel())
        Report.objects.filter(destroy_on=None, status="new").update(destroy_on=day, status="rejected")
    report_and_open(client)
    OpenMailbox.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    # A report and the open mailbox: drafts and tokens have their time.
    assert destroy_due() == 2

    assert Report.objects.count() == 3
    assert not OpenMailbox.objects.exists()
    assert destroy_due() == 0


def test_a_damaged_message_does_not_close_the_others(client: Client) -> None:
    founded = make_institution()
    report_and_open(client, founded)
    damaged, _ = answer(founded, "An invented first answer."), answer(founded)
    Section.objects.filter(pk=damaged.section_id).update(ciphertext=b"AS\x01" + bytes(300))

    page = client.get(MAILBOX)

    assert ANSWER in page.content.decode()
    assert "was damaged and does not open" in text_of(page)
