"""The files of a report: the clean copy is shown, the original given after a warning, each opening in the log."""

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from amparo.channel.models import Report, ReportFile
from amparo.files.models import SealedFile
from amparo.files.services import keep_upload
from amparo.files.uploads import SealingUploadHandler
from amparo.portal.demo.invented_reports import draw_photo
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_institution, make_report

pytestmark = pytest.mark.django_db

NAME = "inventada-ejemplo-foto.jpg"
PHOTO = draw_photo("INVENTED")
GPS = 0x8825


def add_file(report: Report, content: bytes = PHOTO, name: str = NAME) -> SealedFile:
    handler = SealingUploadHandler()
    handler.new_file("files", name, "image/jpeg", len(content))
    handler.receive_data_chunk(content, 0)
    upload = handler.file_complete(len(content))
    try:
        file = keep_upload(upload, [report.institution.key_pair])
    finally:
        handler.discard()
    ReportFile.objects.create(report=report, file=file)
    return file


def address(name: str, report: Report, file: SealedFile) -> str:
    return reverse(name, args=[report.pk, file.pk])


def test_it_works(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)

    listed = desk.client.get(reverse("inbox-report", args=[report.pk])).content.decode()
    page = desk.client.get(address("inbox-file", report, file)).content.decode()

    assert NAME in listed
    assert "Photo (JPEG)" in listed
    assert "The original can tell where" in page
    assert address("inbox-file-copy", report, file) in page
    assert address("inbox-file-preview", report, file) in page
    preview = desk.client.get(address("inbox-file-preview", report, file))
    assert preview["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(preview.content)).size[0] > 0
    assert not Image.open(BytesIO(preview.content)).getexif()


def test_the_copy_is_clean_and_the_original_is_as_it_came(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)

    copy = desk.client.get(address("inbox-file-copy", report, file))
    original = desk.client.post(address("inbox-file-original", report, file))

    copied = b"".join(copy.streaming_content)
    assert not Image.open(BytesIO(copied)).getexif().get_ifd(GPS)
    assert b"Invented Camera" not in copied
    assert copy["Content-Disposition"].startswith("attachment")
    assert b"".join(original.streaming_content) == PHOTO
    assert original["Content-Disposition"].startswith("attachment")


def test_the_copy_is_made_once(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)

    for _ in range(2):
        assert desk.client.get(address("inbox-file-copy", report, file)).status_code == 200

    assert SealedFile.objects.filter(original=file).count() == 1


def test_answers_are_kept_nowhere_and_name_nobody(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)

    for answer in (
        desk.client.get(address("inbox-file-copy", report, file)),
        desk.client.post(address("inbox-file-original", report, file)),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "inventada" not in answer["Content-Disposition"]
        assert "sandbox" in answer["Content-Security-Policy"]


def test_each_opening_is_in_the_log(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)

    desk.client.get(address("inbox-file-copy", report, file))
    desk.client.post(address("inbox-file-original", report, file))

    opened = LogEntry.objects.filter(action="file-opened", record=f"report:{report.pk}").order_by("number")
    assert [(each.actor, each.facts["which"]) for each in opened] == [
        (desk.user.pk, "copy"),
        (desk.user.pk, "original"),
    ]


def test_the_original_is_not_given_by_a_link(desk: Desk) -> None:
    report = make_report(desk.founded)

    assert desk.client.get(address("inbox-file-original", report, add_file(report))).status_code == 405


def test_with_closed_keys_its_name_is_closed_too(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)
    close_keys(desk)

    page = desk.client.get(address("inbox-file", report, file)).content.decode()

    assert NAME not in page
    assert "sign in again" in page
    assert desk.client.get(address("inbox-file-copy", report, file)).status_code == 404


def test_another_institution_gets_nothing(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report)
    other = make_desk(make_institution())

    assert other.client.get(address("inbox-file", report, file)).status_code == 404
    assert other.client.get(address("inbox-file-copy", report, file)).status_code == 404
    assert other.client.post(address("inbox-file-original", report, file)).status_code == 404


def test_a_file_of_another_report_is_not_found_under_this_one(desk: Desk) -> None:
    mine, other = make_report(desk.founded), make_report(make_institution())

    assert desk.client.get(address("inbox-file-copy", mine, add_file(other))).status_code == 404


def test_a_kind_that_cannot_be_cleaned_says_so(desk: Desk) -> None:
    report = make_report(desk.founded)
    file = add_file(report, b"#!AMR\n" + b"\x3c" * 64, "invented.amr")

    page = desk.client.get(address("inbox-file", report, file)).content.decode()
    told = desk.client.get(address("inbox-file-copy", report, file), follow=True).content.decode()

    assert "No clean copy" in page
    assert "No clean copy" in told
    assert desk.client.get(address("inbox-file-preview", report, file)).status_code == 404
