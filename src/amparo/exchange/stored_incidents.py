"""Imported incidents as they stand in the store, opened, as the drafts that they were written from."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from amparo.cases.drafts import IncidentDraft, PerpetratorDraft, PlaceDraft, VictimDraft
from amparo.cases.models import Act, AllegedPerpetrator, Incident, Information, Place, Victim
from amparo.exchange.problems import FileRefused
from amparo.institutions.models import Institution
from amparo.vault import services as vault
from amparo.vault.models import Section

_AT_ONCE = 100

Opened = Mapping[UUID, dict[str, object]]


def imported_incidents(institution: Institution, dataset: str) -> QuerySet[Incident]:
    """The incidents of `institution` that came from files of `dataset`, in the order in which they came."""
    return Incident.objects.filter(institution=institution, dataset__code=dataset, fingerprint__isnull=False).order_by(
        "pk"
    )


def drafts_of(incidents: QuerySet[Incident], unlocked: vault.Unlocked) -> Iterator[IncidentDraft]:
    """The drafts of `incidents`, one by one. Raises `FileRefused` where something sealed of them does not open."""
    keys = list(incidents.values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        some = Incident.objects.filter(pk__in=keys[start : start + _AT_ONCE]).order_by("pk")
        found = list(_with_all_that_was_imported(some))
        sections = [section for incident in found for section in _sections_of(incident)]
        opened = vault.open_sections(sections, unlocked)
        if any(section.pk not in opened for section in sections):
            raise FileRefused("not-all-opens")
        for incident in found:
            yield _draft(incident, opened)


def _with_all_that_was_imported(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    acts = Act.objects.prefetch_related("methods", "involvements").order_by("pk")
    places = Place.objects.select_related("section").order_by("order", "pk")
    victims = (
        Victim.objects.select_related("section")
        .prefetch_related("profiles", "ruled_out", Prefetch("acts", acts), Prefetch("places", places))
        .order_by("pk")
    )
    return incidents.select_related("section").prefetch_related(
        Prefetch("victims", victims),
        Prefetch("alleged_perpetrators", AllegedPerpetrator.objects.select_related("section").order_by("pk")),
        Prefetch("information", Information.objects.select_related("source").order_by("pk")),
    )


def _sections_of(incident: Incident) -> Iterator[Section]:
    victims = incident.victims.all()
    sections = [
        incident.section,
        *(victim.section for victim in victims),
        *(place.section for victim in victims for place in victim.places.all()),
        *(alleged.section for alleged in incident.alleged_perpetrators.all()),
    ]
    return (section for section in sections if section is not None)


def _draft(incident: Incident, opened: Opened) -> IncidentDraft:
    victims, alleged = list(incident.victims.all()), list(incident.alleged_perpetrators.all())
    at = {each.pk: place for place, each in enumerate(alleged)}
    return IncidentDraft(
        date=incident.date,
        country=incident.country,
        area=incident.area,
        setting=incident.setting,
        status=incident.status,
        sector=incident.sector,
        victims=tuple(_victim(victim, at, opened, alone=len(victims) == 1) for victim in victims),
        sources=tuple(each.source.code for each in incident.information.all()),
        narrative=_fields(incident.section_id, opened),
        alleged=tuple(
            PerpetratorDraft(each.kind, each.state_link, _fields(each.section_id, opened)) for each in alleged
        ),
    )


def _victim(victim: Victim, at: Mapping[int, int], opened: Opened, *, alone: bool) -> VictimDraft:
    acts = list(victim.acts.all())
    involved = {at[each.alleged_perpetrator_id] for act in acts for each in act.involvements.all()}
    return VictimDraft(
        kind=victim.kind,
        target=victim.target,
        sex=victim.sex,
        gender=victim.gender,
        age_band=victim.age_band,
        profiles=tuple(each.profile for each in sorted(victim.profiles.all(), key=lambda each: each.pk)),
        acts=tuple(act.kind for act in acts),
        identity=_fields(victim.section_id, opened),
        date=next((act.date for act in acts if act.date), None),
        methods=tuple(each.method for act in acts for each in sorted(act.methods.all(), key=lambda each: each.pk)),
        ruled_out=tuple(each.kind for each in victim.ruled_out.all()),
        places=tuple(
            PlaceDraft(each.order, each.kind, each.precision, _fields(each.section_id, opened))
            for each in victim.places.all()
        ),
        alleged=None if alone else tuple(sorted(involved)),
    )


def _fields(section: UUID | None, opened: Opened) -> dict[str, str]:
    return {name: str(value) for name, value in opened[section].items()} if section else {}
