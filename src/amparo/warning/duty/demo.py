"""Invented shifts of the demonstration: a week in turns, with nights that nobody covers."""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from amparo.institutions.models import User
from amparo.warning.duty.shifts import Planned, add_shift
from amparo.warning.models import DutyShift, FocalPoint
from amparo.warning.times import this_quarter

_NAMES = UUID("7f6f1a64-6f0e-4a0e-9d3e-0a6f6a9d2c11")


def seed_demo_rota(user: User, second: User) -> list[DutyShift]:
    """Invented shifts of this week in which `user` and `second`, who are in the directory, take turns.

    Seeded twice in a week they are there once.
    """
    now = this_quarter()
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), now.tzinfo)
    people = (user, second)
    points = [FocalPoint.objects.get(user=each, left_on=None).pk for each in people]
    return [
        add_shift(
            user,
            Planned(
                points[day % 2],
                monday + timedelta(days=day, hours=8),
                monday + timedelta(days=day, hours=20),
                uuid5(_NAMES, f"{user.institution_id} {monday.date()} {day}"),
            ),
        )
        for day in range(7)
    ]
