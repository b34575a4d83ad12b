"""What may be there twice: pairs that linkage asks about, and cases whose coded facts are the very same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from amparo.cases.models import UNKNOWN, Act
from amparo.institutions.models import User
from amparo.linkage.models import LATER, OPEN, Candidate
from amparo.quality.conditions import cases_of

# What two cases have in common where they may be one: named as `_facts` gives them.
FACTS = ("day", "country", "area", "act", "sex", "age")


def count_candidates(user: User) -> Mapping[str, int]:
    """The pairs of victims that wait to be decided on, by how likely they are one person. One query."""
    waiting = Candidate.objects.filter(institution=user.institution, decision__in=(OPEN, LATER))
    return dict(waiting.values_list("band").annotate(number=Count("pk")).order_by())


def find_identical(user: User) -> QuerySet[Act, dict[str, Any]]:
    """Groups of cases with the same day, place, act, sex and age, the largest first: rows of FACTS and `cases`.

    Only exact days in a known country count, and kinds of act that are known: what nobody knows is alike everywhere.
    """
    acts = Act.objects.filter(incident__in=cases_of(user), incident__earliest=F("incident__latest"))
    acts = acts.exclude(kind=UNKNOWN).exclude(incident__country=UNKNOWN)
    facts = acts.values(
        day=F("incident__latest"),
        country=F("incident__country"),
        area=F("incident__area"),
        act=F("kind"),
        sex=F("victim__sex"),
        age=F("victim__age_band"),
    )
    groups: Any = facts.annotate(cases=Count("incident", distinct=True)).filter(cases__gt=1)
    found: QuerySet[Act, dict[str, Any]] = groups.order_by("-cases", "-day", *FACTS[1:])
    return found


def asked_for(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the list of cases is asked for to show the cases of such a row, as pairs of a facet and a code."""
    day: date = row["day"]
    return [("happened", day.isoformat()), *((name, row[name]) for name in FACTS[1:])]
