"""Reaching the people of an institution: who is on duty first, then deputies. Only that there is something to read."""

from datetime import datetime

from amparo.institutions.models import Institution
from amparo.notices.kinds import ALERT_CALL
from amparo.notices.services import tell
from amparo.warning.duty.rota import on_duty


def reach(institution: Institution, now: datetime, *, deputies: bool = False) -> None:
    """Tell whoever is on duty at `now`, or with `deputies` everybody else. Part of the caller's transaction."""
    first = {point.user_id for point in on_duty(institution, now) if point.user_id is not None}
    if deputies:
        others = institution.members.filter(is_active=True).exclude(pk__in=first)
        told = set(others.values_list("pk", flat=True))
    else:
        told = first or set(institution.members.filter(is_active=True).values_list("pk", flat=True))
    tell(institution, ALERT_CALL, only=told, urgent=True)
