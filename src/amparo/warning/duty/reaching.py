"""Reaching the people of an institution: who is on duty first, then the others. Only that there is something to read.

Each person is told by every channel that she gave: the e-mail of her notices, and her contacts.
"""

from collections.abc import Iterable
from datetime import datetime

from amparo.institutions.models import Institution
from amparo.notices.kinds import ALERT_CALL
from amparo.notices.models import NoticeRecipient
from amparo.notices.services import tell
from amparo.warning.duty.pointing import queue_pointer
from amparo.warning.duty.rota import choose, in_post, with_shift
from amparo.warning.models import Contact, FocalPoint


def reach(institution: Institution, now: datetime, *, deputies: bool = False, told_at: datetime | None = None) -> None:
    """Tell whoever is on duty at `now`, or with `deputies` everybody else. Part of the caller's transaction.

    `told_at` is when those on duty were told: the rota may have changed since, and nobody is told twice.
    """
    posts = list(in_post(now.date()).filter(institution=institution).prefetch_related("contacts"))
    members = set(institution.members.filter(is_active=True).values_list("pk", flat=True))
    then = told_at or now
    first = choose(posts, with_shift(posts, then), then)
    users = {point.user_id for point in first if point.user_id is not None}
    if not _contacts(first) and not NoticeRecipient.objects.filter(user__in=users).exists():
        # Nobody on duty who could be reached: whoever is there.
        first, users = posts, members
    told = [point for point in posts if point not in first] if deputies else first
    for contact in _contacts(told):
        queue_pointer(contact)
    tell(institution, ALERT_CALL, only=members - users if deputies else users, urgent=True)


def _contacts(points: Iterable[FocalPoint]) -> list[Contact]:
    return [contact for point in points for contact in point.contacts.all()]
