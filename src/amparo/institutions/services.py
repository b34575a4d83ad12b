"""What can be done with institutions and the people in them."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.vault import services as vault

_RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Founded:
    """A new institution, and the recovery code that is shown once and kept nowhere."""

    institution: Institution
    unlocked: vault.Unlocked
    recovery_code: str


@transaction.atomic
def found_institution(
    code: str, kind: str, names: dict[str, str], *, country: str = "", invented: bool = False
) -> Founded:
    """Set up an institution with its key pair. The recovery code opens it when everybody's password is lost."""
    key_pair, unlocked = vault.make_institutional_key_pair()
    institution = Institution.objects.create(
        code=code, kind=kind, country=country, names=names, invented=invented, key_pair=key_pair
    )
    recovery_code = make_recovery_code()
    recovery_pair, _ = vault.make_personal_key_pair(recovery_code)
    vault.grant(unlocked, recovery_pair)
    return Founded(institution, unlocked, recovery_code)


@transaction.atomic
def add_member(institution: Institution, unlocked: vault.Unlocked, username: str, password: str, role: str) -> User:
    """A person of `institution` who can open what is sealed to it. Her password makes and closes her own key pair."""
    user = User.objects.create_user(username=username, password=password, institution=institution, role=role)
    user.key_pair, _ = vault.make_personal_key_pair(password)
    user.save(update_fields=["key_pair"])
    vault.grant(unlocked, user.key_pair)
    return user


def make_recovery_code() -> str:
    """Thirty-two letters and digits in groups of four (about 158 bits), none that look alike."""
    letters = [secrets.choice(_RECOVERY_ALPHABET) for _ in range(32)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 32, 4))
