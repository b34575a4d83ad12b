"""Every figure says what it counts, of which release, by which query, and gives its data: looked for on every page."""

import csv
import io
import json
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from amparo.portal.recompute.reading import ReadFigure, read_figures
from amparo.statistics.models import Release
from tests.portal.reading import read_number

# What is not crawled: terms without figures, files, what is private, and questions of readers without end.
NOT_CRAWLED = ("/vocabularies/", "/account/", "/desk/", "/report/", "/table.", "/chart.", "/embed", "/api/")
IN_EACH_LANGUAGE = (
    "",
    "countries/",
    "countries/COL/",
    "explore/?rows=act&columns=sex",
    "reports/women/",
    "compare/?dataset=cpj&countries=BRA,COL,MEX",
)


@pytest.fixture(scope="module")
def crawled() -> dict[str, str]:
    """The pages that were found, filled by the first test that crawls: address → HTML."""
    return {}


def crawl(client: Client) -> dict[str, str]:
    """Every public page in English that can be reached from the first by links."""
    found: dict[str, str] = {}
    waiting = ["/en/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
        links = {link.partition("#")[0] for link in html.fromstring(found[address]).xpath("//a/@href")}
        waiting += [link for link in links if link.startswith("/en/") and is_page(link)]
    return found


def is_page(link: str) -> bool:
    path, _, query = link.partition("?")
    asks_much = query and not query.startswith(("dataset=", "countries="))
    return path.endswith("/") and not asks_much and "explore/?" not in link and not any(n in link for n in NOT_CRAWLED)


def figures_of(client: Client, crawled: dict[str, str]) -> list[ReadFigure]:
    if not crawled:
        crawled.update(crawl(client))
    return [figure for page, text in crawled.items() for figure in read_figures(page, text)]


def test_it_works(release: Release, client: Client, crawled: dict[str, str]) -> None:
    figures = figures_of(client, crawled)

    pages = {urlsplit(address).path for address in crawled}
    assert pages >= {
        f"/en/{each}/" for each in ("countries", "reports", "reports/lgbtqi", "compare", "methods", "about")
    }
    assert len([each for each in pages if each.startswith("/en/countries/")]) > 100
    assert len({figure.page for figure in figures}) > 100
    assert len(figures) > 500


def test_every_figure_on_every_page_has_all_four(release: Release, client: Client, crawled: dict[str, str]) -> None:
    lacking = [
        (figure.page, figure.caption)
        for figure in figures_of(client, crawled)
        if not all(
            (
                figure.links.definitions,
                figure.links.releases,
                figure.links.explore,
                figure.links.queries,
                figure.links.data,
                figure.links.citations,
            )
        )
    ]

    assert lacking == []


def test_every_link_below_a_figure_leads_somewhere(release: Release, client: Client, crawled: dict[str, str]) -> None:
    figures = figures_of(client, crawled)

    anchors = set(html.fromstring(client.get("/en/methods/").content.decode()).xpath("//@id"))
    for links in (figure.links for figure in figures):
        assert {urlsplit(each).fragment for each in links.definitions} <= anchors
        for address in (*links.releases, *links.explore, *links.queries, *links.data, *links.citations):
            try:
                resolve(urlsplit(address).path)
            except Resolver404:
                pytest.fail(address)


def shown_in(figure: ReadFigure, column: int) -> Counter[int]:
    """The numbers above zero in a column: a year without records is a row of the page, and none of the data."""
    cells = [cells[column] for _heading, cells in figure.rows] + ([figure.totals[column]] if figure.totals else [])
    return Counter(number for cell in cells if (number := read_number(cell)))


def given_by(rows: list[dict[str, object]], measure: str) -> Counter[int]:
    return Counter(int(str(row[measure])) for row in rows if row[measure] not in (None, "", 0, "0"))


def numbers_of(figure: ReadFigure, place: int) -> Counter[int]:
    if len(figure.questions) > 1:
        return shown_in(figure, place)
    return sum((shown_in(figure, column) for column in range(len(figure.columns))), Counter())


def check_links(figure: ReadFigure, client: Client) -> None:
    """Ask for everything below `figure`, and compare the numbers."""
    csvs = [each for each in figure.links.data if ".csv" in each]
    jsons = [each for each in figure.links.data if ".json" in each]
    assert len(csvs) == len(jsons) == len(figure.questions)
    # Rates are computed from what the links give, and the populations: test_compare_page.py has them.
    for place, question in enumerate(() if figure.per_million else figure.questions):
        shown = numbers_of(figure, place)
        told = client.get(csvs[place]).content.decode("utf-8-sig")
        in_csv = given_by(list(csv.DictReader(io.StringIO(told))), question.measure)
        in_json = given_by(client.get(jsons[place]).json()["cells"], question.measure)
        by_program = given_by(client.get(figure.links.queries[place]).json()["cells"], question.measure)
        # A table beside a whole shows those of its rows only that the first column has.
        assert shown <= in_csv if place else shown == in_csv, (figure.page, figure.caption, place)
        assert in_csv == in_json == by_program
        explored = client.get(figure.links.explore[place])
        assert explored.status_code == 200
        tables = list(read_figures("explore", explored.content.decode()))
        everything = sum((shown_in(tables[0], column) for column in range(len(tables[0].columns))), Counter())
        assert shown <= everything, (figure.page, figure.caption)
    for address in (*figure.links.releases, *figure.links.citations):
        assert client.get(address).status_code == 200


def test_what_the_links_give_is_what_is_shown(release: Release, client: Client, crawled: dict[str, str]) -> None:
    figures = figures_of(client, crawled)

    chosen = [each for each in figures if "/countries/" not in each.page] + figures[::25]
    for figure in chosen:
        check_links(figure, client)
    assert len(chosen) > 50


@pytest.mark.parametrize("page", IN_EACH_LANGUAGE)
@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_it_is_so_in_each_language(language: str, page: str, release: Release, client: Client) -> None:
    address = f"/{language}/{page}"

    figures = list(read_figures(address, client.get(address).content.decode()))

    assert figures
    for figure in figures:
        assert all((figure.links.definitions, figure.links.releases, figure.links.explore, figure.links.data))
    check_links(figures[-1], client)


def test_a_figure_stays_citable_when_a_later_release_comes(release: Release, client: Client) -> None:
    address = f"/en/releases/{release.identifier}/table.csv?dataset=cpj&rows=year&sex=female"
    before = client.get(address).content
    release.pk, release.identifier = None, "2099-1"
    release.save()

    assert client.get(address).content == before
    assert b"2099-1" not in before


def test_a_table_can_be_cited_with_its_query(release: Release, client: Client) -> None:
    query = "dataset=cpj&rows=year&sex=female"

    bibtex = client.get(f"/en/releases/{release.identifier}/table.bib?{query}").content.decode()
    (csl,) = json.loads(client.get(f"/en/releases/{release.identifier}/table.csl?{query}").content)

    assert f"url = {{http://testserver/en/releases/{release.identifier}/table.bib?{query}}}" in bibtex
    assert "title = {Victims by year: Female}" in bibtex
    assert release.manifest_sha256 in bibtex
    assert csl["URL"].endswith(query)
    assert csl["container-title"] == release.title
    assert csl["version"] == release.identifier
    other = client.get(f"/en/releases/{release.identifier}/table.csl?dataset=cpj&rows=year").json()
    assert other[0]["id"] != csl["id"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("dataset=nothing", 400),
        ("dataset=cpj&rows=name", 400),
        ("dataset=cpj&rows=year&colour=red", 400),
        ("dataset=cpj&rows=year&sex=Female", 400),
        ("dataset=cpj&rows=area", 404),
        ("dataset=cpj&rows=year&columns=year", 404),
        ("dataset=cpj&rows=%00", 400),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json", "bib", "csl"])
def test_what_is_not_published_is_not_given(
    form: str, asked: str, status: int, release: Release, client: Client
) -> None:
    answer = client.get(f"/en/releases/{release.identifier}/table.{form}?{asked}")

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")


def test_there_is_no_other_form_and_no_other_release(release: Release, client: Client) -> None:
    assert client.get(f"/en/releases/{release.identifier}/table.sqlite?dataset=cpj").status_code == 404
    assert client.get("/en/releases/1999-1/table.csv?dataset=cpj").status_code == 404
