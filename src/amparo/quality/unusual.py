"""What stands out among the cases of an institution: days, dates, sources, and what can't be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from amparo.institutions.models import User
from amparo.quality.conditions import CHECKS, HEAPING_CHECKS, cases_of
from amparo.quality.outliers import (
    Concentration,
    Heaping,
    High,
    find_high,
    first_of_january,
    first_of_month,
    nearly_all_from_one,
)


@dataclass(frozen=True, slots=True)
class Unusual:
    """What stands out. `checks` are cases that each check finds; `days` say how many days there are records of."""

    cases: int
    checks: Mapping[str, int]
    recorded: tuple[High[date], ...]
    recording_days: int
    happened: tuple[High[date], ...]
    happening_days: int
    january: Heaping
    month: Heaping
    source: Concentration[str] | None
    dataset: Concentration[str] | None


def find_unusual(user: User) -> Unusual:
    """What stands out among the cases that `user` may see. Five queries."""
    cases = cases_of(user)
    wrong = {code: condition for code, condition in CHECKS.items() if code not in HEAPING_CHECKS}
    counted = cases.aggregate(
        cases=Count("pk"),
        **{_column(code): Count("pk", filter=condition()) for code, condition in wrong.items()},
    )
    number = counted["cases"]
    recorded = _by(cases.annotate(day=TruncDate("created_at")).values_list("day"))
    happened = _by(cases.filter(earliest=F("latest")).values_list("latest"))
    # A case with two sources counts for each of them.
    named = cases.filter(information__source__published_name__gt="")
    sources = _by(named.values_list("information__source__code"), distinct=True)
    datasets = _by(cases.values_list("dataset__code"))
    return Unusual(
        number,
        {code: counted[_column(code)] for code in wrong},
        tuple(find_high(recorded)),
        len(recorded),
        tuple(find_high(happened)),
        len(happened),
        first_of_january(happened),
        first_of_month(happened),
        nearly_all_from_one(sources, number),
        nearly_all_from_one(datasets, number) if len(datasets) > 1 else None,
    )


def _by(values: "QuerySet[Any, Any]", *, distinct: bool = False) -> dict[Any, int]:
    return dict(values.annotate(number=Count("pk", distinct=distinct)).order_by())


def _column(code: str) -> str:
    return f"check_{code.replace('-', '_')}"
