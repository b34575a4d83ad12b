"""The feeds that an institution follows: added, switched off and on, removed; each step in the log."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from amparo.institutions.models import Institution, User, this_hour
from amparo.vault import log
from amparo.warning.held import AlertError
from amparo.warning.models import Feed

# Of one institution: each is asked for every hour.
MOST_FEEDS = 30
# In a row, over about five days: then nobody is asked any more, until somebody switches the feed on again.
MOST_FAILURES = 10
BY_HAND, FAILURES, GONE = "by-hand", "failures", "gone"


class FollowedAlready(AlertError):
    """The institution follows this address."""

    code = "followed-already"


class TooManyFeeds(AlertError):
    """The institution follows as many feeds as are allowed."""

    code = "too-many-feeds"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed as somebody wants it followed; `address` is checked and in ASCII."""

    address: str
    token: UUID
    publisher: str = ""
    language: str = ""


def are_fetched() -> bool:
    """Whether this installation asks for feeds at all."""
    return bool(settings.FEEDS)


def feeds_for(user: User) -> QuerySet[Feed]:
    """The feeds that `user`'s institution follows."""
    return Feed.objects.filter(institution=user.institution_id).order_by("publisher", "pk")


@transaction.atomic
def add_feed(user: User, wanted: Wanted) -> Feed:
    """Follow a feed from now on. Sent twice it is one. Raises `FollowedAlready`, `TooManyFeeds`."""
    assert user.institution is not None  # noqa: S101  (a page for members only)
    # Two at the same time are counted one after the other.
    Institution.objects.select_for_update(of=("self",)).get(pk=user.institution.pk)
    there = feeds_for(user)
    if (sent := there.filter(token=wanted.token).first()) is not None:
        return sent
    if there.filter(address=wanted.address).exists():
        raise FollowedAlready
    if there.count() >= MOST_FEEDS:
        raise TooManyFeeds
    now = this_hour()
    feed = Feed.objects.create(
        institution=user.institution,
        token=wanted.token,
        address=wanted.address,
        publisher=wanted.publisher,
        language=wanted.language,
        added_by=user,
        added_at=now,
        look_next_at=now,
    )
    note("feed-added", feed, user)
    return feed


@transaction.atomic
def switch_feed(user: User, number: int, *, on: bool) -> Feed:
    """Ask for a feed no more, or again: then at the next turn, with its failures forgotten.

    Raises `Feed.DoesNotExist`.
    """
    feed = _take(user, number)
    if feed.is_on == on:
        return feed
    feed.is_on, feed.off_because = on, "" if on else BY_HAND
    if on:
        feed.failures, feed.look_next_at = 0, this_hour()
    feed.save()
    note("feed-switched-on" if on else "feed-switched-off", feed, user, {} if on else {"because": BY_HAND})
    return feed


@transaction.atomic
def remove_feed(user: User, number: int) -> None:
    """Forget a feed; the reports that it brought stay. Raises `Feed.DoesNotExist`."""
    feed = _take(user, number)
    note("feed-removed", feed, user)
    feed.delete()


def note(action: str, feed: Feed, user: User | None, facts: dict[str, str | int] | None = None) -> None:
    """Note in the log what was done with a feed; its address never."""
    log.record(
        action,
        actor=user.pk if user else None,
        institution=feed.institution.code,
        record=f"feed:{feed.pk}",
        facts=facts or {},
    )


def wait_after(failures: int) -> timedelta:
    """How long a feed is left alone after so many failures in a row: an hour, doubled up to a day."""
    return timedelta(hours=min(2 ** max(failures - 1, 0), 24))


def _take(user: User, number: int) -> Feed:
    held: Feed = feeds_for(user).select_for_update(of=("self",)).select_related("institution").get(pk=number)
    return held
