"""A bill is written down, read by a second person, found by everybody: in a real browser, in English and in Arabic."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = {"en": "Invented Bill on Associations", "ar": "مشروع قانون الجمعيات (متخيَّل)"}


@pytest.fixture
def _people(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    founded = make_institution("invented-commission")
    make_member(founded, "invented-editor", role="editor")
    make_member(founded, "invented-analyst", role="analyst")


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_bill_finds_its_readers(live_server: LiveServer, open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/{language}/account/sign-in/", width=width)
    sign_in(page, "invented-editor")
    page.goto(f"/{language}/desk/conditions/")
    check_page(page)
    follow(page.locator("main a[href$='/conditions/new/']"))
    check_page(page)
    page.fill("[name=source_address_0]", "https://gazette")
    save(page)
    page.wait_for_selector("[role=alert]")
    check_page(page)
    page.fill(f"[name=title_{language}]", TITLE[language])
    page.select_option("[name=kind]", "law-association")
    page.select_option("[name=effect]", "restrictive")
    page.fill("[name=date]", "2026-03")
    page.select_option("[name=stage_0]", "tabled")
    page.fill("[name=stage_date_0]", "2026-03-02")
    page.fill("[name=source_address_0]", "https://gazette.invalid.example/1")
    save(page)
    page.wait_for_selector("[name=no_names]")
    check_page(page)
    page.check("[name=no_names]")
    page.locator("form[action$='/send/'] button").click()
    page.wait_for_selector("h2#review")
    page.context.close()

    page = open_page(f"/{language}/account/sign-in/", width=width)
    sign_in(page, "invented-analyst")
    page.goto(f"/{language}/desk/conditions/waiting/")
    check_page(page)
    follow(page.get_by_role("link", name=TITLE[language]))
    check_page(page)
    page.check("[name=no_names]")
    page.locator("form[action$='/approve/'] button").click()
    page.wait_for_selector("a[href$='/withdraw/']")
    check_page(page)
    for place in ("conditions/", "conditions/countries/XDM/"):
        page.goto(f"/{language}/desk/{place}")
        check_page(page)

    page.goto(f"/{language}/countries/XDM/conditions/")
    check_page(page)
    assert TITLE[language] in page.inner_text("main")
    assert page.locator("figure svg rect").count() == 1
    page.context.close()


def save(page: Page) -> None:
    page.locator("main form:not([action]) .steps button[type=submit]").click()


def sign_in(page: Page, username: str) -> None:
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
