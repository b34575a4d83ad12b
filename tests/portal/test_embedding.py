"""A chart in another site's page: framed by anybody, with its words and source, and light."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from lxml import html

from amparo.portal.embedding import in_short
from amparo.statistics.models import Erratum, Release
from tests.portal.reading import addresses_in, ask, is_elsewhere, make_cache
from tests.portal.test_pictures import KINDS

HEAVIEST = 50_000


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_works(language: str, release: Release, client: Client) -> None:
    page = html.fromstring(client.get(f"/{language}/explore/embed?{KINDS['line']}").content.decode())

    assert page.xpath("//h1/text()")
    assert page.xpath("//figure//*[@role='img']")
    assert release.identifier in page.text_content()
    assert f"/{language}/releases/{release.identifier}/" in page.xpath("//a/@href")
    assert set(page.xpath("//main//a/@target")) == {"_blank"}


def test_anybody_may_frame_it_and_nothing_else_is_allowed(release: Release) -> None:
    headers = ask(WSGIHandler(), f"/en/explore/embed?{KINDS['line']}").headers
    others = ask(WSGIHandler(), f"/en/explore/?{KINDS['line']}").headers

    policy = [each.strip() for each in headers["Content-Security-Policy"].split(";")]
    assert headers["X-Frame-Options"] is None
    assert {"frame-ancestors *", "default-src 'none'", "script-src 'none'"} <= set(policy)
    assert others["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in others["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/en/explore/embed?rows=mistake", "/en/explore/embed?rows=sex&release=1999-1"])
def test_a_mistake_is_named_with_what_is_nearest(address: str, release: Release, client: Client) -> None:
    answer = client.get(address)

    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 400
    assert page.xpath("//main//li/a/@href")
    assert answer.headers.get("X-Frame-Options") is None


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_light_and_leaves_nothing_with_the_reader(kind: str, release: Release) -> None:
    cache = make_cache(release.folder.parent)

    answer = ask(cache, f"/ar/explore/embed?{KINDS[kind]}", HTTP_ACCEPT_ENCODING="gzip", HTTP_COOKIE="sessionid=x")
    loaded = html.fromstring(answer.text).xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src")
    rest = [ask(cache, address, HTTP_ACCEPT_ENCODING="gzip") for address in set(loaded)]

    assert sum(len(each.wire) for each in (answer, *rest)) < HEAVIEST
    assert answer.headers.get_all("Set-Cookie") is None
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert [address for address in addresses_in(answer.text) if is_elsewhere(address)] == []


def test_the_code_frames_the_figures_of_this_release(release: Release, client: Client) -> None:
    page = html.fromstring(client.get(f"/en/explore/?{KINDS['line']}").content.decode())

    (code,) = page.xpath("//textarea[@readonly]/text()")
    (frame,) = html.fragments_fromstring(code)
    address = frame.get("src")
    assert frame.tag == "iframe"
    assert frame.get("title") == "Victims by year and sex"
    assert address.startswith("http://testserver/en/explore/embed?")
    assert f"release={release.identifier}" in address
    assert int(frame.get("height")) > 400
    assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_the_code_frames_the_chart_as_it_is_drawn(release: Release, client: Client) -> None:
    slope = client.get(f"/en/explore/?{KINDS['slope']}").content.decode()
    unfit = client.get("/en/explore/?dataset=cpj&rows=sex&chart=heat").content.decode()

    assert "earlier=2012" in slope
    assert "chart=bar" in html.fromstring(unfit).xpath("//textarea/text()")[0]


def test_a_corrected_release_says_so_wherever_its_figures_are_framed(release: Release, client: Client) -> None:
    texts = dict.fromkeys(("en", "fr", "es", "ar"), "Two records were counted twice.")
    address = f"/en/explore/embed?{KINDS['bar']}&release={release.identifier}"
    before = client.get(address).content.decode()

    Erratum.objects.create(release=release, texts=texts, noted_at=release.published_at)

    assert "was corrected since" not in before
    assert "was corrected since" in client.get(address).content.decode()
    assert "was corrected since" in client.get(address.replace("embed", "chart.svg")).content.decode()


def test_in_short_it_still_says_what_is_not_shown() -> None:
    assert in_short(("a", "b")) == ("a", "b")
    assert in_short(("a", "b", "c", "d", "hidden")) == ("a", "b", "hidden")


def test_before_the_first_release_it_says_so(db: None, client: Client) -> None:
    assert client.get("/en/explore/embed").status_code == 200
