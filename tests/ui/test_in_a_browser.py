"""What only a browser can tell: forms arrive, pages fit a narrow screen, and axe finds no barrier."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.factories import PASSWORD, make_institution, make_member
from tests.journeys.barriers import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ("", "about/", "releases/", "vocabularies/", "vocabularies/acts/killing/", "account/sign-in/", "not/there/")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def member(live_server: LiveServer) -> str:
    return make_member(make_institution(), "invented-focal-point").username


@pytest.fixture
def open_page(live_server: LiveServer, member: str, chromium: str) -> Iterator[OpenPage]:
    """Opens a path at some width, in light or dark. Started last: its loop must not be there before the data."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_page(path: str, width: int = 1280, colours: str = "light") -> Page:
            page = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=colours, base_url=live_server.url
            ).new_page()
            page.goto(path)
            return page

        yield open_page
        browser.close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    follow(page.locator("main button[type=submit]"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_works(open_page: OpenPage, member: str, language: str) -> None:
    page = open_page(f"/{language}/account/sign-in/")

    sign_in(page, member, PASSWORD)

    assert page.url.endswith(f"/{language}/desk/")
    follow(page.locator("header ~ main form button").first)
    assert page.url.endswith(f"/{language}/")


def test_a_wrong_password_is_said_and_the_name_is_kept(open_page: OpenPage, member: str) -> None:
    page = open_page("/fr/account/sign-in/")

    sign_in(page, member, "not-the-password")

    assert page.locator("[role=alert]").is_visible()
    assert page.input_value("[name=username]") == member
    assert page.input_value("[name=password]") == ""


def test_the_keyboard_reaches_the_content_first(open_page: OpenPage) -> None:
    page = open_page("/en/about/")

    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    page.keyboard.press("Tab")
    shown = page.locator(":focus").bounding_box()
    page.keyboard.press("Enter")

    assert shown is not None
    assert shown["y"] >= 0
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("language", "width", "colours"), [("en", 1280, "light"), ("ar", 360, "dark")])
def test_there_is_no_barrier(open_page: OpenPage, language: str, width: int, colours: str) -> None:
    page = open_page(f"/{language}/", width, colours)
    for path in PATHS:
        page.goto(f"/{language}/{path}")

        found = Axe().run(page, options={"runOnly": list(RULES)}).response["violations"]

        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_nothing_sticks_out_of_a_narrow_screen(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/", 360)
    for path in PATHS:
        page.goto(f"/{language}/{path}")

        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert beyond == 0, path
