"""What holds for every public page, in each language."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease
from tests.portal.reading import addresses_in, ask, is_elsewhere, make_cache

LANGUAGES = {"en": "ltr", "fr": "ltr", "es": "ltr", "ar": "rtl"}
PAGES = (
    "",
    "?dataset=cpj",
    "countries/",
    "countries/COL/",
    "countries/FRA/",
    "explore/",
    "explore/?rows=country&columns=year&dataset=cpj",
    "explore/?rows=act&columns=sector&country=COL&status=verified",
    "explore/?rows=country&dataset=global-witness&chart=map",
    "explore/?rows=sector&columns=year&dataset=global-witness&chart=heat",
    "explore/embed?rows=year&columns=sex&dataset=cpj&chart=line",
    "explore/?rows=mistake",
    "releases/",
    "releases/{release}/",
    "releases/{release}/changes/",
    "compare/",
    "compare/?dataset=cpj&measure=victims&countries=AFG,BRA,COL,IRQ,MEX,PHL",
    "reports/",
    "reports/women/",
    "reports/environmental/",
    "reports/lgbtqi/",
    "statements/",
    "methods/",
    "about/",
    "api/",
    "vocabularies/",
    "vocabularies/acts/",
    "vocabularies/areas/",
    "vocabularies/areas/COL/",
    "vocabularies/countries/",
    "vocabularies/acts/killing/",
    "there-is-no-such-page/",
)
HEAVIEST = 50_000

in_each_language = pytest.mark.parametrize("language", LANGUAGES)
on_each_page = pytest.mark.parametrize("page", PAGES)


def address_of(language: str, page: str, release: Release) -> str:
    return f"/{language}/{page.format(release=release.identifier)}"


@in_each_language
@on_each_page
def test_it_works(language: str, page: str, release: Release, client: Client) -> None:
    answer = client.get(address_of(language, page, release))

    root = html.fromstring(answer.content.decode())
    assert answer.status_code == {"explore/?rows=mistake": 400, "there-is-no-such-page/": 404}.get(page, 200)
    assert (root.get("lang"), root.get("dir")) == (language, LANGUAGES[language])
    assert len(root.xpath("//h1")) == 1
    assert root.xpath("string(//title)").strip().removesuffix("· Amparo").strip()


@on_each_page
def test_the_language_switch_keeps_the_page_and_its_choice(page: str, release: Release, client: Client) -> None:
    answer = client.get(address_of("en", page, release))

    links = html.fromstring(answer.content.decode()).xpath("//*[@hreflang]/@href")
    assert {address_of(language, page, release) for language in LANGUAGES} == set(links)


@in_each_language
@on_each_page
def test_nothing_comes_from_elsewhere(language: str, page: str, release: Release, client: Client) -> None:
    answer = client.get(address_of(language, page, release)).content.decode()

    assert [address for address in addresses_in(answer) if is_elsewhere(address)] == []
    assert "<script" not in answer
    assert "style=" not in answer
    assert "srcset" not in answer


@on_each_page
def test_it_leaves_no_cookie(page: str, release: Release) -> None:
    answer = ask(WSGIHandler(), address_of("en", page, release))

    assert answer.headers.get_all("Set-Cookie") is None
    assert "Cookie" not in (answer.headers["Vary"] or "")


@pytest.mark.parametrize("page", [each for each in PAGES if each != "there-is-no-such-page/"])
def test_it_takes_no_cookie(page: str, release: Release) -> None:
    application = make_cache(release.folder.parent)

    answer = ask(application, address_of("en", page, release), HTTP_COOKIE="sessionid=stale; django_language=fr")

    assert answer.headers.get_all("Set-Cookie") is None
    assert answer.body == ask(WSGIHandler(), address_of("en", page, release)).body


@on_each_page
def test_its_headers_protect_the_reader(page: str, release: Release) -> None:
    headers = ask(WSGIHandler(), address_of("en", page, release)).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}


@in_each_language
@on_each_page
@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_it_is_light(encoding: str, language: str, page: str, release: Release) -> None:
    application = make_cache(release.folder.parent)

    first = ask(application, address_of(language, page, release), HTTP_ACCEPT_ENCODING=encoding)
    loaded = set(html.fromstring(first.text).xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src"))
    rest = [ask(application, address, HTTP_ACCEPT_ENCODING=encoding) for address in loaded]

    assert all(each.status == 200 and each.wire for each in rest)
    assert len(loaded) == 2
    assert sum(len(each.wire) for each in (first, *rest)) <= HEAVIEST


def test_the_style_sheet_loads_nothing() -> None:
    sheet = staticfiles_storage.open("ui/amparo.css").read().decode()

    assert "@import" not in sheet
    assert [
        address for address in re.findall(r"url\(([^)]*)\)", sheet) if not address.strip("\"'").startswith("#")
    ] == []


@pytest.mark.parametrize("page", ["", "countries/", "countries/COL/", "explore/", "explore/?rows=act&columns=sex"])
def test_every_figure_cites_its_release(page: str, release: Release, client: Client) -> None:
    answer = client.get(f"/en/{page}").content.decode()

    footer = html.fromstring(answer).xpath("//footer")[0]
    assert release.identifier in footer.text_content()
    assert f"/en/releases/{release.identifier}/" in footer.xpath(".//a/@href")


@pytest.mark.parametrize(
    ("page", "queries"),
    [("", 2), ("countries/", 1), ("countries/COL/", 3), ("explore/?rows=country&columns=sex", 1), ("releases/", 2)],
)
def test_the_database_is_hardly_asked(
    page: str,
    queries: int,
    opened: OpenRelease,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(queries):
        client.get(f"/en/{page}")


@pytest.mark.parametrize("page", ["", "countries/", "countries/COL/", "explore/"])
@in_each_language
def test_without_a_release_it_says_what_to_do(language: str, page: str, db: None, client: Client) -> None:
    answer = client.get(f"/{language}/{page}")

    assert answer.status_code == 200
    assert b"./amparo release" in answer.content


@pytest.mark.parametrize("page", ["releases/", "statements/", "about/", "api/", "vocabularies/"])
def test_other_pages_need_no_release(page: str, db: None, client: Client) -> None:
    assert client.get(f"/en/{page}").status_code == 200


def test_the_start_leads_to_the_readers_language(db: None, client: Client) -> None:
    answer = client.get("/", headers={"Accept-Language": "ar,en;q=0.5"})

    assert (answer.status_code, answer["Location"]) == (302, "/ar/")
    assert "Accept-Language" in answer["Vary"]


def test_robots_are_told_what_is_not_for_them(db: None, client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /*/desk/" in answer.content.decode().splitlines()
    assert "Disallow: /" not in answer.content.decode().splitlines()


def test_nothing_public_can_be_posted_to(release: Release, client: Client) -> None:
    addresses = (
        "",
        "explore/",
        "countries/",
        "countries/COL/",
        "releases/",
        f"releases/{release.identifier}/",
        "about/",
    )

    assert {client.post(f"/en/{address}").status_code for address in addresses} == {405}


def test_the_languages_are_those_of_the_settings() -> None:
    assert list(LANGUAGES) == [code for code, _name in settings.LANGUAGES]
