"""What can be done with sealed things: seal sections for a holder, open them inside an unlocked session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from amparo.vault import keys, seal
from amparo.vault.key_files import load_or_make_key
from amparo.vault.models import KeyGrant, KeyPair, Section, SectionKey

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
    stored = KeyPair.objects.create(
        public_key=pair.public, locked_private_key=keys.lock_with_password(pair.private, password)
    )
    return stored, Unlocked(stored.pk, pair.private)


def make_institutional_key_pair() -> tuple[KeyPair, Unlocked]:
    """An institution's key pair. Whoever makes it must grant it at once: its private half is kept nowhere."""
    pair = keys.make_key_pair()
    stored = KeyPair.objects.create(public_key=pair.public)
    return stored, Unlocked(stored.pk, pair.private)


def grant(opened: Unlocked, holder: KeyPair) -> KeyGrant:
    """Let `holder` open what `opened` opens."""
    made = KeyGrant(opened_id=opened.key_pair_id, holder=holder)
    sealed = seal.seal_section({"private": opened.private.hex()}, made.grant, _PRIVATE_KEY, bytes(holder.public_key))
    made.wrapped_private_key, made.sealed_private_key = sealed.wrapped_key, sealed.ciphertext
    made.save()
    return made


def unlock_with_password(key_pair: KeyPair, password: str) -> Unlocked:
    """The personal key behind `password`. Raises `keys.WrongSecret`."""
    if key_pair.locked_private_key is None:
        raise keys.UnknownFormat("This key pair is not closed under a password.")
    return Unlocked(key_pair.pk, keys.unlock_with_password(bytes(key_pair.locked_private_key), password))


def unlock_granted(holder: Unlocked, opened: KeyPair) -> Unlocked:
    """The key that was granted to `holder`. Raises `KeyGrant.DoesNotExist` or `keys.WrongSecret`."""
    found = KeyGrant.objects.get(opened=opened, holder_id=holder.key_pair_id)
    sealed = seal.Sealed(bytes(found.sealed_private_key), bytes(found.wrapped_private_key))
    fields = seal.open_section(sealed, found.grant, _PRIVATE_KEY, holder.private)
    return Unlocked(opened.pk, bytes.fromhex(str(fields["private"])))


def seal_for(fields: Mapping[str, object], kind: str, holder: KeyPair) -> tuple[Section, SectionKey]:
    """An unsaved section of `kind` with its key for `holder`; save the section first (`bulk_create` both for many)."""
    identifier = uuid4()
    sealed = seal.seal_section(fields, identifier, kind, bytes(holder.public_key))
    section = Section(id=identifier, kind=kind, ciphertext=sealed.ciphertext)
    return section, SectionKey(section_id=identifier, holder=holder, wrapped_key=sealed.wrapped_key)


@transaction.atomic
def keep_section(
    fields: Mapping[str, object], kind: str, holders: Iterable[KeyPair], *, data_key: bytes | None = None
) -> Section:
    """A saved section that each of `holders` opens. `data_key` where it closes something else as well: a file."""
    data_key = data_key or keys.make_secret()
    section = Section(kind=kind)
    section.ciphertext = seal.encrypt_fields(fields, data_key, section.pk, kind)
    section.save(force_insert=True)
    _wrap(data_key, section.pk, holders)
    return section


@transaction.atomic
def keep_sealed_section(identifier: UUID, kind: str, sealed: seal.Sealed, holder: KeyPair) -> Section:
    """A section that was sealed elsewhere, in a browser, to `holder`. That it opens is known only to who holds the key.

    Raises `keys.UnknownFormat`, and IntegrityError where there is a section of that identifier.
    """
    seal.check_formats(sealed.ciphertext, sealed.wrapped_key)
    section = Section(id=identifier, kind=kind, ciphertext=sealed.ciphertext)
    section.save(force_insert=True)
    SectionKey.objects.create(section=section, holder=holder, wrapped_key=sealed.wrapped_key)
    return section


def data_key_of(section: Section, holder: Unlocked) -> bytes:
    """The data key of `section`. Raises `SectionKey.DoesNotExist` where `holder` has none, and `keys.VaultError`."""
    found = SectionKey.objects.get(section=section, holder_id=holder.key_pair_id)
    return seal.unwrap_data_key(bytes(found.wrapped_key), section.pk, holder.private)


def _wrap(data_key: bytes, section: UUID, holders: Iterable[KeyPair]) -> None:
    SectionKey.objects.bulk_create(
        SectionKey(
            section_id=section,
            holder=holder,
            wrapped_key=seal.wrap_data_key(data_key, section, bytes(holder.public_key)),
        )
        for holder in holders
    )


def open_sections(sections: Iterable[Section], holder: Unlocked) -> dict[UUID, dict[str, object]]:
    """The fields of each section that `holder` has a key of, by section; others are left out. One query."""
    wanted = {section.pk: section for section in sections}
    found = SectionKey.objects.filter(section__in=wanted, holder_id=holder.key_pair_id)
    return {
        key.section_id: seal.open_section(
            seal.Sealed(bytes(wanted[key.section_id].ciphertext), bytes(key.wrapped_key)),
            key.section_id,
            wanted[key.section_id].kind,
            holder.private,
        )
        for key in found
    }


def fingerprint_key() -> bytes:
    """The key of the blind index: in the key folder, outside the database and its dumps."""
    return load_or_make_key(settings.KEY_DIR, "blind-index.key")
