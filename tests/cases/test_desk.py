"""The desk: an institution's own incidents, with what is sealed in them for who holds the key."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.institutions.sessions import COOKIE
from amparo.vault.models import LogEntry
from tests.factories import PASSWORD, make_incident, make_institution, make_member, make_report

pytestmark = pytest.mark.django_db

NAME = "Invented Person One"
STORY = "An invented story of a threat by telephone."


def sign_in(client: Client, username: str) -> None:
    client.post(reverse("sign-in"), {"username": username, "password": PASSWORD})


def test_it_works(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME, narrative=STORY)
    sign_in(client, make_member(founded).username)

    listed = client.get(reverse("case-list"))
    opened = client.get(reverse("case", args=[incident.pk]))

    assert reverse("case", args=[incident.pk]) in listed.content.decode()
    assert NAME not in listed.content.decode()
    assert NAME in opened.content.decode()
    assert STORY in opened.content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(client: Client, language: str) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME)
    sign_in(client, make_member(founded).username)

    for address in (f"/{language}/desk/", f"/{language}/desk/cases/{incident.pk}/"):
        response = client.get(address)
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()


def test_another_institutions_case_does_not_exist(client: Client) -> None:
    incident = make_incident(make_institution(), name=NAME)
    sign_in(client, make_member(make_institution()).username)

    response = client.get(reverse("case", args=[incident.pk]))

    assert response.status_code == 404
    assert NAME not in response.content.decode()


def test_without_the_keys_the_coded_facts_show_and_the_sealed_ones_do_not(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME)
    sign_in(client, make_member(founded).username)

    del client.cookies[COOKIE]
    response = client.get(reverse("case", args=[incident.pk]))

    assert response.status_code == 200
    assert NAME not in response.content.decode()
    assert "sealed" in response.content.decode().lower()


def test_sealed_pages_are_kept_in_no_cache(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME)
    sign_in(client, make_member(founded).username)

    assert "no-store" in client.get(reverse("case", args=[incident.pk]))["Cache-Control"]


def test_markup_in_a_name_is_text(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name="<script>invented()</script>")
    sign_in(client, make_member(founded).username)

    assert "<script>invented" not in client.get(reverse("case", args=[incident.pk])).content.decode()


def test_reading_what_is_sealed_is_in_the_log(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME, narrative=STORY)
    member = make_member(founded)
    sign_in(client, member.username)

    client.get(reverse("case", args=[incident.pk]))
    del client.cookies[COOKIE]
    client.get(reverse("case", args=[incident.pk]))

    entry = LogEntry.objects.get(action="section-opened")
    assert (entry.actor, entry.record, entry.facts) == (member.pk, f"incident:{incident.pk}", {"sections": 2})


def test_an_analyst_reads_the_coded_facts_only_and_no_report(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name=NAME, narrative=STORY)
    report = make_report(founded, incident=incident, status="accepted")
    client.force_login(make_member(founded, role="analyst"))

    content = client.get(reverse("case", args=[incident.pk])).content.decode()

    assert "Colombia" in content
    assert NAME not in content
    assert str(report.pk) not in content
    assert reverse("inbox") not in content
