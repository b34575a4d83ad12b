"""How long somebody has to answer a call, by the level of the alert, and when deputies are told. Pure.

Emergency: danger within hours, so two hours; warning: harm within days, so a day; watch: three days. The levels of
7-1-7 (detection, notification and response within 7, 1 and 7 days) bound them from above: see docs/warning.md.
"""

from datetime import datetime, timedelta

ANSWER_WITHIN = {
    "emergency": timedelta(hours=2),
    "warning": timedelta(hours=24),
    "watch": timedelta(hours=72),
}
# The three targets of 7-1-7, in days (Frieden et al., "7-1-7: an organising principle, target, and accountability
# metric to make the world safer from pandemics", Lancet 398, 2021).
DETECTED_WITHIN, NOTIFIED_WITHIN, ANSWERED_WITHIN = 7, 1, 7
# The order in which levels grow; a level that is not among them is none.
LEVELS = ("watch", "warning", "emergency")


def answer_by(level: str, told_at: datetime) -> datetime:
    """When a call of `level`, made at `told_at`, has to be answered. Raises KeyError for what is no level."""
    return told_at + ANSWER_WITHIN[level]


def deputies_at(told_at: datetime, by: datetime) -> datetime:
    """When deputies are told, where nobody has answered: half way to the deadline."""
    return told_at + (by - told_at) / 2
