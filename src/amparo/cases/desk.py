"""What the desk shows of an incident: the coded facts, and the sealed ones where this session's keys are open."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from amparo.cases.models import Act, AllegedPerpetrator, Incident, Information, Involvement, Place, Victim
from amparo.cases.statements import FactSaid, facts_of
from amparo.institutions.models import User
from amparo.vault import services as vault
from amparo.vault.models import Section

SealedFields = dict[str, object]
VICTIMS_PER_PAGE = 25
ACTS_PER_PAGE = 50
MOST_PLACES = 200
_MOST_OTHERS = 500


@dataclass(frozen=True, slots=True)
class OpenedPlace:
    """A place, and which one it is where that could be opened."""

    place: Place
    sealed: SealedFields | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedVictim:
    """A victim, counted within the case, with her kinds of act, and her identity where it could be opened.

    `contacts` is {} where nothing was sealed of how she is reached. `also` are the numbers by which the same person
    is counted among the alleged perpetrators.
    """

    victim: Victim
    number: int
    identity: SealedFields | None = field(repr=False)
    contacts: SealedFields | None = field(repr=False)
    kinds: tuple[str, ...] = ()
    places: tuple[OpenedPlace, ...] = ()
    also: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return str((self.identity or {}).get("name", ""))


@dataclass(frozen=True, slots=True)
class OpenedPerpetrator:
    """An alleged perpetrator, counted within the case."""

    perpetrator: AllegedPerpetrator
    number: int
    identity: SealedFields | None = field(repr=False)

    @property
    def name(self) -> str:
        return str((self.identity or {}).get("name", ""))


@dataclass(frozen=True, slots=True)
class OpenedInformation:
    """A source of the case, counted within it, with what it said."""

    information: Information
    number: int
    sealed: SealedFields | None = field(repr=False)

    @property
    def name(self) -> str:
        return str((self.sealed or {}).get("name", ""))


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act with how its victim and those who had to do with it are counted in the case."""

    act: Act
    victim: int
    involved: tuple[tuple[int, Involvement], ...]


@dataclass(frozen=True, slots=True)
class OpenedIncident:
    """An incident as one reader may see it. `narrative` is None where it is closed to her, {} where there is none.

    Of long cases a page of the victims and a page of the acts. `sections` were opened for it.
    """

    incident: Incident
    narrative: SealedFields | None = field(repr=False)
    notes: SealedFields | None = field(repr=False)
    victims: tuple[OpenedVictim, ...]
    acts: tuple[ShownAct, ...]
    perpetrators: tuple[OpenedPerpetrator, ...]
    information: tuple[OpenedInformation, ...]
    places: tuple[OpenedPlace, ...]
    facts: tuple[FactSaid, ...]
    victim_page: "Page[Victim]"
    act_page: "Page[Act]"
    sections: int

    @property
    def independent(self) -> int:
        """How many sources are held to be independent of the others."""
        return sum(each.information.independence == "yes" for each in self.information)

    @property
    def differing(self) -> list[FactSaid]:
        """The facts on which sources disagree with each other, or with the case."""
        return [fact for fact in self.facts if fact.differs]

    @property
    def agreed(self) -> list[FactSaid]:
        """The facts on which those sources that say something say what the case takes."""
        return [fact for fact in self.facts if not fact.differs]


def incidents_for(user: User) -> QuerySet[Incident]:
    """The incidents that `user` may see, newest first: her institution's, whatever address is guessed."""
    if user.institution_id is None:
        return Incident.objects.none()
    return Incident.objects.filter(institution_id=user.institution_id).order_by("-latest", "-pk")


def open_incident(
    incident: Incident, unlocked: vault.Unlocked | None, *, victims_page: str | int = 1, acts_page: str | int = 1
) -> OpenedIncident:
    """`incident` with the sections that `unlocked` opens, in a number of queries that does not grow with it."""
    victim_numbers = _numbered(incident.victims.order_by("pk").values_list("pk", flat=True))
    victim_page = Paginator(_victims(incident), VICTIMS_PER_PAGE).get_page(victims_page)
    act_page = Paginator(_acts(incident), ACTS_PER_PAGE).get_page(acts_page)
    victims = list(victim_page.object_list)
    perpetrators = list(incident.alleged_perpetrators.select_related("section").order_by("pk")[:_MOST_OTHERS])
    information = list(incident.information.select_related("source", "section").order_by("pk")[:_MOST_OTHERS])
    places = list(incident.places.filter(victim=None).select_related("section")[:MOST_PLACES])
    sections = [
        incident.section,
        incident.notes,
        *(section for victim in victims for section in (victim.section, victim.contacts)),
        *(place.section for victim in victims for place in victim.places.all()),
        *(place.section for place in places),
        *(each.section for each in perpetrators),
        *(each.section for each in information),
        *(act.place.section for act in act_page.object_list if act.place is not None),
    ]
    wanted = [section for section in sections if section is not None]
    opened = vault.open_sections(wanted, unlocked) if unlocked else {}
    kinds = _kinds_of(victims)
    perpetrator_numbers = _numbered(each.pk for each in perpetrators)
    acted: defaultdict[int, list[int]] = defaultdict(list)
    for each in perpetrators:
        if each.person_id is not None:
            acted[each.person_id].append(perpetrator_numbers[each.pk])
    return OpenedIncident(
        incident,
        _sealed(incident.section, opened),
        _sealed(incident.notes, opened),
        tuple(
            OpenedVictim(
                victim,
                victim_numbers[victim.pk],
                _sealed(victim.section, opened),
                _sealed(victim.contacts, opened),
                kinds.get(victim.pk, ()),
                tuple(OpenedPlace(place, _sealed(place.section, opened)) for place in victim.places.all()),
                tuple(acted.get(victim.person_id or 0, ())),
            )
            for victim in victims
        ),
        tuple(_shown(act, victim_numbers, perpetrator_numbers) for act in act_page.object_list),
        tuple(
            OpenedPerpetrator(each, perpetrator_numbers[each.pk], _sealed(each.section, opened))
            for each in perpetrators
        ),
        tuple(
            OpenedInformation(each, number, _sealed(each.section, opened))
            for number, each in enumerate(information, start=1)
        ),
        tuple(OpenedPlace(place, _sealed(place.section, opened)) for place in places),
        tuple(facts_of(incident, victims)),
        victim_page,
        act_page,
        sum(bool(fields) for fields in opened.values()),
    )


def _victims(incident: Incident) -> QuerySet[Victim]:
    places = Prefetch("places", Place.objects.select_related("section"))
    found = incident.victims.select_related("section", "contacts").order_by("pk")
    return found.prefetch_related("profiles", "ruled_out", places)


def _acts(incident: Incident) -> QuerySet[Act]:
    found = incident.acts.select_related("place__section").order_by("pk")
    return found.prefetch_related("methods", Prefetch("involvements", Involvement.objects.order_by("pk")))


def _kinds_of(victims: Sequence[Victim]) -> dict[int, tuple[str, ...]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Act.objects.filter(victim__in=victims).order_by("victim_id", "kind")
    for victim, kind in rows.values_list("victim_id", "kind").distinct():
        found[victim].append(kind)
    return {victim: tuple(kinds) for victim, kinds in found.items()}


def _shown(act: Act, victims: Mapping[int, int], perpetrators: Mapping[int, int]) -> ShownAct:
    involved = [
        (perpetrators[each.alleged_perpetrator_id], each)
        for each in act.involvements.all()
        if each.alleged_perpetrator_id in perpetrators
    ]
    return ShownAct(act, victims[act.victim_id], tuple(sorted(involved, key=lambda each: each[0])))


def _numbered(numbers: Iterable[int]) -> dict[int, int]:
    return {pk: place for place, pk in enumerate(numbers, start=1)}


def _sealed(section: Section | None, opened: Mapping[UUID, SealedFields]) -> SealedFields | None:
    return {} if section is None else opened.get(section.pk)
