"""Feeds are looked at in turns that lose and repeat nothing, and left alone where they fail."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from amparo.config.duties import SOON
from amparo.institutions.models import User
from amparo.institutions.services import Founded
from amparo.vault.models import LogEntry
from amparo.warning.alerts.calling import pass_on_late
from amparo.warning.held import NotNow
from amparo.warning.media import looking
from amparo.warning.media.asking import feed_rules
from amparo.warning.media.following import (
    MOST_FAILURES,
    MOST_FEEDS,
    FollowedAlready,
    TooManyFeeds,
    Wanted,
    add_feed,
    remove_feed,
    switch_feed,
)
from amparo.warning.media.looking import Busy, Look, look_at_due_feeds, look_now
from amparo.warning.models import Feed, MediaItem
from tests.evidence import site as sites
from tests.factories import make_institution, make_member
from tests.warning.alerting import clock_at
from tests.warning.media.newspaper import ETAG, Newspaper, make_feed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)


@pytest.fixture
def user(founded: Founded) -> User:
    return make_member(founded)


def follow(user: User, address: str, publisher: str = "") -> Feed:
    return add_feed(user, Wanted(address, uuid4(), publisher))


def logged(name: str = "feed") -> list[tuple[str, dict[str, object]]]:
    found = LogEntry.objects.filter(action__startswith=name).order_by("pk")
    return list(found.values_list("action", "facts"))


def test_it_works(user: User, followed: Newspaper) -> None:
    with clock_at(NOON):
        feed = follow(user, followed.address)
        assert look_at_due_feeds() == 1
        assert look_at_due_feeds() == 0
    feed.refresh_from_db()
    assert (feed.outcome, feed.new_items, feed.failures) == ("read", 2, 0)
    assert (feed.publisher, feed.language, feed.etag) == ("Invented Gazette", "es", ETAG)
    assert (feed.looked_at, feed.look_next_at) == (NOON.replace(minute=0), NOON.replace(hour=13, minute=0))
    assert sorted(MediaItem.objects.values_list("title", "publisher", "language")) == [
        ("one", "Invented Gazette", "es"),
        ("two", "Invented Gazette", "es"),
    ]
    entry = LogEntry.objects.get(action="media-brought-in")
    assert (entry.actor, entry.record, entry.facts) == (None, f"feed:{feed.pk}", {"items": 2})


def test_an_hour_later_only_what_is_new_is_brought_in(user: User, followed: Newspaper) -> None:
    with clock_at(NOON):
        feed = follow(user, followed.address)
        look_at_due_feeds()
    with clock_at(NOON + timedelta(hours=1)):
        assert look_at_due_feeds() == 1
    feed.refresh_from_db()
    assert (feed.outcome, feed.new_items) == ("unchanged", 0)
    followed.prints("two", "three")
    with clock_at(NOON + timedelta(hours=2)):
        look_at_due_feeds()
    feed.refresh_from_db()
    assert (feed.outcome, feed.new_items, MediaItem.objects.count()) == ("read", 1, 3)
    assert len(followed.asked()) == 3


def test_it_is_off_unless_the_installation_lets_it(user: User, newspaper: Newspaper, settings: Settings) -> None:
    settings.CAPTURE_LOOPBACK_PORTS = frozenset({newspaper.site.port})
    feed = follow(user, newspaper.address)
    assert look_at_due_feeds() == 0
    with pytest.raises(NotNow):
        look_now(user, feed.pk)
    assert newspaper.asked() == []


def test_this_machine_is_not_asked(user: User, newspaper: Newspaper, settings: Settings) -> None:
    settings.FEEDS, settings.CAPTURE_PROXY = True, None
    assert look_now(user, follow(user, newspaper.address).pk) == Look("port")
    assert look_now(user, follow(user, "http://127.0.0.1/feed").pk) == Look("not-public")
    assert newspaper.asked() == []


def test_it_comes_after_the_deadlines_of_alerts(user: User, followed: Newspaper) -> None:
    assert SOON.index(pass_on_late) < SOON.index(look_at_due_feeds)
    for number in range(3):
        follow(user, followed.address + f"?{number}")
    with mock.patch.object(looking, "TURN_SECONDS", 0):
        assert look_at_due_feeds() == 0


def test_the_name_that_was_given_stands_beside_its_reports(user: User, followed: Newspaper) -> None:
    followed.content = make_feed("one").replace(
        b"</channel>",
        b"<item><title>other</title><link>https://b.example/</link>"
        b'<source url="https://b.example/">Invented Herald</source></item></channel>',
    )
    follow(user, followed.address, "Our Gazette")
    look_at_due_feeds()
    assert set(MediaItem.objects.values_list("title", "publisher")) == {
        ("one", "Our Gazette"),
        ("other", "Invented Herald"),
    }


def test_what_fails_is_asked_ever_more_seldom_and_then_no_more(user: User, followed: Newspaper) -> None:
    followed.says(500)
    with clock_at(NOON):
        feed, now = follow(user, followed.address), NOON.replace(minute=0)
    waits = []
    for _ in range(MOST_FAILURES):
        with clock_at(now):
            assert (look_at_due_feeds(), look_at_due_feeds()) == (1, 0)
        feed.refresh_from_db()
        waits.append(int((feed.look_next_at - now).total_seconds() // 3600))
        now = feed.look_next_at
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24, 24, 24]
    assert (feed.is_on, feed.off_because, feed.outcome) == (False, "failures", "server-error")
    assert logged("feed-switched") == [("feed-switched-off", {"because": "failures", "outcome": "server-error"})]
    with clock_at(now + timedelta(days=9)):
        assert look_at_due_feeds() == 0
    followed.comes_back()
    switch_feed(user, feed.pk, on=True)
    assert look_at_due_feeds() == 1
    feed.refresh_from_db()
    assert (feed.is_on, feed.off_because, feed.failures, feed.outcome) == (True, "", 0, "read")


def test_one_answer_forgets_the_failures_before_it(user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    Feed.objects.update(failures=MOST_FAILURES - 1)
    look_at_due_feeds()
    feed.refresh_from_db()
    assert (feed.failures, feed.is_on) == (0, True)


def test_a_feed_that_is_gone_is_asked_no_more(user: User, followed: Newspaper) -> None:
    followed.says(410)
    feed = follow(user, followed.address)
    look_at_due_feeds()
    feed.refresh_from_db()
    assert (feed.is_on, feed.off_because) == (False, "gone")


def test_a_feed_that_fails_keeps_no_other_from_coming(user: User, followed: Newspaper) -> None:
    followed.site.answers["/slow"] = sites.trickle
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead = f"http://127.0.0.1:{gone.getsockname()[1]}/"
    for address in (dead, followed.site.at("/slow"), followed.site.at("/not-there"), followed.address):
        follow(user, address)
    with mock.patch.object(looking, "feed_rules", lambda rules: replace(feed_rules(rules), seconds=0.5)):
        assert look_at_due_feeds() == 4
    assert list(Feed.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "port",
        "too-slow",
        "not-found",
        "read",
    ]


def test_looking_by_hand_tells_at_once_and_counts_no_failure(user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    assert look_now(user, feed.pk) == Look("read", 2)
    followed.says(503)
    for _ in range(MOST_FAILURES + 1):
        assert look_now(user, feed.pk) == Look("server-error")
    feed.refresh_from_db()
    assert (feed.is_on, feed.failures, feed.outcome) == (True, 0, "server-error")
    assert logged("feed-looked")[:2] == [
        ("feed-looked-at", {"outcome": "read"}),
        ("feed-looked-at", {"outcome": "server-error"}),
    ]


def test_only_two_are_looked_at_by_hand_at_a_time(user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    with looking._GATE, looking._GATE, pytest.raises(Busy):
        look_now(user, feed.pk)
    assert followed.asked() == []


@pytest.mark.parametrize("step", ["ask_for_feed", "keep_new", "_note_look"])
def test_a_worker_that_is_killed_loses_and_repeats_nothing(user: User, followed: Newspaper, step: str) -> None:
    whole = getattr(looking, step)

    def dies_after(*given: object) -> None:
        whole(*given)
        raise SystemExit

    feed = follow(user, followed.address)
    with mock.patch.object(looking, step, dies_after), pytest.raises(SystemExit):
        look_at_due_feeds()
    assert not MediaItem.objects.exists()
    feed.refresh_from_db()
    assert (feed.etag, feed.failures, feed.is_on) == ("", 1, True)
    assert look_at_due_feeds() == 0
    Feed.objects.update(look_next_at=NOON)
    assert look_at_due_feeds() == 1
    assert MediaItem.objects.count() == 2
    Feed.objects.update(look_next_at=NOON)
    look_at_due_feeds()
    assert MediaItem.objects.count() == 2
    assert LogEntry.objects.filter(action="media-brought-in").count() == 1


def test_a_feed_that_kills_each_worker_is_left_at_last(user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    with mock.patch.object(looking, "ask_for_feed", side_effect=SystemExit):
        for _ in range(MOST_FAILURES):
            Feed.objects.update(look_next_at=NOON)
            with pytest.raises(SystemExit):
                look_at_due_feeds()
    Feed.objects.update(look_next_at=NOON)
    assert look_at_due_feeds() == 0
    feed.refresh_from_db()
    assert (feed.is_on, feed.off_because, feed.outcome) == (False, "failures", "not-ended")


@pytest.mark.parametrize("change", ["removed", "off"])
def test_what_comes_after_somebody_changed_her_mind_is_not_kept(user: User, followed: Newspaper, change: str) -> None:
    feed = follow(user, followed.address)
    whole = looking.ask_for_feed

    def meanwhile(*given: object) -> object:
        answer = whole(*given)  # type: ignore[arg-type]
        if change == "removed":
            remove_feed(user, feed.pk)
        else:
            switch_feed(user, feed.pk, on=False)
        return answer

    with mock.patch.object(looking, "ask_for_feed", meanwhile):
        look_at_due_feeds()
    assert not MediaItem.objects.exists()
    assert [each.off_because for each in Feed.objects.all()] == ([] if change == "removed" else ["by-hand"])


def test_nobody_asks_for_an_institution_that_is_locked_or_empty(
    user: User, founded: Founded, followed: Newspaper
) -> None:
    follow(user, followed.address)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert look_at_due_feeds() == 0
    User.objects.filter(pk=user.pk).update(is_active=True)
    founded.institution.locked_at = NOON
    founded.institution.save()
    assert look_at_due_feeds() == 0
    assert followed.asked() == []


def test_each_institution_has_its_own(user: User, followed: Newspaper) -> None:
    other = make_member(make_institution("other"))
    feed = follow(other, followed.address)
    follow(user, followed.address)
    for do in (look_now, remove_feed):
        with pytest.raises(Feed.DoesNotExist):
            do(user, feed.pk)
    with pytest.raises(Feed.DoesNotExist):
        switch_feed(user, feed.pk, on=False)
    assert look_at_due_feeds() == 2
    assert MediaItem.objects.filter(institution=other.institution).count() == 2


def test_a_feed_is_followed_once_and_so_many_at_most(user: User) -> None:
    wanted = Wanted("https://a.example/0", uuid4())
    assert add_feed(user, wanted) == add_feed(user, wanted)
    with pytest.raises(FollowedAlready):
        follow(user, "https://a.example/0")
    for number in range(1, MOST_FEEDS):
        follow(user, f"https://a.example/{number}")
    with pytest.raises(TooManyFeeds):
        follow(user, "https://a.example/more")
    assert Feed.objects.count() == MOST_FEEDS
    assert "a.example" not in str(list(LogEntry.objects.values()))
