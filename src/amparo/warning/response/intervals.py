"""The three intervals of 7-1-7 of an alert: how long each took, against its target. Pure.

"Incomplete" is not "late": where a date is still missing nothing is judged. A negative interval is an error of data.
Source: Frieden et al., Lancet 398, 2021 (see `alerts.deadlines`).
"""

from dataclasses import dataclass
from datetime import date
from statistics import median

from amparo.warning.alerts.deadlines import ANSWERED_WITHIN, DETECTED_WITHIN, NOTIFIED_WITHIN

TARGETS = {"detection": DETECTED_WITHIN, "notification": NOTIFIED_WITHIN, "response": ANSWERED_WITHIN}


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval: `days` is None while it is incomplete. `verdict`: in-time, late, incomplete, error."""

    name: str
    days: int | None
    target: int

    @property
    def verdict(self) -> str:
        if self.days is None:
            return "incomplete"
        if self.days < 0:
            return "error"
        return "in-time" if self.days <= self.target else "late"


@dataclass(frozen=True, slots=True)
class Timeliness:
    """One interval over several alerts: how many in each verdict, and the median days of those that are judged."""

    name: str
    target: int
    in_time: int
    late: int
    incomplete: int
    error: int
    median_days: float | None

    @property
    def share(self) -> float | None:
        """The share in time of those judged; None where none was."""
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None


def find_intervals(emerged: date | None, detected: date, notified: date, answered: date | None) -> list[Interval]:
    """Detection, notification and response, from the four days of an alert."""
    return [
        Interval("detection", None if emerged is None else (detected - emerged).days, DETECTED_WITHIN),
        Interval("notification", (notified - detected).days, NOTIFIED_WITHIN),
        Interval("response", None if answered is None else (answered - notified).days, ANSWERED_WITHIN),
    ]


def sum_up(of_alerts: list[list[Interval]]) -> list[Timeliness]:
    """Each interval over all alerts."""
    found = []
    for position, (name, target) in enumerate(TARGETS.items()):
        intervals = [each[position] for each in of_alerts]
        verdicts = [each.verdict for each in intervals]
        judged = [each.days for each in intervals if each.verdict in {"in-time", "late"} and each.days is not None]
        found.append(
            Timeliness(
                name,
                target,
                verdicts.count("in-time"),
                verdicts.count("late"),
                verdicts.count("incomplete"),
                verdicts.count("error"),
                float(median(judged)) if judged else None,
            )
        )
    return found
