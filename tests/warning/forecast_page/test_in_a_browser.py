"""The next months by keyboard, on a wide and a narrow screen, in both directions of reading; axe finds no barrier."""

import re
import shutil

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.cases.models import Dataset
from amparo.institutions.models import User
from amparo.warning.forecast_page.forecasting import read_kept
from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page
from tests.journeys.test_protection_plan import browser_of, send
from tests.warning.forecast_page.test_forecast_pages import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def user(live_server: LiveServer) -> User:
    shutil.rmtree(django_settings.DATA_DIR / "forecasts", ignore_errors=True)
    founded = make_institution()
    fill(founded)
    return make_member(founded, "invented-person-of-nhri")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_it_works(live_server: LiveServer, chromium: str, user: User, language: str, width: int) -> None:
    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        page.goto(f"/{language}/account/sign-in/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"**/{language}/desk/**")
        page.goto(f"/{language}/desk/warning/forecast/")
        check_page(page)
        send(page)
        page.wait_for_url(re.compile(r"/forecast/[\w-]+/$"))
        check_page(page)
        drawn = page.locator("figure.chart > svg").count()
        check_pictures(page)
        open_all(page)
        check_page(page)
        rows = page.locator("#countries ~ details tbody tr").count()
    outlook = read_kept(user, Dataset.objects.get(code="invented-list"))
    assert outlook is not None
    assert drawn == len(outlook.countries) > 0
    assert rows == sum(len(each.months) for each in outlook.countries)


def open_all(page: Page) -> None:
    """Tables and reasons, by keyboard."""
    for summary in page.locator("main details > summary").all():
        summary.press("Enter")
    assert page.locator("main details:not([open])").count() == 0


def check_pictures(page: Page) -> None:
    """Every word of a picture lies within it."""
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("figure.chart > svg")].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll("text")].filter(text => {
                const its = text.getBoundingClientRect();
                return its.left < frame.left - 8 || its.right > frame.right + 8;
            }).map(text => text.textContent);
        })"""
    )
    assert beyond == []
