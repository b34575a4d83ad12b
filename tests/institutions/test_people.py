"""People come by invitation, change roles, leave, and come back without a password; each with its key."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from amparo.institutions.models import Invitation, OpenSession, User
from amparo.institutions.people import find_invitation, forget_old, invite, join, key_holders, let_go, make_way_back
from amparo.institutions.problems import AccountProblem, KeysClosed, NoSuchCode, NotAllowed
from amparo.institutions.services import Founded
from amparo.institutions.sessions import COOKIE, unlocked_institution
from amparo.vault import services as vault
from amparo.vault.models import KeyGrant, KeyPair, LogEntry, SectionKey
from tests.factories import PASSWORD, make_incident, make_institution, make_member, sign_in

pytestmark = pytest.mark.django_db

NEW = "four lamps under a river"


@pytest.fixture
def founded() -> Founded:
    return make_institution()


@pytest.fixture
def focal_point(founded: Founded) -> User:
    return make_member(founded, "invented-focal-point")


def post(client: Client, user: User, page: str, member: User | None = None, **sent: str):  # type: ignore[no-untyped-def]
    sign_in(client, user)
    return client.post(reverse(page, args=[member.pk] if member else []), {"password": PASSWORD} | sent)


def opens(user: User, password: str, founded: Founded) -> bool:
    own = vault.unlock_with_password(user.key_pair, password)
    return vault.unlock_granted(own, founded.institution.key_pair).private == founded.unlocked.private


def test_it_works(client: Client, founded: Founded, focal_point: User) -> None:
    code = post(client, focal_point, "invite-person", role="case-worker").context["made"].code
    guest = Client()

    asked = guest.post(reverse("join"), {"code": code.upper()})
    person = {"username": "invented-guest", "new_password": NEW, "repeated": NEW}
    joined = guest.post(reverse("join"), {"code": code} | person)

    assert "Case worker" in asked.content.decode()
    assert joined.context["member"].username == "invented-guest"
    user = User.objects.get(username="invented-guest")
    assert (user.role, user.institution) == ("case-worker", founded.institution)
    assert opens(user, NEW, founded)
    assert not Invitation.objects.exists()
    assert KeyPair.objects.filter(grants=None, user=None, institution=None, recovery_set_held=None).count() == 0
    again = guest.post(reverse("join"), {"code": code} | person | {"username": "invented-second"})
    assert "opens nothing" in again.content.decode()


def test_the_code_is_in_no_address_and_not_in_the_store(client: Client, focal_point: User) -> None:
    shown = post(client, focal_point, "invite-person", role="case-worker")
    code = shown.context["made"].code

    assert f"/account/join/#{code}" in shown.content.decode()
    stored = Invitation.objects.values_list("look_up", "key_pair__locked_private_key").get()
    assert all(code.encode() not in bytes(part) for part in stored)
    assert "no-store" in shown["Cache-Control"]


def test_who_opens_nothing_gets_no_grant(founded: Founded, focal_point: User) -> None:
    made = invite(focal_point, "analyst", None)

    user = join(made.code, "invented-analyst", NEW)  # type: ignore[union-attr]

    assert made is not None
    assert made.invitation.key_pair is None
    assert not KeyGrant.objects.filter(holder=user.key_pair).exists()


@pytest.mark.parametrize("role", ["focal-point", "case-worker"])
def test_only_who_has_her_keys_open_lets_others_open(founded: Founded, focal_point: User, role: str) -> None:
    with pytest.raises(KeysClosed):
        invite(focal_point, role, None)

    assert not Invitation.objects.exists()


def test_an_administrator_asks_and_a_focal_point_makes_it(client: Client, founded: Founded, focal_point: User) -> None:
    administrator = make_member(founded, role="administrator")
    asked = post(client, administrator, "invite-person", role="case-worker")
    wish = Invitation.objects.get()
    refused = client.post(reverse("invitation", args=[wish.pk]), {"make": "1"})

    assert asked["Location"] == reverse("people")
    assert refused["Location"] == reverse("people")
    assert wish.look_up is None
    sign_in(client, focal_point)
    made = client.post(reverse("invitation", args=[wish.pk]), {"make": "1"}).context["made"]
    assert opens(join(made.code, "invented-guest", NEW), NEW, founded)


def test_a_code_is_good_for_seven_days(founded: Founded, focal_point: User) -> None:
    made = invite(focal_point, "analyst", None)
    assert made is not None
    find_invitation(made.code)

    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NoSuchCode):
        find_invitation(made.code)


def test_what_was_not_used_in_time_goes_with_its_key(founded: Founded, focal_point: User) -> None:
    made = invite(focal_point, "case-worker", founded.unlocked)
    still_good = invite(focal_point, "case-worker", founded.unlocked)
    assert made is not None
    assert still_good is not None
    Invitation.objects.filter(pk=made.invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert forget_old() == 1

    assert not KeyPair.objects.filter(pk=made.invitation.key_pair_id).exists()
    find_invitation(still_good.code)


def test_a_withdrawn_code_opens_nothing(client: Client, founded: Founded, focal_point: User) -> None:
    made = invite(focal_point, "case-worker", founded.unlocked)
    assert made is not None
    pair = made.invitation.key_pair

    post(client, focal_point, "invitation", made.invitation)  # type: ignore[arg-type]

    with pytest.raises(NoSuchCode):
        find_invitation(made.code)
    assert pair is not None
    assert not KeyPair.objects.filter(pk=pair.pk).exists()


def test_a_taken_name_is_not_taken_again(founded: Founded, focal_point: User) -> None:
    made = invite(focal_point, "analyst", None)
    assert made is not None
    sent = {"code": made.code, "username": "Invented-Focal-Point", "new_password": NEW, "repeated": NEW}

    page = Client().post(reverse("join"), sent).content.decode()

    assert "Take another" in page
    assert NEW not in page
    assert Invitation.objects.exists()


def test_a_forgotten_password_has_a_way_back(client: Client, founded: Founded, focal_point: User) -> None:
    forgetful = make_member(founded, "invented-forgetful")
    incident = make_incident(founded, name="Invented Person One")
    other = Client()
    sign_in(other, forgetful)
    code = post(client, focal_point, "person", forgetful, **{"way-back": "1"}).context["made"].code

    back = Client()
    asked = back.post(reverse("join"), {"code": code})
    back.post(reverse("join"), {"code": code, "new_password": NEW, "repeated": NEW})

    assert "invented-forgetful" in asked.content.decode()
    assert other.get(reverse("account")).status_code == 302
    assert back.post(reverse("sign-in"), {"username": forgetful.username, "password": PASSWORD}).status_code == 200
    assert back.post(reverse("sign-in"), {"username": forgetful.username, "password": NEW}).status_code == 302
    assert "Invented Person One" in back.get(reverse("case", args=[incident.pk])).content.decode()
    assert LogEntry.objects.filter(action="member-came-back", actor=forgetful.pk).count() == 1


def test_an_administrator_makes_no_way_back_to_what_is_sealed(founded: Founded, focal_point: User) -> None:
    administrator = make_member(founded, role="administrator")

    with pytest.raises(KeysClosed):
        make_way_back(administrator, focal_point, None)


def test_a_lost_passkey_is_removed_by_a_colleague(client: Client) -> None:
    founded = make_institution(invented=False)
    focal_point, unlucky = make_member(founded), make_member(founded)
    sign_in(Client(), unlucky)
    assert unlucky.second_factors.exists()

    wrong = post(client, focal_point, "person", unlucky, factors="1", password="not her password")
    assert "not your password" in wrong.content.decode()
    assert unlucky.second_factors.exists()
    client.post(reverse("person", args=[unlucky.pk]), {"password": PASSWORD, "factors": "1"})

    assert not unlucky.second_factors.exists()
    assert not unlucky.open_sessions.exists()
    asked = Client().post(reverse("sign-in"), {"username": unlucky.username, "password": PASSWORD})
    assert asked["Location"] == reverse("second-factor-set-up")


def test_a_new_role_brings_and_takes_the_key(client: Client, founded: Founded, focal_point: User) -> None:
    analyst = make_member(founded, "invented-analyst", role="analyst")
    sign_in(Client(), analyst)

    post(client, focal_point, "person", analyst, role="case-worker", **{"change-role": "1"})

    analyst.refresh_from_db()
    assert analyst.role == "case-worker"
    assert opens(analyst, PASSWORD, founded)
    assert not analyst.open_sessions.exists()
    client.post(reverse("person", args=[analyst.pk]), {"password": PASSWORD, "role": "auditor", "change-role": "1"})
    analyst.refresh_from_db()
    assert analyst.role == "auditor"
    assert analyst.pk not in key_holders(founded.institution)


def test_an_administrator_makes_nobody_open(client: Client, founded: Founded) -> None:
    administrator, analyst = make_member(founded, role="administrator"), make_member(founded, role="analyst")

    page = post(client, administrator, "person", analyst, role="focal-point", **{"change-role": "1"})

    analyst.refresh_from_db()
    assert analyst.role == "analyst"
    assert 'role="alert"' in page.content.decode()


def test_nobody_changes_herself(client: Client, founded: Founded, focal_point: User) -> None:
    make_member(founded)

    post(client, focal_point, "person", focal_point, role="administrator", **{"change-role": "1"})
    client.post(reverse("person", args=[focal_point.pk]), {"password": PASSWORD, "leave": "1"})

    focal_point.refresh_from_db()
    assert (focal_point.role, focal_point.is_active) == ("focal-point", True)


def test_who_leaves_opens_nothing_any_more(client: Client, founded: Founded, focal_point: User) -> None:
    leaver = make_member(founded, "invented-leaver")
    theirs = Client()
    sign_in(theirs, leaver)
    pair = leaver.key_pair

    gone = post(client, focal_point, "person", leaver, leave="1")

    assert gone["Location"] == reverse("key")
    assert theirs.get(reverse("account")).status_code == 302
    assert not OpenSession.objects.filter(user=leaver).exists()
    assert pair is not None
    assert not KeyGrant.objects.filter(holder_id=pair.pk).exists()
    assert Client().post(reverse("sign-in"), {"username": leaver.username, "password": PASSWORD}).status_code == 200
    assert LogEntry.objects.filter(action="member-left", record=f"person:{leaver.pk}").count() == 1


def test_a_new_key_opens_what_was_sealed_and_the_old_one_does_not(
    client: Client, founded: Founded, focal_point: User
) -> None:
    incident = make_incident(founded, name="Invented Person One")
    colleague = make_member(founded)
    waiting = invite(focal_point, "case-worker", founded.unlocked)
    let_go(focal_point, make_member(founded))

    done = post(client, focal_point, "key", rotate="1")

    assert done["Location"] == reverse("key")
    assert waiting is not None
    with pytest.raises(NoSuchCode):
        find_invitation(waiting.code)
    assert not SectionKey.objects.filter(holder_id=founded.unlocked.key_pair_id).exists()
    for user in (focal_point, colleague):
        reader = Client()
        sign_in(reader, user)
        assert "Invented Person One" in reader.get(reverse("case", args=[incident.pk])).content.decode()
    assert vault.recover(founded.shares[:3]).private != founded.unlocked.private
    assert LogEntry.objects.filter(action="key-rotated").count() == 1


def test_without_open_keys_there_is_no_new_key(client: Client, founded: Founded, focal_point: User) -> None:
    sign_in(client, focal_point)
    del client.cookies[COOKIE]

    page = client.post(reverse("key"), {"password": PASSWORD, "rotate": "1"})

    assert 'role="alert"' in page.content.decode()
    founded.institution.refresh_from_db()
    assert founded.institution.key_pair_id == founded.unlocked.key_pair_id


def test_the_last_who_opens_does_not_go_unnoticed(client: Client, founded: Founded, focal_point: User) -> None:
    administrator = make_member(founded, role="administrator")

    warned = post(client, administrator, "person", focal_point, leave="1")
    focal_point.refresh_from_db()
    assert focal_point.is_active
    assert "only the recovery shares" in warned.content.decode()
    client.post(
        reverse("person", args=[focal_point.pk]),
        {"password": PASSWORD, "leave": "1", "typed": "invented-focal-point"},
    )

    focal_point.refresh_from_db()
    assert not focal_point.is_active


def test_people_of_another_institution_are_not_there(client: Client, focal_point: User) -> None:
    stranger = make_member(make_institution())

    page = post(client, focal_point, "person", stranger, leave="1")

    assert page.status_code == 404
    with pytest.raises(NotAllowed):
        let_go(focal_point, stranger)
    stranger.refresh_from_db()
    assert stranger.is_active


def test_an_invitation_to_another_institution_is_not_there(client: Client, focal_point: User) -> None:
    other = make_institution()
    theirs = invite(make_member(other), "analyst", None)
    assert theirs is not None

    page = post(client, focal_point, "invitation", theirs.invitation)  # type: ignore[arg-type]

    assert page.status_code == 404
    find_invitation(theirs.code)


@pytest.mark.parametrize("role", ["case-worker", "analyst", "editor", "auditor"])
def test_others_invite_nobody(founded: Founded, role: str) -> None:
    with pytest.raises(AccountProblem):
        invite(make_member(founded, role=role), "analyst", founded.unlocked)


def test_a_role_that_is_none_invites_nobody(founded: Founded, focal_point: User) -> None:
    with pytest.raises(NotAllowed):
        invite(focal_point, "installation", founded.unlocked)


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client: Client, founded: Founded, focal_point: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        make_member(founded, role="analyst")
        invite(focal_point, "analyst", None)
    sign_in(client, focal_point)

    # session, user, institution; key holders with the institution's key pair; count, people,
    # second factors; invitations
    with django_assert_num_queries(9):
        page = client.get(reverse("people"))

    assert page.content.decode().count("invented-person") >= 12


def test_signing_in_again_opens_the_keys(client: Client, founded: Founded, focal_point: User) -> None:
    sign_in(client, focal_point)

    assert unlocked_institution(client.get(reverse("people")).wsgi_request) is not None
