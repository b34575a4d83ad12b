"""The people of an institution: invited, joining, changing roles, leaving, and coming back without a password."""

import hashlib
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amparo.institutions.access import INSTALLATION_ROLE, MANAGE_PEOPLE, OPENING_ROLES, may
from amparo.institutions.codes import INVITATION_LETTERS, make_code, read_code
from amparo.institutions.models import Institution, Invitation, User
from amparo.institutions.problems import KeysClosed, NoSuchCode, NotAllowed
from amparo.institutions.sessions import end_sessions
from amparo.vault import services as vault
from amparo.vault.log import record
from amparo.vault.models import KeyGrant, KeyPair
from amparo.vocabularies.catalogue import get_vocabulary


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and its code, which is shown once and kept nowhere."""

    invitation: Invitation
    code: str


def key_holders(institution: Institution) -> set[int]:
    """Who of `institution` can open its key: the identifiers of people."""
    held = KeyGrant.objects.filter(opened=institution.key_pair).values("holder")
    return set(institution.members.filter(is_active=True, key_pair__in=held).values_list("pk", flat=True))


@transaction.atomic
def make_invitation(
    institution: Institution | None,
    role: str,
    *,
    unlocked: vault.Unlocked | None,
    by: User | None = None,
    replaces: User | None = None,
) -> Invited:
    """A way in for one person. For a role that opens sections it takes the institution's open key.

    Raises `KeysClosed`. Whether `by` may invite is asked by who calls this.
    """
    code = make_code(INVITATION_LETTERS)
    invitation = Invitation(institution=institution, role=role, look_up=_look_up(code), made_by=by, replaces=replaces)
    if role in OPENING_ROLES:
        if unlocked is None:
            raise KeysClosed
        invitation.key_pair, _opened = vault.make_personal_key_pair(code)
        vault.grant(unlocked, invitation.key_pair)
    if replaces is not None:
        _withdraw(list(Invitation.objects.filter(replaces=replaces)))
    invitation.save()
    facts: dict[str, str | int] = {"role": role} | ({"person": replaces.pk} if replaces else {})
    code_of_institution = institution.code if institution else ""
    record("member-invited", actor=by.pk if by else None, institution=code_of_institution, facts=facts)
    return Invited(invitation, code)


@transaction.atomic
def invite(by: User, role: str, unlocked: vault.Unlocked | None) -> Invited | None:
    """Invite somebody for `role`. None where `by` opens nothing and the role does: then it is asked of who can.

    Raises `NotAllowed` and `KeysClosed`.
    """
    institution = _managed_by(by)
    if role not in get_vocabulary("roles").terms:
        raise NotAllowed(_("There is no such role."))
    if role in OPENING_ROLES and by.role not in OPENING_ROLES:
        Invitation.objects.create(institution=institution, role=role, made_by=by)
        record("invitation-asked-for", actor=by.pk, institution=institution.code, facts={"role": role})
        return None
    return make_invitation(institution, role, unlocked=unlocked, by=by)


@transaction.atomic
def answer_wish(by: User, wish: Invitation, unlocked: vault.Unlocked | None) -> Invited:
    """Make the invitation that an administrator asked for. Raises `NotAllowed` and `KeysClosed`."""
    institution = _managed_by(by)
    if wish.institution_id != institution.pk or wish.look_up is not None:
        raise NotAllowed
    made = make_invitation(institution, wish.role, unlocked=unlocked, by=by)
    wish.delete()
    return made


@transaction.atomic
def withdraw_invitation(by: User, invitation: Invitation) -> None:
    """Make the code worthless. Raises `NotAllowed`."""
    institution = _managed_by(by)
    if invitation.institution_id != institution.pk:
        raise NotAllowed
    facts = {"role": invitation.role}
    _withdraw([invitation])
    record("invitation-withdrawn", actor=by.pk, institution=institution.code, facts=facts)


def find_invitation(typed: str) -> Invitation:
    """The invitation behind a code. Raises `NoSuchCode`."""
    found = (
        Invitation.objects.select_related("institution__key_pair", "key_pair", "replaces")
        .filter(look_up=_look_up(read_code(typed)), expires_at__gt=timezone.now())
        .first()
    )
    if found is None or (found.institution is not None and found.institution.is_locked):
        raise NoSuchCode
    return found


@transaction.atomic
def join(typed: str, username: str, password: str) -> User:
    """Come in by a code, with a user name and password of one's own; the code is used up. Raises `NoSuchCode`.

    For a way back the user name stays what it was, and a new key pair takes the place of that nobody can open.
    """
    found = find_invitation(typed)
    # Of two who use it at once, one comes in.
    if not Invitation.objects.select_for_update().filter(pk=found.pk).exists():
        raise NoSuchCode
    institution = found.institution
    opened = None
    if found.key_pair is not None and institution is not None:
        opened = vault.unlock_granted(
            vault.unlock_with_password(found.key_pair, read_code(typed)), institution.key_pair
        )
    user = found.replaces or User(username=username, institution=institution, role=found.role)
    if institution is None:
        user.is_superuser, user.role = True, ""
    old = user.key_pair
    user.set_password(password)
    user.key_pair, _opened = vault.make_personal_key_pair(password) if institution else (None, None)
    user.save()
    if old is not None:
        old.delete()
    if opened is not None and user.key_pair is not None:
        vault.grant(opened, user.key_pair)
    _withdraw([found])
    end_sessions([user])
    code = institution.code if institution else ""
    if found.replaces_id:
        record("member-came-back", actor=user.pk, institution=code, record=f"person:{user.pk}")
    else:
        record("member-joined", actor=user.pk, institution=code, facts={"role": found.role})
    return user


@transaction.atomic
def make_way_back(by: User, member: User, unlocked: vault.Unlocked | None) -> Invited:
    """A code for a member who forgot her password. Raises `NotAllowed` and `KeysClosed`."""
    institution = _managed_by(by, member)
    return make_invitation(institution, member.role, unlocked=unlocked, by=by, replaces=member)


@transaction.atomic
def change_role(by: User, member: User, role: str, unlocked: vault.Unlocked | None) -> None:
    """Give `member` another role; she signs in anew. Raises `NotAllowed` and `KeysClosed`."""
    institution = _managed_by(by, member)
    if role not in get_vocabulary("roles").terms:
        raise NotAllowed(_("There is no such role."))
    holds = member.pk in key_holders(institution)
    if role in OPENING_ROLES and not holds:
        if unlocked is None or member.key_pair is None:
            raise KeysClosed
        vault.grant(unlocked, member.key_pair)
    elif role not in OPENING_ROLES:
        KeyGrant.objects.filter(opened=institution.key_pair, holder=member.key_pair).delete()
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    _withdraw(list(Invitation.objects.filter(replaces=member)))
    end_sessions([member])
    facts = {"before": before, "role": role}
    record("role-changed", actor=by.pk, institution=institution.code, record=f"person:{member.pk}", facts=facts)


@transaction.atomic
def let_go(by: User, member: User) -> None:
    """End `member`'s account: sessions, second factors and key go; her name stays, for the log. Raises `NotAllowed`.

    What she opened before she may have copied. Afterwards rotate the institution's key if she could open it.
    """
    institution = _managed_by(by, member)
    end_sessions([member])
    _withdraw(list(Invitation.objects.filter(replaces=member)))
    member.second_factors.all().delete()
    key_pair, member.key_pair = member.key_pair, None
    member.is_active = False
    member.set_unusable_password()
    member.save()
    if key_pair is not None:
        key_pair.delete()
    facts = {"role": member.role}
    record("member-left", actor=by.pk, institution=institution.code, record=f"person:{member.pk}", facts=facts)


@transaction.atomic
def remove_second_factors(by: User, member: User) -> None:
    """For who lost passkey and telephone: she sets up a new one at her next sign-in. Raises `NotAllowed`."""
    institution = _managed_by(by, member)
    member.second_factors.all().delete()
    end_sessions([member])
    record("second-factor-removed", actor=by.pk, institution=institution.code, record=f"person:{member.pk}")


@transaction.atomic
def rotate_institution_key(by: User, unlocked: vault.Unlocked) -> int:
    """A new key for the institution, wrapped to those who hold the present one; how many do. Raises `NotAllowed`."""
    institution = _managed_by(by)
    holders = list(KeyPair.objects.filter(user__in=key_holders(institution)))
    # Codes given out hold the old key: they would open nothing, and are made anew.
    _withdraw(list(institution.invitations.filter(key_pair__isnull=False)))
    new, _opened = vault.rotate_key_pair(unlocked, holders)
    institution.key_pair = new
    institution.save(update_fields=["key_pair"])
    record("key-rotated", actor=by.pk, institution=institution.code)
    return len(holders)


@transaction.atomic
def come_in_by_shares(unlocked: vault.Unlocked, username: str, password: str) -> User:
    """A new focal point, when nobody is left who can open: by the key that recovery shares opened."""
    institution = Institution.objects.get(key_pair_id=unlocked.key_pair_id)
    user = User.objects.create_user(username, password=password, institution=institution, role="focal-point")
    user.key_pair, _opened = vault.make_personal_key_pair(password)
    user.save(update_fields=["key_pair"])
    vault.grant(unlocked, user.key_pair)
    # These have now been typed into a computer.
    record("recovered", actor=user.pk, institution=institution.code)
    return user


@transaction.atomic
def invite_installation_administrator() -> Invited:
    """A code for who sets institutions up; earlier ones become worthless."""
    _withdraw(list(Invitation.objects.filter(institution=None)))
    return make_invitation(None, INSTALLATION_ROLE, unlocked=None)


@transaction.atomic
def forget_old() -> int:
    """Remove invitations that were not used in time, with the keys in them, and sessions that are over."""
    now = timezone.now()
    old = list(Invitation.objects.filter(expires_at__lt=now, look_up__isnull=False).select_related("key_pair"))
    _withdraw(old)
    sessions, _each = Session.objects.filter(expire_date__lt=now).delete()
    return len(old) + sessions


def _managed_by(by: User, member: User | None = None) -> Institution:
    if by.institution is None or not may(by, MANAGE_PEOPLE):
        raise NotAllowed
    if member is not None and (member.institution_id != by.institution_id or not member.is_active):
        raise NotAllowed
    if member is not None and member.pk == by.pk:
        raise NotAllowed(_("Ask a colleague: nobody does this to her own account."))
    return by.institution


def _withdraw(invitations: list[Invitation]) -> None:
    for invitation in invitations:
        key_pair = invitation.key_pair
        invitation.delete()
        if key_pair is not None:
            key_pair.delete()


def _look_up(code: str) -> bytes:
    return hashlib.sha256(b"amparo/invitation/1/" + code.encode()).digest()
