"""Deciding on a case: stage, status of the information, reasons."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.cases.coded_plane import read_coded_plane
from amparo.cases.models import Incident, Information, Source, StatusDecision
from amparo.cases.response.deciding import Decision, ReasonsNeeded, StillADraft, decide
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
WHY = "Invented reasons: the two of them were there."


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def person(founded: Founded) -> User:
    return make_member(founded)


def tell_of(incident: Incident, code: str, independence: str = "yes") -> None:
    source = Source.objects.create(code=code, kind="ngo")
    Information.objects.create(incident=incident, source=source, independence=independence)


def test_it_works(client: Client, founded: Founded, person: User) -> None:
    incident = make_incident(founded)
    sign_in(client, person)

    sent = {"stage": "open", "status": "verified", "reasons": WHY}
    answer = client.post(reverse("case-status", args=[incident.pk]), sent)

    assert answer.status_code == 302
    incident.refresh_from_db()
    assert (incident.status, incident.stage, incident.version) == ("verified", "open", 2)
    assert incident.verified_on is not None
    page = client.get(reverse("case-status", args=[incident.pk])).content.decode()
    assert WHY in page
    assert person.username in page
    entry = LogEntry.objects.get(action="status-decided")
    assert entry.facts == {"stage": "open", "status": "verified", "sources": 0}
    assert entry.record == f"incident:{incident.pk}"


def test_on_fewer_than_two_independent_sources_reasons_are_asked_for(
    client: Client, founded: Founded, person: User
) -> None:
    incident = make_incident(founded)
    tell_of(incident, "invented-one")
    tell_of(incident, "invented-two", independence="no")
    sign_in(client, person)

    answer = client.post(reverse("case-status", args=[incident.pk]), {"stage": "open", "status": "verified"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode() or "errorlist" in answer.content.decode()
    assert not StatusDecision.objects.exists()


def test_two_independent_sources_are_grounds_enough(founded: Founded, person: User) -> None:
    incident = make_incident(founded)
    tell_of(incident, "invented-one")
    tell_of(incident, "invented-two")

    taken = decide(person, incident.pk, Decision("open", "verified"), None)

    assert taken is not None
    assert taken.independent_sources == 2


def test_to_refute_is_always_reasoned(founded: Founded, person: User) -> None:
    incident = make_incident(founded)

    with pytest.raises(ReasonsNeeded):
        decide(person, incident.pk, Decision("open", "refuted"), founded.unlocked)

    assert decide(person, incident.pk, Decision("open", "refuted", WHY), founded.unlocked) is not None


def test_the_day_of_the_first_verification_stays(founded: Founded, person: User) -> None:
    incident = make_incident(founded)
    decide(person, incident.pk, Decision("open", "verified", WHY), founded.unlocked)
    first = Incident.objects.get().verified_on
    Incident.objects.update(verified_on="2024-01-01")

    decide(person, incident.pk, Decision("open", "under-verification"), None)
    decide(person, incident.pk, Decision("open", "verified", WHY), founded.unlocked)

    assert first is not None
    assert str(Incident.objects.get().verified_on) == "2024-01-01"


def test_a_draft_is_opened_before_it_is_verified_and_counted_from_then_on(founded: Founded, person: User) -> None:
    incident = make_incident(founded)
    Incident.objects.update(stage="draft")
    assert read_coded_plane().num_rows == 0

    with pytest.raises(StillADraft):
        decide(person, incident.pk, Decision("open", "verified", WHY), founded.unlocked)
    decide(person, incident.pk, Decision("open", "reported"), None)

    assert read_coded_plane().num_rows == 1


def test_no_case_becomes_a_draft_again(client: Client, founded: Founded, person: User) -> None:
    incident = make_incident(founded)
    sign_in(client, person)

    answer = client.post(reverse("case-status", args=[incident.pk]), {"stage": "draft", "status": "reported"})

    assert answer.status_code == 422
    with pytest.raises(StillADraft):
        decide(person, incident.pk, Decision("draft", "reported"), None)


def test_the_same_decision_twice_is_one(founded: Founded, person: User) -> None:
    incident = make_incident(founded)

    decide(person, incident.pk, Decision("closed", "reported"), None)
    again = decide(person, incident.pk, Decision("closed", "reported"), None)

    assert again is None
    assert StatusDecision.objects.count() == 1


@pytest.mark.parametrize("role", ["analyst", "editor"])
def test_who_only_reads_coded_facts_decides_nothing(client: Client, founded: Founded, role: str) -> None:
    incident = make_incident(founded)
    sign_in(client, make_member(founded, role=role))

    page = client.get(reverse("case-status", args=[incident.pk]))
    answer = client.post(reverse("case-status", args=[incident.pk]), {"stage": "closed", "status": "reported"})

    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert answer.status_code == 403
    assert Incident.objects.get().stage == "open"


def test_another_institutions_case_does_not_exist(client: Client, founded: Founded) -> None:
    incident = make_incident(founded)
    sign_in(client, make_member(make_institution()))

    answer = client.post(reverse("case-status", args=[incident.pk]), {"stage": "closed", "status": "reported"})

    assert answer.status_code == 404
