"""Invented shifts of the demonstration, a week in turns with nights that nobody covers; and a UN counterpart."""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from amparo.institutions.models import Institution, User
from amparo.institutions.services import found_institution
from amparo.warning.duty.addresses import EMAIL
from amparo.warning.duty.directory import Post, add_focal_point, keep_contact
from amparo.warning.duty.shifts import Planned, add_shift
from amparo.warning.models import DutyShift, FocalPoint
from amparo.warning.times import this_quarter

_NAMES = UUID("7f6f1a64-6f0e-4a0e-9d3e-0a6f6a9d2c11")
_UN_OFFICE = "demo-un"
_UN_NAMES = {
    "en": "United Nations office in Demoland (invented)",
    "fr": "Bureau des Nations Unies en Démolande (inventé)",
    "es": "Oficina de las Naciones Unidas en Demolandia (inventada)",
    "ar": "مكتب الأمم المتحدة في ديمولاند (متخيَّل)",
}


def seed_demo_un_office(user: User) -> FocalPoint:
    """An invented UN counterpart in the country of `user`'s institution, where nobody signs in: told by its function's
    address. Seeded twice it is there once.
    """
    assert user.institution is not None  # noqa: S101  (only people of an institution)
    office = Institution.objects.filter(code=_UN_OFFICE).first()
    if office is None:
        country = user.institution.country
        office = found_institution(_UN_OFFICE, "un-office", _UN_NAMES, country=country, invented=True).institution
    token = uuid5(_NAMES, _UN_OFFICE)
    point = add_focal_point(user, office, Post(None, languages=("en", "fr"), from_hour=8, to_hour=18, token=token))
    keep_contact(user, point.pk, EMAIL, "protection@un.demoland.example")
    return point


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
