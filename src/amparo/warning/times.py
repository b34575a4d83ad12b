"""Times of alerts. Pure but for the clock."""

from datetime import datetime

from django.utils import timezone

_MINUTES = 15


def this_quarter() -> datetime:
    """Now, cut to a quarter of an hour.

    Finer than the hour to which everything else is kept, because a deadline of two hours is measured by it; coarser
    than the minute that could be matched with who was seen at her desk.
    """
    return to_quarter(timezone.now())


def to_quarter(when: datetime) -> datetime:
    """`when`, cut to a quarter of an hour."""
    return when.replace(minute=when.minute - when.minute % _MINUTES, second=0, microsecond=0)
