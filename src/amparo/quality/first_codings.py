"""How cases are coded now, as a second coder would code them: one value a field, about the case or one victim of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from amparo.cases.models import UNKNOWN, Act, AllegedPerpetrator, DefenderProfile, Incident, Victim
from amparo.quality.fields import BY_CODE, Record, join_codes

_OF_CASE = ("country", "setting", "sector", "because-of-work", "because-of-mandate", "because-of-cooperation")
_OF_VICTIM = ("target", "sex", "gender", "age")
Coding = dict[str, str]


def first_victims(incidents: Iterable[int]) -> dict[int, Victim]:
    """The first victim of each case that has one: "Victim 1" on its pages. One query."""
    found: dict[int, Victim] = {}
    for victim in Victim.objects.filter(incident__in=list(incidents)).order_by("pk"):
        found.setdefault(victim.incident_id, victim)
    return found


def read_first_codings(
    incidents: Sequence[Incident], victims: Mapping[int, Victim], fields: Iterable[str]
) -> dict[int, Coding]:
    """The coding of each case by its number. Three queries."""
    asked = list(fields)
    chosen = [victim.pk for victim in victims.values()]
    acts = _codes(Act.objects.filter(victim__in=chosen).values_list("incident_id", "kind"))
    profiles = _codes(DefenderProfile.objects.filter(victim__in=chosen).values_list("victim__incident_id", "profile"))
    alleged = _codes(AllegedPerpetrator.objects.filter(incident__in=incidents).values_list("incident_id", "kind"))
    several = {"act": acts, "profile": profiles, "perpetrator": alleged}
    found = {}
    for incident in incidents:
        victim = victims.get(incident.pk)
        coding: Coding = {}
        for code in asked:
            if code in several:
                coding[code] = join_codes(several[code].get(incident.pk, ())) or UNKNOWN
            elif code in _OF_CASE:
                coding[code] = str(getattr(incident, BY_CODE[code].column))
            elif code in _OF_VICTIM:
                coding[code] = str(getattr(victim, BY_CODE[code].column)) if victim else UNKNOWN
        found[incident.pk] = coding
    return found


def is_of_victim(code: str) -> bool:
    """Whether a field is coded of one victim, not of the case as a whole."""
    return BY_CODE[code].record in (Record.VICTIM, Record.ACT)


def _codes(pairs: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for number, code in pairs:
        if code != UNKNOWN:
            found[number].add(code)
    return dict(found)
