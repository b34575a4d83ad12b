"""What is counted and by what, defined in each language, at the addresses that figures lead to."""

import csv
import io

import pytest
from django.test import Client
from lxml import html

from amparo.portal.methods import DEFINITIONS
from amparo.statistics.dimensions import MEASURES
from amparo.statistics.published import PUBLISHED


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_it_works(language: str, db: None, client: Client) -> None:
    page = html.fromstring(client.get(f"/{language}/methods/").content.decode())

    for code in (*MEASURES, *PUBLISHED, "rate"):
        (term,) = page.xpath(f"//dt[@id='{code}']")
        assert term.text_content().strip()
        assert len(term.getnext().text_content().strip()) > 20


def test_every_published_dimension_is_defined() -> None:
    assert set(DEFINITIONS) == set(PUBLISHED)


def test_definitions_lead_to_the_vocabularies(db: None, client: Client) -> None:
    page = html.fromstring(client.get("/en/methods/").content.decode())

    links = [link for link in page.xpath("//dd/a/@href") if "/vocabularies/" in link]
    assert len(links) > 8
    assert {client.get(link).status_code for link in links} == {200}


def test_the_populations_can_be_taken_away(db: None, client: Client) -> None:
    answer = client.get("/en/methods/populations.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert {"country", "year", "population"} <= rows[0].keys()
