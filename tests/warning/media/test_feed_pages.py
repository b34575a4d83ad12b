"""Feeds at the desk: followed after a warning, looked at, switched off and on, removed; nothing where it is not let."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.institutions.models import User
from amparo.vault.models import LogEntry
from amparo.warning.media.following import MOST_FEEDS
from amparo.warning.media.looking import look_at_due_feeds
from amparo.warning.models import Feed, MediaItem
from tests.evidence import site as sites
from tests.factories import make_institution, make_member
from tests.warning.media.newspaper import Newspaper
from tests.warning.media.test_looking import follow

pytestmark = pytest.mark.django_db


def fill_in(client: Client, address: str, **said: str) -> HttpResponse:
    token = client.get(reverse("feed-new")).context["form"]["token"].value()
    sent = {"address": address, "understood": "on", "token": token} | said
    return client.post(reverse("feed-new"), sent)  # type: ignore[return-value]


def press(client: Client, name: str, feed: Feed, **said: str) -> str:
    return client.post(reverse(name, args=[feed.pk]), said, follow=True).content.decode()  # type: ignore[no-any-return]


def page(client: Client) -> str:
    return client.get(reverse("feeds")).content.decode()


def test_it_works(client: Client, user: User, followed: Newspaper) -> None:
    assert "No feed is followed yet." in page(client)
    assert fill_in(client, followed.address).status_code == 302
    assert followed.asked() == []
    feed = Feed.objects.get()
    assert "Nobody has looked at it yet." in page(client)
    assert "2 new published reports." in press(client, "feed-look", feed)
    assert "Invented Gazette" in page(client)
    assert "Nothing has changed since it was read." in press(client, "feed-look", feed)
    assert "one" in client.get(reverse("media")).content.decode()
    assert reverse("feeds") in client.get(reverse("media")).content.decode()
    assert [each.action for each in LogEntry.objects.filter(action__startswith="feed").order_by("pk")] == [
        "feed-added",
        "feed-looked-at",
        "feed-looked-at",
    ]
    assert "127.0.0.1" not in str(list(LogEntry.objects.values()))


def test_it_is_off_unless_the_installation_lets_it(client: Client, user: User, newspaper: Newspaper) -> None:
    assert "AMPARO_FEEDS" in page(client)
    assert client.get(reverse("feed-new")).status_code == 404
    assert client.post(reverse("feed-new"), {"address": newspaper.address}).status_code == 404
    feed = follow(user, newspaper.address)
    assert "Look now" not in page(client)
    press(client, "feed-look", feed)
    assert newspaper.asked() == []
    press(client, "feed-remove", feed)
    assert not Feed.objects.exists()


def test_what_is_revealed_is_said_before_and_taken_note_of(
    client: Client, user: User, followed: Newspaper, settings: Settings
) -> None:
    direct = client.get(reverse("feed-new")).content.decode()
    assert "sees the address of this server" in direct
    settings.CAPTURE_PROXY = ("127.0.0.1", 9)
    through_proxy = client.get(reverse("feed-new")).content.decode()
    assert "sees the address of this server" not in through_proxy
    assert "through a proxy" in through_proxy
    answer = fill_in(client, "https://gazette.example/feed", understood="", publisher="Invented Gazette")
    assert answer.status_code == 422
    assert "understood" in answer.context["form"].errors
    assert 'value="Invented Gazette"' in answer.content.decode()
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "required"),
        ("gazette.example", "beginning with https://"),
        ("javascript:alert(1)", "beginning with https://"),
        ("https://user:word@gazette.example/", "beginning with https://"),
        ("https://gazette.example:22/", "usual ports"),
        ("https://" + "a" * 1000 + ".example/", "characters"),
        ("https://gazette.example/" + "é" * 400, "beginning with https://"),
        ("http://inventedinventedinventedinventedinventedinventedinvented.onion/", "Tor only"),
    ],
)
def test_an_address_that_is_none_is_said_at_its_field(
    client: Client, user: User, followed: Newspaper, address: str, said: str
) -> None:
    answer = fill_in(client, address)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["address"])


def test_wrong_languages_are_said_at_their_field(client: Client, user: User, followed: Newspaper) -> None:
    assert "language" in fill_in(client, "https://a.example/", language="English!").context["form"].errors
    fill_in(client, "https://a.example/", language="ES-co")
    assert Feed.objects.get().language == "es"


def test_our_own_network_is_never_asked(client: Client, user: User, followed: Newspaper) -> None:
    for within in ("http://10.0.0.1/feed", "https://2130706433/", "http://[::1]/", "https://intranet/feed"):
        assert "a network that is not public" in str(fill_in(client, within).context["form"].errors["address"])
    assert not Feed.objects.exists()
    followed.site.sends_on("/feed", "http://169.254.169.254/latest/")
    assert "a network that is not public" in press(client, "feed-look", follow(user, followed.address))


def test_one_form_sent_twice_is_one_feed_and_the_same_address_is_refused(
    client: Client, user: User, followed: Newspaper
) -> None:
    token = client.get(reverse("feed-new")).context["form"]["token"].value()
    for _ in range(2):
        assert fill_in(client, "https://a.example/#top", token=token).status_code == 302
    answer = fill_in(client, "https://a.example")
    assert "followed already" in str(answer.context["form"].errors["address"])
    assert Feed.objects.get().address == "https://a.example/"


def test_more_than_are_allowed_are_refused(client: Client, user: User, followed: Newspaper) -> None:
    for number in range(MOST_FEEDS):
        follow(user, f"https://a.example/{number}")
    answer = fill_in(client, "https://a.example/more")
    assert (answer.status_code, Feed.objects.count()) == (422, MOST_FEEDS)
    assert "Remove one first" in answer.content.decode()


def test_a_failing_feed_says_why_and_when_it_is_asked_again(client: Client, user: User, followed: Newspaper) -> None:
    followed.answers(sites.not_http)
    feed = follow(user, followed.address, "<b>Bold</b>")
    look_at_due_feeds()
    shown = page(client)
    assert "does not speak as web sites do" in shown
    assert "asked for again from" in shown
    assert "<b>Bold" not in shown
    assert "not encrypted" in shown
    Feed.objects.update(is_on=False, off_because="failures")
    assert "switched off after 10 failures in a row" in page(client)
    Feed.objects.update(off_because="gone", outcome="gone")
    assert "switched off: the feed is gone" in page(client)
    press(client, "feed-switch", feed, on="yes")
    assert Feed.objects.get().is_on


@pytest.mark.parametrize("outcome", ["too-slow", "too-large", "no-feed", "cut-off", "server-error", "no-proxy"])
def test_each_outcome_is_a_sentence(client: Client, user: User, followed: Newspaper, outcome: str) -> None:
    follow(user, followed.address)
    Feed.objects.update(outcome=outcome, looked_at="2026-03-02T12:00Z")
    shown = page(client)
    assert outcome not in shown
    assert "%(" not in shown


def test_switching_off_can_be_undone(client: Client, user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    assert "switched off by hand" in press(client, "feed-switch", feed, on="no")
    press(client, "feed-look", feed)
    assert look_at_due_feeds() == 0
    assert followed.asked() == []
    press(client, "feed-switch", feed, on="yes")
    assert look_at_due_feeds() == 1


def test_removing_asks_first_and_keeps_the_reports(client: Client, user: User, followed: Newspaper) -> None:
    feed = follow(user, followed.address)
    look_at_due_feeds()
    asked = client.get(reverse("feed-remove", args=[feed.pk])).content.decode()
    assert "cannot be undone" in asked
    assert Feed.objects.exists()
    press(client, "feed-remove", feed)
    assert (Feed.objects.count(), MediaItem.objects.count()) == (0, 2)
    assert client.post(reverse("feed-remove", args=[feed.pk])).status_code == 404


def test_another_institution_sees_nothing_of_it(client: Client, user: User, followed: Newspaper) -> None:
    feed = follow(make_member(make_institution("other")), followed.address, "Their Gazette")
    assert "Their Gazette" not in page(client)
    for name in ("feed-look", "feed-switch", "feed-remove"):
        assert client.post(reverse(name, args=[feed.pk])).status_code == 404
    assert client.get(reverse("feed-remove", args=[feed.pk])).status_code == 404
    assert followed.asked() == []


def test_the_list_asks_for_as_much_with_many_as_with_few(client: Client, user: User, followed: Newspaper) -> None:
    for number in range(2):
        follow(user, f"https://a.example/{number}")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("feeds"))
    for number in range(2, MOST_FEEDS):
        follow(user, f"https://a.example/{number}")
    with CaptureQueriesContext(connection) as many:
        shown = client.get(reverse("feeds"))
    assert len(many) == len(few)
    assert len(shown.context["page"].object_list) == 25
