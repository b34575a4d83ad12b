"""Writing incidents: the only place that does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.db import transaction

from amparo.cases.desk import OpenedIncident
from amparo.cases.drafts import IncidentDraft, SealedFields, VictimDraft
from amparo.cases.models import (
    Act,
    AllegedPerpetrator,
    Dataset,
    DefenderProfile,
    Evidence,
    Incident,
    Information,
    Involvement,
    Source,
    Victim,
)
from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, Section, SectionKey

_AT_ONCE = 500


# Without a savepoint of its own: with one, SQLite copies every page before it changes it, which costs more the more
# incidents there are. Who catches an error of this must leave the transaction around it.
@transaction.atomic(savepoint=False)
def record_incidents(
    institution: Institution,
    dataset: Dataset,
    drafts: Iterable[IncidentDraft],
    sources: Mapping[str, Source] | None = None,
) -> int:
    """Write all `drafts`, or none of them: coded facts in columns, the rest sealed to `institution`. How many.

    `sources` are those that the drafts name, by code; raises KeyError for another.
    """
    written = 0
    waiting = iter(drafts)
    while some := list(islice(waiting, _AT_ONCE)):
        _write(institution, dataset, some, sources or {})
        written += len(some)
    return written


@transaction.atomic
def note_opening(user: User, opened: OpenedIncident) -> None:
    """Note in the log that `user` read what is sealed in an incident; nothing where nothing was opened."""
    sections = sum(bool(fields) for fields in (opened.narrative, *(each.identity for each in opened.victims)))
    if sections:
        log.record(
            "section-opened",
            actor=user.pk,
            institution=opened.incident.institution.code,
            record=f"incident:{opened.incident.pk}",
            facts={"sections": sections},
        )


@transaction.atomic
def note_file(user: User, evidence: Evidence, which: str) -> None:
    """Note in the log that `user` opened a piece of evidence: its "copy" or its "original"."""
    log.record(
        "file-opened",
        actor=user.pk,
        institution=evidence.incident.institution.code,
        record=f"incident:{evidence.incident_id}",
        facts={"file": str(evidence.file_id), "which": which},
    )


@transaction.atomic
def record_incident(
    institution: Institution, dataset: Dataset, draft: IncidentDraft, sources: Mapping[str, Source] | None = None
) -> Incident:
    """Write one incident, sealed to `institution`. Raises KeyError for a source that is not among `sources`."""
    return _write(institution, dataset, [draft], sources or {})[0]


def _write(
    institution: Institution, dataset: Dataset, drafts: Sequence[IncidentDraft], sources: Mapping[str, Source]
) -> list[Incident]:
    """Write some hundred drafts, one insert a table, what is referred to before what refers to it."""
    sealed = _SealedSections(institution.key_pair)
    incidents = [_incident(institution, dataset, draft, sealed) for draft in drafts]
    victims = [_victim(victim, sealed) for draft in drafts for victim in draft.victims]
    sealed.save()
    Incident.objects.bulk_create(incidents)

    perpetrators: list[AllegedPerpetrator] = []
    information: list[Information] = []
    of_incident = iter(victims)
    for draft, incident in zip(drafts, incidents, strict=True):
        for victim in islice(of_incident, len(draft.victims)):
            victim.incident_id = incident.pk
        perpetrators += [
            AllegedPerpetrator(incident_id=incident.pk, kind=kind) for kind in dict.fromkeys(draft.perpetrators)
        ]
        information += [
            Information(incident_id=incident.pk, source_id=sources[code].pk) for code in dict.fromkeys(draft.sources)
        ]
    Victim.objects.bulk_create(victims)
    AllegedPerpetrator.objects.bulk_create(perpetrators)
    Information.objects.bulk_create(information)

    profiles: list[DefenderProfile] = []
    acts: list[Act] = []
    for victim, said in zip(victims, (each for draft in drafts for each in draft.victims), strict=True):
        profiles += [DefenderProfile(victim_id=victim.pk, profile=code) for code in dict.fromkeys(said.profiles)]
        acts += [
            Act(incident_id=victim.incident_id, victim_id=victim.pk, kind=kind) for kind in dict.fromkeys(said.acts)
        ]
    DefenderProfile.objects.bulk_create(profiles)
    Act.objects.bulk_create(acts)

    said_to_have_acted: dict[int, list[int]] = {}
    for perpetrator in perpetrators:
        said_to_have_acted.setdefault(perpetrator.incident_id, []).append(perpetrator.pk)
    Involvement.objects.bulk_create(
        Involvement(act_id=act.pk, alleged_perpetrator_id=perpetrator)
        for act in acts
        for perpetrator in said_to_have_acted.get(act.incident_id, ())
    )
    return incidents


@dataclass
class _SealedSections:
    """Sections that are sealed and not yet saved, each with its key for `holder`."""

    holder: KeyPair
    sections: list[Section] = field(default_factory=list)
    keys: list[SectionKey] = field(default_factory=list)

    def seal(self, fields: SealedFields, kind: str) -> UUID | None:
        """The identifier of a new section with `fields`; None where there is nothing to seal."""
        if not fields:
            return None
        section, key = vault.seal_for(fields, kind, self.holder)
        self.sections.append(section)
        self.keys.append(key)
        return section.pk

    def save(self) -> None:
        Section.objects.bulk_create(self.sections)
        SectionKey.objects.bulk_create(self.keys)


def _incident(institution: Institution, dataset: Dataset, draft: IncidentDraft, sealed: _SealedSections) -> Incident:
    incident = Incident(
        institution_id=institution.pk,
        dataset_id=dataset.pk,
        country=draft.country,
        area=draft.area,
        setting=draft.setting,
        status=draft.status,
        sector=draft.sector,
        section_id=sealed.seal(draft.narrative, "narrative"),
        fingerprint=draft.fingerprint,
        content_fingerprint=draft.content_fingerprint,
    )
    incident.set_date(draft.date)
    return incident


def _victim(said: VictimDraft, sealed: _SealedSections) -> Victim:
    return Victim(
        kind=said.kind,
        target=said.target,
        sex=said.sex,
        gender=said.gender,
        age_band=said.age_band,
        section_id=sealed.seal(said.identity, "identity"),
    )
