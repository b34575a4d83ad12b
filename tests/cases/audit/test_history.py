"""The history of a case: what the log says of it, in words, for who works on it and for the auditor."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.cases.audit import views
from amparo.cases.models import Incident
from amparo.institutions.services import Founded
from amparo.vault.log import record
from tests.channel.triage.conftest import make_desk
from tests.factories import make_incident, make_institution, make_member, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def incident(founded: Founded) -> Incident:
    return make_incident(founded, narrative="An invented story.")


def log(incident: Incident, action: str = "consent-given", **more: object) -> None:
    facts = {"recipient": "network", "purpose": "support-protection", "sections": 2}
    said = {"institution": incident.institution.code, "record": f"incident:{incident.pk}", "facts": facts} | more
    record(action, **said)  # type: ignore[arg-type]


def read(founded: Founded, incident: Incident, role: str = "case-worker", query: str = "") -> str:
    client = make_desk(founded, role).client
    content: str = client.get(reverse("case-history", args=[incident.pk]) + query).content.decode()
    return content


def test_it_works(founded: Founded, incident: Incident) -> None:
    worker = make_member(founded)
    log(incident, actor=worker.pk)

    content = read(founded, incident)

    assert "consent given" in content
    assert worker.username in content
    assert "Regional network of NHRIs" in content
    assert "Support and protection" in content
    assert "An invented story" not in content


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(founded: Founded, incident: Incident, language: str) -> None:
    log(incident)

    answer = make_desk(founded).client.get(f"/{language}/desk/cases/{incident.pk}/history/")

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("focal-point", 200), ("case-worker", 200), ("auditor", 200), ("analyst", 403), ("administrator", 403)],
)
def test_who_works_on_it_and_the_auditor_read_it(founded: Founded, incident: Incident, role: str, status: int) -> None:
    log(incident)

    assert make_desk(founded, role).client.get(reverse("case-history", args=[incident.pk])).status_code == status


def test_another_institutions_history_does_not_exist(incident: Incident) -> None:
    assert make_desk().client.get(reverse("case-history", args=[incident.pk])).status_code == 404
    auditor = make_desk(role="auditor")
    assert auditor.client.get(reverse("case-history", args=[incident.pk])).status_code == 404


def test_another_cases_entries_are_not_there(founded: Founded, incident: Incident) -> None:
    other = make_incident(founded)
    log(other, "case-shared")

    assert "case shared" not in read(founded, incident)
    assert "nobody opened it yet" in read(founded, incident)


def test_the_report_that_became_the_case_is_part_of_it(founded: Founded, incident: Incident) -> None:
    report = make_report(founded, incident=incident)
    record("report-received", institution=founded.institution.code, record=f"report:{report.pk}")

    content = read(founded, incident)

    assert "report received" in content
    assert f"report:{report.pk}" in content


def test_people_of_another_institution_are_called_by_its_name(founded: Founded, incident: Incident) -> None:
    network = make_institution(kind="network")
    stranger = make_member(network)
    log(incident, "section-opened", actor=stranger.pk, institution=network.institution.code, facts={"sections": 1})

    content = read(founded, incident)

    assert network.institution.names["en"] in content
    assert stranger.username not in content


def test_institutions_in_facts_are_named_and_codes_without_words_stay_readable(
    founded: Founded, incident: Incident
) -> None:
    network = make_institution(kind="network").institution
    log(incident, "something-of-a-later-version", facts={"to": network.pk, "from": "elsewhere", "new-fact": "a-code"})

    content = read(founded, incident)

    assert network.names["en"] in content
    assert "something-of-a-later-version" in content
    assert "new-fact" in content
    assert "elsewhere" in content


def test_newest_first_paginated_in_the_database_at_the_same_cost(founded: Founded, incident: Incident) -> None:
    client: Client = make_desk(founded).client
    address = reverse("case-history", args=[incident.pk])
    for _ in range(2):
        log(incident)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(views.ENTRIES_PER_PAGE + 5):
        log(incident)
    log(incident, "case-shared")

    with CaptureQueriesContext(connection) as many:
        page = client.get(address)

    numbers = [line.number for line in page.context["lines"]]
    assert len(many) == len(few)
    assert len(numbers) == views.ENTRIES_PER_PAGE
    assert numbers == sorted(numbers, reverse=True)
    assert page.context["lines"][0].done == "case shared"
    assert "?print" in page.content.decode()
    assert len(client.get(address, {"print": ""}).context["lines"]) == views.ENTRIES_PER_PAGE + 8
