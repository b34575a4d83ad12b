"""Panic, and the way back from it; recovery when nobody is left; the first day of an institution."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.config.store import first_day_text
from amparo.institutions.commands import administrator_text, has_administrator, unlock
from amparo.institutions.models import Institution, Invitation, User
from amparo.institutions.people import invite, join, make_invitation
from amparo.institutions.services import Founded, found_institution
from amparo.vault.models import LogEntry
from amparo.vault.shares import share_words
from tests.factories import PASSWORD, make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db

NEW = "four lamps under a river"


@pytest.fixture
def founded() -> Founded:
    return make_institution()


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def type_shares(founded: Founded, places: tuple[int, ...] = (0, 2, 4), language: str = "en") -> dict[str, str]:
    chosen = [" ".join(share_words(founded.shares[place], language)) for place in places]
    return {f"share_{number}": words for number, words in enumerate(chosen, 1)}


@pytest.mark.parametrize("role", ["focal-point", "analyst", "auditor"])
def test_any_member_locks_everybody_out_at_once(client: Client, founded: Founded, role: str) -> None:
    colleague, stranger = Client(), Client()
    sign_in(colleague, make_member(founded))
    sign_in(stranger, make_member(make_institution()))
    user = make_member(founded, role=role)
    sign_in(client, user)

    asked = client.get(reverse("lock"))
    done = client.post(reverse("lock"), {"hours": "24"})

    assert asked.status_code == 200
    assert done["Location"] == reverse("locked")
    assert [is_in(each) for each in (client, colleague, stranger)] == [False, False, True]
    refused = Client().post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})
    assert "is locked" in refused.content.decode()
    entry = LogEntry.objects.get(action="institution-locked")
    assert (entry.actor, entry.facts) == (user.pk, {"hours": 24})


def test_a_lock_ends_by_itself(client: Client, founded: Founded) -> None:
    user = make_member(founded)
    sign_in(client, user)
    client.post(reverse("lock"), {"hours": "1"})

    Institution.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    sign_in(client, user)

    assert is_in(client)


def test_who_was_between_password_and_second_factor_is_out_too(client: Client) -> None:
    founded = make_institution(invented=False)
    user, other = make_member(founded), make_member(founded)
    client.post(reverse("sign-in"), {"username": user.username, "password": PASSWORD})
    locker = Client()
    sign_in(locker, other)

    locker.post(reverse("lock"), {"hours": "0"})

    assert client.get(reverse("second-factor-set-up"))["Location"] == reverse("sign-in")


def test_a_locked_institution_takes_nobody_in_by_invitation(client: Client, founded: Founded) -> None:
    user = make_member(founded)
    made = invite(user, "analyst", None)
    assert made is not None
    sign_in(client, user)
    client.post(reverse("lock"), {"hours": "0"})

    page = Client().post(reverse("join"), {"code": made.code})

    assert "opens nothing" in page.content.decode()


def test_the_administrator_of_the_installation_unlocks(client: Client, founded: Founded) -> None:
    user = make_member(founded)
    sign_in(client, user)
    client.post(reverse("lock"), {"hours": "0"})
    installer = User.objects.create_superuser("invented-installer", password=PASSWORD)
    sign_in(client, installer)

    client.post(reverse("unlock-institution", args=[founded.institution.pk]))

    sign_in(client, user)
    assert is_in(client)


def test_a_member_does_not_unlock(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(make_institution(), role="administrator"))

    assert client.post(reverse("unlock-institution", args=[founded.institution.pk])).status_code == 403


def test_the_command_line_unlocks(client: Client, founded: Founded) -> None:
    user = make_member(founded)
    sign_in(client, user)
    client.post(reverse("lock"), {"hours": "0"})

    done = CliRunner().invoke(unlock, [founded.institution.code])
    again = CliRunner().invoke(unlock, [founded.institution.code])

    assert (done.exit_code, again.exit_code) == (0, 1)
    sign_in(client, user)
    assert is_in(client)
    assert LogEntry.objects.get(action="institution-unlocked").facts == {"way": "command-line"}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_shares_unlock_in_any_language(client: Client, founded: Founded, language: str) -> None:
    user = make_member(founded)
    sign_in(client, user)
    client.post(reverse("lock"), {"hours": "0"})

    done = Client().post(reverse("recover"), type_shares(founded, language=language))

    assert "unlocked" in done.content.decode()
    sign_in(client, user)
    assert is_in(client)


def test_when_nobody_is_left_shares_let_a_new_focal_point_in(client: Client, founded: Founded) -> None:
    incident = make_incident(founded, name="Invented Person One")
    person = {"with_person": "yes", "username": "invented-heir", "new_password": NEW, "repeated": NEW}

    done = client.post(reverse("recover"), type_shares(founded) | person)
    client.post(reverse("sign-in"), {"username": "invented-heir", "password": NEW})

    assert len(done.context["shares"]) == 5
    assert "Invented Person One" in client.get(reverse("case", args=[incident.pk])).content.decode()
    assert LogEntry.objects.filter(action="recovered", institution=founded.institution.code).count() == 1
    # Those that were typed open nothing any more.
    again = Client().post(reverse("recover"), type_shares(founded))
    assert "open nothing here" in again.content.decode()


@pytest.mark.parametrize(
    ("places", "told"), [((0, 2), "too few"), ((0, 0, 1), "typed twice")], ids=["too few", "doubled"]
)
def test_shares_that_do_not_open_say_why(client: Client, founded: Founded, places: tuple[int, ...], told: str) -> None:
    page = client.post(reverse("recover"), type_shares(founded, places)).content.decode()

    assert told in page


def test_a_wrong_word_is_named_by_its_place(client: Client, founded: Founded) -> None:
    typed = type_shares(founded)
    words = typed["share_2"].split()
    words[4] = "inexistent"

    page = client.post(reverse("recover"), typed | {"share_2": " ".join(words)}).content.decode()

    assert "Share 2" in page
    assert "Word 5" in page


def test_new_shares_replace_the_old_ones(client: Client, founded: Founded) -> None:
    sign_in(client, make_member(founded))

    made = client.post(reverse("key"), {"password": PASSWORD, "shares": "1"})

    assert len(made.context["shares"]) == 5
    assert "no-store" in made["Cache-Control"]
    page = Client().post(reverse("recover"), type_shares(founded)).content.decode()
    assert "open nothing here" in page


def test_the_first_day_prints_shares_and_two_invitations() -> None:
    founded = found_institution("own", "nhri", {"en": "Invented institution"})
    first = [
        make_invitation(founded.institution, role, unlocked=founded.unlocked)
        for role in ("focal-point", "administrator")
    ]

    text = first_day_text(founded, first)

    for share in founded.shares:
        assert " ".join(share_words(share, "en")[:6]) in text
    assert all(each.code in text for each in first)
    focal_point = join(first[0].code, "invented-first", NEW)
    assert focal_point.role == "focal-point"
    assert join(first[1].code, "invented-second", NEW).role == "administrator"


def test_the_first_administrator_comes_in_by_a_printed_code() -> None:
    assert not has_administrator()
    earlier, text = administrator_text(), administrator_text()
    code = text.splitlines()[2].strip()

    user = join(code, "invented-installer", NEW)

    assert code not in earlier
    assert (user.is_superuser, user.institution, user.key_pair, user.role) == (True, None, None, "")
    assert has_administrator()
    assert not Invitation.objects.exists()


def test_an_institution_is_set_up_on_the_web(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("invented-installer", password=PASSWORD))
    names = {f"name_{language}": f"Invented institution {language}" for language in ("en", "fr", "es", "ar")}
    sent = {"code": "NHRI-Demoland", "kind": "nhri", "country": "XDM"} | names

    done = client.post(reverse("set-up-institution"), sent)
    again = client.post(reverse("set-up-institution"), sent)

    made = Institution.objects.get()
    assert (made.code, made.kind, made.country, made.names["ar"]) == (
        "nhri-demoland",
        "nhri",
        "XDM",
        "Invented institution ar",
    )
    assert len(done.context["shares"]) == 5
    assert [each.invitation.role for each in done.context["first"]] == ["focal-point", "administrator"]
    assert "Take another" in again.content.decode()
    assert "no-store" in done["Cache-Control"]
    join(done.context["first"][0].code, "invented-first", NEW)
    assert "nhri-demoland" in client.get(reverse("installation")).content.decode()
