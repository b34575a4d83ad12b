"""Private keys: made, opened inside the session of who holds one, and granted to others."""

from dataclasses import dataclass

from django.conf import settings

from amparo.vault import keys, seal
from amparo.vault.models import KeyGrant, KeyPair

_PRIVATE_KEY = "private-key"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A private key in the memory of one request: never stored, never shown."""

    key_pair_id: int
    private: bytes

    def __repr__(self) -> str:
        return f"Unlocked(key_pair_id={self.key_pair_id}, private=…)"


def make_personal_key_pair(password: str) -> tuple[KeyPair, Unlocked]:
    """A person's key pair, its private half closed under her password."""
    pair = keys.make_key_pair()
    locked = keys.lock_with_password(pair.private, password, settings.PASSWORD_COST)
    stored = KeyPair.objects.create(public_key=pair.public, locked_private_key=locked)
    return stored, Unlocked(stored.pk, pair.private)


def make_institutional_key_pair(recipient: str = "") -> tuple[KeyPair, Unlocked]:
    """An institution's key pair. Whoever makes it must grant it at once: its private half is kept nowhere.

    `recipient` (code of consent-recipients) is the institution as consents name it; "" for who needs none: a mailbox.
    """
    pair = keys.make_key_pair()
    stored = KeyPair.objects.create(public_key=pair.public, recipient=recipient)
    return stored, Unlocked(stored.pk, pair.private)


def unlock_with_password(key_pair: KeyPair, password: str) -> Unlocked:
    """The personal key behind `password`. Where it was closed at a lower cost than is wanted now, it is closed anew.

    Raises `keys.WrongSecret`.
    """
    locked = _locked(key_pair)
    unlocked = Unlocked(key_pair.pk, keys.unlock_with_password(locked, password))
    cost = keys.locked_at(locked).raised_to(settings.PASSWORD_COST)
    if cost != keys.locked_at(locked):
        # If she changes her password meanwhile, that one stays: this one is not worth an error.
        _relock(key_pair, locked, keys.lock_with_password(unlocked.private, password, cost))
    return unlocked


def change_password(key_pair: KeyPair, old: str, new: str) -> Unlocked:
    """Close a personal key under `new` instead of `old`. Whoever is signed in stays so; what is sealed stays as it is.

    Raises `keys.WrongSecret`, and `keys.ChangedMeanwhile` where another change was quicker. Call it in the transaction
    that sets the password of the account: they must not differ.
    """
    locked = _locked(key_pair)
    unlocked = Unlocked(key_pair.pk, keys.unlock_with_password(locked, old))
    cost = keys.locked_at(locked).raised_to(settings.PASSWORD_COST)
    if not _relock(key_pair, locked, keys.lock_with_password(unlocked.private, new, cost)):
        raise keys.ChangedMeanwhile("The password was changed meanwhile.")
    return unlocked


def grant(opened: Unlocked, holder: KeyPair) -> KeyGrant:
    """Let `holder` open what `opened` opens."""
    made = KeyGrant(opened_id=opened.key_pair_id, holder=holder)
    sealed = seal.seal_section({"private": opened.private.hex()}, made.grant, _PRIVATE_KEY, bytes(holder.public_key))
    made.wrapped_private_key, made.sealed_private_key = sealed.wrapped_key, sealed.ciphertext
    made.save()
    return made


def unlock_granted(holder: Unlocked, opened: KeyPair) -> Unlocked:
    """The key that was granted to `holder`. Raises `KeyGrant.DoesNotExist` or `keys.WrongSecret`."""
    found = KeyGrant.objects.get(opened=opened, holder_id=holder.key_pair_id)
    sealed = seal.Sealed(bytes(found.sealed_private_key), bytes(found.wrapped_private_key))
    fields = seal.open_section(sealed, found.grant, _PRIVATE_KEY, holder.private)
    return Unlocked(opened.pk, bytes.fromhex(str(fields["private"])))


def _locked(key_pair: KeyPair) -> bytes:
    if key_pair.locked_private_key is None:
        raise keys.UnknownFormat("This key pair is not closed under a password.")
    return bytes(key_pair.locked_private_key)


def _relock(key_pair: KeyPair, old: bytes, new: bytes) -> bool:
    """Put `new` in the place of `old`, in one statement, and only if `old` is still there."""
    done = KeyPair.objects.filter(pk=key_pair.pk, locked_private_key=old).update(locked_private_key=new)
    if done:
        key_pair.locked_private_key = new
    return bool(done)
