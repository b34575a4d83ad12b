"""Whether an incident that is being entered may be there already: quick, for the form in which it is typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db.models import Q, QuerySet

from amparo.cases.dates import EventDate
from amparo.cases.models import UNKNOWN, Incident, Victim
from amparo.institutions.models import Institution
from amparo.linkage.dates import compare_dates
from amparo.linkage.names import NameLikeness, ReadName, compare_names, read_name
from amparo.linkage.opening import name_in
from amparo.vault import services as vault

Likelihood = Literal["surely", "probably", "perhaps"]
MOST_OPENED = 200
MOST_SHOWN = 10
DAYS_APART = 31
_ORDER: tuple[Likelihood, ...] = ("surely", "probably", "perhaps")
_SAME_TIME = frozenset({"date-same-day", "date-within-week"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """An incident that may be the one that is being entered. `reasons` are codes, as those of a candidate."""

    incident_id: int
    reasons: tuple[str, ...]
    likelihood: Likelihood


def likely_duplicates(
    institution: Institution,
    unlocked: vault.Unlocked,
    names: Sequence[str],
    date: EventDate | None,
    country: str,
    area: str,
) -> list[Likeness]:
    """Incidents of `institution` that may be the same as one with these names, time and place; likeliest first.

    At most `MOST_OPENED` identities are opened: those of the same country within `DAYS_APART` days, the newest first.
    Copies of another incident are left out. A constant number of queries. Linkage over all cases finds the rest.
    """
    read = [name for name in map(read_name, names) if name]
    if not read:
        return []
    victims = list(_near(institution, date, country)[:MOST_OPENED])
    opened = vault.open_sections([victim.section for victim in victims if victim.section], unlocked)
    best: dict[int, Likeness] = {}
    for victim in victims:
        theirs = read_name(name_in(opened.get(victim.section_id, {})) if victim.section_id else "")
        likeness = _likeness(read, theirs, victim.incident, date, area) if theirs else None
        known = best.get(victim.incident_id)
        if likeness and (known is None or _rank(likeness) < _rank(known)):
            best[victim.incident_id] = likeness
    return sorted(best.values(), key=_rank)[:MOST_SHOWN]


def _near(institution: Institution, date: EventDate | None, country: str) -> QuerySet[Victim]:
    victims = Victim.objects.filter(
        incident__institution=institution, incident__same_as=None, kind__in=("person", UNKNOWN)
    ).exclude(section=None)
    if country != UNKNOWN:
        victims = victims.filter(incident__country__in=(country, UNKNOWN))
    if date:
        margin = timedelta(days=DAYS_APART)
        victims = victims.filter(
            Q(incident__earliest=None)
            | Q(incident__earliest__lte=date.latest + margin, incident__latest__gte=date.earliest - margin)
        )
    return victims.select_related("incident", "section").order_by("-incident__latest", "-pk")


def _likeness(
    names: Iterable[ReadName], theirs: ReadName, incident: Incident, date: EventDate | None, area: str
) -> Likeness | None:
    said = min((compare_names(name, theirs) for name in names), key=list(NameLikeness).index)
    when = compare_dates(date, incident.date)
    where = _compare_areas(area, incident.area)
    likelihood = _likelihood(said, when, where)
    if likelihood is None:
        return None
    return Likeness(incident.pk, tuple(filter(None, (str(said), when, where))), likelihood)


def _likelihood(name: NameLikeness, when: str, where: str) -> Likelihood | None:
    near = when in _SAME_TIME
    if name in (NameLikeness.SAME, NameLikeness.VARIANT):
        if near and where != "area-differs":
            return "surely" if name is NameLikeness.SAME and where == "area-same" else "probably"
        return "perhaps" if when == "date-apart" else "probably"
    if name is NameLikeness.PART_MISSING:
        return "probably" if near and where != "area-differs" else "perhaps"
    if name is NameLikeness.PART_DIFFERS:
        return "perhaps" if near and where == "area-same" else None
    return "perhaps" if name is NameLikeness.ONE_PART and when == "date-same-day" and where == "area-same" else None


def _compare_areas(one: str, other: str) -> str:
    if UNKNOWN in (one, other) or not one or not other:
        return ""
    return "area-same" if one == other else "area-differs"


def _rank(likeness: Likeness) -> tuple[int, int]:
    return _ORDER.index(likeness.likelihood), -likeness.incident_id
