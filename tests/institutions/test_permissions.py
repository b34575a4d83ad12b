"""Which page opens to which role: one table, each cell asked of the server."""

import pytest
from django.test import Client
from django.urls import reverse

from amparo.institutions.models import User
from amparo.institutions.sessions import unlocked_institution
from amparo.vault.services import Unlocked
from tests.factories import PASSWORD, make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db

ROLES = ("focal-point", "case-worker", "analyst", "editor", "administrator", "auditor")
FOCAL, CASE, ANALYST, EDITOR, ADMINISTRATOR, AUDITOR = ROLES
EVERYBODY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
OPENS = {
    "account": EVERYBODY,
    "change-password": EVERYBODY,
    "lock": EVERYBODY,
    "inbox": {FOCAL, CASE},
    "case-list": {FOCAL, CASE, ANALYST, EDITOR},
    "channel-statistics": {FOCAL, CASE, ANALYST, EDITOR},
    "channel-settings": {FOCAL, ADMINISTRATOR},
    "notices": {FOCAL, CASE},
    "people": {FOCAL, ADMINISTRATOR},
    "key": {FOCAL},
    "log": {AUDITOR},
    "installation": NOBODY,
    "set-up-institution": NOBODY,
}


def make_installation_administrator() -> User:
    return User.objects.create_superuser("invented-installer", password=PASSWORD)


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_to_its_roles_and_to_no_other(client: Client, role: str) -> None:
    sign_in(client, make_member(make_institution(), role=role))

    answers = {page: client.get(reverse(page)).status_code for page in OPENS}

    assert answers == {page: 200 if role in roles else 403 for page, roles in OPENS.items()}


@pytest.mark.parametrize("role", ROLES)
def test_the_links_of_the_desk_are_those_that_open(client: Client, role: str) -> None:
    sign_in(client, make_member(make_institution(), role=role))

    page = client.get(reverse("account")).content.decode()

    linked = {name for name in OPENS if f'href="{reverse(name)}"' in page}
    assert linked == {name for name, roles in OPENS.items() if role in roles} - {"set-up-institution"}


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    for page in OPENS:
        answer = client.get(reverse(page))
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('sign-in')}?next={reverse(page)}"


def test_a_refusal_says_why_and_where_to_go(client: Client) -> None:
    sign_in(client, make_member(make_institution(), role="analyst"))

    page = client.get(reverse("people"))

    assert page.status_code == 403
    assert "Your role is: Analyst" in page.content.decode()
    assert reverse("case-list") in page.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_open_hold_the_institutions_key(client: Client, role: str) -> None:
    founded = make_institution()
    user = make_member(founded, role=role)
    sign_in(client, user)

    unlocked = unlocked_institution(client.get(reverse("account")).wsgi_request)

    assert (unlocked == Unlocked(founded.institution.key_pair.pk, founded.unlocked.private)) == (
        role in {"focal-point", "case-worker"}
    )


def test_the_administrator_of_the_installation_opens_nothing(client: Client) -> None:
    founded = make_institution()
    incident = make_incident(founded, name="Invented Person One")
    installer = make_installation_administrator()
    sign_in(client, installer)

    opened = client.get(reverse("installation"))
    refused = [client.get(reverse(name)).status_code for name in ("case-list", "inbox", "people", "key", "log")]
    case = client.get(reverse("case", args=[incident.pk]))

    assert opened.status_code == 200
    assert refused == [403] * 5
    assert case.status_code == 403
    assert unlocked_institution(opened.wsgi_request) is None
    assert installer.key_pair is None


def test_the_administrator_of_the_installation_needs_a_second_factor(client: Client) -> None:
    installer = make_installation_administrator()

    asked = client.post(reverse("sign-in"), {"username": installer.username, "password": PASSWORD})

    assert asked["Location"] == reverse("second-factor-set-up")


def test_a_superuser_within_an_institution_gets_no_more_than_her_role(client: Client) -> None:
    user = make_member(make_institution(), role="analyst")
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    sign_in(client, user)

    assert client.get(reverse("installation")).status_code == 403
    assert client.get(reverse("inbox")).status_code == 403


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(client: Client, language: str) -> None:
    sign_in(client, make_member(make_institution()))

    for page in ("account", "people", "key", "lock", "change-password"):
        answer = client.get(reverse(page).replace("/en/", f"/{language}/"))
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
