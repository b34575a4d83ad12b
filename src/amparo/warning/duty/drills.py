"""Test alarms: once a month, at an hour that nobody knows before, each institution with a focal point is called.

Drills are on where somebody who signs in is in post. A drill is an alert that is marked as one and is called as a real
one, but never beyond the institution. It ends by itself, answered or not.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet

from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.vocabularies.catalogue import UNKNOWN
from amparo.warning.alerts.calling import begin_round
from amparo.warning.duty.rota import in_post
from amparo.warning.held import AlertError
from amparo.warning.models import Alert, Call, Drill, LevelChange
from amparo.warning.times import this_quarter

# The gravest, since its deadline is the one that has to hold.
LEVEL = "emergency"
FIRST_HOUR, LAST_HOUR = 8, 17
# A worker that was away holds it so many days late; after that the month has none.
LATE_DAYS = 3


class HeldAlready(AlertError):
    """This month has had its drill."""

    code = "drill-held-already"


class NobodyInPost(AlertError):
    """There is nobody whom a drill could call."""

    code = "nobody-in-post"


@dataclass(frozen=True, slots=True)
class Held:
    """A drill as its history shows it. `minutes` from the call to the answer, to the quarter; None unanswered."""

    month: date
    alert: int
    told_at: datetime
    answer_by: datetime
    deputies_told_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    is_open: bool

    @property
    def minutes(self) -> int | None:
        """How long it took."""
        return None if self.answered_at is None else int((self.answered_at - self.told_at).total_seconds() // 60)

    @property
    def in_time(self) -> bool:
        """Whether somebody answered before the deadline."""
        return self.answered_at is not None and self.answered_at <= self.answer_by


@dataclass(frozen=True, slots=True)
class DrillRate:
    """Indicator M4: of the drills that are over, how many were answered, how many in time, and the median minutes."""

    held: int
    in_time: int
    answered: int = 0
    minutes: float | None = None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where none was held."""
        return self.in_time / self.held if self.held else None


def planned_at(institution: Institution, month: date, time_zone: str) -> datetime:
    """When the drill of `month` (its first day) is due: a working hour of a weekday, by the focal point's clock.

    Drawn from month and institution under the server's secret: the same whenever it is asked for, known to nobody.
    """
    drawn = hmac.digest(settings.SECRET_KEY.encode(), f"drill:{institution.code}:{month}".encode(), "sha256")
    weekdays = [day for day in (month + timedelta(days=number) for number in range(28)) if day.weekday() < 5]
    day = weekdays[int.from_bytes(drawn[:8]) % len(weekdays)]
    hour = FIRST_HOUR + int.from_bytes(drawn[8:16]) % (LAST_HOUR - FIRST_HOUR)
    return datetime.combine(day, time(hour), ZoneInfo(time_zone)).astimezone(this_quarter().tzinfo)


def run_drills() -> int:
    """End the drills that are over, and hold those that are due. For the worker; run again it repeats nothing."""
    now = this_quarter()
    ended = sum(_end(number) for number in list(_over().values_list("pk", flat=True)))
    return ended + sum(_hold_if_due(each, now) for each in _switched_on(now))


def hold_drill(user: User) -> Drill:
    """Hold this month's drill now, because `user` says so. Raises `HeldAlready`, `NobodyInPost`."""
    now = this_quarter()
    assert user.institution is not None  # noqa: S101  (a page for members only)
    if not _switched_on(now, user.institution):
        raise NobodyInPost
    held = _hold(user.institution, now.date().replace(day=1), user)
    if held is None:
        raise HeldAlready
    return held


def drills_of(institution: Institution) -> "QuerySet[Drill]":
    """The drills of one's own institution, newest first."""
    calls = Call.objects.select_related("answered_by").order_by("pk")
    drills = Drill.objects.filter(institution=institution).select_related("alert")
    return drills.prefetch_related(Prefetch("alert__calls", calls))


def read_drills(drills: Iterable[Drill]) -> list[Held]:
    """What a history shows of `drills`, as `drills_of` found them."""
    return [
        Held(
            month=drill.month,
            alert=drill.alert_id,
            told_at=call.told_at,
            answer_by=call.answer_by,
            deputies_told_at=call.deputies_told_at,
            answered_at=call.answered_at,
            answered_by=call.answered_by.username if call.answered_by else "",
            is_open=call.answered_at is None and call.passed_on_at is None,
        )
        for drill in drills
        for call in list(drill.alert.calls.all())[:1]
    ]


def drill_rate(held: Sequence[Held]) -> DrillRate:
    """Indicator M4 over `held`. Drills that still wait for an answer do not count yet."""
    over = [each for each in held if not each.is_open]
    took = [each.minutes for each in over if each.minutes is not None]
    in_time = sum(each.in_time for each in over)
    return DrillRate(len(over), in_time, len(took), float(median(took)) if took else None)


def is_held(institution: Institution, now: datetime) -> bool:
    """Whether this month has had its drill."""
    return Drill.objects.filter(institution=institution, month=now.date().replace(day=1)).exists()


def _switched_on(now: datetime, only: Institution | None = None) -> list[tuple[Institution, str]]:
    """The institutions that are called, each with the time zone of its first focal point."""
    posts = in_post(now.date()).filter(user__isnull=False, institution__locked_at=None).select_related("institution")
    if only is not None:
        posts = posts.filter(institution=only)
    found: dict[int, tuple[Institution, str]] = {}
    for point in posts:
        found.setdefault(point.institution_id, (point.institution, point.time_zone))
    return list(found.values())


def _hold_if_due(there: tuple[Institution, str], now: datetime) -> int:
    institution, time_zone = there
    month = now.date().replace(day=1)
    due = planned_at(institution, month, time_zone)
    if not due <= now < due + timedelta(days=LATE_DAYS):
        return 0
    return 0 if _hold(institution, month, None) is None else 1


@transaction.atomic
def _hold(institution: Institution, month: date, user: User | None) -> Drill | None:
    Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    if Drill.objects.filter(institution=institution, month=month).exists():
        return None
    now = this_quarter()
    alert = Alert.objects.create(
        institution=institution,
        country=institution.country or UNKNOWN,
        area=UNKNOWN,
        kind="other",
        level=LEVEL,
        is_drill=True,
        detected_on=now.date(),
        opened_at=now,
        opened_by=user,
    )
    drill = Drill.objects.create(institution=institution, month=month, alert=alert)
    begin_round(alert, LevelChange.objects.create(alert=alert, level=LEVEL, set_at=now, set_by=user))
    _note("drill-held", drill, user)
    return drill


def _over() -> "QuerySet[Drill]":
    ended = Q(alert__calls__answered_at__isnull=False) | Q(alert__calls__passed_on_at__isnull=False)
    return Drill.objects.filter(ended, alert__state__in=("open", "muted")).distinct().order_by("pk")


@transaction.atomic
def _end(number: int) -> int:
    drill = Drill.objects.select_for_update(of=("self",)).select_related("institution").get(pk=number)
    ended = Alert.objects.filter(pk=drill.alert_id, state__in=("open", "muted"))
    if not ended.update(state="closed", closed_at=this_quarter(), version=F("version") + 1):
        return 0
    _note("drill-ended", drill, None)
    return 1


def _note(action: str, drill: Drill, user: User | None) -> None:
    log.record(
        action,
        actor=user.pk if user else None,
        institution=drill.institution.code,
        record=f"alert:{drill.alert_id}",
        facts={"drill": drill.pk},
    )
