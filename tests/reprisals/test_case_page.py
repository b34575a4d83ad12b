"""The page "Reprisal" of a case: what it shows to whom, and how its parts are added, changed and removed."""

from secrets import token_hex

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Incident
from amparo.reprisals.models import Cooperation, DocumentedForm, NhriProfile, Reprisal
from amparo.vault.models import LogEntry, Section
from tests.channel.triage.conftest import Desk, close_keys, make_desk
from tests.factories import make_incident
from tests.reprisals.documenting import CUT, SECRET_TEXT, document, make_profile, record

pytestmark = pytest.mark.django_db


def page(desk: Desk, incident: Incident, name: str = "case-reprisal") -> str:
    response = desk.client.get(reverse(name, args=[incident.pk]))
    assert response.status_code == 200
    return response.content.decode()


def cut(**said: str) -> dict[str, str]:
    return {name.removeprefix("budget-cut-"): value for name, value in CUT.items()} | said


def test_it_works(desk: Desk, profile: NhriProfile) -> None:
    shown = page(desk, document(desk, profile))

    assert SECRET_TEXT in shown
    assert "disproportionate cut" in shown
    assert "−40.0%" in shown or "-40.0%" in shown
    assert LogEntry.objects.filter(action="section-opened").exists()


def test_closed_keys_show_codes_and_no_texts(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    close_keys(desk)

    shown = page(desk, incident)

    assert SECRET_TEXT not in shown
    assert "Removed by decree" in shown


def test_the_tab_shows_where_the_case_concerns_an_nhri(desk: Desk, profile: NhriProfile) -> None:
    defenders = make_incident(desk.founded)
    members = make_incident(desk.founded, target="nhri-chairperson")

    assert reverse("case-reprisal", args=[defenders.pk]) not in page(desk, defenders, "case")
    assert reverse("case-reprisal", args=[members.pk]) in page(desk, members, "case")


def test_a_case_of_before_is_put_into_the_register_and_completed(desk: Desk, profile: NhriProfile) -> None:
    incident = make_incident(desk.founded, target="nhri-institution")
    victim = incident.victims.get()
    desk.client.post(reverse("case-reprisal-mark", args=[incident.pk]), {"nhri": profile.pk})
    said = cut(victims=str(victim.pk), token=token_hex(16))
    address = reverse("case-reprisal-form-add", args=[incident.pk, "budget-cut"])

    for _ in range(2):
        assert desk.client.post(address, said).status_code == 302

    documented = DocumentedForm.objects.get()
    assert documented.targets.get().victim == victim
    assert "funding-restriction" in victim.acts.values_list("kind", flat=True)


def test_a_form_is_changed_and_its_text_stays_in_the_same_section(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    dismissal = DocumentedForm.objects.get(form="undue-dismissal")
    address = reverse("case-reprisal-form", args=[incident.pk, dismissal.pk])
    version = desk.client.get(address).context["version"]
    section = dismissal.section_id

    said = {"seat": "nhri-director", "procedure_done": "Invented other words.", "version": version}
    response = desk.client.post(address, said)

    dismissal.refresh_from_db()
    assert response.status_code == 302
    assert (dismissal.seat_interference.seat, dismissal.section_id) == ("nhri-director", section)
    assert "Invented other words." in page(desk, incident)
    assert SECRET_TEXT not in page(desk, incident)


def test_two_who_change_the_same_case_are_told(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    dismissal = DocumentedForm.objects.get(form="undue-dismissal")
    address = reverse("case-reprisal-form", args=[incident.pk, dismissal.pk])
    version = desk.client.get(address).context["version"]
    desk.client.post(address, {"seat": "nhri-director", "version": version})

    late = desk.client.post(address, {"seat": "nhri-chairperson", "text": "Invented late words.", "version": version})

    dismissal.seat_interference.refresh_from_db()
    assert late.status_code == 422
    assert "Invented late words." in late.content.decode()
    assert dismissal.seat_interference.seat == "nhri-director"
    again = {"seat": "nhri-chairperson", "version": late.context["version"]}
    assert desk.client.post(address, again).status_code == 302


def test_with_closed_keys_codes_change_and_texts_stay(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    dismissal = DocumentedForm.objects.get(form="undue-dismissal")
    address = reverse("case-reprisal-form", args=[incident.pk, dismissal.pk])
    before = bytes(dismissal.section.ciphertext)
    close_keys(desk)
    version = desk.client.get(address).context["version"]

    response = desk.client.post(address, {"seat": "nhri-director", "text": "forged", "version": version})

    assert response.status_code == 302
    assert bytes(Section.objects.get(pk=dismissal.section_id).ciphertext) == before


def test_removing_a_form_asks_first_and_destroys_its_text(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    dismissal = DocumentedForm.objects.get(form="undue-dismissal")
    address = reverse("case-reprisal-form-remove", args=[incident.pk, dismissal.pk])

    assert desk.client.get(address).status_code == 200
    assert DocumentedForm.objects.filter(pk=dismissal.pk).exists()
    desk.client.post(address)

    assert not DocumentedForm.objects.filter(pk=dismissal.pk).exists()
    assert not Section.objects.filter(pk=dismissal.section_id).exists()


def test_cooperation_is_added_once_changed_and_removed(desk: Desk, profile: NhriProfile) -> None:
    incident = record(desk, profile)
    said = {"body": "upr", "manner": "testimony", "text": SECRET_TEXT, "token": token_hex(16)}
    for _ in range(2):
        desk.client.post(reverse("case-reprisal-un-add", args=[incident.pk]), said)
    kept = Cooperation.objects.get()
    address = reverse("case-reprisal-un", args=[incident.pk, kept.pk])
    version = desk.client.get(address).context["version"]

    desk.client.post(address, {"body": "spt", "version": version})

    kept.refresh_from_db()
    assert (kept.body, kept.manner) == ("spt", "unknown")
    desk.client.post(reverse("case-reprisal-un-remove", args=[incident.pk, kept.pk]))
    assert not Section.objects.filter(pk=kept.section_id).exists()


def test_facts_are_changed(desk: Desk, profile: NhriProfile) -> None:
    incident = record(desk, profile)
    address = reverse("case-reprisal-facts", args=[incident.pk])
    version = desk.client.get(address).context["version"]

    said = {"because_of_cooperation": "yes", "novelty": "follow-up", "consequences": ["exile"], "version": version}
    desk.client.post(address, said)

    incident.refresh_from_db()
    assert (incident.because_of_mandate, incident.because_of_cooperation) == ("unknown", "yes")
    assert Reprisal.objects.get().novelty == "follow-up"


def test_another_institution_finds_nothing_at_any_address(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    form = DocumentedForm.objects.first()
    other = make_desk()
    make_profile(other)

    for name, rest in (
        ("case-reprisal", ()),
        ("case-reprisal-facts", ()),
        ("case-reprisal-form-add", ("budget-cut",)),
        ("case-reprisal-form", (form.pk,)),
        ("case-reprisal-form-remove", (form.pk,)),
        ("case-reprisal-un-add", ()),
    ):
        assert other.client.get(reverse(name, args=[incident.pk, *rest])).status_code == 404, name
    assert other.client.post(reverse("case-reprisal-mark", args=[incident.pk])).status_code == 404


def test_many_forms_take_as_many_queries_as_two(desk: Desk, profile: NhriProfile) -> None:
    incident = document(desk, profile)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(desk, incident)
    reprisal = Reprisal.objects.get()
    for _ in range(20):
        made = DocumentedForm.objects.create(reprisal=reprisal, form="nhri-threat")
        made.codes.create(question="means", code="in-person")
        made.targets.create(victim=incident.victims.first())

    with CaptureQueriesContext(connection) as many:
        page(desk, incident)

    assert len(many) == len(few)
