"""A focal point puts herself into the directory, plans a shift and holds a drill: in English and in Arabic."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.warning.times import this_quarter
from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.conftest import OpenPage
from tests.warning.alerting import make_focal_point

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def _people(transactional_db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    founded = make_institution("invented-commission")
    make_member(founded, "invented-focal-point")
    make_member(founded, "invented-deputy", role="case-worker")
    make_focal_point(make_institution("ganhri", "ganhri"), languages=["en", "fr"])
    make_institution("invented-un-office", "un-office")


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_who_is_on_duty(live_server: LiveServer, open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/{language}/account/sign-in/", width=width)
    sign_in(page, "invented-focal-point")
    page.goto(f"/{language}/desk/warning/")
    look(page, "overview")
    follow(page.locator("main .steps a[href$='/warning/duty/']").first)
    look(page, "directory-empty")
    follow(page.locator("a[href$='/duty/invented-commission/new/']").first)
    look(page, "new")
    page.select_option("[name=time_zone]", "America/Bogota")
    keep(page)
    page.wait_for_selector("h2#channels")
    look(page, "point")
    page.select_option("[name=channel]", "signal")
    page.fill("[name=address]", "555")
    page.locator("form[action$='/channels/'] .steps button").click()
    page.wait_for_selector("[role=alert]")
    look(page, "point-wrong")
    page.fill("[name=address]", "+1 000 000 0002")
    page.locator("form[action$='/channels/'] .steps button").click()
    page.wait_for_selector("button[name=remove]")
    look(page, "point-kept")
    page.goto(f"/{language}/desk/warning/duty/")
    look(page, "directory")

    follow(page.locator("main .steps a[href$='/rota/']").first)
    look(page, "rota-empty")
    follow(page.locator("main .steps a[href$='/rota/new/']").first)
    look(page, "shift-new")
    day = (this_quarter() + timedelta(days=1)).date().isoformat()
    page.fill("[name=starts_at]", f"{day}T23:00")
    page.fill("[name=ends_at]", f"{int(day[:4]) + 1}{day[4:]}T07:00")
    keep(page)
    page.wait_for_selector("[role=alert]")
    look(page, "shift-wrong")
    page.fill("[name=starts_at]", f"{day}T22:00")
    page.fill("[name=ends_at]", f"{day}T23:59")
    keep(page)
    page.wait_for_selector("form[action$='/remove/']")
    look(page, "rota")
    follow(page.locator("form[action$='/remove/'] button").first)
    follow(page.locator("form[action$='/put-back/'] button"))
    page.wait_for_selector("form[action$='/remove/']")

    page.goto(f"/{language}/desk/warning/drills/")
    look(page, "drills-empty")
    page.locator("form[action$='/drills/now/'] button").click()
    page.wait_for_selector("table")
    look(page, "drills")
    follow(page.locator("th[scope=row] a"))
    follow(page.locator("form[action$='/answer/'] button"))
    page.goto(f"/{language}/desk/warning/drills/")
    assert "invented-focal-point" in page.inner_text("table")
    page.goto(f"/{language}/desk/warning/duty/")
    follow(page.locator("th[scope=row] a[href*='/duty/']").first)
    follow(page.locator("a[href$='/leave/']").first)
    look(page, "leave")


def look(page: Page, name: str) -> None:
    check_page(page)
    if folder := os.environ.get("DUTY_PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def keep(page: Page) -> None:
    page.locator("main form:not([action]) .steps button[type=submit]").click()


def sign_in(page: Page, username: str) -> None:
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
