"""Looking at feeds: at those that are due, a few at each turn of the worker, or at one that somebody asks for.

Before a feed is asked for, the look is counted as one that failed, and the next one put off; what came takes both back,
in the transaction in which it is kept. So a worker that is killed loses and repeats nothing, and a feed that kills each
worker is asked for ever more seldom, and then no more.
"""

import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from amparo.evidence.capturing import capture_rules
from amparo.evidence.fetching import Rules
from amparo.institutions.models import User, this_hour
from amparo.vault import log
from amparo.warning.held import AlertError, NotNow
from amparo.warning.media.asking import Answer, Before, NotRead, ask_for_feed, feed_rules
from amparo.warning.media.feeds import FeedRead
from amparo.warning.media.following import (
    FAILURES,
    GONE,
    MOST_FAILURES,
    are_fetched,
    feeds_for,
    note,
    wait_after,
)
from amparo.warning.media.items import Item
from amparo.warning.media.keeping import keep_new
from amparo.warning.models import Feed

# Deadlines of alerts are looked at by the same worker, every three minutes: feeds leave it most of them.
TURN_SECONDS = 30.0
# People who look by hand leave threads of the server to others.
_GATE = threading.BoundedSemaphore(2)


class Busy(AlertError):
    """As many feeds are looked at by hand as may be at one time."""

    code = "feeds-busy"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look gave: its code (`outcomes.py`), and how many reports are new."""

    outcome: str
    new: int = 0


def look_at_due_feeds() -> int:
    """Ask for feeds that are due, the longest due first, for half a minute. For the worker; gives how many."""
    if not are_fetched():
        return 0
    until, looked, rules = time.monotonic() + TURN_SECONDS, 0, feed_rules(capture_rules())
    while time.monotonic() < until and (feed := _take_due()) is not None:
        if feed.is_on:
            _look(feed, rules, None)
            looked += 1
    return looked


def look_now(user: User, number: int) -> Look:
    """Ask for a feed at once. A failure is shown, and not counted among those that switch it off.

    Raises `Feed.DoesNotExist`, `NotNow` where it is off or this installation asks for none, `Busy`.
    """
    feed = feeds_for(user).get(pk=number)
    if not feed.is_on or not are_fetched():
        raise NotNow
    if not _GATE.acquire(blocking=False):
        raise Busy
    try:
        return _look(feed, feed_rules(capture_rules()), user)
    finally:
        _GATE.release()


@transaction.atomic
def _take_due() -> Feed | None:
    """The next feed that is due, with this look counted against it; switched off where that is one too many."""
    now = this_hour()
    somebody = User.objects.filter(institution=OuterRef("institution"), is_active=True)
    feed: Feed | None = (
        Feed.objects.select_for_update(of=("self",))
        .select_related("institution")
        .filter(Exists(somebody), is_on=True, look_next_at__lte=now, institution__locked_at=None)
        .order_by("look_next_at", "pk")
        .first()
    )
    if feed is None:
        return None
    feed.failures += 1
    feed.look_next_at = now + wait_after(feed.failures)
    if feed.failures > MOST_FAILURES:
        feed.outcome, feed.new_items = "not-ended", 0
        _switch_off(feed, FAILURES)
    feed.save()
    if not feed.is_on:
        _note_look(feed, None)
    return feed


def _look(feed: Feed, rules: Rules, user: User | None) -> Look:
    try:
        answer = ask_for_feed(feed.address, Before(feed.answered_from, feed.etag, feed.last_modified), rules)
    except NotRead as refused:
        return _keep_failure(feed.pk, refused.code, user)
    return _keep_answer(feed.pk, answer, user)


@transaction.atomic
def _keep_answer(number: int, answer: Answer, user: User | None) -> Look:
    feed = _take(number)
    if feed is None:
        return Look(answer.outcome)
    new = 0
    if (read := answer.feed) is not None:
        feed.publisher, feed.language = feed.publisher or read.title, feed.language or read.language
        new = keep_new(feed.institution, [_as_from(feed, read, each) for each in read.items]).new
    feed.answered_from, feed.etag = answer.before.address, answer.before.etag
    feed.last_modified = answer.before.last_modified
    feed.outcome, feed.new_items, feed.failures = answer.outcome, new, 0
    feed.looked_at = this_hour()
    feed.look_next_at = feed.looked_at + timedelta(hours=1)
    feed.save()
    _note_look(feed, user)
    return Look(answer.outcome, new)


@transaction.atomic
def _keep_failure(number: int, code: str, user: User | None) -> Look:
    feed = _take(number)
    if feed is None:
        return Look(code)
    feed.outcome, feed.new_items, feed.looked_at = code, 0, this_hour()
    if code == GONE:
        _switch_off(feed, GONE)
    elif user is None and feed.failures >= MOST_FAILURES:
        _switch_off(feed, FAILURES)
    feed.save()
    _note_look(feed, user)
    return Look(code)


def _take(number: int) -> Feed | None:
    """The feed, held; None where it was removed or switched off while it was asked for: then nothing is kept."""
    found = Feed.objects.select_for_update(of=("self",)).select_related("institution")
    return found.filter(pk=number, is_on=True).first()


def _as_from(feed: Feed, read: FeedRead, item: Item) -> Item:
    """`item` under the name that the institution gave the feed; one that names another source keeps that."""
    publisher = item.publisher if item.publisher != read.title else ""
    return replace(item, publisher=publisher or feed.publisher, language=item.language or feed.language)


def _switch_off(feed: Feed, because: str) -> None:
    feed.is_on, feed.off_because = False, because


def _note_look(feed: Feed, user: User | None) -> None:
    if feed.new_items:
        log.record(
            "media-brought-in",
            actor=user.pk if user else None,
            institution=feed.institution.code,
            record=f"feed:{feed.pk}",
            facts={"items": feed.new_items},
        )
    if not feed.is_on:
        note("feed-switched-off", feed, None, {"because": feed.off_because, "outcome": feed.outcome})
    if user is not None:
        note("feed-looked-at", feed, user, {"outcome": feed.outcome})
