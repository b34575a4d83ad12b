"""Somebody follows a feed, looks at it, and finds out why it does not come: in a browser, on a telephone too."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from amparo.institutions.models import User
from amparo.warning.models import Feed, MediaItem
from tests.factories import PASSWORD, make_channel, make_institution, make_member
from tests.journeys.barriers import check_page, follow
from tests.journeys.test_protection_plan import browser_of
from tests.warning.media.newspaper import Newspaper, printing_newspaper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def user(live_server: LiveServer) -> User:
    founded = make_institution()
    make_channel(founded)
    return make_member(founded, "invented-person-of-nhri")


@pytest.fixture
def newspaper(settings: Settings) -> Iterator[Newspaper]:
    settings.FEEDS, settings.CAPTURE_PROXY = True, None
    with printing_newspaper() as printing:
        settings.CAPTURE_LOOPBACK_PORTS = frozenset({printing.site.port})
        yield printing


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_from_an_address_to_reports_and_back(
    live_server: LiveServer, chromium: str, user: User, newspaper: Newspaper, language: str, width: int
) -> None:
    with browser_of(live_server, chromium) as open_window:
        page = open_window(width=width)
        page.goto(f"/{language}/account/sign-in/")
        page.fill("input[name=username]", user.username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"**/{language}/desk/**")
        page.goto(f"/{language}/desk/warning/media/")
        follow(page.locator("main a[href$='/media/feeds/']"))
        check_page(page)
        add(page, newspaper.address)
        follow(page.locator("form[action$='/look/'] button"))
        assert "Invented Gazette" in page.inner_text("main .finding")
        check_page(page)
        newspaper.says(404)
        follow(page.locator("form[action$='/look/'] button"))
        assert page.locator("main .finding .mark-urgent").count() == 2
        check_page(page)
        follow(page.locator("button[name=on][value=no]"))
        assert page.locator("form[action$='/look/']").count() == 0
        follow(page.locator("button[name=on][value=yes]"))
        follow(page.locator("a[href$='/remove/']"))
        check_page(page)
        follow(page.locator("main button.grave"))
        page.wait_for_url(re.compile(r"/feeds/$"))
        assert page.locator("main .finding").count() == 0
    assert (Feed.objects.count(), MediaItem.objects.count()) == (0, 2)


def add(page: Page, address: str) -> None:
    follow(page.locator("main a[href$='/feeds/new/']"))
    page.fill("[name=address]", "https://user:word@gazette.example/")
    page.check("[name=understood]")
    follow(page.locator("main form:has([name=address]) button[type=submit]"))
    assert page.locator("[role=alert]").count() == 1
    check_page(page)
    page.fill("[name=address]", address)
    follow(page.locator("main form:has([name=address]) button[type=submit]"))
    page.wait_for_url(re.compile(r"/feeds/$"))
