"""Shifts of the rota: added, taken over, removed and put back; and when nobody would be there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.db import transaction

from amparo.institutions.models import Institution, User
from amparo.vault import log
from amparo.warning.duty.rota import find_gaps, in_post
from amparo.warning.held import AlertError, NotNow
from amparo.warning.models import DutyShift, FocalPoint
from amparo.warning.times import this_quarter

GAP_DAYS = 14
LONGEST_DAYS = 31
_SALT = "amparo.warning.shift"
_UNDO_SECONDS = 3600


class NotInPost(AlertError):
    """Only who is in post at the institution can be on call for it."""

    code = "not-in-post"


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift as somebody plans it."""

    focal_point: int
    starts_at: datetime
    ends_at: datetime
    token: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the rota (in universal time): shifts that begin on it, and those that go on from the day before."""

    day: date
    begin: tuple[DutyShift, ...]
    go_on: tuple[DutyShift, ...]


def shifts_of(institution: Institution, start: datetime, end: datetime) -> list[DutyShift]:
    """The shifts of an institution that touch the time from `start` to `end`."""
    found = DutyShift.objects.filter(focal_point__institution=institution, starts_at__lt=end, ends_at__gt=start)
    return list(found.select_related("focal_point__user").order_by("starts_at", "pk"))


def week_of(institution: Institution, monday: date) -> list[Day]:
    """The seven days from `monday`, each with its shifts. One query."""
    start = _midnight(monday)
    shifts = shifts_of(institution, start, start + timedelta(days=7))
    days = [monday + timedelta(days=number) for number in range(7)]
    return [
        Day(
            day,
            tuple(each for each in shifts if each.starts_at.date() == day),
            tuple(each for each in shifts if each.starts_at < _midnight(day) < each.ends_at),
        )
        for day in days
    ]


def coming_gaps(institution: Institution, now: datetime) -> list[tuple[datetime, datetime]]:
    """When nobody would be there in the next two weeks. Two queries."""
    end = now + timedelta(days=GAP_DAYS)
    posts: Sequence[FocalPoint] = list(in_post(end.date()).filter(institution=institution))
    return find_gaps(posts, shifts_of(institution, now, end), now, GAP_DAYS)


@transaction.atomic
def add_shift(user: User, planned: Planned) -> DutyShift:
    """Put somebody of `user`'s institution on call. Sent twice it is one. Raises `NotInPost`."""
    sent = DutyShift.objects.filter(token=planned.token, focal_point__institution=user.institution_id).first()
    if sent is not None:
        return sent
    point = _post(user, planned.focal_point)
    shift = DutyShift.objects.create(
        focal_point=point, starts_at=planned.starts_at, ends_at=planned.ends_at, token=planned.token
    )
    _note("shift-added", user, shift)
    return shift


@transaction.atomic
def take_over(user: User, number: int) -> DutyShift:
    """Take over a shift, or what is left of it: what was done of it stays with who did it. Twice is once.

    Raises `DutyShift.DoesNotExist`, `NotInPost` for who is in no post here, `NotNow` for a shift that has ended.
    """
    held = _take(user, number)
    point = in_post(this_quarter().date()).filter(institution=user.institution_id, user=user).first()
    if point is None:
        raise NotInPost
    if held.focal_point_id == point.pk:
        return held
    now = this_quarter()
    if held.ends_at <= now:
        raise NotNow
    if held.starts_at < now:
        rest = DutyShift.objects.create(focal_point=point, starts_at=now, ends_at=held.ends_at)
        held.ends_at = now
        held.save(update_fields=["ends_at"])
        held = rest
    else:
        held.focal_point = point
        held.save(update_fields=["focal_point"])
    _note("shift-taken-over", user, held)
    return held


@transaction.atomic
def remove_shift(user: User, number: int) -> str:
    """Remove a shift; gives what `put_back` takes for an hour. Raises `DutyShift.DoesNotExist`."""
    held = _take(user, number)
    kept = {
        "point": held.focal_point_id,
        "from": held.starts_at.isoformat(),
        "to": held.ends_at.isoformat(),
        "token": str(held.token),
    }
    _note("shift-removed", user, held)
    held.delete()
    return signing.dumps(kept, salt=_SALT)


def put_back(user: User, removed: str) -> DutyShift:
    """Put a removed shift back; twice is once. Raises `NotNow` for what is old or not ours, `NotInPost`."""
    try:
        kept: dict[str, Any] = signing.loads(removed, salt=_SALT, max_age=_UNDO_SECONDS)
    except signing.BadSignature:
        raise NotNow from None
    return add_shift(
        user,
        Planned(
            kept["point"],
            datetime.fromisoformat(kept["from"]),
            datetime.fromisoformat(kept["to"]),
            UUID(kept["token"]),
        ),
    )


def _post(user: User, number: int) -> FocalPoint:
    found = FocalPoint.objects.filter(institution=user.institution_id, left_on=None, pk=number).first()
    if found is None:
        raise NotInPost
    return found


def _take(user: User, number: int) -> DutyShift:
    held: DutyShift = (
        DutyShift.objects.select_for_update(of=("self",))
        .select_related("focal_point__institution")
        .get(pk=number, focal_point__institution=user.institution_id)
    )
    return held


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), this_quarter().tzinfo)


def _note(action: str, user: User, shift: DutyShift) -> None:
    log.record(
        action,
        actor=user.pk,
        institution=shift.focal_point.institution.code,
        record=f"shift:{shift.pk}",
        facts={"focal-point": shift.focal_point_id},
    )
