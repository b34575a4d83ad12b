"""What the desk shows of an incident: the coded facts, and the sealed ones where this session's keys are open."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from amparo.cases.models import Act, Evidence, Incident, Information, Victim
from amparo.institutions.models import User
from amparo.vault import services as vault

SealedFields = dict[str, object]


@dataclass(frozen=True, slots=True)
class OpenedVictim:
    """A victim with her acts, and her identity where it could be opened."""

    victim: Victim
    identity: SealedFields | None


@dataclass(frozen=True, slots=True)
class OpenedIncident:
    """An incident as one reader may see it. `narrative` is None where it is closed to her, {} where there is none."""

    incident: Incident
    narrative: SealedFields | None
    victims: tuple[OpenedVictim, ...]


def incidents_for(user: User) -> QuerySet[Incident]:
    """The incidents that `user` may see, newest first: her institution's, whatever address is guessed."""
    if user.institution_id is None:
        return Incident.objects.none()
    return Incident.objects.filter(institution_id=user.institution_id).order_by("-latest", "-pk")


def with_acts(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """The same incidents with what a list shows of each, in a constant number of queries."""
    return incidents.select_related("dataset").prefetch_related(
        Prefetch("acts", Act.objects.order_by("pk")), Prefetch("victims", Victim.objects.order_by("pk"))
    )


def with_everything(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """The same incidents with all that their page shows, in a constant number of queries."""
    victims = Victim.objects.select_related("section").prefetch_related("profiles", "acts").order_by("pk")
    return incidents.select_related("dataset", "section", "institution").prefetch_related(
        Prefetch("victims", victims),
        Prefetch("information", Information.objects.select_related("source").order_by("pk")),
        "alleged_perpetrators",
        Prefetch("evidence", Evidence.objects.select_related("file__section").order_by("pk")),
    )


def open_incident(incident: Incident, unlocked: vault.Unlocked | None) -> OpenedIncident:
    """`incident` with the sections that `unlocked` opens."""
    victims = list(incident.victims.all())
    sections = [section for section in (incident.section, *(v.section for v in victims)) if section]
    opened = vault.open_sections(sections, unlocked) if unlocked else {}
    return OpenedIncident(
        incident,
        opened.get(incident.section_id) if incident.section_id else {},
        tuple(OpenedVictim(v, opened.get(v.section_id) if v.section_id else {}) for v in victims),
    )
