"""Published reports at the desk: brought in once, read, put aside and taken back, made a signal of once."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amparo.institutions.models import User
from amparo.vault.models import LogEntry
from amparo.warning.media.items import Item
from amparo.warning.media.keeping import bring_in, put_aside
from amparo.warning.models import MediaItem, Signal
from tests.factories import make_institution, make_member

pytestmark = pytest.mark.django_db


def send(client: Client, content: str, name: str = "feed.xml") -> HttpResponse:
    file = SimpleUploadedFile(name, content.encode())
    return client.post(reverse("media-new"), {"file": file})  # type: ignore[return-value]


def feed(*titles: str) -> str:
    items = "".join(f"<item><title>{each}</title><link>https://a.example/{each}</link></item>" for each in titles)
    return f'<rss version="2.0"><channel><title>Invented Gazette</title>{items}</channel></rss>'


def make_items(user: User, number: int) -> None:
    bring_in(
        user, [Item(f"Report {n}", f"https://a.example/{n}", "Gazette", "en", date(2026, 1, 1)) for n in range(number)]
    )


def test_it_works(client: Client, user: User) -> None:
    assert send(client, feed("one", "two")).status_code == 302
    page = client.get(reverse("media")).content.decode()
    assert "2 new items" in page
    assert 'href="https://a.example/one"' in page
    item = MediaItem.objects.get(title="one")
    form = client.get(reverse("media-code", args=[item.pk])).context["form"]
    said = {field.name: field.value() or "" for field in form} | {"kind": "threats", "country": "COL"}
    assert said["origin"] == "media"
    assert client.post(reverse("media-code", args=[item.pk]), said).status_code == 302
    signal = Signal.objects.get()
    assert (signal.origin, signal.media_item) == ("media", item)
    assert "https://a.example/one" in client.get(reverse("signal", args=[signal.pk])).content.decode()
    assert "https://a.example/one" not in client.get(reverse("media")).content.decode()
    assert str(signal.pk) in client.get(reverse("media"), {"state": "coded"}).content.decode()


def test_an_item_is_coded_once(client: Client, user: User) -> None:
    make_items(user, 1)
    item = MediaItem.objects.get()
    address = reverse("media-code", args=[item.pk])
    forms = [client.get(address).context["form"] for _ in range(2)]
    for form in forms:
        said = {field.name: field.value() or "" for field in form} | {"kind": "bill", "country": "COL"}
        assert client.post(address, said).status_code == 302
    assert Signal.objects.count() == 1
    assert client.get(address).status_code == 302


def test_the_same_file_twice_brings_nothing_new(client: Client, user: User) -> None:
    send(client, feed("one"))
    send(client, feed("one", "one", "two"))
    assert MediaItem.objects.count() == 2
    assert "2 were there already" in client.get(reverse("media")).content.decode()


def test_a_wrong_table_brings_nothing_in(client: Client, user: User) -> None:
    answer = send(client, "title,link\nGood,https://a.example/\nBad,javascript:alert(1)\n", "table.csv")
    assert answer.status_code == 422
    assert "Row 3, link:" in answer.content.decode()
    assert "javascript:alert" not in answer.content.decode()
    assert not MediaItem.objects.exists()


@pytest.mark.parametrize("content", ["", "<html></html>", "<rss/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>", "\0"])
def test_bad_files_are_told_at_their_field(client: Client, user: User, content: str) -> None:
    answer = send(client, content)
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    assert client.post(reverse("media-new")).status_code == 422


def test_a_file_that_is_too_large_is_refused(client: Client, user: User) -> None:
    assert send(client, "<rss>" + " " * 3 * 1024**2).status_code == 422


def test_tags_in_titles_are_words_and_no_tags(client: Client, user: User) -> None:
    send(
        client, feed("x").replace("<title>x", "<title>&lt;script&gt;alert(1)&lt;/script&gt;Bad &amp;lt;b&amp;gt; news")
    )
    assert "<script>alert" not in client.get(reverse("media")).content.decode()


def test_put_aside_can_be_undone(client: Client, user: User) -> None:
    make_items(user, 1)
    item = MediaItem.objects.get()
    answer = client.post(reverse("media-aside", args=[item.pk]), {"aside": "yes"}, follow=True)
    assert "Put aside:" in answer.content.decode()
    assert MediaItem.objects.get().is_put_aside
    client.post(reverse("media-aside", args=[item.pk]), {"aside": "no"})
    assert not MediaItem.objects.get().is_put_aside
    actions = list(LogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert [each for each in actions if each.startswith("media")] == [
        "media-brought-in",
        "media-put-aside",
        "media-taken-back",
    ]


def test_what_became_a_signal_is_not_put_aside(client: Client, user: User) -> None:
    make_items(user, 1)
    signal = Signal.objects.create(institution=user.institution, raised_at="2026-01-01T00:00Z", country="COL")
    MediaItem.objects.update(signal=signal)
    client.post(reverse("media-aside", args=[MediaItem.objects.get().pk]))
    assert not MediaItem.objects.get().is_put_aside


def test_another_institution_sees_nothing_of_it(client: Client, user: User) -> None:
    other = make_member(make_institution("other"))
    make_items(other, 1)
    number = MediaItem.objects.get().pk
    assert "Report 0" not in client.get(reverse("media"), {"state": "all"}).content.decode()
    assert client.get(reverse("media-code", args=[number])).status_code == 404
    assert client.post(reverse("media-aside", args=[number])).status_code == 404
    make_items(user, 1)
    assert MediaItem.objects.count() == 2


def test_the_list_asks_for_as_much_with_many_as_with_few(client: Client, user: User) -> None:
    make_items(user, 2)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("media"))
    make_items(user, 60)
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("media"))
    assert len(many) == len(few)
    assert len(page.context["page"].object_list) == 25


def test_filters_find(client: Client, user: User) -> None:
    make_items(user, 3)
    bring_in(
        user,
        [
            Item("Old news", "https://b.example/", "Herald", "fr", date(2020, 5, 1)),
            Item("No day", "https://c.example/"),
        ],
    )
    put_aside(user, MediaItem.objects.get(title="Report 0").pk)

    def titles(**asked: str) -> set[str]:
        return {each.title for each in client.get(reverse("media"), asked).context["page"].object_list}

    assert titles() == {"Report 1", "Report 2", "Old news", "No day"}
    assert titles(since="2021-01-01") == {"Report 1", "Report 2"}
    assert titles(publisher="herald") == {"Old news"}
    assert titles(state="aside") == {"Report 0"}
    assert len(titles(state="all", since="no day")) == 5
    assert titles(state="nonsense") == titles()
    assert client.get(reverse("media"), {"aside": "x"}).status_code == 404
