"""What is done with consents in a case, and with its sharing: each step in one transaction, and in the log.

Whether a part may go to somebody is asked in the vault, where its key is given; nothing here decides it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from amparo.cases.held import take_incident
from amparo.cases.models import Incident, Share
from amparo.cases.sharing.parts import CasePart, parts_of, sections_by_id
from amparo.files.models import SealedFile
from amparo.institutions.models import Institution, User, this_hour
from amparo.institutions.services import RECIPIENT_OF_KIND
from amparo.institutions.sessions import code_of
from amparo.notices.kinds import CASE_SHARED, CASE_WITHDRAWN
from amparo.notices.services import tell
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import Consent, Section


class Refusal(StrEnum):
    """Why a case may not be shared with an institution."""

    NOTHING_AGREED = "nothing-agreed"
    OTHER_COUNTRY = "other-country"
    NO_RECIPIENT = "no-recipient"


class NotShared(Exception):
    """The case was not shared; `refusal` says why. Nothing went."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class SaidYes:
    """What a person agreed to: codes, and days."""

    parts: frozenset[UUID]
    recipients: tuple[str, ...]
    purposes: tuple[str, ...]
    how: str
    language: str
    given_on: date
    expires_on: date | None = None


@transaction.atomic
def record_consent(user: User, incident: int, said: SaidYes) -> int:
    """Note what a person agreed to, for each of the parts, recipients and purposes; how many consents are new.

    The same said twice is said once. A consent for another expiry takes the place of the one that stands, and closes
    what it no longer allows. Raises `Incident.DoesNotExist`.
    """
    held = take_incident(user, incident)
    sections = _sections(held, said.parts)
    new = 0
    for recipient in said.recipients:
        for purpose in said.purposes:
            before = {each.pk for each in vault.consents_of(sections)}
            given = vault.give_consent(
                sections, recipient, purpose, said.how, said.language, said.given_on, said.expires_on
            )
            added = [each for each in given if each.pk not in before]
            new += len(added)
            if added:
                facts: dict[str, str | int] = {"recipient": recipient, "purpose": purpose, "sections": len(added)}
                _log("consent-given", held, user, facts | {"how": said.how})
    end_closed_shares(Incident.objects.filter(pk=held.pk), user)
    return new


@transaction.atomic
def withdraw_consent(
    user: User,
    incident: int,
    parts: Collection[UUID],
    recipient: str,
    purposes: Iterable[str],
    unlocked: vault.Unlocked | None,
) -> list[Consent]:
    """Withdraw consents of a case: who had these parts under them loses them at once, and is told; those that stood.

    Twice is once. With `unlocked` the parts get new data keys now, else at their next opening. Raises
    `Incident.DoesNotExist`.
    """
    held = take_incident(user, incident)
    sections = _sections(held, parts)
    ended = []
    for purpose in purposes:
        taken = vault.withdraw_consent(sections, recipient, purpose, unlocked)
        ended += taken
        if taken:
            facts: dict[str, str | int] = {"recipient": recipient, "purpose": purpose, "sections": len(taken)}
            _log("consent-withdrawn", held, user, facts)
    end_closed_shares(Incident.objects.filter(pk=held.pk), user)
    return ended


def shareable_parts(incident: Incident, to: Institution, purpose: str) -> list[tuple[CasePart, bool]]:
    """The parts of `incident`, each with whether a consent lets `to` have it for `purpose` today."""
    parts = parts_of(incident)
    agreed = vault.valid_consents().filter(recipient=RECIPIENT_OF_KIND.get(to.kind, ""), purpose=purpose)
    allowed = set(agreed.filter(section__in=[part.section for part in parts]).values_list("section", flat=True))
    return [(part, part.section in allowed) for part in parts]


def refusal(incident: Incident, to: Institution) -> Refusal | None:
    """Why nothing of `incident` may go to `to`, whatever was agreed; None where it may.

    A consent for the NHRI is one for that of the country in which it happened, and for no other.
    """
    if to.kind not in RECIPIENT_OF_KIND:
        return Refusal.NO_RECIPIENT
    if to.kind == "nhri" and to.country != incident.country:
        return Refusal.OTHER_COUNTRY
    return None


@transaction.atomic
def share_case(
    user: User, incident: int, to: Institution, purpose: str, parts: Collection[UUID], unlocked: vault.Unlocked
) -> Share:
    """Let `to` have the coded facts of a case and these parts of it. All of them go, or none; twice is once.

    Raises `NotShared` where a consent is missing for one of them or none is named, `Incident.DoesNotExist`, and
    `SectionKey.DoesNotExist` or `keys.VaultError` where `unlocked` does not open one.
    """
    held = take_incident(user, incident)
    if why := refusal(held, to):
        raise NotShared(why)
    sections = _sections(held, parts)
    if not sections:
        raise NotShared(Refusal.NOTHING_AGREED)
    try:
        with transaction.atomic():
            for section in sections:
                vault.share_section(section, unlocked, to.key_pair, purpose)
    except vault.ConsentMissing:
        raise NotShared(Refusal.NOTHING_AGREED) from None
    share, _ = Share.objects.get_or_create(
        incident=held, institution=to, purpose=purpose, withdrawn_at=None, defaults={"shared_by": user}
    )
    had = set(share.sections.filter(pk__in=[each.pk for each in sections]).values_list("pk", flat=True))
    added = [each for each in sections if each.pk not in had]
    if added:
        share.sections.add(*added)
        tell(to, CASE_SHARED)
        facts: dict[str, str | int] = {"to": to.pk, "purpose": purpose, "sections": len(added)}
        _log("case-shared", held, user, facts)
        _log_there("case-received", share, {"from": held.institution_id, "sections": len(added)})
    return share


@transaction.atomic
def stop_sharing(user: User, incident: int, share: int, unlocked: vault.Unlocked | None) -> None:
    """Take a shared case back though the consents stand. Twice is once. Raises `Share.DoesNotExist`."""
    held = take_incident(user, incident)
    found = held.shares.select_related("institution__key_pair").get(pk=share)
    if found.withdrawn_at is None:
        shared = list(found.sections.order_by("pk"))
        vault.take_back_sections(shared, found.institution.key_pair, found.purpose, unlocked)
        _end(found, user)


def shares_with(institution: Institution) -> QuerySet[Share]:
    """What other institutions share with `institution` now, newest first: as far as a key of it still opens."""
    found = Share.objects.filter(_opens(), institution=institution, withdrawn_at=None)
    return found.select_related("incident__institution", "incident__dataset").order_by("-at", "-pk")


@transaction.atomic
def end_closed_shares(incidents: QuerySet[Incident], user: User | None = None) -> int:
    """End the shares of `incidents` of which no key opens anything any more, and tell those who had them; how many.

    Call it where consents end.
    """
    closed = Share.objects.filter(~_opens(), incident__in=incidents, withdrawn_at=None)
    ended = list(closed.select_related("institution", "incident__institution").order_by("pk"))
    for share in ended:
        _end(share, user)
    return len(ended)


def close_expired() -> int:
    """Take away what consents that ran out allowed, and end the shares that are left with nothing. A daily duty."""
    return vault.close_expired() + end_closed_shares(Incident.objects.all())


def renew_files(incident: Incident, unlocked: vault.Unlocked) -> int:
    """Give files of a case new data keys where a consent for them ended while nobody's keys were open; how many.

    What is text is renewed when it is opened; for a file that takes its time.
    """
    files = SealedFile.objects.filter(evidence__incident=incident)
    due = Section.objects.filter(new_key_due=True).filter(Q(file__in=files) | Q(file__original__in=files))
    return vault.renew_due_keys(list(due.distinct()), unlocked)


@transaction.atomic
def note_reading(user: User, share: Share, sections: int) -> None:
    """Note in the log, which both institutions read, that `user` read what is sealed in a case shared with hers."""
    if sections:
        facts: dict[str, str | int] = {"sections": sections, "share": share.pk}
        _record("section-opened", user, code_of(user), share.incident_id, facts)


@transaction.atomic
def note_shared_file(user: User, share: Share, file: UUID, which: str) -> None:
    """Note in the log that `user` opened a file of a case shared with her institution: its "copy" or "original"."""
    facts: dict[str, str | int] = {"file": str(file), "which": which, "share": share.pk}
    _record("file-opened", user, code_of(user), share.incident_id, facts)


def _opens() -> Exists:
    """Of a `Share`: whether its institution's key opens any of its sections."""
    through = Share.sections.through.objects.filter(share=OuterRef(OuterRef("pk"))).values("section")
    return Exists(vault.usable_keys().filter(section__in=through, holder__institution=OuterRef("institution")))


def _end(share: Share, user: User | None) -> None:
    share.withdrawn_at = this_hour()
    share.save(update_fields=["withdrawn_at"])
    tell(share.institution, CASE_WITHDRAWN)
    _log("case-withdrawn", share.incident, user, {"to": share.institution_id, "purpose": share.purpose})
    _log_there("case-closed", share, {"from": share.incident.institution_id})


def _sections(incident: Incident, wanted: Collection[UUID]) -> list[Section]:
    """The sections of those parts of `incident` that are `wanted`: what is no part of it is left out."""
    found = sections_by_id(part for part in parts_of(incident) if part.section in wanted)
    return [found[pk] for pk in sorted(found)]


def _log(action: str, incident: Incident, user: User | None, facts: dict[str, str | int]) -> None:
    _record(action, user, incident.institution.code, incident.pk, facts)


def _log_there(action: str, share: Share, facts: dict[str, str | int]) -> None:
    log.record(action, institution=share.institution.code, record=f"share:{share.pk}", facts=facts)


def _record(action: str, user: User | None, institution: str, incident: int, facts: dict[str, str | int]) -> None:
    actor = user.pk if user else None
    log.record(action, actor=actor, institution=institution, record=f"incident:{incident}", facts=facts)
