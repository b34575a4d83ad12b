"""The vocabularies on the portal. No test here may touch the database: the files say it all."""

import gzip
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from amparo.vocabularies.catalogue import LANGUAGES, get_vocabulary, vocabulary_codes

MOST_BYTES = 50_000


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client: Client, language: str) -> None:
    page = shown(client, f"/{language}/vocabularies/")

    assert f'<html lang="{language}"' in page
    for code in vocabulary_codes():
        assert f"/{language}/vocabularies/{code}/" in page
        assert get_vocabulary(code).title(language) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_vocabulary_shows_its_tree(client: Client, language: str) -> None:
    for code in vocabulary_codes():
        page = shown(client, f"/{language}/vocabularies/{code}/")

        assert get_vocabulary(code).title(language) in page
        assert len(gzip.compress(page.encode())) <= MOST_BYTES, code
        if code != "areas":
            for term in get_vocabulary(code).terms:
                assert f'href="/{language}/vocabularies/{code}/{term}/"' in page, (code, term)


def test_narrower_terms_stand_under_their_broader_one(client: Client) -> None:
    page = shown(client, "/en/vocabularies/acts/")

    after = page[page.index("/en/vocabularies/acts/misuse-of-law/") :]
    assert after.index("<ul") < after.index("/en/vocabularies/acts/counter-terrorism-law/")
    assert "Use of counter-terrorism or national security law against a defender." in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_term_has_a_page(client: Client, language: str) -> None:
    for code in vocabulary_codes():
        terms = list(get_vocabulary(code).terms)
        for term in terms if len(terms) < 40 else [*terms[:20], terms[-1]]:
            page = shown(client, f"/{language}/vocabularies/{code}/{term}/")
            assert f"<code>{term}</code>" in page


def test_a_term_says_what_it_means_in_all_four_languages(client: Client) -> None:
    page = shown(client, "/fr/vocabularies/acts/enforced-disappearance/")

    term = get_vocabulary("acts").terms["enforced-disappearance"]
    for language in LANGUAGES:
        assert term.label(language) in page
        assert term.definition(language) in page
    assert 'lang="ar" dir="rtl"' in page
    assert "mt4:030103000000" in page
    assert "Disparition" in page
    assert term.source in page


def test_a_term_leads_to_its_broader_and_narrower_ones(client: Client) -> None:
    page = shown(client, "/en/vocabularies/acts/misuse-of-law/")

    assert 'href="/en/vocabularies/acts/judicial-harassment/"' in page
    assert 'href="/en/vocabularies/acts/blasphemy-law/"' in page


def test_a_match_without_a_label_in_the_readers_language_is_shown_in_english(client: Client) -> None:
    page = shown(client, "/ar/vocabularies/sexual-orientation/gay/")

    assert '<span lang="en" dir="auto">Gay</span>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_areas_are_shown_by_country(client: Client, language: str) -> None:
    colombia = get_vocabulary("countries").terms["COL"].label(language)

    assert colombia in shown(client, f"/{language}/vocabularies/areas/")
    of_colombia = shown(client, f"/{language}/vocabularies/areas/COL/")

    assert colombia in of_colombia
    assert "CO-CAU" in of_colombia
    assert "PE-CUS" not in of_colombia


def test_the_longest_list_of_areas_is_a_small_page(client: Client) -> None:
    areas = get_vocabulary("areas")
    longest = max(get_vocabulary("countries").terms, key=lambda country: len(areas.narrower(country)))

    page = shown(client, f"/ar/vocabularies/areas/{longest}/")

    assert len(gzip.compress(page.encode())) <= MOST_BYTES


@pytest.mark.parametrize(
    "path",
    [
        "no-such-vocabulary/",
        "acts/no-such-term/",
        "areas/NOWHERE/",
        "no-such-vocabulary.csv",
        "acts.pdf",
        "acts.exe",
        "../vault/",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_exist_is_not_found(client: Client, language: str, path: str) -> None:
    assert client.get(f"/{language}/vocabularies/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "acts/", "acts/killing/", "acts.csv"])
def test_nothing_can_be_sent_here(client: Client, path: str) -> None:
    assert client.post(f"/en/vocabularies/{path}").status_code == 405


@pytest.mark.parametrize(
    ("form", "content_type", "name"),
    [
        ("csv", "text/csv; charset=utf-8", "amparo-acts.csv"),
        ("json", "application/json", "amparo-acts.json"),
        ("skos", "text/turtle; charset=utf-8", "amparo-acts.ttl"),
    ],
)
def test_a_vocabulary_can_be_taken_away(client: Client, form: str, content_type: str, name: str) -> None:
    response = client.get(f"/en/vocabularies/acts.{form}")

    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "enforced-disappearance" in response.content.decode()


def test_every_vocabulary_can_be_taken_away_in_every_form(client: Client) -> None:
    for code in vocabulary_codes():
        for form in ("csv", "json", "skos"):
            assert client.get(f"/es/vocabularies/{code}.{form}").status_code == 200, (code, form)
    assert json.loads(client.get("/es/vocabularies/areas.json").content)["code"] == "areas"


def test_the_addresses_have_names() -> None:
    with override("fr"):
        assert reverse("vocabulary-list") == "/fr/vocabularies/"
        assert reverse("vocabulary", args=["acts"]) == "/fr/vocabularies/acts/"
        assert reverse("term", args=["acts", "killing"]) == "/fr/vocabularies/acts/killing/"
        assert reverse("vocabulary-download", args=["acts", "csv"]) == "/fr/vocabularies/acts.csv"


def test_pages_need_no_script(client: Client) -> None:
    for path in ("", "acts/", "acts/killing/", "areas/", "areas/COL/"):
        page = shown(client, f"/en/vocabularies/{path}")
        assert "<script" not in page
        assert "style=" not in page
