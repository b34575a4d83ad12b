"""The list in a real browser: by keyboard, on a telephone, from right to left, and without scripts."""

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.models import User
from amparo.institutions.services import Founded
from tests.factories import PASSWORD, make_incident
from tests.journeys.barriers import check_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Inventedname Mohamed"


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def sign_in(page: Page, username: str, language: str) -> None:
    page.set_default_timeout(120_000)
    page.goto(f"/{language}/account/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"/{language}/desk/")


def test_cases_are_found_by_name_changed_and_given_back(
    live_server: LiveServer, founded: Founded, member: User, chromium: str
) -> None:
    found = make_incident(founded, name="محمد", country="COL").pk
    make_incident(founded, name="Invented Person", country="COL")
    username = member.username

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        options = {"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}}
        page = browser.new_context(**options, java_script_enabled=False).new_page()
        sign_in(page, username, "en")
        page.fill("[name=name]", NAME.rpartition(" ")[2])
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/?found=*")
        assert page.locator("tbody tr").count() == 1
        assert "Mohamed" not in page.url
        assert page.locator(f"a[href$='/desk/cases/{found}/']").count() == 1
        page.check("[name=which][value=all]")
        page.select_option("#bulk-kind", "close")
        page.click(".with-these .steps button >> nth=0")
        page.wait_for_url("**/cases/change/")
        assert "This is 1 case" in page.inner_text("main")
        page.click("form[action$='/change/do/'] button")
        page.wait_for_selector("text=Undo: give 1 case back")
        assert page.locator("tbody").inner_text().count("Closed") == 1
        page.click("text=Undo: give 1 case back")
        page.wait_for_selector("text=1 case is again as it was")
        assert page.locator("tbody").inner_text().count("Open") == 1
        for width, language in ((360, "ar"), (1280, "en")):
            page = browser.new_context(**options | {"viewport": {"width": width, "height": 900}}).new_page()
            sign_in(page, username, language)
            check_page(page)
            page.goto(f"/{language}/desk/?country=COL&act=killing&words=2020")
            check_page(page)
            for address in ("cases/names/", "cases/searches/", "?country=GTM"):
                page.goto(f"/{language}/desk/{address}")
                check_page(page)
        browser.close()
