"""Searches that are kept: their names sealed, their conditions as codes."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.finding.models import SavedSearch
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.institutions.sessions import COOKIE
from amparo.vault.models import Section
from tests.factories import make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db
NAME = "The invented dossier of X"


def keep(desk: Client, name: str = NAME, form: str = "a" * 32, **others: str) -> SavedSearch | None:
    desk.post(reverse("case-search-save"), {"search-name": name, "form": form, "country": "COL", **others})
    return SavedSearch.objects.order_by("pk").last()


def test_it_works(desk: Client, founded: Founded, member: User) -> None:
    make_incident(founded)

    saved = keep(desk)

    assert saved is not None
    assert (saved.owner, saved.asked, saved.shared) == (member, {"country": ["COL"]}, False)
    page = desk.get(reverse("case-list")).content.decode()
    assert NAME in page
    assert f'href="{reverse("case-list")}?country=COL"' in page
    assert NAME in desk.get(reverse("case-searches")).content.decode()


def test_the_name_is_sealed(desk: Client) -> None:
    saved = keep(desk)

    assert saved is not None
    assert NAME.encode() not in bytes(saved.section.ciphertext)
    del desk.cookies[COOKIE]
    page = desk.get(reverse("case-searches")).content.decode()
    assert NAME not in page
    assert "Country: Colombia" in page


def test_the_same_form_sent_twice_keeps_one(desk: Client) -> None:
    keep(desk)
    keep(desk)

    assert SavedSearch.objects.count() == 1
    assert Section.objects.filter(kind="search-name").count() == 1


@pytest.mark.parametrize(("name", "form"), [("", "a" * 32), ("x" * 81, "a" * 32), (NAME, ""), (NAME, "x" * 5000)])
def test_a_bad_form_keeps_nothing(desk: Client, name: str, form: str) -> None:
    assert keep(desk, name, form) is None


def test_a_search_by_name_is_not_kept(desk: Client, founded: Founded) -> None:
    make_incident(founded, name="Invented Person")
    key = desk.post(reverse("case-find"), {"name": "Invented"})["Location"].partition("found=")[2]

    saved = keep(desk, found=key)

    assert saved is not None
    assert "found" not in saved.asked


def test_shared_searches_are_seen_by_colleagues_and_by_nobody_else(desk: Client, founded: Founded) -> None:
    keep(desk, shared="yes")
    keep(desk, "My own invented one", form="b" * 32)
    pages = []
    for institution in (founded, make_institution()):
        reader = Client()
        sign_in(reader, make_member(institution, role="case-worker"))
        pages.append(reader.get(reverse("case-searches")).content.decode())

    assert NAME in pages[0]
    assert "My own invented one" not in pages[0]
    assert NAME not in pages[1]


def test_a_search_is_renamed_and_deleted_with_its_name(desk: Client) -> None:
    saved = keep(desk)
    assert saved is not None

    desk.post(reverse("case-search-rename", args=[saved.pk]), {"search-name": "Another name", "shared": "yes"})
    page = desk.get(reverse("case-searches")).content.decode()
    desk.post(reverse("case-search-delete", args=[saved.pk]))

    assert "Another name" in page
    assert NAME not in page
    assert not SavedSearch.objects.exists()
    assert not Section.objects.filter(kind="search-name").exists()


def test_an_empty_name_is_said_at_its_field(desk: Client) -> None:
    saved = keep(desk)
    assert saved is not None

    answer = desk.post(reverse("case-search-rename", args=[saved.pk]), {"search-name": "  "})

    assert answer.status_code == 422
    assert "Give the search a name" in answer.content.decode()


def test_who_did_not_make_it_changes_it_not(desk: Client, founded: Founded) -> None:
    saved = keep(desk, shared="yes")
    assert saved is not None
    colleague, stranger = Client(), Client()
    sign_in(colleague, make_member(founded, role="case-worker"))
    sign_in(stranger, make_member(make_institution()))

    for reader in (colleague, stranger):
        assert reader.post(reverse("case-search-delete", args=[saved.pk])).status_code == 404
        assert reader.post(reverse("case-search-rename", args=[saved.pk]), {"search-name": "x"}).status_code == 404
    assert SavedSearch.objects.exists()


def test_a_code_that_is_gone_is_left_out(desk: Client) -> None:
    saved = keep(desk)
    assert saved is not None
    saved.asked = {"country": ["GONE"], "act": ["killing"], "law": ["nonsense"]}
    saved.save()

    assert f'href="{reverse("case-list")}?act=killing"' in desk.get(reverse("case-searches")).content.decode()
