"""An NHRI documents the dismissal of a member and a cut of its budget, in a real browser, in English and in Arabic."""

import logging
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.reprisals.models import NhriProfile, Reprisal, YearFigures
from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.conftest import OpenPage
from tests.leaks import find_leaks, find_leaks_in_database
from tests.searching import find_plain

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MEMBER = "Invented Zorvinelda Quastimor"
STORY = "Invented: the plumtarquine decree was read out at the gate."


@pytest.fixture
def profile(transactional_db: None) -> NhriProfile:
    founded = make_institution("invented-commission")
    make_member(founded, "invented-focal-point")
    profile = NhriProfile.objects.create(
        institution=founded.institution,
        kept_by=founded.institution,
        country="XDM",
        names={"en": "Invented Commission", "ar": "لجنة متخيَّلة"},
    )
    for year, amount, whole in ((2025, "1000000", "1000000000"), (2026, "600000", "1050000000")):
        YearFigures.objects.create(
            profile=profile, year=year, amount=amount, government_amount=whole, currency="KES", staff=40
        )
    return profile


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_dismissal_and_a_budget_cut_are_documented(
    profile: NhriProfile,
    live_server: LiveServer,
    open_page: OpenPage,
    language: str,
    width: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    page = open_page(f"/{language}/account/sign-in/", width=width)
    sign_in(page, language)

    page.goto(f"/{language}/desk/reprisals/")
    check_page(page)
    page.click("main .steps a[href$='/desk/reprisals/new/']")
    follow(page.locator("main .steps a[href$='/what/']"))
    check_page(page)
    page.check("input[name=what-forms][value=undue-dismissal]")
    page.check("input[name=what-forms][value=budget-cut]")
    page.fill("[name=what-date-year]", "2026")
    page.select_option("[name=what-because_of_mandate]", "yes")
    go_on(page, "undue-dismissal")
    check_page(page)
    page.select_option("[name=undue-dismissal-seat]", "nhri-chairperson")
    page.fill("[name=undue-dismissal-date-year]", "2026")
    page.fill("[name=undue-dismissal-term_ends-year]", "2028")
    page.check("input[name=undue-dismissal-departures][value=removed-by-decree]")
    page.fill("[name=undue-dismissal-procedure_done]", STORY)
    go_on(page, "budget-cut")
    check_page(page)
    assert page.input_value("[name=budget-cut-amount_after]").startswith("600000")
    page.fill("[name=budget-cut-amount_after]", "٦٠٠٬٠٠٠" if language == "ar" else "600,000")
    go_on(page, "who")
    check_page(page)
    page.fill("[name=who-name_0]", MEMBER)
    page.select_option("[name=who-sex_0]", "female")
    go_on(page, "after")
    check_page(page)
    page.check("input[name=after-consequences][value=work-reduced]")
    go_on(page, "check")
    check_page(page)
    assert MEMBER in page.inner_text("main")
    page.locator("main form .steps button[type=submit]").click()
    page.wait_for_url("**/desk/cases/*/reprisal/")
    check_page(page)
    assert STORY in page.inner_text("main")

    page.goto(f"/{language}/desk/reprisals/")
    check_page(page)
    assert page.locator("main tbody tr").count() == 1
    page.goto(f"/{language}/desk/nhris/")
    check_page(page)
    follow(page.locator("main tbody a"))
    check_page(page)
    assert page.locator("main .mark-urgent").count() == 1
    page.goto(f"/{language}/desk/reprisals/report/")
    check_page(page)

    assert find_leaks(Path(settings.DATA_DIR), [MEMBER, STORY]) == []
    assert find_plain(caplog.text.encode(), [MEMBER, STORY]) == []
    page.context.close()


@pytest.fixture(autouse=True)
def _nothing_in_the_database(profile: NhriProfile) -> object:
    """The browser's loop keeps the database out of reach while it is open: it is searched before and after."""
    assert not Reprisal.objects.exists()
    yield
    assert find_leaks_in_database([MEMBER, STORY]) == []


def go_on(page: Page, step: str) -> None:
    """Send the step that is shown; the next one must come."""
    page.locator("main form .steps button[type=submit]:not([name])").click()
    page.wait_for_url(f"**/{step}/")


def sign_in(page: Page, language: str) -> None:
    page.fill("input[name=username]", "invented-focal-point")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")
