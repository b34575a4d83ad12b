"""The record of past alerts: how many were right, how many false, how far ahead of harm, how soon answered.

Precision and false alarms are of alerts that were closed with an outcome; drills and merged ones are left out.
"""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.db.models import QuerySet

from amparo.warning.models import Alert, Bottleneck, Call, Drill, Signal
from amparo.warning.response.intervals import Timeliness, find_intervals, sum_up

RIGHT = frozenset({"harm-averted", "harm-lessened", "harm-occurred"})
FALSE = frozenset({"false-alarm"})
HARMLESS = frozenset({"harm-averted", "danger-passed"})
# Below so many closed alerts a share says nothing.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Record:
    """Counts of alerts by outcome and origin, timeliness, calls, and what hindered most."""

    closed: int
    by_outcome: tuple[tuple[str, int], ...]
    by_origin: tuple[tuple[str, int, int, int], ...]
    right: int
    false: int
    harmless: int
    lead_days: tuple[int, ...]
    timeliness: tuple[Timeliness, ...]
    calls: int
    answered: int
    answered_in_time: int
    drills: int
    hindered: tuple[tuple[str, int], ...]
    helped: tuple[tuple[str, int], ...]

    @property
    def precision(self) -> float | None:
        """The share of right alerts among those that were right or false; None where too few were closed."""
        judged = self.right + self.false
        return self.right / judged if judged >= FEWEST else None

    @property
    def false_alarms(self) -> float | None:
        """The share of false alarms among the same."""
        return None if self.precision is None else 1 - self.precision

    @property
    def lead(self) -> float | None:
        """The median days from opening to the harm that came; below zero where it came first; None where none did."""
        return float(median(self.lead_days)) if self.lead_days else None

    @property
    def without_harm(self) -> float | None:
        """The share that ended without harm among those with a known outcome; None where there are too few."""
        known = sum(number for outcome, number in self.by_outcome if outcome not in {"unknown", "false-alarm"})
        return self.harmless / known if known >= FEWEST else None


def count_record(alerts: QuerySet[Alert]) -> Record:
    """The record of `alerts`, those of one institution. A constant number of queries."""
    real = alerts.filter(is_drill=False).exclude(state="merged")
    days = real.values_list("emerged_on", "detected_on", "opened_at", "answered_at")
    intervals = [
        find_intervals(emerged, detected, opened.date(), answered.date() if answered else None)
        for emerged, detected, opened, answered in days
    ]
    outcomes = dict(real.filter(state="closed").values_list("pk", "outcome"))
    counted = Counter(outcomes.values())
    calls = list(Call.objects.filter(alert__in=real).values_list("answered_at", "answer_by"))
    kinds = Counter(Bottleneck.objects.filter(review__alert__in=real).values_list("helped", "kind"))
    return Record(
        closed=len(outcomes),
        by_outcome=tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0]))),
        by_origin=_by_origin(outcomes, real),
        right=sum(counted[outcome] for outcome in RIGHT),
        false=sum(counted[outcome] for outcome in FALSE),
        harmless=sum(counted[outcome] for outcome in HARMLESS),
        lead_days=tuple(
            (harmed - opened.date()).days
            for harmed, opened in real.exclude(harmed_on=None).values_list("harmed_on", "opened_at")
            if harmed is not None
        ),
        timeliness=tuple(sum_up(intervals)),
        calls=len(calls),
        answered=sum(1 for answered, _by in calls if answered is not None),
        answered_in_time=sum(1 for answered, by in calls if answered is not None and answered <= by),
        drills=Drill.objects.filter(alert__in=alerts).count(),
        hindered=_most(kinds, helped=False),
        helped=_most(kinds, helped=True),
    )


def _by_origin(outcomes: dict[int, str], alerts: QuerySet[Alert]) -> tuple[tuple[str, int, int, int], ...]:
    """Of each origin of signals: how many closed alerts it began, how many were right, how many false."""
    first: dict[int, str] = {}
    for alert, origin in (
        Signal.objects.filter(alert__in=alerts).order_by("raised_at", "pk").values_list("alert", "origin")
    ):
        first.setdefault(alert, origin)
    found: dict[str, list[str]] = {}
    for number, outcome in outcomes.items():
        found.setdefault(first.get(number, "unknown"), []).append(outcome)
    return tuple(
        (origin, len(ends), sum(1 for end in ends if end in RIGHT), sum(1 for end in ends if end in FALSE))
        for origin, ends in sorted(found.items())
    )


def _most(kinds: Counter[tuple[bool, str]], *, helped: bool) -> tuple[tuple[str, int], ...]:
    found = [(kind, number) for (did_help, kind), number in kinds.items() if did_help is helped]
    return tuple(sorted(found, key=lambda each: (-each[1], each[0]))[:5])
