"""Looking for the same persons among an institution's cases, with its key open: what was found is kept as codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from amparo.cases.models import UNKNOWN, Place, Victim
from amparo.institutions.models import Institution, User
from amparo.linkage.engine import TooMany
from amparo.linkage.models import BANDS, LATER, OPEN, Candidate
from amparo.linkage.opening import age_in, name_in, place_in, role_in
from amparo.linkage.person_model import MOST_AT_ONCE, Found, find_same_persons
from amparo.linkage.records import Record
from amparo.vault import services as vault
from amparo.vault.log import record

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases are compared: those of `dataset` with those of `other` (or all among themselves), narrowed down."""

    dataset: str = ""
    other: str = ""
    country: str = ""
    first_year: int | None = None
    last_year: int | None = None
    incident: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How many victims were compared, and how many candidates are new."""

    victims: int
    new: int


def look_for_same_persons(user: User, institution: Institution, unlocked: vault.Unlocked, scope: Scope) -> Looked:
    """Compare, and keep the candidates that are new or still open. Raises `TooMany` and `LinkageError`."""
    victims = _victims(institution, scope)
    if scope.incident is not None:
        ours, theirs = victims.filter(incident=scope.incident), victims.exclude(incident=scope.incident)
    elif scope.other and scope.other != scope.dataset:
        ours = victims.filter(incident__dataset__code=scope.dataset) if scope.dataset else victims
        ours, theirs = (
            ours.exclude(incident__dataset__code=scope.other),
            victims.filter(incident__dataset__code=scope.other),
        )
    else:
        ours = victims.filter(incident__dataset__code=scope.dataset) if scope.dataset else victims
        theirs = None
    if ours.count() + (theirs.count() if theirs is not None else 0) > MOST_AT_ONCE:
        raise TooMany("These are too many to compare at once.")
    left = _open(ours, unlocked)
    right = None if theirs is None else _open(theirs, unlocked)
    found = find_same_persons(left, right)
    number = len(left) + len(right or ())
    return Looked(number, _keep(user, institution, found, number))


def _victims(institution: Institution, scope: Scope) -> QuerySet[Victim]:
    victims = Victim.objects.filter(
        incident__institution=institution, kind__in=("person", UNKNOWN), section__isnull=False
    ).exclude(incident__stage="draft")
    if scope.country:
        victims = victims.filter(incident__country__in=(scope.country, UNKNOWN))
    if scope.first_year:
        victims = victims.filter(Q(incident__latest=None) | Q(incident__latest__year__gte=scope.first_year))
    if scope.last_year:
        victims = victims.filter(Q(incident__earliest=None) | Q(incident__earliest__year__lte=scope.last_year))
    return victims


def _open(victims: QuerySet[Victim], unlocked: vault.Unlocked) -> list[Record]:
    places = Prefetch("incident__places", Place.objects.exclude(section=None).select_related("section"))
    found = victims.select_related("section", "incident__section", "incident__dataset").prefetch_related(places)
    records: list[Record] = []
    waiting: list[Victim] = []
    for victim in found.order_by("pk").iterator(_AT_ONCE):
        waiting.append(victim)
        if len(waiting) == _AT_ONCE:
            records += _records(waiting, unlocked)
            waiting = []
    return records + _records(waiting, unlocked)


def _records(victims: Iterable[Victim], unlocked: vault.Unlocked) -> list[Record]:
    victims = list(victims)
    sections = {}
    for victim in victims:
        for section in (victim.section, victim.incident.section, *(p.section for p in victim.incident.places.all())):
            if section is not None:
                sections[section.pk] = section
    opened: dict[UUID | None, dict[str, object]] = {}
    opened.update(vault.open_sections(sections.values(), unlocked).items())
    return [_record(victim, opened) for victim in victims]


def _record(victim: Victim, opened: Mapping[UUID | None, dict[str, object]]) -> Record:
    incident = victim.incident
    identity = opened.get(victim.section_id, {})
    narrative = opened.get(incident.section_id, {})
    place = place_in(narrative) or next(
        (said for each in incident.places.all() if (said := place_in(opened.get(each.section_id, {})))), ""
    )
    return Record(
        victim.pk,
        name_in(identity),
        sex=victim.sex,
        age=age_in(identity),
        date=incident.date,
        country=incident.country,
        area=incident.area,
        place=place,
        role=role_in(identity),
        incident=incident.pk,
        listed_in=incident.dataset.code,
    )


@transaction.atomic
def _keep(user: User, institution: Institution, found: list[Found], number: int) -> int:
    kept: dict[tuple[int, int], Candidate] = {}
    ids = sorted({each.one for each in found})
    for start in range(0, len(ids), _AT_ONCE):
        for candidate in Candidate.objects.filter(institution=institution, one__in=ids[start : start + _AT_ONCE]):
            kept[candidate.one_id, candidate.other_id] = candidate
    person_of = dict(
        Victim.objects.filter(incident__institution=institution).exclude(person=None).values_list("pk", "person_id")
    )
    new, changed = [], []
    for each in found:
        known = kept.get((each.one, each.other))
        together = person_of.get(each.one)
        if known is None and together is not None and together == person_of.get(each.other):
            continue
        if known is None:
            known = Candidate(institution=institution, one_id=each.one, other_id=each.other)
            new.append(known)
        elif known.decision in (OPEN, LATER):
            changed.append(known)
        else:
            continue
        known.band, known.band_order = each.band, BANDS.index(each.band)
        known.score, known.reasons = round(each.probability * 1000), list(each.reasons)
    Candidate.objects.bulk_create(new, batch_size=_AT_ONCE)
    Candidate.objects.bulk_update(changed, ["band", "band_order", "score", "reasons"], batch_size=200)
    record(
        "persons-compared",
        actor=user.pk,
        institution=institution.code,
        facts={"victims": number, "candidates": len(found), "new": len(new)},
    )
    return len(new)
