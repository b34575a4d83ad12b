"""How complete the coded facts are: of each field, in how many cases it is known, not known, or was never asked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from amparo.cases.models import Incident
from amparo.institutions.models import User
from amparo.quality.conditions import MENDERS, cases_of, not_known, only_bodies, without_any
from amparo.quality.fields import FIELDS, CodedField, Record

WHOLE, DATASET, SOURCE, SOURCE_KIND, MONTH, MENDER = "all", "dataset", "source", "source-kind", "month", "mender"
SPLITS = (WHOLE, DATASET, SOURCE, SOURCE_KIND, MONTH, MENDER)


@dataclass(slots=True)
class Known:
    """Of how many cases a field is known. `not_known` and `not_asked` together are the cases that lack it.

    Not asked: the case has no such record, such as no victim; or a list that was imported never gives the field.
    """

    cases: int = 0
    not_known: int = 0
    not_asked: int = 0
    not_applicable: int = 0

    @property
    def lacking(self) -> int:
        return self.not_known + self.not_asked

    @property
    def applicable(self) -> int:
        return self.cases - self.not_applicable

    @property
    def known(self) -> int:
        return self.applicable - self.lacking

    @property
    def share(self) -> float | None:
        """The share of cases in which it is known; None where it applies to none."""
        return self.known / self.applicable if self.applicable else None


@dataclass(frozen=True, slots=True)
class Group:
    """Some cases that belong together, and how complete each field is in them."""

    key: str
    cases: int
    fields: dict[str, Known] = field(default_factory=dict)


def measure_completeness(user: User, split: str = WHOLE) -> list[Group]:
    """How complete the cases are that `user` may see, by `split`; the largest group first, months newest first.

    One query, or two for a split that isn't one of datasets.
    """
    cases = cases_of(user)
    by_dataset = _count(cases, Value("", CharField()))
    never = _never_given(by_dataset)
    if split == WHOLE:
        return _groups(by_dataset, never, "key")
    if split == DATASET:
        return _ordered(_groups(by_dataset, never, "dataset__code"), split)
    # By source a case is there once for each of its sources, and counts once in each.
    counted = _count(_narrowed(cases, split), _key(split), distinct=split in _SOURCES)
    return _ordered(_groups(counted, never, "key"), split)


def _count(cases: QuerySet[Incident], key: Any, *, distinct: bool = False) -> list[dict[str, Any]]:
    measured: dict[str, Count] = {
        "cases": Count("pk", distinct=distinct),
        "imported": Count("pk", Q(fingerprint__isnull=False), distinct=distinct),
        "bodies": Count("pk", only_bodies(), distinct=distinct),
    }
    for record in Record:
        if record is not Record.INCIDENT:
            measured[f"without_{record}"] = Count("pk", without_any(record), distinct=distinct)
    for each in FIELDS:
        measured[_column(each)] = Count("pk", not_known(each), distinct=distinct)
    counted: Any = cases.annotate(key=key).values("key", "dataset__code").annotate(**measured).order_by()
    return list(counted)


def _narrowed(cases: QuerySet[Incident], split: str) -> QuerySet[Incident]:
    # Only sources that publish under their names can be asked for in the list of cases.
    return cases.filter(information__source__published_name__gt="") if split == SOURCE else cases


def _key(split: str) -> Any:
    if split == MONTH:
        return TruncMonth("created_at")
    if split == MENDER:
        whens = [When(condition, then=Value(code)) for code, condition in MENDERS.items()]
        return Case(*whens, output_field=CharField())
    return F(_SOURCES[split])


def _never_given(by_dataset: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """The fields that lists that were imported give in no case."""
    return {
        (row["dataset__code"], each.code)
        for row in by_dataset
        for each in FIELDS
        if row["imported"] == row["cases"] and _known(row, each).known == 0
    }


def _groups(rows: Iterable[dict[str, Any]], never: set[tuple[str, str]], key: str) -> list[Group]:
    number: defaultdict[str, int] = defaultdict(int)
    found: defaultdict[str, dict[str, Known]] = defaultdict(lambda: {each.code: Known() for each in FIELDS})
    for row in rows:
        called = _called(row[key])
        number[called] += row["cases"]
        for each in FIELDS:
            here, there = _known(row, each), found[called][each.code]
            if (row["dataset__code"], each.code) in never:
                here = Known(here.cases, 0, here.lacking, here.not_applicable)
            there.cases += here.cases
            there.not_known += here.not_known
            there.not_asked += here.not_asked
            there.not_applicable += here.not_applicable
    return [Group(called, number[called], fields) for called, fields in found.items()]


def _known(row: dict[str, Any], each: CodedField) -> Known:
    without = row[f"without_{each.record}"] if each.record is not Record.INCIDENT else 0
    return Known(row["cases"], row[_column(each)], without, row["bodies"] if each.persons_only else 0)


def _called(key: object) -> str:
    return f"{key:%Y-%m}" if isinstance(key, datetime) else str(key or "")


def _ordered(groups: Sequence[Group], split: str) -> list[Group]:
    if split == MONTH:
        return sorted(groups, key=lambda each: each.key, reverse=True)
    return sorted(groups, key=lambda each: (-each.cases, each.key))


def _column(each: CodedField) -> str:
    return f"lacks_{each.code.replace('-', '_')}"


_SOURCES = {SOURCE: "information__source__code", SOURCE_KIND: "information__source__kind"}
