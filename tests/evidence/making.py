"""Evidence for tests. Every name and text in it is plainly invented."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Evidence, Incident
from amparo.files.models import SealedFile
from amparo.files.places import place_of
from amparo.files.receiving import SealedUpload
from amparo.files.services import keep_upload
from amparo.files.uploads import SealingUploadHandler
from amparo.institutions.models import this_hour
from amparo.institutions.services import Founded
from amparo.portal.demo.invented_reports import draw_photo
from tests.channel.triage.conftest import Desk
from tests.factories import make_incident

NAME = "inventada-prueba.jpg"
PHOTO = draw_photo("INVENTED")
SHOWS = "An invented photograph of an invented door."
FROM = "An invented telephone"
GIVER = "Invented Person Eleven"


def upload(content: bytes = PHOTO, name: str = NAME) -> SealedUpload:
    handler = SealingUploadHandler()
    handler.new_file("files", name, "image/jpeg", len(content))
    for start in range(0, len(content), 65536):
        handler.receive_data_chunk(content[start : start + 65536], start)
    return handler.file_complete(len(content))


def keep(founded: Founded, content: bytes = PHOTO, name: str = NAME) -> SealedFile:
    arrived = upload(content, name)
    try:
        return keep_upload(arrived, [founded.institution.key_pair])
    finally:
        arrived.discard()


def evidence_from_report(founded: Founded, content: bytes = PHOTO) -> Evidence:
    """A file that came with a report: nothing is said of it, and no chain of custody begun."""
    return Evidence.objects.create(incident=make_incident(founded), file=keep(founded, content), added_at=this_hour())


def add(
    desk: Desk,
    incident: Incident,
    *files: tuple[str, bytes],
    client: Client | None = None,
    headers: dict[str, str] | None = None,
    **said: str,
) -> HttpResponse:
    """The form "Add files", filled in and sent."""
    address = reverse("case-evidence-add", args=[incident.pk])
    token = said.pop("token", None) or desk.client.get(address).context["form"]["token"].value()
    sent = {"kind": "photograph", "shows": SHOWS, "came_from": FROM, "handed_over_by": GIVER, "token": token} | said
    given = [SimpleUploadedFile(name, content, "image/jpeg") for name, content in (files or [(NAME, PHOTO)])]
    return (client or desk.client).post(address, sent | {"files": given}, headers=headers)


def added(desk: Desk, incident: Incident | None = None, *files: tuple[str, bytes]) -> Evidence:
    """One piece of evidence, added by the form."""
    incident = incident or make_incident(desk.founded, name="Invented Person Twelve", narrative="An invented story.")
    before = set(incident.evidence.values_list("pk", flat=True))
    answer = add(desk, incident, *files)
    assert answer.status_code == 302, answer.content.decode()
    return incident.evidence.exclude(pk__in=before).get()


def place(evidence: Evidence) -> Path:
    return place_of(SealedFile.objects.get(pk=evidence.file_id))


def flip_a_bit(path: Path, at: int = -100) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def address(name: str, evidence: Evidence) -> str:
    return reverse(name, args=[evidence.incident_id, evidence.pk])
