"""Searching the list by name: the name goes nowhere, what it found is kept sealed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.finding.models import NameIndexed, NameSelection
from amparo.finding.names import index_missing
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.institutions.sessions import COOKIE
from amparo.vault.models import LogEntry, Section
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
NAME = "Inventedname Mohamed"


def search(desk: Client, name: str, **others: str) -> str:
    """The page that a search by name leads to."""
    answer = desk.post(reverse("case-find"), {"name": name, **others})
    assert answer.status_code == 302
    assert "nvented" not in answer["Location"]
    return desk.get(answer["Location"]).content.decode()


def has(page: str, case: int) -> bool:
    return f'href="{reverse("case", args=[case])}"' in page


def test_it_works(desk: Client, founded: Founded) -> None:
    mine = make_incident(founded, name=NAME)
    other = make_incident(founded, name="Invented Person")

    page = search(desk, "mohamed inventedname")

    assert has(page, mine.pk)
    assert not has(page, other.pk)
    assert "stands just so in 1 case" in page


def test_other_spellings_stand_after_the_same_one_and_are_marked(desk: Client, founded: Founded) -> None:
    alike = make_incident(founded, name="محمد", date="2024")
    same = make_incident(founded, name="Mohamed", date="2001")

    page = search(desk, "Mohamed")

    assert page.index(f'href="{reverse("case", args=[same.pk])}"') < page.index(
        f'href="{reverse("case", args=[alike.pk])}"'
    )
    assert page.count("spelled otherwise</span>") == 1


def test_a_name_is_searched_together_with_filters(desk: Client, founded: Founded) -> None:
    here = make_incident(founded, name=NAME, country="COL")
    there = make_incident(founded, name=NAME, country="GTM")

    page = search(desk, NAME, country="COL")

    assert has(page, here.pk)
    assert not has(page, there.pk)


def test_neither_name_nor_cases_stand_in_the_clear(desk: Client, founded: Founded, member: User) -> None:
    make_incident(founded, name=NAME)

    search(desk, NAME)

    kept = NameSelection.objects.get(user=member)
    assert bytes(kept.section.ciphertext).find(b"same") == -1
    assert b"nventedname" not in bytes(kept.section.ciphertext)
    entry = LogEntry.objects.get(action="name-searched")
    assert entry.facts == {"cases": 1}
    assert "nvented" not in str(dict(desk.session.items()))


def test_what_one_person_found_is_not_anothers(client: Client, desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME)
    address = desk.post(reverse("case-find"), {"name": NAME})["Location"]

    colleague = Client()
    sign_in(colleague, make_member(founded))
    page = colleague.get(address).content.decode()

    assert not has(page, incident.pk)
    assert "has ended" in page


def test_with_closed_keys_nothing_is_found_and_that_is_said(desk: Client, founded: Founded) -> None:
    incident = make_incident(founded, name=NAME)
    address = desk.post(reverse("case-find"), {"name": NAME})["Location"]

    del desk.cookies[COOKIE]
    page = desk.get(address).content.decode()
    asked = desk.post(reverse("case-find"), {"name": NAME})

    assert not has(page, incident.pk)
    assert asked.status_code == 422
    assert "your keys are closed" in asked.content.decode()


def test_an_analyst_searches_no_names(client: Client, founded: Founded) -> None:
    make_incident(founded, name=NAME)
    client.force_login(make_member(founded, role="analyst"))

    assert client.post(reverse("case-find"), {"name": NAME}).status_code == 422
    assert client.get(reverse("case-names")).status_code == 403


def test_another_institution_finds_nobody_of_ours(desk: Client) -> None:
    theirs = make_institution()
    incident = make_incident(theirs, name=NAME)
    index_missing(theirs.institution, theirs.unlocked)

    assert not has(search(desk, NAME), incident.pk)


@pytest.mark.parametrize("name", ["\u202eemandetnevnI", "' OR 1=1 --", "%", "***", "\x00", "12"])
def test_what_is_no_name_finds_nobody(desk: Client, founded: Founded, name: str) -> None:
    incident = make_incident(founded, name=NAME)

    assert not has(search(desk, name), incident.pk)


def test_a_name_that_is_too_long_is_told_so(desk: Client) -> None:
    assert desk.post(reverse("case-find"), {"name": "x" * 5000}).status_code == 422


def test_old_selections_are_destroyed_with_their_sections(desk: Client, founded: Founded, member: User) -> None:
    make_incident(founded, name=NAME)
    for _ in range(7):
        search(desk, NAME)
    assert NameSelection.objects.filter(user=member).count() == 5
    NameSelection.objects.update(made_at=timezone.now() - timedelta(hours=10))

    search(desk, NAME)

    assert NameSelection.objects.count() == 1
    assert Section.objects.filter(kind="name-selection").count() == 1


def test_names_that_are_missing_are_made_findable_by_a_button(desk: Client, founded: Founded) -> None:
    for number in range(3):
        make_incident(founded, name=f"Invented Person {number}")

    before = desk.get(reverse("case-names")).content.decode()
    desk.post(reverse("case-names-index"))
    after = desk.get(reverse("case-names")).content.decode()

    assert "3 names can’t be found yet" in before
    assert "All names can be found" in after
    assert NameIndexed.objects.count() == 3
    assert LogEntry.objects.get(action="names-indexed").facts == {"names": 3, "left": 0}
