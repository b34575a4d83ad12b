"""Countries beside one another: with what the dataset covers, without a ranking, and with nothing made up."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from pytest_django import DjangoAssertNumQueries

from amparo.statistics.models import Release
from amparo.statistics.releases import OpenRelease, TableQuery
from tests.portal.reading import HIDDEN, read_number, read_tables

ASKED = "/en/compare/?dataset=cpj&measure=victims&countries=MEX,BRA,COL"


def text_of(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("//main")[0].text_content().split())


def test_it_works(opened: OpenRelease, client: Client) -> None:
    by_year = read_tables(client.get(ASKED).content.decode())["Victims by year"]

    for place, country in enumerate(("BRA", "COL", "MEX")):
        published = opened.read(TableQuery("cpj", rows="year", where={"country": country}))
        assert {year: read_number(cells[place]) for year, cells in by_year.items() if year != "Total"} == {
            year: published.value("unknown" if year == "Not known" else year) for year in by_year if year != "Total"
        }
        assert read_number(by_year["Total"][place]) == published.total


def test_countries_stand_in_the_order_of_their_names_whatever_was_asked(release: Release, client: Client) -> None:
    for countries in ("MEX,BRA,COL", "COL,MEX,BRA"):
        page = html.fromstring(client.get(f"/en/compare/?dataset=cpj&countries={countries}").content.decode())
        headings = [each.text_content() for each in page.xpath("(//main//table)[1]/thead//th")[1:]]
        assert headings == ["Brazil", "Colombia", "Mexico"]


def test_the_note_on_coverage_stands_before_the_figures(opened: OpenRelease, client: Client) -> None:
    page = client.get(ASKED).content.decode()

    coverage = opened.about("cpj")["coverage"]["en"]
    assert page.index("Read this before you compare") < page.index("<svg")
    assert coverage in text_of(page)
    assert "What was not reported is not zero." in text_of(page)
    assert "More reports can mean that people are freer to report" in text_of(page)


def test_each_figure_says_by_itself_that_it_is_no_ranking(release: Release, client: Client) -> None:
    blocks = html.fromstring(client.get(ASKED).content.decode()).xpath("//div[@class='sourced']")

    assert len(blocks) >= 2
    assert all("Not a ranking" in block.text_content() for block in blocks)


def test_a_country_that_the_dataset_has_no_record_of_is_marked_and_has_no_numbers(
    release: Release, client: Client
) -> None:
    page = client.get("/en/compare/?dataset=cpj&countries=BRA,COL,LIE").content.decode()

    assert "Liechtenstein: this dataset has no record from there." in text_of(page)
    headings = html.fromstring(page).xpath("//main//thead//th/text()")
    assert "Liechtenstein" not in headings


def test_a_dataset_of_one_country_compares_nothing(release: Release, client: Client) -> None:
    page = client.get("/en/compare/?dataset=colombia-social-leaders&countries=COL,BRA").content.decode()

    assert "covers one country only" in text_of(page)
    assert read_tables(page) == {}


@pytest.mark.parametrize("countries", ["", "COL", "COL,COL", "COL,LIE"])
def test_one_country_is_not_compared(countries: str, release: Release, client: Client) -> None:
    answer = client.get(f"/en/compare/?dataset=cpj&countries={countries}")

    assert answer.status_code == 200
    assert "Choose at least two countries" in text_of(answer.content.decode())
    assert read_tables(answer.content.decode()) == {}


def test_more_than_six_are_not_compared(release: Release, client: Client) -> None:
    page = client.get("/en/compare/?dataset=cpj&countries=AFG,BRA,COL,IRQ,MEX,PHL,SYR").content.decode()

    assert "At most six" in text_of(page)
    assert len(html.fromstring(page).xpath("(//main//table)[1]/thead//th")) == 7


@pytest.mark.parametrize("code", ["XXX", "unknown", "Colombia"])
def test_a_country_that_there_is_not_is_named(code: str, release: Release, client: Client) -> None:
    page = client.get(f"/en/compare/?dataset=cpj&countries=BRA,COL,{code}").content.decode()

    assert f"There is no country “{code.upper()}”" in text_of(page)
    assert "Victims by year" in read_tables(page)


@pytest.mark.parametrize("asked", ["dataset=nothing&countries=BRA,COL", "measure=deaths&countries=BRA,COL"])
def test_what_there_is_not_is_said(asked: str, release: Release, client: Client) -> None:
    answer = client.get(f"/en/compare/?{asked}")

    assert answer.status_code == 400
    assert "There is no" in text_of(answer.content.decode()) or "has no dataset" in text_of(answer.content.decode())


def test_the_form_leads_to_the_one_address_of_a_comparison(release: Release, client: Client) -> None:
    answer = client.get(
        "/en/compare/", {"dataset": "cpj", "measure": "acts", "country": ["MEX", "", "BRA", "BRA", "", ""]}
    )

    assert answer.status_code == 302
    said = parse_qs(urlsplit(answer["Location"]).query)
    assert said == {"dataset": ["cpj"], "measure": ["acts"], "countries": ["MEX,BRA"]}
    page = html.fromstring(client.get(answer["Location"]).content.decode())
    assert page.xpath("//select[@name='country']/option[@selected]/@value") == ["MEX", "BRA", "", "", "", ""][:2]


def test_it_leads_from_a_country_with_that_country_chosen(release: Release, client: Client) -> None:
    links = html.fromstring(client.get("/en/countries/COL/").content.decode()).xpath("//main//a/@href")

    assert "/en/compare/?countries=COL" in links


def test_rates_are_counts_by_the_people_of_that_year(opened: OpenRelease, client: Client) -> None:
    people = {
        (row["country"], row["year"]): int(row["population"])
        for row in csv.DictReader(io.StringIO(client.get("/en/methods/populations.csv").content.decode()))
    }
    table = opened.read(TableQuery("cpj", rows="year", where={"country": "BRA"}))

    rates = read_tables(client.get(ASKED).content.decode())["Victims by year, per million people"]

    for year in ("1992", "2000", "2014"):
        count = table.value(year)
        expected = HIDDEN if count is None else f"{count * 1_000_000 / people['BRA', year]:.2f}".rstrip("0").rstrip(".")
        assert rates[year][0] == expected
    assert HIDDEN in {cells[0] for cells in rates.values()}
    assert "Total" not in rates


def test_rates_come_after_counts_with_what_they_cannot_say(release: Release, client: Client) -> None:
    page = client.get(ASKED).content.decode()

    assert page.index("<caption>Victims by year</caption>") < page.index("per million people</caption>")
    assert "A small country has a high rate after few attacks." in text_of(page)
    assert "World Bank" in text_of(page)


@pytest.mark.parametrize("countries", ["", "BRA,COL", "BRA,COL,IRQ,MEX,PHL,SYR"])
def test_the_database_is_hardly_asked(
    countries: str, opened: OpenRelease, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get(f"/en/compare/?dataset=cpj&countries={countries}")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "dataset": st.sampled_from(["cpj", "global-witness", "cpj ", "\x00"]) | st.text(max_size=8),
            "measure": st.sampled_from(["victims", "acts", "deaths"]) | st.text(max_size=8),
            "countries": st.lists(st.sampled_from(["COL", "bra", "LIE", "unknown", "", "\x00"]), max_size=9).map(
                ",".join
            ),
        },
    )
)
def test_whatever_the_address_asks_there_is_an_answer(release: Release, client: Client, asked: dict[str, str]) -> None:
    assert client.get("/en/compare/", asked).status_code in {200, 400}
