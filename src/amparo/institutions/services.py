"""What can be done with institutions: setting one up, locking it, opening it again by its recovery shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from amparo.institutions.access import OPENING_ROLES
from amparo.institutions.models import Institution, User
from amparo.institutions.sessions import code_of, end_sessions
from amparo.vault import services as vault
from amparo.vault.log import record
from amparo.vault.shares import Share

# Kind of institution → code of consent-recipients: whose consents let it be given what is sealed.
RECIPIENT_OF_KIND = {"nhri": "nhri", "network": "network", "ganhri": "ganhri"}
SHARES = 5
SHARES_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Founded:
    """A new institution, and the recovery shares that are shown once and kept nowhere."""

    institution: Institution
    unlocked: vault.Unlocked
    shares: Sequence[Share]


@transaction.atomic
def found_institution(
    code: str,
    kind: str,
    names: Mapping[str, str],
    *,
    country: str = "",
    invented: bool = False,
    founder: User | None = None,
    shares: int = SHARES,
    needed: int = SHARES_NEEDED,
) -> Founded:
    """Set up an institution with its key pair. Any `needed` of the shares open it when everybody's password is lost."""
    key_pair, unlocked = vault.make_institutional_key_pair(RECIPIENT_OF_KIND.get(kind, ""))
    institution = Institution.objects.create(
        code=code, kind=kind, country=country, names=dict(names), invented=invented, key_pair=key_pair
    )
    made = vault.make_recovery(unlocked, shares, needed)
    record("institution-set-up", actor=founder.pk if founder else None, institution=code)
    return Founded(institution, unlocked, made)


@transaction.atomic
def add_member(institution: Institution, unlocked: vault.Unlocked, username: str, password: str, role: str) -> User:
    """A person of `institution`. Her password makes and closes her own key pair; it opens what her role may open."""
    user = User.objects.create_user(username=username, password=password, institution=institution, role=role)
    user.key_pair, _ = vault.make_personal_key_pair(password)
    user.save(update_fields=["key_pair"])
    if role in OPENING_ROLES:
        vault.grant(unlocked, user.key_pair)
    return user


@transaction.atomic
def make_shares_anew(institution: Institution, by: User, unlocked: vault.Unlocked) -> Sequence[Share]:
    """New recovery shares. Those of before open nothing more."""
    made = vault.make_recovery(unlocked, SHARES, SHARES_NEEDED)
    record("shares-made", actor=by.pk, institution=institution.code)
    return made


@transaction.atomic
def lock_institution(institution: Institution, by: User, hours: int | None) -> None:
    """Sign everybody of `institution` out, at once, and let nobody in for so many hours; None: until it is unlocked."""
    now = timezone.now()
    institution.locked_at = now
    institution.locked_until = now + timedelta(hours=hours) if hours else None
    institution.save(update_fields=["locked_at", "locked_until"])
    end_sessions(institution.members.all())
    record("institution-locked", actor=by.pk, institution=institution.code, facts={"hours": hours or 0})


@transaction.atomic
def unlock_institution(institution: Institution, by: User | None, way: str) -> None:
    """Let people in again. `way` goes to the log: administrator, shares or command-line."""
    institution.locked_at = institution.locked_until = None
    institution.save(update_fields=["locked_at", "locked_until"])
    actor = by.pk if by else None
    record("institution-unlocked", actor=actor, institution=institution.code, facts={"way": way})


@transaction.atomic
def sign_out_everywhere(user: User, but: str | None = None) -> int:
    """End the sessions of `user`, save the one whose key is `but`."""
    number = end_sessions([user], but)
    record("sessions-ended", actor=user.pk, institution=code_of(user), facts={"number": number})
    return number
