"""A case worker looks at the quality of the data, draws a sample and codes it again, in a real browser."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.services import Founded
from amparo.quality.fields import CODED_TWICE
from tests.factories import PASSWORD, make_incident, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.conftest import OpenPage
from tests.leaks import find_leaks

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NAME = "Invented Zorvinelda Quastimor"
STORY = "Invented: the plumtarquine decree was read out at the gate."


@pytest.fixture
def founded(transactional_db: None) -> Founded:
    founded = make_institution("invented-commission")
    make_member(founded, "invented-focal-point")
    for _ in range(2):
        make_incident(founded, name=NAME, narrative=STORY, date="2026-01-01", sex="female", area="CO-CAU")
    return founded


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_sample_is_drawn_and_coded_again(
    founded: Founded, live_server: LiveServer, open_page: OpenPage, language: str, width: int
) -> None:
    page = open_page(f"/{language}/account/sign-in/", width=width)
    page.fill("input[name=username]", "invented-focal-point")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")

    for path in ("", "completeness/", "completeness/?by=month", "delays/", "unusual/", "duplicates/", "agreement/"):
        page.goto(f"/{language}/desk/quality/{path}")
        check_page(page)
    page.fill("[name=size]", "2")
    for code in CODED_TWICE:
        page.set_checked(f"[name=fields_again][value={code}]", code in ("sex", "act"))
    page.locator("main form .steps button").click()
    page.wait_for_url("**/quality/agreement/*/")
    check_page(page)
    for sex in ("female", "male"):
        code_next(page, sex)
    page.wait_for_url("**/quality/agreement/*/")
    check_page(page)
    page.locator("button[name=decision][value=second]").click()
    page.wait_for_url("**#differences")
    check_page(page)
    assert page.locator("a[href$='/document/']").count() == 1

    assert find_leaks(Path(settings.DATA_DIR), [NAME, STORY]) == []
    page.context.close()


def code_next(page: Page, sex: str) -> None:
    """Code the case that is next: as it was, but for its sex."""
    if "/case/" not in page.url:
        follow(page.locator("main .steps a[href$='/next/']").first)
    assert STORY in page.inner_text("main")
    check_page(page)
    page.check("input[name=act][value=killing]")
    page.select_option("[name=sex]", sex)
    follow(page.locator("main form .steps button"))
