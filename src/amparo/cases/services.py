"""Writing incidents: the only place that does."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.db import models, transaction

from amparo.cases.drafts import IncidentDraft, SealedFields
from amparo.cases.models import (
    Act,
    AllegedPerpetrator,
    Dataset,
    DefenderProfile,
    Incident,
    Information,
    Involvement,
    Source,
    Victim,
)
from amparo.institutions.models import Institution
from amparo.vault import services as vault
from amparo.vault.models import KeyPair, Section, SectionKey

_AT_ONCE = 500


@transaction.atomic
def record_incidents(
    institution: Institution,
    dataset: Dataset,
    drafts: Iterable[IncidentDraft],
    sources: Mapping[str, Source] | None = None,
) -> int:
    """Write all `drafts`, or none of them: coded facts in columns, the rest sealed to `institution`. How many."""
    written = 0
    waiting = iter(drafts)
    while some := list(islice(waiting, _AT_ONCE)):
        _Batch(institution, dataset, sources or {}).write(some)
        written += len(some)
    return written


class _Batch:
    """Some hundred incidents on their way into the database, one insert a table."""

    def __init__(self, institution: Institution, dataset: Dataset, sources: Mapping[str, Source]) -> None:
        self.institution = institution
        self.holder: KeyPair = institution.key_pair
        self.dataset = dataset
        self.sources = sources
        self.rows: dict[type[models.Model], list[Any]] = {
            model: []
            for model in (
                Section,
                SectionKey,
                Incident,
                Victim,
                DefenderProfile,
                Act,
                AllegedPerpetrator,
                Involvement,
                Information,
            )
        }

    def write(self, drafts: Iterable[IncidentDraft]) -> None:
        for draft in drafts:
            self._add(draft)
        # In the order of the dictionary: what is referred to gets its key before what refers to it.
        for model, rows in self.rows.items():
            for row in rows:
                _take_keys(row)
            model._default_manager.bulk_create(rows)

    def _add(self, draft: IncidentDraft) -> None:
        incident = Incident(
            institution=self.institution,
            dataset=self.dataset,
            country=draft.country,
            area=draft.area,
            setting=draft.setting,
            status=draft.status,
            sector=draft.sector,
            section=self._seal(draft.narrative, "narrative"),
            fingerprint=draft.fingerprint,
            content_fingerprint=draft.content_fingerprint,
        )
        incident.set_date(draft.date)
        self.rows[Incident].append(incident)
        perpetrators = [AllegedPerpetrator(incident=incident, kind=kind) for kind in dict.fromkeys(draft.perpetrators)]
        self.rows[AllegedPerpetrator] += perpetrators
        for each in draft.victims:
            victim = Victim(
                incident=incident,
                kind=each.kind,
                target=each.target,
                sex=each.sex,
                gender=each.gender,
                age_band=each.age_band,
                section=self._seal(each.identity, "identity"),
            )
            acts = [Act(incident=incident, victim=victim, kind=kind) for kind in dict.fromkeys(each.acts)]
            self.rows[Victim].append(victim)
            self.rows[Act] += acts
            self.rows[DefenderProfile] += [
                DefenderProfile(victim=victim, profile=profile) for profile in dict.fromkeys(each.profiles)
            ]
            self.rows[Involvement] += [
                Involvement(act=act, alleged_perpetrator=perpetrator) for act in acts for perpetrator in perpetrators
            ]
        self.rows[Information] += [
            Information(incident=incident, source=self.sources[code]) for code in dict.fromkeys(draft.sources)
        ]

    def _seal(self, fields: SealedFields, kind: str) -> Section | None:
        if not fields:
            return None
        section, key = vault.seal_for(fields, kind, self.holder)
        self.rows[Section].append(section)
        self.rows[SectionKey].append(key)
        return section


def _take_keys(row: models.Model) -> None:
    # The objects that `row` refers to have been written since it was made: take over the keys they were given.
    for name in ("incident", "victim", "act", "alleged_perpetrator"):
        referred = row._state.fields_cache.get(name)
        if referred is not None:
            setattr(row, f"{name}_id", referred.pk)
