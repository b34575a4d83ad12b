"""Somebody reads the public figures: from the map to a country, to a table of her own, to the file behind it."""

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from amparo.statistics.models import Release
from amparo.statistics.releases import TableQuery, open_release
from tests.journeys.barriers import check_page, follow
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_from_the_map_to_the_file(
    release: Release, open_page: OpenPage, language: str, width: int, tmp_path: Path
) -> None:
    page = open_page(f"/{language}/", width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    check_page(page)

    follow(page.locator(f"a[href$='/{language}/countries/']").first)
    check_page(page)
    follow(page.locator(f"main a[href$='/{language}/countries/COL/']").first)
    check_page(page)
    page.goto(f"/{language}/explore/")
    choose(page, dataset="cpj", rows="year", columns="sex")
    check_page(page)

    published = open_release(release).read(TableQuery("cpj", "victims", "year", "sex"))
    assert in_western_digits(page.locator("main table tfoot td, main table tr:last-child td").last.inner_text()) == str(
        published.total
    )
    page.goto(f"/{language}/releases/{release.identifier}/")
    check_page(page)
    page.goto(f"/{language}/explore/?dataset=cpj&rows=year&columns=sex")
    with page.expect_download() as download:
        page.locator("main a[href*='csv']").first.click()
    saved = tmp_path / "table.csv"
    download.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        assert any(str(published.total) in row for row in csv.reader(file))
    assert {urlsplit(address).hostname for address in asked} == {"localhost"}
    assert page.context.cookies() == []


def test_without_scripts_it_reads_the_same(release: Release, open_page: OpenPage) -> None:
    with_scripts = open_page("/en/explore/?dataset=cpj&rows=year").locator("main table").inner_text()
    page = open_page("/en/explore/", scripts=False)

    choose(page, dataset="cpj", rows="year", columns="")

    assert page.locator("main table").inner_text() == with_scripts


def test_the_language_switch_keeps_the_table(release: Release, open_page: OpenPage) -> None:
    page = open_page("/en/explore/?dataset=cpj&rows=year&columns=sex")

    follow(page.locator("a[hreflang=ar]").first)

    assert page.url.endswith("/ar/explore/?dataset=cpj&rows=year&columns=sex")
    assert page.evaluate("document.documentElement.dir") == "rtl"


def choose(page: Page, **choice: str) -> None:
    """Fill the form of the explore page and send it."""
    for name, value in choice.items():
        page.select_option(f"main [name={name}]", value)
    follow(page.locator("main form button[type=submit]").first)


def in_western_digits(shown: str) -> str:
    """The number without its grouping, whatever digits it is written in."""
    return "".join(str(int(sign)) for sign in shown if sign.isdigit())
