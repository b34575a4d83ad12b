"""The register of national protection systems: who may read which country, and the only writers of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from amparo.cases.dates import EventDate
from amparo.institutions.models import Institution, User
from amparo.protection.gaps import Gap, Part, find_gaps
from amparo.protection.held import ChangedMeanwhile, ProtectionError, write_words
from amparo.protection.models import Consultation, ConsultedGroup, PartState, SystemPart
from amparo.vault import log
from amparo.vault import services as vault

CONSULTATION = "consultation"
WIDE_KINDS = ("network", "ganhri")


class LastState(ProtectionError):
    """A part keeps one state at least: take the part out instead."""

    code = "last-state"


@dataclass(frozen=True, slots=True)
class StateFacts:
    """In which state a part was since when, and where that can be read."""

    state: str
    since: EventDate | None = None
    evidence_title: str = ""
    evidence_link: str = ""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part of a system: codes, and what it is called in public."""

    country: str
    kind: str
    title: str
    language: str = ""
    with_defenders: str = "unknown"


@dataclass(frozen=True, slots=True)
class ConsultationFacts:
    """A consultation. `names` go sealed always; `said` and `changed` where it is not public."""

    held: EventDate | None
    groups: tuple[str, ...] = ()
    took_part: int | None = None
    women_took_part: int | None = None
    is_public: bool = False
    effect: str = "unknown"
    names: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    changed: str = field(default="", repr=False)


def sees_all_countries(institution: Institution) -> bool:
    """Whether an institution works for more countries than one: a network, or GANHRI."""
    return institution.kind in WIDE_KINDS


def parts_for(user: User) -> QuerySet[SystemPart]:
    """The parts that `user` may read: those that her NHRI keeps of its own country; all, for a network or GANHRI.

    What others keep are public facts: codes, titles and links. Their consultations are theirs unless they are public.
    """
    institution = user.institution
    if institution is None:
        return SystemPart.objects.none()
    if sees_all_countries(institution):
        return SystemPart.objects.all()
    return SystemPart.objects.filter(institution=institution, country=institution.country)


def own_parts(user: User) -> QuerySet[SystemPart]:
    """The parts that `user` may change: those that her institution keeps."""
    return parts_for(user).filter(institution=user.institution)


def consultations_for(user: User) -> QuerySet[Consultation]:
    """The consultations that `user` may read: her institution's own, and public ones on parts that she reads."""
    readable = Q(part__institution=user.institution) | Q(is_public=True)
    return Consultation.objects.filter(readable, part__in=parts_for(user))


def with_history(parts: QuerySet[SystemPart], user: User) -> QuerySet[SystemPart]:
    """The same parts with their states and the consultations that `user` may read, in three queries more."""
    consultations = consultations_for(user).select_related("section").prefetch_related("groups")
    return parts.select_related("institution").prefetch_related("states", Prefetch("consultations", consultations))


def gaps_of(parts: list[SystemPart]) -> tuple[Gap, ...]:
    """What lacks in the system of one country, whose `parts` these are, read by `with_history`."""
    return find_gaps(
        Part(
            kind=part.kind,
            state=part.state,
            has_evidence=any(state.evidence_link or state.evidence_title for state in part.states.all()),
            with_defenders=part.with_defenders,
            consultations=len(part.consultations.all()),
        )
        for part in parts
    )


@transaction.atomic
def note_opening(user: User, country: str, sections: int) -> None:
    """Note in the log that `user` read so many sealed sections on a country's page; nothing for none."""
    if sections and user.institution is not None:
        log.record(
            "section-opened",
            actor=user.pk,
            institution=user.institution.code,
            record=f"national-system:{country.lower()}",
            facts={"sections": sections},
        )


@transaction.atomic
def add_part(user: User, facts: PartFacts, state: StateFacts, token: UUID) -> SystemPart:
    """Add a part with its first state; the same `token` twice is one part."""
    institution = user.institution
    assert institution is not None  # noqa: S101  (a page of the desk)
    there = own_parts(user).filter(token=token).first()
    if there is not None:
        return there
    part = SystemPart(institution=institution, token=token, state=state.state)
    _set_part(part, facts, institution)
    part.save()
    _add_state(part, state, token)
    _log("system-part-added", part, user, {"kind": part.kind, "state": part.state})
    return part


@transaction.atomic
def change_part(user: User, part: int, version: int, facts: PartFacts) -> SystemPart:
    """Change what a part is called and whether it was designed with defenders. Raises `ChangedMeanwhile`."""
    held = _take(user, part)
    if held.version != version:
        raise ChangedMeanwhile
    _set_part(held, facts, held.institution)
    held.version += 1
    held.save()
    _log("system-part-changed", held, user)
    return held


@transaction.atomic
def remove_part(user: User, part: int) -> None:
    """Take out a part that was entered by mistake, with its states and consultations, and what is sealed of them."""
    held = _take(user, part)
    sections = list(held.consultations.exclude(section=None).values_list("section_id", flat=True))
    number = held.pk
    held.delete()
    vault.destroy_sections(each for each in sections if each is not None)
    held.pk = number
    _log("system-part-removed", held, user, {"kind": held.kind})


@transaction.atomic
def add_state(user: User, part: int, facts: StateFacts, token: UUID) -> PartState:
    """Add a state to a part's history; the part's own is the latest. The same `token` twice is one."""
    held = _take(user, part)
    there = held.states.filter(token=token).first()
    if there is not None:
        return there
    added = _add_state(held, facts, token)
    _keep_latest(held)
    _log("part-state-added", held, user, {"state": facts.state})
    return added


@transaction.atomic
def remove_state(user: User, part: int, state: int) -> None:
    """Take a state back that was added by mistake. Raises `LastState`, `PartState.DoesNotExist`."""
    held = _take(user, part)
    found = held.states.get(pk=state)
    if held.states.count() == 1:
        raise LastState
    found.delete()
    _keep_latest(held)
    _log("part-state-removed", held, user, {"state": found.state})


@transaction.atomic
def add_consultation(
    user: User, part: int, facts: ConsultationFacts, token: UUID, unlocked: vault.Unlocked | None
) -> Consultation:
    """Add a consultation on a part; the same `token` twice is one. Raises `KeysClosed`."""
    held = _take(user, part)
    there = held.consultations.filter(token=token).first()
    if there is not None:
        return there
    added = Consultation(part=held, token=token)
    _set_consultation(added, facts, held.institution, unlocked)
    _log("consultation-added", held, user, {"effect": added.effect})
    return added


@transaction.atomic
def change_consultation(
    user: User, part: int, consultation: int, facts: ConsultationFacts, unlocked: vault.Unlocked | None
) -> Consultation:
    """Change a consultation. Raises `KeysClosed`, `Consultation.DoesNotExist`."""
    held = _take(user, part)
    found = held.consultations.select_related("section").get(pk=consultation)
    _set_consultation(found, facts, held.institution, unlocked)
    _log("consultation-changed", held, user, {"effect": found.effect})
    return found


@transaction.atomic
def remove_consultation(user: User, part: int, consultation: int) -> None:
    """Take out a consultation, and what is sealed of it. Raises `Consultation.DoesNotExist`."""
    held = _take(user, part)
    found = held.consultations.get(pk=consultation)
    section = found.section_id
    found.delete()
    if section is not None:
        vault.destroy_sections([section])
    _log("consultation-removed", held, user)


def _take(user: User, part: int) -> SystemPart:
    held: SystemPart = (
        own_parts(user).select_for_update(of=("self",)).select_related("institution__key_pair").get(pk=part)
    )
    return held


def _set_part(part: SystemPart, facts: PartFacts, institution: Institution) -> None:
    part.country = facts.country if sees_all_countries(institution) else institution.country
    part.kind, part.title, part.language = facts.kind, facts.title, facts.language
    part.with_defenders = facts.with_defenders


def _add_state(part: SystemPart, facts: StateFacts, token: UUID) -> PartState:
    added = PartState(part=part, token=token, state=facts.state)
    added.since = facts.since
    added.since_earliest = facts.since.earliest if facts.since else None
    added.evidence_title, added.evidence_link = facts.evidence_title, facts.evidence_link
    added.save()
    return added


def _keep_latest(part: SystemPart) -> None:
    latest = part.states.last()
    part.state = latest.state if latest is not None else "unknown"
    part.version += 1
    part.save(update_fields=["state", "version"])


def _set_consultation(
    consultation: Consultation, facts: ConsultationFacts, institution: Institution, unlocked: vault.Unlocked | None
) -> None:
    consultation.held = facts.held
    consultation.held_earliest = facts.held.earliest if facts.held else None
    consultation.took_part, consultation.women_took_part = facts.took_part, facts.women_took_part
    consultation.is_public, consultation.effect = facts.is_public, facts.effect
    consultation.said_in_public = facts.said if facts.is_public else ""
    consultation.changed_in_public = facts.changed if facts.is_public else ""
    words = {"names": facts.names}
    if not facts.is_public:
        words |= {"said": facts.said, "changed": facts.changed}
    consultation.section = write_words(consultation.section, words, CONSULTATION, institution, unlocked)
    consultation.save()
    consultation.groups.all().delete()
    ConsultedGroup.objects.bulk_create(
        ConsultedGroup(consultation=consultation, group=code) for code in dict.fromkeys(facts.groups)
    )


def _log(action: str, part: SystemPart, user: User, facts: Mapping[str, str | int] | None = None) -> None:
    log.record(
        action,
        actor=user.pk,
        institution=part.institution.code,
        record=f"system-part:{part.pk}",
        facts=dict(facts or {}) | {"country": part.country},
    )
