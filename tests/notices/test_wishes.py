"""The page where a member says what she wants to be told of."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.institutions.models import User
from amparo.notices.addresses import read_address
from amparo.notices.kinds import NEW_REPORT
from amparo.notices.models import NoticeRecipient
from tests.factories import make_institution, make_member
from tests.notices.conftest import Postbox, server_at

pytestmark = pytest.mark.django_db

WISHES = {
    "address": "invented@institution.invalid",
    "language": "fr",
    "kinds": [NEW_REPORT],
    "how_often": "hour",
    "age_key": "",
}


@pytest.fixture
def member(client: Client) -> User:
    user = make_member(make_institution())
    client.force_login(user)
    return user


def test_it_works(client: Client, member: User) -> None:
    response = client.post(reverse("notices"), WISHES, follow=True)

    recipient = NoticeRecipient.objects.get(user=member)
    assert read_address(recipient) == ("invented@institution.invalid", "")
    assert (recipient.language, recipient.kinds, recipient.how_often) == ("fr", [NEW_REPORT], "hour")
    assert "invented@institution.invalid" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_without_a_mail_server_the_page_says_so(client: Client, member: User) -> None:
    assert "AMPARO_SMTP_URL" in client.get(reverse("notices")).content.decode()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("address", "no address"),
        ("address", "a@b.invalid\r\nBcc: c@d.invalid"),
        ("language", "xx"),
        ("kinds", ["a-name"]),
        ("how_often", "never"),
        ("age_key", "age1invented"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(client: Client, member: User, name: str, wrong: object) -> None:
    response = client.post(reverse("notices"), WISHES | {name: wrong})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not NoticeRecipient.objects.exists()


def test_stopping_deletes_the_address(client: Client, member: User) -> None:
    client.post(reverse("notices"), WISHES)

    client.post(reverse("notices-stop"))

    assert not NoticeRecipient.objects.exists()


def test_a_message_can_be_tried(client: Client, member: User, postbox: Postbox) -> None:
    client.post(reverse("notices"), WISHES)

    client.post(reverse("notices-test"))

    assert len(postbox.envelopes) == 1


def test_a_trial_in_vain_says_why(client: Client, member: User, settings: Settings) -> None:
    settings.MAIL_SERVER = server_at("smtp://127.0.0.1:9")
    client.post(reverse("notices"), WISHES)

    response = client.post(reverse("notices-test"), follow=True)

    assert "cannot be reached" in response.content.decode()


@pytest.mark.parametrize("role", ["analyst", "editor", "auditor"])
def test_who_reads_no_reports_is_told_of_none(client: Client, role: str) -> None:
    client.force_login(make_member(make_institution(), role=role))

    assert client.get(reverse("notices")).status_code == 403


def test_an_administrator_sees_counts_and_no_address(client: Client, member: User) -> None:
    client.post(reverse("notices"), WISHES)
    client.force_login(make_member_of(member))

    content = client.get(reverse("notice-deliveries")).content.decode()

    assert "invented@institution.invalid" not in content
    assert "<dd>1</dd>" in content


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_in_each_language(client: Client, member: User, language: str) -> None:
    assert client.get(f"/{language}/desk/notices/").status_code == 200


def make_member_of(member: User) -> User:
    assert member.institution is not None
    return User.objects.create_user(
        username="invented-administrator", institution=member.institution, role="administrator"
    )
