"""The queue of notices: one task a person at most, retried with patience, and given up in the open.

A task's arguments are one identifier. What is stored of it is cut to the hour: the minute in which something came in
could be matched with what somebody sees on a reporter's line.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from amparo.notices.addresses import read_address
from amparo.notices.letters import write_notice
from amparo.notices.models import NoticeRecipient
from amparo.notices.outgoing import MailServer, NotSent, hand_over

# Minutes until the next try: two days in all.
WAITS = (1, 5, 15, 60, 180, 360, 720, 1440)
_MORNING = 6


@task()
def send_notice(recipient: int) -> None:
    """Send what waits for one person. Whatever the mail server says, nothing of it is raised or kept but a code."""
    found = NoticeRecipient.objects.select_related("user").filter(pk=recipient, is_waiting=True).first()
    server: MailServer | None = settings.MAIL_SERVER
    if found is None:
        return
    if server is None or not found.user.is_active:
        NoticeRecipient.objects.filter(pk=recipient).update(is_waiting=False, tries=0)
        return
    try:
        send_to(found, server)
    except NotSent as refused:
        _after_failure(found, refused)
        return
    NoticeRecipient.objects.filter(pk=recipient).update(
        is_waiting=False, tries=0, last_problem="", sent_at=_this_hour()
    )


def send_to(recipient: NoticeRecipient, server: MailServer) -> None:
    """Hand one notice over. Raises `NotSent`."""
    address, age_key = read_address(recipient)
    hand_over(write_notice(address, recipient.language, server.sender, age_key), server)


def queue_notice(recipient: NoticeRecipient, *, urgent: bool = False) -> None:
    """Put a notice for `recipient` into the queue, for when she wants to hear next, or for now; in the transaction.

    One that waits already for later goes with it: whichever comes first empties the queue.
    """
    _enqueue(recipient.pk, None if urgent else next_time(recipient, timezone.now()))


def next_time(recipient: NoticeRecipient, now: datetime) -> datetime | None:
    """When `recipient` wants to hear of what comes in `now`: at a full hour, in the morning; None: at once."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if recipient.how_often == NoticeRecipient.HowOften.DAY:
        morning = hour.replace(hour=_MORNING)
        return morning if morning > now else morning + timedelta(days=1)
    if recipient.how_often == NoticeRecipient.HowOften.AT_ONCE and recipient.sent_at != hour:
        return None
    return hour + timedelta(hours=1)


def _after_failure(recipient: NoticeRecipient, refused: NotSent) -> None:
    stored = NoticeRecipient.objects.filter(pk=recipient.pk)
    if refused.for_good or recipient.tries >= len(WAITS):
        stored.update(is_waiting=False, tries=0, given_up=F("given_up") + 1, last_problem=refused.code)
        return
    stored.update(tries=F("tries") + 1, last_problem=refused.code)
    _enqueue(recipient.pk, timezone.now() + timedelta(minutes=WAITS[recipient.tries]))


def _enqueue(recipient: int, at: datetime | None) -> None:
    queued = send_notice.using(run_after=at).enqueue(recipient)
    DBTaskResult.objects.filter(pk=queued.id).update(enqueued_at=_this_hour())


def _this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)
