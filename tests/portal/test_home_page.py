from collections import Counter

import pytest
from django.test import Client
from lxml import html

from amparo.cases.drafts import IncidentDraft
from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from amparo.vocabularies.catalogue import get_vocabulary
from tests.portal.reading import HIDDEN, read_number, read_tables
from tests.published import published_facts

TITLES = {
    "en": ("Victims by country", "Victims by year"),
    "fr": ("Victimes par pays", "Victimes par année"),
    "es": ("Víctimas por país", "Víctimas por año"),
    "ar": ("الضحايا حسب البلد", "الضحايا حسب السنة"),
}


def test_it_works(release: Release, client: Client) -> None:
    answer = client.get("/en/")

    page = html.fromstring(answer.content.decode())
    assert page.xpath("//*[local-name()='svg' and contains(@class, 'map')]")
    assert release.title in page.text_content()
    for address in ("/en/explore/", "/en/countries/", "/en/vocabularies/", f"/en/releases/{release.identifier}/"):
        assert address in page.xpath("//main//a/@href")


def test_each_dataset_is_a_series_of_its_own_as_its_list_counts(release: Release, client: Client) -> None:
    table = read_tables(client.get("/en/").content.decode())["Victims by year"]

    for place, dataset in enumerate(release_datasets(release)):
        facts = published_facts()[dataset]
        counted = Counter(year_of(draft) for draft in facts) + Counter(Total=len(facts))
        shown = {year: read_number(cells[place]) for year, cells in table.items()}
        assert shown["Total"] == len(facts)
        assert {year: number for year, number in shown.items() if year in counted and number is not None} == {
            year: number for year, number in counted.items() if table[year][place] != HIDDEN
        }


def year_of(draft: IncidentDraft) -> str:
    """The year of what happened, where the date allows one only."""
    years = {draft.date.earliest.year, draft.date.latest.year} if draft.date else set()
    return str(*years) if len(years) == 1 else "Not known"


def release_datasets(release: Release) -> list[str]:
    return sorted(published_facts())


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("dataset", ["", "cpj", "global-witness", "colombia-social-leaders"])
def test_the_map_shows_what_was_published(language: str, dataset: str, opened: OpenRelease, client: Client) -> None:
    page = client.get(f"/{language}/", {"dataset": dataset} if dataset else {}).content.decode()

    published = opened.read(TableQuery(dataset or "global-witness", "victims", "country"))
    names = get_vocabulary("countries").terms
    shown = read_tables(page)[TITLES[language][0]]
    for code in published.row_codes:
        assert read_number(shown[names[code].label(language)][0]) == published.value(code)
    assert len(shown) == len(published.row_codes) + 1


def test_a_year_outside_of_a_dataset_is_neither_zero_nor_hidden(release: Release, client: Client) -> None:
    table = read_tables(client.get("/en/").content.decode())["Victims by year"]

    first = release_datasets(release).index("colombia-social-leaders")
    assert table["1995"][first] == "–"


def test_a_dataset_that_there_is_not_has_no_page(release: Release, client: Client) -> None:
    assert client.get("/en/?dataset=colombia").status_code == 404


def test_every_country_on_the_map_leads_to_its_page(release: Release, client: Client) -> None:
    page = html.fromstring(client.get("/ar/").content.decode())

    links = page.xpath("//*[local-name()='svg']//*[local-name()='a']/@href")
    assert len(links) > 50
    assert {client.get(address).status_code for address in links[::8]} == {200}
