"""What each rule finds in the records of an institution: the same for tonight as for the past, when it is tried out.

Everything is read from codes and days. `key` tells one find from another, so that no night raises it twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Min

from amparo.cases.models import Act, Incident
from amparo.civic_space.given import stages_reached
from amparo.institutions.models import Institution
from amparo.reprisals.models import Accreditation, BudgetCut, DocumentedForm, YearFigures
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary
from amparo.warning.triggers.kinds import read_parameters

Numbers = Mapping[str, int]
_ACTS = get_vocabulary("acts")
THREATS = _ACTS.with_narrower("threat")
SMEARS = _ACTS.with_narrower("attack-on-reputation")
ARRESTS = frozenset({"arbitrary-detention", *_ACTS.with_narrower("judicial-harassment")})
DISMISSALS = frozenset({"undue-dismissal", "undue-appointment"})


@dataclass(frozen=True, slots=True)
class Found:
    """That a rule came true on `day`. `facts` are numbers and codes."""

    key: str
    day: date
    country: str
    incident: int | None = None
    facts: Mapping[str, int | str] = field(default_factory=dict)


def find(kind: str, institution: Institution, said: Mapping[str, object], since: date, until: date) -> list[Found]:
    """What the rule finds from `since` to `until`, both days included, the earliest first.

    Raises as `read_parameters`.
    """
    numbers = read_parameters(kind, said)
    found = _FINDERS[kind](institution, numbers, since, until)
    return sorted((each for each in found if since <= each.day <= until), key=lambda each: (each.day, each.key))


def _find_bills(institution: Institution, _numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    reached = stages_reached(kinds=("law",), stages=("tabled",), effects=("restrictive",), institution=institution.code)
    for each in reached:
        day = each.date.earliest if each.date else each.known_at.date()
        yield Found(f"{each.condition}", day, each.country, facts={"condition": each.condition, "kind": each.kind})


def _find_repeated_threats(institution: Institution, numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    window = timedelta(days=numbers["days"])
    for (person, country), threats in _by_person(institution, THREATS, since - window, until).items():
        days: list[tuple[date, int]] = []
        for day, incident in threats:
            days = [each for each in days if day - each[0] <= window]
            days.append((day, incident))
            if len(days) >= numbers["number"]:
                facts = {"number": len(days), "days": (day - days[0][0]).days}
                yield Found(f"{person}:{days[0][0].isoformat()}", day, country, incident, facts)
                days = []


def _find_smear_then_arrest(institution: Institution, numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    window = timedelta(days=numbers["days"])
    smears = _by_person(institution, SMEARS, since - window, until)
    for (person, country), arrests in _by_person(institution, ARRESTS, since, until).items():
        for day, incident in arrests:
            before = [smear for smear, _incident in smears.get((person, country), ()) if smear <= day <= smear + window]
            if before:
                facts = {"days": (day - before[-1]).days}
                yield Found(f"{person}:{incident}", day, country, incident, facts)


def _by_person(
    institution: Institution, kinds: Iterable[str], since: date, until: date
) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """Day and case of each incident in which one of `kinds` was done to the same person or body, by her and country.

    Who was not found to be one person in several cases counts in each case by herself; an institution that is attacked
    is one by its target and country. Only dates that are known to the day.
    """
    acts = (
        Act.objects.filter(incident__institution=institution, kind__in=list(kinds))
        .filter(incident__earliest__gte=since, incident__latest__lte=until, incident__same_as=None)
        .exclude(incident__stage="draft")
        .order_by("incident__earliest", "incident")
        .values_list(
            "incident__earliest",
            "incident__latest",
            "incident",
            "incident__country",
            "victim",
            "victim__person",
            "victim__kind",
            "victim__target",
        )
    )
    found: defaultdict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
    for first, last, incident, country, victim, person, kind, target in acts:
        if first is None or first != last:
            continue
        body = f"body-{target}" if kind == "institution" and target.startswith("nhri") else None
        who = body or (f"person-{person}" if person is not None else f"victim-{victim}")
        if (first, incident) not in found[who, country]:
            found[who, country].append((first, incident))
    return found


def _find_dismissals(institution: Institution, _numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    forms = DocumentedForm.objects.filter(
        reprisal__incident__institution=institution, form__in=DISMISSALS
    ).select_related("reprisal__incident")
    for each in forms.exclude(reprisal__incident__stage="draft"):
        incident = each.reprisal.incident
        day = each.date.earliest if each.date else incident.earliest
        if day is not None:
            yield Found(f"{each.pk}", day, incident.country, incident.pk, {"form": each.form})


def _find_budget_cuts(institution: Institution, numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    cuts = BudgetCut.objects.filter(documented__reprisal__incident__institution=institution)
    for cut in cuts.select_related("documented__reprisal__incident"):
        incident = cut.documented.reprisal.incident
        percent = _fall(cut.amount_before, cut.amount_after)
        if incident.earliest is not None and percent is not None and percent >= numbers["percent"]:
            yield Found(f"case:{cut.pk}", incident.earliest, incident.country, incident.pk, {"percent": percent})
    figures = YearFigures.objects.filter(profile__kept_by=institution).select_related("profile")
    before: dict[tuple[int, str], YearFigures] = {}
    for year in figures.exclude(amount=None).order_by("profile", "year"):
        earlier = before.get((year.profile_id, year.currency))
        before[year.profile_id, year.currency] = year
        if earlier is None or earlier.year + 1 != year.year:
            continue
        percent = _fall(earlier.amount, year.amount)
        if percent is not None and percent >= numbers["percent"]:
            key = f"profile:{year.profile_id}:{year.year}"
            yield Found(key, date(year.year, 1, 1), year.profile.country, facts={"percent": percent, "year": year.year})


def _fall(before: object, after: object) -> int | None:
    """By how many per cent an amount fell; None where one is missing or it did not."""
    if before is None or after is None or float(str(before)) <= 0:
        return None
    fell = 100 * (1 - float(str(after)) / float(str(before)))
    return int(fell) if fell > 0 else None


def _find_special_reviews(institution: Institution, _numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    reviews = Accreditation.objects.filter(profile__kept_by=institution, path="special").select_related("profile")
    for review in reviews.exclude(earliest=None):
        assert review.earliest is not None  # noqa: S101  (left out above)
        yield Found(f"review:{review.pk}", review.earliest, review.profile.country)
    for each in stages_reached(kinds=("nhri-sca-review",), institution=institution.code):
        day = each.date.earliest if each.date else each.known_at.date()
        yield Found(f"condition:{each.condition}", day, each.country, facts={"condition": each.condition})


def _find_silence(institution: Institution, numbers: Numbers, since: date, until: date) -> Iterator[Found]:
    """The day on which a silence of `days` was complete, for who recorded `usual` cases in the year before it."""
    window, year = timedelta(days=numbers["days"]), timedelta(days=365)
    incidents = Incident.objects.filter(institution=institution).exclude(stage="draft")
    # By the day of recording: what is silent is the institution, not the attacks.
    recorded = incidents.filter(created_at__date__lte=until).order_by("created_at")
    days = [each.date() for each in recorded.values_list("created_at", flat=True)]
    for position, day in enumerate(days):
        after = days[position + 1] if position + 1 < len(days) else until + timedelta(days=1)
        complete = day + window
        if after <= complete or complete > until:
            continue
        usual = sum(1 for each in days[: position + 1] if day - each <= year)
        if usual >= numbers["usual"]:
            country = institution.country or UNKNOWN
            yield Found(day.isoformat(), complete, country, facts={"days": numbers["days"], "usual": usual})


_FINDERS: Mapping[str, Callable[[Institution, Numbers, date, date], Iterable[Found]]] = {
    "restrictive-bill": _find_bills,
    "repeated-threats": _find_repeated_threats,
    "member-dismissed": _find_dismissals,
    "budget-cut": _find_budget_cuts,
    "special-review": _find_special_reviews,
    "smear-then-arrest": _find_smear_then_arrest,
    "silence": _find_silence,
}


def first_day(institution: Institution, today: date) -> date:
    """The first day of which something is documented, for trying a rule on all that there is."""
    bounds = Incident.objects.filter(institution=institution).aggregate(
        first=Min("earliest"), recorded=Min("created_at__date")
    )
    return min(filter(None, (bounds["first"], bounds["recorded"])), default=today)
