"""Interventions on a case: noted, changed, removed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Incident, Intervention
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry, Section
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
NOTES = "Invented notes of a visit to the cell."


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def incident(founded: Founded) -> Incident:
    return make_incident(founded, name="Invented Person One")


@pytest.fixture
def desk(client: Client, founded: Founded) -> Client:
    sign_in(client, make_member(founded))
    return client


def said(**changed: str) -> dict[str, str]:
    return {
        "kind": "monitoring-visit",
        "by": "nhri",
        "date": "2020-06",
        "victim": "",
        "result": "pending",
        "notes": NOTES,
    } | changed


def test_it_works(desk: Client, incident: Incident) -> None:
    page = desk.get(reverse("intervention-add", args=[incident.pk])).content.decode()
    victim = incident.victims.get()

    answer = desk.post(reverse("intervention-add", args=[incident.pk]), said(victim=str(victim.pk)))

    assert "Invented Person One" in page
    assert answer.status_code == 302
    noted = Intervention.objects.get()
    assert (noted.kind, str(noted.date), noted.victim) == ("monitoring-visit", "2020-06", victim)
    assert NOTES in desk.get(reverse("case-response", args=[incident.pk])).content.decode()
    assert NOTES.encode() not in b"".join(bytes(each.ciphertext) for each in Section.objects.all())
    assert LogEntry.objects.filter(action="intervention-added", record=f"incident:{incident.pk}").count() == 1


def test_a_form_sent_twice_is_one_intervention(desk: Client, incident: Incident) -> None:
    for _ in range(2):
        desk.post(reverse("intervention-add", args=[incident.pk]), said())

    assert Intervention.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "unheard-of"}, "kind"),
        ({"date": "yesterday"}, "date"),
        ({"date": "2999"}, "date"),
        ({"victim": "999999"}, "victim"),
        ({"result": ""}, "result"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: Client, incident: Incident, wrong: dict[str, str], field: str
) -> None:
    answer = desk.post(reverse("intervention-add", args=[incident.pk]), said(**wrong))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert NOTES in answer.content.decode()
    assert not Intervention.objects.exists()


def test_changing_it_keeps_one_sealed_section(desk: Client, incident: Incident) -> None:
    desk.post(reverse("intervention-add", args=[incident.pk]), said())
    noted, sections = Intervention.objects.get(), Section.objects.count()

    desk.post(
        reverse("intervention-change", args=[incident.pk, noted.pk]), said(result="achieved", notes="Other notes.")
    )

    page = desk.get(reverse("case-response", args=[incident.pk])).content.decode()
    assert "Other notes." in page
    assert NOTES not in page
    assert Section.objects.count() == sections
    assert Intervention.objects.get().result == "achieved"


def test_removing_it_destroys_its_notes(desk: Client, incident: Incident) -> None:
    desk.post(reverse("intervention-add", args=[incident.pk]), said())
    noted, sections = Intervention.objects.get(), Section.objects.count()
    address = reverse("intervention-remove", args=[incident.pk, noted.pk])

    asked = desk.get(address)
    desk.post(address)
    twice = desk.post(address)

    assert asked.status_code == 200
    assert twice.status_code == 302
    assert not Intervention.objects.exists()
    assert Section.objects.count() == sections - 1


def test_with_closed_keys_notes_are_refused_and_kept_ones_stay(
    desk: Client, incident: Incident, founded: Founded
) -> None:
    desk.post(reverse("intervention-add", args=[incident.pk]), said())
    noted = Intervention.objects.get()
    del desk.cookies["amparo-key"]

    refused = desk.post(reverse("intervention-add", args=[incident.pk]), said(kind="mediation"))
    changed = desk.post(reverse("intervention-change", args=[incident.pk, noted.pk]), said(result="refused", notes=""))

    assert refused.status_code == 422
    assert changed.status_code == 302
    assert Intervention.objects.get().result == "refused"
    assert Intervention.objects.get().section_id == noted.section_id


def test_the_page_asks_as_often_for_many_as_for_few(desk: Client, incident: Incident) -> None:
    address = reverse("case-response", args=[incident.pk])
    desk.post(reverse("intervention-add", args=[incident.pk]), said())
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for number in range(20):
        desk.post(reverse("intervention-add", args=[incident.pk]), said(notes=f"Invented notes {number}."))

    with CaptureQueriesContext(connection) as many:
        desk.get(address)

    assert len(many) == len(few)


def test_analysts_read_that_it_was_done_and_add_nothing(client: Client, founded: Founded, incident: Incident) -> None:
    person: User = make_member(founded, role="analyst")
    sign_in(client, person)

    page = client.get(reverse("case-response", args=[incident.pk]))
    answer = client.post(reverse("intervention-add", args=[incident.pk]), said())

    assert page.status_code == 200
    assert reverse("intervention-add", args=[incident.pk]) not in page.content.decode()
    assert answer.status_code == 403
