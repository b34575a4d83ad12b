"""Writing incidents: the only place that does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.db import transaction

from amparo.cases.desk import OpenedIncident
from amparo.cases.drafts import IncidentDraft, PerpetratorDraft, PlaceDraft, SealedFields, VictimDraft
from amparo.cases.models import (
    Act,
    ActMethod,
    AllegedPerpetrator,
    Dataset,
    DefenderProfile,
    Incident,
    Information,
    Involvement,
    Place,
    RuledOut,
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


def note_opening(user: User, opened: OpenedIncident) -> None:
    """Note in the log that `user` read what is sealed in an incident; nothing where nothing was opened."""
    note_sections(user, opened.incident, opened.sections)


@transaction.atomic
def note_sections(user: User, incident: Incident, number: int) -> None:
    """Note in the log that `user` read `number` sealed sections of an incident; nothing where there are none."""
    if number:
        log.record(
            "section-opened",
            actor=user.pk,
            institution=incident.institution.code,
            record=f"incident:{incident.pk}",
            facts={"sections": number},
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
    said_of = [each for draft in drafts for each in draft.victims]
    victims = [_victim(said, sealed) for said in said_of]
    alleged = [_perpetrator(said, sealed) for draft in drafts for said in draft.alleged]
    places = [
        (victim, _place(place, sealed)) for victim, said in zip(victims, said_of, strict=True) for place in said.places
    ]
    sealed.save()
    Incident.objects.bulk_create(incidents)

    kinds: list[AllegedPerpetrator] = []
    information: list[Information] = []
    of_incident, alleged_of_incident = iter(victims), iter(alleged)
    # Who is said to have acted in each incident: those of whom only a kind is told, and the others in their order.
    said_to_have_acted: dict[int | None, tuple[list[AllegedPerpetrator], list[AllegedPerpetrator]]] = {}
    for draft, incident in zip(drafts, incidents, strict=True):
        for victim in islice(of_incident, len(draft.victims)):
            victim.incident_id = incident.pk
        some = [AllegedPerpetrator(incident_id=incident.pk, kind=kind) for kind in dict.fromkeys(draft.perpetrators)]
        others = list(islice(alleged_of_incident, len(draft.alleged)))
        for perpetrator in others:
            perpetrator.incident_id = incident.pk
        kinds += some
        said_to_have_acted[incident.pk] = (some, others)
        information += [
            Information(incident_id=incident.pk, source_id=sources[code].pk) for code in dict.fromkeys(draft.sources)
        ]
    Victim.objects.bulk_create(victims)
    AllegedPerpetrator.objects.bulk_create([*kinds, *alleged])
    Information.objects.bulk_create(information)
    for victim, place in places:
        place.incident_id, place.victim_id = victim.incident_id, victim.pk
    Place.objects.bulk_create(place for _, place in places)

    profiles: list[DefenderProfile] = []
    acts: list[Act] = []
    ruled_out: list[RuledOut] = []
    methods: list[tuple[Act, str]] = []
    involved: list[tuple[Act, AllegedPerpetrator]] = []
    for victim, said in zip(victims, said_of, strict=True):
        profiles += [DefenderProfile(victim_id=victim.pk, profile=code) for code in dict.fromkeys(said.profiles)]
        ruled_out += [RuledOut(victim_id=victim.pk, kind=kind) for kind in dict.fromkeys(said.ruled_out)]
        hers = [_act(victim, kind, said) for kind in dict.fromkeys(said.acts)]
        acts += hers
        methods += [(act, code) for act in hers[:1] for code in dict.fromkeys(said.methods)]
        some, others = said_to_have_acted[victim.incident_id]
        by = [*some, *(others if said.alleged is None else (others[place] for place in said.alleged))]
        involved += [(act, perpetrator) for act in hers for perpetrator in by]
    DefenderProfile.objects.bulk_create(profiles)
    RuledOut.objects.bulk_create(ruled_out)
    Act.objects.bulk_create(acts)
    ActMethod.objects.bulk_create(ActMethod(act_id=act.pk, method=code) for act, code in methods)
    Involvement.objects.bulk_create(
        Involvement(act_id=act.pk, alleged_perpetrator_id=perpetrator.pk) for act, perpetrator in involved
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


def _perpetrator(said: PerpetratorDraft, sealed: _SealedSections) -> AllegedPerpetrator:
    return AllegedPerpetrator(
        kind=said.kind, state_link=said.state_link, section_id=sealed.seal(said.identity, "identity")
    )


def _place(said: PlaceDraft, sealed: _SealedSections) -> Place:
    return Place(
        order=said.order, kind=said.kind, precision=said.precision, section_id=sealed.seal(said.sealed, "place")
    )


def _act(victim: Victim, kind: str, said: VictimDraft) -> Act:
    act = Act(incident_id=victim.incident_id, victim_id=victim.pk, kind=kind)
    act.date = said.date
    return act
