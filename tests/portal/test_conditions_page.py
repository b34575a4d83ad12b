"""Conditions on the public site, beside the figures of a release."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from pytest_django import Settings

from amparo.cases.dates import EventDate
from amparo.civic_space.ratings import RatingFacts, record_ratings
from amparo.civic_space.scales import get_scale
from amparo.civic_space.services import withdraw_condition
from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from tests.civic_space.conftest import make_desk, publish
from tests.factories import make_institution
from tests.portal.reading import addresses_in, ask, is_elsewhere, make_cache

Commits = Callable[..., AbstractContextManager[object]]
TITLE = "Invented ruling of the highest court"


@pytest.fixture
def condition(release: Release) -> None:
    network = make_institution(kind="network", invented=False)
    first, second = make_desk(network, "editor").user, make_desk(network, "analyst").user
    publish(first, second, titles={"en": TITLE}, country="COL", kind="court-ruling", date=EventDate.read("2017-02"))
    record_ratings(get_scale("civicus"), [RatingFacts("COL", "repressed", EventDate.read("2017"))])


def test_it_works(condition: None, opened: OpenRelease, client: Client) -> None:
    page = html.fromstring(client.get("/en/countries/COL/conditions/").content.decode())

    drawn = page.xpath("//figure[1]//*[local-name()='title']/text()")
    assert any(TITLE in each for each in drawn)
    assert "CIVICUS Monitor: civic space, 2017: Repressed" in drawn
    table = opened.read(TableQuery("colombia-social-leaders", "victims", "year", None, {"country": "COL"}))
    assert f"2017: {table.value('2017')}" in drawn
    # What is held back in the release is held back in the drawing.
    journalists = opened.read(TableQuery("cpj", "victims", "year", None, {"country": "COL"}))
    hidden = [year for year in range(1992, 2016) if journalists.value(str(year)) is None]
    assert hidden
    assert all(f"{year}: not shown" in drawn for year in hidden)
    assert page.xpath("//section[@aria-labelledby='victims']//table")


def test_a_countrys_page_leads_there(condition: None, client: Client) -> None:
    page = html.fromstring(client.get("/en/countries/COL/").content.decode())

    section = page.xpath("//section[@aria-labelledby='conditions']")[0]
    assert TITLE in section.text_content()
    assert "Repressed" in section.text_content()
    assert "/en/countries/COL/conditions/" in section.xpath(".//a/@href")
    other = html.fromstring(client.get("/en/countries/BRA/").content.decode())
    assert other.xpath("//section[@aria-labelledby='conditions']") == []


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_both_pages_are_light_and_load_nothing_from_elsewhere(language: str, condition: None, release: Release) -> None:
    cache = make_cache(release.folder.parent)
    for address in (f"/{language}/countries/COL/conditions/", f"/{language}/countries/COL/"):
        answer = ask(cache, address, HTTP_ACCEPT_ENCODING="br")

        page = html.fromstring(answer.text)
        loaded = page.xpath("//link/@href[not(contains(., '/countries/'))] | //@src")
        assert answer.status == 200
        assert len(answer.wire) + sum(len(ask(cache, each, HTTP_ACCEPT_ENCODING="br").wire) for each in loaded) < 50_000
        assert [each for each in addresses_in(answer.text) if is_elsewhere(each) and each in loaded] == []
        assert "style=" not in answer.text
        assert answer.headers.get_all("Set-Cookie") is None
        # What leads away tells nobody where the reader came from.
        assert all("noreferrer" in rel for rel in page.xpath("//a[starts-with(@href, 'http')]/@rel"))


def test_its_queries_do_not_grow_with_what_is_published(condition: None, release: Release) -> None:
    network = make_institution(kind="network")
    first, second = make_desk(network, "editor").user, make_desk(network, "analyst").user
    counts = []
    for number in (1, 8):
        for each in range(number):
            publish(first, second, titles={"en": f"Invented {each}"}, country="COL")
        with CaptureQueriesContext(connection) as queries:
            assert ask(WSGIHandler(), "/en/countries/COL/").status == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_kept_page_is_made_anew_when_a_condition_is_published_or_withdrawn(
    settings: Settings, tmp_path: Path, db: None, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.DATA_DIR = tmp_path
    network = make_institution(kind="network")
    first, second = make_desk(network).user, make_desk(network, "analyst").user
    now = [0.0]
    cache = make_cache(tmp_path / "releases", clock=lambda: now[0])
    address = "/en/countries/COL/conditions/"
    before = ask(cache, address).text

    with django_capture_on_commit_callbacks(execute=True):
        made = publish(first, second, titles={"en": TITLE}, country="COL")
    now[0] = 2.0
    published = ask(cache, address).text
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_condition(first, made.pk)
    now[0] = 4.0

    assert TITLE not in before
    assert TITLE in published
    assert TITLE not in ask(cache, address).text


def test_programs_get_what_is_published(condition: None, client: Client) -> None:
    answer = client.get("/api/conditions/COL").json()

    assert [each["titles"] for each in answer["conditions"]] == [{"en": TITLE}]
    assert answer["conditions"][0]["kind"]["labels"]["es"] == "Resolución judicial"
    assert answer["conditions"][0]["stages"][0] == {"stage": "tabled", "date": "2024-03"}
    for country in ("XXX", "unknown", "col", "C%00L"):
        refused = client.get(f"/api/conditions/{country}")
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown-country")
