"""What every page has in each language: direction, ways to move about, the other languages, clear errors."""

import re
from importlib import import_module

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import translation
from lxml import html

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr", "es", "ar")
NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربيّة"}
PAGES = ("home", "explore", "country-list", "vocabulary-list", "release-list", "about", "sign-in")


def fail(request: object) -> None:
    raise RuntimeError("invented")


urlpatterns = [path("fail/", fail), *import_module("amparo.config.urls").urlpatterns]


def read(client: Client, address: str, status: int = 200) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == status, address
    return html.document_fromstring(response.content.decode())


def address_of(page: str, language: str) -> str:
    with translation.override(language):
        return reverse(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_it_works(client: Client, page: str, language: str) -> None:
    document = read(client, address_of(page, language))

    assert document.get("lang") == language
    assert document.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert len(document.findall(".//h1")) == 1
    assert document.findtext(".//title").strip().endswith("· Amparo")
    assert not document.findtext(".//title").strip().startswith("·")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_skip_link_is_first_and_leads_to_the_content(client: Client, language: str) -> None:
    document = read(client, address_of("about", language))

    first = document.find("body").find(".//a")
    assert first.get("class") == "skip"
    assert document.get_element_by_id(first.get("href").removeprefix("#")).tag == "main"


def test_the_menu_marks_where_the_reader_is(client: Client) -> None:
    document = read(client, address_of("about", "fr"))

    here = [link for link in document.xpath("//header//nav//a") if link.get("aria-current") == "page"]
    assert [link.get("href") for link in here] == [address_of("about", "fr")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_switch_keeps_page_and_query(client: Client, language: str) -> None:
    query = "?rows=year&columns=sex&country=COL"

    document = read(client, address_of("explore", language) + query)

    switch = document.xpath("//nav[@class='languages']//a")
    assert [link.text for link in switch] == list(NAMES.values())
    assert [(link.get("lang"), link.get("hreflang")) for link in switch] == [(code, code) for code in LANGUAGES]
    assert [link.get("href") for link in switch] == [address_of("explore", code) + query for code in LANGUAGES]
    assert [link.get("lang") for link in switch if link.get("aria-current")] == [language]
    assert {
        link.get("hreflang"): link.get("href") for link in document.xpath("//link[@rel='alternate' and @hreflang]")
    } == {code: address_of("explore", code) + query for code in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there_helps_on_in_the_readers_language(client: Client, language: str) -> None:
    document = read(client, f"/{language}/nothing/here/?x=1", status=404)

    with translation.override(language):
        assert document.findtext(".//h1") == translation.gettext("There is no page at this address")
    assert document.get("lang") == language
    assert address_of("explore", language) in [link.get("href") for link in document.xpath("//main//a")]
    assert [link.get("href") for link in document.xpath("//nav[@class='languages']//a")] == [
        f"/{code}/nothing/here/?x=1" for code in LANGUAGES
    ]


def test_outside_of_the_languages_the_switch_leads_home(client: Client) -> None:
    document = read(client, "/nothing", status=404)

    assert [link.get("href") for link in document.xpath("//nav[@class='languages']//a")] == [
        f"/{code}/" for code in LANGUAGES
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_speak_without_a_request(template: str, language: str) -> None:
    with translation.override(language):
        document = html.document_fromstring(render_to_string(template))

    assert document.get("lang") == language
    assert [link.get("href") for link in document.xpath("//nav[@class='languages']//a")] == [
        f"/{code}/" for code in LANGUAGES
    ]


def test_a_form_from_elsewhere_is_refused_with_a_page_that_helps() -> None:
    response = Client(enforce_csrf_checks=True).post(address_of("sign-in", "es"), {"username": "x", "password": "y"})

    document = html.document_fromstring(response.content.decode())
    assert response.status_code == 403
    assert document.get("lang") == "es"
    assert "CSRF" not in document.text_content()


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_a_fault_of_ours_is_admitted_in_four_languages() -> None:
    response = Client(raise_request_exception=False).get("/fail/")

    document = html.document_fromstring(response.content.decode())
    assert response.status_code == 500
    assert [part.get("lang") for part in document.xpath("//main//*[@lang]")] == list(LANGUAGES)
    assert "invented" not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: Client, page: str) -> None:
    document = read(client, address_of(page, "ar"))

    assert document.xpath("//style | //script[not(@src)]") == []
    assert document.xpath("//@style | //@*[starts-with(name(), 'on')]") == []
    fetched = document.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    assert fetched
    assert all(address.startswith("/static/") for address in fetched)


def test_other_sites_are_told_nothing_and_our_own_forms_are_known_as_ours(client: Client) -> None:
    response = client.get(address_of("sign-in", "en"))

    # Under "no-referrer" browsers send forms with "Origin: null", and Django refuses them.
    assert response["Referrer-Policy"] == "same-origin"
    assert html.document_fromstring(response.content.decode()).xpath("//meta[@name='referrer']") == []


@pytest.mark.parametrize("page", PAGES)
def test_headings_go_down_one_step_at_a_time(client: Client, page: str) -> None:
    document = read(client, address_of(page, "en"))

    levels = [int(each.tag[1]) for each in document.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("page", PAGES)
def test_each_field_has_its_label(client: Client, page: str) -> None:
    document = read(client, address_of(page, "en"))

    fields = document.xpath("//input[not(@type='hidden')] | //select | //textarea")
    labelled = {label.get("for") for label in document.iter("label")}
    assert all(field.get("id") in labelled for field in fields)


def test_a_table_says_what_it_is_and_what_its_cells_belong_to() -> None:
    rows = [{"heading": "<Women>", "cells": ["1,234"]}, {"heading": "Total", "cells": ["not shown"], "is_total": True}]
    table = {"caption": "Victims by sex", "row_heading": "Sex", "columns": ["Victims"], "rows": rows}

    document = html.fragment_fromstring(render_to_string("ui/components/table.html", {"table": table}).strip())

    region = document if document.get("role") == "region" else document.find(".//*[@role='region']")
    assert region.get("tabindex") == "0"
    assert region.get("aria-label") == "Victims by sex"
    assert document.findtext(".//caption") == "Victims by sex"
    assert [each.get("scope") for each in document.iter("th")] == ["col", "col", "row", "row"]
    assert [each.text for each in document.iter("th")] == ["Sex", "Victims", "<Women>", "Total"]
    assert [each.get("class") for each in document.iter("td")] == ["number", "number"]


def test_pages_of_a_list_keep_the_query() -> None:
    class Paginator:
        num_pages = 3

    class Page:
        number = 2
        paginator = Paginator()
        has_previous = has_next = True
        previous_page_number, next_page_number = 1, 3

    request = RequestFactory().get("/en/desk/?status=verified&page=2")

    shown = render_to_string("ui/components/pagination.html", {"page": Page()}, request=request)

    assert re.findall(r'href="\?([^"]+)"', shown) == ["status=verified&amp;page=1", "status=verified&amp;page=3"]
