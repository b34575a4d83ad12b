"""What comes sealed from a browser is read as strictly as any input; nothing is kept of what is wrong."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from amparo.channel.models import Channel, Draft, Report
from amparo.channel.sealed_in_browser import LONGEST_DRAFT, LONGEST_REPORT
from amparo.files.models import SealedFile
from amparo.files.services import open_file
from amparo.vault import seal
from amparo.vault import services as vault
from amparo.vault.files import seal_stream
from amparo.vault.keys import make_secret
from amparo.vault.models import LogEntry, Section
from tests.channel.reporting import STORY, WRITE, begin, old_token, read_receipt, text_of
from tests.factories import make_channel, make_institution

pytestmark = pytest.mark.django_db

SEALED, DRAFT = "/en/report/sealed/", "/en/report/draft/"
PHOTO = b"\xff\xd8\xff invented " * 90


def key_of(channel: Channel) -> bytes:
    return bytes(channel.institution.key_pair.public_key)


def as_text(content: bytes) -> str:
    return b64encode(content).decode()


def sealed_fields(name: str, fields: dict[str, object], kind: str, public_key: bytes, **known: Any) -> dict[str, str]:
    """A section as the bundle sends it."""
    section, data_key = known.get("section") or uuid4(), known.get("data_key") or make_secret()
    return {
        f"{name}_id": str(section),
        f"{name}_sealed": as_text(seal.encrypt_fields(fields, data_key, section, kind)),
        f"{name}_keys": as_text(seal.wrap_data_key(data_key, section, public_key)),
    }


def sealed_report(client: Client, channel: Channel, **fields: object) -> dict[str, Any]:
    """A report as the bundle sends it, on a form that was begun."""
    return {
        **begin(client, channel),
        "sealed_to": as_text(key_of(channel)),
        "urgency": "danger-now",
        **sealed_fields("report", {"what": STORY} | fields, "report", key_of(channel)),
    }


def with_file(sent: dict[str, Any], channel: Channel, content: bytes = PHOTO) -> dict[str, Any]:
    """That report with one sealed file."""
    file, data_key = uuid4(), make_secret()
    facts = {"name": "invented.jpg", "kind": "", "length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    sealed = b"".join(seal_stream([content], data_key, file))
    return {
        **sent,
        **sealed_fields("file", facts, "file", key_of(channel), section=file, data_key=data_key),
        "sealed_files": SimpleUploadedFile("sealed", sealed),
    }


def answer_of(response: HttpResponse) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(response.content)
    return answer


def test_it_works(client: Client) -> None:
    founded = make_institution()
    channel = make_channel(founded)

    response = client.post(SEALED, with_file(sealed_report(client, channel, acts=["killing"]), channel))

    assert answer_of(response) == {"next": WRITE}
    receipt = read_receipt(client.get(WRITE))
    assert len(receipt) == 16
    report = Report.objects.get()
    assert (report.sealed_by, report.urgency, report.naming, report.about) == (
        "browser",
        "danger-now",
        "confidential",
        "defender",
    )
    opened = vault.open_sections([report.section], founded.unlocked)
    assert opened[report.section_id] == {"what": STORY, "acts": ["killing"]}
    assert b"".join(open_file(report.files.get().file, founded.unlocked)) == PHOTO
    received = LogEntry.objects.get(action="file-received")
    assert received.facts["sha256"] == bytes(SealedFile.objects.get().sealed_sha256).hex()


def test_sent_again_it_is_one_report_with_the_same_receipt(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)
    client.post(SEALED, sent)
    receipt = read_receipt(client.get(WRITE))

    again = client.post(SEALED, sent)
    sealed_anew = client.post(SEALED, {**sent, **sealed_fields("report", {"what": "x"}, "report", key_of(channel))})

    assert again.status_code == sealed_anew.status_code == 200
    assert read_receipt(client.get(WRITE)) == receipt
    assert Report.objects.count() == Section.objects.filter(kind="report").count() == 1


def test_from_another_browser_the_same_form_makes_no_report_and_shows_no_receipt(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)
    client.post(SEALED, sent)
    other = Client()
    begin(other, channel)

    response = other.post(SEALED, sent)

    assert (response.status_code, answer_of(response)["problem"]) == (409, "already-sent")
    assert "next" not in answer_of(response)


def test_files_that_waited_since_a_time_without_scripts_go_with_it(client: Client) -> None:
    founded = make_institution()
    channel = make_channel(founded)
    form = begin(client, channel)
    upload = SimpleUploadedFile("waiting.txt", b"Invented words.", content_type="text/plain")
    client.post(WRITE, {**form, "action": "keep", "what": STORY, "files": upload})

    client.post(SEALED, {**sealed_report(client, channel), "submission": form["submission"]})

    kept = Report.objects.get().files.get().file
    assert b"".join(open_file(kept, founded.unlocked)) == b"Invented words."


def _flip(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


def _short(text: str) -> str:
    return text[:-8]


WRONG: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "no section": lambda sent: {name: value for name, value in sent.items() if not name.startswith("report_")},
    "two sections": lambda sent: {**sent, "report_id": [sent["report_id"]] * 2},
    "no identifier": lambda sent: {**sent, "report_id": "invented"},
    "an identifier of another form": lambda sent: {**sent, "report_id": "{" + sent["report_id"] + "}"},
    "an identifier in capitals": lambda sent: {**sent, "report_id": "A" + sent["report_id"].upper()[1:]},
    "an identifier that is not random": lambda sent: {**sent, "report_id": str(UUID(int=7))},
    "no Base64": lambda sent: {**sent, "report_sealed": "invented!"},
    "Base64 of another alphabet": lambda sent: {**sent, "report_sealed": "-_" + sent["report_sealed"]},
    "letters that are none": lambda sent: {**sent, "report_sealed": "é" + sent["report_sealed"]},
    "another format": lambda sent: {**sent, "report_sealed": _flip(sent["report_sealed"])},
    "not padded": lambda sent: {**sent, "report_sealed": _short(sent["report_sealed"])},
    "a short key": lambda sent: {**sent, "report_keys": _short(sent["report_keys"])},
    "a key of another format": lambda sent: {**sent, "report_keys": "B" + sent["report_keys"][1:]},
    "two keys": lambda sent: {**sent, "report_keys": sent["report_keys"] + "." + sent["report_keys"]},
    "no key": lambda sent: {**sent, "report_keys": ""},
    "urgency": lambda sent: {**sent, "urgency": "invented"},
    "naming": lambda sent: {**sent, "naming": "invented"},
    "consents": lambda sent: {**sent, "consents": ["invented"]},
    "consent to itself": lambda sent: {**sent, "consents": ["nhri"]},
    "about": lambda sent: {**sent, "about": "invented"},
    "a file without facts": lambda sent: {**sent, "sealed_files": SimpleUploadedFile("sealed", b"AF\x01")},
    "facts without a file": lambda sent: {
        **sent,
        **{name.replace("report", "file"): value for name, value in sent.items() if name.startswith("report_")},
    },
    "too much": lambda sent: {**sent, "report_sealed": as_text(bytes(LONGEST_REPORT + 1))},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_with_words_and_leaves_nothing(client: Client, what: str) -> None:
    channel = make_channel()

    response = client.post(SEALED, WRONG[what](sealed_report(client, channel)))

    assert (response.status_code, answer_of(response)["problem"]) == (422, "not-as-sealed")
    assert "Nothing is lost" in answer_of(response)["words"]
    assert not Report.objects.exists()
    assert not Section.objects.filter(kind__in=("report", "file")).exists()


def _other_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("sealed", content)


@pytest.mark.parametrize(
    "content", [b"", PHOTO, b"AF\x01", b"AF\x01" + bytes(16 + 100), b"AF\x02" + bytes(16 + 256 + 16)], ids=range(5)
)
def test_a_file_that_is_not_sealed_is_refused_and_not_kept(client: Client, content: bytes) -> None:
    channel = make_channel()
    sent = {**with_file(sealed_report(client, channel), channel), "sealed_files": _other_file(content)}
    before = files_on_disk()

    response = client.post(SEALED, sent)

    assert (response.status_code, answer_of(response)["problem"]) == (422, "file-refused")
    assert answer_of(response)["words"]
    assert not Report.objects.exists()
    assert not SealedFile.objects.exists()
    assert files_on_disk() == before


def files_on_disk() -> set[Path]:
    """Tests before this one may have left some: their transactions were rolled back, which removes no bytes."""
    return {each for each in (settings.DATA_DIR / "files").rglob("*") if each.is_file()}


def test_a_file_beyond_the_limit_of_the_institution_is_refused(client: Client) -> None:
    channel = make_channel(most_file_bytes=1000)

    response = client.post(SEALED, with_file(sealed_report(client, channel), channel, bytes(1400)))

    assert answer_of(response)["problem"] == "file-too-large"
    assert not Report.objects.exists()


def test_more_files_than_are_taken_are_refused(client: Client) -> None:
    channel = make_channel(most_files=0)

    response = client.post(SEALED, with_file(sealed_report(client, channel), channel))

    assert answer_of(response)["problem"] == "too-many-files"
    assert not Report.objects.exists()


def test_one_identifier_for_two_things_makes_no_report(client: Client) -> None:
    channel = make_channel()
    sent = with_file(sealed_report(client, channel), channel)
    before = files_on_disk()

    response = client.post(SEALED, {**sent, "file_id": sent["report_id"]})

    assert response.status_code == 409
    assert not Report.objects.exists()
    assert files_on_disk() == before


def test_bytes_that_another_report_has_already_make_no_second_one(client: Client) -> None:
    channel = make_channel()
    first = sealed_report(client, channel)
    client.post(SEALED, first)
    other = Client()
    copied = {
        **begin(other, channel),
        **{name: first[name] for name in first if name.startswith(("report_", "sealed_"))},
    }

    response = other.post(SEALED, copied)

    assert answer_of(response)["problem"] == "already-sent"
    assert Report.objects.count() == 1


def test_who_sealed_to_a_key_that_is_gone_gets_the_new_one(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)
    channel.institution.key_pair = vault.make_institutional_key_pair()[0]
    channel.institution.save()

    response = client.post(SEALED, sent)

    assert answer_of(response)["problem"] == "key-changed"
    assert answer_of(response)["public_key"] == as_text(key_of(channel))
    assert not Report.objects.exists()


def test_a_form_of_yesterday_gets_a_new_token(client: Client) -> None:
    channel = make_channel()
    sent = {**sealed_report(client, channel), "submission": old_token()}

    response = client.post(SEALED, sent)
    fresh = answer_of(response)["fields"]["submission"]

    assert answer_of(response)["problem"] == "form-too-old"
    assert client.post(SEALED, {**sent, "submission": fresh}).status_code == 200


def test_without_the_browsers_key_nothing_is_taken(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)

    response = Client().post(SEALED, sent)

    assert answer_of(response)["problem"] == "no-cookie"
    assert not Report.objects.exists()


def test_an_institution_that_closed_meanwhile_takes_nothing(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)
    Channel.objects.update(is_open=False)

    assert answer_of(client.post(SEALED, sent))["problem"] == "no-receiver"
    assert not Report.objects.exists()


def test_cross_site_requests_and_other_methods_are_refused(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)

    for address in (SEALED, DRAFT):
        assert strict.post(address, {"submission": "x"}).status_code == 403
        assert client.get(address).status_code == 405


def test_a_draft_is_kept_as_it_came_and_given_back_to_that_browser_only(client: Client) -> None:
    channel = make_channel()
    form = begin(client, channel)
    sealed = as_text(seal.encrypt_fields({"said": {"what": [STORY]}}, make_secret(), UUID(int=0), "draft"))

    response = client.post(DRAFT, {**form, "draft": sealed})

    assert answer_of(response) == {"kept": True}
    assert f'data-draft="{sealed}"' in client.get(WRITE).content.decode()
    assert STORY not in text_of(client.get(WRITE))
    assert Client().get(WRITE).status_code == 302
    assert sealed.encode() not in bytes(Draft.objects.get().sealed)


@pytest.mark.parametrize("draft", ["", "invented!", as_text(b"AK\x01" + bytes(300)), as_text(bytes(LONGEST_DRAFT + 1))])
def test_a_draft_that_is_not_sealed_is_not_kept(client: Client, draft: str) -> None:
    form = begin(client, make_channel())

    response = client.post(DRAFT, {**form, "draft": draft})

    assert answer_of(response)["problem"] == "not-as-sealed"
    assert not Draft.objects.exists()


def test_a_draft_that_comes_late_does_not_take_the_receipt_away(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)
    client.post(SEALED, sent)
    receipt = read_receipt(client.get(WRITE))

    late = as_text(seal.encrypt_fields({}, make_secret(), UUID(int=0), "draft"))
    client.post(DRAFT, {**{name: sent[name] for name in ("submission", "about", "institution")}, "draft": late})

    assert read_receipt(client.get(WRITE)) == receipt


def test_what_is_sent_in_clear_later_takes_the_place_of_a_sealed_draft(client: Client) -> None:
    form = begin(client, make_channel())
    sealed = as_text(seal.encrypt_fields({}, make_secret(), UUID(int=0), "draft"))
    client.post(DRAFT, {**form, "draft": sealed})

    client.post(WRITE, {**form, "action": "keep", "what": STORY})

    page = client.get(WRITE).content.decode()
    assert STORY in page
    assert 'data-draft=""' in page


def test_answers_weigh_the_same_whatever_they_say(client: Client) -> None:
    channel = make_channel()
    sent = sealed_report(client, channel)

    answers = [client.post(SEALED, {**sent, "about": "invented"}), client.post(SEALED, sent), client.post(DRAFT, {})]

    assert {len(each.content) for each in answers} == {64 * 1024}
    assert all("no-store" in each["Cache-Control"] for each in answers)
