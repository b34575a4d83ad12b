"""The second factor: who has to have one, what it takes, and that nothing opens before it was given."""

import time

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.institutions.models import OpenSession, SecondFactor, User
from amparo.institutions.passkeys import passkey_host
from amparo.institutions.problems import MustWait, WrongCode
from amparo.institutions.second_factors import add_app, check_code, make_app_secret, make_recovery_codes, open_secret
from amparo.institutions.services import Founded
from amparo.institutions.sessions import COOKIE, unlocked_institution
from amparo.institutions.throttling import FREE_ATTEMPTS
from amparo.institutions.totp import STEP_SECONDS, code_at
from amparo.vault.models import LogEntry
from tests.factories import PASSWORD, make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db


def give_password(client: Client, user: User) -> str:
    return client.post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})["Location"]


def code_now(secret: str, off: int = 0) -> str:
    return code_at(secret, int(time.time()) // STEP_SECONDS + off)


def give_app(user: User) -> str:
    secret = make_app_secret()
    add_app(user, secret, code_now(secret))
    # As if it had been set up some time ago.
    user.second_factors.update(counter=0)
    return secret


@pytest.fixture
def founded() -> Founded:
    return make_institution(invented=False)


@pytest.fixture
def member(founded: Founded) -> User:
    return make_member(founded)


def test_it_works(client: Client, member: User) -> None:
    secret = give_app(member)

    assert give_password(client, member) == reverse("second-factor")
    given = client.post(reverse("second-factor"), {"code": code_now(secret)})

    assert given["Location"] == reverse("case-list")
    assert client.get(reverse("case-list")).status_code == 200
    assert unlocked_institution(client.get(reverse("case-list")).wsgi_request) is not None


@pytest.mark.parametrize("role", ["focal-point", "case-worker", "administrator"])
def test_who_opens_or_administers_is_led_to_set_one_up_first(client: Client, role: str) -> None:
    user = make_member(make_institution(invented=False), role=role)

    assert give_password(client, user) == reverse("second-factor-set-up")
    for page in ("case-list", "inbox", "people", "account"):
        assert client.get(reverse(page))["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("role", ["analyst", "editor", "auditor"])
def test_who_opens_nothing_may_do_without(client: Client, role: str) -> None:
    user = make_member(make_institution(invented=False), role=role)

    assert give_password(client, user) != reverse("second-factor-set-up")
    assert client.get(reverse("account")).status_code == 200


def test_the_password_alone_opens_no_page_and_no_section(client: Client, founded: Founded, member: User) -> None:
    incident = make_incident(founded, name="Invented Person One")
    give_app(member)
    give_password(client, member)

    page = client.get(reverse("case", args=[incident.pk]))

    assert page.status_code == 302
    assert page["Location"].startswith(reverse("sign-in"))
    assert unlocked_institution(page.wsgi_request) is None
    assert client.cookies[COOKIE].value
    assert not OpenSession.objects.exists()


def test_a_stolen_password_sets_up_no_factor_of_its_own(client: Client, member: User) -> None:
    give_app(member)
    give_password(client, member)

    page = client.get(reverse("second-factor-set-up"))

    assert page.status_code == 302
    assert member.second_factors.count() == 1


def test_setting_up_an_app_signs_in_and_shows_recovery_codes_once(client: Client, member: User) -> None:
    give_password(client, member)
    shown = client.get(reverse("second-factor-set-up"))
    secret = shown.context["secret"].replace(" ", "")

    wrong = client.post(reverse("second-factor-set-up"), {"code": "000000"})
    done = client.post(reverse("second-factor-set-up"), {"code": code_now(secret)})

    assert b"<svg" in shown.content
    assert wrong.context["secret"].replace(" ", "") == secret
    assert len(done.context["codes"]) == 8
    assert "no-store" in done["Cache-Control"]
    assert client.get(reverse("case-list")).status_code == 200


def test_a_code_is_worth_something_once(client: Client, member: User) -> None:
    secret = give_app(member)
    code = code_now(secret)
    give_password(client, member)
    client.post(reverse("second-factor"), {"code": code})
    thief = Client()
    give_password(thief, member)

    again = thief.post(reverse("second-factor"), {"code": code})

    assert again.status_code == 200
    assert b'role="alert"' in again.content
    assert thief.get(reverse("case-list")).status_code == 302


def test_digits_typed_in_arabic_are_understood(client: Client, member: User) -> None:
    secret = give_app(member)
    give_password(client, member)

    typed = code_now(secret).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    given = client.post(reverse("second-factor"), {"code": typed})

    assert given.status_code == 302
    assert given["Location"] == reverse("case-list")


def test_a_recovery_code_lets_in_once(member: User) -> None:
    give_app(member)
    codes = make_recovery_codes(member)

    check_code(member, codes[0].upper().replace("-", " "))

    with pytest.raises(WrongCode):
        check_code(member, codes[0])
    check_code(member, codes[1])
    assert member.second_factors.filter(kind=SecondFactor.RECOVERY_CODE).count() == 6


def test_another_persons_recovery_code_lets_nobody_in(member: User) -> None:
    other = make_member(make_institution(invented=False))
    codes = make_recovery_codes(other)

    with pytest.raises(WrongCode):
        check_code(member, codes[0])


def test_guessing_is_slowed_down_and_said_to_the_log(member: User) -> None:
    secret = give_app(member)
    for _ in range(FREE_ATTEMPTS):
        with pytest.raises(WrongCode):
            check_code(member, "000000" if code_now(secret) != "000000" else "000001")

    with pytest.raises(MustWait):
        check_code(member, code_now(secret))
    refused = LogEntry.objects.filter(action="sign-in-refused")
    assert refused.count() == FREE_ATTEMPTS
    assert {entry.actor for entry in refused} == {member.pk}


def test_how_long_to_wait_is_said(client: Client, member: User) -> None:
    give_app(member)
    give_password(client, member)
    for _ in range(FREE_ATTEMPTS):
        client.post(reverse("second-factor"), {"code": "not-a-code"})

    told = client.post(reverse("second-factor"), {"code": "not-a-code"})

    assert told.status_code == 429
    assert "Wait 1 minute" in told.content.decode()


def test_what_is_stored_opens_nothing_without_the_key_folder(member: User, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    secret = give_app(member)
    codes = make_recovery_codes(member)
    stored = b"".join(bytes(factor.content) for factor in member.second_factors.all())

    settings.KEY_DIR = tmp_path
    app = member.second_factors.get(kind=SecondFactor.APP)

    assert secret.encode() not in stored
    assert all(code.encode() not in stored for code in codes)
    assert open_secret(member, bytes(app.content)) is None
    with pytest.raises(WrongCode):
        check_code(member, codes[0])


def test_the_last_one_stays_with_who_has_to_have_one(client: Client, member: User) -> None:
    sign_in(client, member)
    factor = member.second_factors.get(kind=SecondFactor.APP)

    client.post(reverse("remove-factor", args=[factor.pk]))

    assert member.second_factors.filter(pk=factor.pk).exists()


def test_nobody_removes_anothers(client: Client, member: User) -> None:
    other = make_member(make_institution(invented=False))
    give_app(other)
    sign_in(client, member)

    client.post(reverse("remove-factor", args=[other.second_factors.get().pk]))

    assert other.second_factors.count() == 1


def test_a_second_step_that_took_too_long_begins_anew(client: Client, member: User, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    secret = give_app(member)
    give_password(client, member)
    later = time.time() + 601
    monkeypatch.setattr("amparo.institutions.sessions.time.time", lambda: later)

    given = client.post(reverse("second-factor"), {"code": code_at(secret, int(later) // STEP_SECONDS)})

    assert given["Location"] == reverse("sign-in")


@pytest.mark.parametrize("answer", ["", "{", "[]", "null", '{"id": 1}', '{"id":"AA","rawId":"AA","type":"public-key"}'])
def test_a_broken_answer_of_a_browser_is_a_wrong_code(client: Client, member: User, answer: str) -> None:
    give_app(member)
    give_password(client, member)
    client.get(reverse("second-factor"))

    refused = client.post(reverse("second-factor"), {"passkey": answer})

    assert refused.status_code == 200
    assert client.get(reverse("case-list")).status_code == 302


@pytest.mark.parametrize(
    ("host", "secure", "expected"),
    [
        ("amparo.example.org", True, "amparo.example.org"),
        ("amparo.example.org:8443", True, "amparo.example.org"),
        ("amparo.example.org", False, ""),
        ("localhost:8000", False, "localhost"),
        ("127.0.0.1:8000", False, ""),
        ("192.0.2.1", True, ""),
        ("[::1]:8000", True, ""),
    ],
)
def test_passkeys_belong_to_a_name_that_browsers_take(
    rf: RequestFactory, settings: Settings, host: str, secure: bool, expected: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert passkey_host(rf.get("/", headers={"host": host}, secure=secure)) == expected


def test_at_an_address_in_numbers_the_page_says_where_to_go(client: Client, member: User) -> None:
    give_password(client, member)

    page = client.get(reverse("second-factor-set-up"), headers={"host": "127.0.0.1:8000"}).content.decode()

    assert "http://localhost:8000" in page
    assert "data-passkey" not in page
