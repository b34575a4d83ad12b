"""The queue of pointers to contacts: one sentence that never says what, tried with patience, given up in the open.

A task's arguments are the contact's number and which try it is. A later try runs only while the contact still stands
at that number of tries: once any message has come through, what waits is dropped, for she knows.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from amparo.notices.delivery import WAITS
from amparo.notices.letters import write_notice
from amparo.notices.outgoing import MailServer, NotSent, hand_over
from amparo.warning.duty.addresses import EMAIL, SIGNAL, SMS, read_contact
from amparo.warning.duty.gateways import Gateway, NotTaken
from amparo.warning.models import Contact, FocalPoint

MOST_TRIES = len(WAITS) + 1
NO_GATEWAY = "no-gateway"


@task()
def send_pointer(contact: int, tries: int) -> None:
    """Tell one contact that there is something to read. Whatever a gateway says, only a code of it is kept."""
    found = Contact.objects.select_related("focal_point__user__notices").filter(pk=contact).first()
    if found is None or not _is_there(found.focal_point) or (tries and found.tries != tries):
        return
    try:
        send_to(found)
    except (NotTaken, NotSent) as refused:
        _after_failure(found, tries + 1, refused.code, for_good=refused.for_good)
        return
    Contact.objects.filter(pk=contact).update(tries=0, last_problem="")


def queue_pointer(contact: Contact) -> None:
    """Put a pointer for `contact` into the queue, for now; in the caller's transaction."""
    _enqueue(contact.pk, 0, None)


def send_to(contact: Contact) -> None:
    """Hand one pointer over. Raises `NotTaken`, `NotSent`."""
    language = language_of(contact.focal_point)
    if contact.channel == EMAIL:
        server: MailServer | None = settings.MAIL_SERVER
        if server is None:
            raise NotTaken(NO_GATEWAY, for_good=True)
        hand_over(write_notice(read_contact(contact), language, server.sender), server)
        return
    gateways: dict[str, Gateway | None] = {SMS: settings.SMS_GATEWAY, SIGNAL: settings.SIGNAL_DAEMON}
    gateway = gateways.get(contact.channel)
    if gateway is None:
        raise NotTaken(NO_GATEWAY, for_good=True)
    gateway.hand_over(read_contact(contact), pointer_text(language))


def pointer_text(language: str) -> str:
    """All that ever goes to a telephone."""
    with translation.override(language):
        return _("There is something new in Amparo. Sign in to read it.")


def language_of(point: FocalPoint) -> str:
    """The language a focal point is told in: the first of hers that pages have, else that of her notices."""
    known = dict(settings.LANGUAGES)
    spoken = next((each for each in point.languages if each in known), "")
    notices = getattr(point.user, "notices", None)
    return spoken or (notices.language if notices else settings.LANGUAGE_CODE)


def _is_there(point: FocalPoint) -> bool:
    if point.left_on is not None and point.left_on <= timezone.now().date():
        return False
    return point.user is None or point.user.is_active


def _after_failure(contact: Contact, tries: int, code: str, *, for_good: bool) -> None:
    gives_up = for_good or tries >= MOST_TRIES
    kept = MOST_TRIES if gives_up else tries
    Contact.objects.filter(pk=contact.pk).update(tries=kept, last_problem=code)
    if not gives_up:
        _enqueue(contact.pk, tries, timedelta(minutes=WAITS[tries - 1]))


def _enqueue(contact: int, tries: int, wait: timedelta | None) -> None:
    now = timezone.now()
    queued = send_pointer.using(run_after=now + wait if wait else None).enqueue(contact, tries)
    # To the hour: the minute could be matched with what somebody sees on a line.
    DBTaskResult.objects.filter(pk=queued.id).update(enqueued_at=now.replace(minute=0, second=0, microsecond=0))
