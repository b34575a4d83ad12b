"""Who is on duty at an institution at some time: by the rota, else the focal point, else a deputy in her hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from amparo.institutions.models import Institution
from amparo.warning.models import DutyShift, FocalPoint


def on_duty(institution: Institution, now: datetime) -> list[FocalPoint]:
    """Whom a call goes to at `now`: those with a shift; else, of those in post, the first by rank in her hours.

    Where nobody's hours are now, the first by rank: a call is never dropped. None where nobody is in post.
    """
    in_post = _in_post(institution, now)
    shifts = DutyShift.objects.filter(focal_point__in=in_post, starts_at__lte=now, ends_at__gt=now)
    with_shift = set(shifts.values_list("focal_point", flat=True))
    if with_shift:
        return [point for point in in_post if point.pk in with_shift]
    there = [point for point in in_post if is_in_hours(point, now)]
    return (there or in_post)[:1]


def is_in_hours(point: FocalPoint, now: datetime) -> bool:
    """Whether `now` lies in the focal point's days and hours, by her own clock."""
    local = now.astimezone(ZoneInfo(point.time_zone))
    in_days = not point.week_days or local.weekday() in point.week_days
    if point.from_hour <= point.to_hour:
        return in_days and point.from_hour <= local.hour < point.to_hour
    # From evening into the night.
    return in_days and (local.hour >= point.from_hour or local.hour < point.to_hour)


def _in_post(institution: Institution, now: datetime) -> list[FocalPoint]:
    today = now.date()
    posts = FocalPoint.objects.select_related("user").filter(institution=institution)
    posts = posts.filter(Q(in_post_since=None) | Q(in_post_since__lte=today), Q(left_on=None) | Q(left_on__gt=today))
    return list(posts.filter(Q(user=None) | Q(user__is_active=True)).order_by("rank", "pk"))
