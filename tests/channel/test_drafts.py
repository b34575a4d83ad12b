"""What is being written: kept for a day under the browser's key, offered again, gone afterwards."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from amparo.channel import drafts
from amparo.channel.browser_key import COOKIE
from amparo.channel.drafts import DraftReport
from amparo.channel.models import Draft, DraftFile, Report
from amparo.files.models import SealedFile
from amparo.vault.keys import make_secret
from amparo.vault.models import KeyPair, Section
from tests.channel.reporting import (
    LEAVE,
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
from tests.factories import make_channel

pytestmark = pytest.mark.django_db

PHOTO = b"\xff\xd8\xff\xe0 invented bytes"


def keep(client: Client, **said: object) -> dict[str, str]:
    sent = begin(client, make_channel())
    page = client.post(WRITE, {**sent, "action": "keep", **said})
    assert page.status_code == 200
    return hidden_fields(page)


def photo(name: str = "invented-photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PHOTO)


def sealed_files() -> list[Path]:
    return [path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()]


def test_it_works(client: Client) -> None:
    keep(client, what=STORY, acts=["raid"])

    back = client.get(WRITE)

    assert STORY in back.content.decode()
    assert parsed(back).xpath("//input[@value='raid']/@checked")
    assert "You have begun a report in this browser" in text_of(client.get(START))


def test_another_browser_finds_nothing(client: Client) -> None:
    keep(client, what=STORY)

    other = Client()

    assert other.get(WRITE).status_code == 302
    other.cookies[COOKIE] = "00" * 32
    assert other.get(WRITE).status_code == 302
    assert "You have begun" not in text_of(other.get(START))


def test_a_kept_draft_and_its_files_can_be_sent(client: Client) -> None:
    form = keep(client, what=STORY, files=photo())
    assert "invented-photo.jpg" in text_of(client.get(WRITE))

    read_receipt(client.post(WRITE, {**form, "action": "send", "what": STORY}))

    report = Report.objects.get()
    file = report.files.get().file
    assert set(file.section.keys.values_list("holder", flat=True)) == {report.institution.key_pair_id}
    assert not DraftFile.objects.exists()
    assert KeyPair.objects.filter(draft__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_file_that_waits_can_be_removed(client: Client) -> None:
    before = len(sealed_files())
    form = keep(client, what=STORY, files=[photo("invented-1.jpg"), photo("invented-2.jpg")])
    first, second = DraftFile.objects.all()

    page = client.post(WRITE, {**form, "action": f"remove:{first.file_id}", "what": STORY + " More."})

    assert "invented-1.jpg" not in text_of(page)
    assert "invented-2.jpg" in text_of(page)
    assert STORY + " More." in page.content.decode()
    assert list(SealedFile.objects.values_list("pk", flat=True)) == [second.file_id]
    assert len(sealed_files()) == before + 1


def test_a_file_of_another_draft_is_not_removed(client: Client) -> None:
    keep(Client(), what=STORY, files=photo())
    form = keep(client, what=STORY)

    for guessed in (DraftFile.objects.get().file_id, "no-identifier", "../../keys/log.key"):
        client.post(WRITE, {**form, "action": f"remove:{guessed}", "what": STORY})

    assert SealedFile.objects.count() == 1


def test_the_language_can_be_changed_while_writing(client: Client) -> None:
    form = keep(client, what=STORY)

    page = client.post(WRITE, {**form, "action": "language:ar", "what": STORY + " More."}, follow=True)

    assert page.redirect_chain == [("/ar/report/write/", 302)]
    assert STORY + " More." in page.content.decode()
    assert 'dir="rtl"' in page.content.decode()


def test_a_language_that_is_none_leads_nowhere(client: Client) -> None:
    form = keep(client, what=STORY)

    page = client.post(WRITE, {**form, "action": "language://invented.example", "what": STORY})

    assert page.status_code == 200
    assert STORY in page.content.decode()


def test_another_receiver_can_be_chosen_while_writing(client: Client) -> None:
    keep(client, what=STORY, files=photo())
    other = make_channel()

    page = client.post(WRITE, {"action": "begin", "about": "nhri", "institution": other.institution.code})
    assert STORY in page.content.decode()
    read_receipt(client.post(WRITE, {**hidden_fields(page), "action": "send", "what": STORY}))

    report = Report.objects.get()
    assert (report.institution, report.about, report.files.count()) == (other.institution, "nhri", 1)


@pytest.mark.django_db(transaction=True)
def test_throwing_away_leaves_nothing(client: Client) -> None:
    before = len(sealed_files())
    form = keep(client, what=STORY, files=photo())

    page = client.post(WRITE, {**form, "action": "forget", "what": STORY}, follow=True)

    assert page.redirect_chain == [(START, 302)]
    assert not Draft.objects.exists()
    assert not SealedFile.objects.exists()
    assert not Section.objects.filter(kind="file").exists()
    assert len(sealed_files()) == before


@pytest.mark.django_db(transaction=True)
def test_after_a_day_a_draft_is_not_shown_and_then_destroyed(client: Client) -> None:
    before = len(sealed_files())
    keep(client, what=STORY, files=photo())
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(WRITE).status_code == 302
    assert drafts.drop_old_drafts() == 1

    assert not SealedFile.objects.exists()
    assert len(sealed_files()) == before
    assert KeyPair.objects.count() == 2  # of the institution, and of its recovery


def test_a_sent_report_leaves_no_draft_but_its_receipt_can_be_found_again(client: Client) -> None:
    receipt = read_receipt(send(client, make_channel()))

    assert "Show its receipt" in text_of(client.get(START))
    assert read_receipt(client.get(WRITE)) == receipt
    assert Draft.objects.get().expires_at <= timezone.now() + timedelta(hours=2)

    client.post(WRITE, {"action": "forget"})
    assert client.get(WRITE).status_code == 302
    assert not Draft.objects.exists()


def test_a_second_report_from_the_same_browser_is_another(client: Client) -> None:
    channel = make_channel()

    receipts = {read_receipt(send(client, channel)) for _ in range(2)}

    assert len(receipts) == Report.objects.count() == 2


def test_leaving_forgets_the_draft_and_the_key(client: Client) -> None:
    keep(client, what=STORY, files=photo())

    away = client.get(LEAVE)

    assert away["Location"] == settings.QUICK_EXIT
    assert away.cookies[COOKIE].value == ""
    assert "cookies" in away["Clear-Site-Data"]
    assert not Draft.objects.exists()
    assert not SealedFile.objects.exists()


def test_files_of_drafts_do_not_fill_the_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_WAITING_BYTES", 100)
    form = keep(client, what=STORY, files=photo())

    page = client.post(WRITE, {**form, "action": "keep", "what": STORY + " More.", "files": photo("invented-2.jpg")})

    assert "What you wrote is kept, but not the files" in text_of(page)
    assert STORY + " More." in client.get(WRITE).content.decode()
    assert DraftFile.objects.count() == 1


def test_what_another_version_kept_is_passed_over(client: Client) -> None:
    keep(client, what=STORY)
    Draft.objects.update(sealed=b"AS\x09 of a later version")

    assert client.get(WRITE).status_code == 302
    keep(client, what="An invented second story.")
    assert "An invented second story." in client.get(WRITE).content.decode()


def test_the_end_of_a_draft_does_not_tell_when_it_was_kept(client: Client) -> None:
    keep(client, what=STORY)

    ends = Draft.objects.get().expires_at

    assert (ends.minute, ends.second, ends.microsecond) == (0, 0, 0)
    assert timedelta(hours=24) <= ends - timezone.now() + timedelta(seconds=60) <= timedelta(hours=25, minutes=2)


def test_the_receipt_is_found_again_although_the_form_grew_old_meanwhile(client: Client) -> None:
    code = make_channel().institution.code
    key = make_secret()
    drafts.note_sent(DraftReport(old_token(), "defender", code), key)
    client.cookies[COOKIE] = key.hex()

    page = client.get(WRITE)

    assert len(read_receipt(page)) == 16
