from collections import Counter

import pytest
from django.test import Client
from lxml import html

from amparo.statistics.models import Release
from amparo.statistics.releases import NotPublished, OpenRelease, TableQuery
from amparo.vocabularies.catalogue import get_vocabulary
from tests.portal.reading import read_number, read_tables
from tests.published import published_facts


def test_it_works(release: Release, client: Client) -> None:
    page = client.get("/en/countries/COL/").content.decode()

    by_year = read_tables(page)["Victims by year"]
    leaders = Counter(
        str(draft.date.start.year) for draft in published_facts()["colombia-social-leaders"] if draft.date
    )
    place = sorted(published_facts()).index("colombia-social-leaders")
    assert {year: read_number(by_year[year][place]) for year in leaders} == leaders
    assert html.fromstring(page).xpath("//h1")[0].text_content() == "Colombia"


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("rows", ["sex", "profile", "perpetrator", "age_band", "area"])
def test_its_tables_are_the_published_ones(language: str, rows: str, opened: OpenRelease, client: Client) -> None:
    page = html.fromstring(client.get(f"/{language}/countries/COL/").content.decode())

    for dataset in opened.datasets:
        section = page.xpath(f"//section[@aria-labelledby='dataset-{dataset}']")[0]
        shown = [each for each in section.xpath(".//table") if f"{dataset}-{rows}" in table_chart(each)]
        try:
            table = opened.read(TableQuery(dataset, "victims", rows, None, {"country": "COL"}))
        except NotPublished:
            # Withheld: too little of it could be shown.
            assert shown == []
            continue
        if set(table.row_codes) <= {"unknown"}:
            assert shown == []
            continue
        cells = [read_number(cell.text_content().strip()) for cell in shown[0].xpath(".//td")]
        assert sorted(cells[:-1], key=str) == sorted((table.value(code) for code in table.row_codes), key=str)
        assert cells[-1] == table.total


def table_chart(table: html.HtmlElement) -> str:
    """The identifier of the chart that `table` stands behind."""
    figure = next(table.iterancestors("figure"))
    return str(figure.xpath(".//*[local-name()='svg' and @role='img']/@aria-labelledby")[0])


def test_datasets_are_never_added_up(release: Release, client: Client) -> None:
    by_year = read_tables(client.get("/en/countries/COL/").content.decode())["Victims by year"]

    assert {len(cells) for cells in by_year.values()} == {len(published_facts())}


def test_a_country_that_no_list_names_is_not_said_to_be_safe(release: Release, client: Client) -> None:
    page = client.get("/en/countries/LIE/")

    assert page.status_code == 200
    assert "That does not mean that nothing happened." in page.content.decode()


@pytest.mark.parametrize("code", ["XXX", "C%00L", "unknown", "COLOMBIA", "ÇOL"])
def test_what_is_no_country_has_no_page(code: str, release: Release, client: Client) -> None:
    assert client.get(f"/en/countries/{code}/").status_code == 404


def test_a_code_in_small_letters_is_understood(release: Release, client: Client) -> None:
    answer = client.get("/en/countries/col/")

    assert (answer.status_code, answer["Location"]) == (301, "/en/countries/COL/")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_list_names_every_country_that_was_published(language: str, opened: OpenRelease, client: Client) -> None:
    page = client.get(f"/{language}/countries/").content.decode()

    (table,) = read_tables(page).values()
    names = get_vocabulary("countries").terms
    for place, dataset in enumerate(opened.datasets):
        published = opened.read(TableQuery(dataset, "victims", "country"))
        for code in published.row_codes:
            assert read_number(table[names[code].label(language)][place]) == published.value(code)


def test_a_dataset_that_names_no_victim_in_a_country_does_not_say_that_there_was_none(
    opened: OpenRelease, client: Client
) -> None:
    (table,) = read_tables(client.get("/en/countries/").content.decode()).values()

    assert table["Afghanistan"][opened.datasets.index("colombia-social-leaders")] == "–"


def test_what_a_figure_needs_said_is_said_once_a_page(release: Release, client: Client) -> None:
    page = html.fromstring(client.get("/en/countries/COL/").content.decode())

    notes = [each.text_content() for each in page.xpath("//main//p[@class='quiet']")]
    assert any(note.startswith("“Not shown”") for note in notes)
    assert len(notes) == len(set(notes))


def test_a_table_of_which_nothing_is_shown_has_no_chart(release: Release, client: Client) -> None:
    page = html.fromstring(client.get("/en/countries/FRA/").content.decode())

    for figure in page.xpath("//figure[@class='chart']"):
        cells = {cell.text_content() for cell in figure.xpath(".//tbody/tr[not(@class)]/td")}
        assert bool(figure.xpath("./*[local-name()='svg']")) == (cells != {"not shown"})


def test_terms_lead_to_their_definitions(release: Release, client: Client) -> None:
    links = set(html.fromstring(client.get("/es/countries/COL/").content.decode()).xpath("//main//td/../th/a/@href"))

    assert "/es/vocabularies/sex/female/" in links
    assert {client.get(address).status_code for address in links} == {200}
