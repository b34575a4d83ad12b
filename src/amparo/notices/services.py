"""Telling people that there is something new: who wants to hear, and putting it into the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from amparo.institutions.access import ANSWER_REPORTS, may
from amparo.institutions.models import Institution, User
from amparo.notices.addresses import seal_address
from amparo.notices.delivery import queue_notice, send_to
from amparo.notices.kinds import KINDS
from amparo.notices.models import NoticeRecipient
from amparo.notices.outgoing import NotSent


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to be told of, where and how often."""

    address: str = field(repr=False)
    age_key: str = field(repr=False)
    language: str
    kinds: Sequence[str]
    how_often: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How the sending goes, in counts: no address, no person."""

    people: int
    waiting: int
    tried_in_vain: int
    given_up: int
    broken_tasks: int


@transaction.atomic
def tell(institution: Institution, kind: str, *, only: Iterable[int] | None = None, urgent: bool = False) -> None:
    """Put a notice in the queue for the people of `institution` who want to hear of `kind`: never content.

    `only` are the numbers of those whom it concerns; None: everybody. What is `urgent` goes at once to all of
    them, whatever they wished.

    Part of the caller's transaction: what is undone is told to nobody. Raises ValueError for a kind that is none.
    """
    if kind not in KINDS:
        raise ValueError("There is no such kind of notice.")
    if settings.MAIL_SERVER is None:
        return
    wanting = NoticeRecipient.objects.select_related("user").filter(user__institution=institution, user__is_active=True)
    if not urgent:
        wanting = wanting.filter(is_waiting=False)
    if only is not None:
        wanting = wanting.filter(user__in=list(only))
    for recipient in wanting:
        # One who may no longer read reports is told of none.
        if (urgent or kind in recipient.kinds) and may(recipient.user, ANSWER_REPORTS):
            recipient.is_waiting = True
            recipient.save(update_fields=["is_waiting"])
            queue_notice(recipient, urgent=urgent)


@transaction.atomic
def keep_wishes(user: User, wishes: Wishes) -> NoticeRecipient:
    """Keep what `user` wants, her address sealed. A notice that waits goes to the new address."""
    recipient = NoticeRecipient.objects.filter(user=user).first() or NoticeRecipient(user=user)
    recipient.language, recipient.how_often = wishes.language, wishes.how_often
    recipient.kinds = [kind for kind in KINDS if kind in wishes.kinds]
    recipient.tries, recipient.last_problem = 0, ""
    seal_address(recipient, wishes.address, wishes.age_key)
    recipient.save()
    return recipient


def forget_wishes(user: User) -> None:
    """Send `user` nothing more, and keep no address of hers."""
    NoticeRecipient.objects.filter(user=user).delete()


def send_test(recipient: NoticeRecipient) -> None:
    """Send one notice now, past the queue. Raises `NotSent`."""
    if settings.MAIL_SERVER is None:
        raise NotSent("no-server")
    send_to(recipient, settings.MAIL_SERVER)


def count_deliveries(institution: Institution) -> Deliveries:
    """How the sending to the people of `institution` goes; broken tasks are those of the whole installation."""
    recipients = NoticeRecipient.objects.filter(user__institution=institution)
    return Deliveries(
        people=recipients.count(),
        waiting=recipients.filter(is_waiting=True).count(),
        tried_in_vain=recipients.filter(is_waiting=True, tries__gt=0).count(),
        given_up=recipients.aggregate(all=Sum("given_up"))["all"] or 0,
        broken_tasks=DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count(),
    )
