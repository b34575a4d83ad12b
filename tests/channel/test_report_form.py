"""Sending a report without a script."""

from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from amparo.channel.answers import LONGEST_TEXT, TEXTS
from amparo.channel.browser_key import receipt_for
from amparo.channel.form import FIELDS
from amparo.channel.models import Mailbox, Report
from amparo.channel.services import AlreadySent, NewReport, receive_report
from amparo.channel.tokens import make_token, read_token
from amparo.files.services import open_file, read_facts
from amparo.institutions.models import Institution
from amparo.institutions.services import found_institution
from amparo.vault import services as vault
from amparo.vault.keys import make_secret
from amparo.vault.models import LogEntry
from amparo.vocabularies.folding import fold
from tests.channel.reporting import (
    START,
    STORY,
    WRITE,
    begin,
    hidden_fields,
    old_token,
    parsed,
    read_receipt,
    send,
    text_of,
)
from tests.factories import make_channel, make_institution

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    founded = make_institution()
    channel = make_channel(founded)

    page = send(
        client,
        channel,
        victim_name="Invented Person One",
        acts=["threat", "raid"],
        country="COL",
        urgency="danger-now",
        naming="anonymous",
        consents=["network", "public"],
    )

    assert len(read_receipt(page)) == 16
    report = Report.objects.get()
    assert (report.about, report.language, report.urgency, report.naming) == (
        "defender",
        "en",
        "danger-now",
        "anonymous",
    )
    assert (report.status, report.sealed_by, report.institution) == ("new", "server", founded.institution)
    assert (report.received_at.minute, report.received_at.second) == (0, 0)
    assert {each.recipient for each in report.consents.all()} == {"network", "public"}
    assert vault.open_sections([report.section], founded.unlocked)[report.section_id] == {
        "what": STORY,
        "victim_name": "Invented Person One",
        "acts": ["threat", "raid"],
        "country": "COL",
    }
    assert LogEntry.objects.filter(action="report-received", record=f"report:{report.pk}").exists()


def test_a_member_of_an_nhri_documents_what_its_forms_of_reprisal_need(client: Client) -> None:
    founded = make_institution()
    said = {
        "nhri_forms": ["budget-cut", "undue-dismissal"],
        "budget_years": "2025, 2026",
        "budget_before": "900,000 invented crowns",
        "budget_after": "90,000 invented crowns",
        "procedure": "Article 12 of the invented law",
        "procedure_done": "A decree at night",
        "target": "nhri-chairperson",
        "function": "chairperson",
        "because_of_mandate": "yes",
        "because_of_cooperation": "no",
    }

    read_receipt(send(client, make_channel(founded), "nhri", consents=["sca"], **said))

    report = Report.objects.get()
    opened = vault.open_sections([report.section], founded.unlocked)[report.section_id]
    assert report.about == "nhri"
    assert [each.recipient for each in report.consents.all()] == ["sca"]
    assert opened == {"what": STORY, **said}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("about", ["defender", "nhri"])
def test_the_form_has_every_field_by_its_name_in_each_language(client: Client, language: str, about: str) -> None:
    code = make_channel().institution.code

    page = client.post(f"/{language}/report/write/", {"action": "begin", "about": about, "institution": code})

    document = parsed(page)
    names = {each.get("name") for each in document.xpath("//form[@id='report']//*[@name]")}
    left_out = {"because_of_mandate", "nhri_forms", "function"} | {name for name in TEXTS if "budget" in name}
    left_out |= {"procedure", "procedure_done"}
    if about == "nhri":
        left_out = {"because_of_work", "profiles"}
    assert names >= set(FIELDS) - left_out
    assert names.isdisjoint(left_out)
    assert [each.get("data-step") for each in document.xpath("//fieldset[@data-step]")] == [
        str(n) for n in range(1, 11)
    ]
    identifiers = [each.get("id") for each in document.xpath("//*[@id]")]
    assert len(identifiers) == len(set(identifiers))
    assert not document.xpath("//input[@name='consents'][@checked]")
    assert bool(document.xpath("//input[@value='sca']")) == (about == "nhri")
    assert b64decode(document.xpath("//form[@id='report']")[0].get("data-public-key")) == bytes(
        Institution.objects.get(code=code).key_pair.public_key
    )


def test_countries_stand_in_the_order_of_the_readers_language(client: Client) -> None:
    code = make_channel().institution.code

    page = client.post("/es/report/write/", {"action": "begin", "about": "defender", "institution": code})

    options = parsed(page).xpath("//select[@id='country']/option")
    labels = [each.text for each in options][1:]
    assert labels.index("Alemania") < labels.index("Argentina") < labels.index("Zimbabue")
    assert sorted(labels, key=fold) == labels


def test_receivers_are_shown_under_their_names_in_the_readers_language(client: Client) -> None:
    names = {"en": "Invented commission", "fr": "Commission inventée", "es": "", "ar": ""}
    founded = found_institution("invented-named", "nhri", names, country="XDM", invented=True)
    make_channel(founded)
    make_channel(make_institution("invented-second"))
    make_channel(make_institution("invented-closed"), is_open=False)

    french, spanish = client.get("/fr/report/"), client.get("/es/report/")

    assert "Commission inventée" in french.content.decode()
    assert "Invented commission" in spanish.content.decode()
    assert "invented-closed" not in french.content.decode()


def test_where_nobody_takes_reports_the_page_says_so(client: Client) -> None:
    page = client.get(START)

    assert page.status_code == 200
    assert "No institution takes reports here" in text_of(page)
    assert b'name="about"' not in page.content


def test_without_a_receiver_one_is_asked_for(client: Client) -> None:
    make_channel()

    page = client.post(WRITE, {"action": "begin", "about": "defender", "institution": "invented-nowhere"})

    assert page.status_code == 422
    assert "Please choose who receives your report" in text_of(page)


def test_what_happened_must_be_said_and_nothing_that_was_typed_is_lost(client: Client) -> None:
    page = send(
        client,
        make_channel(),
        what="  ",
        by_whom="Invented <b>guards</b>\r\n\r\nfrom the mine",
        acts=["raid"],
        country="COL",
        urgency="danger-soon",
        consents=["public"],
        files=SimpleUploadedFile("invented-photo.jpg", b"\xff\xd8\xff\xe0 invented bytes"),
    )

    document = parsed(page)
    assert page.status_code == 422
    assert "Please say in a few words what happened" in text_of(page)
    assert document.xpath("//*[@id='problems']//a[@href='#what']")
    assert document.xpath("//*[@id='what']")[0].get("aria-invalid") == "true"
    assert document.xpath("//*[@id='by_whom']")[0].text.strip("\n") == "Invented <b>guards</b>\n\nfrom the mine"
    assert document.xpath("//select[@id='country']/option[@selected]")[0].get("value") == "COL"
    checked = {each.get("value") for each in document.xpath("//input[@checked]")}
    assert checked == {"raid", "danger-soon", "public"}
    assert document.xpath("//details[@open]//input[@value='raid']")
    assert "invented-photo.jpg" in text_of(page)
    assert not Report.objects.exists()


def test_a_text_that_is_too_long_is_named_and_comes_back_whole(client: Client) -> None:
    long = "x" * (LONGEST_TEXT + 7)

    page = send(client, make_channel(), place=long)

    assert page.status_code == 422
    assert "Where: This text is 7 characters too long" in text_of(page)
    assert long in page.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"country": "NOWHERE"}, "Country"),
        ({"acts": ["killing", "<script>"]}, "Kinds of act"),
        ({"urgency": "very"}, "Danger"),
        ({"naming": "pseudonym"}, "You"),
        ({"still_going_on": "perhaps"}, "Still going on"),
        ({"consents": ["sca"]}, "Sharing"),
        ({"consents": ["own-neighbour"]}, "Sharing"),
    ],
)
def test_what_is_not_in_a_list_is_refused_by_name(client: Client, said: dict[str, object], named: str) -> None:
    page = send(client, make_channel(), **said)

    assert page.status_code == 422
    assert f"{named}: Please choose from the list" in text_of(page)
    assert b"<script>" not in page.content.replace(b"<script src", b"")
    assert not Report.objects.exists()


def test_files_are_sealed_to_the_institution(client: Client) -> None:
    founded = make_institution()
    photo = b"\xff\xd8\xff\xe0 invented bytes" * 9000

    read_receipt(send(client, make_channel(founded), files=SimpleUploadedFile("invented-photo.jpg", photo)))

    file = Report.objects.get().files.get().file
    assert read_facts(file, founded.unlocked).name == "invented-photo.jpg"
    assert b"".join(open_file(file, founded.unlocked)) == photo
    assert LogEntry.objects.get(action="file-received").facts["sha256"] == bytes(file.sealed_sha256).hex()


def test_more_files_than_the_institution_takes_are_refused_and_wait(client: Client) -> None:
    channel = make_channel(most_files=1)
    two = [SimpleUploadedFile(f"invented-{n}.jpg", b"\xff\xd8\xff\xe0 invented") for n in (1, 2)]

    refused = send(client, channel, files=two)

    assert refused.status_code == 422
    assert "Files: 1 file can be sent" in text_of(refused)
    assert not Report.objects.exists()

    first = parsed(refused).xpath("//button[starts-with(@value, 'remove:')]")[0].get("value")
    client.post(WRITE, {**hidden_fields(refused), "action": first, "what": STORY})
    read_receipt(client.post(WRITE, {**hidden_fields(refused), "action": "send", "what": STORY}))

    assert Report.objects.get().files.count() == 1


def test_a_file_that_is_too_large_is_refused_by_name(client: Client) -> None:
    page = send(
        client, make_channel(most_file_bytes=1000), files=SimpleUploadedFile("invented-film.jpg", b"\xff\xd8\xff" * 500)
    )

    assert page.status_code == 422
    assert "invented-film.jpg" in text_of(page)
    assert not Report.objects.exists()


def test_a_second_click_makes_one_report_and_shows_the_same_receipt(client: Client) -> None:
    sent = {**begin(client, make_channel()), "action": "send", "what": STORY}

    first, second = client.post(WRITE, sent), client.post(WRITE, sent)

    assert read_receipt(first) == read_receipt(second)
    assert Report.objects.count() == 1


def test_two_clicks_at_once_make_one_report() -> None:
    channel, key = make_channel(), make_secret()
    submission = read_token(make_token())
    receipt = receipt_for(key, submission)
    new = NewReport("defender", "en", answers={"what": STORY})

    first = receive_report(channel, new, submission=submission, receipt=receipt)
    second = receive_report(channel, new, submission=submission, receipt=receipt)

    assert first == second
    with pytest.raises(AlreadySent):
        receive_report(channel, new, submission=submission, receipt="0" * 16)
    assert Report.objects.count() == Mailbox.objects.count() == 1


def test_a_form_left_open_for_more_than_a_day_loses_nothing(client: Client) -> None:
    channel = make_channel()
    sent = {**begin(client, channel), "submission": old_token()}

    page = client.post(WRITE, {**sent, "action": "send", "what": STORY})

    assert page.status_code == 422
    assert "open for more than a day" in text_of(page)
    assert STORY in page.content.decode()
    read_receipt(client.post(WRITE, {**hidden_fields(page), "action": "send", "what": STORY}))


def test_a_channel_that_closes_meanwhile_loses_nothing(client: Client) -> None:
    closing, other = make_channel(), make_channel()
    sent = begin(client, closing)
    closing.is_open = False
    closing.save()

    refused = client.post(WRITE, {**sent, "action": "send", "what": STORY})
    page = client.post(WRITE, {"action": "begin", "about": "defender", "institution": other.institution.code})

    assert refused.status_code == 422
    assert STORY in page.content.decode()
    read_receipt(client.post(WRITE, {**hidden_fields(page), "action": "send", "what": STORY}))
    assert Report.objects.get().institution == other.institution


def test_who_gives_no_name_is_coded_as_anonymous(client: Client) -> None:
    channel = make_channel()

    send(client, channel)
    send(Client(), channel, name="Invented Person Two")

    assert sorted(Report.objects.values_list("naming", flat=True)) == ["anonymous", "confidential"]


def test_a_program_is_refused_by_name_and_the_rest_waits(client: Client) -> None:
    files = [
        SimpleUploadedFile("invented.exe", b"MZ invented"),
        SimpleUploadedFile("invented.jpg", b"\xff\xd8\xff\xe0 x"),
    ]

    page = send(client, make_channel(), files=files)

    assert page.status_code == 422
    assert "invented.exe: This is a program, and programs are not taken." in text_of(page)
    assert "invented.jpg" in [each.text for each in parsed(page).xpath("//ul[@class='waiting']//bdi")]


def test_a_kind_that_the_institution_does_not_take_is_refused(client: Client) -> None:
    page = send(
        client, make_channel(file_kinds=["pdf"]), files=SimpleUploadedFile("invented.jpg", b"\xff\xd8\xff\xe0 x")
    )

    assert page.status_code == 422
    assert "invented.jpg: Files of this kind are not taken here." in text_of(page)
