"""Sections: sealed for who may open them, opened, shared, withdrawn, destroyed.

Every section key is made here, and a key for a second recipient only under a consent (`consent.py`):
at writing a section goes to one recipient; `like` lets what belongs to a shared conversation go where that may go;
`share_section` asks for the consent; a new data key goes to nobody who had none before.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from amparo.vault import keys, seal
from amparo.vault.consent import ConsentMissing, check_consent, usable_keys, valid_consents
from amparo.vault.models import Consent, KeyPair, Section, SectionKey, SharedFor
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
    fields: Mapping[str, object],
    kind: str,
    holders: Iterable[KeyPair],
    *,
    data_key: bytes | None = None,
    like: Section | None = None,
) -> Section:
    """A saved section that each of `holders` opens. `data_key` where it closes something else as well: a file.

    `like` is the section to which this one belongs, as a message does to its report: it may go where that may go, and
    the consents for that hold for it. Raises `ConsentMissing` for more than one recipient without it.
    """
    holders, data_key = list(holders), data_key or keys.make_secret()
    purposes = _purposes(holders, like)
    section = Section(kind=kind)
    section.ciphertext = seal.encrypt_fields(fields, data_key, section.pk, kind)
    section.save(force_insert=True)
    _note_purposes(_wrap(data_key, section.pk, holders), purposes)
    _copy_consents(section, like)
    return section


@transaction.atomic
def keep_sealed_section(
    identifier: UUID,
    kind: str,
    sealed: seal.Sealed,
    holder: KeyPair,
    others: Iterable[tuple[KeyPair, bytes]] = (),
    *,
    like: Section | None = None,
) -> Section:
    """A section that was sealed elsewhere, in a browser, to `holder`. That it opens is known only to who holds the key.

    `others` are further holders, each with its wrapped key; `like` as in `keep_section`. Raises `keys.UnknownFormat`,
    `ConsentMissing`, and IntegrityError where there is a section of that identifier.
    """
    wrapped = [(holder, sealed.wrapped_key), *others]
    purposes = _purposes([each for each, _ in wrapped], like)
    for _, wrapped_key in wrapped:
        seal.check_formats(sealed.ciphertext, wrapped_key)
    section = Section(id=identifier, kind=kind, ciphertext=sealed.ciphertext)
    section.save(force_insert=True)
    made = SectionKey.objects.bulk_create(
        SectionKey(section=section, holder=each, wrapped_key=wrapped_key) for each, wrapped_key in wrapped
    )
    _note_purposes(made, purposes)
    _copy_consents(section, like)
    return section


def data_key_of(section: Section, holder: Unlocked) -> bytes:
    """The data key of `section`. Raises `SectionKey.DoesNotExist` where `holder` has none, and `keys.VaultError`.

    A key that was shared opens only while its consent holds.
    """
    found = usable_keys().get(section=section, holder_id=holder.key_pair_id)
    return seal.unwrap_data_key(bytes(found.wrapped_key), section.pk, holder.private)


def open_sections(sections: Iterable[Section], holder: Unlocked) -> dict[UUID, dict[str, object]]:
    """The fields of each section that `holder` has a key of, by section; others are left out. One query.

    A key that was shared opens only while its consent holds. Where a holder's consent ended, what is opened gets its
    new data key first; files do by `renew_due_keys`.
    """
    wanted = {section.pk: section for section in sections}
    renew_due_keys([each for each in wanted.values() if each.kind not in _KINDS_WITH_BYTES], holder)
    found = usable_keys().filter(section__in=wanted, holder_id=holder.key_pair_id)
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


def open_each(sections: Iterable[Section | None], holder: Unlocked | None) -> dict[UUID, dict[str, object]]:
    """What `holder` opens of `sections`, by section; {} without keys. One that is damaged does not close the others."""
    there = [each for each in sections if each is not None]
    if holder is None or not there:
        return {}
    try:
        return open_sections(there, holder)
    except keys.VaultError:
        found: dict[UUID, dict[str, object]] = {}
        for each in there:
            try:
                found |= open_sections([each], holder)
            except keys.VaultError:
                continue
        return found


def holders_of(section: Section) -> QuerySet[KeyPair]:
    """The key pairs that may open `section` now."""
    usable = usable_keys().filter(section=section)
    return KeyPair.objects.filter(pk__in=usable.values("holder")).order_by("pk")


@transaction.atomic
def share_section(section: Section, unlocked: Unlocked, with_: KeyPair, purpose: str) -> SectionKey:
    """Let one more holder open `section`: its data key is wrapped to `with_`. Who has it already keeps what she has.

    Raises `ConsentMissing` unless a consent for the recipient whose key pair `with_` is, and for `purpose`, holds
    today; `SectionKey.DoesNotExist` where `unlocked` has no key of it; and `keys.VaultError`.
    """
    _lock(section)
    found = SectionKey.objects.filter(section=section, holder=with_).first()
    if found is not None and not found.shared_for.exists():
        return found
    check_consent(section, with_, purpose)
    data_key = data_key_of(section, unlocked)
    key = found or _wrap(data_key, section.pk, [with_])[0]
    SharedFor.objects.get_or_create(key=key, purpose=purpose)
    return key


@transaction.atomic
def send_section(
    section: Section, writer: Unlocked, holders: Iterable[KeyPair], *, like: Section | None = None
) -> None:
    """Hand over what somebody who is no recipient sealed to herself, a reporter, to those she sends it to.

    Her own key of it goes. She needs no consent, for it is she who gives; an institution cannot do this. `like` as in
    `keep_section`. Raises `ConsentMissing`, `SectionKey.DoesNotExist` and `keys.VaultError`.
    """
    _lock(section)
    if section.keys.exclude(holder__recipient="").exists():
        raise ConsentMissing("This section is with its recipients already.")
    holders = list(holders)
    purposes = _purposes(holders, like)
    made = _wrap(data_key_of(section, writer), section.pk, holders)
    _note_purposes(made, purposes)
    _copy_consents(section, like)
    section.keys.exclude(pk__in=[key.pk for key in made]).delete()


@transaction.atomic
def withdraw_section(section: Section, unlocked: Unlocked, from_: KeyPair) -> None:
    """Take `section` back from one holder: it gets a new data key, wrapped to the others, and is encrypted anew.

    What `from_` kept of the old ciphertext stays open to it; what is in the store from now on does not. A hook of its
    kind (`call_on_new_data_key`) closes anew what else lies under the data key. Raises `SectionKey.DoesNotExist` where
    `unlocked` or `from_` has no key of it, `keys.NobodyLeft` where nobody else has one, `keys.VaultError`, and
    LookupError for a kind that closes bytes elsewhere and has no hook.
    """
    hook = _hook(section)
    _lock(section)
    SectionKey.objects.get(section=section, holder=from_)
    old, new = new_data_key(section, unlocked, holders_of(section).exclude(pk=from_.pk))
    if hook:
        hook(section, old, new)


@transaction.atomic
def rewrite_section(section: Section, unlocked: Unlocked, fields: Mapping[str, object]) -> None:
    """Put other fields into `section`: whoever opens it, opens the new ones, and what was agreed of it stands.

    The data key stays, unless somebody whose consent ended knows it; each encryption has a random nonce, of which one
    key sees far fewer than would ever meet. Raises `SectionKey.DoesNotExist` where `unlocked` has no key of it, and
    `keys.VaultError`.
    """
    renew_due_keys([section], unlocked)
    _lock(section)
    data_key = data_key_of(section, unlocked)
    section.ciphertext = seal.encrypt_fields(fields, data_key, section.pk, section.kind)
    section.save(update_fields=["ciphertext"])


@transaction.atomic
def new_data_key(section: Section, unlocked: Unlocked, holders: Iterable[KeyPair]) -> tuple[bytes, bytes]:
    """Give `section` a new data key for exactly `holders`, and encrypt it anew; the old key and the new one.

    Calls no hook: for who closes a file anew by himself. Wrapped keys of before open nothing of what is there now.
    Raises `keys.NobodyLeft` for no holders, `ConsentMissing` for one who has no key of it now,
    `SectionKey.DoesNotExist` where `unlocked` has none, and `keys.VaultError`.
    """
    holders = list(holders)
    if not holders:
        raise keys.NobodyLeft("Nobody would be left who opens this section.")
    _lock(section)
    stay = {key.holder_id: key for key in section.keys.filter(holder__in=holders)}
    if {holder.pk for holder in holders} - stay.keys():
        raise ConsentMissing("A new data key is for those who have this section already.")
    old, new = data_key_of(section, unlocked), keys.make_secret()
    fields = seal.decrypt_fields(bytes(section.ciphertext), old, section.pk, section.kind)
    section.ciphertext = seal.encrypt_fields(fields, new, section.pk, section.kind)
    section.new_key_due = False
    section.save(update_fields=["ciphertext", "new_key_due"])
    section.keys.exclude(holder__in=holders).delete()
    for holder in holders:
        stay[holder.pk].wrapped_key = seal.wrap_data_key(new, section.pk, bytes(holder.public_key))
    SectionKey.objects.bulk_update(stay.values(), ["wrapped_key"])
    return old, new


def renew_due_keys(sections: Iterable[Section], unlocked: Unlocked) -> int:
    """Give those of `sections` that wait for it a new data key, for who may still open them; how many.

    Each in a transaction of its own: closing gigabytes anew takes its time, and where that ends on the way the next
    opening goes on. What `unlocked` does not open, or is damaged, goes on waiting, and holds up nothing.
    """
    renewed = 0
    for section in sections:
        if section.new_key_due:
            with suppress(keys.VaultError, SectionKey.DoesNotExist), transaction.atomic():
                hook = _hook(section)
                old, new = new_data_key(section, unlocked, holders_of(section))
                if hook:
                    hook(section, old, new)
                renewed += 1
    return renewed


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


def _purposes(holders: Iterable[KeyPair], like: Section | None) -> dict[int, list[str]]:
    """For what each of `holders` gets what is written like `like`; an empty list where it is its own."""
    recipients = [holder for holder in holders if holder.recipient]
    if like is None:
        if len(recipients) > 1:
            raise ConsentMissing("At writing, a section goes to one recipient.")
        return {}
    found = {key.holder_id: key for key in usable_keys().filter(section=like).prefetch_related("shared_for")}
    if any(holder.pk not in found for holder in recipients):
        raise ConsentMissing("What this section belongs to is closed to one who would get it.")
    return {holder.pk: [each.purpose for each in found[holder.pk].shared_for.all()] for holder in recipients}


def _note_purposes(made: Iterable[SectionKey], purposes: Mapping[int, list[str]]) -> None:
    SharedFor.objects.bulk_create(
        SharedFor(key=key, purpose=purpose) for key in made for purpose in purposes.get(key.holder_id, ())
    )


def _copy_consents(section: Section, like: Section | None) -> None:
    if like is None:
        return
    Consent.objects.bulk_create(
        Consent(
            section=section,
            recipient=each.recipient,
            purpose=each.purpose,
            how=each.how,
            language=each.language,
            given_on=each.given_on,
            expires_on=each.expires_on,
        )
        for each in valid_consents().filter(section=like)
    )


def _hook(section: Section) -> NewDataKeyHook | None:
    hook = _NEW_DATA_KEY_HOOKS.get(section.kind)
    if hook is None and section.kind in _KINDS_WITH_BYTES:
        raise LookupError(f"There is no hook that closes anew what belongs to sections of kind {section.kind}.")
    return hook


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
