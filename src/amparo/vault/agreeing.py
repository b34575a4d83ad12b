"""Consents: given, withdrawn, run out; and the one door through which sealed content leaves for who has no key here.

Who gives and who withdraws is logged by the caller, who knows the record; what left by the door is logged here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from amparo.vault import log
from amparo.vault.consent import keys_without_consent, today, valid_consents
from amparo.vault.models import Consent, KeyPair, Section, SectionKey, SharedFor
from amparo.vault.sections import open_sections, renew_due_keys
from amparo.vault.unlocking import Unlocked

_CHUNK = 500


@transaction.atomic
def give_consent(
    sections: Iterable[Section],
    recipient: str,
    purpose: str,
    how: str,
    language: str,
    given_on: date,
    expires_on: date | None = None,
) -> list[Consent]:
    """Note that each of `sections` may be given to `recipient` for `purpose`, until the end of the day `expires_on`.

    Codes of consent-recipients, consent-purposes, consent-ways. A newer consent takes the place of the one that
    stands, also where it gives less; given again as it stands it is the same. What no consent allows any more is
    closed. Raises ValueError for no recipient or purpose, a day to come, or an end before the beginning.
    """
    if not recipient or not purpose or given_on > today() or (expires_on is not None and expires_on < given_on):
        raise ValueError("A consent names recipient and purpose, was given by now, and ends no sooner than it begins.")
    held = _lock(sections)
    facts: dict[str, Any] = {"how": how, "language": language, "given_on": given_on, "expires_on": expires_on}
    stands = {each.section_id: each for each in _standing(held, recipient).filter(purpose=purpose)}
    new = [
        Consent(section=section, recipient=recipient, purpose=purpose, **facts)
        for section in held
        if section.pk not in stands or not _says(stands[section.pk], facts)
    ]
    old = [stands[each.section_id] for each in new if each.section_id in stands]
    # Two cannot stand at once: the older one steps back before the newer is there, and is then told by which.
    Consent.objects.filter(pk__in=[each.pk for each in old]).update(withdrawn_on=today())
    newer = {each.section_id: each for each in Consent.objects.bulk_create(new)}
    for each in old:
        each.replaced_by = newer[each.section_id]
    Consent.objects.bulk_update(old, ["withdrawn_on", "replaced_by"])
    _close(held)
    return [newer.get(section.pk) or stands[section.pk] for section in held]


@transaction.atomic
def withdraw_consent(
    sections: Iterable[Section],
    recipient: str,
    purpose: str | None = None,
    unlocked: Unlocked | None = None,
    *,
    how: str | None = None,
) -> list[Consent]:
    """Withdraw the consents for `recipient`, for one `purpose` or for all; those that stood until now.

    With `how`, only those that were given in that way.

    Who had a section under them, and has it under no other that holds, loses the key at once. With `unlocked`, a key
    that opens them, these sections get new data keys as well, as `withdraw_section` gives them; without, the next
    opening does that.
    """
    sections = list(sections)
    held = _lock(sections)
    asked = {name: code for name, code in (("purpose", purpose), ("how", how)) if code is not None}
    ended = list(_standing(held, recipient).filter(**asked))
    for each in ended:
        each.withdrawn_on = today()
    Consent.objects.bulk_update(ended, ["withdrawn_on"])
    _close(held)
    _renew(sections, unlocked)
    return ended


@transaction.atomic
def take_back_sections(
    sections: Iterable[Section], from_: KeyPair, purpose: str, unlocked: Unlocked | None = None
) -> int:
    """Undo `share_section` for `purpose`, though its consent stands; from how many sections a key was taken.

    New data keys as for `withdraw_consent`.
    """
    sections = list(sections)
    held = _lock(sections)
    shared = SharedFor.objects.filter(key__section__in=[each.pk for each in held], key__holder=from_, purpose=purpose)
    taken = _take(list(shared.values_list("pk", "key")))
    _renew(sections, unlocked)
    return taken


def consents_of(sections: Iterable[Section]) -> list[Consent]:
    """All consents for `sections`, oldest first, also those that were withdrawn, replaced or ran out. One query."""
    return list(Consent.objects.filter(section__in=[section.pk for section in sections]).order_by("pk"))


@transaction.atomic
def open_for_recipient(
    sections: Iterable[Section],
    unlocked: Unlocked,
    recipient: str,
    purpose: str,
    on: date | None = None,
    *,
    actor: int | None = None,
    institution: str = "",
    record: str = "",
) -> dict[UUID, dict[str, object]]:
    """The fields of those of `sections` that may leave for `recipient` for `purpose`, and that `unlocked` opens.

    The one door for recipients without a key here: a mechanism of the United Nations, a partner, the public. A section
    without a consent that holds `on` that day (today) is left out: look which are missing, and say so. What leaves is
    logged with `actor`, `institution` and `record`, as `log.record` takes them, how many sections of each kind.
    Raises `keys.VaultError`.
    """
    wanted = {section.pk: section for section in sections}
    agreed = valid_consents(on).filter(section__in=wanted, recipient=recipient, purpose=purpose)
    allowed = set(agreed.values_list("section", flat=True)) if recipient and purpose else set()
    opened = open_sections([wanted[each] for each in wanted if each in allowed], unlocked)
    if opened:
        kinds = Counter(f"kind-{wanted[each].kind}" for each in opened)
        facts: dict[str, str | int] = {"recipient": recipient, "purpose": purpose, "sections": len(opened), **kinds}
        log.record("sections-handed-out", actor=actor, institution=institution, record=record, facts=facts)
    return opened


def close_expired() -> int:
    """Take away the section keys whose consents have run out; how many. Who opens these sections next renews them.

    Until this has run such a key opens nothing through Amparo either (`consent.usable_keys`).
    """
    closed = 0
    while waiting := list(keys_without_consent().order_by("pk").values_list("key__section", flat=True)[:_CHUNK]):
        with transaction.atomic():
            closed += _close(_lock(Section.objects.filter(pk__in=set(waiting)).only("pk")))
    return closed


def _standing(sections: Collection[Section], recipient: str) -> QuerySet[Consent]:
    return Consent.objects.filter(
        section__in=[section.pk for section in sections], recipient=recipient, withdrawn_on=None, replaced_by=None
    )


def _says(consent: Consent, facts: Mapping[str, object]) -> bool:
    return all(getattr(consent, name) == said for name, said in facts.items())


def _close(sections: Collection[Section]) -> int:
    """Take the keys of `sections` away from holders whom no consent allows them any more; how many."""
    closed, waiting = 0, list(sections)
    for start in range(0, len(waiting), _CHUNK):
        closed += _take(list(keys_without_consent(waiting[start : start + _CHUNK]).values_list("pk", "key")))
    return closed


def _take(ended: Collection[tuple[int, int]]) -> int:
    """End these `SharedFor`, each with its key; the keys that then were shared for nothing go. How many."""
    SharedFor.objects.filter(pk__in=[each for each, _ in ended]).delete()
    left = SectionKey.objects.filter(pk__in={key for _, key in ended}, shared_for=None)
    gone = list(left.values_list("pk", "section"))
    Section.objects.filter(pk__in={section for _, section in gone}).update(new_key_due=True)
    SectionKey.objects.filter(pk__in=[key for key, _ in gone]).delete()
    return len(gone)


def _renew(sections: list[Section], unlocked: Unlocked | None) -> None:
    """Let `sections` know which of them wait for a new data key, and give it where `unlocked` can."""
    waiting = Section.objects.filter(pk__in=[section.pk for section in sections], new_key_due=True)
    due = set(waiting.values_list("pk", flat=True))
    for section in sections:
        section.new_key_due = section.pk in due
    if unlocked is not None:
        renew_due_keys(sections, unlocked)


def _lock(sections: Iterable[Section]) -> list[Section]:
    """Hold others off who share these sections at the same moment; the sections as they are now."""
    wanted = sorted({section.pk for section in sections})
    found: list[Section] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = Section.objects.filter(pk__in=wanted[start : start + _CHUNK])
        found += chunk.select_for_update().defer("ciphertext").order_by("pk")
    return found
