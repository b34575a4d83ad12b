"""The regular report on reprisals (R6): counts of a period, for the institution's own use. No released figures.

A reprisal counts in a period where its whole date lies in it. One whose date only may lie in it, because a day or
month is not known, is counted apart, and so is one without a date: nothing is filled in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from amparo.cases.models import Victim
from amparo.institutions.models import User
from amparo.reprisals.forms_of_reprisal import ROOTS_OF_TARGETS
from amparo.reprisals.models import DocumentedForm, Reprisal
from amparo.reprisals.scope import reprisals_for
from amparo.vocabularies.catalogue import UNKNOWN, get_vocabulary


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last one, both counted. Raises ValueError where they are reversed."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period ends after it begins.")


@dataclass(frozen=True, slots=True)
class Counts:
    """One table: how many of `unit` ("reprisal" or "person") have each code of `vocabulary`."""

    name: str
    vocabulary: str
    unit: str
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of a period, with what could not be placed in it for certain."""

    period: Period
    reprisals: int
    may_lie_in_it: int
    undated: int
    tables: tuple[Counts, ...]


def count_reprisals(user: User, period: Period) -> Report:
    """What `user`'s institution documented of a period, in a constant number of queries."""
    all_of_them = reprisals_for(user).order_by()
    inside = all_of_them.filter(incident__earliest__gte=period.first, incident__latest__lte=period.last)
    touching = all_of_them.filter(incident__earliest__lte=period.last, incident__latest__gte=period.first)
    whole = inside.count()
    of_forms = (
        DocumentedForm.objects.filter(reprisal__in=inside).values("form").annotate(n=Count("reprisal", distinct=True))
    )
    targets = get_vocabulary("targets")
    own = [code for root in ROOTS_OF_TARGETS for code in targets.with_narrower(root)]
    hit = Victim.objects.filter(incident__reprisal__in=inside)
    persons = hit.filter(kind="person", target__in=own)
    tables = (
        _table("form", "nhri-reprisal-forms", "reprisal", of_forms.values_list("form", "n")),
        _table("network", "ganhri-networks", "reprisal", _by(inside, "nhri__network")),
        _table("country", "countries", "reprisal", _by(inside, "nhri__country")),
        _table(
            "target",
            "targets",
            "reprisal",
            hit.values("target").annotate(n=Count("incident", distinct=True)).values_list("target", "n"),
        ),
        _table("sex", "sex", "person", persons.values("sex").annotate(n=Count("pk")).values_list("sex", "n")),
        _table("mandate", "yes-no", "reprisal", _by(inside, "incident__because_of_mandate")),
        _table("cooperation", "yes-no", "reprisal", _by(inside, "incident__because_of_cooperation")),
        _table("status", "information-status", "reprisal", _by(inside, "incident__status")),
    )
    return Report(
        period,
        whole,
        touching.count() - whole,
        all_of_them.filter(Q(incident__earliest=None) | Q(incident__latest=None)).count(),
        tables,
    )


def _by(reprisals: QuerySet[Reprisal], column: str) -> Iterable[tuple[str, int]]:
    found: Iterable[tuple[str, int]] = reprisals.values(column).annotate(n=Count("pk")).values_list(column, "n")
    return found


def _table(name: str, vocabulary: str, unit: str, found: Iterable[tuple[str, int]]) -> Counts:
    counted = dict(found)
    ordered = {code: counted[code] for code in get_vocabulary(vocabulary).terms if code in counted and code != UNKNOWN}
    others = {code: number for code, number in counted.items() if code not in ordered}
    return Counts(name, vocabulary, unit, tuple((ordered | others).items()))
