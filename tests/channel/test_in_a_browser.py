"""The reporter's whole story in a browser without scripts; and with them, that no page has a barrier."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.channel.reporting import STORY
from tests.factories import make_channel, make_institution
from tests.journeys.barriers import check_page, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHOTO = {"name": "invented-photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 invented bytes"}
OpenBrowser = Callable[..., Page]


@pytest.fixture(autouse=True)
def _plain_names_of_files(settings: Settings) -> None:
    """The test server serves files by the names that they have in the packages, not by those with a hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture
def receiver(live_server: LiveServer) -> str:
    make_channel(make_institution("invented-other"))
    return make_channel(make_institution("invented-receiver")).institution.code


@pytest.fixture
def open_browser(live_server: LiveServer, receiver: str, chromium: str) -> Iterator[OpenBrowser]:
    """A fresh window at some width. Started last: its loop must not be there before the data."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_browser(width: int, *, scripts: bool, colours: str = "light") -> Page:
            context: BrowserContext = browser.new_context(
                viewport={"width": width, "height": 800},
                java_script_enabled=scripts,
                color_scheme=colours,
                base_url=live_server.url,
            )
            return context.new_page()

        yield open_browser
        browser.close()


def begin(page: Page, language: str, receiver: str, about: str) -> None:
    page.goto(f"/{language}/report/")
    page.select_option("#institution", receiver)
    page.click(f"button[name=about][value={about}]")


@pytest.mark.parametrize(
    ("language", "about"), [("en", "defender"), ("fr", "nhri"), ("es", "defender"), ("ar", "nhri")]
)
def test_a_report_is_sent_answered_to_and_deleted_without_scripts(
    open_browser: OpenBrowser, receiver: str, language: str, about: str
) -> None:
    page = open_browser(360, scripts=False)

    begin(page, language, receiver, about)
    page.set_input_files("#files", [PHOTO])
    page.click("#send button[value=send]")
    assert page.input_value("#what") == ""
    assert "invented-photo.jpg" in page.inner_text(".waiting")
    page.fill("#what", f"{STORY}\n\nA second paragraph.")
    page.press("#when", "Enter")  # keeps, and does not send
    assert page.input_value("#what") == f"{STORY}\n\nA second paragraph."
    follow(page.locator("#send button[value=send]"))
    receipt = page.inner_text(".receipt strong")
    page.reload()
    assert page.inner_text(".receipt strong") == receipt

    page.goto(f"/{language}/report/mailbox/")
    page.fill("#receipt", receipt)
    page.click("button[value=open]")
    page.fill("#text", "An invented message.")
    page.set_input_files("#files", [PHOTO])
    follow(page.locator("button[value=send]"))
    assert "An invented message." in page.inner_text(".message")
    page.fill("#confirmation", page.inner_text("label[for=confirmation]").split()[-1])
    page.click("button[value=delete]")

    page.goto(f"/{language}/report/mailbox/")
    page.fill("#receipt", receipt)
    follow(page.locator("button[value=open]"))
    assert page.locator("#receipt-problem").count() == 1


@pytest.mark.parametrize(
    ("language", "width", "colours", "about"),
    [("en", 360, "light", "defender"), ("ar", 360, "dark", "nhri"), ("fr", 1280, "light", "nhri")],
)
def test_no_page_has_a_barrier_or_is_wider_than_the_screen(
    open_browser: OpenBrowser, receiver: str, language: str, width: int, colours: str, about: str
) -> None:
    page = open_browser(width, scripts=True, colours=colours)

    page.goto(f"/{language}/report/")
    check_page(page)
    begin(page, language, receiver, about)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    check_page(page)
    page.goto(f"/{language}/report/mailbox/")
    check_page(page)
    page.fill("#receipt", "1")
    follow(page.locator("button[value=open]"))
    check_page(page)


def test_the_way_out_is_the_first_thing_that_the_keyboard_reaches_after_the_skip(
    open_browser: OpenBrowser, receiver: str
) -> None:
    page = open_browser(360, scripts=True)
    page.goto("/en/report/")

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.id") == "quick-exit"
