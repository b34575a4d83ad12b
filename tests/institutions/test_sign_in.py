"""Signing in opens one's keys for the session; signing out closes them."""

import argon2
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.institutions.models import User
from amparo.institutions.services import add_member, found_institution
from amparo.institutions.sessions import COOKIE, unlocked_institution
from amparo.vault import services as vault
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    founded = found_institution("invented", "nhri", {"en": "Invented institution"}, invented=True)
    return add_member(founded.institution, founded.unlocked, "focal-point", PASSWORD, "focal-point")


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post(reverse("sign-in"), {"username": "focal-point", "password": password}).status_code


def request_of(client: Client):  # type: ignore[no-untyped-def]
    return client.get(reverse("case-list")).wsgi_request


def test_it_works(client: Client, member: User) -> None:
    assert sign_in(client) == 302

    unlocked = unlocked_institution(request_of(client))

    assert member.institution is not None
    assert unlocked is not None
    assert unlocked.key_pair_id == member.institution.key_pair_id


def test_a_wrong_password_keeps_the_name_that_was_typed(client: Client, member: User) -> None:
    response = client.post(reverse("sign-in"), {"username": "focal-point", "password": "not-the-password"})

    assert response.status_code == 200
    assert b'value="focal-point"' in response.content
    assert b"not-the-password" not in response.content
    assert COOKIE not in response.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, member: User) -> None:
    response = client.post(reverse("sign-in"), {"username": "focal-point", "password": PASSWORD})

    assert response.cookies[COOKIE]["httponly"]
    assert response.cookies[COOKIE]["samesite"] == "Strict"


def test_the_session_alone_opens_nothing(client: Client, member: User) -> None:
    sign_in(client)

    del client.cookies[COOKIE]

    assert unlocked_institution(request_of(client)) is None


def test_another_sessions_cookie_opens_nothing(client: Client, member: User) -> None:
    sign_in(client)
    other = Client()
    sign_in(other)

    client.cookies[COOKIE] = other.cookies[COOKIE].value

    assert unlocked_institution(request_of(client)) is None


@pytest.mark.parametrize("broken", ["", "not base64!", "AAAA"])
def test_a_broken_cookie_opens_nothing(client: Client, member: User, broken: str) -> None:
    sign_in(client)

    client.cookies[COOKIE] = broken

    assert unlocked_institution(request_of(client)) is None


def test_after_signing_out_the_old_cookies_open_nothing(client: Client, member: User) -> None:
    sign_in(client)
    stolen = {name: morsel.value for name, morsel in client.cookies.items()}

    response = client.post(reverse("sign-out"))
    thief = Client()
    for name, value in stolen.items():
        thief.cookies[name] = value

    assert response.cookies[COOKIE].value == ""
    assert thief.get(reverse("case-list")).status_code == 302


def test_the_desk_is_closed_to_who_did_not_sign_in(client: Client) -> None:
    response = client.get(reverse("case-list"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign-in"))


def test_three_recovery_shares_open_the_institution() -> None:
    founded = found_institution("invented", "nhri", {"en": "Invented institution"}, invented=True)

    recovered = vault.recover(founded.shares[1:4])

    assert len(founded.shares) == 5
    assert recovered.private == founded.unlocked.private
    assert recovered.key_pair_id == founded.institution.key_pair_id


def test_behind_tls_the_cookies_travel_over_tls_only(client: Client, member: User, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    sent = {"username": "focal-point", "password": PASSWORD, "remember": "on"}
    response = client.post(reverse("sign-in"), sent)

    for name in ("sessionid", "csrftoken", COOKIE, "amparo-device"):
        assert response.cookies[name]["secure"], name


def test_a_password_that_cost_less_costs_what_is_wanted_now(client: Client, member: User) -> None:
    salt = "inventedsaltinventedsalt"
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD, salt=salt.encode())
    User.objects.filter(pk=member.pk).update(password=f"argon2{cheap}")

    sign_in(client)

    member.refresh_from_db()
    assert "m=1024," not in member.password
    assert client.get(reverse("account")).status_code == 200


def test_where_the_key_does_not_open_nobody_is_half_way_in(client: Client, member: User) -> None:
    other = "four lamps under a river"
    member.set_password(other)
    member.save()

    refused = client.post(reverse("sign-in"), {"username": "focal-point", "password": other})

    assert "way back" in refused.content.decode()
    assert client.get(reverse("second-factor"))["Location"] == reverse("sign-in")
    assert COOKIE not in client.cookies
