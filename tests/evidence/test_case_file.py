"""The Word case file: read back, with and without what is sealed, for oneself and for others."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from amparo.vault import services as vault
from amparo.vault.agreeing import today
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.evidence.making import SHOWS, added
from tests.factories import make_incident, make_institution

pytestmark = pytest.mark.django_db
PERSON, STORY = "Invented Person Twelve", "An invented story."


def ask(desk: Desk, incident: object, language: str = "en", **said: str) -> object:
    address = reverse("case-file", args=[incident.pk]).replace("/en/", f"/{language}/", 1)
    return desk.client.post(address, said)


def words(answer: object) -> str:
    assert answer.status_code == 200, answer.content
    return "\n".join(each.text for each in Document(BytesIO(answer.content)).paragraphs)


def test_it_works(desk: Desk) -> None:
    evidence = added(desk)

    answer = ask(desk, evidence.incident, sealed="on")

    told = words(answer)
    for each in (PERSON, STORY, SHOWS, "Colombia", f"Case {evidence.incident_id}"):
        assert each in told
    section = Document(BytesIO(answer.content)).sections[0]
    assert "Confidential" in section.header.paragraphs[0].text
    assert LogEntry.objects.get(action="case-file-exported").facts["sections"] > 0


def test_without_the_sealed_parts_nobody_is_named(desk: Desk) -> None:
    told = words(ask(desk, added(desk).incident))

    assert "Colombia" in told
    for each in (PERSON, STORY, SHOWS):
        assert each not in told


def test_in_arabic_it_runs_from_right_to_left(desk: Desk) -> None:
    document = Document(BytesIO(ask(desk, added(desk).incident, "ar", sealed="on").content))

    assert document.paragraphs
    for paragraph in document.paragraphs:
        assert paragraph._p.pPr.find(qn("w:bidi")) is not None
        assert all(run.font.rtl for run in paragraph.runs)
    assert "كولومبيا" in "\n".join(each.text for each in document.paragraphs)


def test_its_properties_name_nobody(desk: Desk) -> None:
    said = Document(BytesIO(ask(desk, added(desk).incident, sealed="on").content)).core_properties

    assert (said.author, said.last_modified_by, said.comments, said.title) == ("", "", "", "")
    assert said.created.minute == 0


def test_for_a_recipient_only_what_was_agreed(desk: Desk) -> None:
    incident = added(desk).incident
    vault.give_consent([incident.section], "public", "publication-with-name", "in-person", "en", today())

    told = words(ask(desk, incident, sealed="on", recipient="public", purpose="publication-with-name"))

    assert STORY in told
    assert PERSON not in told
    assert "What is sealed here is not in this copy." in told


def test_control_characters_and_other_scripts_do_no_harm(desk: Desk) -> None:
    incident = make_incident(desk.founded, name="Invented \x0b\x00 شخص \U0001f60a \u202e", narrative="One\n\x07two")

    told = words(ask(desk, incident, sealed="on"))

    assert "شخص" in told
    assert "\U0001f60a" in told


def test_who_has_no_keys_gets_no_sealed_part(desk: Desk) -> None:
    incident = added(desk).incident
    analyst, stranger = make_desk(desk.founded, role="analyst"), make_desk(make_institution())

    assert PERSON not in words(ask(analyst, incident, sealed="on"))
    assert ask(stranger, incident).status_code == 404
    close_keys(desk)
    assert ask(desk, incident, sealed="on").status_code == 422
