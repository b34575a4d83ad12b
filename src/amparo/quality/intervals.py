"""How long it takes from incident to recording, to verification, and from report to acceptance, in the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from amparo.cases.models import Incident
from amparo.channel.models import Report
from amparo.institutions.models import User
from amparo.quality.completeness import DATASET, MONTH, SOURCE, SOURCE_KIND, WHOLE
from amparo.quality.conditions import CHECKS, cases_of
from amparo.quality.delays import Delays, summarise

SPLITS = (WHOLE, DATASET, SOURCE, SOURCE_KIND, MONTH)
# Reports have no dataset and no source.
SPLITS_OF_REPORTS = (WHOLE, MONTH)
_VERIFIED, _REFUTED = "verified", "refuted"
_KEYS: dict[str, Any] = {
    DATASET: F("dataset__code"),
    SOURCE: F("information__source__code"),
    SOURCE_KIND: F("information__source__kind"),
    MONTH: TruncMonth("created_at"),
}
_RECORDED = TruncDate("created_at")


@dataclass(frozen=True, slots=True)
class Timed:
    """The delays of a group. `errors` end before they begin; `inexact` are left out, for their date isn't a day."""

    key: str
    delays: Delays
    errors: int
    inexact: int = 0


def measure_recording(user: User, split: str = WHOLE) -> list[Timed]:
    """From the day of the incident to the day on which it was recorded. Three queries."""
    cases = _keyed(cases_of(user), split)
    exact = Q(earliest=F("latest"))
    days = _days(cases.filter(exact), _RECORDED, F("latest"))
    others = cases.filter(Q(earliest=None) | Q(earliest__lt=F("latest")))
    inexact = Counter({_called(key): number for key, number in _numbers(others)})
    # Also where the date isn't a day, so that these are the cases that the list shows.
    wrong = cases.filter(CHECKS["dated-after-recording"]())
    errors = Counter({_called(key): number for key, number in _numbers(wrong)})
    keys = dict.fromkeys([*days, *inexact])
    return _ordered((Timed(key, summarise(days.get(key, {})), errors[key], inexact[key]) for key in keys), split)


def measure_verification(user: User, split: str = WHOLE) -> list[Timed]:
    """From the day of recording to that of the first verification; what was refuted waits no more. Two queries."""
    cases = _keyed(cases_of(user), split)
    done = _days(cases.exclude(verified_on=None), F("verified_on"), _RECORDED)
    open_ones = cases.filter(verified_on=None).exclude(status__in=(_VERIFIED, _REFUTED))
    waiting = _days(open_ones, Value(timezone.now().date()), _RECORDED)
    return _timed(done, waiting, split)


def measure_acceptance(user: User, split: str = WHOLE) -> list[Timed]:
    """From the day on which a report came to the day on which it was made a case; by month of coming. Two queries."""
    key: Any = TruncMonth("received_at") if split == MONTH else Value("", CharField())
    reports = Report.objects.filter(institution=user.institution).annotate(key=key).order_by()
    came = TruncDate("received_at")
    accepted = _days(reports.exclude(incident=None), TruncDate("incident__created_at"), came)
    # Who referred a report is asked for nothing more; one that was closed was answered in another way.
    open_ones = reports.filter(incident=None, closed_at=None).exclude(status__in=("referred", "rejected"))
    return _timed(accepted, _days(open_ones, Value(timezone.now().date()), came), split)


def _keyed(cases: QuerySet[Incident], split: str) -> QuerySet[Incident]:
    if split == SOURCE:
        cases = cases.filter(information__source__published_name__gt="")
    return cases.annotate(key=_KEYS.get(split, Value("", CharField())))


def _days(rows: QuerySet[Any], end: Any, start: Any) -> dict[str, Counter[int]]:
    """Of each key how many took how many days."""
    took = ExpressionWrapper(end - start, DurationField())
    counted = rows.annotate(took=took).values_list("key", "took").annotate(number=Count("pk", distinct=True)).order_by()
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for key, interval, number in counted:
        found[_called(key)][_in_days(interval)] += number
    return dict(found)


def _numbers(rows: QuerySet[Any]) -> Iterable[tuple[object, int]]:
    counted: Iterable[tuple[object, int]] = (
        rows.values_list("key").annotate(number=Count("pk", distinct=True)).order_by()
    )
    return counted


def _timed(done: dict[str, Counter[int]], waiting: dict[str, Counter[int]], split: str) -> list[Timed]:
    found = {key: summarise(done.get(key, {}), waiting.get(key, {})) for key in dict.fromkeys([*done, *waiting])}
    return _ordered((Timed(key, delays, delays.negative) for key, delays in found.items()), split)


def _ordered(found: Iterable[Timed], split: str) -> list[Timed]:
    if split == MONTH:
        return sorted(found, key=lambda each: each.key, reverse=True)
    return sorted(found, key=lambda each: (-each.delays.done - each.delays.waiting, each.key))


def _in_days(interval: timedelta) -> int:
    return interval.days


def _called(key: object) -> str:
    return f"{key:%Y-%m}" if isinstance(key, datetime | date) else str(key or "")
