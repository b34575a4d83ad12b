"""Adding evidence: sealed as it comes, described, hashed, its chain of custody begun."""

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.models import Evidence
from amparo.evidence.models import CustodyEntry, Exhibit
from amparo.files.models import SealedFile
from amparo.files.services import open_file
from amparo.vault.models import LogEntry
from tests.channel.triage.conftest import Desk, close_keys, make_desk, sign_in
from tests.evidence.making import FROM, GIVER, NAME, PHOTO, SHOWS, add, added, address, evidence_from_report, place
from tests.factories import make_incident, make_institution, make_member

pytestmark = pytest.mark.django_db


def test_it_works(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    act = incident.acts.get()

    answer = add(desk, incident, act=str(act.pk), victim=str(act.victim_id))

    evidence = incident.evidence.get()
    assert answer["Location"] == address("case-evidence-piece", evidence)
    page = desk.client.get(answer["Location"]).content.decode()
    for each in (SHOWS, FROM, GIVER, NAME, hashlib.sha256(PHOTO).hexdigest()):
        assert each in page
    exhibit = Exhibit.objects.get()
    assert (exhibit.kind, exhibit.act, exhibit.victim_id) == ("photograph", act, act.victim_id)
    assert b"".join(open_file(evidence.file, desk.founded.unlocked)) == PHOTO


def test_nothing_that_was_typed_lies_in_a_column_or_in_the_log(desk: Desk) -> None:
    added(desk)

    columns = [*Exhibit.objects.values(), *CustodyEntry.objects.values(), *LogEntry.objects.values()]
    for each in (SHOWS, FROM, GIVER, NAME, hashlib.sha256(PHOTO).hexdigest()):
        assert each not in str(columns)
        assert each.encode() not in place(Evidence.objects.get()).read_bytes()


def test_several_files_become_several_pieces(desk: Desk) -> None:
    incident = make_incident(desk.founded)

    answer = add(desk, incident, ("one.txt", b"Invented one."), ("two.txt", b"Invented two."), kind="document")

    assert answer["Location"] == reverse("case-evidence", args=[incident.pk])
    assert incident.evidence.count() == 2
    page = desk.client.get(answer["Location"]).content.decode()
    assert "2 files are evidence now." in page
    assert "2 pieces of evidence" in page


def test_the_chain_begins_with_hashes_of_the_sealed_bytes(desk: Desk) -> None:
    evidence = added(desk)

    received, hashed = evidence.custody.all()
    on_disk = hashlib.sha256(place(evidence).read_bytes()).digest()
    assert (received.action, hashed.action) == ("received", "hashed")
    assert bytes(received.sealed_after) == on_disk
    logged = [each.facts["entry"] for each in LogEntry.objects.filter(action="custody-recorded").order_by("number")]
    assert logged == [bytes(received.code).hex(), bytes(hashed.code).hex()]


def test_one_form_sent_twice_adds_its_files_once(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    token = "ab" * 32

    add(desk, incident, token=token)
    answer = add(desk, incident, ("other.txt", b"Another invented text."), token=token)

    assert answer.status_code == 302
    assert incident.evidence.count() == 1


def test_the_same_file_twice_is_refused_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    add(desk, incident)

    answer = add(desk, incident, shows="Another invented description.")

    assert answer.status_code == 422
    assert "evidence of this case already" in answer.content.decode()
    assert "Another invented description." in answer.content.decode()
    assert incident.evidence.count() == 1


def test_the_same_file_twice_in_one_form_is_refused(desk: Desk) -> None:
    incident = make_incident(desk.founded)

    answer = add(desk, incident, ("a.jpg", PHOTO), ("b.jpg", PHOTO))

    assert answer.status_code == 422
    assert not incident.evidence.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.txt", b"", "This file is empty."),
        ("program.exe", b"MZ\x90\x00 invented", "programs are not taken"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "This is a web page"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(desk: Desk, name: str, content: bytes, told: str) -> None:
    incident = make_incident(desk.founded)

    answer = add(desk, incident, (name, content))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not SealedFile.objects.exists()


def test_a_form_without_a_file_says_so(desk: Desk) -> None:
    incident = make_incident(desk.founded)

    answer = desk.client.post(
        reverse("case-evidence-add", args=[incident.pk]), {"kind": "photograph", "token": "cd" * 32, "shows": SHOWS}
    )

    assert answer.status_code == 422
    assert "Choose at least one file." in answer.content.decode()
    assert SHOWS in answer.content.decode()


def test_a_script_is_told_where_to_go_or_what_is_wrong(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    asks = {"Accept": "application/json"}

    good = add(desk, incident, headers=asks)
    bad = add(desk, incident, ("empty.txt", b""), headers=asks)

    assert good.json() == {"go": address("case-evidence-piece", incident.evidence.get())}
    assert bad.status_code == 422
    assert "This file is empty." in bad.json()["problems"][0]


def test_an_act_against_somebody_else_is_refused(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    other = incident.victims.create()

    answer = add(desk, incident, act=str(incident.acts.get().pk), victim=str(other.pk))

    assert answer.status_code == 422
    assert "committed against somebody else" in answer.content.decode()


def test_an_act_of_another_case_is_no_choice(desk: Desk) -> None:
    incident, other = make_incident(desk.founded), make_incident(desk.founded)

    assert add(desk, incident, act=str(other.acts.get().pk)).status_code == 422


def test_with_closed_keys_nothing_is_added(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    token = desk.client.get(reverse("case-evidence-add", args=[incident.pk])).context["form"]["token"].value()
    close_keys(desk)

    answer = add(desk, incident, token=token)

    assert answer.status_code == 422
    assert "your keys are closed" in answer.content.decode()
    assert not SealedFile.objects.exists()


def test_another_institution_and_other_roles_get_nothing(desk: Desk) -> None:
    evidence = added(desk)
    stranger = make_desk(make_institution())
    auditor = Client()
    sign_in(auditor, make_member(desk.founded, role="auditor"), with_keys=False)

    for name in ("case-evidence-piece", "case-evidence-describe", "case-evidence-custody"):
        assert stranger.client.get(address(name, evidence)).status_code == 404
        assert auditor.get(address(name, evidence)).status_code == 403
    for name in ("case-evidence-verify", "case-evidence-stamp", "case-evidence-original"):
        assert stranger.client.post(address(name, evidence)).status_code == 404
    assert stranger.client.get(reverse("case-evidence", args=[evidence.incident_id])).status_code == 404
    assert add(stranger, evidence.incident, token="ef" * 32).status_code == 404


def test_a_forged_form_is_refused(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.client.cookies

    assert add(desk, incident, client=strict, token="ab" * 32).status_code == 403


def test_what_it_shows_can_be_changed_and_two_who_change_it_are_told(desk: Desk) -> None:
    evidence = added(desk)
    form = desk.client.get(address("case-evidence-describe", evidence)).context["form"]
    said = {name: form[name].value() or "" for name in ("kind", "version", "came_from", "handed_over_by")}

    first = desk.client.post(address("case-evidence-describe", evidence), said | {"shows": "Invented words, anew."})
    second = desk.client.post(address("case-evidence-describe", evidence), said | {"shows": "Invented words, late."})

    assert first.status_code == 302
    assert second.status_code == 422
    assert "Invented words, late." in second.content.decode()
    page = desk.client.get(address("case-evidence-piece", evidence)).content.decode()
    assert "Invented words, anew." in page


def test_a_file_of_a_report_can_be_described(desk: Desk) -> None:
    evidence = evidence_from_report(desk.founded)

    answer = desk.client.post(
        address("case-evidence-describe", evidence), {"kind": "screenshot", "version": "0", "shows": SHOWS}
    )

    assert answer.status_code == 302
    assert SHOWS in desk.client.get(answer["Location"]).content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_two(desk: Desk) -> None:
    incident = make_incident(desk.founded)
    where = reverse("case-evidence", args=[incident.pk])
    add(desk, incident, *((f"{n}.txt", f"Invented {n}".encode()) for n in range(2)))
    with CaptureQueriesContext(connection) as few:
        desk.client.get(where)
    add(desk, incident, *((f"{n}.txt", f"Invented {n}".encode()) for n in range(2, 14)))
    with CaptureQueriesContext(connection) as many:
        page = desk.client.get(where)

    assert page.context["page"].paginator.count == 14
    assert len(many) == len(few)
