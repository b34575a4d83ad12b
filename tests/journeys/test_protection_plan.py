"""A protection plan from request to outcome, for a woman with care duties; and the three clicks of an emergency."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from amparo.protection.models import ProtectionRequest
from amparo.protection.reminding import tell_due
from tests.factories import PASSWORD, make_channel, make_incident, make_institution, make_member
from tests.journeys.barriers import check_page
from tests.journeys.test_report_to_case import temporary_files
from tests.leaks import find_leaks, find_leaks_in_database
from tests.searching import find_plain

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NAME = "Invented Ormelise Quandrovic"
CONTACT = "Invented: by the baker of Tolvarende, after dusk"
THREAT = "Invented voice said fremblatork at night."
CARE = "Invented: two children and her mother, Ysabrunt."
HIDEAWAY = "Invented room above the Drossivel mill."
OBSTACLE = "Invented: no bed was left at Krelomande."
FINDING = "Invented finding: the pamplixor men have gone."
LESSON = "Invented lesson: ask the quorbelline neighbour first."
SECRETS = (NAME, CONTACT, THREAT, CARE, HIDEAWAY, OBSTACLE, FINDING, LESSON)
OpenWindow = Callable[..., Page]


@pytest.fixture
def case(live_server: LiveServer) -> int:
    founded = make_institution("invented-protector")
    make_member(founded, "invented-focal-point")
    make_channel(founded)
    return make_incident(founded, name=NAME, sex="female", gender="woman", profile="land").pk


@contextmanager
def browser_of(server: LiveServer, chromium: str) -> Iterator[OpenWindow]:
    """Opens windows. Inside, the database is out of reach: the browser has a loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_window(*, width: int, scripts: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=server.url
            )
            return context.new_page()

        yield open_window
        browser.close()


def sign_in(page: Page, language: str) -> None:
    page.goto(f"/{language}/account/sign-in/")
    page.fill("input[name=username]", "invented-focal-point")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**/{language}/desk/**")


def send(page: Page) -> None:
    """Press the first button of the page's main form."""
    page.click("main form:has(input[name=token], input[name=version], select) .steps button[type=submit]:not([name])")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_plan_runs_from_request_to_outcome(
    live_server: LiveServer, chromium: str, case: int, language: str, width: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    started = time.time()

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language)
        number = ask_for_protection(page, language, case)
        assess_with_care_duties(page, language, number)
        open_plan_with_measures(page, language, number)
        tick_off_and_give_up(page, language, number)
    assert tell_due() == 0

    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        sign_in(page, language)
        review_and_close(page, language, number)
        closed = page.inner_text("main")

    assert all(words in closed for words in SECRETS)
    request = ProtectionRequest.objects.get()
    assert (request.status, request.outcome, request.attacked_again) == ("closed", "risk-lowered", "no")
    assert sorted(request.plan.measures.values_list("kind", "status")) == [
        ("care", "done"),
        ("relocation", "not-executable"),
    ]
    assert request.assessments.get().has_gender_analysis
    assert_nothing_leaked(caplog, started)


def ask_for_protection(page: Page, language: str, case: int) -> str:
    page.goto(f"/{language}/desk/cases/{case}/protection/")
    check_page(page)
    page.click(f"a[href$='/protection/new/?case={case}']")
    assert page.input_value("[name=name]") == NAME
    assert page.input_value("[name=sex]") == "female"
    check_page(page)
    page.fill("[name=contact]", CONTACT)
    page.select_option("[name=urgency]", "danger-soon")
    page.select_option("[name=consent_asked]", "yes")
    page.select_option("[name=owner]", index=1)
    send(page)
    page.wait_for_url(re.compile(r"/protection/\d+/$"))
    assert NAME in page.inner_text("main")
    check_page(page)
    return page.url.rstrip("/").rpartition("/")[2]


def assess_with_care_duties(page: Page, language: str, number: str) -> None:
    page.goto(f"/{language}/desk/protection/{number}/assess/")
    words = page.locator("[name='why:threat:death-threats']")
    assert not words.is_visible()
    page.check("[name='threat:death-threats']")
    words.fill(THREAT)
    for question in page.locator("fieldset.question").all():
        question.locator("input[value=no]").check()
    page.check("[name=care_duties][value=yes]")
    page.fill("[name='why:care_duties']", CARE)
    page.check("[name='vulnerability:known-routine']")
    page.check("[name='capacity:community']")
    page.select_option("[name=likelihood]", "4")
    page.fill("[name='why:likelihood']", THREAT)
    page.select_option("[name=impact]", "5")
    page.fill("[name='why:impact']", THREAT)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/protection/\d+/$"))
    assert CARE in page.inner_text("main")
    assert page.locator(".mark.level-extreme").count() > 0
    check_page(page)


def open_plan_with_measures(page: Page, language: str, number: str) -> None:
    page.goto(f"/{language}/desk/protection/{number}/plan/")
    check_page(page)
    send(page)
    for kind, what, for_whom in (("relocation", HIDEAWAY, "person"), ("care", CARE, "family")):
        page.goto(f"/{language}/desk/protection/{number}/measures/new/")
        page.select_option("[name=kind]", kind)
        page.fill("[name=what]", what)
        page.select_option("[name=for_whom]", for_whom)
        page.select_option("[name=agreed]", "yes")
        page.fill("[name=cost]", "-1")
        send(page)
        assert page.locator("[name=cost][aria-invalid=true]").count() == 1
        assert page.input_value("[name=what]") == what
        check_page(page)
        page.fill("[name=cost]", "1200")
        page.select_option("[name=currency]", "KES")
        send(page)
        page.wait_for_url(re.compile(r"/protection/\d+/$"))
    page.goto(f"/{language}/desk/protection/due/")
    assert page.locator(f"a[href$='/protection/{number}/']").count() >= 2
    check_page(page)


def tick_off_and_give_up(page: Page, language: str, number: str) -> None:
    page.goto(f"/{language}/desk/protection/{number}/")
    relocation = page.locator("tr", has_text=HIDEAWAY)
    page.locator("tr", has_text=CARE).locator("button[value=done]").click()
    relocation.locator("th a").click()
    page.select_option("[name=status]", "not-executable")
    page.fill("[name=obstacle]", OBSTACLE)
    send(page)
    page.wait_for_url(re.compile(r"/protection/\d+/$"))
    check_page(page)
    for names, seen in (("", False), ("?names=yes", True)):
        page.goto(f"/{language}/desk/protection/{number}/print/{names}")
        assert (NAME in page.inner_text("body")) is seen
        check_page(page)


def review_and_close(page: Page, language: str, number: str) -> None:
    page.goto(f"/{language}/desk/protection/{number}/review/")
    page.select_option("[name=decision]", "wind-down")
    page.fill("[name=reasons]", FINDING)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/protection/\d+/$"))
    page.goto(f"/{language}/desk/protection/{number}/close/")
    page.select_option("[name=outcome]", "risk-lowered")
    page.select_option("[name=attacked_again]", "no")
    page.fill("[name=lessons]", LESSON)
    check_page(page)
    send(page)
    page.wait_for_url(re.compile(r"/protection/\d+/$"))
    check_page(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_emergency_takes_three_clicks_on_a_telephone(
    live_server: LiveServer, chromium: str, case: int, scripts: bool
) -> None:
    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=360, scripts=scripts)
        sign_in(page, "en")
        page.click("nav .desk-links a[href$='/protection/emergency/']")
        if scripts:
            check_page(page)
        page.fill("[name=name]", NAME)
        page.click("[name=measures][value=accompaniment]")
        page.click("main form button[type=submit].grave")
        page.wait_for_url(re.compile(r"/protection/\d+/$"))
        said = page.inner_text("main")

    assert NAME in said
    request = ProtectionRequest.objects.get()
    assert sorted(request.plan.measures.values_list("kind", flat=True)) == ["accompaniment", "contact"]
    assert tell_due() == 2


def test_a_countrys_system_and_its_lists_have_no_barriers(live_server: LiveServer, chromium: str, case: int) -> None:
    with browser_of(live_server, chromium) as open_window:
        for language, width in (("en", 1280), ("ar", 360)):
            page = open_window(width=width)
            sign_in(page, language)
            page.goto(f"/{language}/desk/national-protection/")
            check_page(page)
            page.goto(f"/{language}/desk/national-protection/parts/new/")
            check_page(page)
            page.fill("[name=title]", f"Invented act {language}")
            page.select_option("[name=state]", "in-force")
            page.fill("[name=since]", "2024-05")
            send(page)
            page.wait_for_url("**/country/XDM/")
            page.locator("main a[href$='/consultations/new/']").first.click()
            page.check("[name=groups][value=women-defenders]")
            page.fill("[name=said]", FINDING)
            check_page(page)
            send(page)
            page.wait_for_url("**/country/XDM/")
            assert FINDING in page.inner_text("main")
            check_page(page)
            for address in ("", "indicators/", "due/?owner=all"):
                page.goto(f"/{language}/desk/protection/{address}")
                check_page(page)


def assert_nothing_leaked(caplog: pytest.LogCaptureFixture, since: float) -> None:
    said = caplog.text + "".join(f"{each.subject}{each.body}" for each in mail.outbox)
    assert find_leaks(Path(settings.DATA_DIR), SECRETS) == []
    assert find_leaks_in_database(SECRETS) == []
    assert find_plain(said.encode(), SECRETS) == []
    assert [(path, found) for path, left in temporary_files(since) if (found := find_plain(left, SECRETS))] == []
