"""A focal point reads published reports, makes a signal of one, and plays the past again: in a browser, by keyboard."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.models import User
from amparo.warning.models import MediaItem, Signal
from tests.factories import PASSWORD, make_channel, make_incident, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.test_protection_plan import browser_of, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FEED = """<rss version="2.0"><channel><title>Invented Gazette</title>
<item><title>Invented: a bill is tabled</title><link>https://gazette.example/bill</link></item>
<item><title>Invented: other news</title><link>https://gazette.example/other</link></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item></channel></rss>"""
TABLE = "title,link\nGood,https://gazette.example/good\nBad,javascript:alert(1)\n"


@pytest.fixture
def user(live_server: LiveServer) -> User:
    founded = make_institution()
    make_channel(founded)
    for year in range(2014, 2020):
        make_incident(founded, date=f"{year}-01-05", acts=("killing",))
    for day in range(1, 6):
        make_incident(founded, date=f"2019-03-0{day}", acts=("killing",))
    make_incident(founded, date="2019-12-01")
    return make_member(founded, "invented-person-of-nhri")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_a_feed_to_a_signal_and_back_into_the_past(
    live_server: LiveServer, chromium: str, user: User, language: str, width: int, tmp_path: Path
) -> None:
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        page.goto(f"/{language}/account/sign-in/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"**/{language}/desk/**")
        read_reports(page, language, tmp_path)
        play(page, language)
    signal = Signal.objects.get()
    assert (signal.origin, signal.kind) == ("media", "bill")
    assert MediaItem.objects.get(title="Invented: a bill is tabled").signal == signal
    assert MediaItem.objects.filter(is_put_aside=True).count() == 0


def read_reports(page: Page, language: str, folder: Path) -> None:
    page.goto(f"/{language}/desk/warning/media/")
    check_page(page)
    page.goto(f"/{language}/desk/warning/media/new/")
    page.set_input_files("[name=file]", folder / "table.csv")
    follow(page.locator("main form[enctype] button"))
    assert page.locator("[role=alert]").count() == 1
    check_page(page)
    page.set_input_files("[name=file]", folder / "feed.xml")
    page.click("main form[enctype] button")
    page.wait_for_url(re.compile(r"/media/$"))
    assert page.locator("main tbody tr").count() == 2
    check_page(page)
    page.locator("tr", has_text="other news").locator("button[value=yes]").click()
    page.wait_for_url(re.compile(r"/media/\?aside=\d+$"))
    check_page(page)
    page.click("main .notice button[value=no]")
    page.wait_for_url(re.compile(r"/media/$"))
    page.locator("tr", has_text="a bill is tabled").locator("a[href$='/signal/']").click()
    page.wait_for_url(re.compile(r"/media/\d+/signal/$"))
    check_page(page)
    page.select_option("[name=kind]", "bill")
    send(page)
    page.wait_for_url(re.compile(r"/signals/\d+/$"))
    assert "https://gazette.example/bill" in page.inner_text("main")


def play(page: Page, language: str) -> None:
    page.goto(f"/{language}/desk/warning/backtest/")
    check_page(page)
    page.fill("[name=first]", "1900-01")
    send(page)
    assert page.locator("[role=alert]").count() == 1
    page.fill("[name=first]", "")
    send(page)
    page.wait_for_url(re.compile(r"/backtest/[\w-]+/$"))
    assert page.locator("#raised ~ .table-scroll tbody tr").count() == 1
    check_page(page)
