"""Sessions: fresh at sign-in, listed without addresses, ended one by one, over when nobody uses them."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from amparo.institutions.models import OpenSession, User
from amparo.institutions.sessions import COOKIE, IDLE_SECONDS, LONGEST_SECONDS, unlocked_institution
from amparo.vault.models import LogEntry
from tests.factories import PASSWORD, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NEW = "four lamps under a river"


@pytest.fixture
def member() -> User:
    return make_member(make_institution())


def steal(client: Client) -> Client:
    thief = Client()
    for name, morsel in client.cookies.items():
        thief.cookies[name] = morsel.value
    return thief


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    then = time.time() + seconds
    monkeypatch.setattr("amparo.institutions.sessions.time.time", lambda: then)


def test_a_session_that_was_planted_before_is_not_the_one_afterwards(client: Client, member: User) -> None:
    other = make_member(make_institution())
    sign_in(client, other)
    planted = client.cookies["sessionid"].value

    sign_in(client, member)

    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_they_are_listed_by_device_and_hour_without_any_address(member: User) -> None:
    client = Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.77")
    sign_in(client, member)

    page = client.get(reverse("account")).content.decode()
    opened = OpenSession.objects.get()

    assert "Firefox, Linux" in page
    assert "192.0.2.77" not in page
    assert (opened.started_at.minute, opened.last_used_at.second) == (0, 0)
    assert "192.0.2.77" not in str(Session.objects.get().get_decoded())


def test_one_is_ended_from_another(client: Client, member: User) -> None:
    sign_in(client, member)
    other = Client()
    sign_in(other, member)
    ended = OpenSession.objects.get(session=other.cookies["sessionid"].value)

    client.post(reverse("end-session", args=[ended.pk]))

    assert is_in(client)
    assert not is_in(other)


def test_nobody_ends_anothers(client: Client, member: User) -> None:
    other, theirs = Client(), make_member(make_institution())
    sign_in(other, theirs)
    sign_in(client, member)

    client.post(reverse("end-session", args=[theirs.open_sessions.get().pk]))

    assert is_in(other)


def test_all_others_are_ended_at_once(client: Client, member: User) -> None:
    others = [Client(), Client()]
    for each in (client, *others):
        sign_in(each, member)

    client.post(reverse("end-other-sessions"))

    assert [is_in(each) for each in (client, *others)] == [True, False, False]


def test_cookies_stolen_before_signing_out_open_nothing_after_it(client: Client, member: User) -> None:
    sign_in(client, member)
    thief = steal(client)
    assert is_in(thief)

    client.post(reverse("sign-out"))

    assert not is_in(thief)
    assert unlocked_institution(thief.get(reverse("home")).wsgi_request) is None
    assert not Session.objects.exists()
    assert not OpenSession.objects.exists()


def test_a_session_that_nobody_uses_ends(client: Client, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, member)
    later(monkeypatch, IDLE_SECONDS - 10)
    assert is_in(client)
    later(monkeypatch, IDLE_SECONDS - 10)
    assert is_in(client)

    later(monkeypatch, IDLE_SECONDS + 10)

    assert not is_in(client)
    assert not Session.objects.filter(opened__isnull=False).exists()


def test_a_session_in_use_ends_after_a_days_work(client: Client, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, member)
    for _ in range(LONGEST_SECONDS // (IDLE_SECONDS - 60)):
        later(monkeypatch, IDLE_SECONDS - 60)
        client.get(reverse("account"))

    later(monkeypatch, IDLE_SECONDS - 60)

    assert not is_in(client)


def test_a_deactivated_account_is_out_at_once(client: Client, member: User) -> None:
    sign_in(client, member)

    User.objects.filter(pk=member.pk).update(is_active=False)

    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions_and_keeps_what_is_sealed_open(client: Client, member: User) -> None:
    sign_in(client, member)
    other = Client()
    sign_in(other, member)

    done = client.post(reverse("change-password"), {"password": PASSWORD, "new_password": NEW, "repeated": NEW})

    assert done["Location"] == reverse("account")
    assert unlocked_institution(client.get(reverse("account")).wsgi_request) is not None
    assert OpenSession.objects.count() == 1
    assert not is_in(other)
    refused = Client().post(reverse("sign-in"), {"username": member.username, "password": PASSWORD})
    assert refused.status_code == 200
    again = Client()
    assert again.post(reverse("sign-in"), {"username": member.username, "password": NEW}).status_code == 302
    assert unlocked_institution(again.get(reverse("account")).wsgi_request) is not None


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"password": "not the password", "new_password": NEW, "repeated": NEW}, "not your password"),
        ({"password": PASSWORD, "new_password": NEW, "repeated": NEW + "!"}, "not the same"),
        ({"password": PASSWORD, "new_password": "short", "repeated": "short"}, "Too short"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(
    client: Client, member: User, sent: dict[str, str], told: str
) -> None:
    sign_in(client, member)

    page = client.post(reverse("change-password"), sent).content.decode()

    assert told in page
    assert NEW not in page
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_cookies_are_for_this_site_this_session_and_no_script(client: Client, member: User) -> None:
    client.get(reverse("sign-in"))
    sign_in(client, member)

    for name in ("sessionid", "csrftoken", COOKIE):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] in {"Lax", "Strict"}, name
        assert not client.cookies[name]["max-age"], name
        assert not client.cookies[name]["expires"], name
    assert "amparo-device" not in client.cookies


def test_coming_and_going_is_in_the_log(client: Client, member: User) -> None:
    sign_in(client, member)
    client.post(reverse("sign-out"))

    entries = LogEntry.objects.filter(actor=member.pk).order_by("number")

    assert [entry.action for entry in entries] == ["signed-in", "signed-out"]
    assert {entry.institution for entry in entries} == {member.institution.code}  # type: ignore[union-attr]


def test_an_address_elsewhere_is_not_gone_to(client: Client, member: User) -> None:
    sent = {"username": member.username, "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert client.post(reverse("sign-in"), sent)["Location"] == reverse("case-list")
    sent["next"] = reverse("people")
    assert Client().post(reverse("sign-in"), sent)["Location"] == reverse("people")
