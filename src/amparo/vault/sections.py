"""Sections: sealed for who may open them, opened, shared, withdrawn, destroyed."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4

from django.db import transaction

from amparo.vault import keys, seal
from amparo.vault.models import KeyPair, Section, SectionKey
from amparo.vault.unlocking import Unlocked

# A statement has room for so many identifiers on every database.
_CHUNK = 500

NewDataKeyHook = Callable[[Section, bytes, bytes], None]
_NEW_DATA_KEY_HOOKS: dict[str, NewDataKeyHook] = {}
# Kinds whose data key closes bytes elsewhere: a new one without a hook would leave these bytes closed for ever.
_KINDS_WITH_BYTES = frozenset({"file"})


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
def keep_sealed_section(
    identifier: UUID, kind: str, sealed: seal.Sealed, holder: KeyPair, others: Iterable[tuple[KeyPair, bytes]] = ()
) -> Section:
    """A section that was sealed elsewhere, in a browser, to `holder`. That it opens is known only to who holds the key.

    `others` are further holders, each with its wrapped key. Raises `keys.UnknownFormat`, and IntegrityError where there
    is a section of that identifier.
    """
    wrapped = [(holder, sealed.wrapped_key), *others]
    for _, wrapped_key in wrapped:
        seal.check_formats(sealed.ciphertext, wrapped_key)
    section = Section(id=identifier, kind=kind, ciphertext=sealed.ciphertext)
    section.save(force_insert=True)
    SectionKey.objects.bulk_create(
        SectionKey(section=section, holder=each, wrapped_key=wrapped_key) for each, wrapped_key in wrapped
    )
    return section


def data_key_of(section: Section, holder: Unlocked) -> bytes:
    """The data key of `section`. Raises `SectionKey.DoesNotExist` where `holder` has none, and `keys.VaultError`."""
    found = SectionKey.objects.get(section=section, holder_id=holder.key_pair_id)
    return seal.unwrap_data_key(bytes(found.wrapped_key), section.pk, holder.private)


def open_sections(sections: Iterable[Section], holder: Unlocked) -> dict[UUID, dict[str, object]]:
    """The fields of each section that `holder` has a key of, by section; others are left out. One query."""
    wanted = {section.pk: section for section in sections}
    found = SectionKey.objects.filter(section__in=wanted, holder_id=holder.key_pair_id)
    private = keys.load_private_key(holder.private)
    return {
        key.section_id: seal.open_section(
            seal.Sealed(bytes(wanted[key.section_id].ciphertext), bytes(key.wrapped_key)),
            key.section_id,
            wanted[key.section_id].kind,
            private,
        )
        for key in found
    }


@transaction.atomic
def share_section(section: Section, unlocked: Unlocked, with_: KeyPair) -> SectionKey:
    """Let one more holder open `section`: its data key is wrapped to `with_`. Who has it already keeps what she has.

    Raises `SectionKey.DoesNotExist` where `unlocked` has no key of it, and `keys.VaultError`.
    """
    _lock(section)
    data_key = data_key_of(section, unlocked)
    found = SectionKey.objects.filter(section=section, holder=with_).first()
    return found or _wrap(data_key, section.pk, [with_])[0]


@transaction.atomic
def withdraw_section(section: Section, unlocked: Unlocked, from_: KeyPair) -> None:
    """Take `section` back from one holder: it gets a new data key, wrapped to the others, and is encrypted anew.

    What `from_` kept of the old ciphertext stays open to it; what is in the store from now on does not. A hook of its
    kind (`call_on_new_data_key`) closes anew what else lies under the data key. Raises `SectionKey.DoesNotExist` where
    `unlocked` or `from_` has no key of it, `keys.NobodyLeft` where nobody else has one, `keys.VaultError`, and
    LookupError for a kind that closes bytes elsewhere and has no hook.
    """
    hook = _NEW_DATA_KEY_HOOKS.get(section.kind)
    if hook is None and section.kind in _KINDS_WITH_BYTES:
        raise LookupError(f"There is no hook that closes anew what belongs to sections of kind {section.kind}.")
    _lock(section)
    SectionKey.objects.get(section=section, holder=from_)
    left = KeyPair.objects.filter(section_keys__section=section).exclude(pk=from_.pk).order_by("pk")
    old, new = new_data_key(section, unlocked, left)
    if hook:
        hook(section, old, new)


@transaction.atomic
def rewrite_section(section: Section, unlocked: Unlocked, fields: Mapping[str, object]) -> None:
    """Put other fields into `section`: whoever opens it, opens the new ones, and what was agreed of it stands.

    The data key stays; each encryption has a random nonce, of which one key sees far fewer than would ever meet.
    Raises `SectionKey.DoesNotExist` where `unlocked` has no key of it, and `keys.VaultError`.
    """
    _lock(section)
    data_key = data_key_of(section, unlocked)
    section.ciphertext = seal.encrypt_fields(fields, data_key, section.pk, section.kind)
    section.save(update_fields=["ciphertext"])


@transaction.atomic
def new_data_key(section: Section, unlocked: Unlocked, holders: Iterable[KeyPair]) -> tuple[bytes, bytes]:
    """Give `section` a new data key for exactly `holders`, and encrypt it anew; the old key and the new one.

    Calls no hook: for who closes a file anew by himself. Wrapped keys of before open nothing of what is there now.
    Raises `keys.NobodyLeft` for no holders, `SectionKey.DoesNotExist` where `unlocked` has no key, `keys.VaultError`.
    """
    holders = list(holders)
    if not holders:
        raise keys.NobodyLeft("Nobody would be left who opens this section.")
    _lock(section)
    old, new = data_key_of(section, unlocked), keys.make_secret()
    fields = seal.decrypt_fields(bytes(section.ciphertext), old, section.pk, section.kind)
    section.ciphertext = seal.encrypt_fields(fields, new, section.pk, section.kind)
    section.save(update_fields=["ciphertext"])
    section.keys.all().delete()
    _wrap(new, section.pk, holders)
    return old, new


def call_on_new_data_key(kind: str, hook: NewDataKeyHook) -> None:
    """Have `hook(section, old, new)` called, in the transaction, when a section of `kind` gets a new data key.

    For packages whose own bytes lie under that key: register it in the `ready` of the package's AppConfig. Bytes on a
    disk know no transaction: write the new ones beside the old, and let the commit decide which are looked for.
    """
    if _NEW_DATA_KEY_HOOKS.setdefault(kind, hook) is not hook:
        raise ValueError(f"There is a hook for sections of kind {kind} already.")


def destroy_sections(identifiers: Iterable[UUID]) -> int:
    """Destroy sections with all their keys; how many there were. Records that point to them go first.

    SQLite overwrites what is deleted (`secure_delete`). PostgreSQL does at its next vacuum; what its write-ahead log
    and backups hold of them goes when those do. Raises ProtectedError where a record still points to one.
    """
    destroyed, waiting = 0, list(identifiers)
    with transaction.atomic():
        for start in range(0, len(waiting), _CHUNK):
            _, counts = Section.objects.filter(pk__in=waiting[start : start + _CHUNK]).delete()
            destroyed += counts.get(Section._meta.label, 0)
    return destroyed


def _wrap(data_key: bytes, section: UUID, holders: Iterable[KeyPair]) -> list[SectionKey]:
    return SectionKey.objects.bulk_create(
        SectionKey(
            section_id=section,
            holder=holder,
            wrapped_key=seal.wrap_data_key(data_key, section, bytes(holder.public_key)),
        )
        for holder in holders
    )


def _lock(section: Section) -> None:
    """Hold others off who share or withdraw it at the same moment, and read what they left."""
    section.ciphertext = Section.objects.select_for_update().values_list("ciphertext", flat=True).get(pk=section.pk)
