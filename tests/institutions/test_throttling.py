"""Guessing is slowed down by name and device, without an address; who is meant is told by nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.institutions.models import Attempts, User
from amparo.institutions.throttling import FREE_ATTEMPTS, LONGEST_WAIT, device_of, make_device_cookie, wait_after
from amparo.vault.models import LogEntry
from tests.factories import PASSWORD, make_institution, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return make_member(make_institution(), "invented-focal-point")


WRONG = "wrong pass phrase"


def guess(client: Client, name: str = "invented-focal-point", password: str = WRONG):  # type: ignore[no-untyped-def]
    return client.post(reverse("sign-in"), {"username": name, "password": password})


def test_after_some_wrong_ones_even_the_right_one_has_to_wait(client: Client, member: User) -> None:
    for _ in range(FREE_ATTEMPTS):
        assert guess(client).status_code == 200

    refused = guess(client, password=PASSWORD)

    assert refused.status_code == 429
    assert "Wait 1 minute" in refused.content.decode()
    Attempts.objects.update(last_at=timezone.now() - timedelta(minutes=1))
    assert guess(client, password=PASSWORD).status_code == 302
    assert not Attempts.objects.exists()


def test_a_name_that_nobody_has_gets_the_same_answers(client: Client, member: User) -> None:
    def answers(name: str) -> list[tuple[int, str]]:
        found = [guess(Client(), name) for _ in range(FREE_ATTEMPTS + 1)]
        return [(each.status_code, each.context["told"]) for each in found]

    assert answers("invented-focal-point") == answers("invented-nobody")


def test_it_costs_as_much_to_try_a_name_that_nobody_has(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def counting(original: Callable[..., object]) -> Callable[..., object]:
        def counted(*given: object, **named: object) -> object:
            hashed.append("once")
            return original(*given, **named)

        return counted

    for method in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, method, counting(getattr(Argon2PasswordHasher, method)))

    guess(Client(), "invented-focal-point")
    known, hashed[:] = len(hashed), []
    guess(Client(), "invented-nobody")

    assert known == len(hashed) == 1


def test_her_own_device_still_lets_her_in_while_others_guess(client: Client, member: User) -> None:
    sent = {"username": member.username, "password": PASSWORD, "remember": "on"}
    first = client.post(reverse("sign-in"), sent)
    cookie = first.cookies["amparo-device"]
    client.post(reverse("sign-out"))
    for _ in range(FREE_ATTEMPTS + 1):
        guess(Client())

    assert guess(client, password=PASSWORD).status_code == 302
    assert guess(Client(), password=PASSWORD).status_code == 429
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 30 * 24 * 60 * 60)
    assert member.username not in cookie.value


def test_a_device_mark_is_good_for_one_name_and_cannot_be_made(member: User) -> None:
    cookie = make_device_cookie("Invented-Focal-Point")

    assert device_of(cookie, "invented-focal-point") == cookie.partition(".")[0]
    assert device_of(cookie, "invented-other") == ""
    assert device_of("0" * 32 + "." + "0" * 64, "invented-focal-point") == ""
    assert device_of("ü.é", "invented-focal-point") == ""


def test_the_wait_doubles_up_to_a_limit() -> None:
    waits = [wait_after(number) for number in range(FREE_ATTEMPTS - 1, FREE_ATTEMPTS + 9)]

    assert waits[:4] == [timedelta(), timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits[-1] == LONGEST_WAIT


def test_what_is_kept_names_nobody_and_no_place(member: User) -> None:
    guess(Client(REMOTE_ADDR="192.0.2.77"), name="a password in the wrong field")

    kept = Attempts.objects.get()

    assert len(bytes(kept.bucket)) == 32
    assert {field.name for field in Attempts._meta.fields} == {"id", "bucket", "number", "last_at"}


def test_the_log_counts_guesses_without_a_name(member: User) -> None:
    for _ in range(FREE_ATTEMPTS):
        guess(Client(), name="invented-nobody")

    entry = LogEntry.objects.get(action="sign-in-refused")
    assert (entry.actor, entry.institution, entry.record) == (None, "", "")
    assert entry.facts == {"reason": "password", "number": FREE_ATTEMPTS}
