import os
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse
from django.utils import translation

from amparo.portal.api_answers import Question
from amparo.portal.choices import PARAMETERS
from amparo.portal.page_cache import FOR_PROGRAMS, LARGEST_PAGE, LONGEST_KEPT, PUBLIC, PageCache
from amparo.statistics.models import Release
from tests.portal.reading import Answer, ask, make_cache

PAGE = "/en/explore/?dataset=cpj&rows=year&columns=sex"


class Clock:
    """A clock that the test sets, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class CountingDjango:
    """Django, with a count of what it was asked."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.asked = 0

    def __call__(self, *given: object) -> Iterator[bytes]:
        self.asked += 1
        return self.django(*given)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(release: Release, clock: Clock, tmp_path: Path) -> PageCache:
    """A cache in front of Django, over a folder of releases that the test may touch."""
    releases = tmp_path / "releases"
    releases.mkdir()
    made = make_cache(releases, clock=clock)
    made.application = CountingDjango()
    return made


def asked_of_django(cache: PageCache) -> int:
    django = cache.application
    assert isinstance(django, CountingDjango)
    return django.asked


def is_kept(cache: PageCache, address: str, **headers: str) -> bool:
    """Whether a second question for `address` is answered without Django."""
    ask(cache, address, **headers)
    before = asked_of_django(cache)
    ask(cache, address, **headers)
    return asked_of_django(cache) == before


def test_it_works(cache: PageCache) -> None:
    first, second = ask(cache, PAGE), ask(cache, PAGE)

    assert asked_of_django(cache) == 1
    assert first.status == second.status == 200
    assert first.body == second.body == ask(WSGIHandler(), PAGE).body
    assert first.headers.items() == second.headers.items()


def test_a_kept_page_has_the_headers_of_a_fresh_one(cache: PageCache) -> None:
    fresh = ask(WSGIHandler(), PAGE).headers

    kept = [ask(cache, PAGE).headers for _ in range(2)][1]

    changed = {"content-length", "vary", "etag", "cache-control"}
    directives = {name.lower(): value for name, value in fresh.items() if name.lower() not in changed}
    assert {name.lower(): value for name, value in kept.items() if name.lower() not in changed} == directives
    assert {"content-security-policy", "x-content-type-options", "referrer-policy"} <= directives.keys()
    assert kept["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip; q=0", None),
        ("*", "br"),
        ("deflate", None),
        ("brotli", None),
        ("", None),
    ],
)
def test_each_reader_gets_the_encoding_that_she_takes(accepted: str, encoding: str | None, cache: PageCache) -> None:
    plain = ask(cache, PAGE)

    packed = ask(cache, PAGE, HTTP_ACCEPT_ENCODING=accepted)

    assert packed.headers["Content-Encoding"] == encoding
    assert packed.body == plain.wire
    assert packed.headers["Content-Length"] == str(len(packed.wire))
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_who_has_the_page_already_is_sent_nothing(cache: PageCache) -> None:
    tag = ask(cache, PAGE).headers["ETag"]

    for known in (tag, f'"other", {tag}', "*"):
        again = ask(cache, PAGE, HTTP_IF_NONE_MATCH=known)
        assert (again.status, again.wire, again.headers["ETag"]) == (304, b"", tag)
    assert ask(cache, PAGE, HTTP_IF_NONE_MATCH='W/"other"').status == 200


@pytest.mark.parametrize("first", ["HEAD", "GET"])
def test_a_head_is_answered_without_a_body(first: str, cache: PageCache) -> None:
    ask(cache, PAGE, first)

    head, whole = ask(cache, PAGE, "HEAD"), ask(cache, PAGE)

    assert head.wire == b""
    assert head.headers["Content-Length"] == str(len(whole.wire)) != "0"
    assert asked_of_django(cache) == 1


def test_a_new_release_empties_it_within_a_second(cache: PageCache, clock: Clock) -> None:
    assert is_kept(cache, PAGE)
    (cache.releases / "2099-1").mkdir()

    clock.now = 0.9
    assert is_kept(cache, PAGE)
    before = asked_of_django(cache)
    clock.now = 1.1
    ask(cache, PAGE)

    assert asked_of_django(cache) == before + 1


def test_the_page_shows_the_release_that_came(cache: PageCache, clock: Clock, release: Release) -> None:
    assert release.title in ask(cache, "/en/releases/").text

    Release.objects.update(title="Renamed")
    os.utime(cache.releases, ns=(1, 1))
    clock.now = 2

    assert "Renamed" in ask(cache, "/en/releases/").text


def test_what_was_made_before_a_release_is_not_kept_after_it(cache: PageCache, clock: Clock) -> None:
    """A release that comes while a page is being made."""
    django = cache.application

    def slow(*given: object) -> Iterator[bytes]:
        pieces = django(*given)
        os.utime(cache.releases, ns=(1, 1))
        clock.now = 5
        cache.application = django
        ask(cache, "/en/about/")
        return pieces

    cache.application = slow
    ask(cache, PAGE)
    before = asked_of_django(cache)
    ask(cache, PAGE)

    assert asked_of_django(cache) == before + 1


def test_no_page_grows_old(cache: PageCache, clock: Clock) -> None:
    ask(cache, PAGE)
    clock.now = LONGEST_KEPT + 1

    ask(cache, PAGE)

    assert asked_of_django(cache) == 2


def test_a_site_without_a_folder_of_releases_works(cache: PageCache, clock: Clock) -> None:
    cache.releases.rmdir()

    assert is_kept(cache, "/en/about/")


@pytest.mark.parametrize("order", [["rows", "columns", "dataset"], ["dataset", "columns", "rows"]])
def test_the_order_of_parameters_makes_no_second_page(order: list[str], cache: PageCache) -> None:
    ask(cache, PAGE)

    values = {"dataset": "cpj", "rows": "year", "columns": "sex"}
    ask(cache, f"/en/explore/?{urlencode({name: values[name] for name in order})}&country=&status=")

    assert asked_of_django(cache) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/en/explore/?utm_source=x",
        "/en/about/?dataset=cpj",
        "/en/countries/?country=COL",
        "/en/vocabularies/acts/?rows=year",
        "/en/explore/?rows=year&rows=sex",
        "/en/explore/?rows=mistake",
        "/en/explore/?chart=pie",
        "/en/?dataset=mistake",
        "/en/explore/?rows=" + "x" * 500,
        "/en/there-is-no-such-page/",
        "/en/countries/XXX/",
        "/en/countries/col/",
        "/xx/explore/",
        "/explore/",
        "/api/table?rows=mistake",
        "/api/table?utm_source=x",
        "/api/releases/1999-1",
    ],
)
def test_what_strangers_make_up_is_not_kept(address: str, cache: PageCache) -> None:
    assert not is_kept(cache, address)
    assert cache._pages == {}


@pytest.mark.parametrize("name", ["sign-in", "case-list"])
def test_pages_of_institutions_are_never_kept(name: str, cache: PageCache) -> None:
    for language in ("en", "ar"):
        with translation.override(language):
            assert not is_kept(cache, reverse(name))
    assert cache._pages == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_reading_is_answered_from_it(method: str, cache: PageCache) -> None:
    ask(cache, PAGE)

    assert ask(cache, PAGE, method).status in {403, 405}
    assert asked_of_django(cache) == 2


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "testserver:99999999999/x", "a b"])
def test_another_host_is_refused_even_for_a_kept_page(host: str, cache: PageCache) -> None:
    ask(cache, PAGE)

    refused = ask(cache, PAGE, HTTP_HOST=host)

    assert refused.status == 400 or host == ""
    assert asked_of_django(cache) == 2
    assert len(cache._pages) == 1


def test_many_hosts_take_no_memory(cache: PageCache) -> None:
    for number in range(500):
        ask(cache, PAGE, HTTP_HOST=f"host-{number}.example")

    assert len(cache._good_hosts) <= 101


POISONS = {
    "HTTP_COOKIE": "sessionid=stolen; django_language=ar",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_ORIGINAL_URL": "/ar/about/",
    "HTTP_ACCEPT_LANGUAGE": "ar",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "HEAD",
    "HTTP_RANGE": "bytes=0-1",
    "HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2098 00:00:00 GMT",
    "HTTP_AUTHORIZATION": "Basic eDp5",
    "HTTP_USER_AGENT": "<script>alert(1)</script>",
    "HTTP_REFERER": "https://evil.example/",
}


@pytest.mark.parametrize("header", POISONS)
def test_what_one_reader_sends_changes_no_page_of_another(header: str, cache: PageCache) -> None:
    ask(cache, PAGE, **{header: POISONS[header]})

    after = ask(cache, PAGE)

    assert asked_of_django(cache) == 1
    assert after.body == ask(WSGIHandler(), PAGE).body
    assert "evil" not in after.text + str(after.headers)


def test_the_same_page_is_served_under_each_good_host(release: Release, tmp_path: Path) -> None:
    cache = make_cache(tmp_path, allowed_hosts=["testserver", "127.0.0.1"])

    assert ask(cache, "/en/").body == ask(cache, "/en/", HTTP_HOST="127.0.0.1:8000").body
    assert len(cache._pages) == 1


def test_behind_tls_an_open_request_is_not_answered(release: Release, tmp_path: Path, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    cache = make_cache(tmp_path, https_only=True)

    assert ask(cache, PAGE, HTTP_X_FORWARDED_PROTO="https").status == 200
    assert ask(cache, PAGE).status == 301
    assert ask(cache, PAGE, HTTP_X_FORWARDED_PROTO="http").status == 301


def test_it_holds_no_more_than_its_capacity(cache: PageCache) -> None:
    cache.capacity = 200_000
    addresses = [f"/en/countries/{code}/" for code in ("COL", "BRA", "MEX", "PHL", "HND", "GTM", "IND", "PER", "COD")]

    for address in addresses:
        ask(cache, address)

    assert cache._size == sum(page.size for page in cache._pages.values()) <= cache.capacity
    assert 1 <= len(cache._pages) < len(addresses)
    assert is_kept(cache, addresses[-1])


def test_a_page_asked_for_often_outlives_others(cache: PageCache) -> None:
    ask(cache, PAGE)
    cache.capacity = 3 * cache._size
    for code in ("COL", "BRA", "MEX", "PHL", "HND"):
        ask(cache, f"/en/explore/?dataset=cpj&rows=year&columns=sex&country={code}")
        ask(cache, PAGE)

    assert is_kept(cache, PAGE)
    assert not any("COL" in query for _path, query in cache._pages)


def test_readers_at_the_same_time_get_whole_pages(release: Release, tmp_path: Path) -> None:
    def constant(_environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "1000")])  # type: ignore[operator]
        return [b"x" * 1000]

    cache = PageCache(constant, releases=tmp_path, allowed_hosts=["testserver"], capacity=20_000)
    answers: list[Answer] = []

    def read(reader: int) -> None:
        for number in range(200):
            answers.append(ask(cache, f"/en/countries/{(reader + number) % 7}/"))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()

    assert len(answers) == 1600
    assert {answer.wire for answer in answers} == {b"x" * 1000}
    assert cache._size == sum(page.size for page in cache._pages.values()) <= cache.capacity


def test_an_answer_with_a_cookie_or_too_large_is_passed_on_only(tmp_path: Path) -> None:
    headers = [("Content-Type", "text/html"), ("Content-Length", "2")]

    def with_cookie(_environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [*headers, ("Set-Cookie", "a=b")])  # type: ignore[operator]
        return [b"ok"]

    def too_large(_environ: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(LARGEST_PAGE + 1))])  # type: ignore[operator]
        return [b"x" * (LARGEST_PAGE + 1)]

    for application in (with_cookie, too_large):
        cache = PageCache(application, releases=tmp_path, allowed_hosts=["testserver"])
        assert ask(cache, "/en/").status == 200
        assert cache._pages == {}


def test_it_knows_the_parameters_of_the_pages() -> None:
    assert PUBLIC["explore"] == set(PARAMETERS)
    assert set(Question.model_fields) == FOR_PROGRAMS
