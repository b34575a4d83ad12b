"""The auditor reads the log of her institution, and of no other."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

import amparo
from amparo.institutions.log_views import ENTRIES_PER_PAGE
from amparo.institutions.log_words import ACTIONS
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.log import record
from tests.factories import make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def auditor(founded: Founded, client: Client) -> User:
    user = make_member(founded, role="auditor")
    sign_in(client, user)
    return user


def numbers(client: Client, **asked: str) -> list[int]:
    return [entry.number for entry, *_ in client.get(reverse("log"), asked).context["rows"]]


def test_it_works(client: Client, founded: Founded, auditor: User) -> None:
    worker = make_member(founded, "invented-worker")
    record("section-opened", actor=worker.pk, institution=founded.institution.code, record="incident:17")

    page = client.get(reverse("log")).content.decode()

    assert "sealed part opened" in page
    assert "invented-worker" in page
    assert "incident:17" in page


def test_it_is_chosen_by_person_action_record_and_date(client: Client, founded: Founded, auditor: User) -> None:
    worker, code = make_member(founded, "invented-worker"), founded.institution.code
    record("section-opened", actor=worker.pk, institution=code, record="incident:17")
    record("section-shared", actor=worker.pk, institution=code, record="incident:18")
    today = timezone.now().date().isoformat()
    newest = numbers(client)[0]

    assert numbers(client, person="Invented-Worker") == [newest, newest - 1]
    assert numbers(client, action="section-opened") == [newest - 1]
    assert numbers(client, record="incident:18") == [newest]
    assert numbers(client, since=today, until=today)[0] == newest
    assert numbers(client, until="2020-01-01") == []
    assert numbers(client, person="invented-nobody") == []
    assert numbers(client, since="not a date")[0] == newest


def test_every_action_that_is_written_has_words() -> None:
    package = Path(amparo.__file__).parent
    written = {
        action
        for file in package.rglob("*.py")
        for action in re.findall(r'\brecord\(\s*"([a-z-]+)"', file.read_text(encoding="utf-8"))
    }

    assert len(written) > 20
    assert written <= set(ACTIONS)


def test_another_institutions_entries_are_not_there(client: Client, auditor: User) -> None:
    other = make_institution()
    stranger = make_member(other, "invented-stranger")
    record("section-opened", actor=stranger.pk, institution=other.institution.code, record="incident:17")

    page = client.get(reverse("log"), {"person": "invented-stranger"})

    assert "incident:17" not in client.get(reverse("log")).content.decode()
    assert page.context["rows"] == []


def test_it_is_paginated_in_the_database(
    client: Client, founded: Founded, auditor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(ENTRIES_PER_PAGE + 3):
        record("section-opened", actor=auditor.pk, institution=founded.institution.code, record=f"incident:{number}")

    with django_assert_num_queries(6):  # session, user, institution, count, entries, names
        first = client.get(reverse("log"))

    assert len(first.context["rows"]) == ENTRIES_PER_PAGE
    assert 3 <= len(numbers(client, page="2")) <= 6
