"""Reports on groups of defenders: what the lists say of them, what they do not, and nothing added."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.utils import translation
from lxml import html
from pytest_django import DjangoAssertNumQueries

from amparo.portal.reports.groups import GROUPS
from amparo.portal.reports.printing import print_report
from amparo.portal.reports.writing import write_report
from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from tests.portal.pdf_reading import read_pdf_text
from tests.portal.reading import ask, make_cache, read_number, read_tables
from tests.published import published_facts

TITLES = {
    "women": "Women human rights defenders",
    "environmental": "Environmental defenders",
    "lgbtqi": "LGBTQI+ defenders",
}


def chapters_of(page: str) -> Mapping[str, html.HtmlElement]:
    """The part of each dataset."""
    found = html.fromstring(page).xpath("//section[starts-with(@aria-labelledby, 'dataset-')]")
    return {each.get("aria-labelledby").removeprefix("dataset-"): each for each in found}


def tables_of(chapter: html.HtmlElement) -> dict[str, dict[str, list[str]]]:
    found = read_tables(html.tostring(chapter, encoding="unicode"))
    return {caption.partition(" · ")[0]: rows for caption, rows in found.items()}


def test_it_works(release: Release, client: Client) -> None:
    page = client.get("/en/reports/women/").content.decode()

    women = {
        dataset: sum(victim.sex == "female" for draft in drafts for victim in draft.victims)
        for dataset, drafts in published_facts().items()
    }
    chapters = chapters_of(page)
    assert set(chapters) == set(women)
    for dataset, chapter in chapters.items():
        totals = tables_of(chapter)["Victims: this group beside all"]["Total"]
        assert (read_number(totals[0]), read_number(totals[2])) == (women[dataset], len(published_facts()[dataset]))


@pytest.mark.parametrize("code", GROUPS)
def test_each_shows_its_group_beside_all_victims(code: str, opened: OpenRelease, client: Client) -> None:
    page = client.get(f"/en/reports/{code}/").content.decode()

    assert html.fromstring(page).xpath("string(//h1)") == TITLES[code]
    group = GROUPS[code]
    for dataset, chapter in chapters_of(page).items():
        by_year = tables_of(chapter).get("Victims by year", {})
        counted = opened.read(TableQuery(dataset, rows="year", where={group.dimension: group.code}))
        whole = opened.read(TableQuery(dataset, rows="year"))
        for year in (code for code in whole.row_codes if code.isdigit() and by_year):
            assert [read_number(cell) for cell in by_year[year]] == [counted.value(year), whole.value(year)]


def test_it_says_what_is_not_known(release: Release, client: Client) -> None:
    cpj = chapters_of(client.get("/en/reports/women/").content.decode())["cpj"]

    assert "Of 566 more victims the sex is not known." in cpj.text_content()


def test_it_says_in_words_how_many(release: Release, client: Client) -> None:
    chapters = chapters_of(client.get("/en/reports/women/").content.decode())

    said = "81 women are among the 424 victims of this dataset: 19%."
    assert said in " ".join(chapters["colombia-social-leaders"].text_content().split())


def test_who_is_not_recorded_is_not_said_to_be_safe(release: Release, client: Client) -> None:
    cpj = chapters_of(client.get("/en/reports/lgbtqi/").content.decode())["cpj"]

    assert "records no defender of LGBTQI+ people" in cpj.text_content()
    assert "That does not mean that none was attacked" in cpj.text_content()
    assert set(tables_of(cpj)) == {"Victims: this group beside all"}


def test_each_dataset_says_what_it_covers(release: Release, opened: OpenRelease, client: Client) -> None:
    chapters = chapters_of(client.get("/en/reports/environmental/").content.decode())

    for dataset, chapter in chapters.items():
        assert opened.about(dataset)["coverage"]["en"] in " ".join(chapter.text_content().split())


def test_countries_in_which_none_is_recorded_are_left_out(opened: OpenRelease, client: Client) -> None:
    chapters = chapters_of(client.get("/en/reports/women/").content.decode())

    shown = tables_of(chapters["cpj"])["Victims by country"]
    recorded = opened.read(TableQuery("cpj", rows="country", where={"sex": "female"})).row_codes
    assert len(shown) == len(recorded) + 1


@pytest.fixture
def row(release: Release) -> Release:
    """The release as it is read from the database."""
    return Release.objects.get()


@pytest.fixture
def bare(opened: OpenRelease) -> OpenRelease:
    """The same release as if the tables by one dimension were withheld."""
    left = copy(opened)
    left._row_groups = {key: place for key, place in opened._row_groups.items() if len(key[1]) != 1}
    return left


@pytest.mark.parametrize("code", GROUPS)
def test_tables_that_are_withheld_are_named(code: str, bare: OpenRelease, row: Release) -> None:
    written = write_report(GROUPS[code], bare)

    assert {chapter.figures for chapter in written.chapters} == {()}
    assert all("withheld" in chapter.missing[0] for chapter in written.chapters)
    assert "This table is withheld" in read_pdf_text(print_report(written, row))


def test_there_is_no_other_report(release: Release, client: Client) -> None:
    assert client.get("/en/reports/men/").status_code == 404
    assert client.get("/en/reports/men.pdf").status_code == 404


@pytest.mark.parametrize("page", ["reports/", "reports/women/", "reports/women.pdf"])
def test_without_a_release_it_says_what_to_do(page: str, db: None, client: Client) -> None:
    assert b"./amparo release" in client.get(f"/en/{page}").content


@pytest.mark.parametrize(("page", "queries"), [("reports/", 1), ("reports/women/", 2), ("reports/women.pdf", 2)])
def test_the_database_is_hardly_asked(
    page: str, queries: int, opened: OpenRelease, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(queries):
        client.get(f"/en/{page}")


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "Women human rights defenders", "not shown"),
        ("fr", "Défenseuses des droits humains", "non affiché"),
        ("es", "Defensoras de derechos humanos", "no se muestra"),
        ("ar", "المدافعات عن حقوق الإنسان", "غير معروض"),
    ],
)
def test_the_pdf_reads_in_each_language(
    language: str, title: str, word: str, opened: OpenRelease, row: Release
) -> None:
    with translation.override(language):
        written = write_report(GROUPS["women"], opened)
        printed = print_report(written, row)

    text = read_pdf_text(printed)
    for figure in (figure for chapter in written.chapters for figure in chapter.figures):
        for shown in figure.table.rows:
            assert all(" ".join(cell.split()) in text for cell in shown.cells)
    for said in (title, word, row.identifier, row.manifest_sha256[:16]):
        assert said in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pdf_is_tagged_for_those_who_listen(
    language: str, opened: OpenRelease, row: Release, tmp_path: Path
) -> None:
    with translation.override(language):
        (tmp_path / "report.pdf").write_bytes(print_report(write_report(GROUPS["women"], opened), row))

    with pikepdf.open(tmp_path / "report.pdf") as document:
        assert document.Root.Lang == language
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert any("Amiri" in each for each in fonts) == (language == "ar")


def test_the_same_release_gives_the_same_pdf(opened: OpenRelease, row: Release) -> None:
    written = write_report(GROUPS["lgbtqi"], opened)

    assert print_report(written, row) == print_report(written, row)


def test_the_pdf_is_kept_for_all_readers(release: Release) -> None:
    application = make_cache(release.folder.parent)

    first = ask(application, "/en/reports/lgbtqi.pdf", HTTP_ACCEPT_ENCODING="br")
    second = ask(application, "/en/reports/lgbtqi.pdf", HTTP_ACCEPT_ENCODING="br")

    assert first.status == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.wire == second.wire
    assert first.wire.startswith(b"%PDF")


def test_what_is_said_in_a_report_is_never_read_as_an_order(opened: OpenRelease, row: Release) -> None:
    order = '#panic("read") $x$ *bold* `code` // @label'
    written = write_report(GROUPS["women"], opened)
    chapter = written.chapters[0]
    spoilt = replace(chapter, dataset=replace(chapter.dataset, title=order, coverage=order))

    printed = print_report(replace(written, chapters=(spoilt,)), row)

    assert order in read_pdf_text(printed)
