"""The evidence of a case: shown to who holds the key, each opening in the log, nothing for others."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.cases.models import Evidence
from amparo.files.models import SealedFile
from amparo.files.services import keep_upload
from amparo.files.uploads import SealingUploadHandler
from amparo.institutions.services import Founded
from amparo.portal.demo.invented_reports import draw_photo
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import sign_in
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db

NAME = "inventada-prueba.jpg"
PHOTO = draw_photo("INVENTED")


def keep_photo(founded: Founded) -> SealedFile:
    handler = SealingUploadHandler()
    handler.new_file("files", NAME, "image/jpeg", len(PHOTO))
    handler.receive_data_chunk(PHOTO, 0)
    upload = handler.file_complete(len(PHOTO))
    try:
        return keep_upload(upload, [founded.institution.key_pair])
    finally:
        handler.discard()


def make_evidence(founded: Founded) -> Evidence:
    incident = make_incident(founded)
    return Evidence.objects.create(incident=incident, file=keep_photo(founded), added_at=incident.created_at)


def places(evidence: Evidence) -> list[str]:
    given = [evidence.incident_id, evidence.pk]
    return [reverse("case-evidence-copy", args=given), reverse("case-evidence-original", args=given)]


def test_it_works(client: Client) -> None:
    founded = make_institution()
    evidence = make_evidence(founded)
    member = make_member(founded)
    sign_in(client, member)

    page = client.get(reverse("case", args=[evidence.incident_id])).content.decode()
    original = client.post(places(evidence)[1])

    assert NAME in page
    assert b"".join(original.streaming_content) == PHOTO
    entry = LogEntry.objects.get(action="file-opened")
    assert (entry.actor, entry.record, entry.facts["which"]) == (
        member.pk,
        f"incident:{evidence.incident_id}",
        "original",
    )


def test_the_copy_is_clean(client: Client) -> None:
    founded = make_institution()
    evidence = make_evidence(founded)
    sign_in(client, make_member(founded))

    copy = client.get(places(evidence)[0])

    assert b"Invented Camera" not in b"".join(copy.streaming_content)


def test_without_the_keys_not_even_its_name_shows(client: Client) -> None:
    founded = make_institution()
    evidence = make_evidence(founded)
    sign_in(client, make_member(founded), with_keys=False)

    page = client.get(reverse("case", args=[evidence.incident_id])).content.decode()
    told = client.post(places(evidence)[1], follow=True).content.decode()

    assert NAME not in page
    assert "your keys are closed" in told


def test_another_institution_gets_nothing(client: Client) -> None:
    evidence = make_evidence(make_institution())
    sign_in(client, make_member(make_institution()))

    copy, original = places(evidence)

    assert client.get(copy).status_code == 404
    assert client.post(original).status_code == 404


def test_evidence_of_another_case_is_not_found_under_this_one(client: Client) -> None:
    founded = make_institution()
    evidence, other = make_evidence(founded), make_incident(founded)
    sign_in(client, make_member(founded))

    assert client.get(reverse("case-evidence-copy", args=[other.pk, evidence.pk])).status_code == 404
