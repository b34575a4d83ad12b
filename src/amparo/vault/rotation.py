"""A new key pair for an institution: after somebody left who could open it, or after a theft.

What this does: nothing that is in the store opens with the old private key any more. What it cannot do: close again
what somebody opened or copied before. Who has an old dump and the old private key can open what is in that dump, and,
as sections keep their data keys, what is in a later dump of the same sections; `sections.new_data_key` changes those of
a section that matters. And an old backup holds the old grants: destroy backups as their time comes.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress

from django.db import transaction

from amparo.vault import seal
from amparo.vault.keys import VaultError, load_private_key
from amparo.vault.models import KeyGrant, KeyPair, RecoverySet, SectionKey, SharedFor
from amparo.vault.unlocking import Unlocked, grant, make_institutional_key_pair, unlock_granted

_CHUNK = 500

Progress = Callable[[int, int], None]


@transaction.atomic
def rotate_key_pair(
    old: Unlocked, holders: Iterable[KeyPair], progress: Progress = lambda done, of: None
) -> tuple[KeyPair, Unlocked]:
    """A new key pair in the place of `old`: every section key wrapped to it, and granted to `holders` who stay.

    Recovery shares stay good (their public key is all that is needed). Everything or nothing happens; other writers
    may have to wait: some thousand sections a second; `progress(done, of)` is called now and then. The caller, in the
    same transaction, gives the institution the new key pair and logs "key-rotated". What was sealed to the old key
    pair meanwhile, in a browser that had loaded its form before, is taken over by `take_over_late_sections`.

    Blind indexes of names have a key that follows from the private key (`blind_index.name_key`): they are made anew.
    """
    # A section that is sealed to the old key at this moment waits for the commit, and is late.
    before = KeyPair.objects.select_for_update().get(pk=old.key_pair_id)
    # The same recipient, and so the same consents: what was shared with it stays shared under them.
    stored, new = make_institutional_key_pair(before.recipient)
    _rewrap(old, stored, progress)
    for held in KeyGrant.objects.filter(holder=before).select_related("opened").order_by("pk"):
        grant(unlock_granted(old, held.opened), stored)
    before.grants.all().delete()
    before.holdings.all().delete()
    for holder in holders:
        grant(new, holder)
    for recovery in RecoverySet.objects.filter(opened=before).select_related("holder"):
        grant(new, recovery.holder)
        recovery.opened = stored
        recovery.save(update_fields=["opened"])
    # Only for what comes late: nothing that is in the store now opens with it.
    grant(old, stored)
    KeyPair.objects.filter(replaced_by=before).update(replaced_by=stored)
    before.replaced_by = stored
    before.save(update_fields=["replaced_by"])
    return stored, new


@transaction.atomic
def take_over_late_sections(unlocked: Unlocked) -> int:
    """Wrap what came sealed to key pairs that `unlocked` replaced to the present one; how many section keys.

    Call it before sections are listed or opened: where nothing came late it costs one query.
    """
    if not SectionKey.objects.filter(holder__replaced_by=unlocked.key_pair_id).exists():
        return 0
    # Two who open the inbox at once take over one after the other.
    present = KeyPair.objects.select_for_update().get(pk=unlocked.key_pair_id)
    return sum(_rewrap(unlock_granted(unlocked, late), present) for late in present.replaces.order_by("pk"))


def _rewrap(old: Unlocked, new: KeyPair, progress: Progress = lambda done, of: None) -> int:
    """Give every section key of `old` to `new`. Memory for some hundred of them, however many there are."""
    private, done = load_private_key(old.private), 0
    waiting = SectionKey.objects.filter(holder_id=old.key_pair_id)
    waiting.filter(section__keys__holder=new).delete()
    of = waiting.count()
    while chunk := list(waiting.order_by("pk")[:_CHUNK]):
        made = SectionKey.objects.bulk_create(_wrapped_anew(key, private, new) for key in chunk)
        moved = {key.pk: anew for key, anew in zip(chunk, made, strict=True)}
        SharedFor.objects.bulk_create(
            SharedFor(key=moved[each.key_id], purpose=each.purpose) for each in SharedFor.objects.filter(key__in=chunk)
        )
        SectionKey.objects.filter(pk__in=[key.pk for key in chunk]).delete()
        done += len(chunk)
        progress(done, of)
    return done


def _wrapped_anew(key: SectionKey, private: seal.PrivateKey, new: KeyPair) -> SectionKey:
    wrapped = bytes(key.wrapped_key)
    # Anybody can send a section, sealed in a browser, whose key opens nothing: it goes on to open nothing.
    with suppress(VaultError):
        data_key = seal.unwrap_data_key(wrapped, key.section_id, private)
        wrapped = seal.wrap_data_key(data_key, key.section_id, bytes(new.public_key))
    return SectionKey(section_id=key.section_id, holder=new, wrapped_key=wrapped)
