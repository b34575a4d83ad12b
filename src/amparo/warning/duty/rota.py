"""Who is on duty at an institution at some time: by the rota, else the focal point, else a deputy in her hours."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from amparo.institutions.models import Institution
from amparo.warning.models import DutyShift, FocalPoint

_STEP = timedelta(minutes=15)


def on_duty(institution: Institution, now: datetime) -> list[FocalPoint]:
    """Whom a call goes to at `now`: those with a shift; else, of those in post, the first by rank in her hours.

    Where nobody's hours are now, the first by rank: a call is never dropped. None where nobody is in post.
    """
    posts = list(in_post(now.date()).filter(institution=institution))
    return choose(posts, with_shift(posts, now), now)


def choose(posts: Sequence[FocalPoint], on_shift: Collection[int], now: datetime) -> list[FocalPoint]:
    """Of those in post, by rank, whom a call goes to at `now`; `on_shift` are the numbers of those with a shift."""
    if shift := [point for point in posts if point.pk in on_shift]:
        return shift
    there = [point for point in posts if is_in_hours(point, now)]
    return list((there or posts)[:1])


def with_shift(posts: Collection[FocalPoint], now: datetime) -> set[int]:
    """The numbers of those of `posts` whose shift runs at `now`. One query."""
    shifts = DutyShift.objects.filter(focal_point__in=posts, starts_at__lte=now, ends_at__gt=now)
    return set(shifts.values_list("focal_point", flat=True))


def in_post(today: date) -> "QuerySet[FocalPoint]":
    """All who are in post on a day, of every institution, by rank."""
    posts = FocalPoint.objects.select_related("user").filter(Q(in_post_since=None) | Q(in_post_since__lte=today))
    posts = posts.filter(Q(left_on=None) | Q(left_on__gt=today))
    return posts.filter(Q(user=None) | Q(user__is_active=True)).order_by("rank", "pk")


def is_in_hours(point: FocalPoint, now: datetime) -> bool:
    """Whether `now` lies in the focal point's days and hours, by her own clock.

    Hours from an evening into the night belong to the day on which they begin.
    """
    local = now.astimezone(ZoneInfo(point.time_zone))
    weekday = local.weekday()
    if point.from_hour <= point.to_hour:
        there = point.from_hour <= local.hour < point.to_hour
    elif local.hour < point.to_hour:
        there, weekday = True, (weekday - 1) % 7
    else:
        there = local.hour >= point.from_hour
    return there and (not point.week_days or weekday in point.week_days)


def find_gaps(
    posts: Sequence[FocalPoint], shifts: Sequence[DutyShift], start: datetime, days: int
) -> list[tuple[datetime, datetime]]:
    """When, in the `days` from `start`, nobody has a shift and nobody's hours are: to the quarter of an hour."""
    gaps: list[tuple[datetime, datetime]] = []
    for number in range(days * 24 * 4):
        now = start + number * _STEP
        if any(each.starts_at <= now < each.ends_at for each in shifts) or any(
            is_in_post(point, now.date()) and is_in_hours(point, now) for point in posts
        ):
            continue
        if gaps and gaps[-1][1] == now:
            gaps[-1] = (gaps[-1][0], now + _STEP)
        else:
            gaps.append((now, now + _STEP))
    return gaps


def is_in_post(point: FocalPoint, day: date) -> bool:
    """Whether `point` has come, and has not left, on a day."""
    since, left = point.in_post_since, point.left_on
    return (since is None or since <= day) and (left is None or left > day)
